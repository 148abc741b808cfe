// The host's network interfaces: listed, found, defined, and changed in transactions.
import { anyText } from '../../build/names.js';
import { mac as unicastMac } from '../../build/network/mac.js';
import {
  virConnectListAllInterfacesFlags as list,
  virInterfaceDefineFlags,
} from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Connect, Interface } from '../../native/handles.js';
import type { HostInterfaceDocument } from '../../xml/index.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';
import { documentAndText } from '../document.js';
import { flagOptions } from '../flags.js';
import { unlessMissing } from '../lookup.js';
import { refuseNewer } from '../newer.js';
import type { ValidateOptions } from '../options.js';
import { HostInterfaceChange } from './change.js';
import { HostInterface } from './host-interface.js';

/** Which interfaces to list. What is left out does not matter. */
export interface HostInterfaceFilter {
  /** Running, or not. */
  active?: boolean;
}

/** How to look an interface up: by its name, or by its MAC address. */
export type HostInterfaceKey = string | { mac: string };

const filterFlags = flagOptions<HostInterfaceFilter>('a filter of host interfaces', {
  active: [list.ACTIVE, list.INACTIVE],
});

const defineFlags = flagOptions<ValidateOptions>('a definition', {
  validate: virInterfaceDefineFlags.VALIDATE,
});

/** The network interfaces of the host of a connection. */
export class HostInterfaces {
  /** The change that is under way, step by step; `transaction` takes all of them. */
  readonly change: HostInterfaceChange;

  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.change = new HostInterfaceChange(connection);
  }

  /**
   * The interfaces that fit, in libvirt's order; all without a filter.
   *
   * ```ts
   * for (const { name, mac } of await connection.hostInterfaces.list({ active: true })) console.log(name, mac);
   * ```
   */
  async list(filter: HostInterfaceFilter = {}): Promise<HostInterface[]> {
    const flags = filterFlags(filter, '');
    const asked = { action: 'list the host interfaces of', object: `connection ${this.#connection.name}` };
    const handles = await ask(asked, (functions) =>
      functions.virConnectListAllInterfaces(this.#connection.link.handle, flags),
    );
    return handles.map((handle) => new HostInterface(this.#connection, handle));
  }

  /**
   * The interface of that name or MAC address.
   *
   * @throws LibvirtError `NO_INTERFACE` when there is none, `MULTIPLE_INTERFACES` when several have the MAC address.
   */
  async get(key: HostInterfaceKey): Promise<HostInterface> {
    const { described, lookup } = checkedKey(key);
    const handle = await ask({ action: 'get', object: `host interface ${described}` }, (functions) =>
      lookup(functions, this.#connection.link.handle),
    );
    return new HostInterface(this.#connection, handle);
  }

  /** The interface of that name or MAC address, or undefined. */
  find(key: HostInterfaceKey): Promise<HostInterface | undefined> {
    return unlessMissing('NO_INTERFACE', this.get(key));
  }

  /**
   * Defines an interface, inactive at first; or redefines the one of the same name, which changes its configuration
   * and not what runs.
   *
   * ```ts
   * const br0 = await connection.hostInterfaces.define(
   *   build.hostInterface.bridge({ name: 'br0', start: 'onboot', ports: ['eth0'], ipv4: 'dhcp' }),
   * );
   * await br0.start();
   * ```
   *
   * @param definition A document, of a builder or written by hand, or the text of one.
   * @throws LibvirtError `NO_SUPPORT` where libvirt only reads interfaces.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-interface.html#virInterfaceDefineXML
   */
  async define(
    definition: HostInterfaceDocument | string,
    options: ValidateOptions = {},
  ): Promise<HostInterface> {
    const flags = defineFlags(options, '');
    const { document, xml } = documentAndText('hostInterface', definition);
    const object = document.name ? `host interface '${document.name}'` : 'a host interface';
    const asked = { action: 'define', object };
    await refuseNewer(asked, document, this.#connection);
    const handle = await ask(asked, (functions) =>
      functions.virInterfaceDefineXML(this.#connection.link.handle, xml, flags),
    );
    return new HostInterface(this.#connection, handle);
  }

  /**
   * Does some work on interfaces as a whole: makes it lasting when it succeeds, and comes back to the configuration
   * before when it fails.
   *
   * ```ts
   * await connection.hostInterfaces.transaction(async () => {
   *   const br0 = await connection.hostInterfaces.define(build.hostInterface.bridge({ name: 'br0', ports: ['eth0'] }));
   *   await br0.start();
   * });
   * ```
   *
   * @returns What the work gives.
   * @throws What the work throws, after it was rolled back; an AggregateError with both errors when that failed, too.
   * @throws LibvirtError `OPERATION_INVALID` when a change is under way; the work is not begun then.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (typeof work !== 'function') throw new TypeError('work: not a function');
    await this.change.begin();
    try {
      const result = await work();
      await this.change.commit();
      return result;
    } catch (error) {
      await this.#rollBackAfter(error);
      throw error;
    }
  }

  async #rollBackAfter(error: unknown): Promise<void> {
    try {
      await this.change.rollback();
    } catch (inTheEnd) {
      const why = inTheEnd instanceof Error ? inTheEnd.message : String(inTheEnd);
      throw new AggregateError(
        [error, inTheEnd],
        `a change of host interfaces failed and was not taken back: ${why}`,
        { cause: error },
      );
    }
  }
}

type Lookup = (functions: Functions, handle: Connect) => Promise<Interface>;

function checkedKey(key: HostInterfaceKey): { described: string; lookup: Lookup } {
  if (typeof key === 'string') {
    const name = anyText(key, 'name');
    return {
      described: `'${name}'`,
      lookup: (functions, handle) => functions.virInterfaceLookupByName(handle, name),
    };
  }
  const given: unknown = (key as { mac?: unknown } | null)?.mac;
  if (given === undefined) throw new TypeError('key: neither a name nor { mac }');
  const mac = unicastMac(given, 'mac');
  return {
    described: mac,
    lookup: (functions, handle) => functions.virInterfaceLookupByMACString(handle, mac),
  };
}
