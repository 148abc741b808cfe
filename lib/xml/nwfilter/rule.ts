// <rule>: what to do with the traffic that one protocol element describes.
// https://libvirt.org/formatnwfilter.html#writing-your-own-filters

import { oneOf } from '../codec.js';
import { absent, attribute, element, type Lacking, one, required, typed } from '../schema.js';
import { arp, mac, rarp, stp, vlan } from './ethernet.js';
import {
  ah,
  ahIpv6,
  all,
  allIpv6,
  esp,
  espIpv6,
  icmp,
  icmpv6,
  igmp,
  ip,
  ipv6,
  sctp,
  sctpIpv6,
  tcp,
  tcpIpv6,
  udp,
  udpIpv6,
  udplite,
  udpliteIpv6,
} from './internet.js';
import { protocols } from './protocols.js';
import { falseOrAbsent, priority } from './values.js';

const ruleElement = element(
  'rule',
  {
    /** `<filterref filter='…'>` has it: a rule has none, which tells the two apart. */
    filter: absent(),
    /** `<rule action='drop'>`: `return` goes back to the chain before, `continue` to the next rule. */
    action: required(attribute('action', oneOf('drop', 'reject', 'accept', 'return', 'continue'))),
    /** `<rule direction='in'>`: `in` is towards the guest. */
    direction: required(attribute('direction', oneOf('in', 'out', 'inout'))),
    /** `<rule priority='500'>`: -1000 to 1000, the lower, the earlier; 500 when it is left out. */
    priority: attribute('priority', priority),
    /** `<rule statematch='false'>`: do not follow the connection's state; true when it is left out. */
    stateMatch: attribute('statematch', falseOrAbsent),
    /** `<mac protocolid='arp'/>`: Ethernet frames. */
    mac: one(mac),
    /** `<vlan vlanid='42'/>`: frames with a VLAN tag. */
    vlan: one(vlan),
    /** `<stp root-priority='0x8000'/>`: messages of the spanning tree protocol. */
    stp: one(stp),
    /** `<arp opcode='Request'/>` */
    arp: one(arp),
    /** `<rarp opcode='Request_Reverse'/>` */
    rarp: one(rarp),
    /** `<ip srcipaddr='$IP'/>`: IPv4 packets, by their frames. */
    ip: one(ip),
    /** `<ipv6 srcipaddr='$IPV6'/>`: IPv6 packets, by their frames. */
    ipv6: one(ipv6),
    /** `<tcp dstportstart='22'/>`: over IPv4. */
    tcp: one(tcp),
    /** `<udp dstportstart='53'/>`: over IPv4. */
    udp: one(udp),
    /** `<udplite dstipaddr='10.0.0.1'/>`: over IPv4. */
    udplite: one(udplite),
    /** `<esp dstipaddr='10.0.0.1'/>`: over IPv4. */
    esp: one(esp),
    /** `<ah dstipaddr='10.0.0.1'/>`: over IPv4. */
    ah: one(ah),
    /** `<sctp dstportstart='3868'/>`: over IPv4. */
    sctp: one(sctp),
    /** `<icmp type='8'/>` */
    icmp: one(icmp),
    /** `<igmp/>` */
    igmp: one(igmp),
    /** `<all state='ESTABLISHED'/>`: any protocol over IPv4. */
    all: one(all),
    /** `<tcp-ipv6 dstportstart='22'/>` */
    tcpIpv6: one(tcpIpv6),
    /** `<udp-ipv6 dstportstart='53'/>` */
    udpIpv6: one(udpIpv6),
    /** `<udplite-ipv6 dstipaddr='2001:db8::1'/>` */
    udpliteIpv6: one(udpliteIpv6),
    /** `<esp-ipv6 dstipaddr='2001:db8::1'/>` */
    espIpv6: one(espIpv6),
    /** `<ah-ipv6 dstipaddr='2001:db8::1'/>` */
    ahIpv6: one(ahIpv6),
    /** `<sctp-ipv6 dstportstart='3868'/>` */
    sctpIpv6: one(sctpIpv6),
    /** `<icmpv6 type='128'/>` */
    icmpv6: one(icmpv6),
    /** `<all-ipv6 state='ESTABLISHED'/>`: any protocol over IPv6. */
    allIpv6: one(allIpv6),
  },
  {
    exclusive: [protocols],
  },
);

type Protocol =
  | 'mac'
  | 'vlan'
  | 'stp'
  | 'arp'
  | 'rarp'
  | 'ip'
  | 'ipv6'
  | 'tcp'
  | 'udp'
  | 'udplite'
  | 'esp'
  | 'ah'
  | 'sctp'
  | 'icmp'
  | 'igmp'
  | 'all'
  | 'tcpIpv6'
  | 'udpIpv6'
  | 'udpliteIpv6'
  | 'espIpv6'
  | 'ahIpv6'
  | 'sctpIpv6'
  | 'icmpv6'
  | 'allIpv6';

type RuleFor<P extends Protocol> = Lacking<typeof ruleElement, Exclude<Protocol, P>>;

/** A {@link FilterRule} for `<mac>`. */
export interface MacRule extends RuleFor<'mac'> {}
/** A {@link FilterRule} for `<vlan>`. */
export interface VlanRule extends RuleFor<'vlan'> {}
/** A {@link FilterRule} for `<stp>`. */
export interface StpRule extends RuleFor<'stp'> {}
/** A {@link FilterRule} for `<arp>`. */
export interface ArpRule extends RuleFor<'arp'> {}
/** A {@link FilterRule} for `<rarp>`. */
export interface RarpRule extends RuleFor<'rarp'> {}
/** A {@link FilterRule} for `<ip>`. */
export interface IpRule extends RuleFor<'ip'> {}
/** A {@link FilterRule} for `<ipv6>`. */
export interface Ipv6Rule extends RuleFor<'ipv6'> {}
/** A {@link FilterRule} for `<tcp>`. */
export interface TcpRule extends RuleFor<'tcp'> {}
/** A {@link FilterRule} for `<udp>`. */
export interface UdpRule extends RuleFor<'udp'> {}
/** A {@link FilterRule} for `<udplite>`. */
export interface UdpliteRule extends RuleFor<'udplite'> {}
/** A {@link FilterRule} for `<esp>`. */
export interface EspRule extends RuleFor<'esp'> {}
/** A {@link FilterRule} for `<ah>`. */
export interface AhRule extends RuleFor<'ah'> {}
/** A {@link FilterRule} for `<sctp>`. */
export interface SctpRule extends RuleFor<'sctp'> {}
/** A {@link FilterRule} for `<icmp>`. */
export interface IcmpRule extends RuleFor<'icmp'> {}
/** A {@link FilterRule} for `<igmp>`. */
export interface IgmpRule extends RuleFor<'igmp'> {}
/** A {@link FilterRule} for `<all>`. */
export interface AllRule extends RuleFor<'all'> {}
/** A {@link FilterRule} for `<tcp-ipv6>`. */
export interface TcpIpv6Rule extends RuleFor<'tcpIpv6'> {}
/** A {@link FilterRule} for `<udp-ipv6>`. */
export interface UdpIpv6Rule extends RuleFor<'udpIpv6'> {}
/** A {@link FilterRule} for `<udplite-ipv6>`. */
export interface UdpliteIpv6Rule extends RuleFor<'udpliteIpv6'> {}
/** A {@link FilterRule} for `<esp-ipv6>`. */
export interface EspIpv6Rule extends RuleFor<'espIpv6'> {}
/** A {@link FilterRule} for `<ah-ipv6>`. */
export interface AhIpv6Rule extends RuleFor<'ahIpv6'> {}
/** A {@link FilterRule} for `<sctp-ipv6>`. */
export interface SctpIpv6Rule extends RuleFor<'sctpIpv6'> {}
/** A {@link FilterRule} for `<icmpv6>`. */
export interface Icmpv6Rule extends RuleFor<'icmpv6'> {}
/** A {@link FilterRule} for `<all-ipv6>`. */
export interface AllIpv6Rule extends RuleFor<'allIpv6'> {}

/**
 * `<rule action='drop' direction='in' priority='500'><tcp dstportstart='22'/></rule>`: what to do with the traffic of
 * one protocol, or with all traffic when it names none.
 */
export type FilterRule =
  | MacRule
  | VlanRule
  | StpRule
  | ArpRule
  | RarpRule
  | IpRule
  | Ipv6Rule
  | TcpRule
  | UdpRule
  | UdpliteRule
  | EspRule
  | AhRule
  | SctpRule
  | IcmpRule
  | IgmpRule
  | AllRule
  | TcpIpv6Rule
  | UdpIpv6Rule
  | UdpliteIpv6Rule
  | EspIpv6Rule
  | AhIpv6Rule
  | SctpIpv6Rule
  | Icmpv6Rule
  | AllIpv6Rule;

/** `<rule>` */
export const rule = typed<FilterRule>(ruleElement);
