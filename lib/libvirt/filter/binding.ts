// One filter binding: a filter on a port of a guest.
import type { Functions } from '../../native/functions.gen.js';
import type { NWFilterBinding } from '../../native/handles.js';
import { type FilterBindingDocument, parseFilterBinding } from '../../xml/index.js';
import { ask, askNow } from '../ask.js';
import type { Connection } from '../connection.js';
import { Found } from '../link.js';

/**
 * A filter that is bound to a port. libvirt makes one for each NIC with a filter when its guest starts, and
 * deletes it with the port.
 *
 * Every method rejects with a LibvirtError; `NO_NWFILTER_BINDING` when the binding has gone meanwhile.
 *
 * @see https://libvirt.org/formatnwfilter.html
 */
export class FilterBinding {
  /** The device that the traffic is filtered on, such as `vnet0`: it has one binding at most. */
  readonly portDev: string;
  /** The name of the filter. */
  readonly filterName: string;

  readonly #connection: Connection;
  readonly #found: Found<NWFilterBinding>;

  /** @internal */
  constructor(connection: Connection, handle: NWFilterBinding) {
    this.#connection = connection;
    this.#found = new Found(connection.link, handle, (f, link) =>
      f.virNWFilterBindingLookupByPortDev(link, this.portDev),
    );
    const asked = { action: 'name', object: 'a filter binding' };
    this.portDev = askNow(asked, (functions) => functions.virNWFilterBindingGetPortDev(handle));
    this.filterName = askNow(asked, (functions) => functions.virNWFilterBindingGetFilterName(handle));
  }

  /** The connection it was found on. */
  get connection(): Connection {
    return this.#connection;
  }

  /** libvirt's own description of it, as text. */
  xml(): Promise<string> {
    return this.#ask('describe', (functions, handle) => functions.virNWFilterBindingGetXMLDesc(handle, 0));
  }

  /** libvirt's own description of it, typed: the guest, the port, the filter with the values of its variables. */
  async describe(): Promise<FilterBindingDocument> {
    return parseFilterBinding(await this.xml());
  }

  /** Takes the filter's rules off the port: its traffic is no longer filtered. */
  delete(): Promise<void> {
    return this.#ask('delete', (functions, handle) => functions.virNWFilterBindingDelete(handle));
  }

  #ask<T>(action: string, call: (functions: Functions, handle: NWFilterBinding) => Promise<T>): Promise<T> {
    return ask({ action, object: `filter binding of '${this.portDev}'` }, (functions) =>
      this.#found.use(functions, call),
    );
  }
}
