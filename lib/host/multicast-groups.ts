// host.bridges.multicast: which ports of a bridge get the frames of a multicast group.
import { parseIp } from '../build/address/index.js';
import { present, some } from '../build/present.js';
import { type Reader, record, show } from '../build/reader.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { type Asked, KernelError } from './error.js';
import {
  type filterMode,
  group,
  type groupFlags,
  groupMessage,
  groupRequest,
  groupState,
  isMulticastIp,
} from './netlink/mdb.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { AF, RTM } from './netlink/numbers.js';
import { ip, type Names, ranged, u16 } from './netlink/types.js';
import type { Change } from './operation.js';
import { ofLink } from './own-name.js';
import { LAST_VLAN } from './port-vlans.js';
import type { RouteProtocol } from './route.js';
import type { Asking, Rtnetlink } from './rtnetlink.js';
import { ofThere } from './there.js';

/**
 * What is set of a multicast group on a port: MDB_FLAGS_… of linux/if_bridge.h.
 *
 * @useDeclaredType
 */
export type MulticastFlag = NonNullable<ReturnType<typeof groupFlags.read>>[number];

/** A sender of a multicast group that is told apart from others (IGMPv3, MLDv2). */
export interface MulticastSource {
  /** Its IP address. */
  readonly address: string;
  /** Seconds until it is forgotten, where it is. */
  readonly expires?: number;
}

/** A multicast group on a port of a bridge. */
export interface MulticastGroup {
  /** The bridge. */
  readonly bridge: string;
  /** The port that gets its frames; the bridge itself for what this machine has joined. */
  readonly port: string;
  /** Its address: IPv4, IPv6 or MAC. */
  readonly group: string;
  /** The sender whose frames they are; those of all if there is none. */
  readonly source?: string;
  /** The VLAN that it is in. */
  readonly vlan?: number;
  /** `permanent`: until it is deleted; `temporary`: until nobody behind the port asks for it any more. */
  readonly state: NonNullable<ReturnType<typeof groupState.read>>;
  /** Seconds until a temporary one goes, unless it is asked for again. */
  readonly expires?: number;
  /** MDB_FLAGS_… that are set. */
  readonly flags: readonly MulticastFlag[];
  /** Who made it: `kernel` when it was learnt, `static` when it was told. Of the bridge itself, none. */
  readonly protocol?: RouteProtocol;
  /** Whether the frames of `sources` alone are wanted, or all but those; with IGMPv3 or MLDv2. */
  readonly mode?: NonNullable<ReturnType<typeof filterMode.read>>;
  /** The senders that are told apart. */
  readonly sources?: readonly MulticastSource[];
}

/** Which multicast groups are meant. */
export interface MulticastFilter {
  /** Of this bridge only. */
  bridge?: string;
  /** On this port only; the bridge itself for what this machine has joined. */
  port?: string;
}

/** Which of several of the same address on the same port. */
export interface MulticastKey {
  /** The VLAN that it is in; where the bridge filters VLANs, all of the port if not given. */
  vlan?: number;
  /** The sender whose frames they are, IGMPv3 and MLDv2; those of all if not given. */
  source?: string;
}

/** What a multicast group on a port can be told. */
export interface MulticastOptions extends MulticastKey {
  /** `temporary` if not given, as `bridge mdb add` has it; a MAC group has to be permanent, an IP group of the bridge itself temporary. */
  state?: MulticastGroup['state'];
}

const keyRows = { vlan: ranged(u16, 1, LAST_VLAN).input, source: ip.input };
const keyFields = record<MulticastKey>()('a multicast group', keyRows);
const optionFields = record<MulticastOptions>()('a multicast group', { ...keyRows, state: groupState.input });
const filterFields = record<MulticastFilter>()('a filter of multicast groups', {
  bridge: deviceArgument,
  port: deviceArgument,
});

/** The groups in a message, of bridges: a VXLAN tells of its peers in the same way. */
export function readGroups({ payload }: RawMessage, names: Names): MulticastGroup[] {
  const { index, attributes } = groupMessage.read(payload, names);
  const nameOf = (number: number) => names.nameOf(number) ?? `#${number}`;
  const members = (attributes.groups ?? []).flatMap((one) => one.members ?? []);
  return members.flatMap((one) => {
    if (one.group === undefined || one.destination !== undefined) return [];
    const sources = (one.sources ?? []).flatMap(({ address, expires }) =>
      address === undefined
        ? []
        : [Object.freeze({ address, ...present({ expires: expires || undefined }) })],
    );
    return Object.freeze({
      bridge: nameOf(index),
      port: nameOf(one.index),
      group: one.group,
      ...present({ source: one.source, vlan: one.vlan || undefined }),
      state: one.state ?? 'temporary',
      flags: one.flags ?? [],
      ...present({
        expires: one.expires || undefined,
        protocol: one.protocol,
        mode: one.mode,
        sources: some(sources),
      }),
    });
  });
}

/** What identifies one. */
export const groupKey = ({ bridge, port, group: of, source, vlan }: MulticastGroup): string =>
  JSON.stringify([bridge, port, of, source, vlan]);

/** The request for all of them. */
export const allGroups = (): Uint8Array =>
  groupMessage.write({ type: RTM.GETMDB, flags: NLM.dump, header: { family: AF.bridge } });

/** Groups that a filter lets through. */
export async function listGroups(
  kernel: Asking,
  { bridge, port }: MulticastFilter,
): Promise<MulticastGroup[]> {
  const messages = await kernel
    .dump(RTM.GETMDB, allGroups(), { action: 'list', object: 'multicast groups' })
    .catch((error: unknown) => {
      // Kernels before 6.5 know nothing of them until there is a bridge.
      if (error instanceof KernelError && error.code === 'EOPNOTSUPP') return [];
      throw error;
    });
  const read = (await kernel.read(messages, readGroups)).flat();
  // Where a part of the answer ends between a bridge and its first port, the next one begins with the bridge again.
  const all = [...new Map(read.map((one) => [groupKey(one), one])).values()];
  const its = await ofLink(kernel, all, bridge, (one, own) => one.bridge === own);
  return ofLink(kernel, its, port, (one, own) => one.port === own);
}

/** The address of a group, with what else is said of it. */
function checkedGroup(of: string, options: MulticastOptions, fields: Reader<MulticastOptions>) {
  const own = group.input(of, 'group');
  const given = fields(options, '');
  const { source } = given;
  if (source !== undefined) {
    const [sender, wanted] = [parseIp(source), parseIp(own)];
    if (wanted === undefined)
      throw new RangeError(`source: ${show(own)} is a MAC address, and has the frames of all`);
    if (sender?.family !== wanted.family)
      throw new RangeError(`source: ${show(source)} is not of the family of ${show(own)}`);
    if (isMulticastIp(source) || sender.value === 0n)
      throw new RangeError(`source: ${show(source)} is not the address of a sender`);
  }
  return [own, given] as const;
}

const FLAGS = { add: NLM.create | NLM.exclusive, replace: NLM.create | NLM.replace, delete: 0 } as const;

type Request = NonNullable<Parameters<typeof groupRequest.write>[0]['attributes']>;

/** Asks for something of a group on a port. */
const groupChange = (
  how: keyof typeof FLAGS,
  asked: Asked,
  {
    bridge,
    port,
    group: of,
    vlan,
    state,
  }: Pick<MulticastGroup, 'bridge' | 'port' | 'group' | 'vlan' | 'state'>,
  details: Request['details'] = {},
): Change => {
  const request = how === 'delete' ? RTM.DELMDB : RTM.NEWMDB;
  return {
    asked,
    request,
    // That there is none the kernel says without a word.
    ...(how === 'delete' && { needless: 'EINVAL' }),
    write: (names) =>
      groupRequest.write({
        type: request,
        flags: FLAGS[how],
        header: { family: AF.bridge, index: names.indexOf(bridge) },
        attributes: {
          entry: { index: names.indexOf(port), state, flags: [], vlan: vlan ?? 0, group: of },
          ...(Object.keys(details).length > 0 && { details }),
        },
      }),
  };
};

const askedOf = (
  action: string,
  { bridge, port, group: of }: Record<'bridge' | 'port' | 'group', string>,
): Asked => ({
  action,
  object: `multicast group ${of} on '${port}' of '${bridge}'`,
  device: port,
});

/** What the kernel makes by itself, and does not let others say of theirs. */
const unsaid: ReadonlySet<RouteProtocol | undefined> = new Set([
  undefined,
  'unspecified',
  'redirect',
  'kernel',
  'boot',
  'static',
] as const);

/** Puts a group back on its port with all that it had. */
export function restoreGroup(was: MulticastGroup): Change {
  const { source, mode, sources = [], protocol } = was;
  // Kernels before 6.3 know of the source alone.
  const details = present({
    source,
    sources: sources.length > 0 ? { members: sources.map(({ address }) => ({ address })) } : undefined,
    mode: sources.length > 0 ? mode : undefined,
    protocol: unsaid.has(protocol) ? undefined : protocol,
  });
  return { ...groupChange('replace', askedOf('restore', was), was, details), whole: true };
}

function told(
  how: keyof typeof FLAGS,
  bridge: string,
  port: string,
  of: string,
  options: MulticastOptions,
): Change {
  const [own, given] = checking(
    () => askedOf(how, { bridge, port, group: of }),
    how === 'delete' ? RTM.DELMDB : RTM.NEWMDB,
    () => {
      deviceArgument(bridge, 'bridge');
      deviceArgument(port, 'port');
      return checkedGroup(of, options, how === 'delete' ? keyFields : optionFields);
    },
  );
  const { source, vlan, state = 'temporary' } = given;
  const what = { bridge, port, group: own, ...present({ vlan }), state };
  const change = groupChange(how, askedOf(how, what), what, present({ source }));
  return {
    ...change,
    // Without a VLAN it may be told in several, one after the other, and be refused in one of them.
    ...(vlan !== undefined && { whole: true }),
    undo: async (kernel) => {
      const all = await listGroups(kernel, { bridge, port });
      const before = all.filter(
        (one) => one.group === own && one.source === source && (vlan === undefined || one.vlan === vlan),
      );
      const restored = before.map(restoreGroup);
      // It is the same one then, and not one more.
      const known = before.some((one) => one.vlan === vlan);
      return how === 'delete' || known
        ? restored
        : [{ ...deleteMulticast(bridge, port, own, present({ source, vlan })), whole: true }, ...restored];
    },
  };
}

/** Gives a port the frames of a group. */
export const addMulticast = (
  bridge: string,
  port: string,
  of: string,
  options: MulticastOptions = {},
): Change => told('add', bridge, port, of, options);
/** Gives a port the frames of a group, whatever was said of it before. */
export const replaceMulticast = (
  bridge: string,
  port: string,
  of: string,
  options: MulticastOptions = {},
): Change => told('replace', bridge, port, of, options);
/** Gives a port the frames of a group no more. */
export const deleteMulticast = (
  bridge: string,
  port: string,
  of: string,
  options: MulticastKey = {},
): Change => told('delete', bridge, port, of, options);

/** The multicast forwarding tables of bridges, as `bridge mdb` shows and changes them; the bridge must be up and snoop. */
export class MulticastGroups {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All groups, or those of a bridge, or on a port: what was told, and what the bridge has learnt from IGMP and MLD;
   * `bridge mdb show`. Rejects with `ENODEV` when there is no such link.
   *
   * ```ts
   * for (const { port, group, state } of await host.bridges.multicast.list({ bridge: 'br0' }))
   *   console.log(port, group, state);
   * ```
   */
  async list(filter: MulticastFilter = {}): Promise<MulticastGroup[]> {
    const asked = { action: 'list', object: 'multicast groups', device: filter.bridge ?? filter.port };
    const checked = checking(
      () => asked,
      RTM.GETMDB,
      () => filterFields(filter, ''),
    ) as MulticastFilter;
    const all = await listGroups(this.#kernel, checked);
    await ofThere(this.#kernel, all, checked.bridge, asked);
    return ofThere(this.#kernel, all, checked.port, asked);
  }

  /**
   * Gives a port the frames of a group; `bridge mdb add dev BRIDGE port PORT grp GROUP`.
   *
   * @param port the port; the bridge itself for this machine.
   * @param group an IPv4, IPv6 or MAC address of a group.
   * @throws KernelError with code `EEXIST` when it has them, `EINVAL` when the bridge is down or does not snoop, or the
   *   link is no port of it, `EOPNOTSUPP` when it is no bridge.
   *
   * https://docs.kernel.org/networking/bridge.html#multicast
   *
   * ```ts
   * await host.bridges.multicast.add('br0', 'vnet0', '239.1.1.1', { state: 'permanent' });
   * await host.bridges.multicast.add('br0', 'vnet0', 'ff3e::7', { source: '2001:db8::1', vlan: 10 });
   * ```
   */
  async add(bridge: string, port: string, group: string, options: MulticastOptions = {}): Promise<void> {
    await this.#kernel.ask(addMulticast(bridge, port, group, options));
  }

  /**
   * Gives a port the frames of a group, whatever was said of it before; `bridge mdb replace`. Rejects with `EEXIST` when
   * it has them and Linux is older than 6.3.
   */
  async replace(bridge: string, port: string, group: string, options: MulticastOptions = {}): Promise<void> {
    await this.#kernel.ask(replaceMulticast(bridge, port, group, options));
  }

  /** Gives a port the frames of a group no more; `bridge mdb del`. Rejects with `EINVAL` when it did not get them. */
  async delete(bridge: string, port: string, group: string, options: MulticastKey = {}): Promise<void> {
    await this.#kernel.ask(deleteMulticast(bridge, port, group, options));
  }
}
