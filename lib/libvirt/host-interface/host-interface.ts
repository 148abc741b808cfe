// One network interface of the host. What it is is asked of libvirt each time: nothing here can be out of date.
import { virInterfaceXMLFlags } from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Interface } from '../../native/handles.js';
import { type HostInterfaceDocument, parseHostInterface } from '../../xml/index.js';
import { ask, askNow } from '../ask.js';
import type { Connection } from '../connection.js';
import { flagOptions } from '../flags.js';
import { Found } from '../link.js';

/** Which description of an interface. */
export interface DescribeHostInterfaceOptions {
  /** The configuration kept for the next start, instead of what it is now. */
  inactive?: boolean;
}

const describeFlags = flagOptions<DescribeHostInterfaceOptions>('a description', {
  inactive: virInterfaceXMLFlags.INACTIVE,
});

/**
 * An interface of the host: a NIC, bridge, bond or VLAN. It stays usable until its connection is closed.
 *
 * Every method rejects with a LibvirtError; `NO_INTERFACE` when the interface has gone meanwhile, `NO_SUPPORT` for
 * changes where libvirt only reads interfaces: Debian's does.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-interface.html
 */
export class HostInterface {
  /** Its name, such as `eth0` or `br0`. */
  readonly name: string;
  /** Its MAC address when it was found; undefined for one that has none. */
  readonly mac: string | undefined;

  readonly #connection: Connection;
  readonly #found: Found<Interface>;

  /** @internal */
  constructor(connection: Connection, handle: Interface) {
    this.#connection = connection;
    this.#found = new Found(connection.link, handle, (f, link) =>
      f.virInterfaceLookupByName(link, this.name),
    );
    const asked = { action: 'name', object: 'a host interface' };
    this.name = askNow(asked, (functions) => functions.virInterfaceGetName(handle));
    // It has no MAC address before its first start, such as a bridge that is defined.
    this.mac = askNow(asked, (functions) => functions.virInterfaceGetMACString(handle)) || undefined;
  }

  /** The connection it was found on. */
  get connection(): Connection {
    return this.#connection;
  }

  /** Starts it, as `ifup` does. */
  start(): Promise<void> {
    return this.#ask('start', (functions, handle) => functions.virInterfaceCreate(handle, 0));
  }

  /** Stops it at once, as `ifdown` does: what the host reached through it is out of reach. */
  destroy(): Promise<void> {
    return this.#ask('stop', (functions, handle) => functions.virInterfaceDestroy(handle, 0));
  }

  /** Removes its configuration. An interface that runs goes on until it is stopped. */
  undefine(): Promise<void> {
    return this.#ask('undefine', (functions, handle) => functions.virInterfaceUndefine(handle));
  }

  /** Whether it runs. */
  isActive(): Promise<boolean> {
    return this.#ask('ask the state of', (functions, handle) => functions.virInterfaceIsActive(handle));
  }

  /** libvirt's own description of it, as text. */
  async xml(options: DescribeHostInterfaceOptions = {}): Promise<string> {
    const flags = describeFlags(options, '');
    return this.#ask('describe', (functions, handle) => functions.virInterfaceGetXMLDesc(handle, flags));
  }

  /**
   * libvirt's own description of it, typed. Changed with a spread, it can be defined again.
   *
   * ```ts
   * const document = await eth0.describe({ inactive: true });
   * await connection.hostInterfaces.define({ ...document, mtu: { size: 9000 } });
   * ```
   */
  async describe(options: DescribeHostInterfaceOptions = {}): Promise<HostInterfaceDocument> {
    return parseHostInterface(await this.xml(options));
  }

  #ask<T>(action: string, call: (functions: Functions, handle: Interface) => Promise<T>): Promise<T> {
    return ask({ action, object: `host interface '${this.name}'` }, (functions) =>
      this.#found.use(functions, call),
    );
  }
}
