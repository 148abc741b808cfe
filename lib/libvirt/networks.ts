// The networks of a connection: listed, found, defined, created.
import { coded, flag, record } from '../build/reader.js';
import {
  virConnectListAllNetworksFlags as list,
  virNetworkCreateFlags,
  virNetworkDefineFlags,
} from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';
import type { Connect, Network as NetworkHandle } from '../native/handles.js';
import { oneOf } from '../xml/codec.js';
import type { NetworkDocument } from '../xml/index.js';
import { type Asked, ask } from './ask.js';
import type { Connection } from './connection.js';
import { documentAndText } from './document.js';
import { flagOptions } from './flags.js';
import { byNameOrUuid, unlessMissing } from './lookup.js';
import { Network } from './network.js';
import { refuseNewer } from './newer.js';
import { refuseOverlap } from './overlap.js';

/** Which networks to list. What is left out does not matter. */
export interface NetworkFilter {
  /** Running, or not. */
  active?: boolean;
  /** With a configuration that survives a stop, or without. */
  persistent?: boolean;
  /** Started with the daemon, or not. */
  autostart?: boolean;
}

/** How to look a network up: by its name, or by its UUID. */
export type NetworkKey = string | { uuid: string };

/** What is checked before a network is defined or created. */
export interface DefineOptions {
  /** Have libvirt check the document against its grammar first. */
  validate?: boolean;
  /**
   * What to do when an address range or the bridge is one of another network's: refuse it (if not given),
   * or let libvirt find out when it is started.
   */
  overlap?: 'refuse' | 'allow';
}

const filterFlags = flagOptions<NetworkFilter>('a filter of networks', {
  active: [list.ACTIVE, list.INACTIVE],
  persistent: [list.PERSISTENT, list.TRANSIENT],
  autostart: [list.AUTOSTART, list.NO_AUTOSTART],
});

const readDefineOptions = record<DefineOptions>()('a definition', {
  validate: flag,
  overlap: coded(oneOf('refuse', 'allow')),
});

const lookups = {
  byName: (name: string) => (functions: Functions, handle: Connect) =>
    functions.virNetworkLookupByName(handle, name),
  byUuid: (uuid: string) => (functions: Functions, handle: Connect) =>
    functions.virNetworkLookupByUUIDString(handle, uuid),
};

/** The networks of a connection. */
export class Networks {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * The networks that fit, in libvirt's order; all without a filter.
   *
   * ```ts
   * for (const network of await connection.networks.list({ active: true })) console.log(network.name);
   * ```
   */
  async list(filter: NetworkFilter = {}): Promise<Network[]> {
    const flags = filterFlags(filter, '');
    return this.#list(
      { action: 'list the networks of', object: `connection ${this.#connection.name}` },
      flags,
    );
  }

  /**
   * The network of that name or UUID.
   *
   * @throws LibvirtError `NO_NETWORK` when there is none.
   */
  async get(key: NetworkKey): Promise<Network> {
    const { described, lookup } = byNameOrUuid(key, lookups);
    const handle = await ask({ action: 'get', object: `network ${described}` }, (functions) =>
      lookup(functions, this.#connection.link.handle),
    );
    return new Network(this.#connection, handle);
  }

  /** The network of that name or UUID, or undefined. */
  find(key: NetworkKey): Promise<Network | undefined> {
    return unlessMissing('NO_NETWORK', this.get(key));
  }

  /**
   * Defines a network that persists, inactive at first; or redefines the one of the same name and UUID,
   * which changes its configuration and not what runs.
   *
   * ```ts
   * const lan = await connection.networks.define(
   *   build.network.nat({ name: 'lan', ip: { cidr: '192.168.10.1/24', dhcp: true } }),
   * );
   * await lan.start();
   * ```
   *
   * @param network A document, of a builder or written by hand, or the text of one.
   * @throws LibvirtError `OVERLAP` naming both networks; `FIELD_TOO_NEW` for a field that the libvirt at the
   *   other end would drop; `OPERATION_FAILED` for a name that is taken.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkDefineXMLFlags
   */
  define(network: NetworkDocument | string, options: DefineOptions = {}): Promise<Network> {
    return this.#add('define', network, options, (functions, xml, validate) =>
      // The function with flags is newer (7.7.0): it is needed only where a flag is.
      validate
        ? functions.virNetworkDefineXMLFlags(
            this.#connection.link.handle,
            xml,
            virNetworkDefineFlags.VALIDATE,
          )
        : functions.virNetworkDefineXML(this.#connection.link.handle, xml),
    );
  }

  /**
   * Starts a network that is gone when it is stopped: its configuration is not kept.
   *
   * @param network A document, of a builder or written by hand, or the text of one.
   * @throws LibvirtError, TypeError, RangeError or XmlError as `define` does, and why it could not start.
   * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkCreateXMLFlags
   */
  create(network: NetworkDocument | string, options: DefineOptions = {}): Promise<Network> {
    return this.#add('create', network, options, (functions, xml, validate) =>
      validate
        ? functions.virNetworkCreateXMLFlags(
            this.#connection.link.handle,
            xml,
            virNetworkCreateFlags.VALIDATE,
          )
        : functions.virNetworkCreateXML(this.#connection.link.handle, xml),
    );
  }

  async #add(
    action: string,
    network: NetworkDocument | string,
    options: DefineOptions,
    call: (functions: Functions, xml: string, validate: boolean) => Promise<NetworkHandle>,
  ): Promise<Network> {
    const { validate = false, overlap = 'refuse' } = readDefineOptions(options, '');
    const { document, xml } = documentAndText('network', network);
    const asked = { action, object: `network '${document.name}'` };
    await refuseNewer(asked, document, this.#connection);
    const add = async () =>
      new Network(this.#connection, await ask(asked, (functions) => call(functions, xml, validate)));
    if (overlap === 'allow') return add();
    // Of two that overlap with each other the second is to find the first.
    return this.#connection.changes.run('networks', async () => {
      await refuseOverlap(action, document, await this.#list(asked, 0));
      return add();
    });
  }

  async #list(asked: Asked, flags: number): Promise<Network[]> {
    const handles = await ask(asked, (functions) =>
      functions.virConnectListAllNetworks(this.#connection.link.handle, flags),
    );
    return handles.map((handle) => new Network(this.#connection, handle));
  }
}
