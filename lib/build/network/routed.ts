// Networks whose guests are reached under their own addresses.
import type { NetworkDocument } from '../../xml/index.js';
import { deviceName } from '../names.js';
import { present } from '../present.js';
import { flag, record } from '../reader.js';
import { ELSEWHERE, type ForwardedNetworkOptions, forwardedFields, managedNetwork } from './managed.js';

/** A network whose guests are reached under their own addresses, through the host's routing and libvirt's firewall rules. */
export interface RoutedNetworkOptions extends ForwardedNetworkOptions {
  /** The only host device that traffic may leave and come in by. Default: any. */
  dev?: string;
  /** Whether guests may talk IPv6 to each other though the network has no IPv6 address. Default: false. */
  guestIpv6?: boolean;
}

const read = record<RoutedNetworkOptions>()(
  'a routed network',
  { ...forwardedFields, dev: deviceName, guestIpv6: flag },
  { ...ELSEWHERE, nat: 'a routed network translates no addresses; use build.network.nat' },
);

/**
 * A network whose guests reach the world, and are reached, under their own addresses: the host routes, and other
 * routers must know that it does.
 *
 * @example
 * ```ts
 * build.network.routed({ name: 'dmz', dev: 'eth0', ip: ['203.0.113.129/25', '2001:db8:7::1/64'] })
 * ```
 * ```xml
 * <network>
 *   <name>dmz</name>
 *   <forward dev='eth0' mode='route'/>
 *   <ip address='203.0.113.129' netmask='255.255.255.128'>
 *   </ip>
 *   <ip family='ipv6' address='2001:db8:7::1' prefix='64'>
 *   </ip>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ip[0]: 203.0.113.300/25 is not …`
 * @see https://libvirt.org/formatnetwork.html#routed-network-config
 */
export const routed = (options: RoutedNetworkOptions): NetworkDocument => {
  const { dev, guestIpv6, ...network } = read(options, '');
  return managedNetwork(network, { forward: present({ mode: 'route', dev }), ipv6: guestIpv6 });
};
