// <ip>: an address of a NIC, in the guest or on the host's end.
// https://libvirt.org/formatdomain.html#ip-configuration
import { addressFamily, ipAddress } from '../address.js';
import { integer } from '../codec.js';
import { attribute, element, type Infer, required, typed } from '../schema.js';

const ipElement = element('ip', {
  /** `<ip address='192.168.122.5'>` */
  address: required(attribute('address', ipAddress)),
  /** `<ip family='ipv4'>`: `ipv4` when it is left out. */
  family: attribute('family', addressFamily),
  /** `<ip prefix='24'>` */
  prefix: attribute('prefix', integer(0, 128)),
  /** `<ip address='192.168.122.5' peer='192.168.122.6'>`: the address at the other end of a point-to-point link. */
  peer: attribute('peer', ipAddress),
});

/** `<ip address='192.168.122.5' family='ipv4' prefix='24' peer='192.168.122.6'/>`: an address of a NIC. */
export interface NicIp extends Infer<typeof ipElement> {}

/** `<ip address='…'>` */
export const nicIp = typed<NicIp>(ipElement);
