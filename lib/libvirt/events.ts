// The events of a connection, for listeners and for loops.
import { coded, flag, record } from '../build/reader.js';
import { LibvirtError } from '../errors.js';
import { EventStream, type Resync, type StreamOptions } from '../event-stream.js';
import type { Connect } from '../native/handles.js';
import { uncaught } from '../uncaught.js';
import { integer } from '../xml/codec.js';
import type { Connection } from './connection.js';
import {
  type EventName,
  type EventSource,
  type EventSources,
  type Events,
  eventSources,
  type Renewal,
} from './event-sources.js';
import { abortSignal } from './options.js';

export type {
  ClosedEvent,
  EventName,
  Events,
  NetworkLifecycle,
  NetworkLifecycleEvent,
  NetworkMetadataEvent,
  ReconnectedEvent,
} from './event-sources.js';

/** A listener that was added. Closing it, more than once if need be, removes it. */
export interface Subscription extends AsyncDisposable {
  /** Removes the listener, which hears nothing from then on. */
  close(): Promise<void>;
}

/** What a stream of events does beside {@link StreamOptions}. */
export interface WatchOptions extends StreamOptions {
  /**
   * Go on after a loss of a connection that is made anew by `reconnect`, with an item `{ type: 'resync', since }` in the
   * place of what was not heard. Without it, or when the attempts are used up, the loop ends with `CONNECTION_LOST`.
   */
  resync?: boolean | undefined;
}

const readStreamOptions = record<WatchOptions>()('a stream of events', {
  signal: abortSignal,
  buffer: coded(integer(1, Number.MAX_SAFE_INTEGER), 'events'),
  resync: flag,
});

/**
 * Events of a connection, typed by name.
 *
 * A subscription keeps the process alive until it is closed, its loop is left, or the connection is closed.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkEventLifecycleType
 */
export class ConnectionEvents {
  readonly #connection: Connection;
  readonly #sources: EventSources;
  readonly #streams = new Set<EventStream<unknown>>();
  /** Those streams that outlive a loss. */
  readonly #resyncing = new Set<EventStream<Resync>>();

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#sources = eventSources(connection);
  }

  /**
   * Calls `listener` for every event from now on; resolves when libvirt has taken the subscription.
   *
   * What the listener throws is an uncaught exception, as with any event emitter; other listeners are called
   * all the same.
   *
   * ```ts
   * const subscription = await connection.events.on('networkLifecycle', ({ type, network }) =>
   *   console.log(`${network.name} ${type}`),
   * );
   * await subscription.close();
   * ```
   *
   * @throws LibvirtError `NO_SUPPORT` when the driver has no such events, `FUNCTION_MISSING` when libvirt is older
   *   than them.
   * @throws TypeError for a name that no event has.
   */
  async on<Name extends EventName>(
    name: Name,
    listener: (event: Events[Name]) => void,
  ): Promise<Subscription> {
    const source = this.#source(name);
    if (typeof listener !== 'function') throw new TypeError('listener: not a function');
    const remove = await this.#listen(source, (event) => {
      try {
        listener(event);
      } catch (error) {
        uncaught(error);
      }
    });
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= remove();
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
   * `CONNECTION_LOST` when the daemon is gone (see `resync`), `EVENTS_LOST` when events came faster than it took them.
   *
   * @throws TypeError or RangeError for a name that no event has, or an option that cannot be.
   */
  watch<Name extends EventName>(
    name: Name,
    options: WatchOptions & { resync: true },
  ): EventStream<Events[Name] | Resync>;
  watch<Name extends EventName>(name: Name, options?: WatchOptions): EventStream<Events[Name]>;
  watch<Name extends EventName>(name: Name, options: WatchOptions = {}): EventStream<Events[Name] | Resync> {
    const source = this.#source(name);
    const { signal, buffer, resync = false } = readStreamOptions(options, '');
    const object = `connection ${this.#connection.name}`;
    const outlives = resync && this.#connection.reconnects;
    const subscribe = async (stream: EventStream<Events[Name] | Resync>) => {
      const all = stream as EventStream<unknown>;
      this.#streams.add(all);
      if (outlives) this.#resyncing.add(stream as EventStream<Resync>);
      const removers: (() => Promise<void>)[] = [];
      const unsubscribe = () => {
        this.#streams.delete(all);
        this.#resyncing.delete(stream as EventStream<Resync>);
        for (const remove of removers) void remove();
      };
      const lose = ({ reason }: Events['closed']) => stream.fail(lost(object, reason));
      try {
        if (!outlives) removers.push(await this.#sources.closed.add(lose));
        removers.push(await this.#listen(source, (event) => stream.push(event)));
      } catch (error) {
        unsubscribe();
        throw error;
      }
      return unsubscribe;
    };
    return new EventStream(subscribe, (size) => overflow(object, size), { signal, buffer });
  }

  /** Calls `listener` whenever the connection is lost. @internal */
  async onLoss(listener: () => void): Promise<void> {
    await this.#sources.closed.add(listener);
  }

  /** Listens on a connection that may take the place of the lost one. @internal */
  async renew(handle: Connect, since: Date): Promise<Renewal> {
    const { closed, ...others } = this.#sources;
    // First and alone: libvirt (9.0) never frees a connection of which another call hears that it is lost just as
    // this is registered.
    const end = await closed.renew(handle);
    const each = await Promise.all(Object.values(others).map((source) => source.renew(handle)));
    return {
      // Everything else that happened before is part of the gap.
      heard: () => end.heard(),
      take: () => {
        for (const renewal of [end, ...each]) renewal.take();
        for (const stream of this.#resyncing) stream.push(Object.freeze({ type: 'resync', since }));
        this.#sources.reconnected.tell({ since });
      },
    };
  }

  /** Ends the loops that outlived the loss: there will be no other connection. @internal */
  lose(): void {
    const error = lost(`connection ${this.#connection.name}`, 'and all attempts to make it anew failed');
    for (const stream of this.#resyncing) stream.fail(error);
  }

  /** Ends all loops, as the connection is closed. @internal */
  close(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
    for (const source of Object.values(this.#sources)) source.close();
  }

  /** A connection that is lost already brings no events, not even that of its end. */
  async #listen<Event>(
    source: EventSource<Event>,
    emit: (event: Event) => void,
  ): Promise<() => Promise<void>> {
    const remove = await source.add(emit);
    try {
      if (!(await this.#connection.isAlive())) throw lost(`connection ${this.#connection.name}`, 'eof');
    } catch (error) {
      await remove();
      throw error;
    }
    return remove;
  }

  #source<Name extends EventName>(name: Name): EventSource<Events[Name]> {
    if (Object.hasOwn(this.#sources, name)) return this.#sources[name];
    const names = Object.keys(this.#sources).join(', ');
    throw new TypeError(`name: there is no event '${String(name)}', there are ${names}`);
  }
}

function lost(object: string, why: string): LibvirtError {
  const hint = 'connect() again';
  return new LibvirtError(`the events of ${object} have ended: it was lost, ${why} (${hint})`, {
    code: 'CONNECTION_LOST',
    object,
    hint,
  });
}

function overflow(object: string, buffer: number): LibvirtError {
  const hint = 'take them faster, or give watch() a larger buffer';
  return new LibvirtError(
    `events of ${object} were lost: more than ${buffer} waited for the loop to take them (${hint})`,
    { code: 'EVENTS_LOST', object, hint },
  );
}
