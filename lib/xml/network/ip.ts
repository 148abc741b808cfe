// <ip>: an address of the network's bridge, and the DHCP and TFTP servers that listen on it.
// https://libvirt.org/formatnetwork.html#addressing
import { addressFamily, ipAddress, ipv4Address } from '../address.js';
import { bigInteger, integer, macAddress, oneOf, string, yesNo } from '../codec.js';
import { attribute, element, type Infer, type Lacking, many, one, required, typed } from '../schema.js';

const leaseElement = element('lease', {
  /** `<lease expiry='0'>`: how long a lease lives, in `unit`; 0 for ever. */
  expiry: required(attribute('expiry', bigInteger(0n, 2n ** 64n - 1n))),
  /** `<lease unit='hours'>`: `minutes` when it is left out. */
  unit: attribute('unit', oneOf('seconds', 'minutes', 'hours')),
});

/** `<lease expiry='1' unit='hours'/>`: how long a lease lives. */
export interface DhcpLease extends Infer<typeof leaseElement> {}

const lease = typed<DhcpLease>(leaseElement);

const rangeElement = element('range', {
  /** `<range start='192.168.122.2'>` */
  start: required(attribute('start', ipAddress)),
  /** `<range end='192.168.122.254'>` */
  end: required(attribute('end', ipAddress)),
  /** `<lease expiry='1' unit='hours'/>` */
  lease: one(lease),
});

/** `<range start='…' end='…'/>`: addresses that the DHCP server leases. */
export interface DhcpRange extends Infer<typeof rangeElement> {}

/** `<range start='…' end='…'/>` */
export const dhcpRange = typed<DhcpRange>(rangeElement);

const hostElement = element('host', {
  /** `<host mac='00:16:3e:77:e2:ed'>`: IPv4 only. */
  mac: attribute('mac', macAddress),
  /** `<host id='0:3:0:1:0:16:3e:11:22:33'>`: the DUID; IPv6 only. */
  id: attribute('id', string),
  /** `<host name='foo.example.com'>` */
  name: attribute('name', string),
  /** `<host ip='192.168.122.10'>` */
  ip: required(attribute('ip', ipAddress)),
  /** `<lease expiry='1' unit='hours'/>` */
  lease: one(lease),
});

/** `<host mac='…' name='…' ip='…'/>`: an address that the DHCP server keeps for one guest. */
export interface DhcpHost extends Infer<typeof hostElement> {}

/** `<host mac='…' name='…' ip='…'/>` */
export const dhcpHost = typed<DhcpHost>(hostElement);

const dhcpElement = element('dhcp', {
  /** `<range start='192.168.122.2' end='192.168.122.254'/>`: the addresses to lease. */
  ranges: many(dhcpRange),
  /** `<host mac='00:16:3e:77:e2:ed' name='foo.example.com' ip='192.168.122.10'/>`: addresses kept for one guest. */
  hosts: many(dhcpHost),
  /** `<bootp file='pxelinux.0' server='10.0.0.1'/>`: what to boot from the network. */
  bootp: one(
    element('bootp', {
      /** `<bootp file='pxelinux.0'>` */
      file: required(attribute('file', string)),
      /** `<bootp server='10.0.0.1'>`: this host when it is left out. */
      server: attribute('server', string),
    }),
  ),
});

/** `<dhcp>…</dhcp>`: what a DHCP server leases. */
export interface NetworkDhcp extends Infer<typeof dhcpElement> {}

const ipElement = element(
  'ip',
  {
    /** `<ip family='ipv6'>`: `ipv4` when it is left out. */
    family: attribute('family', addressFamily),
    /** `<ip address='192.168.122.1'>`: the address of the bridge. */
    address: attribute('address', ipAddress),
    /** `<ip netmask='255.255.255.0'>`: IPv4 only, instead of `prefix`. */
    netmask: attribute('netmask', ipv4Address),
    /** `<ip prefix='24'>`: instead of `netmask`. */
    prefix: attribute('prefix', integer(0, 128)),
    /** `<ip localPtr='yes'>`: answer reverse DNS questions of this subnet without asking other servers. */
    localPtr: attribute('localPtr', yesNo),
    /** `<tftp root='/var/lib/tftp'/>` */
    tftp: one(
      element('tftp', {
        /** `<tftp root='/var/lib/tftp'>` */
        root: required(attribute('root', string)),
      }),
    ),
    /** `<dhcp>…</dhcp>`: a DHCP server on this address. */
    dhcp: one(typed<NetworkDhcp>(dhcpElement)),
  },
  { exclusive: [['netmask', 'prefix']], open: true },
);

/** A {@link NetworkIp} by its prefix, or by neither: then by the class of its address. */
export interface IpWithPrefix extends Lacking<typeof ipElement, 'netmask'> {}
/** A {@link NetworkIp} by its netmask. */
export interface IpWithNetmask extends Lacking<typeof ipElement, 'prefix'> {}

/**
 * `<ip address='192.168.122.1' prefix='24'>…</ip>`: an address of the network's bridge, by prefix or by netmask, and
 * what it serves.
 */
export type NetworkIp = IpWithPrefix | IpWithNetmask;

/** `<ip address='…' prefix='…'>…</ip>` */
export const ip = typed<NetworkIp>(ipElement);
