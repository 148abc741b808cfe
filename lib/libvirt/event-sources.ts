// Where the events of a connection come from: for each a way to register with libvirt, used once a connection
// however many listen, because libvirt takes a callback once.
import {
  virConnectCloseReason,
  virNetworkEventID,
  virNetworkEventLifecycleType,
} from '../native/constants.gen.js';
import type { Connect, Network as NetworkHandle } from '../native/handles.js';
import { ask, requireLibvirt } from './ask.js';
import type { Connection } from './connection.js';
import { type DomainEvents, domainRegisters } from './domain/domain-events.js';
import type { Link } from './link.js';
import { Network } from './network.js';
import { type NodeDeviceEvents, nodeDeviceRegisters } from './node-device/node-device-events.js';

/** What happened to a network. */
export type NetworkLifecycle = 'defined' | 'undefined' | 'started' | 'stopped';

/** A network was defined, undefined, started or stopped, by whomever. */
export interface NetworkLifecycleEvent {
  /** What happened to it. */
  type: NetworkLifecycle;
  /** The network; one that is gone still has its name and UUID. */
  network: Network;
}

/** The title, the description or a metadata element of a network changed. Needs libvirt 9.8 on both sides. */
export interface NetworkMetadataEvent {
  /** What changed. */
  type: 'title' | 'description' | 'element';
  /** The namespace of a metadata element. */
  uri: string | undefined;
  /** The network that it belongs to. */
  network: Network;
}

/** The connection ended without `close()`. */
export interface ClosedEvent {
  /** `eof`: the daemon ended; `keepalive`: it stopped answering; `client`: libvirt here closed it. */
  reason: 'error' | 'eof' | 'keepalive' | 'client';
}

/** A connection that was lost was made anew, by `reconnect`. */
export interface ReconnectedEvent {
  /** When it was lost. What happened since then was not heard. */
  since: Date;
}

/** The events by name. */
export interface Events extends DomainEvents, NodeDeviceEvents {
  /** A network was defined, undefined, started or stopped. */
  networkLifecycle: NetworkLifecycleEvent;
  /** What is noted on a network changed. */
  networkMetadata: NetworkMetadataEvent;
  /** The connection was lost. */
  closed: ClosedEvent;
  /** The connection is there again after a loss. */
  reconnected: ReconnectedEvent;
}

/** The name of an event. */
export type EventName = keyof Events;

type Emit<Event> = (event: Event) => void;

/** Takes a registration back. */
export type Release = () => Promise<void>;

/** How an event is had from libvirt: registers, and resolves to how to take the registration back. */
export type Register<Event> = (
  connection: Connection,
  handle: Connect,
  emit: Emit<Event>,
) => Promise<Release>;

/** How each of some events is had. */
export type Registers<Events> = { readonly [Name in keyof Events]: Register<Events[Name]> };

const registers: Registers<Events> = {
  networkLifecycle: (connection, handle, emit) =>
    registerForNetworks(connection, handle, virNetworkEventID.LIFECYCLE, (network, event) => {
      const type = nameOf(virNetworkEventLifecycleType, event) as NetworkLifecycle;
      emit({ type, network: new Network(connection, network) });
    }),
  networkMetadata: async (connection, handle, emit) => {
    requireLibvirt(
      '9.8.0',
      { action: 'listen for networkMetadata on', object: nameFor(connection) },
      'virConnectNetworkEventRegisterAny',
    );
    return registerForNetworks(
      connection,
      handle,
      virNetworkEventID.METADATA_CHANGE,
      (network, type, uri) => {
        const types = ['description', 'title', 'element'] as const;
        emit({ type: types[type] ?? 'element', uri, network: new Network(connection, network) });
      },
    );
  },
  ...domainRegisters,
  ...nodeDeviceRegisters,
  closed: async (connection, handle, emit) => {
    const listener = (reason: number) =>
      emit({ reason: nameOf(virConnectCloseReason, reason) as ClosedEvent['reason'] });
    const id = await ask({ action: 'listen for the end of', object: nameFor(connection) }, (functions) =>
      functions.virConnectRegisterCloseCallback(handle, listener),
    );
    return () =>
      ask({ action: 'stop listening for the end of', object: nameFor(connection) }, (functions) =>
        functions.virConnectUnregisterCloseCallback(handle, id),
      );
  },
  // Not libvirt's: the connection knows it.
  reconnected: async () => async () => {},
};

async function registerForNetworks(
  connection: Connection,
  handle: Connect,
  event: number,
  listener: (network: NetworkHandle, detail: number, text: string | undefined) => void,
): Promise<Release> {
  const object = nameFor(connection);
  const id = await ask({ action: 'listen for networks on', object }, (functions) =>
    functions.virConnectNetworkEventRegisterAny(
      handle,
      null,
      event,
      (network: NetworkHandle, detail: number, more: number | string | null) =>
        listener(network, detail, typeof more === 'string' ? more : undefined),
    ),
  );
  return () =>
    ask({ action: 'stop listening for networks on', object }, (functions) =>
      functions.virConnectNetworkEventDeregisterAny(handle, id),
    );
}

/** A registration with a connection that is not the one in use yet. */
export interface Renewal {
  /** Whether there was an event already, which nobody was told. */
  heard(): boolean;
  /** Takes the place of the registration before: those who listen hear of what happens from now on. */
  take(): void;
}

/** One event of one connection, shared by all who listen to it. */
export class EventSource<Event> {
  readonly #register: (handle: Connect, emit: Emit<Event>) => Promise<Release>;
  readonly #link: Link;
  readonly #listeners = new Set<{ emit: Emit<Event> }>();
  #registration: Promise<Release> | undefined;
  /** The end of the registration before: libvirt refuses a second one meanwhile. */
  #released: Promise<void> = Promise.resolve();

  constructor(link: Link, register: (handle: Connect, emit: Emit<Event>) => Promise<Release>) {
    this.#link = link;
    this.#register = register;
  }

  /** Resolves, when events are heard, to how to stop listening. */
  async add(emit: Emit<Event>): Promise<Release> {
    const listener = { emit };
    this.#listeners.add(listener);
    // Of now, also when the end of the registration before takes its time: one made anew has its own by then.
    const { handle } = this.#link;
    this.#registration ??= this.#released.then(() => this.#register(handle, (event) => this.tell(event)));
    const registration = this.#registration;
    try {
      await registration;
    } catch (error) {
      if (this.#registration === registration) this.#registration = undefined;
      void this.#remove(listener);
      throw error;
    }
    return () => this.#remove(listener);
  }

  /** Tells all who listen. */
  tell(event: Event): void {
    for (const each of [...this.#listeners]) each.emit(event);
  }

  /** Registers with a connection that may take the place of the lost one, for those who listen; tells them nothing yet. */
  async renew(handle: Connect): Promise<Renewal> {
    let taken = false;
    let early = false;
    const tell = (event: Event) => {
      if (taken) this.tell(event);
      else early = true;
    };
    const registration =
      this.#listeners.size > 0 ? Promise.resolve(await this.#register(handle, tell)) : undefined;
    return {
      heard: () => early,
      take: () => {
        taken = true;
        // What was registered before is gone with its connection.
        this.#registration = registration;
        this.#released = Promise.resolve();
        this.#releaseUnheard();
      },
    };
  }

  /** Forgets everything: the connection was closed, and its registrations with it. */
  close(): void {
    this.#listeners.clear();
    this.#registration = undefined;
  }

  #remove(listener: { emit: Emit<Event> }): Promise<void> {
    this.#listeners.delete(listener);
    this.#releaseUnheard();
    return this.#released;
  }

  #releaseUnheard(): void {
    if (this.#listeners.size > 0 || !this.#registration) return;
    // A lost connection cannot be told, and has forgotten the registration anyway.
    this.#released = this.#registration.then((release) => release()).catch(() => {});
    this.#registration = undefined;
  }
}

/** The sources of a connection. */
export type EventSources = { readonly [Name in EventName]: EventSource<Events[Name]> };

export function eventSources(connection: Connection): EventSources {
  const source = <Name extends EventName>(name: Name): EventSource<Events[Name]> =>
    new EventSource(connection.link, (handle, emit) => registers[name](connection, handle, emit));
  const names = Object.keys(registers) as EventName[];
  return Object.fromEntries(names.map((name) => [name, source(name)])) as unknown as EventSources;
}

function nameFor(connection: Connection): string {
  return `connection ${connection.name}`;
}

function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return (Object.keys(table).find((name) => table[name] === value) ?? 'error').toLowerCase();
}
