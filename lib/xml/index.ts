// The XML layer as users see it: documents as typed values, read from text and written to it.
export type { Bandwidth, BandwidthRate } from './common/bandwidth.js';
export type { FilterParameter, FilterReference } from './common/filterref.js';
export type { LinkState } from './common/link-state.js';
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
  parseDomain,
  parseFilter,
  parseFilterBinding,
  parseHostInterface,
  parseInterface,
  parseNetwork,
  parseNetworkPort,
  parseNodeDevice,
  toXML,
  untyped,
} from './documents.js';
export type { DomainDocument } from './domain/domain.js';
export { XmlError } from './error.js';
export type {
  BondWithArpmon,
  BondWithMiimon,
  HostBond,
  HostBondPort,
  HostBondSettings,
  HostBridge,
  HostBridgePort,
  HostBridgeSettings,
  HostEthernet,
  HostEthernetPort,
  HostInterfaceDocument,
  HostVlan,
  HostVlanPort,
  HostVlanSettings,
} from './host-interface/host-interface.js';
export type { HostDhcp, HostIpv4, HostIpv6, HostProtocol } from './host-interface/protocol.js';
export type {
  CcidAddress,
  CcwAddress,
  DimmAddress,
  DriveAddress,
  IsaAddress,
  NicAddress,
  PciDeviceAddress,
  SpaprVioAddress,
  UnassignedAddress,
  UsbAddress,
  VirtioMmioAddress,
  VirtioSerialAddress,
  ZpciAddress,
} from './interface/address.js';
export type {
  GuestOffloads,
  HostdevDriver,
  HostOffloads,
  NicDriver,
  UnnamedDriver,
  VirtioDriver,
} from './interface/driver.js';
export type {
  BridgeNic,
  ClientNic,
  DirectNic,
  DomainInterfaceDocument,
  EthernetNic,
  HostdevNic,
  InternalNic,
  MulticastNic,
  NetworkNic,
  Nic,
  NullNic,
  ServerNic,
  UdpNic,
  UserNic,
  VdpaNic,
  VdsNic,
  VhostUserNic,
} from './interface/interface.js';
export type { NicIp } from './interface/ip.js';
export type {
  DeviceBoot,
  DeviceRom,
  NicMac,
  NicOptions,
  NicTarget,
  PersistentTeaming,
  Teaming,
  TransientTeaming,
} from './interface/options.js';
export type {
  BridgeSource,
  DirectSource,
  EthernetSource,
  HostAddress,
  HostdevSource,
  HostPciAddress,
  HostUsbAddress,
  HostUsbProductAddress,
  InternalSource,
  NetworkSource,
  ReconnectByDelay,
  ReconnectByTimeout,
  ServerSource,
  SocketSource,
  UdpSource,
  UserSource,
  VdpaSource,
  VdsSource,
  VhostUserReconnect,
  VhostUserSource,
} from './interface/source.js';
export type { NicBackend, PortForward, PortRange } from './interface/user.js';
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
export type {
  BridgePlug,
  DirectPlug,
  HostdevPlug,
  NetworkPortDocument,
  NetworkPortOwner,
  NetworkPortPlug,
  PlugAddress,
} from './network-port/network-port.js';
export type {
  ApCardCapability,
  ApMatrixCapability,
  ApQueueCapability,
  CcwCapability,
  CcwGroupCapability,
  CcwGroupMember,
  CcwGroupMemberCapability,
  ChannelAddress,
  CssCapability,
  QethCapability,
  QethGenericCapability,
  QethLayer2Capability,
  QethLayer3Capability,
} from './node-device/channel.js';
export type {
  HardwareId,
  MediatedType,
  MediatedTypesCapability,
  PciFunctionAddress,
} from './node-device/common.js';
export type {
  EthernetCapability,
  NetCapability,
  VdpaCapability,
  WirelessCapability,
} from './node-device/net.js';
export type {
  Devnode,
  NodeDeviceCapability,
  NodeDeviceDocument,
  NodeDeviceParent,
  ParentByFabric,
  ParentByName,
  ParentByPort,
} from './node-device/node-device.js';
export type {
  CardbusBridgeCapability,
  IommuGroup,
  PciBridgeCapability,
  PciCapability,
  PciExpressLink,
  PciSubcapability,
  PhysicalFunctionCapability,
  VirtualFunctionsCapability,
  VpdCapability,
  VpdReadOnlyFields,
  VpdReadWriteFields,
} from './node-device/pci.js';
export type {
  FibreChannelCapability,
  RemotePortCapability,
  ScsiCapability,
  ScsiGenericCapability,
  ScsiHostCapability,
  ScsiTargetCapability,
  VirtualPortsCapability,
} from './node-device/scsi.js';
export type {
  HotpluggableCapability,
  RemovableCapability,
  StorageCapability,
} from './node-device/storage.js';
export type {
  DrmCapability,
  MediatedDeviceCapability,
  SystemCapability,
  SystemFirmware,
  SystemHardware,
} from './node-device/system.js';
export type { UsbDeviceCapability, UsbInterfaceCapability } from './node-device/usb.js';
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
export type {
  AhIpv6Rule,
  AhRule,
  AllIpv6Rule,
  AllRule,
  ArpRule,
  EspIpv6Rule,
  EspRule,
  FilterRule,
  IcmpRule,
  Icmpv6Rule,
  IgmpRule,
  IpRule,
  Ipv6Rule,
  MacRule,
  RarpRule,
  SctpIpv6Rule,
  SctpRule,
  StpRule,
  TcpIpv6Rule,
  TcpRule,
  UdpIpv6Rule,
  UdpliteIpv6Rule,
  UdpliteRule,
  UdpRule,
  VlanRule,
} from './nwfilter/rule.js';
export type { FilterChain, TcpFlags, Variable } from './nwfilter/values.js';
export type { FilterBindingDocument } from './nwfilter-binding/binding.js';
export { type DocumentKind, type ParseDocumentOptions, parseDocument } from './parse-document.js';
export type { Untyped } from './untyped.js';
