// The events of a connection: libvirt's callbacks under readable names, for listeners and for loops.
import { LibvirtError } from '../errors.js';
import {
  virConnectCloseReason,
  virNetworkEventID,
  virNetworkEventLifecycleType,
} from '../native/constants.gen.js';
import type { Connect, Network as NetworkHandle } from '../native/handles.js';
import { ask } from './ask.js';
import type { Connection } from './connection.js';
import { EventStream, type StreamOptions } from './event-stream.js';
import { Network } from './network.js';

/** What happened to a network. */
export type NetworkLifecycle = 'defined' | 'undefined' | 'started' | 'stopped';

/** A network was defined, undefined, started or stopped, by whomever. */
export interface NetworkLifecycleEvent {
  type: NetworkLifecycle;
  network: Network;
}

/** The title, the description or a metadata element of a network changed. Needs libvirt 9.8 on both sides. */
export interface NetworkMetadataEvent {
  type: 'title' | 'description' | 'element';
  /** The namespace of a metadata element. */
  uri: string | undefined;
  network: Network;
}

/** The connection ended without `close()`. */
export interface ClosedEvent {
  /** `eof`: the daemon ended; `keepalive`: it stopped answering; `client`: libvirt here closed it. */
  reason: 'error' | 'eof' | 'keepalive' | 'client';
}

/** The events by name. */
export interface Events {
  networkLifecycle: NetworkLifecycleEvent;
  networkMetadata: NetworkMetadataEvent;
  closed: ClosedEvent;
}

/** A listener that was added. Closing it, more than once if need be, removes it. */
export interface Subscription extends AsyncDisposable {
  close(): Promise<void>;
}

type Emit<Name extends keyof Events> = (event: Events[Name]) => void;

/** How an event is had from libvirt: registers, and resolves to how to take the registration back. */
type Source<Name extends keyof Events> = (
  connection: Connection,
  handle: Connect,
  emit: Emit<Name>,
) => Promise<() => Promise<void>>;

const sources: { [Name in keyof Events]: Source<Name> } = {
  networkLifecycle: (connection, handle, emit) =>
    networkSource(connection, handle, virNetworkEventID.LIFECYCLE, (network, event) => {
      const type = lowerCase(nameOf(virNetworkEventLifecycleType, event));
      emit({ type: type as NetworkLifecycle, network: new Network(connection, network) });
    }),
  networkMetadata: (connection, handle, emit) =>
    networkSource(connection, handle, virNetworkEventID.METADATA_CHANGE, (network, type, uri) => {
      const types = ['description', 'title', 'element'] as const;
      emit({ type: types[type] ?? 'element', uri, network: new Network(connection, network) });
    }),
  closed: async (connection, handle, emit) => {
    const object = `connection ${connection.name}`;
    const listener = (reason: number) =>
      emit({ reason: lowerCase(nameOf(virConnectCloseReason, reason)) as ClosedEvent['reason'] });
    const id = await ask({ action: 'listen for the end of', object }, (functions) =>
      functions.virConnectRegisterCloseCallback(handle, listener),
    );
    return () =>
      ask({ action: 'stop listening for the end of', object }, (functions) =>
        functions.virConnectUnregisterCloseCallback(handle, id),
      );
  },
};

async function networkSource(
  connection: Connection,
  handle: Connect,
  event: number,
  listener: (network: NetworkHandle, detail: number, text: string | undefined) => void,
): Promise<() => Promise<void>> {
  const object = `connection ${connection.name}`;
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

/**
 * Events of a connection, typed by name.
 *
 * A subscription keeps the process alive until it is closed, its loop is left, or the connection is closed.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkEventLifecycleType
 */
export class ConnectionEvents {
  readonly #connection: Connection;
  readonly #handle: Connect;
  readonly #streams = new Set<EventStream<unknown>>();

  /** @internal */
  constructor(connection: Connection, handle: Connect) {
    this.#connection = connection;
    this.#handle = handle;
  }

  /**
   * Calls `listener` for every event from now on; resolves when libvirt has taken the subscription.
   *
   * What the listener throws is an uncaught exception, as with any event emitter.
   *
   * ```ts
   * const subscription = await connection.events.on('networkLifecycle', ({ type, network }) =>
   *   console.log(`${network.name} ${type}`),
   * );
   * await subscription.close();
   * ```
   *
   * @throws LibvirtError `NO_SUPPORT` when the driver has no such events.
   */
  async on<Name extends keyof Events>(
    name: Name,
    listener: (event: Events[Name]) => void,
  ): Promise<Subscription> {
    if (typeof listener !== 'function') throw new TypeError('listener: not a function');
    const unsubscribe = await this.#subscribe(name, (event) => {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    });
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= this.#connection.closed ? Promise.resolve() : unsubscribe();
      return closed;
    };
    return { close, [Symbol.asyncDispose]: close };
  }

  /**
   * The events from now on, for a `for await` loop.
   *
   * ```ts
   * for await (const { type, network } of connection.events.watch('networkLifecycle', { signal }))
   *   console.log(`${network.name} ${type}`);
   * ```
   *
   * The loop ends when the connection is closed. It throws the signal's reason when that is aborted,
   * `CONNECTION_LOST` when the daemon is gone, `EVENTS_LOST` when events came faster than it took them.
   */
  watch<Name extends keyof Events>(name: Name, options: StreamOptions = {}): EventStream<Events[Name]> {
    const object = `connection ${this.#connection.name}`;
    const subscribe = async (stream: EventStream<Events[Name]>) => {
      this.#streams.add(stream as EventStream<unknown>);
      const unsubscribe = await this.#subscribe(name, (event) => stream.push(event));
      const stopListening = await this.#whenLost((reason) =>
        stream.fail(
          new LibvirtError(`the events of ${object} have ended: it was lost (${reason})`, {
            code: 'CONNECTION_LOST',
            object,
            hint: 'connect() again',
          }),
        ),
      );
      return () => {
        this.#streams.delete(stream as EventStream<unknown>);
        if (this.#connection.closed) return;
        // A lost connection cannot be told, and has forgotten the subscription anyway.
        Promise.all([unsubscribe(), stopListening()]).catch(() => {});
      };
    };
    const overflow = (buffer: number) =>
      new LibvirtError(
        `events of ${object} were lost: more than ${buffer} waited for the loop to take them`,
        {
          code: 'EVENTS_LOST',
          object,
          hint: 'take them faster, or give watch() a larger buffer',
        },
      );
    return new EventStream(subscribe, overflow, options);
  }

  /** Ends all loops, as the connection is closed. @internal */
  close(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  async #subscribe<Name extends keyof Events>(name: Name, emit: Emit<Name>): Promise<() => Promise<void>> {
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    if (!source) {
      const names = Object.keys(sources).join(', ');
      throw new TypeError(`name: there is no event '${String(name)}', there are ${names}`);
    }
    return source(this.#connection, this.#handle, emit);
  }

  /** Drivers within the process cannot be lost, and know no such event. */
  async #whenLost(listener: (reason: string) => void): Promise<() => Promise<void>> {
    try {
      return await this.#subscribe('closed', ({ reason }) => listener(reason));
    } catch (error) {
      if (error instanceof LibvirtError && error.code === 'NO_SUPPORT') return async () => {};
      throw error;
    }
  }
}

function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(table).find((name) => table[name] === value) ?? 'error';
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
