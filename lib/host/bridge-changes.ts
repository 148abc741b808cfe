// Changes of bridges and their ports, each a step or a few of those of links.
import { present } from '../build/present.js';
import { flag, list, record } from '../build/reader.js';
import { allLinks } from './all-links.js';
import { checking } from './checking.js';
import { describe, deviceArgument } from './device-argument.js';
import { type Asked, KernelError } from './error.js';
import { restoreFdb, toldFdb } from './fdb.js';
import { type Link, lookUp, notOf } from './link.js';
import { createLink, deleteLink, type LinkChanges, setKind, setLink } from './link-changes.js';
import { setMessage } from './link-message.js';
import { listGroups, restoreGroup } from './multicast-groups.js';
import { type BridgeOptions, type BridgePortOptions, kindTables, portTables } from './netlink/kinds.js';
import { linkRows } from './netlink/link.js';
import { RTM, requestName } from './netlink/numbers.js';
import { device, deviceName, namespace } from './netlink/types.js';
import type { NewLinkSettings } from './new-link.js';
import type { Change } from './operation.js';
import { masterAfter, namesOf, onlyOfPort } from './port-of.js';
import { restoreVlans } from './port-vlans.js';
import type { Asking } from './rtnetlink.js';

const EINVAL = 22;
const EBUSY = 16;

export type { BridgeOptions };

/** A bridge to be made: what a bridge can be told, and what every link can. */
export interface NewBridge
  extends BridgeOptions,
    Pick<NewLinkSettings, 'mac' | 'mtu' | 'alias' | 'group' | 'netns' | 'up'> {
  /** Links to put into it. */
  ports?: readonly string[];
}

const { rows } = kindTables.bridge;
const optionInputs = Object.fromEntries(
  Object.entries(rows)
    .filter(([, { access }]) => access !== 'told')
    .map(([name, { type }]) => [name, type.input]),
);

const newBridge = record<NewBridge>()('a bridge', {
  ...optionInputs,
  mac: linkRows.mac.type.input,
  mtu: linkRows.mtu.type.input,
  alias: linkRows.alias.type.input,
  group: linkRows.group.type.input,
  netns: namespace.input,
  up: flag,
  ports: list(device.input),
} as never);

/** What is asked of a bridge that is to be made, checked. */
export function checkedBridge(name: string, given: NewBridge): NewBridge {
  const checked = checking(
    () => ({ action: 'create', object: `bridge '${name}'`, device: name }),
    RTM.NEWLINK,
    () => {
      deviceName.input(name, 'name');
      return newBridge(given, '');
    },
  ) as NewBridge;
  if (checked.netns !== undefined && (checked.ports ?? []).length > 0) {
    throw new TypeError(
      'ports: a bridge has ports of its own network namespace, and this one goes to another: host.in(netns).bridges.addPort',
    );
  }
  return checked;
}

/** Makes a bridge, with its ports. */
export function createBridge(name: string, given: NewBridge = {}): readonly [Change, ...Change[]] {
  const checked = checkedBridge(name, given);
  const { mac, mtu, alias, group, netns, up, ports = [], ...options } = checked;
  if (name.includes('%') && ports.length > 0)
    throw new TypeError(`name: ${name} is a pattern; a transaction needs the name itself`);
  const settings = present({ mac, mtu, alias, group, netns, up });
  return [
    ...createLink({ kind: 'bridge', name, ...settings, options }),
    ...ports.flatMap((port) => addPort(name, port)),
  ];
}

/** Checks the names of a bridge and of a link that is its port, or is to be. */
export const checkPort = (asked: () => Asked, bridge: string, port: string, path = 'port'): void =>
  checking(asked, RTM.NEWLINK, () => {
    deviceArgument(bridge, 'bridge');
    deviceArgument(port, path);
  });

/** Puts a link into a bridge. */
export function addPort(bridge: string, port: string, options: BridgePortOptions = {}): readonly Change[] {
  const toward = `to '${bridge}'`;
  const asked = () => ({ action: 'add', object: describe(port), toward, device: port });
  checkPort(asked, bridge, port);
  checking(asked, RTM.NEWLINK, () => portTables.bridge.reader('a port of a bridge')(options, 'options'));
  const joining = setLink(port, { master: bridge }, 'add', 'link', toward);
  const join: Change = {
    ...joining,
    check: (kernel, earlier) => refuseOtherMaster(kernel, bridge, port, joining, earlier),
  };
  return Object.keys(options).length === 0
    ? [join]
    : [join, portOfNew(port, { bridgePort: options }, 'port')];
}

/** What a port is told that has just been put where it is: it goes when the port is taken out again. */
const portOfNew = (port: string, told: LinkChanges, kind?: string): Change =>
  onlyOfPort(port, { ...setLink(port, told, 'change', kind), undo: async () => [] }, told);

async function refuseOtherMaster(
  kernel: Asking,
  bridge: string,
  port: string,
  { asked }: Change,
  earlier: readonly Change[],
) {
  const found = await lookUp(kernel, port);
  const master = found && masterAfter(found, earlier);
  if (master === undefined || (await namesOf(kernel, bridge)).includes(master)) return;
  throw new KernelError(asked, {
    errno: EBUSY,
    call: requestName(RTM.NEWLINK),
    detail: `it is in '${master}' already`,
  });
}

/** Changes a link, which may leave its bridge for that. */
export function changeLink(name: string, changes: LinkChanges): readonly [Change, ...Change[]] {
  const { addressGeneration, ...besides } = changes ?? {};
  if (addressGeneration !== undefined && besides.netns === undefined) {
    const action = 'change the address generation of';
    const first = setLink(name, { addressGeneration }, action, 'link', `to ${addressGeneration}`);
    // The kernel sets a link up before it looks at how that is to make addresses.
    return Object.keys(besides).length === 0 ? [first] : [first, ...changeLink(name, besides)];
  }
  const { master, bridgePort, bondMember, ...others } = besides;
  const toward = typeof master === 'string' ? `to a port of '${master}'` : undefined;
  const change = setLink(name, changes, 'change', 'link', toward);
  if (master === undefined) return [onlyOfPort(name, change, changes)];
  // The kernel tells the master that a link has what is told of its port, and only then gives the link another one.
  const told = present({ bridgePort, bondMember });
  if (master === null || Object.keys(told).length === 0)
    return [onlyOfPort(name, withWhatGoes(name, change), changes)];
  const joining = setLink(name, { ...others, master }, 'change', 'link', toward);
  return [withWhatGoes(name, joining), portOfNew(name, told)];
}

/** Has it stand in again for the ports of a bridge that it stands in for. */
async function standingIn(kernel: Asking, port: string, bridge: string): Promise<Change[]> {
  const replaced = (await allLinks(kernel)).filter(
    ({ master, bridgePort }) => master === bridge && bridgePort?.backupPort === port,
  );
  return replaced.map(({ name, index }) =>
    setMessage(
      { action: 'restore', object: describe(name), device: name },
      { bridgePort: { backupPort: port } },
      index,
    ),
  );
}

/**
 * The same, taken back with what goes when a link leaves its bridge: its VLANs, the entries and multicast groups in them,
 * and its place as the backup of other ports.
 */
const withWhatGoes = (name: string, leaving: Change): Change => ({
  ...leaving,
  undo: async (kernel) => {
    const restored = (await leaving.undo?.(kernel)) ?? [];
    const { name: port, master } = (await lookUp(kernel, name)) ?? {};
    const bridge = master === undefined ? undefined : await lookUp(kernel, master);
    if (port === undefined || bridge?.kind !== 'bridge') return restored;
    const entries = await toldFdb(kernel, { link: port });
    const told = entries.filter(({ entry: { master: of, state } }) => of === master && state === 'static');
    // What it has learnt it learns again.
    const groups = (await listGroups(kernel, { port })).filter(({ state }) => state === 'permanent');
    // A kernel without VLAN filtering tells nothing of it.
    const hasVlans = bridge.options.vlanDefaultPvid !== undefined;
    return [
      ...restored,
      ...(hasVlans ? await restoreVlans(kernel, port) : []),
      ...told.map(restoreFdb),
      ...groups.map(restoreGroup),
      ...(await standingIn(kernel, port, bridge.name)),
    ];
  },
});

/** Takes a link out of its bridge. */
export function removePort(bridge: string, port: string): Change {
  const toward = `from '${bridge}'`;
  checkPort(() => ({ action: 'remove', object: describe(port), toward, device: port }), bridge, port);
  const leaving = withWhatGoes(port, setLink(port, { master: null }, 'remove', 'link', toward));
  return {
    ...leaving,
    check: async (kernel, earlier) => {
      const found = await lookUp(kernel, port);
      if (!found) return;
      const master = masterAfter(found, earlier);
      if (master !== undefined && (await namesOf(kernel, bridge)).includes(master)) return;
      const where = master === undefined ? 'in no bridge' : `in '${master}'`;
      throw new KernelError(leaving.asked, {
        errno: EINVAL,
        call: requestName(RTM.NEWLINK),
        detail: `it is ${where}`,
      });
    },
  };
}

/** Changes a bridge. */
export const setBridge = (name: string, options: BridgeOptions): Change => setKind(name, 'bridge', options);

/** Changes a port. */
export function setPort(port: string, options: BridgePortOptions): Change {
  const changes = { bridgePort: options };
  return onlyOfPort(port, setLink(port, changes, 'change', 'port'), changes);
}

/** Deletes a bridge. */
export function deleteBridge(name: string, given: { force?: boolean } = {}): Change {
  const { force = false } = record<{ force?: boolean }>()('a deletion', { force: flag })(given, '');
  const deletion = deleteLink(name, 'bridge');
  const refused = (errno: number, detail: string) =>
    new KernelError(deletion.asked, { errno, call: requestName(RTM.DELLINK), detail });
  return {
    ...deletion,
    check: async (kernel, earlier) => {
      const found = await lookUp(kernel, name);
      if (found && found.kind !== 'bridge') throw refused(EINVAL, notOf(found, 'bridge'));
      if (!found || force) return;
      const ports = await portsAfter(kernel, found, earlier);
      if (ports.length > 0) throw refused(EBUSY, `it has ports: ${ports.join(', ')}`);
    },
  };
}

/** The ports that a bridge has after those changes. */
async function portsAfter(kernel: Asking, bridge: Link, changes: readonly Change[]): Promise<string[]> {
  const names = [bridge.name, ...bridge.altNames];
  const links = await allLinks(kernel);
  return links.filter((link) => names.includes(masterAfter(link, changes) ?? '')).map((link) => link.name);
}
