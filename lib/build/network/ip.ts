// Addresses of a network's bridge, and what listens on them: `<ip>` elements.
// https://libvirt.org/formatnetwork.html#addressing
import type { NetworkIp } from '../../xml/index.js';
import {
  type Cidr,
  contains,
  firstOf,
  formatCidr,
  formatIp,
  lastOf,
  netmaskOf,
  networkOf,
  parseCidr,
  sameIp,
  usable,
} from '../address/index.js';
import { absolutePath } from '../names.js';
import { present } from '../present.js';
import { flag, needed, oneOrMany, type Reader, raw, record } from '../reader.js';
import { type DhcpOptions, dhcpOf } from './dhcp/server.js';
import { cidr } from './subnet.js';

/** An address of the network and what it serves. */
export interface NetworkAddressOptions {
  /**
   * The network's own address (the guests' gateway) with the length of its prefix: `'192.168.10.1/24'`,
   * `'fd00:10::1/64'`. Of a subnet (`'192.168.10.0/24'`) the network gets the first address, `192.168.10.1`.
   */
  cidr: string;
  /**
   * Whether guests get addresses by DHCP (or DHCPv6), or which. One IPv4 and one IPv6 address of a network can have it.
   * Without DHCPv6, guests of a /64 configure themselves (SLAAC). Default: false.
   */
  dhcp?: boolean | DhcpOptions;
  /** The absolute path of the directory that TFTP serves. One IPv4 address of a network can have it. Default: no TFTP. */
  tftp?: string;
  /**
   * Whether DNS answers reverse questions about the subnet by itself instead of asking other servers.
   * Needs a prefix in whole bytes (IPv4) or hexadecimal digits (IPv6). Default: false.
   */
  localPtr?: boolean;
}

/** An address of the network: `'192.168.10.1/24'`, or one with what it serves: `{ cidr: '192.168.10.1/24', dhcp: true }`. */
export type IpOptions = string | NetworkAddressOptions;

/** An address read: where it stood in the input, its subnet, and its `<ip>` element. */
export interface NetworkAddress {
  readonly path: string;
  readonly subnet: Cidr;
  readonly ip: NetworkIp;
}

/** Addresses that no bridge can have, and the words for them. */
const UNUSABLE = (
  [
    ['0.0.0.0/8', "is of 'this network', no address of a machine"],
    ['127.0.0.0/8', 'is a loopback address'],
    ['224.0.0.0/4', 'is a multicast address'],
    ['255.255.255.255/32', 'is the broadcast address of all networks'],
    ['::/128', 'is the unspecified address'],
    ['::1/128', 'is the loopback address'],
    ['::ffff:0:0/96', 'is an IPv4 address in IPv6 form; write it as IPv4'],
    ['ff00::/8', 'is a multicast address'],
  ] as const
).map(([text, reason]) => ({ subnet: parseCidr(text) as Cidr, reason }));

/** The network's own address of a CIDR, the first one when the CIDR names the subnet as a whole. */
const gatewayOf = (given: Cidr, path: string): Cidr => {
  if (given.prefix === 0) {
    throw new RangeError(
      `${path}: a prefix of 0 is none to libvirt, which then takes one by the address's class`,
    );
  }
  const guests = usable(given);
  const gateway = sameIp(given, firstOf(given)) ? { ...given, value: guests.start.value } : given;
  const unusable = UNUSABLE.find(({ subnet }) => contains(subnet, gateway));
  if (unusable) throw new RangeError(`${path}: ${formatIp(gateway)} ${unusable.reason}`);
  if (gateway.value > guests.end.value) {
    throw new RangeError(
      `${path}: ${formatIp(lastOf(given))} is the broadcast address of ${formatCidr(networkOf(given))}`,
    );
  }
  return gateway;
};

/** The prefixes whose reverse domain libvirt can name: whole bytes, or hexadecimal digits. */
const PTR = { ipv4: { step: 8, max: 24 }, ipv6: { step: 4, max: 124 } } as const;

const FIELDS = record<NetworkAddressOptions>()('an address block', {
  cidr: needed(cidr),
  dhcp: raw,
  tftp: absolutePath,
  localPtr: flag,
});

type Block = ReturnType<typeof FIELDS>;

const address: Reader<NetworkAddress> = (value, path) => {
  const short = typeof value === 'string';
  const at = short ? path : `${path}.cidr`;
  const block: Block = short ? { cidr: cidr(value, at) } : FIELDS(value, path);
  const { tftp, localPtr } = block;
  const subnet = gatewayOf(block.cidr, at);
  const { family, prefix } = subnet;
  if (tftp !== undefined && family === 'ipv6') {
    throw new TypeError(`${path}.tftp: not possible here; libvirt serves TFTP on IPv4 addresses only`);
  }
  const { step, max } = PTR[family];
  if (localPtr && (prefix % step !== 0 || prefix > max)) {
    throw new RangeError(
      `${path}.localPtr: not possible with a /${prefix}, only /${step}, /${2 * step} … /${max}`,
    );
  }
  const dhcp = block.dhcp === undefined ? undefined : dhcpOf(subnet, block.dhcp, `${path}.dhcp`);
  return {
    path,
    subnet,
    ip: present({
      family: family === 'ipv6' ? family : undefined,
      address: formatIp(subnet),
      ...(family === 'ipv4' ? { netmask: formatIp(netmaskOf(family, prefix)) } : { prefix }),
      localPtr,
      tftp: tftp === undefined ? undefined : { root: tftp },
      dhcp,
    }),
  };
};

/** What one network can have once, or once a family, and where an address has it. */
const ONCE = [
  { field: 'tftp', reason: 'one address of a network can serve TFTP', families: ['ipv4'] },
  { field: 'dhcp', reason: 'one IPv4 address of a network can have DHCP', families: ['ipv4'] },
  { field: 'dhcp', reason: 'one IPv6 address of a network can have DHCP', families: ['ipv6'] },
] as const;

/** {@link IpOptions}, one or many. */
export const addresses: Reader<readonly NetworkAddress[]> = (value, path) => {
  const all = oneOrMany(address)(value, path);
  for (const [i, one] of all.entries()) {
    const twin = all.slice(0, i).find((other) => sameIp(other.subnet, one.subnet));
    if (twin)
      throw new RangeError(`${one.path}: ${formatIp(one.subnet)} is already the address of ${twin.path}`);
  }
  for (const { field, reason, families } of ONCE) {
    const [first, second] = all.filter(
      ({ ip, subnet }) => ip[field] !== undefined && families.some((family) => family === subnet.family),
    );
    if (first && second)
      throw new RangeError(`${second.path}.${field}: ${reason}, and ${first.path} has it already`);
  }
  return all;
};
