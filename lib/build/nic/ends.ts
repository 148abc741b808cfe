// IP addresses of the two ends of a NIC: in the guest, where libvirt can set them, and on the host.
// https://libvirt.org/formatdomain.html#ip-configuration
import type { EthernetSource, NicIp, Route } from '../../xml/index.js';
import { type Cidr, formatCidr, formatIp, networkOf, sameIp } from '../address/index.js';
import { deviceName } from '../names.js';
import { nicRoutes, type RouteOptions } from '../network/route.js';
import { anyAddress, cidr } from '../network/subnet.js';
import { present } from '../present.js';
import { needed, oneOrMany, type Reader, record, refuseDuplicates } from '../reader.js';

/** An address on a link between two machines. */
export interface PeerAddressOptions {
  /** The address and the length of its prefix: `'192.168.122.6/32'`. */
  cidr: string;
  /** The address at the other end. */
  peer: string;
}

/** Addresses and routes of the host's end of a NIC. */
export interface HostEndOptions {
  /** One address or many, with the length of their prefixes. */
  ip?: string | PeerAddressOptions | readonly (string | PeerAddressOptions)[];
  /** What is reached through the guest. */
  routes?: readonly RouteOptions[];
}

/** A NIC in a container (LXC): QEMU cannot set these in a guest. */
export interface GuestEndOptions extends HostEndOptions {
  /** The name of the device in the container. Default: the container's next free `ethN`. */
  dev?: string;
}

const ipOf = (address: Cidr): NicIp =>
  present({
    address: formatIp(address),
    family: address.family === 'ipv6' ? address.family : undefined,
    prefix: address.prefix,
  });

const peerFields = record<PeerAddressOptions>()('an address with a peer', {
  cidr: needed(cidr),
  peer: needed(anyAddress),
});

const ip: Reader<NicIp> = (value, path) => {
  if (typeof value === 'string') return ipOf(cidr(value, path));
  const { cidr: own, peer } = peerFields(value, path);
  if (peer.family !== own.family)
    throw new RangeError(`${path}.peer: ${formatIp(peer)} is not of the family of ${formatCidr(own)}`);
  return { ...ipOf(own), peer: formatIp(peer) };
};

const ips: Reader<readonly NicIp[]> = (value, path) => {
  const all = oneOrMany(ip)(value, path);
  refuseDuplicates(all, path, 'the address', ({ address }) => address);
  return all;
};

const hostFields = record<HostEndOptions>()(
  'the end of a NIC on the host',
  { ip: ips, routes: nicRoutes },
  { dev: 'the device on the host is the target' },
);

/** {@link HostEndOptions} as the `<source>` of a NIC. */
export const hostEnd: Reader<EthernetSource> = (value, path) => {
  const { ip, routes } = hostFields(value, path);
  return present({ ips: ip, routes });
};

/** The members of a document that {@link GuestEndOptions} stand for. */
export interface GuestEnd {
  readonly guest?: { readonly dev: string };
  readonly ips?: readonly NicIp[];
  readonly routes?: readonly Route[];
}

const guestFields = record<GuestEndOptions>()('the end of a NIC in a container', {
  dev: deviceName,
  ip: ips,
  routes: nicRoutes,
});

/** {@link GuestEndOptions} as the members of a document. */
export const guestEnd: Reader<GuestEnd> = (value, path) => {
  const { dev, ip, routes } = guestFields(value, path);
  return present({ guest: dev === undefined ? undefined : { dev }, ips: ip, routes });
};

/** What QEMU takes for a user network: one address of each family, IPv4 with a prefix of 4 to 27, IPv6 with 64. */
const userAddresses: Reader<readonly Cidr[]> = (value, path) => {
  const all = oneOrMany(cidr)(value, path);
  const paths = all.map((_, i) => (Array.isArray(value) ? `${path}[${i}]` : path));
  for (const [i, { family, prefix }] of all.entries()) {
    const first = all.findIndex((other) => other.family === family);
    const label = family === 'ipv4' ? 'IPv4' : 'IPv6';
    if (first < i)
      throw new RangeError(
        `${paths[i]}: one ${label} address is possible, and ${paths[first]} is it already`,
      );
    if (family === 'ipv4' ? prefix < 4 || prefix > 27 : prefix !== 64) {
      throw new RangeError(
        `${paths[i]}: a prefix of ${prefix} is not possible; QEMU takes ${family === 'ipv4' ? '4 to 27' : '64'} there`,
      );
    }
  }
  return all;
};

/** The addresses that passt gives the guest. */
export const guestAddresses: Reader<readonly NicIp[]> = (value, path) => userAddresses(value, path).map(ipOf);

/** The subnets of QEMU's user network. */
export const userSubnets: Reader<readonly NicIp[]> = (value, path) => {
  const all = userAddresses(value, path);
  for (const [i, subnet] of all.entries()) {
    if (sameIp(networkOf(subnet), subnet)) continue;
    const at = Array.isArray(value) ? `${path}[${i}]` : path;
    throw new RangeError(
      `${at}: ${formatCidr(subnet)} is an address in a subnet; the subnet is ${formatCidr(networkOf(subnet))}`,
    );
  }
  return all.map(ipOf);
};
