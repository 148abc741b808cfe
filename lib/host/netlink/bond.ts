// What a bond, and a member of one, can be told: IFLA_BOND_… and IFLA_BOND_SLAVE_… of include/uapi/linux/if_link.h.
// https://docs.kernel.org/networking/bonding.html

import { list } from '../../build/reader.js';
import { at, attributes, attributesOf, type Told, told, writeAttribute } from './attributes.js';
import {
  device,
  deviceOrNone,
  ipOf,
  mac,
  named,
  ranged,
  truth,
  u8,
  u16,
  u32,
  type WireType,
} from './types.js';

/** Addresses as attributes numbered from 0, as IFLA_BOND_ARP_IP_TARGET has them. */
const numbered = (type: WireType<string>): WireType<readonly string[]> => ({
  read: (bytes, names) => {
    const found: string[] = [];
    for (const [, payload] of attributesOf(bytes)) {
      const address = type.read(payload, names);
      if (address !== undefined) found.push(address);
    }
    return found;
  },
  write: (out, value, names) => {
    for (const [i, address] of value.entries()) writeAttribute(out, i, () => type.write(out, address, names));
  },
  input: list(type.input),
});

/** The modes, with the numbers of bonding.rst. */
export const bondMode = named(u8, {
  'balance-rr': 0,
  'active-backup': 1,
  'balance-xor': 2,
  broadcast: 3,
  '802.3ad': 4,
  'balance-tlb': 5,
  'balance-alb': 6,
});

const lacp = attributes({
  /** Which group of members is in use. */
  aggregator: told(1, u16),
  /** How many ports it has. */
  ports: told(2, u16),
  /** The key of this side. */
  actorKey: told(3, u16),
  /** The key of the other side. */
  partnerKey: told(4, u16),
  /** Who the other side is. */
  partnerMac: told(5, mac),
});

/**
 * What LACP has found out about the other end of a bond of mode `802.3ad`.
 *
 * @interface
 */
export type LacpFacts = Told<(typeof lacp)['rows']>;

/** IFLA_BOND_… */
export const bondOptions = attributes({
  /** How members share traffic: `balance-rr` if not given. Only without members. */
  mode: at(1, bondMode),
  /** The member in use, of those modes that use one; null chooses anew. */
  activeMember: at(2, deviceOrNone),
  /** Milliseconds between looks at the members' carriers; 0 never looks. */
  miimon: at(3, u32),
  /** Milliseconds that a member waits before it is used. */
  upDelay: at(4, u32),
  /** Milliseconds that a member without carrier is kept. */
  downDelay: at(5, u32),
  /** Whether the driver is asked for the carrier. */
  useCarrier: at(6, truth()),
  /** Milliseconds between ARP probes; not together with `miimon`. */
  arpInterval: at(7, u32),
  /** Whom to probe: up to 16 addresses. */
  arpIpTargets: at(8, numbered(ipOf('ipv4'))),
  /** Which answers count. */
  arpValidate: at(
    9,
    named(u32, { none: 0, active: 1, backup: 2, all: 3, filter: 4, filter_active: 5, filter_backup: 6 }),
  ),
  /** Whether one answer is enough. */
  arpAllTargets: at(10, named(u32, { any: 0, all: 1 })),
  /** The member that is used whenever it is there. */
  primary: at(11, device),
  /** When the primary is taken back. */
  primaryReselect: at(12, named(u8, { always: 0, better: 1, failure: 2 })),
  /** Whose MAC address the bond has. */
  failOverMac: at(13, named(u8, { none: 0, active: 1, follow: 2 })),
  /** What chooses the member for a frame. */
  transmitHashPolicy: at(
    14,
    named(u8, { layer2: 0, 'layer3+4': 1, 'layer2+3': 2, 'encap2+3': 3, 'encap3+4': 4, 'vlan+srcmac': 5 }),
  ),
  /** How many membership reports follow a change. */
  resendIgmp: at(15, ranged(u32, 0, 255)),
  /** How many unsolicited ARPs follow a change. */
  peerNotifications: at(16, u8),
  /** Whether members that are not in use may receive. */
  allMembersActive: at(17, truth()),
  /** How many members must have a carrier. */
  minLinks: at(18, u32),
  /** Seconds between learning packets. */
  learningInterval: at(19, u32),
  /** How many packets a member gets in turn; 0 is random. */
  packetsPerMember: at(20, ranged(u32, 0, 65535)),
  /** How often LACP speaks: every 30 seconds, or every second. */
  lacpRate: at(21, named(u8, { slow: 0, fast: 1 })),
  /** Which group of members LACP takes. */
  adSelect: at(22, named(u8, { stable: 0, bandwidth: 1, count: 2 })),
  /** What LACP has found. */
  lacp: told<LacpFacts>(23, lacp),
  /** The priority of this side in LACP. */
  adActorSystemPriority: at(24, ranged(u16, 1, 65535)),
  /** The upper bits of the ports' key. */
  adUserPortKey: at(25, ranged(u16, 0, 1023)),
  /** Who this side is in LACP. */
  adActorSystem: at(26, mac),
  /** Whether balance-tlb looks at the load. */
  tlbDynamic: at(27, truth()),
  /** Milliseconds between unsolicited ARPs. */
  peerNotificationDelay: at(28, u32),
  /** Whether this side begins with LACP. */
  lacpActive: at(29, truth()),
  /** How many probes may go unanswered. */
  missedMax: at(30, ranged(u8, 1, 255)),
  /** Whom to probe by neighbour solicitation: up to 16 addresses. */
  nsIp6Targets: at(31, numbered(ipOf('ipv6'))),
});

/** IFLA_BOND_SLAVE_… */
export const bondMember = attributes({
  /** Whether it is in use. */
  state: told(1, named(u8, { active: 0, backup: 1 })),
  /** Whether it has a carrier. */
  miiStatus: told(2, named(u8, { up: 0, goingDown: 1, down: 2, goingUp: 3 })),
  /** How often it has lost its carrier. */
  linkFailures: told(3, u32),
  /** Its own MAC address. */
  permanentMac: told(4, mac),
  /** The queue that traffic control sends here by; 0 for none. */
  queueId: at(5, u16),
  /** The group of members that it is in. */
  aggregator: told(6, u16),
  /** What LACP of this side says of it. */
  actorPortState: told(7, u8),
  /** What LACP of the other side says of it. */
  partnerPortState: told(8, u16),
});
