// The protocols of IP packets that a rule can be for. <ip> and <ipv6> are seen by the bridge, as frames; the others
// are seen by the host's firewall, which follows their connections.
// https://libvirt.org/formatnwfilter.html#ipv4
import { attribute, element, type Infer, typed } from '../schema.js';
import {
  type AddressesMatch,
  type AnyMatch,
  type ConnectionMatch,
  comment,
  connection,
  ipv4Addresses,
  ipv4Ranges,
  ipv6Addresses,
  ipv6Ranges,
  type MacsMatch,
  macs,
  match,
  type PortsMatch,
  ports,
  type RangesMatch,
  type ServiceMatch,
  type SourceMacMatch,
  service,
  sourceMac,
} from './groups.js';
import { ipProtocol, tcpFlags, uint8 } from './values.js';

const protocol = {
  /** `<ip protocol='udp'>`: the protocol inside, by name or by its number from 0 to 255. */
  protocol: attribute('protocol', ipProtocol),
};

const ipElement = element('ip', {
  ...match,
  ...macs,
  ...ipv4Addresses,
  ...protocol,
  ...ports,
  ...service,
  ...comment,
});

/** `<ip srcipaddr='$IP' protocol='udp' dstportstart='53'/>`: IPv4 packets, by their frames. */
export interface IpMatch
  extends AnyMatch,
    MacsMatch,
    AddressesMatch,
    PortsMatch,
    ServiceMatch,
    Infer<typeof ipElement> {}

/** `<ip>` */
export const ip = typed<IpMatch>(ipElement);

const ipv6Element = element('ipv6', {
  ...match,
  ...macs,
  ...ipv6Addresses,
  ...protocol,
  ...ports,
  /** `<ipv6 protocol='icmpv6' type='134'/>`: the type of an ICMPv6 message, or the first of a range. */
  type: attribute('type', uint8),
  /** `<ipv6 protocol='icmpv6' type='133' typeend='137'/>`: the last of that range. */
  typeEnd: attribute('typeend', uint8),
  /** `<ipv6 protocol='icmpv6' type='1' code='0'/>`: the code of an ICMPv6 message, or the first of a range. */
  code: attribute('code', uint8),
  /** `<ipv6 protocol='icmpv6' type='1' code='0' codeend='3'/>`: the last of that range. */
  codeEnd: attribute('codeend', uint8),
  ...comment,
});

/** `<ipv6 srcipaddr='$IPV6' protocol='udp' dstportstart='53'/>`: IPv6 packets, by their frames. */
export interface Ipv6Match
  extends AnyMatch,
    MacsMatch,
    AddressesMatch,
    PortsMatch,
    Infer<typeof ipv6Element> {}

/** `<ipv6>` */
export const ipv6 = typed<Ipv6Match>(ipv6Element);

const overIpv4 = {
  ...match,
  ...sourceMac,
  ...ipv4Addresses,
  ...ipv4Ranges,
  ...service,
  ...connection,
};

const overIpv6 = {
  ...match,
  ...sourceMac,
  ...ipv6Addresses,
  ...ipv6Ranges,
  ...service,
  ...connection,
};

const allElement = element('all', { ...overIpv4, ...comment });

/** `<all state='ESTABLISHED'/>`: packets by their addresses and connections, of this and of any protocol without ports. */
export interface PacketMatch
  extends AnyMatch,
    SourceMacMatch,
    AddressesMatch,
    RangesMatch,
    ConnectionMatch,
    Infer<typeof allElement> {}

const portless = (name: string) => typed<PacketMatch>(element(name, { ...overIpv4, ...comment }));
const portlessIpv6 = (name: string) => typed<PacketMatch>(element(name, { ...overIpv6, ...comment }));

const udpElement = element('udp', { ...overIpv4, ...ports, ...comment });

/** `<udp dstportstart='53'/>`: packets of a protocol with ports. */
export interface PortMatch extends PacketMatch, PortsMatch, Infer<typeof udpElement> {}

const withPorts = (name: string) => typed<PortMatch>(element(name, { ...overIpv4, ...ports, ...comment }));
const withPortsIpv6 = (name: string) =>
  typed<PortMatch>(element(name, { ...overIpv6, ...ports, ...comment }));

const segment = {
  /** `<tcp option='2'/>`: a TCP option, 0 to 255; libvirt takes it, though its grammar has it not. */
  option: attribute('option', uint8),
  /** `<tcp flags='SYN,ACK/SYN'/>`: the flags to look at, and those of them that are set. */
  flags: attribute('flags', tcpFlags),
};

const tcpElement = element('tcp', { ...overIpv4, ...ports, ...segment, ...comment });

/** `<tcp dstportstart='22' flags='SYN,ACK/SYN'/>`: TCP segments. */
export interface TcpMatch extends PortMatch, Infer<typeof tcpElement> {}

const message = {
  /** `<icmp type='8'/>`: the type of the message, 0 to 255. */
  type: attribute('type', uint8),
  /** `<icmp type='3' code='1'/>`: its code, 0 to 255. */
  code: attribute('code', uint8),
};

const icmpElement = element('icmp', { ...overIpv4, ...message, ...comment });

/** `<icmp type='8'/>`: messages of ICMP or ICMPv6. */
export interface IcmpMatch extends PacketMatch, Infer<typeof icmpElement> {}

/** `<tcp>` */
export const tcp = typed<TcpMatch>(tcpElement);
/** `<udp>` */
export const udp = withPorts('udp');
/** `<sctp>` */
export const sctp = withPorts('sctp');
/** `<udplite>` */
export const udplite = portless('udplite');
/** `<esp>` */
export const esp = portless('esp');
/** `<ah>` */
export const ah = portless('ah');
/** `<icmp>` */
export const icmp = typed<IcmpMatch>(icmpElement);
/** `<igmp>` */
export const igmp = portless('igmp');
/** `<all>` */
export const all = portless('all');
/** `<tcp-ipv6>` */
export const tcpIpv6 = typed<TcpMatch>(
  element('tcp-ipv6', { ...overIpv6, ...ports, ...segment, ...comment }),
);
/** `<udp-ipv6>` */
export const udpIpv6 = withPortsIpv6('udp-ipv6');
/** `<sctp-ipv6>` */
export const sctpIpv6 = withPortsIpv6('sctp-ipv6');
/** `<udplite-ipv6>` */
export const udpliteIpv6 = portlessIpv6('udplite-ipv6');
/** `<esp-ipv6>` */
export const espIpv6 = portlessIpv6('esp-ipv6');
/** `<ah-ipv6>` */
export const ahIpv6 = portlessIpv6('ah-ipv6');
/** `<icmpv6>` */
export const icmpv6 = typed<IcmpMatch>(element('icmpv6', { ...overIpv6, ...message, ...comment }));
/** `<all-ipv6>` */
export const allIpv6 = portlessIpv6('all-ipv6');
