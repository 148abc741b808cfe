// What a guest does at the moment, and why.
import {
  virDomainCrashedReason,
  virDomainPausedReason,
  virDomainRunningReason,
  virDomainShutdownReason,
  virDomainShutoffReason,
  virDomainState,
} from '../../native/constants.gen.js';
import { type NameIn, nameIn } from '../names.js';

const reasons = {
  running: virDomainRunningReason,
  paused: virDomainPausedReason,
  shutdown: virDomainShutdownReason,
  shutoff: virDomainShutoffReason,
  crashed: virDomainCrashedReason,
} as const;

/**
 * What a guest does, and why it came to that: `{ state: 'running', reason: 'booted' }`. `shutdown` is on its way to
 * `shutoff`; `unknown` stands for what libvirt does not know, or virtnet does not.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState
 * @useDeclaredType
 */
export type DomainState =
  | {
      [State in keyof typeof reasons]: DomainStateWith<State, NameIn<(typeof reasons)[State]>>;
    }[keyof typeof reasons]
  | DomainStateWith<
      Exclude<NameIn<typeof virDomainState>, keyof typeof reasons | 'nostate'> | 'unknown',
      'unknown'
    >;

/** A state of a guest, and the reasons that it can have. */
export interface DomainStateWith<State, Reason> {
  /** What the guest does. */
  readonly state: State;
  /** Why it came to that. */
  readonly reason: Reason | 'unknown';
}

export function readState([number, reason]: readonly [number, number]): DomainState {
  const name = nameIn(virDomainState, number);
  const state = name === 'nostate' ? 'unknown' : name;
  const table: Readonly<Record<string, number>> =
    state in reasons ? reasons[state as keyof typeof reasons] : {};
  return Object.freeze({ state, reason: nameIn(table, reason) }) as DomainState;
}
