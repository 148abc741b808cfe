// The events of one guest, for as long as something is waited for.
import { LibvirtError } from '../../errors.js';
import type { EventName, Events } from '../event-sources.js';
import type { Domain } from './domain.js';

type DomainEventName = {
  [Name in EventName]: Events[Name] extends { domain: Domain } ? Name : never;
}[EventName];

/** Events being heard. */
export interface Following {
  /** Resolves when they are, rejects when they cannot be. */
  readonly ready: Promise<void>;
  /** Rejects with what the listener throws, or why no more events can come. */
  readonly ended: Promise<never>;
}

/** Calls `hear` for each event of a guest until the signal is aborted. */
export function follow<Name extends DomainEventName>(
  domain: Domain,
  name: Name,
  signal: AbortSignal,
  hear: (event: Events[Name]) => void,
): Following {
  // Without a limit: other guests' events count too, and nobody is slow to take them here.
  const stream = domain.connection.events.watch(name, { signal, buffer: Number.MAX_SAFE_INTEGER });
  const listen = async (): Promise<never> => {
    for await (const event of stream) if (event.domain.uuid === domain.uuid) hear(event);
    const object = `domain '${domain.name}'`;
    throw new LibvirtError(`cannot wait for ${object}: its connection was closed`, {
      code: 'CONNECTION_CLOSED',
      object,
    });
  };
  const ended = listen();
  ended.catch(() => {});
  return { ready: stream.ready, ended };
}
