// Attempts by a process of its own: with fewer rights than a test has, or another view of the machine.

import { fileURLToPath } from 'node:url';
import type { Netns } from './netns.js';

/** What became of it. */
export interface Attempt {
  attempt: string;
  done?: unknown;
  message: string;
  code?: string;
  call?: string;
  device?: string;
  hint?: string;
}

/** What `fixtures/attempts.ts` says, run in a namespace behind a command such as setpriv. */
export async function attempt(
  netns: Netns,
  names: readonly string[],
  behind: readonly string[] = [],
): Promise<Attempt[]> {
  const said = await netns.inside.must(
    // Where tsx is found.
    ...(['env', `--chdir=${fileURLToPath(new URL('../..', import.meta.url))}`, ...behind] as const),
    ...[process.execPath, '--import', 'tsx'],
    ...[fileURLToPath(new URL('fixtures/attempts.ts', import.meta.url)), ...names],
  );
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Attempt);
}

/** A command that runs another one without these capabilities. */
export const without = (...capabilities: string[]): string[] => {
  const dropped = capabilities.map((name) => `-${name}`).join();
  return ['setpriv', `--bounding-set=${dropped}`, `--inh-caps=${dropped}`];
};
