// The DHCP server of a subnet. https://libvirt.org/formatnetwork.html#addressing
import type { NetworkIp } from '../../../xml/index.js';
import { type Cidr, formatCidr, networkOf } from '../../address/index.js';
import { type Duration, lease } from '../../duration.js';
import { present, some } from '../../present.js';
import { checked, needed, type Reader, raw, record } from '../../reader.js';
import { ipv4Text } from '../subnet.js';
import { type Dhcpv4HostOptions, type Dhcpv6HostOptions, hostsOf } from './hosts.js';
import { type DhcpRanges, rangesOf } from './ranges.js';

/** What guests boot from the network. */
export interface BootpOptions {
  /** The boot file, as the TFTP server names it: `'pxelinux.0'`. */
  file: string;
  /** The IPv4 address of the TFTP server. Default: the network's own, where `tftp` serves. */
  server?: string;
}

/** The DHCP server of a subnet; of an IPv6 subnet, which needs a prefix of 64 to 127, a DHCPv6 server. */
export type DhcpOptions = DhcpRanges & {
  /** Addresses kept for single guests, known by `mac` or `name` in IPv4, by `id` (DUID) or `name` in IPv6. Default: none. */
  hosts?: readonly Dhcpv4HostOptions[] | readonly Dhcpv6HostOptions[];
  /** How long a lease lasts where a range or host does not say: 2 minutes or more. Default: dnsmasq's 1 hour. */
  lease?: Duration;
  /** What guests boot from the network, IPv4 only: a file, or a file and the server that has it. Default: nothing. */
  bootp?: string | BootpOptions;
};

/** The prefixes of subnets that can have a DHCP server. */
const PREFIXES = {
  ipv4: { min: 1, max: 30, why: 'no address is left between its network and broadcast addresses' },
  ipv6: {
    min: 64,
    max: 127,
    why: 'DHCPv6 takes a prefix of 64 to 127 (dnsmasq leases out of a /64 at most)',
  },
} as const;

const file = checked('a file name', (name) =>
  name === '' || /[,\s]/.test(name)
    ? 'is not a file name that dnsmasq takes: no commas, no white space'
    : undefined,
);

const bootpFields = record<BootpOptions>()('bootp', { file: needed(file), server: ipv4Text });

type Dhcp = NonNullable<NetworkIp['dhcp']>;

const bootp: Reader<NonNullable<Dhcp['bootp']>> = (value, path) =>
  typeof value === 'string' ? { file: file(value, path) } : bootpFields(value, path);

const ELSEWHERE = {
  tftp: "it belongs beside dhcp: { cidr: …, tftp: '/srv/tftp' }",
  start: "it belongs in range: range: '192.168.10.100-192.168.10.199'",
  end: "it belongs in range: range: '192.168.10.100-192.168.10.199'",
};

const fields = record<DhcpOptions>()(
  'a DHCP server',
  { range: raw, ranges: raw, hosts: raw, lease, bootp },
  ELSEWHERE,
);

/** The `<dhcp>` of a subnet whose gateway is the subnet's own address; undefined for `false`. */
export const dhcpOf = (subnet: Cidr, value: unknown, path: string): Dhcp | undefined => {
  if (value === false) return undefined;
  const { min, max, why } = PREFIXES[subnet.family];
  if (subnet.prefix < min || subnet.prefix > max) {
    throw new RangeError(`${path}: not possible in ${formatCidr(networkOf(subnet))}: ${why}`);
  }
  const given = fields(value === true ? {} : value, path);
  if (given.bootp && subnet.family === 'ipv6') {
    throw new TypeError(`${path}.bootp: not possible here; libvirt has it for IPv4 only`);
  }
  const ranges = rangesOf(subnet, given, path);
  const hosts = given.hosts === undefined ? [] : hostsOf(subnet, given.hosts, `${path}.hosts`, given.lease);
  if (ranges.length === 0 && hosts.length === 0) {
    throw new RangeError(`${path}: neither ranges nor hosts: there is no address to lease`);
  }
  return present({ ranges: some(ranges), hosts: some(hosts), bootp: given.bootp });
};
