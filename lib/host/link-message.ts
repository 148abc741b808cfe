// RTM_NEWLINK as it changes a link that is there: what every link can be told, and what it is told of its kind.
import type { Asked } from './error.js';
import type { LinkChanges } from './link-changes.js';
import { linkMessage } from './netlink/info.js';
import { RTM } from './netlink/numbers.js';
import type { Change } from './operation.js';

/** IFF_… that can be set. */
const settableFlags = { up: 0x1, promiscuous: 0x100 } as const;

/** Flags to be set, and the mask of which are meant. */
export function flagsOf(given: { up?: boolean | undefined; promiscuous?: boolean | undefined }) {
  const names = Object.keys(settableFlags) as (keyof typeof settableFlags)[];
  const meant = names.filter((name) => given[name] !== undefined);
  return {
    flags: meant.filter((name) => given[name]),
    change: meant.reduce((mask, name) => mask | settableFlags[name], 0),
  };
}

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
  const { up, promiscuous, bridgePort: _port, bondMember: _member, ...settings } = changes;
  return {
    asked,
    request: RTM.NEWLINK,
    write: (names) =>
      linkMessage.write(
        {
          type: RTM.NEWLINK,
          header: { index: index ?? names.indexOf(asked.device), ...flagsOf({ up, promiscuous }) },
          attributes: { ...settings, ...portOf(changes) },
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
