// Addresses that a DHCP server keeps for single guests. https://libvirt.org/formatnetwork.html#addressing
import type { DhcpHost } from '../../../xml/index.js';
import { type Cidr, formatIp, type IpAddress, sameIp } from '../../address/index.js';
import { type Duration, lease } from '../../duration.js';
import { hostName } from '../../names.js';
import { present } from '../../present.js';
import { list, needed, type Reader, raw, record, refuseDuplicates } from '../../reader.js';
import { mac } from '../mac.js';
import { guestAddress } from '../subnet.js';
import { duid } from './duid.js';

/** An address kept for one guest. */
export interface DhcpHostOptions {
  /** The address kept for the guest: one of the subnet, in a range or not. */
  ip: string;
  /** How long its lease lasts. Default: the `lease` of the server. */
  lease?: Duration;
}

/** An IPv4 address kept for one guest, known by its MAC address, or by the name that it sends. */
export type Dhcpv4HostOptions =
  | (DhcpHostOptions & {
      /** The MAC address of the guest's NIC. */
      mac: string;
      /** The name that the guest is told, and that DNS knows it by. */
      name?: string;
      id?: never;
    })
  | (DhcpHostOptions & { mac?: never; name: string; id?: never });

/** An IPv6 address kept for one guest, known by its DUID, or by the name that it sends. */
export type Dhcpv6HostOptions =
  | (DhcpHostOptions & {
      /** The guest's DUID (RFC 8415, section 11), in bytes: `'00:03:00:01:52:54:00:12:34:56'`. */
      id: string;
      /** The name that DNS knows the guest by. */
      name?: string;
      mac?: never;
    })
  | (DhcpHostOptions & { id?: never; name: string; mac?: never });

interface Host {
  readonly mac?: string;
  readonly id?: string;
  readonly name?: string;
  readonly ip: IpAddress;
  readonly lease?: NonNullable<DhcpHost['lease']>;
}

const common = { ip: needed(raw), name: hostName, lease };

/** The fields of a host, and by which one each family knows a guest. */
const FAMILIES = {
  ipv4: {
    key: 'mac',
    fields: record<Dhcpv4HostOptions>()(
      'a DHCP host',
      { mac, ...common },
      { id: 'a DUID is for IPv6; IPv4 knows guests by mac or name' },
    ),
  },
  ipv6: {
    key: 'id',
    fields: record<Dhcpv6HostOptions>()(
      'a DHCPv6 host',
      { id: duid, ...common },
      { mac: 'DHCPv6 knows guests by their DUID (id) or name' },
    ),
  },
} as const;

const hostIn = (subnet: Cidr): Reader<Host> => {
  const { key, fields } = FAMILIES[subnet.family];
  return (value, path) => {
    const { ip: address, ...rest } = fields(value, path);
    const host: Host = { ...rest, ip: guestAddress(subnet, address, `${path}.ip`) };
    if (host[key] === undefined && host.name === undefined) {
      throw new TypeError(`${path}: neither ${key} nor name is there; a guest is known by one of them`);
    }
    if (sameIp(host.ip, subnet)) {
      throw new RangeError(`${path}.ip: ${formatIp(host.ip)} is the network's own address`);
    }
    return host;
  };
};

/** The `<host>` elements of a DHCP server's `hosts`. A `lease` of the server's goes to those that have none. */
export const hostsOf = (
  subnet: Cidr,
  value: unknown,
  path: string,
  serverLease: Host['lease'] | undefined,
): readonly DhcpHost[] => {
  const hosts = list(hostIn(subnet))(value, path);
  refuseDuplicates(hosts, path, 'the address', ({ ip }) => formatIp(ip));
  refuseDuplicates(hosts, path, 'the MAC address', (host) => host.mac);
  refuseDuplicates(hosts, path, 'the DUID', (host) => host.id?.toLowerCase());
  refuseDuplicates(hosts, path, 'the name', (host) => host.name?.toLowerCase());
  return hosts.map(({ ip, lease, ...names }) =>
    present({ ...names, ip: formatIp(ip), lease: lease ?? serverLease }),
  );
};
