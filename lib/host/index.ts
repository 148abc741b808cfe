// The public names of virtnet/host.

export type { Address, AddressFilter, AddressFlag, Scope } from './address.js';
export type { Addresses, AddressOptions } from './addresses.js';
export type { NewBridge } from './bridge-changes.js';
export type { BridgeVlan } from './bridge-vlan.js';
export type { Bridge, Bridges, Port } from './bridges.js';
export type { Capabilities, Capability } from './capabilities.js';
export { type Asked, KernelError, type Refusal } from './error.js';
export type { FdbEntry, FdbOptions, ForwardingTable } from './fdb.js';
export type { ByteChunks } from './frame/byte-source.js';
export type { CapturedFrame } from './frame/captured-frame.js';
export * from './frame/index.js';
export {
  type CapturedPacket,
  type CaptureInterface,
  pcapngInterface,
  pcapngPacket,
  pcapngSection,
  pcapngStatistics,
} from './frame/pcapng.js';
export { readCapture } from './frame/read-capture.js';
export { Host, host } from './host.js';
export type { Link, LinkBase, LinkOf } from './link.js';
export type { LinkChanges } from './link-changes.js';
export type { LinkFilter, LinkKey, Links } from './links.js';
export type {
  MulticastFilter,
  MulticastFlag,
  MulticastGroup,
  MulticastGroups,
  MulticastKey,
  MulticastOptions,
  MulticastSource,
} from './multicast-groups.js';
export type { NamedNamespace, NetworkNamespaces } from './namespaces.js';
export type { Neighbour, NeighbourFilter, NeighbourState } from './neighbour.js';
export type { NeighbourOptions, Neighbours } from './neighbours.js';
export type { LacpFacts } from './netlink/bond.js';
export type { PeerOptions, PriorityMapping, VlanFlag, VxlanPorts } from './netlink/kind-rows.js';
export type {
  BondFacts,
  BondMemberFacts,
  BondMemberOptions,
  BondOptions,
  BridgeFacts,
  BridgeOptions,
  BridgePortFacts,
  BridgePortOptions,
  FactsByKind,
  GeneveFacts,
  GeneveOptions,
  Gre6Facts,
  Gre6Options,
  GreFacts,
  GreOptions,
  Ip6tnlFacts,
  Ip6tnlOptions,
  IpipFacts,
  IpipOptions,
  IpvlanFacts,
  IpvlanOptions,
  KindFacts,
  KindOptions,
  LinkKind,
  MacvlanFacts,
  MacvlanOptions,
  NoOptions,
  OptionsByKind,
  SitFacts,
  SitOptions,
  TunFacts,
  VethOptions,
  VlanFacts,
  VlanOptions,
  VrfFacts,
  VrfOptions,
  VxlanFacts,
  VxlanOptions,
} from './netlink/kinds.js';
export type { LinkFlag, LinkSettings, LinkStatistics } from './netlink/link.js';
export type { VirtualFunctionStatistics } from './netlink/virtual-function.js';
export type { CreatableKind, NewLink, NewLinkSettings } from './new-link.js';
export type { NewRoute } from './new-route.js';
export type { PortVlan, PortVlanOptions, PortVlans, PortVlanTable, VlanRange } from './port-vlans.js';
export type { Family } from './prefix.js';
export type { HostProcess } from './process.js';
export type {
  NextHop,
  Route,
  RouteMetrics,
  RoutePreference,
  RouteProtocol,
  RouteTable,
  RouteType,
} from './route.js';
export type { RoutedPacket } from './routed-packet.js';
export type { RouteFilter, Routes } from './routes.js';
export type { NewRule, Rule } from './rule.js';
export type { Rules } from './rules.js';
export type { VirtualFunctionCapacity } from './sriov.js';
export type { TakeOverOptions } from './take-over.js';
export { Batch } from './tap/batch.js';
export type { PartOfBatch } from './tap/batch-part.js';
export type { CaptureOptions, CaptureStream } from './tap/capture.js';
export type { FrameDevice } from './tap/device.js';
export type { DeviceEvents } from './tap/events.js';
export type { BatchSize, DeviceOptions, TunOptions } from './tap/options.js';
export type { FrameStatistics } from './tap/queue.js';
export type { DeviceSettings, DeviceState, EbpfProgram, FilterInstruction } from './tap/settings.js';
export { Tap } from './tap/tap.js';
export { Tun } from './tap/tun.js';
export {
  type GsoType,
  readVirtioHeader,
  VIRTIO_HEADER_LENGTH,
  type VirtioHeader,
  writeVirtioHeader,
} from './tap/virtio-header.js';
export type { NewTap, NewTapSettings, TapLink, Taps } from './taps.js';
export type { Gathering, Transaction } from './transaction.js';
export type { VirtualFunction, VirtualFunctionSettings, VirtualFunctionVlan } from './virtual-function.js';
export type { VirtualFunctions } from './virtual-functions.js';
export type { Change, WatchedType, WatchOptions } from './watch.js';
export type { Watchable } from './watched.js';
