// One port of a network. What it is is asked of libvirt each time: nothing here can be out of date.
import { type NetworkNicBandwidthOptions, networkNicBandwidth } from '../../build/bandwidth.js';
import type { Functions } from '../../native/functions.gen.js';
import type { NetworkPort as PortHandle } from '../../native/handles.js';
import { type Bandwidth, type NetworkPortDocument, parseNetworkPort } from '../../xml/index.js';
import { ask, askNow } from '../ask.js';
import { bandwidthParameters, readBandwidth } from '../bandwidth.js';
import { Found } from '../link.js';
import type { Network } from '../network.js';

/**
 * A port of a network that runs: what one NIC of a guest is plugged into. libvirt makes it when the NIC comes, and
 * deletes it when the NIC goes.
 *
 * Every method rejects with a LibvirtError; `NO_NETWORK_PORT` when the port has gone meanwhile.
 *
 * @see https://libvirt.org/formatnetworkport.html
 */
export class NetworkPort {
  /** Its UUID, with hyphens and in lower case. */
  readonly uuid: string;
  /** The network that it belongs to. */
  readonly network: Network;

  readonly #found: Found<PortHandle>;

  /** @internal */
  constructor(network: Network, handle: PortHandle) {
    this.network = network;
    this.#found = new Found(network.connection.link, handle, async (f, link) =>
      f.virNetworkPortLookupByUUIDString(await f.virNetworkLookupByUUIDString(link, network.uuid), this.uuid),
    );
    const asked = { action: 'name', object: `a port of network '${network.name}'` };
    this.uuid = askNow(asked, (functions) => functions.virNetworkPortGetUUIDString(handle));
  }

  /** libvirt's own description of it, as text. */
  xml(): Promise<string> {
    return this.#ask('describe', (functions, handle) => functions.virNetworkPortGetXMLDesc(handle, 0));
  }

  /** libvirt's own description of it, typed: the guest, the MAC address, and what it is plugged into. */
  async describe(): Promise<NetworkPortDocument> {
    return parseNetworkPort(await this.xml());
  }

  /** How fast traffic may flow, in libvirt's units; empty when it is not limited. */
  bandwidth(): Promise<Bandwidth>;
  /**
   * Limits how fast traffic may flow, anew as a whole; null takes all limits away. The document of the guest does not
   * change with it.
   *
   * ```ts
   * await port.bandwidth({ inbound: '10mbit', outbound: { average: '2mbit', burst: '64kb' } });
   * await port.bandwidth(); // { inbound: { average: 1250 }, outbound: { average: 250, burst: 64 } }
   * ```
   *
   * @throws TypeError or RangeError naming the rate that cannot be.
   */
  bandwidth(limits: NetworkNicBandwidthOptions | null): Promise<void>;
  async bandwidth(limits?: NetworkNicBandwidthOptions | null): Promise<unknown> {
    if (limits === undefined)
      return readBandwidth(
        await this.#ask('ask the bandwidth of', (f, handle) => f.virNetworkPortGetParameters(handle, 0)),
      );
    const parameters = bandwidthParameters(limits === null ? {} : networkNicBandwidth(limits, 'limits'));
    return this.#ask('set the bandwidth of', (f, handle) =>
      f.virNetworkPortSetParameters(handle, parameters, 0),
    );
  }

  /** Removes it: what it took of the network, such as a device or a share of the bandwidth, is free again. */
  delete(): Promise<void> {
    return this.#ask('delete', (functions, handle) => functions.virNetworkPortDelete(handle, 0));
  }

  #ask<T>(action: string, call: (functions: Functions, handle: PortHandle) => Promise<T>): Promise<T> {
    const object = `port ${this.uuid} of network '${this.network.name}'`;
    return ask({ action, object }, (functions) => this.#found.use(functions, call));
  }
}
