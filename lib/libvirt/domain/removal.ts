// What becomes of a device that a guest is asked to let go of: the guest answers when it likes to, by an event.
import type { Domain } from './domain.js';
import { follow } from './follow.js';

/** How a removal ended: the guest let go of the device or refuses to, or is not there any more. */
export type Removal = 'removed' | 'refused' | 'stopped';

/** A removal to come. */
export interface RemovalWatch {
  /** Resolves when its end will be heard. */
  readonly ready: Promise<unknown>;
  /** Resolves to how it ended. */
  readonly outcome: Promise<Removal>;
}

/** Hears what a guest does with the device of an alias. */
export function watchRemoval(domain: Domain, alias: string, signal: AbortSignal): RemovalWatch {
  let tell!: (outcome: Removal) => void;
  const told = new Promise<Removal>((resolve) => {
    tell = resolve;
  });
  const followings = [
    follow(domain, 'deviceRemoved', signal, (event) => {
      if (event.alias === alias) tell('removed');
    }),
    follow(domain, 'deviceRemovalFailed', signal, (event) => {
      if (event.alias === alias) tell('refused');
    }),
    follow(domain, 'domainLifecycle', signal, ({ type }) => {
      if (type === 'stopped' || type === 'crashed') tell('stopped');
    }),
  ];
  const outcome = Promise.race([told, ...followings.map(({ ended }) => ended)]);
  outcome.catch(() => {});
  return { ready: Promise.all(followings.map(({ ready }) => ready)), outcome };
}
