// One virtual function of a link: what the kernel tells of it, and what it is told.
import { present } from '../build/present.js';
import { flag, type Reader, record, wrongType } from '../build/reader.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { KernelError } from './error.js';
import type { Values } from './netlink/attributes.js';
import type { RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { mac, ranged, u8, u16, u32 } from './netlink/types.js';
import {
  EXTENDED,
  linkState,
  type VirtualFunctionStatistics,
  virtualFunctionMessage,
  type virtualFunctionRows,
  vlanProtocol,
} from './netlink/virtual-function.js';
import type { Change } from './operation.js';
import type { Asking } from './rtnetlink.js';
import type { BusDevice } from './sriov.js';

/** The VLAN that the host puts a virtual function into: its guest sees no tag. */
export interface VirtualFunctionVlan {
  /** The VLAN: 1 to 4094. */
  readonly id: number;
  /** The priority of its frames: 0 to 7. */
  readonly qos: number;
  /** The kind of tag. */
  readonly protocol: '802.1Q' | '802.1ad';
}

/** A virtual function of a link, as the host has set it. What its driver does not know is left out. */
export interface VirtualFunction {
  /** Its number, from 0. */
  readonly index: number;
  /** The MAC address that the host gave it; all zeros for none: its driver makes one up then. */
  readonly mac: string;
  /** The VLAN that it is in; null for none. */
  readonly vlan: VirtualFunctionVlan | null;
  /** Whether frames are dropped that it sends from another MAC address. */
  readonly spoofCheck?: boolean;
  /** Whether its guest may do what concerns others, such as listen to all frames. */
  readonly trust?: boolean;
  /** The cable that it sees: that of the link, or always plugged in or out. */
  readonly linkState?: 'auto' | 'enable' | 'disable';
  /** What it can always send, in Mbit/s; 0: nothing is guaranteed. */
  readonly minTxRate?: number;
  /** The most that it can send, in Mbit/s; 0: as much as there is. */
  readonly maxTxRate?: number;
  /** Whether its guest may ask how packets are spread over queues. */
  readonly rssQuery?: boolean;
  /** What has passed it, when that was asked for. */
  readonly statistics?: VirtualFunctionStatistics;
  /** Its own address on PCI, as in `0000:04:10.0`; what `build.nic.hostdev` takes. */
  readonly device?: string;
  /** The driver that has it: one of the host's, or `vfio-pci` for guests; none has it when that is left out. */
  readonly driver?: string;
  /** The link that it is on the host, while a driver of the host's has it, in this network namespace. */
  readonly link?: string;
}

/** What a virtual function can be told. */
export interface VirtualFunctionSettings {
  /** Its MAC address; all zeros take it away. */
  mac?: string;
  /** The VLAN that it is in, 1 to 4094, maybe with a priority and a kind of tag; null for none. */
  vlan?:
    | number
    | {
        /** The VLAN: 1 to 4094. */
        id: number;
        /** The priority of its frames: 0 to 7, 0 if not given. */
        qos?: number;
        /** The kind of tag: `802.1Q` if not given. */
        protocol?: '802.1Q' | '802.1ad';
      }
    | null;
  /** Whether frames are dropped that it sends from another MAC address. */
  spoofCheck?: boolean;
  /** Whether its guest may do what concerns others, such as listen to all frames. */
  trust?: boolean;
  /** The cable that it sees: that of the link, or always plugged in or out. */
  linkState?: 'auto' | 'enable' | 'disable';
  /** What it can always send, in Mbit/s, together with `maxTxRate`; 0 guarantees nothing. */
  minTxRate?: number;
  /** The most that it can send, in Mbit/s; 0 for as much as there is. */
  maxTxRate?: number;
  /** Whether its guest may ask how packets are spread over queues. */
  rssQuery?: boolean;
}

const ENODEV = 19;
const NO_VLAN: VirtualFunctionVlan = { id: 0, qos: 0, protocol: '802.1Q' };

const vlanFields = record<Exclude<VirtualFunctionSettings['vlan'], number | null | undefined>>()('a VLAN', {
  id: { needed: ranged(u16, 1, 4094).input },
  qos: ranged(u8, 0, 7).input,
  protocol: vlanProtocol.input,
});

const vlan: Reader<VirtualFunctionVlan> = (value, path) => {
  if (value === null) return NO_VLAN;
  if (typeof value === 'number') return { ...NO_VLAN, id: ranged(u16, 1, 4094).input(value, path) };
  if (typeof value !== 'object') throw wrongType(path, value, 'a VLAN, or null for none');
  return { ...NO_VLAN, ...vlanFields(value, path) };
};

const settingFields = record<VirtualFunctionSettings>()(
  'a virtual function',
  {
    mac: mac.input,
    vlan,
    spoofCheck: flag,
    trust: flag,
    linkState: linkState.input,
    minTxRate: u32.input,
    maxTxRate: u32.input,
    rssQuery: flag,
  },
  {
    rate: 'maxTxRate is the most that it can send',
    state: 'linkState is the cable that it sees',
    spoofchk: 'spoofCheck',
    query_rss: 'rssQuery',
    qos: 'it is a part of the VLAN: vlan: { id, qos }',
  },
);

type Settings = ReturnType<typeof settingFields>;
type Told = Values<typeof virtualFunctionRows>;

/** The virtual functions of a link, and where it is on its bus. */
export interface OfLink {
  readonly name: string;
  /** undefined for a link that is no device of a bus. */
  readonly on?: BusDevice;
  readonly count: number;
  readonly functions: readonly VirtualFunction[];
}

function readFunction(told: Told): VirtualFunction {
  const { mac: address, vlan: plain, vlans, rates, linkState: cable, statistics } = told;
  const [tag] = vlans ?? [];
  const { id = 0, qos = 0 } = tag ?? plain ?? {};
  return present({
    index: (address ?? plain ?? rates)?.function ?? 0,
    mac: address?.mac ?? '',
    vlan: id === 0 ? null : Object.freeze({ id, qos, protocol: tag?.protocol ?? '802.1Q' }),
    spoofCheck: told.spoofCheck?.on,
    trust: told.trust?.on,
    linkState: cable?.state,
    minTxRate: rates?.least,
    maxTxRate: rates?.most,
    rssQuery: told.rssQuery?.on,
    statistics,
  }) as VirtualFunction;
}

/** What a message tells of the virtual functions of a link. */
export function readFunctions({ payload }: RawMessage): OfLink {
  const { attributes } = virtualFunctionMessage.read(payload);
  const { name = '', count = 0, functions = [], parentBus, parentDevice } = attributes;
  return {
    name,
    count,
    functions: functions.map(readFunction),
    ...(parentBus !== undefined &&
      parentDevice !== undefined && { on: { bus: parentBus, address: parentDevice } }),
  };
}

/** What the kernel tells of the virtual functions of a link. Throws a KernelError when there is no such link. */
export async function askFunctions(
  kernel: Asking,
  name: string,
  action: string,
  { statistics = false } = {},
): Promise<OfLink> {
  const extended = EXTENDED.virtualFunctions | (statistics ? 0 : EXTENDED.skipStatistics);
  const answers = await kernel.ask({
    asked: { action, object: `the virtual functions of '${name}'`, device: name },
    request: RTM.GETLINK,
    write: (names) =>
      virtualFunctionMessage.write({
        type: RTM.GETLINK,
        header: { index: names.indexOf(name) },
        attributes: { extended },
      }),
  });
  const [told] = await kernel.read(answers, readFunctions);
  return told ?? { name, count: 0, functions: [] };
}

/** Settings as attributes of one function. */
function rowsOf(index: number, settings: Settings): Told {
  const { mac: address, vlan: tag, spoofCheck, trust, linkState: cable, rssQuery } = settings;
  const { minTxRate: least, maxTxRate: most } = settings;
  const about = <T extends object>(value: T | undefined) => value && { function: index, ...value };
  const whether = (on: boolean | undefined) => about(on === undefined ? undefined : { on });
  const { protocol = '802.1Q', ...plain } = tag ?? {};
  return present({
    mac: about(address === undefined ? undefined : { mac: address }),
    vlan: about(tag && protocol === '802.1Q' ? plain : undefined),
    vlans: tag && protocol !== '802.1Q' ? [about(tag)] : undefined,
    txRate: about(most === undefined || least !== undefined ? undefined : { most }),
    rates: about(least === undefined ? undefined : { least, most }),
    spoofCheck: whether(spoofCheck),
    linkState: about(cable && { state: cable }),
    rssQuery: whether(rssQuery),
    trust: whether(trust),
  } satisfies { [K in keyof Told]: unknown }) as unknown as Told;
}

const describe = (pf: string, index: number) => `virtual function ${index} of '${pf}'`;

const setMessage = (pf: string, index: number, settings: Settings, action: string): Change => ({
  asked: { action, object: describe(pf, index), device: pf },
  request: RTM.NEWLINK,
  write: (names) =>
    virtualFunctionMessage.write({
      type: RTM.NEWLINK,
      header: { index: names.indexOf(pf) },
      attributes: { functions: [rowsOf(index, settings)] },
    }),
});

/** The error for a number that no function of the link has. */
export function noSuch(pf: string, index: number, count: number, action: string): KernelError {
  const detail = count === 0 ? 'it has none' : `it has ${count}, from 0 to ${count - 1}`;
  return new KernelError(
    { action, object: describe(pf, index), device: pf },
    { errno: ENODEV, call: 'RTM_GETLINK', detail },
  );
}

const indexArgument = (value: unknown): number => ranged(u16, 0, 0xffff).input(value, 'index');

/** Checks the number of a function that is asked about. */
export const indexAsked = (pf: string, index: number): number =>
  checking(
    () => ({ action: 'find', object: describe(pf, index), device: pf }),
    RTM.GETLINK,
    () => indexArgument(index),
  );

/** Changes what the host has set of a virtual function. */
export function setFunction(pf: string, index: number, settings: VirtualFunctionSettings): Change {
  const [name, number, checked] = checking(
    () => ({ action: 'change', object: describe(pf, index), device: pf }),
    RTM.NEWLINK,
    () => [deviceArgument(pf, 'pf'), indexArgument(index), settingFields(settings, '')] as const,
  );
  if (checked.minTxRate !== undefined && checked.maxTxRate === undefined)
    throw new TypeError('maxTxRate: missing beside minTxRate; 0 is as much as there is');
  const given = Object.keys(checked) as (keyof Settings)[];
  if (given.length === 0) throw new TypeError('settings: empty; there is nothing to change');
  return {
    ...setMessage(name, number, checked, 'change'),
    check: async (kernel) => {
      const { count } = await askFunctions(kernel, name, 'list');
      if (number >= count) throw noSuch(name, number, count, 'change');
    },
    undo: async (kernel) => {
      const { functions } = await askFunctions(kernel, name, 'list');
      const before = functions[number];
      if (before === undefined) return [];
      const whole: Settings = { ...before, vlan: before.vlan ?? NO_VLAN };
      const rates = given.includes('maxTxRate') ? (['minTxRate', 'maxTxRate'] as const) : [];
      const kept = [...new Set([...given, ...rates])].filter((key) => whole[key] !== undefined);
      const restored = Object.fromEntries(kept.map((key) => [key, whole[key]])) as Settings;
      return [setMessage(name, number, restored, 'restore')];
    },
  };
}
