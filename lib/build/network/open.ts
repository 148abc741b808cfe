// Routed networks whose traffic libvirt leaves alone.
import type { NetworkDocument } from '../../xml/index.js';
import { record } from '../reader.js';
import { ELSEWHERE, type ForwardedNetworkOptions, forwardedFields, managedNetwork } from './managed.js';

/** A routed network for which libvirt makes no firewall rules. */
export type OpenNetworkOptions = ForwardedNetworkOptions;

const read = record<OpenNetworkOptions>()('an open network', forwardedFields, {
  ...ELSEWHERE,
  dev: 'libvirt would enforce the device by firewall rules, and makes none for an open network; use build.network.routed',
  nat: 'an open network translates no addresses; use build.network.nat',
});

/**
 * A routed network for which libvirt makes no firewall rules: what may pass is up to the host's own firewall.
 *
 * @example
 * ```ts
 * build.network.open({ name: 'ci', ip: '10.30.0.1/16', mtu: 9000 })
 * ```
 * ```xml
 * <network>
 *   <name>ci</name>
 *   <forward mode='open'/>
 *   <mtu size='9000'/>
 *   <ip address='10.30.0.1' netmask='255.255.0.0'>
 *   </ip>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ip: 10.30.0.1 is not …`
 * @see https://libvirt.org/formatnetwork.html#connectivity
 */
export const open = (options: OpenNetworkOptions): NetworkDocument =>
  managedNetwork(read(options, ''), { forward: { mode: 'open' } });
