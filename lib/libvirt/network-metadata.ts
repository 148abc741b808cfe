// The notes of a network.
import type { Functions } from '../native/functions.gen.js';
import type { Network as NetworkHandle } from '../native/handles.js';
import { Metadata } from './metadata.js';
import type { Network } from './network.js';

type Ask = <T>(
  action: string,
  call: (functions: Functions, handle: NetworkHandle) => Promise<T>,
) => Promise<T>;

/**
 * The notes of a network. Needs libvirt 9.7.0 here and at the other end: older ones reject with
 * `FUNCTION_MISSING` or `NO_SUPPORT`.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkSetMetadata
 */
export class NetworkMetadata extends Metadata {
  /** @internal */
  constructor(network: Network, ask: Ask) {
    super(network, {
      get: (action, ...which) =>
        ask(action, (functions, handle) => functions.virNetworkGetMetadata(handle, ...which)),
      set: (action, ...what) =>
        ask(action, (functions, handle) => functions.virNetworkSetMetadata(handle, ...what)),
      none: 'NO_NETWORK_METADATA',
    });
  }
}
