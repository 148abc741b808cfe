// The mathematics of IP and MAC addresses: no network, no libvirt, no XML.
export {
  type Cidr,
  classfulPrefix,
  contains,
  firstOf,
  formatCidr,
  formatRange,
  type IpRange,
  inRange,
  lastOf,
  netmaskOf,
  networkOf,
  overlaps,
  parseCidr,
  prefixOf,
  rangesOverlap,
  sizeOf,
  usable,
} from './cidr.js';
export { BITS, type Family, formatIp, type IpAddress, parseIp, parseIpv4, parseIpv6, sameIp } from './ip.js';
export { isMulticastMac, KVM_PREFIX, parseMac, randomMac } from './mac.js';
