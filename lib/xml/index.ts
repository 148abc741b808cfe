// The XML layer as users see it: documents as typed values, read from text and written to it.
export type { Bandwidth, BandwidthRate } from './common/bandwidth.js';
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
  parseHostInterface,
  parseNetwork,
  parseNodeDevice,
  toXML,
  untyped,
} from './documents.js';
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
  ApCardCapability,
  ApMatrixCapability,
  ApQueueCapability,
  CcwCapability,
  CcwGroupCapability,
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
export { type ParseDocumentOptions, parseDocument } from './parse-document.js';
export type { Untyped } from './untyped.js';
