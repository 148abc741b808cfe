// Static routes of the host: networks that are reached through a guest.
// https://libvirt.org/formatnetwork.html#static-routes
import { integer } from '../../xml/codec.js';
import type { Route } from '../../xml/index.js';
import {
  type Cidr,
  contains,
  formatCidr,
  formatIp,
  type IpAddress,
  networkOf,
  sameIp,
} from '../address/index.js';
import { present } from '../present.js';
import { coded, list, needed, type Reader, record, refuseDuplicates } from '../reader.js';
import type { NetworkAddress } from './ip.js';
import { anyAddress, cidr } from './subnet.js';

/** A route that the host gets while the network is up. */
export interface RouteOptions {
  /** The subnet to reach: `'192.168.222.0/24'`. */
  destination: string;
  /** The guest that forwards there: an address in one of the network's subnets. */
  gateway: string;
  /** Among routes to the same destination the lowest wins: 1 to 2^32-1. Default: libvirt's, 1. */
  metric?: number;
}

interface ReadRoute {
  readonly destination: Cidr;
  readonly gateway: IpAddress;
  readonly metric?: number;
}

const route: Reader<ReadRoute> = record<RouteOptions>()('a route', {
  destination: needed(cidr),
  gateway: needed(anyAddress),
  metric: coded(integer(1, 0xffffffff)),
});

const checkItself = ({ destination, gateway }: ReadRoute, path: string): void => {
  const network = networkOf(destination);
  if (!sameIp(network, destination)) {
    throw new RangeError(
      `${path}.destination: ${formatCidr(destination)} is an address in a subnet; the subnet is ${formatCidr(network)}`,
    );
  }
  if (gateway.family !== destination.family) {
    throw new RangeError(
      `${path}.gateway: ${formatIp(gateway)} cannot forward to ${formatCidr(destination)}: other family`,
    );
  }
};

const check = (route: ReadRoute, path: string, addresses: readonly NetworkAddress[]): void => {
  const { gateway } = route;
  checkItself(route, path);
  if (!addresses.some(({ subnet }) => contains(subnet, gateway))) {
    const subnets = addresses.map(({ subnet }) => formatCidr(networkOf(subnet))).join(', ');
    throw new RangeError(
      `${path}.gateway: ${formatIp(gateway)} is in none of the network's subnets (${subnets || 'it has none'})`,
    );
  }
  const own = addresses.find(({ subnet }) => sameIp(subnet, gateway));
  if (own)
    throw new RangeError(`${path}.gateway: ${formatIp(gateway)} is the network's own address (${own.path})`);
};

const routes = list(route);

const documentsOf = (all: readonly ReadRoute[], path: string): readonly Route[] => {
  const keyOf = ({ destination, metric }: ReadRoute) =>
    `${formatCidr(destination)} with metric ${metric ?? 1}`;
  refuseDuplicates(all, path, 'the destination', keyOf);
  return all.map(({ destination, gateway, metric }) =>
    present({
      family: destination.family === 'ipv6' ? destination.family : undefined,
      address: formatIp(destination),
      prefix: destination.prefix,
      gateway: formatIp(gateway),
      metric,
    }),
  );
};

/** The `<route>` elements of a network with these addresses. */
export const routesOf = (
  value: unknown,
  path: string,
  addresses: readonly NetworkAddress[],
): readonly Route[] => {
  const all = routes(value, path);
  for (const [i, one] of all.entries()) check(one, `${path}[${i}]`, addresses);
  return documentsOf(all, path);
};

/** The `<route>` elements of one end of a NIC. */
export const nicRoutes: Reader<readonly Route[]> = (value, path) => {
  const all = routes(value, path);
  for (const [i, one] of all.entries()) checkItself(one, `${path}[${i}]`);
  return documentsOf(all, path);
};
