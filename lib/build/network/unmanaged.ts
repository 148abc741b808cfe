// Networks that libvirt only connects guests to: bridges, devices and functions that somebody else looks after.
import type { Elsewhere } from '../reader.js';

const NOT_MANAGED = 'libvirt manages neither addresses nor services in this mode of network';

/** What to say of fields that only networks have which libvirt manages. */
export const UNMANAGED: Elsewhere = {
  ip: NOT_MANAGED,
  cidr: NOT_MANAGED,
  dhcp: NOT_MANAGED,
  dns: NOT_MANAGED,
  domain: NOT_MANAGED,
  routes: NOT_MANAGED,
  dnsmasqOptions: NOT_MANAGED,
  nat: NOT_MANAGED,
  mac: 'the device has its MAC address already',
  mtu: 'the MTU is that of the device; libvirt does not set it in this mode of network',
};
