// host.bridges.vlans: which VLANs pass a port of a bridge that filters them.
import { present } from '../build/present.js';
import { flag, record, wrongType } from '../build/reader.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { AF, RTM } from './netlink/numbers.js';
import { COMPRESSED_VLANS, portVlanMessage, type vlanInfo } from './netlink/port-vlan.js';
import { type Names, ranged, u16 } from './netlink/types.js';
import type { Change } from './operation.js';
import { ofLink } from './own-name.js';
import type { Asking, Rtnetlink } from './rtnetlink.js';
import { ofThere } from './there.js';

/** A VLAN of a port. */
export interface PortVlan {
  /** The VLAN: 1 to 4094. */
  readonly id: number;
  /** Whether what comes in without a tag is in it. */
  readonly pvid: boolean;
  /** Whether it goes out without a tag. */
  readonly untagged: boolean;
}

/** The VLANs of one port. */
export interface PortVlans {
  /** The port, or the bridge itself. */
  readonly link: string;
  /** The VLANs that it is in. */
  readonly vlans: readonly PortVlan[];
}

/** What a VLAN of a port can be told. */
export interface PortVlanOptions {
  /** Whether what comes in without a tag is in it: false if not given. */
  pvid?: boolean;
  /** Whether it goes out without a tag: false if not given. */
  untagged?: boolean;
  /** Whether the link is the bridge itself, whose own traffic it is then. */
  self?: boolean;
}

/** One VLAN, or the first and the last of a range. */
export type VlanRange = number | readonly [first: number, last: number];

type Info = NonNullable<ReturnType<typeof vlanInfo.read>>;

/** The last VLAN that there is. */
export const LAST_VLAN = 4094;
const id = ranged(u16, 1, LAST_VLAN).input;

const optionFields = record<PortVlanOptions>()('a VLAN of a port', {
  pvid: flag,
  untagged: flag,
  self: flag,
});

const range = (value: unknown): readonly [number, number] => {
  if (typeof value === 'number') return [id(value, 'vlan'), id(value, 'vlan')];
  if (!Array.isArray(value) || value.length !== 2) throw wrongType('vlan', value, 'a VLAN or [first, last]');
  const [first, last] = [id(value[0], 'vlan[0]'), id(value[1], 'vlan[1]')];
  if (last < first) throw new RangeError(`vlan: ${first} comes after ${last}`);
  return [first, last];
};

/** The VLANs in a message; undefined when there are none. */
export function readVlans({ payload }: RawMessage, names: Names): PortVlans | undefined {
  const { index, attributes } = portVlanMessage.read(payload, names);
  const infos = attributes.spec?.vlans;
  if (infos === undefined) return undefined;
  return Object.freeze({
    link: attributes.name ?? names.nameOf(index) ?? `#${index}`,
    vlans: expanded(infos),
  });
}

/** Ranges as single VLANs. */
function expanded(infos: readonly Info[]): PortVlan[] {
  const vlans: PortVlan[] = [];
  let first: number | undefined;
  for (const { id: number, flags } of infos) {
    if (flags.includes('rangeBegin')) first = number;
    else {
      for (let vlan = flags.includes('rangeEnd') ? (first ?? number) : number; vlan <= number; vlan++)
        vlans.push(
          Object.freeze({ id: vlan, pvid: flags.includes('pvid'), untagged: flags.includes('untagged') }),
        );
      first = undefined;
    }
  }
  return vlans;
}

function checkedVlan(link: string, vlan: VlanRange, options: PortVlanOptions) {
  deviceArgument(link, 'link');
  const [first, last] = range(vlan);
  const given = optionFields(options, '');
  if (given.pvid && first !== last) throw new RangeError(`pvid: a port has one, not ${first} to ${last}`);
  return { first, last, ...given };
}

function vlanChange(how: 'add' | 'delete', link: string, vlan: VlanRange, options: PortVlanOptions): Change {
  const request = how === 'add' ? RTM.SETLINK : RTM.DELLINK;
  const checked = checking(
    () => ({ action: how, object: `VLAN ${[vlan].flat().join('-')} of '${link}'`, device: link }),
    request,
    () => checkedVlan(link, vlan, options),
  );
  const { first, last, pvid = false, untagged = false, self = false } = checked;
  const flags = [...(pvid ? (['pvid'] as const) : []), ...(untagged ? (['untagged'] as const) : [])];
  const vlans: Info[] =
    first === last
      ? [{ flags, id: first }]
      : [
          { flags: [...flags, 'rangeBegin'], id: first },
          { flags: [...flags, 'rangeEnd'], id: last },
        ];
  const BRIDGE_FLAGS_SELF = 2;
  const words = first === last ? `VLAN ${first}` : `VLANs ${first} to ${last}`;
  return {
    asked: { action: how, object: `${words} of '${link}'`, device: link },
    request,
    write: (names) =>
      portVlanMessage.write({
        type: request,
        header: { family: AF.bridge, index: names.indexOf(link) },
        attributes: { spec: { ...(self && { flags: BRIDGE_FLAGS_SELF }), vlans } },
      }),
    undo: async (kernel) => {
      const [port] = await listVlans(kernel, link);
      const before = port?.vlans ?? [];
      const within = before.filter(({ id: number }) => number >= first && number <= last);
      const restored = within.map(({ id: number, pvid: was, untagged: plain }) =>
        vlanChange('add', link, number, { pvid: was, untagged: plain, self }),
      );
      if (how === 'delete') return restored;
      const previous = before.find((one) => one.pvid);
      return [
        vlanChange('delete', link, [first, last], { self }),
        ...restored,
        ...(pvid && previous
          ? [vlanChange('add', link, previous.id, { pvid: true, untagged: previous.untagged, self })]
          : []),
      ];
    },
  };
}

/** Lets VLANs pass. */
export const addVlan = (link: string, vlan: VlanRange, options: PortVlanOptions = {}): Change =>
  vlanChange('add', link, vlan, options);
/** Lets VLANs pass no more. */
export const deleteVlan = (link: string, vlan: VlanRange, options: { self?: boolean } = {}): Change =>
  vlanChange('delete', link, vlan, options);

const filterFields = record<{ link?: string }>()('a filter of VLANs', { link: deviceArgument });

async function listVlans(kernel: Asking, link?: string): Promise<PortVlans[]> {
  const message = portVlanMessage.write({
    type: RTM.GETLINK,
    flags: NLM.dump,
    header: { family: AF.bridge },
    attributes: { extended: COMPRESSED_VLANS },
  });
  const messages = await kernel.dump(RTM.GETLINK, message, { action: 'list', object: 'VLANs of ports' });
  const all = await kernel.read(messages, readVlans);
  const told = all.filter((one) => one !== undefined);
  return ofLink(kernel, told, link, (one, own) => one.link === own);
}

/**
 * The VLANs of a port, instead of those that it gets as a new one. Those that it has come first and none is taken that it
 * keeps: it may not have left.
 */
export async function restoreVlans(kernel: Asking, port: string): Promise<Change[]> {
  const [told] = await listVlans(kernel, port);
  const changes: Change[] = [];
  const others: VlanRange[] = [];
  let next = 1;
  for (const { id: vlan, pvid, untagged } of told?.vlans ?? []) {
    changes.push(addVlan(port, vlan, { pvid, untagged }));
    if (vlan > next) others.push([next, vlan - 1]);
    next = vlan + 1;
  }
  if (next <= LAST_VLAN) others.push([next, LAST_VLAN]);
  return [...changes, ...others.map((vlans) => deleteVlan(port, vlans))];
}

/** The VLANs of ports, as `bridge vlan` shows and changes them; the bridge must filter VLANs. */
export class PortVlanTable {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /** The VLANs of all ports and bridges, or of one; `bridge vlan show`. Rejects with `ENODEV` when there is no such link. */
  async list(filter: { link?: string } = {}): Promise<PortVlans[]> {
    const asked = { action: 'list', object: 'VLANs of ports', device: filter.link };
    const { link } = checking(
      () => asked,
      RTM.GETLINK,
      () => filterFields(filter, ''),
    );
    return ofThere(this.#kernel, await listVlans(this.#kernel, link), link, asked);
  }

  /**
   * Lets VLANs pass a port; `bridge vlan add vid VLAN dev LINK`.
   *
   * @throws KernelError with code `EOPNOTSUPP` when the kernel has no VLAN filtering or the link is in no bridge.
   *
   * ```ts
   * await host.bridges.vlans.add('vnet0', 10, { pvid: true, untagged: true });
   * await host.bridges.vlans.add('eth1', [10, 19]);
   * ```
   */
  async add(link: string, vlan: VlanRange, options: PortVlanOptions = {}): Promise<void> {
    await this.#kernel.ask(addVlan(link, vlan, options));
  }

  /** Lets VLANs pass no more; `bridge vlan delete vid VLAN dev LINK`. */
  async delete(link: string, vlan: VlanRange, options: { self?: boolean } = {}): Promise<void> {
    await this.#kernel.ask(deleteVlan(link, vlan, present(options)));
  }
}
