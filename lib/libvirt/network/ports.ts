// The ports of a network: listed, found, created.
import { virNetworkPortCreateFlags } from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Network as NetworkHandle } from '../../native/handles.js';
import type { NetworkPortDocument } from '../../xml/index.js';
import { type Asked, ask } from '../ask.js';
import { documentAndText } from '../document.js';
import { flagOptions } from '../flags.js';
import type { Found } from '../link.js';
import { unlessMissing, uuidOf } from '../lookup.js';
import type { Network } from '../network.js';
import { refuseNewer } from '../newer.js';
import type { ValidateOptions } from '../options.js';
import { NetworkPort } from './port.js';

/** How to look a port up: by its UUID. */
export interface NetworkPortKey {
  /** With or without hyphens. */
  uuid: string;
}

/** How a port is created. */
export interface CreatePortOptions extends ValidateOptions {
  /** Take the device that the document plugs in for taken already, and choose none. */
  reclaim?: boolean;
}

const createFlags = flagOptions<CreatePortOptions>('a port', {
  validate: virNetworkPortCreateFlags.VALIDATE,
  reclaim: virNetworkPortCreateFlags.RECLAIM,
});

/**
 * The ports of a network that runs: one for each NIC of a guest that is plugged into it. Needs libvirt 5.5; the test
 * driver has none.
 *
 * Every method rejects with a LibvirtError: `OPERATION_INVALID` when the network does not run.
 *
 * @see https://libvirt.org/formatnetworkport.html
 */
export class NetworkPorts {
  readonly #network: Network;
  readonly #found: Found<NetworkHandle>;

  /** @internal */
  constructor(network: Network, found: Found<NetworkHandle>) {
    this.#network = network;
    this.#found = found;
  }

  /**
   * All ports, in libvirt's order.
   *
   * ```ts
   * for (const port of await network.ports.list()) console.log((await port.describe()).owner.name);
   * ```
   */
  async list(): Promise<NetworkPort[]> {
    const asked = { action: 'list the ports of', object: `network '${this.#network.name}'` };
    const handles = await this.#ask(asked, (functions, handle) =>
      functions.virNetworkListAllPorts(handle, 0),
    );
    return handles.map((handle) => new NetworkPort(this.#network, handle));
  }

  /**
   * The port of that UUID.
   *
   * @throws LibvirtError `NO_NETWORK_PORT` when there is none.
   */
  async get(key: NetworkPortKey): Promise<NetworkPort> {
    const uuid = uuidOf(key, 'not { uuid }');
    const handle = await this.#ask(this.#asked('get', uuid), (functions, handle) =>
      functions.virNetworkPortLookupByUUIDString(handle, uuid),
    );
    return new NetworkPort(this.#network, handle);
  }

  /** The port of that UUID, or undefined. */
  find(key: NetworkPortKey): Promise<NetworkPort | undefined> {
    return unlessMissing('NO_NETWORK_PORT', this.get(key));
  }

  /**
   * Takes a port, as libvirt does for a NIC: the network decides what it is plugged into.
   *
   * ```ts
   * const port = await network.ports.create({
   *   kind: 'networkPort',
   *   uuid: crypto.randomUUID(),
   *   owner: { name: 'web', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' },
   *   mac: { address: '52:54:00:12:34:56' },
   * });
   * (await port.describe()).plug; // { type: 'network', bridge: 'virbr0' }
   * ```
   *
   * @param port A document, or the text of one.
   * @throws LibvirtError `NETWORK_PORT_EXIST` for a UUID that a port has, and why the network has nothing to plug into.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkPortCreateXML
   */
  async create(port: NetworkPortDocument | string, options: CreatePortOptions = {}): Promise<NetworkPort> {
    const flags = createFlags(options, '');
    const { document, xml } = documentAndText('networkPort', port);
    const asked = this.#asked('create', document.uuid);
    await refuseNewer(asked, document, this.#network.connection);
    const handle = await this.#ask(asked, (functions, handle) =>
      functions.virNetworkPortCreateXML(handle, xml, flags),
    );
    return new NetworkPort(this.#network, handle);
  }

  #asked(action: string, uuid: string): Asked {
    return { action, object: `port ${uuid} of network '${this.#network.name}'` };
  }

  #ask<T>(asked: Asked, call: (functions: Functions, handle: NetworkHandle) => Promise<T>): Promise<T> {
    return ask(asked, (functions) => this.#found.use(functions, call));
  }
}
