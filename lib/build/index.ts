// Builders of documents: options as people think of them in, documents as libvirt wants them out. Pure: no libvirt,
// nothing of Node's.
export type { Family } from './address/index.js';
export type {
  BandwidthOptions,
  GuaranteedRateOptions,
  NetworkNicBandwidthOptions,
  Rate,
  RateLimitOptions,
  Size,
} from './bandwidth.js';

/** The builders: `build.network.nat({ name: 'lab', ip: { cidr: '192.168.10.1/24', dhcp: true } })`. */
export * as build from './builders.js';
export type { Duration } from './duration.js';
export type { FilterOptions, FilterVariables, NicFilterOptions } from './filter/filter.js';
export type { RuleActions, RuleDirections, RuleOptions, RuleProtocols } from './filter/rule.js';
export type {
  HostDhcpOptions,
  HostInterfaceOptions,
  HostIpv4Options,
  HostIpv6Options,
} from './host-interface/addressing.js';
export type {
  HostBondOptions,
  HostBridgeOptions,
  HostEthernetOptions,
  HostVlanOptions,
} from './host-interface/host-interface.js';
export type {
  ArpmonOptions,
  BondPortOptions,
  BondSettingsOptions,
  BridgePort,
  HostNic,
  HostNicOptions,
  MiimonOptions,
  VlanPortOptions,
} from './host-interface/ports.js';
export type { BridgeOptions } from './network/bridge.js';
export type { BridgedNetworkOptions } from './network/bridged.js';
export type { DhcpHostOptions, Dhcpv4HostOptions, Dhcpv6HostOptions } from './network/dhcp/hosts.js';
export type { DhcpRangeOptions, DhcpRanges } from './network/dhcp/ranges.js';
export type { BootpOptions, DhcpOptions } from './network/dhcp/server.js';
export type {
  DnsForwarderOptions,
  DnsHostOptions,
  DnsOptions,
  DnsSrvOptions,
  DnsTxtOptions,
  DomainOptions,
} from './network/dns.js';
export type { HostdevNetworkOptions, HostdevPortGroupOptions, VfioOptions } from './network/hostdev.js';
export type { NetworkOptions } from './network/identity.js';
export type { IpOptions, NetworkAddressOptions } from './network/ip.js';
export type { IsolatedNetworkOptions } from './network/isolated.js';
export type {
  MacvtapNetworkOptions,
  MacvtapPassthroughOptions,
  MacvtapSharedOptions,
} from './network/macvtap.js';
export type { ForwardedNetworkOptions, ManagedNetworkOptions } from './network/managed.js';
export type { NatNetworkOptions, NatOptions, NatPortsOptions } from './network/nat.js';
export type { OpenNetworkOptions } from './network/open.js';
export type { OpenvswitchNetworkOptions } from './network/openvswitch.js';
export type { PciAddressOptions, PciAddressParts } from './network/pci.js';
export type {
  BridgedPortGroupOptions,
  FunctionPortGroupOptions,
  MacvtapPortGroupOptions,
  ManagedPortGroupOptions,
  OpenvswitchPortGroupOptions,
  PortGroupOptions,
} from './network/portgroup.js';
export type { RouteOptions } from './network/route.js';
export type { RoutedNetworkOptions } from './network/routed.js';
export type {
  OpenvswitchPortOptions,
  QbgOptions,
  QbhOptions,
  VirtualPortOptions,
  VsiOptions,
} from './network/virtualport.js';
export type { NativeVlanOptions, TrunkOptions, VlanId, VlanOptions } from './network/vlan.js';
export type { BridgeNicOptions, OpenvswitchNicOptions } from './nic/bridge.js';
export type {
  BootOptions,
  CommonNicOptions,
  NicDocument,
  PluggedNicOptions,
  TransientTeamingOptions,
} from './nic/common.js';
export type { DirectNicOptions } from './nic/direct.js';
export type { GuestEndOptions, HostEndOptions, PeerAddressOptions } from './nic/ends.js';
export type { EthernetNicBase, EthernetNicOptions } from './nic/ethernet.js';
export type { InternalNicOptions, NullNicOptions, VdsNicOptions } from './nic/foreign.js';
export type {
  EmulatedModel,
  GuestOffloadOptions,
  HardwareOptions,
  HostOffloadOptions,
  NetworkVirtioOptions,
  OffloadOptions,
  TapDriverOptions,
  TapVirtioOptions,
  VhostUserDriverOptions,
  VirtioDriverOptions,
  VirtioModel,
  VirtioOptions,
} from './nic/hardware.js';
export type { HostdevNicOptions } from './nic/hostdev.js';
export type { NetworkNicBase, NetworkNicOptions } from './nic/network.js';
export type {
  BootableOptions,
  BusPlaceOptions,
  NicBusAddress,
  NicPciAddress,
  PciPlaceOptions,
  PlaceOptions,
  RomOptions,
} from './nic/place.js';
export type { ForwardedFrom, PortForwardOptions, Ports } from './nic/port-forward.js';
export type {
  EndpointOptions,
  MulticastNicOptions,
  SocketNicOptions,
  TcpClientNicOptions,
  TcpServerNicOptions,
  UdpNicOptions,
} from './nic/socket.js';
export type { DeviceNicOptions, FilteredNicOptions, TapNicOptions } from './nic/tap.js';
export type { PasstNicOptions, PasstOptions, UserNicOptions } from './nic/user.js';
export type {
  ReconnectOptions,
  ServedNicOptions,
  VdpaNicOptions,
  VhostUserNicOptions,
} from './nic/vhost-user.js';
export type {
  NetworkPortOptions,
  NicQbgOptions,
  NicQbhOptions,
  NicVirtualPortOptions,
  UntypedPortOptions,
} from './nic/virtual-port.js';
export type { VportFabric, VportOptions, VportPort } from './node-device/vport.js';
export { findOverlaps, type Overlap, overlapMessage } from './overlap.js';
