// The XML layer as users see it: documents as typed values.
export type { Bandwidth } from './common/bandwidth.js';
export type { Route } from './common/route.js';
export type { VirtualPort } from './common/virtualport.js';
export type { Vlan } from './common/vlan.js';
export type { NetworkDns } from './network/dns.js';
export type { NetworkForward } from './network/forward.js';
export type { DhcpHost, DhcpRange, NetworkIp } from './network/ip.js';
export type { NetworkBridge, NetworkDocument, PortGroup } from './network/network.js';
