// Changes of the host's interfaces that can be taken back, also by somebody who is no longer reached by them.
import type { Functions } from '../../native/functions.gen.js';
import type { Connect } from '../../native/handles.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';

/**
 * The change of the host's interfaces that is under way: one at a time, whoever began it. It outlives its connection:
 * where a change has cut the host off, a restart of the host rolls it back.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-interface.html#virInterfaceChangeBegin
 */
export class HostInterfaceChange {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Keeps the configuration as it is now, to come back to.
   *
   * @throws LibvirtError `OPERATION_INVALID` when a change is under way; `NO_SUPPORT` where libvirt only reads
   *   interfaces.
   */
  begin(): Promise<void> {
    return this.#ask('begin', (functions, handle) => functions.virInterfaceChangeBegin(handle, 0));
  }

  /** Makes what was changed since `begin()` lasting. */
  commit(): Promise<void> {
    return this.#ask('commit', (functions, handle) => functions.virInterfaceChangeCommit(handle, 0));
  }

  /** Comes back to the configuration at `begin()`. */
  rollback(): Promise<void> {
    return this.#ask('roll back', (functions, handle) => functions.virInterfaceChangeRollback(handle, 0));
  }

  #ask(action: string, call: (functions: Functions, handle: Connect) => Promise<void>): Promise<void> {
    const object = `a change of the host interfaces of connection ${this.#connection.name}`;
    return ask({ action, object }, (functions) => call(functions, this.#connection.link.handle));
  }
}
