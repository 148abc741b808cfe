// DHCP servers of a network that are refused.
import { describe } from 'vitest';
import { type Row, refused } from './refused.js';

/** The rows of one IPv4 subnet's DHCP server. */
const dhcp = (cidr: string, rows: readonly (readonly [unknown, Row[1], string])[]): void =>
  refused(
    'isolated',
    rows.map(([dhcp, error, message]) => [{ ip: { cidr, dhcp } }, error, message] as const),
  );

describe('DHCP', () => {
  const RANGE = "is not a range such as '192.168.10.100-192.168.10.199'";
  dhcp('10.0.0.1/24', [
    ['yes', TypeError, 'ip.dhcp: yes is not an object that describes a DHCP server'],
    [
      { range: { start: '10.0.0.300', end: '10.0.0.9' } },
      RangeError,
      'ip.dhcp.range.start: 10.0.0.300 is not an IPv4 address',
    ],
    [{ range: { start: 5, end: '10.0.0.9' } }, TypeError, 'ip.dhcp.range.start: 5 is not an IPv4 address'],
    [{ range: { start: '10.0.0.5' } }, TypeError, 'ip.dhcp.range.end: missing; a DHCP range must have it'],
    [
      { range: { start: 'fd00::5', end: 'fd00::6' } },
      RangeError,
      'ip.dhcp.range.start: fd00::5 is not an IPv4 address',
    ],
    [{ range: '10.0.0.5' }, RangeError, `ip.dhcp.range: 10.0.0.5 ${RANGE}`],
    [
      { range: '10.0.0.5-10.0.0.6-10.0.0.7' },
      RangeError,
      `ip.dhcp.range: 10.0.0.5-10.0.0.6-10.0.0.7 ${RANGE}`,
    ],
    [{ range: 5 }, TypeError, `ip.dhcp.range: 5 ${RANGE.replace('is not ', 'is not ')}`],
    [{ range: '10.0.0.5-10.0.1.6' }, RangeError, 'ip.dhcp.range: 10.0.1.6 is not in 10.0.0.0/24'],
    [
      { range: '10.0.0.0-10.0.0.6' },
      RangeError,
      'ip.dhcp.range: 10.0.0.0 is the network address of 10.0.0.0/24',
    ],
    [
      { range: '10.0.0.5-10.0.0.255' },
      RangeError,
      'ip.dhcp.range: 10.0.0.255 is the broadcast address of 10.0.0.0/24',
    ],
    [{ range: '10.0.0.9-10.0.0.5' }, RangeError, 'ip.dhcp.range: 10.0.0.9-10.0.0.5 ends before it starts'],
    [
      { ranges: ['10.0.0.5-10.0.0.9', '10.0.0.20-10.0.0.30', '10.0.0.9-10.0.0.12'] },
      RangeError,
      'ip.dhcp.ranges[2]: 10.0.0.9-10.0.0.12 overlaps ip.dhcp.ranges[0], 10.0.0.5-10.0.0.9',
    ],
    [{ ranges: [] }, RangeError, 'ip.dhcp: neither ranges nor hosts: there is no address to lease'],
    [{ ranges: '10.0.0.5-10.0.0.9' }, TypeError, 'ip.dhcp.ranges: 10.0.0.5-10.0.0.9 is not a list'],
    [
      { range: '10.0.0.5-10.0.0.9', ranges: [] },
      TypeError,
      'ip.dhcp.ranges: not possible beside range; list all of them in ranges',
    ],
    [
      { lease: '1' },
      RangeError,
      "ip.dhcp.lease: 1 is not a duration such as '1h', '90m' or 'infinite'; it lacks a unit (1s, 1m, 1h)",
    ],
    [
      { range: { start: '10.0.0.5', end: '10.0.0.9', lease: '1m' } },
      RangeError,
      'ip.dhcp.range.lease: 1m is too short; a lease lasts 2 minutes or more',
    ],
    [
      { tftp: '/srv' },
      TypeError,
      "ip.dhcp.tftp: unknown field of a DHCP server; it belongs beside dhcp: { cidr: …, tftp: '/srv/tftp' }",
    ],
    [
      { bootp: 'a,b' },
      RangeError,
      'ip.dhcp.bootp: "a,b" is not a file name that dnsmasq takes: no commas, no white space',
    ],
    [{ bootp: {} }, TypeError, 'ip.dhcp.bootp.file: missing; bootp must have it'],
    [
      { bootp: { file: 'a', server: 'fd00::1' } },
      RangeError,
      'ip.dhcp.bootp.server: fd00::1 is not an IPv4 address',
    ],
  ]);
  dhcp('10.0.0.1/8', [
    [
      { range: '10.0.0.5-10.1.0.5' },
      RangeError,
      'ip.dhcp.range: 10.0.0.5-10.1.0.5 is too large; libvirt takes ranges within one /16',
    ],
  ]);
  for (const cidr of ['10.0.0.0/31', '10.0.0.1/32']) {
    dhcp(cidr, [
      [
        true,
        RangeError,
        `ip.dhcp: not possible in ${cidr}: no address is left between its network and broadcast addresses`,
      ],
    ]);
  }
  const V6 = 'DHCPv6 takes a prefix of 64 to 127 (dnsmasq leases out of a /64 at most)';
  dhcp('fd00::1/48', [[true, RangeError, `ip.dhcp: not possible in fd00::/48: ${V6}`]]);
  dhcp('fd00::1/128', [[{}, RangeError, `ip.dhcp: not possible in fd00::1/128: ${V6}`]]);
  dhcp('fd00::1/64', [
    [{ range: '10.0.0.5-10.0.0.9' }, RangeError, 'ip.dhcp.range: 10.0.0.5 is not an IPv6 address'],
    [
      { range: 'fd00::5-fd00::1:5' },
      RangeError,
      'ip.dhcp.range: fd00::5-fd00::1:5 is too large; libvirt takes ranges within one /112',
    ],
    [{ bootp: 'a' }, TypeError, 'ip.dhcp.bootp: not possible here; libvirt has it for IPv4 only'],
  ]);
});

describe('DHCP hosts', () => {
  const mac = '52:54:00:00:00:01';
  const hosts = (cidr: string, rows: readonly (readonly [unknown[], Row[1], string])[]): void =>
    dhcp(
      cidr,
      rows.map(([hosts, error, message]) => [{ hosts }, error, `ip.dhcp.hosts${message}`] as const),
    );

  hosts('10.0.0.1/24', [
    [[{ mac }], TypeError, '[0].ip: missing; a DHCP host must have it'],
    [[{ ip: '10.0.0.5' }], TypeError, '[0]: neither mac nor name is there; a guest is known by one of them'],
    [[{ mac: 'x', ip: '10.0.0.5' }], RangeError, '[0].mac: x is not a MAC address such as 52:54:00:12:34:56'],
    [[{ mac, ip: '10.0.1.5' }], RangeError, '[0].ip: 10.0.1.5 is not in 10.0.0.0/24'],
    [[{ mac, ip: '10.0.0.0' }], RangeError, '[0].ip: 10.0.0.0 is the network address of 10.0.0.0/24'],
    [[{ mac, ip: '10.0.0.1' }], RangeError, "[0].ip: 10.0.0.1 is the network's own address"],
    [[{ mac, ip: 'fd00::5' }], RangeError, '[0].ip: fd00::5 is not an IPv4 address'],
    [
      [{ id: '00:03:00:01', ip: '10.0.0.5' }],
      TypeError,
      '[0].id: unknown field of a DHCP host; a DUID is for IPv6; IPv4 knows guests by mac or name',
    ],
    [
      [{ name: 'a,b', ip: '10.0.0.5' }],
      RangeError,
      "[0].name: \"a,b\" is not a DNS name: letters, digits and inner '-', '_' in each part between dots",
    ],
    [
      [{ name: `${'x'.repeat(64)}.a`, ip: '10.0.0.5' }],
      RangeError,
      `[0].name: "${'x'.repeat(60)}…" is not a DNS name: ${'x'.repeat(20)}… has more than 63 characters`,
    ],
    [
      [
        { name: 'a', ip: '10.0.0.5' },
        { name: 'b', ip: '10.0.0.5' },
      ],
      RangeError,
      '[1]: the address 10.0.0.5 is already that of ip.dhcp.hosts[0]',
    ],
    [
      [
        { mac, ip: '10.0.0.5' },
        { name: 'b', ip: '10.0.0.6' },
        { mac: mac.toUpperCase(), ip: '10.0.0.7' },
      ],
      RangeError,
      '[2]: the MAC address 52:54:00:00:00:01 is already that of ip.dhcp.hosts[0]',
    ],
    [
      [
        { name: 'a', ip: '10.0.0.5' },
        { name: 'A', ip: '10.0.0.6' },
      ],
      RangeError,
      '[1]: the name a is already that of ip.dhcp.hosts[0]',
    ],
    [
      [{ mac, ipaddr: '10.0.0.5' }],
      TypeError,
      '[0].ipaddr: unknown field of a DHCP host; it has mac, ip, name, lease',
    ],
  ]);
  const DUID = "is not a DUID such as '00:03:00:01:52:54:00:12:34:56'";
  hosts('fd00::1/64', [
    [
      [{ mac, ip: 'fd00::5' }],
      TypeError,
      '[0].mac: unknown field of a DHCPv6 host; DHCPv6 knows guests by their DUID (id) or name',
    ],
    [[{ ip: 'fd00::5' }], TypeError, '[0]: neither id nor name is there; a guest is known by one of them'],
    [[{ id: 'x', ip: 'fd00::5' }], RangeError, `[0].id: x ${DUID}`],
    [
      [{ id: '00:05:00:01', ip: 'fd00::5' }],
      RangeError,
      `[0].id: 00:05:00:01 ${DUID}: it begins with its type, 00:01 to 00:04`,
    ],
    [
      [{ id: '00:03:00:01:52', ip: 'fd00::5' }],
      RangeError,
      `[0].id: 00:03:00:01:52 ${DUID}: one of type 3 has 10 to 12 bytes, not 5`,
    ],
    [
      [{ id: '00:04:01', ip: 'fd00::5' }],
      RangeError,
      `[0].id: 00:04:01 ${DUID}: one of type 4 has 18 bytes, not 3`,
    ],
    [
      [{ id: '00:03:00:10:52:54:00:12:34:56', ip: 'fd00::5' }],
      RangeError,
      `[0].id: 00:03:00:10:52:54:00:12:34:56 ${DUID}: the hardware type after 00:03 is 00:01 (Ethernet) to 00:0f`,
    ],
    [
      [
        { id: '00:03:00:01:52:54:00:AA:34:56', ip: 'fd00::5' },
        { id: '00:03:00:01:52:54:00:aa:34:56', ip: 'fd00::6' },
      ],
      RangeError,
      '[1]: the DUID 00:03:00:01:52:54:00:aa:34:56 is already that of ip.dhcp.hosts[0]',
    ],
  ]);
});
