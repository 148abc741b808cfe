// The virtual functions of a link: IFLA_VFINFO_LIST with IFLA_VF_… of include/uapi/linux/if_link.h. Each attribute
// says which function it is about.
import { at, attributes, repeated, told } from './attributes.js';
import { ifinfo } from './link.js';
import { message } from './message.js';
import { type Fields, pad, struct } from './struct.js';
import { be16, mac, named, ranged, text, u32, u64, type WireType } from './types.js';

/** RTEXT_FILTER_…: what is told of a link besides. */
export const EXTENDED = { virtualFunctions: 0x1, skipStatistics: 0x8 } as const;

const about = <const F extends Fields>(fields: F) => struct({ function: ranged(u32, 0, 0xffff), ...fields });

const MAC_LENGTH = 6;
const MAX_ADDR_LEN = 32;

/** A MAC address with room for longer ones. */
const roomyMac: WireType<string> = {
  ...mac,
  size: MAX_ADDR_LEN,
  read: (bytes, names) => mac.read(bytes.part(0, MAC_LENGTH), names),
  write: (out, value, names) => {
    mac.write(out, value, names);
    out.bytes(new Uint8Array(MAX_ADDR_LEN - MAC_LENGTH));
  },
};

/** A truth, or -1 where the driver does not know it. */
const setting: WireType<boolean> = {
  size: 4,
  read: (bytes) => (bytes.s32(0) < 0 ? undefined : bytes.u32(0) !== 0),
  write: (out, value) => out.u32(value ? 1 : 0),
  input: (value) => value as boolean,
};

/** IFLA_VF_LINK_STATE_… */
export const linkState = named(u32, { auto: 0, enable: 1, disable: 2 });

/** ETH_P_8021Q and ETH_P_8021AD. */
export const vlanProtocol = named(be16, { '802.1Q': 0x8100, '802.1ad': 0x88a8 });

const vlan = { id: u32, qos: u32 } as const;

/** IFLA_VF_STATS_…; a driver that does not count tells 0. */
const counters = {
  rxPackets: 0,
  txPackets: 1,
  rxBytes: 2,
  txBytes: 3,
  broadcast: 4,
  multicast: 5,
  rxDropped: 7,
  txDropped: 8,
} as const satisfies Record<keyof VirtualFunctionStatistics, number>;

/** What has passed a virtual function, as far as its driver counts it. */
export type VirtualFunctionStatistics = {
  /** Packets received. */
  readonly rxPackets: bigint;
  /** Packets sent. */
  readonly txPackets: bigint;
  /** Bytes received. */
  readonly rxBytes: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Broadcasts received. */
  readonly broadcast: bigint;
  /** Multicast packets received. */
  readonly multicast: bigint;
  /** Packets received and dropped. */
  readonly rxDropped: bigint;
  /** Packets dropped instead of being sent. */
  readonly txDropped: bigint;
};

const statistics = attributes(
  Object.fromEntries(Object.entries(counters).map(([name, number]) => [name, told(number, u64)])),
) as unknown as WireType<VirtualFunctionStatistics>;

/** What one function is told, and what is told of it. */
export const virtualFunctionRows = {
  mac: at(1, about({ mac: roomyMac })),
  vlan: at(2, about(vlan)),
  /** The most it may send, alone: the least stays what it is. */
  txRate: at(3, about({ most: u32 })),
  spoofCheck: at(4, about({ on: setting })),
  linkState: at(5, about({ state: linkState })),
  rates: at(6, about({ least: u32, most: u32 })),
  rssQuery: at(7, about({ on: setting })),
  statistics: told(8, statistics),
  trust: at(9, about({ on: setting })),
  vlans: at(12, repeated(1, about({ ...vlan, protocol: vlanProtocol, _gap: pad(2) }))),
} as const;

/** RTM_GETLINK and RTM_NEWLINK, of what they say only this. */
export const virtualFunctionMessage = message(
  ifinfo,
  attributes({
    name: told(3, text),
    count: told(21, u32),
    functions: at(22, repeated(1, attributes(virtualFunctionRows))),
    extended: at(29, u32),
    parentDevice: told(56, text),
    parentBus: told(57, text),
  }),
);
