// <route>: a static route of the host (in a network) or of a guest (in an interface of a domain).
// https://libvirt.org/formatnetwork.html#static-routes

import { addressFamily, ipAddress, ipv4Address } from '../address.js';
import { integer } from '../codec.js';
import { attribute, element, type Lacking, required, typed } from '../schema.js';

const routeElement = element(
  'route',
  {
    /** `<route family='ipv6'>`: `ipv4` when it is left out. */
    family: attribute('family', addressFamily),
    /** `<route address='192.168.222.0'>`: the network to reach; libvirt 9 to 11 want it. */
    address: attribute('address', ipAddress),
    /** `<route netmask='255.255.255.0'>`: IPv4 only, instead of `prefix`. */
    netmask: attribute('netmask', ipv4Address),
    /** `<route prefix='24'>`: instead of `netmask`. */
    prefix: attribute('prefix', integer(0, 128)),
    /** `<route gateway='192.168.122.10'>`: the address that forwards there. */
    gateway: required(attribute('gateway', ipAddress)),
    /** `<route metric='2'>`: the lower, the more preferred; at least 1. */
    metric: attribute('metric', integer(0, 0xffffffff)),
  },
  { exclusive: [['netmask', 'prefix']] },
);

/** A {@link Route} by its prefix. */
export interface RouteWithPrefix extends Lacking<typeof routeElement, 'netmask'> {}
/** A {@link Route} by its netmask. */
export interface RouteWithNetmask extends Lacking<typeof routeElement, 'prefix'> {}

/** `<route address='192.168.222.0' prefix='24' gateway='192.168.122.10'/>`: a static route, by prefix or by netmask. */
export type Route = RouteWithPrefix | RouteWithNetmask;

/** `<route>` */
export const route = typed<Route>(routeElement);
