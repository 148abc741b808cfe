// The XML layer as users see it: documents as typed values, read from text and written to it.
export type { Bandwidth, BandwidthRate } from './common/bandwidth.js';
export type { FilterParameter, FilterReference } from './common/filterref.js';
export type { PciAddress } from './common/pci.js';
export type { Route, RouteWithNetmask, RouteWithPrefix } from './common/route.js';
export type {
  MidonetVirtualPort,
  OpenVSwitchVirtualPort,
  PartialVirtualPort,
  VepaVirtualPort,
  VirtualPort,
  VnLinkVirtualPort,
} from './common/virtualport.js';
export type { Vlan, VlanTag } from './common/vlan.js';
export { type Difference, type DiffOptions, diff } from './diff.js';
export {
  type AnyDocument,
  parseFilter,
  parseFilterBinding,
  parseNetwork,
  toXML,
  untyped,
} from './documents.js';
export { XmlError } from './error.js';
export type { DnsForwarder, DnsHost, DnsSrv, DnsTxt, NetworkDns } from './network/dns.js';
export type {
  ForwardAddress,
  ForwardInterface,
  ForwardWithAddresses,
  ForwardWithInterfaces,
  NetworkForward,
  NetworkNat,
} from './network/forward.js';
export type {
  DhcpHost,
  DhcpLease,
  DhcpRange,
  IpWithNetmask,
  IpWithPrefix,
  NetworkDhcp,
  NetworkIp,
} from './network/ip.js';
export type { NetworkBridge, NetworkDocument, PortGroup } from './network/network.js';
export type { ArpMatch, MacMatch, StpMatch, VlanMatch } from './nwfilter/ethernet.js';
export type { FilterDocument, FilterInclude } from './nwfilter/filter.js';
export type {
  AddressesMatch,
  AnyMatch,
  ConnectionMatch,
  MacsMatch,
  MaskedSourceMacMatch,
  PortsMatch,
  RangesMatch,
  ServiceMatch,
  SourceMacMatch,
} from './nwfilter/groups.js';
export type {
  IcmpMatch,
  IpMatch,
  Ipv6Match,
  PacketMatch,
  PortMatch,
  TcpMatch,
} from './nwfilter/internet.js';
export type { FilterRule } from './nwfilter/rule.js';
export type { FilterChain, TcpFlags, Variable } from './nwfilter/values.js';
export type { FilterBindingDocument } from './nwfilter-binding/binding.js';
export { type ParseDocumentOptions, parseDocument } from './parse-document.js';
export type { Untyped } from './untyped.js';
