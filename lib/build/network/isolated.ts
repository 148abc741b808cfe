// Networks without a way out.
import type { NetworkDocument } from '../../xml/index.js';
import { flag, record } from '../reader.js';
import { ELSEWHERE, type ManagedNetworkOptions, managedFields, managedNetwork } from './managed.js';

/** A network without a way out: guests reach each other, and the host if the network has an address. */
export interface IsolatedNetworkOptions extends ManagedNetworkOptions {
  /** Whether guests may talk IPv6 to each other though the network has no IPv6 address. Default: false. */
  guestIpv6?: boolean;
}

const read = record<IsolatedNetworkOptions>()(
  'an isolated network',
  { ...managedFields, guestIpv6: flag },
  {
    ...ELSEWHERE,
    dev: 'an isolated network has no way out; routed, nat and open have',
    nat: 'an isolated network has no way out; use build.network.nat',
  },
);

/**
 * A network without a way out: its guests reach each other, and the host if the network has an address.
 *
 * @example
 * ```ts
 * build.network.isolated({ name: 'backend', ip: { cidr: '10.20.0.1/24', dhcp: { range: '10.20.0.100-10.20.0.199' } } })
 * ```
 * ```xml
 * <network>
 *   <name>backend</name>
 *   <ip address='10.20.0.1' netmask='255.255.255.0'>
 *     <dhcp>
 *       <range start='10.20.0.100' end='10.20.0.199'/>
 *     </dhcp>
 *   </ip>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ip.cidr: 10.20.0.300/24 is not …`
 * @see https://libvirt.org/formatnetwork.html#isolated-network-config
 */
export const isolated = (options: IsolatedNetworkOptions): NetworkDocument => {
  const { guestIpv6, ...network } = read(options, '');
  return managedNetwork(network, { ipv6: guestIpv6 });
};
