// What a bridge, and a port of one, can be told: IFLA_BR_… and IFLA_BRPORT_… of include/uapi/linux/if_link.h.
// Times are seconds here and hundredths there.
import { at, attributes, given, told } from './attributes.js';
import type { WireType } from './types.js';
import {
  be16,
  deviceOrNone,
  mac,
  named,
  presence,
  ranged,
  seconds,
  truth,
  u8,
  u16,
  u32,
  u64,
} from './types.js';

/** A bridge's identity in the spanning tree: `8000.52540012abcd`, its priority and its MAC address. */
const bridgeId: WireType<string> = {
  size: 8,
  read: (bytes) => {
    const octets = Array.from(bytes.part(0, 8).toArray(), (octet) => octet.toString(16).padStart(2, '0'));
    return `${octets.slice(0, 2).join('')}.${octets.slice(2).join('')}`;
  },
  write: () => {},
  input: (value) => String(value),
};

const multicastRouter = named(u8, { disabled: 0, automatic: 1, always: 2, temporarily: 3 });

/** The protocol of VLAN tags: customer's (802.1Q) or provider's (802.1ad). */
export const vlanProtocol = named(be16, { '802.1Q': 0x8100, '802.1ad': 0x88a8 });

/** Bits of link-local groups, but for some that never pass (BR_GROUPFWD_… of net/bridge/br_private.h). */
const passingGroups = (never: number, words: string): WireType<number> => ({
  ...u16,
  input: (value, path) => {
    const mask = u16.input(value, path);
    if ((mask & never) === 0) return mask;
    throw new RangeError(`${path}: ${mask} has ${words}, of a group that a bridge never lets pass`);
  },
});

/** A group that the frames of the spanning tree may have: is_link_local_ether_addr of linux/etherdevice.h. */
const treeGroup: WireType<string> = {
  ...mac,
  input: (value, path) => {
    const group = mac.input(value, path);
    if (/^01:80:c2:00:00:0[04-f]$/.test(group)) return group;
    throw new RangeError(`${path}: ${group} is not one of 01:80:c2:00:00:00 and 01:80:c2:00:00:04 to 0f`);
  },
};

/** IFLA_BR_… */
export const bridgeOptions = attributes({
  /** Seconds that a port listens, and then learns, before it forwards: 2 to 30 with `stp`, 15 if not given; `brctl setfd`. */
  forwardDelay: at(1, seconds(u32)),
  /** Seconds between the hellos of the spanning tree: 1 to 10, 2 if not given; `brctl sethello`. */
  helloTime: at(2, seconds(u32, 1, 10)),
  /** Seconds until a silent root of the spanning tree is given up: 6 to 40, 20 if not given; `brctl setmaxage`. */
  maxAge: at(3, seconds(u32, 6, 40)),
  /** Seconds until a learnt address is forgotten: 300 if not given; `brctl setageing`. */
  ageingTime: at(4, seconds(u32)),
  /** Whether it takes part in the spanning tree (802.1D): false if not given; `brctl stp`. */
  stp: at(5, truth(u32)),
  /** Who becomes root of the spanning tree: the lowest, 32768 if not given; `brctl setbridgeprio`. */
  priority: at(6, u16),
  /** Whether ports keep VLANs apart: false if not given. */
  vlanFiltering: at(7, truth()),
  /** The protocol of its VLAN tags: `802.1Q` if not given. */
  vlanProtocol: at(8, vlanProtocol),
  /** Which link-local groups 01:80:c2:00:00:0X pass: bit X, but for 0, 1 and 2. */
  groupForwardMask: at(9, passingGroups(0x7, 'bit 0, 1 or 2')),
  /** The root of the spanning tree. */
  rootId: told(10, bridgeId),
  /** Itself in the spanning tree. */
  bridgeId: told(11, bridgeId),
  /** The number of the port towards the root; 0 when it is the root itself. */
  rootPort: told(12, u16),
  /** What the way to the root costs. */
  rootPathCost: told(13, u32),
  /** Whether the tree is changing. */
  topologyChange: told(14, truth()),
  /** Whether it has noticed a change of the tree. */
  topologyChangeDetected: told(15, truth()),
  /** Seconds that the timer of the hellos has run. */
  helloTimer: told(16, seconds(u64)),
  /** Seconds that the timer of topology change notifications has run. */
  tcnTimer: told(17, seconds(u64)),
  /** Seconds that the timer of topology changes has run. */
  topologyChangeTimer: told(18, seconds(u64)),
  /** Seconds until old addresses are looked for. */
  gcTimer: told(19, seconds(u64)),
  /** The group of the spanning tree's frames: 01:80:c2:00:00:00 if not given. */
  groupAddress: at(20, treeGroup),
  /** Forgets all learnt addresses. */
  flush: given(21, presence),
  /** Whether multicast routers are looked for. */
  multicastRouter: at(22, multicastRouter),
  /** Whether multicast goes only to ports that asked for it: true if not given. */
  multicastSnooping: at(23, truth()),
  /** Whether IGMP queries have the bridge's own address. */
  multicastQueryUseIfaddr: at(24, truth()),
  /** Whether it asks for members itself. */
  multicastQuerier: at(25, truth()),
  /** The most multicast groups that it remembers. */
  multicastHashMax: at(27, u32),
  /** How many queries are sent before a group is given up. */
  multicastLastMemberCount: at(28, u32),
  /** How many queries are sent at the start. */
  multicastStartupQueryCount: at(29, u32),
  /** Seconds between queries to the last member. */
  multicastLastMemberInterval: at(30, seconds(u64)),
  /** Seconds until a silent member is forgotten. */
  multicastMembershipInterval: at(31, seconds(u64)),
  /** Seconds until another querier is given up. */
  multicastQuerierInterval: at(32, seconds(u64)),
  /** Seconds between queries. */
  multicastQueryInterval: at(33, seconds(u64)),
  /** Seconds that members have to answer. */
  multicastQueryResponseInterval: at(34, seconds(u64)),
  /** Seconds between queries at the start. */
  multicastStartupQueryInterval: at(35, seconds(u64)),
  /** Whether IPv4 that passes goes through iptables. */
  nfCallIptables: at(36, truth()),
  /** Whether IPv6 that passes goes through ip6tables. */
  nfCallIp6tables: at(37, truth()),
  /** Whether ARP that passes goes through arptables. */
  nfCallArptables: at(38, truth()),
  /** The VLAN of untagged frames on new ports: 1 if not given, 0 for none. */
  vlanDefaultPvid: at(39, ranged(u16, 0, 4094)),
  /** Whether traffic is counted by VLAN. */
  vlanStats: at(41, truth()),
  /** Whether multicast is counted. */
  multicastStats: at(42, truth()),
  /** The version of IGMP: 2 or 3. */
  igmpVersion: at(43, ranged(u8, 2, 3)),
  /** The version of MLD: 1 or 2. */
  mldVersion: at(44, ranged(u8, 1, 2)),
  /** Whether traffic is counted by VLAN and port; only without ports. */
  vlanStatsPerPort: at(45, truth()),
});

/** The state of a port in the spanning tree. */
export const portState = named(u8, { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 });

/** IFLA_BRPORT_… */
export const bridgePort = attributes({
  /** What the port does with frames; the spanning tree sets it itself. */
  state: at(1, portState),
  /** Which of several ports to the root is taken: the lowest, 0 to 63, 32 if not given; `brctl setportprio`. */
  priority: at(2, ranged(u16, 0, 63)),
  /** What a way through this port costs: 1 to 65535; by its speed if not given; `brctl setpathcost`. */
  pathCost: at(3, ranged(u32, 1, 65535)),
  /** Whether frames may leave through the port that they came from; `brctl hairpin`. */
  hairpin: at(4, truth()),
  /** Whether a frame of the spanning tree disables the port (BPDU guard). */
  bpduGuard: at(5, truth()),
  /** Whether the port may not become the one towards the root. */
  rootBlock: at(6, truth()),
  /** Whether a leaving member ends a group on this port at once. */
  fastLeave: at(7, truth()),
  /** Whether addresses are learnt: true if not given. */
  learning: at(8, truth()),
  /** Whether frames for unknown addresses go out here: true if not given. */
  flood: at(9, truth()),
  /** Whether the bridge answers ARP for those behind other ports. */
  proxyArp: at(10, truth()),
  /** The same, by the rules of 802.11. */
  proxyArpWifi: at(12, truth()),
  /** The root of the spanning tree. */
  rootId: told(13, bridgeId),
  /** The bridge that serves the network behind the port. */
  designatedBridge: told(14, bridgeId),
  /** Its port there. */
  designatedPort: told(15, u16),
  /** Its cost to the root. */
  designatedCost: told(16, u16),
  /** The port's identity in the spanning tree. */
  id: told(17, u16),
  /** The port's number in its bridge. */
  number: told(18, u16),
  /** Whether a change of the tree is to be acknowledged. */
  topologyChangeAck: told(19, truth()),
  /** Whether the port has something to say. */
  configPending: told(20, truth()),
  /** Seconds since the last word of the root. */
  messageAgeTimer: told(21, seconds(u64)),
  /** Seconds that the port has been listening or learning. */
  forwardDelayTimer: told(22, seconds(u64)),
  /** Seconds until the port may speak again. */
  holdTimer: told(23, seconds(u64)),
  /** Forgets the addresses learnt here. */
  flush: given(24, presence),
  /** Whether multicast routers are looked for here. */
  multicastRouter: at(25, multicastRouter),
  /** Whether multicast that nobody asked for goes out here: true if not given. */
  multicastFlood: at(27, truth()),
  /** Whether multicast goes to each member by itself. */
  multicastToUnicast: at(28, truth()),
  /** Whether VLANs are mapped to tunnels. */
  vlanTunnel: at(29, truth()),
  /** Whether broadcasts go out here: true if not given. */
  broadcastFlood: at(30, truth()),
  /** Which link-local groups 01:80:c2:00:00:0X pass: bit X, but for 1. */
  groupForwardMask: at(31, passingGroups(0x2, 'bit 1')),
  /** Whether ARP and neighbour discovery are answered here instead of flooded. */
  neighbourSuppress: at(32, truth()),
  /** Whether it reaches only ports that are not isolated. */
  isolated: at(33, truth()),
  /** The port that is taken while this one has no carrier; null for none. */
  backupPort: at(34, deviceOrNone),
  /** Whether frames from addresses that are not in the table are dropped. */
  locked: at(39, truth()),
});
