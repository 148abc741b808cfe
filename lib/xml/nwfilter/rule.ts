// <rule>: what to do with the traffic that one protocol element describes.
// https://libvirt.org/formatnwfilter.html#writing-your-own-filters
import { oneOf } from '../codec.js';
import { absent, attribute, element, type Infer, one, required, typed } from '../schema.js';
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
    exclusive: [
      [
        'mac',
        'vlan',
        'stp',
        'arp',
        'rarp',
        'ip',
        'ipv6',
        'tcp',
        'udp',
        'udplite',
        'esp',
        'ah',
        'sctp',
        'icmp',
        'igmp',
        'all',
        'tcpIpv6',
        'udpIpv6',
        'udpliteIpv6',
        'espIpv6',
        'ahIpv6',
        'sctpIpv6',
        'icmpv6',
        'allIpv6',
      ],
    ],
  },
);

/**
 * `<rule action='drop' direction='in' priority='500'><tcp dstportstart='22'/></rule>`: what to do with the traffic of
 * one protocol, or with all traffic when it names none.
 */
export type FilterRule = Infer<typeof ruleElement>;

/** `<rule>` */
export const rule = typed<FilterRule>(ruleElement);
