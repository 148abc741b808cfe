// What stands in IFLA_INFO_DATA of each kind of link (include/uapi/linux/if_link.h), but for bridges and bonds, which have
// files of their own.

import { type Reader, record, within } from '../../build/reader.js';
import { at, attributes, given, repeated, type Settable, told } from './attributes.js';
import { vlanProtocol } from './bridge.js';
import { ifinfo, type LinkSettings, linkIndex, linkRows, plainLink } from './link.js';
import { wholeStruct } from './struct.js';
import { be16, bits, device, ipOf, mac, named, ranged, truth, u8, u16, u32, type WireType } from './types.js';

/** Flags with a mask of which are meant (struct ifla_vlan_flags). */
const vlanFlags: WireType<readonly VlanFlag[]> = (() => {
  const known = bits(u32, { reorderHeader: 1, gvrp: 2, looseBinding: 4, mvrp: 8, bridgeBinding: 16 });
  return {
    read: known.read,
    write: (out, value, names) => {
      known.write(out, value, names);
      out.u32(0x1f); // those above, which all are meant: the kernel takes no others
    },
    input: known.input,
  };
})();

/** How a VLAN behaves: VLAN_FLAG_… of linux/if_vlan.h. */
export type VlanFlag = 'reorderHeader' | 'gvrp' | 'looseBinding' | 'mvrp' | 'bridgeBinding';

/** Which priority becomes which, where a link of a VLAN sets or takes tags. */
export interface PriorityMapping {
  /** The priority that was. */
  readonly from: number;
  /** The priority that it becomes. */
  readonly to: number;
}

/** struct ifla_vlan_qos_mapping. */
const priority: WireType<PriorityMapping> = wholeStruct('a mapping of priorities', { from: u32, to: u32 });

/** IFLA_VLAN_… */
export const vlan = attributes({
  /** The VLAN: 0 to 4094. */
  id: at(1, ranged(u16, 0, 4094)),
  /** How it behaves. */
  flags: at(2, vlanFlags),
  /** Which priority of Linux becomes which of the tag. */
  egressPriorities: at(3, repeated(1, priority)),
  /** Which priority of the tag becomes which of Linux. */
  ingressPriorities: at(4, repeated(1, priority)),
  /** Customer's tags (`802.1Q`, if not given) or provider's (`802.1ad`). */
  protocol: at(5, vlanProtocol),
});

const macvlanMode = named(u32, { private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 });

/** IFLA_MACVLAN_… */
const macvlanRows = attributes({
  /** Whom it reaches: `vepa` if not given; `bridge` its siblings, `private` none of them, `passthru` has the link to itself, `source` takes frames of some addresses. */
  mode: at(1, macvlanMode),
  /** How it behaves. */
  flags: at(2, bits(u16, { noPromiscuous: 1, noDestination: 2 })),
  /** What to do with the addresses of mode `source`: `set` if not given with `macs`. */
  macAction: given(3, named(u32, { add: 0, delete: 1, flush: 2, set: 3 })),
  /** One address of mode `source`, which `macAction` adds or deletes. */
  mac: given(4, mac),
  /** All addresses of mode `source`, in the place of those that there were. */
  macs: at(5, repeated(4, mac)),
  /** How many there are. */
  macCount: told(6, u32),
  /** How many broadcasts may wait. */
  broadcastQueueLength: at(7, u32),
  /** How many of all siblings may. */
  broadcastQueueLengthUsed: told(8, u32),
});

type MacvlanSettings = Settable<(typeof macvlanRows)['rows']>;

/** Which addresses go with an action: the kernel takes no notice of others, nor of any without an action. */
const ADDRESSES_OF = { add: ['mac'], delete: ['mac'], flush: [], set: ['mac', 'macs'] } as const;

function withMacAction(told: MacvlanSettings, path: string): MacvlanSettings {
  const action = told.macAction ?? (told.macs === undefined ? undefined : 'set');
  const said = (['mac', 'macs'] as const).filter((one) => told[one] !== undefined);
  if (action === undefined) {
    if (said.length === 0) return told;
    throw new TypeError(`${within(path, 'macAction')}: missing; say whether to add or delete the address`);
  }
  const taken: readonly string[] = ADDRESSES_OF[action];
  const other = said.find((one) => !taken.includes(one));
  if (other !== undefined)
    throw new TypeError(`${within(path, other)}: to ${action} takes ${taken.join(' and ') || 'no address'}`);
  if ((action === 'add' || action === 'delete') && told.mac === undefined)
    throw new TypeError(`${within(path, 'mac')}: missing; to ${action} takes an address`);
  return { ...told, macAction: action };
}

/** Of both macvlan and macvtap. */
export const macvlan: typeof macvlanRows = {
  ...macvlanRows,
  reader: (what) => {
    const read = macvlanRows.reader(what);
    return (value, path) => withMacAction(read(value, path), path);
  },
};

/** What the other end of a veth can be told. */
export interface PeerOptions
  extends Pick<
    LinkSettings,
    'name' | 'mac' | 'mtu' | 'txQueueLength' | 'group' | 'netns' | 'txQueues' | 'rxQueues'
  > {
  /** Its number; one that is free, if not given. */
  index?: number;
}

/** VETH_INFO_PEER: a whole link. */
const peer: WireType<PeerOptions> = {
  read: (bytes, names) =>
    plainLink.read(bytes.part(Math.min(ifinfo.size, bytes.length)), names) as PeerOptions,
  write: (out, { index = 0, ...settings }, names) => {
    ifinfo.fill(out, { index });
    plainLink.write(out, settings, names);
  },
  input: record<PeerOptions>()('the other end of a veth', {
    name: linkRows.name.type.input,
    index: linkIndex.input,
    mac: linkRows.mac.type.input,
    mtu: linkRows.mtu.type.input,
    txQueueLength: linkRows.txQueueLength.type.input,
    group: linkRows.group.type.input,
    netns: linkRows.netns.type.input,
    txQueues: linkRows.txQueues.type.input,
    rxQueues: linkRows.rxQueues.type.input,
  }) as Reader<PeerOptions>,
};

/** The ports that packets of a VXLAN come from. */
export interface VxlanPorts {
  /** The first of them. */
  readonly low: number;
  /** The last of them. */
  readonly high: number;
}

/** struct ifla_vxlan_port_range. */
const ports: WireType<VxlanPorts> = wholeStruct('a range of ports', { low: be16, high: be16 });

/** IFLA_VXLAN_… */
export const vxlan = attributes({
  /** The number of the network (VNI): 0 to 2^24 - 1. */
  id: at(1, ranged(u32, 0, 0xffffff)),
  /** The multicast group of the network, or the one peer: IPv4. */
  group: at(2, ipOf('ipv4')),
  /** The link that its packets go over. */
  link: at(3, device),
  /** The address that its packets come from: IPv4. */
  local: at(4, ipOf('ipv4')),
  /** The time to live of its packets; 0 for the system's. */
  ttl: at(5, u8),
  /** The type of service of its packets. */
  tos: at(6, u8),
  /** Whether peers are learnt: true if not given. */
  learning: at(7, truth()),
  /** Seconds until a peer is forgotten. */
  ageing: at(8, u32),
  /** How many peers it remembers; 0 for any number. */
  limit: at(9, u32),
  /** The ports that its packets come from. */
  sourcePorts: at(10, ports),
  /** Whether it answers ARP for those behind peers. */
  proxy: at(11, truth()),
  /** Whether unknown destinations are told. */
  l2miss: at(13, truth()),
  /** Whether unknown addresses are told. */
  l3miss: at(14, truth()),
  /** The port of its packets: 8472 if not given; 4789 is IANA's. */
  port: at(15, be16),
  /** The multicast group, or the one peer: IPv6. */
  group6: at(16, ipOf('ipv6')),
  /** The address that its packets come from: IPv6. */
  local6: at(17, ipOf('ipv6')),
  /** Whether packets over IPv4 have checksums. */
  udpChecksum: at(18, truth()),
  /** Whether packets over IPv6 go without checksums. */
  udpZeroChecksum6Tx: at(19, truth()),
  /** Whether packets over IPv6 may come without checksums. */
  udpZeroChecksum6Rx: at(20, truth()),
  /** Whether somebody else says where each packet goes. */
  collectMetadata: at(25, truth()),
});

/** IFLA_TUN_…; a tun or tap is made by ioctl, so all of it is only told. */
export const tun = attributes({
  /** The user that may open it. */
  owner: told(1, u32),
  /** The group that may open it. */
  group: told(2, u32),
  /** Layer 3 or layer 2. */
  mode: told(3, named(u8, { tun: 1, tap: 2 })),
  /** Whether frames come with packet information. */
  packetInformation: told(4, truth()),
  /** Whether frames come with a virtio-net header. */
  vnetHeader: told(5, truth()),
  /** Whether it stays when nobody has it open. */
  persist: told(6, truth()),
  /** Whether it can be opened more than once. */
  multiQueue: told(7, truth()),
  /** How many have it open. */
  queues: told(8, u32),
  /** How many of them are switched off. */
  disabledQueues: told(9, u32),
});

/** IFLA_IPVLAN_… of both ipvlan and ipvtap. */
export const ipvlan = attributes({
  /** Whether it switches, routes, or routes through netfilter. */
  mode: at(1, named(u16, { l2: 0, l3: 1, l3s: 2 })),
  /** Whom it reaches besides. */
  flags: at(2, bits(u16, { private: 1, vepa: 2 })),
});

export const vrf = attributes({
  /** The table of its routes. */
  table: at(1, u32),
});

export const nothing = attributes({});

export const veth = attributes({
  /** The other end. */
  peer: given(1, peer),
});
