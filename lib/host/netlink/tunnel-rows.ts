// Tunnels between machines, as rows of attributes: Ethernet in UDP with Geneve (RFC 8926), Ethernet or IP in GRE
// (RFC 2784, RFC 2890), and IP in IP (RFC 2003, RFC 2473, RFC 4213).
import { at, attributes, type Table, type Values } from './attributes.js';
import { be16, be32, bits, device, ipOf, named, presence, ranged, truth, u8, u16, u32 } from './types.js';

/** IFLA_GENEVE_… */
export const geneve = attributes({
  /** The number of the network (VNI): 0 to 2^24 - 1. */
  id: at(1, ranged(u32, 0, 0xffffff)),
  /** The peer: IPv4. */
  remote: at(2, ipOf('ipv4')),
  /** The time to live of its packets; 0 for the system's. */
  ttl: at(3, u8),
  /** The type of service of its packets; 1 for that of what they carry. */
  tos: at(4, u8),
  /** The port of its packets: 6081 if not given. */
  port: at(5, be16),
  /** Whether somebody else says where each packet goes. */
  collectMetadata: at(6, presence),
  /** The peer: IPv6. */
  remote6: at(7, ipOf('ipv6')),
  /** Whether packets over IPv4 have checksums. */
  udpChecksum: at(8, truth()),
  /** Whether packets over IPv6 go without checksums. */
  udpZeroChecksum6Tx: at(9, truth()),
  /** Whether packets over IPv6 may come without checksums. */
  udpZeroChecksum6Rx: at(10, truth()),
  /** The flow label of its packets over IPv6, 20 bits. */
  label: at(11, ranged(be32, 0, 0xfffff)),
  /** Whether its packets have the time to live of what they carry. */
  ttlInherit: at(12, truth()),
  /** Whether its packets over IPv4 may be fragmented on the way: no, yes, or as what they carry. */
  dontFragment: at(13, named(u8, { unset: 0, set: 1, inherit: 2 })),
});

/**
 * Of a tunnel whose packets go in UDP besides (TUNNEL_ENCAP_… of linux/if_tunnel.h), by the number of the first: it takes the
 * kernel module fou, and for IPv6 fou6.
 */
const inUdp = (first: number) =>
  ({
    /** Whether its packets go in UDP besides, as foo-over-udp or generic UDP encapsulation. */
    encapsulation: at(first, named(u16, { none: 0, fou: 1, gue: 2 })),
    /** What those of UDP have: a checksum over IPv4, over IPv6, or one that the receiver works out from that of UDP. */
    encapsulationFlags: at(first + 1, bits(u16, { checksum: 1, checksum6: 2, remoteChecksum: 4 })),
    /** The port of UDP that they come from; 0 for one of each flow. */
    encapsulationSourcePort: at(first + 2, be16),
    /** The port of UDP that they go to. */
    encapsulationPort: at(first + 3, be16),
  }) as const;

/** GRE_… of linux/if_tunnel.h. */
const greFlags = bits(be16, { checksum: 0x8000, key: 0x2000, sequence: 0x1000 });

/** IP6_TNL_F_… of linux/ip6_tunnel.h. */
const ip6TunnelFlags = bits(u32, {
  ignoreEncapsulationLimit: 0x01,
  inheritTrafficClass: 0x02,
  inheritFlowLabel: 0x04,
  copyDscp: 0x10,
  inheritMark: 0x20,
  allowLocalRemote: 0x40,
});

/** IFLA_GRE_…, of a GRE over one family. */
const greRows = <Family extends 'ipv4' | 'ipv6'>(family: Family) =>
  attributes({
    /** The link that its packets go over. */
    link: at(1, device),
    /** What packets that come must have: a checksum, a key, a sequence number; a key where `inputKey` is not 0. */
    inputFlags: at(2, greFlags),
    /** What its packets have; a key where `outputKey` is not 0. */
    outputFlags: at(3, greFlags),
    /** The key of packets that come. */
    inputKey: at(4, be32),
    /** The key of its packets. */
    outputKey: at(5, be32),
    /** The address that its packets come from. */
    local: at(6, ipOf(family)),
    /** The peer. */
    remote: at(7, ipOf(family)),
    /** The time to live of its packets; 0 for that of what they carry. */
    ttl: at(8, u8),
    /** The type of service of its packets; 1 for that of what they carry. */
    tos: at(9, u8),
    /** Whether its packets are kept from being fragmented on the way: true if not given; over IPv4 only. */
    pathMtuDiscovery: at(10, truth()),
    /** How many tunnels more its packets may go into; over IPv6 only (RFC 2473, 5.1). */
    encapsulationLimit: at(11, u8),
    /** The traffic class and flow label of its packets; over IPv6 only. */
    flowInfo: at(12, be32),
    /** What its packets have of what they carry, and what else it does; over IPv6 only. */
    tunnelFlags: at(13, ip6TunnelFlags),
    ...inUdp(14),
    /** Whether somebody else says where each packet goes. */
    collectMetadata: at(18, presence),
    /** Whether what it carries may be fragmented in spite of its own flag; over IPv4 only. */
    ignoreDontFragment: at(19, truth()),
    /** The firewall mark of its packets. */
    mark: at(20, u32),
  });

/** The kernel takes no notice of a key without its flag. */
function withKeys<T extends ReturnType<typeof greRows>>(table: T): T {
  type All = Values<T['rows']>;
  const flagged = (values: All): All => ({
    ...values,
    ...(values.inputKey && { inputFlags: keyed(values.inputFlags) }),
    ...(values.outputKey && { outputFlags: keyed(values.outputFlags) }),
  });
  return {
    ...table,
    write: (out, values, names) => table.write(out, flagged(values), names),
  } satisfies Table<T['rows']>;
}

const keyed = <Flag extends string>(flags: readonly Flag[] = []): readonly (Flag | 'key')[] => [
  ...new Set([...flags, 'key' as const]),
];

/** Over IPv4: of the kinds gre (IP) and gretap (Ethernet). */
export const gre = withKeys(greRows('ipv4'));
/** Over IPv6: of the kinds ip6gre (IP) and ip6gretap (Ethernet). */
export const gre6 = withKeys(greRows('ipv6'));

/** What an IP tunnel carries, by the protocol number of its packets. */
const carried = named(u8, { any: 0, ipv4: 4, ipv6: 41, mpls: 137 });

/** IFLA_IPTUN_… that every IP tunnel has. */
const ipTunnel = <Family extends 'ipv4' | 'ipv6'>(family: Family) =>
  ({
    /** The link that its packets go over. */
    link: at(1, device),
    /** The address that its packets come from. */
    local: at(2, ipOf(family)),
    /** The peer. */
    remote: at(3, ipOf(family)),
    /** The time to live of its packets; 0 for that of what they carry. */
    ttl: at(4, u8),
    /** What it carries: of ipip `ipv4` if not given, of sit `ipv6`, of ip6tnl `any`. */
    protocol: at(9, carried),
    ...inUdp(15),
    /** The firewall mark of its packets. */
    mark: at(20, u32),
  }) as const;

/** IFLA_IPTUN_… of tunnels over IPv4. */
const ipv4Tunnel = {
  ...ipTunnel('ipv4'),
  /** The type of service of its packets; 1 for that of what they carry. */
  tos: at(5, u8),
  /** Whether its packets are kept from being fragmented on the way: true if not given. */
  pathMtuDiscovery: at(10, truth()),
} as const;

export const ipip = attributes({
  ...ipv4Tunnel,
  /** Whether somebody else says where each packet goes. */
  collectMetadata: at(19, presence),
});

export const sit = attributes({
  ...ipv4Tunnel,
  /** Whether it finds its peers by ISATAP (RFC 5214). */
  flags: at(8, bits(u16, { isatap: 1 })),
});

export const ip6tnl = attributes({
  ...ipTunnel('ipv6'),
  /** How many tunnels more its packets may go into (RFC 2473, 5.1). */
  encapsulationLimit: at(6, u8),
  /** The traffic class and flow label of its packets. */
  flowInfo: at(7, be32),
  /** What its packets have of what they carry, and what else it does. */
  tunnelFlags: at(8, ip6TunnelFlags),
  /** Whether somebody else says where each packet goes. */
  collectMetadata: at(19, presence),
});
