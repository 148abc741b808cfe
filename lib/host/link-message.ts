// RTM_NEWLINK as it changes a link that is there: what every link can be told, and what it is told of its kind.
import type { Asked } from './error.js';
import type { LinkChanges } from './link-changes.js';
import { linkMessage } from './netlink/info.js';
import type { LinkFlag } from './netlink/link.js';
import { RTM } from './netlink/numbers.js';
import type { Change } from './operation.js';

/** Which flag each of what a link can be told is, and whether it is set by true. */
const settableFlags = {
  up: ['up', true],
  promiscuous: ['promiscuous', true],
  allMulticast: ['allMulticast', true],
  multicast: ['multicast', true],
  arp: ['noArp', false],
} as const satisfies Record<string, readonly [LinkFlag, boolean]>;

type Switch = keyof typeof settableFlags;
type Switches = { readonly [K in Switch]?: boolean | undefined };

const meantBy = (given: Switches): Switch[] =>
  (Object.keys(settableFlags) as Switch[]).filter((name) => given[name] !== undefined);

/** The flags that are to be set, and those that are meant. */
export function flagsOf(given: Switches): { flags: LinkFlag[]; change: LinkFlag[] } {
  const meant = meantBy(given);
  const set = meant.filter((name) => given[name] === settableFlags[name][1]);
  const flagOf = (name: Switch): LinkFlag => settableFlags[name][0];
  return { flags: set.map(flagOf), change: meant.map(flagOf) };
}

/** How a link with these flags has what is meant. */
export const switchesOf = (flags: readonly LinkFlag[], meant: Switches): Switches =>
  Object.fromEntries(
    meantBy(meant).map((name) => {
      const [flag, on] = settableFlags[name];
      return [name, flags.includes(flag) === on];
    }),
  );

/** Which kind of master is told something of the link. */
const portOf = ({ bridgePort, bondMember }: LinkChanges) =>
  bridgePort
    ? { info: { portKind: 'bridge', port: bridgePort } }
    : bondMember
      ? { info: { portKind: 'bond', port: bondMember } }
      : {};

/** A link that is asked about, by its name or one of its other names. */
export type AskedLink = Asked & { readonly device: string };

/** Tells a link something; by its number where that is given, as its name may be another's by then. */
export function setMessage(asked: AskedLink, changes: LinkChanges, index?: number): Change {
  return {
    asked,
    request: RTM.NEWLINK,
    write: (names) =>
      linkMessage.write(
        {
          type: RTM.NEWLINK,
          header: { index: index ?? names.indexOf(asked.device), ...flagsOf(changes) },
          // Of flags, and of what its master is told, that table has no rows.
          attributes: { ...changes, ...portOf(changes) },
        },
        names,
      ),
  };
}

/** Tells a link something of its kind. */
export const kindMessage = (asked: AskedLink, kind: string, options: object): Change => ({
  asked,
  request: RTM.NEWLINK,
  write: (names) =>
    linkMessage.write(
      {
        type: RTM.NEWLINK,
        header: { index: names.indexOf(asked.device) },
        attributes: { info: { kind, options } },
      },
      names,
    ),
});
