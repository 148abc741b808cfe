// One network filter. What it is is asked of libvirt each time: nothing here can be out of date.
import type { Functions } from '../../native/functions.gen.js';
import type { NWFilter } from '../../native/handles.js';
import { type FilterDocument, parseFilter } from '../../xml/index.js';
import { ask, askNow } from '../ask.js';
import type { Connection } from '../connection.js';
import { Found } from '../link.js';

/**
 * A network filter of a hypervisor: rules for the traffic of the NICs that refer to it.
 *
 * Every method rejects with a LibvirtError; `NO_NWFILTER` when the filter has gone meanwhile.
 *
 * @see https://libvirt.org/formatnwfilter.html
 */
export class Filter {
  /** Its name, unique on its host. */
  readonly name: string;
  /** Its UUID, with hyphens and in lower case. */
  readonly uuid: string;

  readonly #connection: Connection;
  readonly #found: Found<NWFilter>;

  /** @internal */
  constructor(connection: Connection, handle: NWFilter) {
    this.#connection = connection;
    this.#found = new Found(connection.link, handle, (f, link) =>
      f.virNWFilterLookupByUUIDString(link, this.uuid),
    );
    const asked = { action: 'name', object: 'a filter' };
    this.name = askNow(asked, (functions) => functions.virNWFilterGetName(handle));
    this.uuid = askNow(asked, (functions) => functions.virNWFilterGetUUIDString(handle));
  }

  /** The connection it was found on. */
  get connection(): Connection {
    return this.#connection;
  }

  /** libvirt's own description of it, as text. */
  xml(): Promise<string> {
    return this.#ask('describe', (functions, handle) => functions.virNWFilterGetXMLDesc(handle, 0));
  }

  /**
   * libvirt's own description of it, typed. Changed with a spread, it can be defined again; the ports that have
   * the filter follow at once.
   *
   * ```ts
   * const document = await filter.describe();
   * const more = build.rule.drop.out.tcp({ dstPortStart: 25 });
   * await connection.filters.define({ ...document, entries: [...(document.entries ?? []), more] });
   * ```
   */
  async describe(): Promise<FilterDocument> {
    return parseFilter(await this.xml());
  }

  /**
   * Removes it.
   *
   * @throws LibvirtError `OPERATION_INVALID` while a port or another filter refers to it.
   */
  undefine(): Promise<void> {
    return this.#ask('undefine', (functions, handle) => functions.virNWFilterUndefine(handle));
  }

  #ask<T>(action: string, call: (functions: Functions, handle: NWFilter) => Promise<T>): Promise<T> {
    return ask({ action, object: `filter '${this.name}'` }, (functions) => this.#found.use(functions, call));
  }
}
