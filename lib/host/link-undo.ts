// What takes back a change of a link: what it was told before, and what went with the change.
import { present } from '../build/present.js';
import { describe } from './device-argument.js';
import { goingWith, labelsAgain } from './leaning.js';
import { type Link, lookUp } from './link.js';
import type { LinkChanges } from './link-changes.js';
import { type AskedLink, kindMessage, setMessage, switchesOf } from './link-message.js';
import type { Rows } from './netlink/attributes.js';
import { type PortKind, portTables } from './netlink/kinds.js';
import { linkRows } from './netlink/link.js';
import type { Change, Undo } from './operation.js';
import type { Asking } from './rtnetlink.js';

/** What a master was told of a link, but for the state that the spanning tree sets. */
function settableOf(kind: PortKind, facts: object | undefined): object | undefined {
  const rows: Rows = portTables[kind].rows;
  const told = Object.entries(facts ?? {}).filter(
    ([key]) => rows[key]?.access === 'settable' && key !== 'state',
  );
  return facts && Object.fromEntries(told);
}

/** What of a link has to be said to make it again what it is. */
function restoring(before: Link, changes: LinkChanges): LinkChanges {
  const port = (now: object | undefined, given: object | undefined) =>
    now && given && Object.fromEntries(Object.keys(given).map((key) => [key, now[key as never]]));
  const facts = { ...before, master: before.master ?? null, alias: before.alias ?? '' };
  return present({
    ...Object.fromEntries(
      Object.keys(changes)
        .filter((key) => key in linkRows)
        .map((key) => [key, facts[key as never]]),
    ),
    ...switchesOf(before.flags, changes),
    // One that has no other port to stand in for it tells of none.
    bridgePort: port(before.bridgePort && { backupPort: null, ...before.bridgePort }, changes.bridgePort),
    bondMember: port(before.bondMember, changes.bondMember),
  }) as LinkChanges;
}

/**
 * Has a bridge that was without the spanning tree go without it before a port comes back: in the tree the port would
 * forward nothing for twice the forward delay.
 */
async function withoutTree(kernel: Asking, { master }: Link): Promise<Change[]> {
  const bridge = master === undefined ? undefined : await lookUp(kernel, master);
  if (bridge?.kind !== 'bridge' || bridge.options.stp !== false) return [];
  const asked = { action: 'restore', object: describe(bridge.name, 'bridge'), device: bridge.name };
  return [kindMessage(asked, 'bridge', { stp: false })];
}

/** What takes back what a link is told. */
export async function undoOfLink(kernel: Asking, before: Link, changes: LinkChanges): Promise<Undo[]> {
  const { name: device, index, master } = before;
  const asked = { action: 'restore', object: describe(device), device };
  // By its number: a name that was refused is that of another link.
  const restore = (to: LinkChanges) => setMessage(asked, to, index);
  const restored = [restore(restoring(before, changes))];
  const moves = changes.master !== undefined && master !== undefined;
  if (moves) {
    // What the master was told of its port goes with it.
    const bridgePort = settableOf('bridge', before.bridgePort);
    const bondMember = settableOf('bond', before.bondMember);
    if (bridgePort ?? bondMember) restored.push(restore(present({ bridgePort, bondMember })));
  }
  const stops = moves || (before.up && changes.up === false);
  return [
    ...(stops ? await withoutTree(kernel, before) : []),
    ...restored,
    ...(changes.name === undefined ? [] : await labelsAgain(kernel, device)),
    ...(await goingWith(kernel, before, changes)),
  ];
}

/** The addresses that a macvlan takes frames from: told as one, and gone when it takes those of others. */
function sourcesAgain(before: Link, asked: AskedLink, changes: object): Change[] {
  if (before.kind !== 'macvlan' && before.kind !== 'macvtap') return [];
  const { mode, macs = [] } = before.options;
  if (mode !== 'source' || !('mode' in changes || 'macAction' in changes)) return [];
  const all = macs.length > 0 ? { macAction: 'set', macs } : { macAction: 'flush' };
  return [kindMessage(asked, before.kind, all)];
}

/** What takes back what a link is told of its kind. */
export const undoOfKind = (before: Link, asked: AskedLink, kind: string, changes: object): Change[] => [
  ...optionsAgain(before, asked, kind, changes),
  ...sourcesAgain(before, asked, changes),
];

function optionsAgain(before: Link, asked: AskedLink, kind: string, changes: object): Change[] {
  const facts: Readonly<Record<string, unknown>> = { ...before.options };
  const restore = (keys: readonly string[]) =>
    kindMessage(asked, kind, Object.fromEntries(keys.map((key) => [key, facts[key]])));
  const same = Object.keys(changes).filter((key) => key in facts);
  if (same.length === 0) return [];
  // Only without the spanning tree may a bridge have any forward delay, and with the tree it gets one of its range.
  const { stp, forwardDelay } = facts;
  const delayed = same.includes('stp') || same.includes('forwardDelay');
  if (stp !== false || forwardDelay === undefined || !delayed) return [restore(same)];
  return [restore(['stp']), restore([...new Set([...same, 'forwardDelay'])])];
}
