// <protocol>: how an interface of the host gets its addresses, for each family of addresses.
// https://libvirt.org/git/?p=libvirt.git;a=blob;f=src/conf/schemas/interface.rng
import { ipv4Address, ipv6Address } from '../address.js';
import { integer, oneOf, yesNo } from '../codec.js';
import { attribute, element, type Infer, many, one, required, typed, union } from '../schema.js';

const dhcpElement = element('dhcp', {
  /** `<dhcp peerdns='no'>`: whether to use the name servers that the DHCP server tells. */
  peerDns: attribute('peerdns', yesNo),
});

/** `<dhcp peerdns='no'/>`: addresses come from a DHCP server. */
export interface HostDhcp extends Infer<typeof dhcpElement> {}

const dhcp = typed<HostDhcp>(dhcpElement);

const ipv4Element = element(
  'protocol',
  {
    /** `<protocol family='ipv4'>` */
    family: required(attribute('family', oneOf('ipv4'))),
    /** `<dhcp peerdns='no'/>` */
    dhcp: one(dhcp),
    /** `<ip address='192.168.0.5' prefix='24'/>`: addresses of the interface. */
    ips: many(
      element('ip', {
        /** `<ip address='192.168.0.5'>` */
        address: required(attribute('address', ipv4Address)),
        /** `<ip prefix='24'>` */
        prefix: attribute('prefix', integer(0, 32)),
      }),
    ),
    /** `<route gateway='192.168.0.1'/>`: the default route. */
    route: one(
      element('route', {
        /** `<route gateway='192.168.0.1'/>` */
        gateway: required(attribute('gateway', ipv4Address)),
      }),
    ),
  },
  { open: true },
);

/** `<protocol family='ipv4'>…</protocol>`: the interface's IPv4 addresses and where they come from. */
export interface HostIpv4 extends Infer<typeof ipv4Element> {}

const ipv6Element = element(
  'protocol',
  {
    /** `<protocol family='ipv6'>` */
    family: required(attribute('family', oneOf('ipv6'))),
    /** `<autoconf/>`: addresses come from router advertisements; the value is an empty object. */
    autoconf: one(element('autoconf', {})),
    /** `<dhcp peerdns='no'/>` */
    dhcp: one(dhcp),
    /** `<ip address='2001:db8::5' prefix='64'/>`: addresses of the interface. */
    ips: many(
      element('ip', {
        /** `<ip address='2001:db8::5'>` */
        address: required(attribute('address', ipv6Address)),
        /** `<ip prefix='64'>` */
        prefix: attribute('prefix', integer(0, 128)),
      }),
    ),
    /** `<route gateway='2001:db8::1'/>`: the default route. */
    route: one(
      element('route', {
        /** `<route gateway='2001:db8::1'/>` */
        gateway: required(attribute('gateway', ipv6Address)),
      }),
    ),
  },
  { open: true },
);

/** `<protocol family='ipv6'>…</protocol>`: the interface's IPv6 addresses and where they come from. */
export interface HostIpv6 extends Infer<typeof ipv6Element> {}

/** `<protocol family='…'>…</protocol>`: the addresses of one family, told apart by `family`. */
export type HostProtocol = HostIpv4 | HostIpv6;

/** `<protocol family='ipv4'>…</protocol>` */
export const protocol = typed<HostProtocol>(union('family', [ipv4Element, ipv6Element]));
