// The network filters of a connection: listed, found, defined.
import { virNWFilterDefineFlags } from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Connect } from '../../native/handles.js';
import type { FilterDocument } from '../../xml/index.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';
import { documentAndText } from '../document.js';
import { flagOptions } from '../flags.js';
import { byNameOrUuid, unlessMissing } from '../lookup.js';
import { refuseNewer } from '../newer.js';
import type { ValidateOptions } from '../options.js';
import { Filter } from './filter.js';

/** How to look a filter up: by its name, or by its UUID. */
export type FilterKey = string | { uuid: string };

const defineFlags = flagOptions<ValidateOptions>('a definition', {
  validate: virNWFilterDefineFlags.VALIDATE,
});

const lookups = {
  byName: (name: string) => (functions: Functions, handle: Connect) =>
    functions.virNWFilterLookupByName(handle, name),
  byUuid: (uuid: string) => (functions: Functions, handle: Connect) =>
    functions.virNWFilterLookupByUUIDString(handle, uuid),
};

/** The network filters of a connection, libvirt's own such as `clean-traffic` among them. */
export class Filters {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * All filters, in libvirt's order.
   *
   * ```ts
   * for (const filter of await connection.filters.list()) console.log(filter.name);
   * ```
   */
  async list(): Promise<Filter[]> {
    const asked = { action: 'list the filters of', object: `connection ${this.#connection.name}` };
    const handles = await ask(asked, (functions) =>
      functions.virConnectListAllNWFilters(this.#connection.link.handle, 0),
    );
    return handles.map((handle) => new Filter(this.#connection, handle));
  }

  /**
   * The filter of that name or UUID.
   *
   * @throws LibvirtError `NO_NWFILTER` when there is none.
   */
  async get(key: FilterKey): Promise<Filter> {
    const { described, lookup } = byNameOrUuid(key, lookups);
    const handle = await ask({ action: 'get', object: `filter ${described}` }, (functions) =>
      lookup(functions, this.#connection.link.handle),
    );
    return new Filter(this.#connection, handle);
  }

  /** The filter of that name or UUID, or undefined. */
  find(key: FilterKey): Promise<Filter | undefined> {
    return unlessMissing('NO_NWFILTER', this.get(key));
  }

  /**
   * Defines a filter, or redefines the one of the same name and UUID: the ports that have it follow at once.
   *
   * ```ts
   * await connection.filters.define(
   *   build.filter({ name: 'no-smtp', entries: [build.rule.drop.out.tcp({ dstPortStart: 25 })] }),
   * );
   * ```
   *
   * @param filter A document, of a builder or written by hand, or the text of one.
   * @throws LibvirtError `OPERATION_FAILED` for a name that is taken by a filter of another UUID, or for filters
   *   that refer to each other in a circle.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-nwfilter.html#virNWFilterDefineXMLFlags
   */
  async define(filter: FilterDocument | string, options: ValidateOptions = {}): Promise<Filter> {
    const flags = defineFlags(options, '');
    const { document, xml } = documentAndText('nwfilter', filter);
    const asked = { action: 'define', object: `filter '${document.name}'` };
    await refuseNewer(asked, document, this.#connection);
    const handle = await ask(asked, (functions) =>
      // The function with flags is newer (7.7.0): it is needed only where a flag is.
      flags
        ? functions.virNWFilterDefineXMLFlags(this.#connection.link.handle, xml, flags)
        : functions.virNWFilterDefineXML(this.#connection.link.handle, xml),
    );
    return new Filter(this.#connection, handle);
  }
}
