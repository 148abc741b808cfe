// The filter bindings of a connection: listed, found, created.
import { anyText } from '../../build/names.js';
import { virNWFilterBindingCreateFlags } from '../../native/constants.gen.js';
import type { FilterBindingDocument } from '../../xml/index.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';
import { documentAndText } from '../document.js';
import { flagOptions } from '../flags.js';
import { unlessMissing } from '../lookup.js';
import { refuseNewer } from '../newer.js';
import type { ValidateOptions } from '../options.js';
import { FilterBinding } from './binding.js';

const createFlags = flagOptions<ValidateOptions>('a binding', {
  validate: virNWFilterBindingCreateFlags.VALIDATE,
});

/** The filters that are bound to ports of guests at the moment. Needs libvirt 4.5. */
export class FilterBindings {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * All bindings, in libvirt's order.
   *
   * ```ts
   * for (const { portDev, filterName } of await connection.filterBindings.list())
   *   console.log(`${portDev} has ${filterName}`);
   * ```
   */
  async list(): Promise<FilterBinding[]> {
    const object = `connection ${this.#connection.name}`;
    const handles = await ask({ action: 'list the filter bindings of', object }, (functions) =>
      functions.virConnectListAllNWFilterBindings(this.#connection.link.handle, 0),
    );
    return handles.map((handle) => new FilterBinding(this.#connection, handle));
  }

  /**
   * The binding of a port, by the name of its device, such as `vnet0`.
   *
   * @throws LibvirtError `NO_NWFILTER_BINDING` when the port has none.
   */
  async get(portDev: string): Promise<FilterBinding> {
    const name = anyText(portDev, 'portDev');
    const handle = await ask({ action: 'get', object: `filter binding of '${name}'` }, (functions) =>
      functions.virNWFilterBindingLookupByPortDev(this.#connection.link.handle, name),
    );
    return new FilterBinding(this.#connection, handle);
  }

  /** The binding of a port, or undefined. */
  find(portDev: string): Promise<FilterBinding | undefined> {
    return unlessMissing('NO_NWFILTER_BINDING', this.get(portDev));
  }

  /**
   * Binds a filter to a port, whose device must be there already: its rules hold from now on.
   *
   * ```ts
   * await connection.filterBindings.create({
   *   kind: 'nwfilterBinding',
   *   owner: { name: 'web', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' },
   *   portDev: { name: 'vnet0' },
   *   mac: { address: '52:54:00:12:34:56' },
   *   filterRef: { filter: 'clean-traffic', parameters: [{ name: 'IP', value: '192.168.10.20' }] },
   * });
   * ```
   *
   * @param binding A document, or the text of one.
   * @throws LibvirtError `OPERATION_FAILED` for a port that has a binding; `INTERNAL_ERROR` for a filter that is
   *   not there.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-nwfilter.html#virNWFilterBindingCreateXML
   */
  async create(
    binding: FilterBindingDocument | string,
    options: ValidateOptions = {},
  ): Promise<FilterBinding> {
    const flags = createFlags(options, '');
    const { document, xml } = documentAndText('nwfilterBinding', binding);
    const asked = { action: 'create', object: `filter binding of '${document.portDev.name}'` };
    await refuseNewer(asked, document, this.#connection);
    const handle = await ask(asked, (functions) =>
      functions.virNWFilterBindingCreateXML(this.#connection.link.handle, xml, flags),
    );
    return new FilterBinding(this.#connection, handle);
  }
}
