// The events of guests: their life, their devices, their agent.
import {
  virConnectDomainEventAgentLifecycleReason,
  virConnectDomainEventAgentLifecycleState,
  virDomainEventCrashedDetailType,
  virDomainEventDefinedDetailType,
  virDomainEventID,
  virDomainEventPMSuspendedDetailType,
  virDomainEventResumedDetailType,
  virDomainEventShutdownDetailType,
  virDomainEventStartedDetailType,
  virDomainEventStoppedDetailType,
  virDomainEventSuspendedDetailType,
  virDomainEventType,
  virDomainEventUndefinedDetailType,
  virDomainMetadataType,
} from '../../native/constants.gen.js';
import type { Connect, Domain as DomainHandle, TypedParameter } from '../../native/handles.js';
import { ask, requireLibvirt } from '../ask.js';
import type { Connection } from '../connection.js';
import type { Register, Registers, Release } from '../event-sources.js';
import { type NameIn, nameIn } from '../names.js';
import { Domain } from './domain.js';
import { type ParameterValue, readParameters } from './typed-parameters.js';

const details = {
  defined: virDomainEventDefinedDetailType,
  undefined: virDomainEventUndefinedDetailType,
  started: virDomainEventStartedDetailType,
  suspended: virDomainEventSuspendedDetailType,
  resumed: virDomainEventResumedDetailType,
  stopped: virDomainEventStoppedDetailType,
  shutdown: virDomainEventShutdownDetailType,
  pmsuspended: virDomainEventPMSuspendedDetailType,
  crashed: virDomainEventCrashedDetailType,
} as const satisfies Record<NameIn<typeof virDomainEventType>, Readonly<Record<string, number>>>;

/**
 * What happened to a guest.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventType
 * @useDeclaredType
 */
export type DomainLifecycle = keyof typeof details | 'unknown';

/** An event of one guest. */
export interface DomainEvent {
  /** The guest; one that is gone still has its name and UUID. */
  domain: Domain;
}

/**
 * How something came to happen to a guest.
 *
 * @useDeclaredType
 */
export type DomainLifecycleDetail =
  | { [Type in keyof typeof details]: NameIn<(typeof details)[Type]> }[keyof typeof details]
  | 'unknown';

/** A guest was defined, undefined, started, suspended, resumed, stopped …, by whomever. */
export interface DomainLifecycleEvent extends DomainEvent {
  /** What happened to it. */
  type: DomainLifecycle;
  /** How that came: `destroyed` or `shutdown` of a guest that stopped, `booted` of one that started. */
  detail: DomainLifecycleDetail;
}

/** A device of a guest was added or removed, or was to be removed. */
export interface DeviceEvent extends DomainEvent {
  /** The device's name in its guest, as in `net0`: `domain.nics.list()` gives the NICs'. */
  alias: string;
}

/** The title, the description or a metadata element of a guest changed. */
export interface DomainMetadataEvent extends DomainEvent {
  /** What changed. */
  type: NameIn<typeof virDomainMetadataType> | 'unknown';
  /** The namespace of a metadata element. */
  uri: string | undefined;
}

/** Limits of a guest were changed while it runs. */
export interface TunableEvent extends DomainEvent {
  /** The limits by libvirt's names, as in `cputune.vcpu_quota`. */
  parameters: Readonly<Record<string, ParameterValue>>;
}

/** The guest agent can be asked from now on, or not any more. */
export interface AgentLifecycleEvent extends DomainEvent {
  /** Whether the agent answers. */
  state: NameIn<typeof virConnectDomainEventAgentLifecycleState> | 'unknown';
  /** `channel`: the agent opened or closed it; `domainStarted`: the guest was started with it. */
  reason: NameIn<typeof virConnectDomainEventAgentLifecycleReason>;
}

/** A guest gave one of its NICs another MAC address. Needs libvirt 11.2 on both sides. */
export interface NicMacChangeEvent extends DomainEvent {
  /** The NIC's name in its guest. */
  alias: string;
  /** The address that it had. */
  before: string;
  /** The address that it has. */
  after: string;
}

/** The events of guests by name. */
export interface DomainEvents {
  /** A guest was defined, undefined, started, suspended, resumed, stopped … */
  domainLifecycle: DomainLifecycleEvent;
  /** A guest rebooted. */
  domainReboot: DomainEvent;
  /** A running guest has got a device. */
  deviceAdded: DeviceEvent;
  /** A running guest has let go of a device. */
  deviceRemoved: DeviceEvent;
  /** A running guest has refused to let go of a device. */
  deviceRemovalFailed: DeviceEvent;
  /** What is noted on a guest changed. */
  domainMetadata: DomainMetadataEvent;
  /** Limits of a running guest changed. */
  tunable: TunableEvent;
  /** The guest agent came or went. */
  agentLifecycle: AgentLifecycleEvent;
  /** A guest gave a NIC another MAC address. */
  nicMacChange: NicMacChangeEvent;
}

type Text = string | null;

/** A row: libvirt's number, and what to make of what libvirt tells beside the guest. */
const event =
  <Event extends DomainEvent, Told extends readonly unknown[]>(
    id: number,
    read: (...told: Told) => Omit<Event, 'domain'>,
    since?: string,
  ): Register<Event> =>
  (connection, handle, emit) => {
    if (since !== undefined) {
      const asked = { action: 'listen to guests on', object: `connection ${connection.name}` };
      requireLibvirt(since, asked, 'virConnectDomainEventRegisterAny');
    }
    return register(connection, handle, id, (domain, ...told) =>
      emit({ ...read(...(told as unknown as Told)), domain: new Domain(connection, domain) } as Event),
    );
  };

const device = (id: number): Register<DeviceEvent> =>
  event<DeviceEvent, [Text]>(id, (alias) => ({ alias: alias ?? '' }));

export const domainRegisters: Registers<DomainEvents> = {
  domainLifecycle: event<DomainLifecycleEvent, [number, number]>(
    virDomainEventID.LIFECYCLE,
    (number, detail) => {
      const type = nameIn(virDomainEventType, number);
      return { type, detail: type === 'unknown' ? type : nameIn(details[type], detail) };
    },
  ),
  domainReboot: event<DomainEvent, []>(virDomainEventID.REBOOT, () => ({})),
  deviceAdded: device(virDomainEventID.DEVICE_ADDED),
  deviceRemoved: device(virDomainEventID.DEVICE_REMOVED),
  deviceRemovalFailed: device(virDomainEventID.DEVICE_REMOVAL_FAILED),
  domainMetadata: event<DomainMetadataEvent, [number, Text]>(
    virDomainEventID.METADATA_CHANGE,
    (type, uri) => ({
      type: nameIn(virDomainMetadataType, type),
      uri: uri ?? undefined,
    }),
  ),
  tunable: event<TunableEvent, [readonly TypedParameter[]]>(virDomainEventID.TUNABLE, (parameters) => ({
    parameters: readParameters(parameters),
  })),
  agentLifecycle: event<AgentLifecycleEvent, [number, number]>(
    virDomainEventID.AGENT_LIFECYCLE,
    (state, reason) => ({
      state: nameIn(virConnectDomainEventAgentLifecycleState, state),
      reason: nameIn(virConnectDomainEventAgentLifecycleReason, reason),
    }),
  ),
  nicMacChange: event<NicMacChangeEvent, [Text, Text, Text]>(
    virDomainEventID.NIC_MAC_CHANGE,
    (alias, before, after) => ({ alias: alias ?? '', before: before ?? '', after: after ?? '' }),
    '11.2.0',
  ),
};

async function register(
  connection: Connection,
  handle: Connect,
  event: number,
  listener: (domain: DomainHandle, ...told: readonly unknown[]) => void,
): Promise<Release> {
  const object = `connection ${connection.name}`;
  const id = await ask({ action: 'listen to guests on', object }, (functions) =>
    functions.virConnectDomainEventRegisterAny(handle, null, event, listener),
  );
  return () =>
    ask({ action: 'stop listening to guests on', object }, (functions) =>
      functions.virConnectDomainEventDeregisterAny(handle, id),
    );
}
