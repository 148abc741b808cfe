// What a network's DHCP server has given out.
import { virIPAddrType } from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';

/** An address that the network's DHCP server has leased to a guest. */
export interface Lease {
  /** As in `192.168.10.23` or `fd00::23`. */
  address: string;
  /** Whether it is leased by DHCP or DHCPv6. */
  family: 'ipv4' | 'ipv6';
  /** The length of the subnet's prefix. */
  prefix: number;
  /** The guest's MAC address; undefined for an IPv6 lease whose client did not show it. */
  mac: string | undefined;
  /** The name that the guest gave. */
  hostname: string | undefined;
  /** The client identifier (DHCP) or the DUID (DHCPv6). */
  clientId: string | undefined;
  /** The identity association of a DHCPv6 lease. */
  iaid: string | undefined;
  /** When it ends; undefined for one without an end. */
  expires: Date | undefined;
  /** The bridge on which it was given. */
  bridge: string | undefined;
}

type RawLease = Awaited<ReturnType<Functions['virNetworkGetDHCPLeases']>>[number];

export function readLease(raw: RawLease): Lease {
  return {
    address: raw.ipaddr ?? '',
    family: raw.type === virIPAddrType.IPV6 ? 'ipv6' : 'ipv4',
    prefix: raw.prefix,
    mac: raw.mac ?? undefined,
    hostname: raw.hostname ?? undefined,
    clientId: raw.clientid ?? undefined,
    iaid: raw.iaid ?? undefined,
    expires: raw.expirytime > 0n ? new Date(Number(raw.expirytime) * 1000) : undefined,
    bridge: raw.iface ?? undefined,
  };
}
