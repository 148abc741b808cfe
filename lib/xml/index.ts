// The XML layer as users see it: documents as typed values, read from text and written to it.
export type { Bandwidth, BandwidthRate } from './common/bandwidth.js';
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
export { type AnyDocument, parseNetwork, toXML, untyped } from './documents.js';
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
export { type ParseDocumentOptions, parseDocument } from './parse-document.js';
export type { Untyped } from './untyped.js';
