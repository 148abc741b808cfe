// The public names of virtnet.
export * from './build/index.js';
export { type ErrorCode, type ErrorDomain, LibvirtError } from './errors.js';
export type { EventStream, Resync, StreamOptions } from './event-stream.js';
export type { Affect } from './libvirt/affect.js';
export type { Authenticate, Credential, CredentialType, NameAndPassword } from './libvirt/auth.js';
export { type ConnectOptions, connect, type KeepAlive } from './libvirt/connect.js';
export type { Connection, DomainCapabilitiesOptions } from './libvirt/connection.js';
export type {
  AddressOptions,
  ListAddressesOptions,
  WaitForAddressOptions,
} from './libvirt/domain/address-wait.js';
export type { AnnounceOptions } from './libvirt/domain/announce.js';
export type { Domain } from './libvirt/domain/domain.js';
export type {
  AgentLifecycleEvent,
  DeviceEvent,
  DomainEvent,
  DomainEvents,
  DomainLifecycle,
  DomainLifecycleDetail,
  DomainLifecycleEvent,
  DomainMetadataEvent,
  NicMacChangeEvent,
  TunableEvent,
} from './libvirt/domain/domain-events.js';
export type { DomainMetadata } from './libvirt/domain/domain-metadata.js';
export type {
  ConsoleOptions,
  DescribeDomainOptions,
  DestroyOptions,
  DomainStartOptions,
  GuestInfoOptions,
  HostnameOptions,
  ShutdownOptions,
  UndefineOptions,
} from './libvirt/domain/domain-options.js';
export type { DomainState, DomainStateWith } from './libvirt/domain/domain-state.js';
export type {
  CreateDomainOptions,
  DefineDomainOptions,
  DomainFilter,
  DomainKey,
  Domains,
} from './libvirt/domain/domains.js';
export type { AddressSource, GuestAddress } from './libvirt/domain/guest-address.js';
export type { GuestNic } from './libvirt/domain/guest-nic.js';
export type { DetachNicOptions, GuestNics, NicsOptions } from './libvirt/domain/guest-nics.js';
export type { NicChange, NicPatch } from './libvirt/domain/nic-change.js';
export type { NicShorthands } from './libvirt/domain/nic-shorthands.js';
export type {
  GuestNicStats,
  NicStats,
  NicTraffic,
  StatsFilter,
  TargetStats,
} from './libvirt/domain/nic-stats.js';
export type { ParameterValue } from './libvirt/domain/typed-parameters.js';
export type {
  ClosedEvent,
  ConnectionEvents,
  EventName,
  Events,
  NetworkLifecycle,
  NetworkLifecycleEvent,
  NetworkMetadataEvent,
  ReconnectedEvent,
  Subscription,
  WatchOptions,
} from './libvirt/events.js';
export type { FilterBinding } from './libvirt/filter/binding.js';
export type { FilterBindings } from './libvirt/filter/bindings.js';
export type { Filter } from './libvirt/filter/filter.js';
export type { FilterKey, Filters } from './libvirt/filter/filters.js';
export type { HostInterfaceChange } from './libvirt/host-interface/change.js';
export type { DescribeHostInterfaceOptions, HostInterface } from './libvirt/host-interface/host-interface.js';
export type {
  HostInterfaceFilter,
  HostInterfaceKey,
  HostInterfaces,
} from './libvirt/host-interface/host-interfaces.js';
export type { Lease } from './libvirt/lease.js';
export type { Metadata, MetadataOptions } from './libvirt/metadata.js';
export type { NetworkPort } from './libvirt/network/port.js';
export type { CreatePortOptions, NetworkPortKey, NetworkPorts } from './libvirt/network/ports.js';
export type {
  RemoveReservationOptions,
  Reservation,
  ReservationFilter,
  ReservationGuest,
  ReservationOptions,
  ReservationOwner,
} from './libvirt/network/reservation.js';
export type { Reservations } from './libvirt/network/reservations.js';
export type { DescribeOptions, Network, NetworkInfo } from './libvirt/network.js';
export type { NetworkMetadata } from './libvirt/network-metadata.js';
export type {
  NetworkPart,
  NetworkPartKeys,
  NetworkParts,
  UpdateAction,
  UpdateOptions,
  UpdateValue,
} from './libvirt/network-update.js';
export type { DefineOptions, NetworkFilter, NetworkKey, Networks } from './libvirt/networks.js';
export type { NodeDeviceCapabilityName } from './libvirt/node-device/capability.js';
export type {
  DescribeNodeDeviceOptions,
  DetachOptions,
  NodeDevice,
  UpdateNodeDeviceOptions,
} from './libvirt/node-device/node-device.js';
export type {
  NodeDeviceEvents,
  NodeDeviceLifecycle,
  NodeDeviceLifecycleEvent,
  NodeDeviceUpdateEvent,
} from './libvirt/node-device/node-device-events.js';
export type { NodeDeviceFilter, NodeDevices, VportNames } from './libvirt/node-device/node-devices.js';
export type { ValidateOptions } from './libvirt/options.js';
export type { Reconnect } from './libvirt/redial.js';
export type { WaitOptions } from './libvirt/waiting.js';
export * from './xml/index.js';
