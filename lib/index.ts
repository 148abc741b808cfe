// The public names of virtnet.
export * from './build/index.js';
export { type ErrorCode, type ErrorDomain, LibvirtError } from './errors.js';
export type { Authenticate, Credential, CredentialType, NameAndPassword } from './libvirt/auth.js';
export { type ConnectOptions, connect, type KeepAlive } from './libvirt/connect.js';
export type { Connection, DomainCapabilitiesOptions } from './libvirt/connection.js';
export type { EventStream, StreamOptions } from './libvirt/event-stream.js';
export type {
  ClosedEvent,
  ConnectionEvents,
  Events,
  NetworkLifecycle,
  NetworkLifecycleEvent,
  NetworkMetadataEvent,
  Subscription,
} from './libvirt/events.js';
export type { Lease } from './libvirt/lease.js';
export type { DescribeOptions, Network } from './libvirt/network.js';
export type { MetadataOptions, NetworkMetadata } from './libvirt/network-metadata.js';
export type {
  Affect,
  NetworkPart,
  NetworkParts,
  UpdateAction,
  UpdateOptions,
  UpdateValue,
} from './libvirt/network-update.js';
export type { DefineOptions, NetworkFilter, NetworkKey, Networks } from './libvirt/networks.js';
export * from './xml/index.js';
