// What becomes of a device that a guest is asked to let go of: the guest answers when it likes to, by an event.
import { LibvirtError } from '../../errors.js';
import type { Events } from '../event-sources.js';
import type { EventStream } from '../event-stream.js';
import type { Domain } from './domain.js';

/** How a removal ended: the guest let go of the device or refuses to, or is not there any more. */
export type Removal = 'removed' | 'refused' | 'stopped';

/** Hears what a guest does with its devices, from the moment that `ready` resolves. */
export class RemovalWatch {
  readonly #domain: Domain;
  readonly #removed: EventStream<Events['deviceRemoved']>;
  readonly #refused: EventStream<Events['deviceRemovalFailed']>;
  readonly #lifecycle: EventStream<Events['domainLifecycle']>;

  constructor(domain: Domain, signal: AbortSignal) {
    const { events } = domain.connection;
    // A buffer without end: other guests' devices may come and go while this side asks for the removal.
    const options = { signal, buffer: Number.MAX_SAFE_INTEGER };
    this.#domain = domain;
    this.#removed = events.watch('deviceRemoved', options);
    this.#refused = events.watch('deviceRemovalFailed', options);
    this.#lifecycle = events.watch('domainLifecycle', options);
  }

  async ready(): Promise<void> {
    await Promise.all([this.#removed.ready, this.#refused.ready, this.#lifecycle.ready]);
  }

  /** Resolves when one of the events has told how it ended. */
  outcome(alias: string): Promise<Removal> {
    return Promise.race([
      this.#until(this.#removed, 'removed', (event) => event.alias === alias),
      this.#until(this.#refused, 'refused', (event) => event.alias === alias),
      this.#until(this.#lifecycle, 'stopped', ({ type }) => type === 'stopped' || type === 'crashed'),
    ]);
  }

  async #until<Event extends { domain: Domain }>(
    stream: EventStream<Event>,
    outcome: Removal,
    tells: (event: Event) => boolean,
  ): Promise<Removal> {
    for await (const event of stream)
      if (event.domain.uuid === this.#domain.uuid && tells(event)) return outcome;
    const object = `domain '${this.#domain.name}'`;
    throw new LibvirtError(`cannot wait for ${object}: its connection was closed`, {
      code: 'CONNECTION_CLOSED',
      object,
    });
  }
}
