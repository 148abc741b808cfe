// Which of the two a change is for: what runs, or the configuration for the next start.
import { flag, record } from '../build/reader.js';
import { virDomainModificationImpact } from '../native/constants.gen.js';

/** What is changed: what runs, the configuration, or both. */
export interface Affect {
  /** Change what runs; when it is active, if not given. */
  live?: boolean;
  /** Change the configuration for the next start; when there is one, if not given. */
  config?: boolean;
}

/** The readers of {@link Affect}. */
export const affectFields = { live: flag, config: flag };
export const readAffect = record<Affect>()('a change', affectFields);

/** The halves of a change, in words. */
export type Half = 'live' | 'config';

/** What may run and may have a configuration. */
export interface Affected {
  isActive(): Promise<boolean>;
  isPersistent(): Promise<boolean>;
}

/** The halves that a change is for. */
export async function halves(object: Affected, affect: Affect): Promise<Half[]> {
  const [live, config] = await Promise.all([
    affect.live ?? object.isActive(),
    affect.config ?? object.isPersistent(),
  ]);
  if (!live && !config) throw new RangeError('live, config: nothing is to be changed when both are false');
  return [...(live ? (['live'] as const) : []), ...(config ? (['config'] as const) : [])];
}

// Networks have flags of their own, with the same numbers.
const flags = {
  live: virDomainModificationImpact.LIVE,
  config: virDomainModificationImpact.CONFIG,
} as const satisfies Record<Half, number>;

/** The flags for some halves. */
export function flagsOf(wanted: readonly Half[]): number {
  return wanted.reduce((sum, half) => sum | flags[half], 0);
}

/** The flags for a change; for 'current' what runs, or else the configuration. */
export async function affected(object: Affected, affect: Affect | 'current'): Promise<number> {
  return affect === 'current' ? virDomainModificationImpact.CURRENT : flagsOf(await halves(object, affect));
}
