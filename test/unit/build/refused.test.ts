// What plain JavaScript gets for input that the types forbid, and everybody for values that types cannot tell.
import { describe, expect, test } from 'vitest';
import { build } from '../../../lib/build/index.js';

type Mode = keyof typeof build.network;

/** The smallest options of each mode. */
const smallest: Record<Mode, object> = {
  isolated: { name: 'a' },
  routed: { name: 'a', ip: '10.0.0.1/24' },
  nat: { name: 'a', ip: '10.0.0.1/24' },
  open: { name: 'a', ip: '10.0.0.1/24' },
  bridged: { name: 'a', bridge: 'br0' },
  openvswitch: { name: 'a', bridge: 'ovsbr0' },
  macvtap: { name: 'a', mode: 'bridge', dev: 'eth0' },
  hostdev: { name: 'a', pf: 'eth0' },
};

const make = (mode: Mode, options: unknown): unknown =>
  (build.network[mode] as (options: unknown) => unknown)(options);

type Row = readonly [options: object, error: typeof TypeError | typeof RangeError, message: string];

/** Each row is added to the mode's smallest options and must be refused in exactly these words. */
const refused = (mode: Mode, rows: readonly Row[]): void => {
  test.each(rows)(`${mode} %j`, (options, error, message) => {
    expect(() => make(mode, { ...smallest[mode], ...options })).toThrow(new error(message));
  });
};

describe('options as a whole', () => {
  test.each(Object.keys(smallest) as Mode[])('%s takes its smallest options, and no less', (mode) => {
    expect(make(mode, smallest[mode])).toMatchObject({ kind: 'network', name: 'a' });
    for (const key of Object.keys(smallest[mode])) {
      expect(() => make(mode, { ...smallest[mode], [key]: undefined })).toThrow(
        new RegExp(`^${key}: missing; a`),
      );
    }
  });

  test.each([undefined, null, 5, 'a', [], () => 0])('%j is refused', (options) => {
    expect(() => make('nat', options)).toThrow(/^options: .* is not an object that describes a nat network$/);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is no field', (key) => {
    const options = JSON.parse(`{ "name": "a", "ip": "10.0.0.1/24", "${key}": 1 }`);
    expect(() => make('nat', options)).toThrow(
      new RegExp(`^${key}: unknown field of a nat network; it has name, `),
    );
  });
});

describe('names', () => {
  refused('isolated', [
    [{ name: '' }, RangeError, 'name: "" is empty; a network needs a name'],
    [{ name: ' ' }, RangeError, 'name: " " is empty; a network needs a name'],
    [{ name: 5 }, TypeError, 'name: 5 is not the name of a network'],
    [{ name: null }, TypeError, 'name: null is not the name of a network'],
    [{ name: 'a/b' }, RangeError, "name: a/b has a '/': libvirt names files after the network"],
    [{ name: '..' }, RangeError, 'name: .. is not a name: libvirt names files after the network'],
    [{ name: 'a\nb' }, RangeError, 'name: "a\\nb" has a line break'],
    [{ name: 'a\u0001' }, RangeError, 'name: "a\\u0001" has a character that XML cannot carry'],
    [{ name: 'a\ud800' }, RangeError, 'name: "a\\ud800" has a character that XML cannot carry'],
    [
      { name: 'é'.repeat(123) },
      RangeError,
      `name: "${'é'.repeat(60)}…" is too long: it has 246 bytes, and libvirt can name its files after 245`,
    ],
    [{ uuid: '1234' }, RangeError, 'uuid: 1234 is not a UUID'],
    [{ title: 'a\nb' }, RangeError, 'title: "a\\nb" has a line break'],
    [{ description: '' }, RangeError, 'description: "" is empty'],
    [{ trustGuestRxFilters: 'yes' }, TypeError, 'trustGuestRxFilters: yes is not true or false'],
    [{ bridge: '' }, RangeError, 'bridge: "" is empty; a network device needs a name'],
    [
      { bridge: 'virbr0123456789a' },
      RangeError,
      'bridge: virbr0123456789a is not the name of a network device: it has 16 bytes, the kernel takes 15',
    ],
    [{ bridge: '.' }, RangeError, 'bridge: . is not the name of a network device'],
    [{ bridge: { name: '..' } }, RangeError, 'bridge.name: .. is not the name of a network device'],
    ...['br/0', 'br:0', 'br 0', 'br\t0'].map(
      (bridge): Row => [
        { bridge },
        RangeError,
        `bridge: ${/\s/.test(bridge) ? JSON.stringify(bridge) : bridge} is not the name of a network device: the kernel takes no '/', ':' and white space`,
      ],
    ),
    [
      { bridge: 'virbr%d' },
      RangeError,
      'bridge: "virbr%d" is a template; leave the name out, and libvirt takes the next free \'virbrN\'',
    ],
    [
      { bridge: 'brücke' },
      RangeError,
      "bridge: \"brücke\" is not a device name for libvirt: ASCII letters, digits and '_', '.', '-' only",
    ],
    [
      { bridge: 'büro-büro-büro' },
      RangeError,
      'bridge: "büro-büro-büro" is not the name of a network device: it has 17 bytes, the kernel takes 15',
    ],
  ]);

  test('15 bytes are a device name, and 245 the name of a network', () => {
    expect(make('isolated', { name: 'x'.repeat(245), bridge: '0123456789abcde' })).toBeDefined();
  });
});

describe('the bridge', () => {
  refused('isolated', [
    [{ bridge: 5 }, TypeError, 'bridge: 5 is not an object that describes a bridge'],
    [{ bridge: { stp: 'on' } }, TypeError, 'bridge.stp: on is not true or false'],
    [
      { bridge: { delay: 31 } },
      RangeError,
      'bridge.delay: 31 is not a whole number from 0 to 30 (seconds; IEEE 802.1D)',
    ],
    [
      { bridge: { zone: 'a b' } },
      RangeError,
      "bridge.zone: \"a b\" is not the name of a zone: ASCII letters, digits and '_', '-' only",
    ],
    [
      { bridge: { macTableManager: 'libvrt' } },
      RangeError,
      'bridge.macTableManager: libvrt is not one of kernel, libvirt',
    ],
    [{ bridge: { nmae: 'a' } }, TypeError, 'bridge.nmae: unknown field of a bridge; did you mean name?'],
    [
      { mac: '52-54-00-12-34-56' },
      RangeError,
      'mac: 52-54-00-12-34-56 is not a MAC address such as 52:54:00:12:34:56',
    ],
    [
      { mac: '01:00:5e:00:00:01' },
      RangeError,
      'mac: 01:00:5e:00:00:01 is the address of a group of devices: its first byte is odd',
    ],
    [{ mac: '00:00:00:00:00:00' }, RangeError, 'mac: 00:00:00:00:00:00 is the address of no device'],
    [{ mac: true }, TypeError, 'mac: true is not a MAC address'],
    [
      { mtu: 67 },
      RangeError,
      'mtu: 67 is not a whole number from 68 to 65521 (IPv4 demands 68 bytes, a tap device takes 65521)',
    ],
    [
      { mtu: '1500' },
      TypeError,
      'mtu: 1500 is not a whole number from 68 to 65521 (IPv4 demands 68 bytes, a tap device takes 65521)',
    ],
    [{ mtu: 1279, ip: 'fd00::1/64' }, RangeError, 'mtu: 1279 is too small for IPv6, which needs 1280'],
    [{ isolatedPorts: 1 }, TypeError, 'isolatedPorts: 1 is not true or false'],
    [{ dnsmasqOptions: 'no-ping' }, TypeError, 'dnsmasqOptions: no-ping is not a list'],
    [{ dnsmasqOptions: ['a', 'b\nc'] }, RangeError, 'dnsmasqOptions[1]: "b\\nc" has a line break'],
    [{ guestIpv6: 'yes' }, TypeError, 'guestIpv6: yes is not true or false'],
  ]);
});

describe('addresses', () => {
  const CIDR = 'is not an address with its prefix such as 192.168.10.1/24';
  refused('isolated', [
    [{ ip: [] }, RangeError, 'ip: empty; at least one is needed'],
    [{ ip: '10.0.0.300/24' }, RangeError, `ip: 10.0.0.300/24 ${CIDR}`],
    [{ ip: { cidr: '10.0.0.300/24' } }, RangeError, `ip.cidr: 10.0.0.300/24 ${CIDR}`],
    [{ ip: [{ cidr: '10.0.0.1/33' }] }, RangeError, `ip[0].cidr: 10.0.0.1/33 ${CIDR}`],
    [
      { ip: '10.0.0.1' },
      RangeError,
      `ip: 10.0.0.1 ${CIDR}; it lacks the length of the prefix (10.0.0.1/24?)`,
    ],
    [{ ip: 'fd00::1' }, RangeError, `ip: fd00::1 ${CIDR}; it lacks the length of the prefix (fd00::1/64?)`],
    [{ ip: {} }, TypeError, 'ip.cidr: missing; an address block must have it'],
    [{ ip: 5 }, TypeError, 'ip: 5 is not an object that describes an address block'],
    [{ ip: [null] }, TypeError, 'ip[0]: null is not an object that describes an address block'],
    [
      { ip: { cdir: '10.0.0.1/24' } },
      TypeError,
      'ip.cdir: unknown field of an address block; did you mean cidr?',
    ],
    [{ ip: '10.0.0.255/24' }, RangeError, 'ip: 10.0.0.255 is the broadcast address of 10.0.0.0/24'],
    [{ ip: '10.0.0.3/30' }, RangeError, 'ip: 10.0.0.3 is the broadcast address of 10.0.0.0/30'],
    [
      { ip: '10.0.0.1/0' },
      RangeError,
      "ip: a prefix of 0 is none to libvirt, which then takes one by the address's class",
    ],
    [{ ip: '0.0.0.1/24' }, RangeError, "ip: 0.0.0.1 is of 'this network', no address of a machine"],
    [{ ip: '127.0.0.1/8' }, RangeError, 'ip: 127.0.0.1 is a loopback address'],
    [{ ip: '239.1.2.3/24' }, RangeError, 'ip: 239.1.2.3 is a multicast address'],
    [
      { ip: '255.255.255.255/32' },
      RangeError,
      'ip: 255.255.255.255 is the broadcast address of all networks',
    ],
    [{ ip: '::1/128' }, RangeError, 'ip: ::1 is the loopback address'],
    [{ ip: '::/128' }, RangeError, 'ip: :: is the unspecified address'],
    [{ ip: 'ff02::1/64' }, RangeError, 'ip: ff02::1 is a multicast address'],
    [
      { ip: '::ffff:10.0.0.1/120' },
      RangeError,
      'ip: ::ffff:10.0.0.1 is an IPv4 address in IPv6 form; write it as IPv4',
    ],
    [{ ip: ['10.0.0.1/24', '10.0.0.1/8'] }, RangeError, 'ip[1]: 10.0.0.1 is already the address of ip[0]'],
    [
      { ip: { cidr: '10.0.0.1/23', localPtr: true } },
      RangeError,
      'ip.localPtr: not possible with a /23, only /8, /16 … /24',
    ],
    [
      { ip: { cidr: 'fd00::1/63', localPtr: true } },
      RangeError,
      'ip.localPtr: not possible with a /63, only /4, /8 … /124',
    ],
    [
      { ip: { cidr: '10.0.0.1/24', tftp: 'srv/tftp' } },
      RangeError,
      'ip.tftp: srv/tftp is not an absolute path',
    ],
    [
      { ip: { cidr: 'fd00::1/64', tftp: '/srv' } },
      TypeError,
      'ip.tftp: not possible here; libvirt serves TFTP on IPv4 addresses only',
    ],
    [
      {
        ip: [
          { cidr: '10.0.0.1/24', tftp: '/a' },
          { cidr: '10.1.0.1/24', tftp: '/b' },
        ],
      },
      RangeError,
      'ip[1].tftp: one address of a network can serve TFTP, and ip[0] has it already',
    ],
    [
      { ip: [{ cidr: '10.0.0.1/24', dhcp: true }, 'fd00::1/64', { cidr: '10.1.0.1/24', dhcp: true }] },
      RangeError,
      'ip[2].dhcp: one IPv4 address of a network can have DHCP, and ip[0] has it already',
    ],
    [
      {
        ip: [
          { cidr: 'fd00::1/64', dhcp: true },
          { cidr: 'fd01::1/64', dhcp: true },
        ],
      },
      RangeError,
      'ip[1].dhcp: one IPv6 address of a network can have DHCP, and ip[0] has it already',
    ],
    [
      { cidr: '10.0.0.1/24' },
      TypeError,
      "cidr: unknown field of an isolated network; it belongs in ip: { cidr: '192.168.10.1/24' }",
    ],
    [
      { dhcp: true },
      TypeError,
      'dhcp: unknown field of an isolated network; it belongs in ip: { cidr: …, dhcp: … }',
    ],
  ]);
});

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

describe('DNS', () => {
  const dns = (rows: readonly (readonly [unknown, Row[1], string])[]): void =>
    refused(
      'isolated',
      rows.map(([dns, error, message]) => [{ dns }, error, message] as const),
    );
  dns([
    [true, TypeError, 'dns: true is not an object that describes the DNS settings'],
    [
      { enable: false },
      TypeError,
      'dns.enable: unknown field of the DNS settings; dns: false turns the DNS server off',
    ],
    [{ forwarders: ['dns.example'] }, RangeError, 'dns.forwarders[0]: dns.example is not an IP address'],
    [{ forwarders: [{}] }, TypeError, 'dns.forwarders[0]: neither addr nor domain is there'],
    [
      { forwarders: { domain: 'a_b' } },
      RangeError,
      "dns.forwarders.domain: a_b is not a DNS name: letters, digits and inner '-' in each part between dots",
    ],
    [
      { forwarders: { domain: 'a', port: 53 } },
      TypeError,
      'dns.forwarders.port: not possible without an addr',
    ],
    [{ hosts: [{ ip: '10.0.0.5' }] }, TypeError, 'dns.hosts[0].names: missing; a DNS host must have it'],
    [
      { hosts: [{ ip: '10.0.0.5', names: [] }] },
      RangeError,
      'dns.hosts[0].names: empty; at least one is needed',
    ],
    [
      { hosts: [{ ip: '10.0.0.5', names: 'a..b' }] },
      RangeError,
      "dns.hosts[0].names: a..b is not a DNS name: letters, digits and inner '-' in each part between dots",
    ],
    [
      {
        hosts: [
          { ip: 'fd00::5', names: 'a' },
          { ip: 'fd00:0::5', names: 'b' },
        ],
      },
      RangeError,
      'dns.hosts[1]: the address fd00::5 is already that of dns.hosts[0]',
    ],
    [
      { txt: [{ name: 'a b', value: 'c' }] },
      RangeError,
      'dns.txt[0].name: "a b" is not a DNS name: letters, digits and inner \'-\' in each part between dots',
    ],
    [{ txt: [{ name: 'a', value: 'b\nc' }] }, RangeError, 'dns.txt[0].value: "b\\nc" has a line break'],
    [
      { srv: [{ service: '_ldap', protocol: 'tcp' }] },
      RangeError,
      'dns.srv[0].service: _ldap begins with an underscore, which libvirt puts there by itself',
    ],
    [
      { srv: [{ service: 'a.b', protocol: 'tcp' }] },
      RangeError,
      "dns.srv[0].service: a.b is not the name of a service: letters, digits and '_-+/*' only",
    ],
    [
      { srv: [{ service: 'a', protocol: 'sctp' }] },
      RangeError,
      'dns.srv[0].protocol: sctp is not one of tcp, udp',
    ],
    [
      { srv: [{ service: 'a', protocol: 'tcp', port: 5 }] },
      TypeError,
      'dns.srv[0].port: not possible without a target',
    ],
    [
      { srv: [{ service: 'a', protocol: 'tcp', target: 'b', port: 0 }] },
      RangeError,
      'dns.srv[0].port: 0 is not a whole number from 1 to 65535',
    ],
    [
      { srv: [{ service: 'a', protocol: 'tcp', target: 'b', weight: 65536 }] },
      RangeError,
      'dns.srv[0].weight: 65536 is not a whole number from 0 to 65535',
    ],
  ]);
  refused('isolated', [
    [
      { domain: 'my domain' },
      RangeError,
      'domain: "my domain" is not a DNS name: letters, digits and inner \'-\' in each part between dots',
    ],
    [{ domain: { localOnly: true } }, TypeError, 'domain.name: missing; a DNS domain must have it'],
    [
      { domain: { name: `${'a.'.repeat(130)}b` } },
      RangeError,
      `domain.name: "${'a.'.repeat(30)}…" is too long: a DNS name has at most 253 characters, this has 261`,
    ],
  ]);
});

describe('routes', () => {
  const routes = (rows: readonly (readonly [unknown, Row[1], string])[]): void =>
    refused(
      'routed',
      rows.map(
        ([route, error, message]) =>
          [{ routes: Array.isArray(route) ? route : [route] }, error, `routes${message}`] as const,
      ),
    );
  routes([
    [{ destination: '10.9.0.0/16' }, TypeError, '[0].gateway: missing; a route must have it'],
    [
      { destination: '10.9.0.5/16', gateway: '10.0.0.2' },
      RangeError,
      '[0].destination: 10.9.0.5/16 is an address in a subnet; the subnet is 10.9.0.0/16',
    ],
    [
      { destination: '10.9.0.0/16', gateway: '10.0.1.2' },
      RangeError,
      "[0].gateway: 10.0.1.2 is in none of the network's subnets (10.0.0.0/24)",
    ],
    [
      { destination: '10.9.0.0/16', gateway: 'fd00::2' },
      RangeError,
      '[0].gateway: fd00::2 cannot forward to 10.9.0.0/16: other family',
    ],
    [
      { destination: '10.9.0.0/16', gateway: '10.0.0.1' },
      RangeError,
      "[0].gateway: 10.0.0.1 is the network's own address (ip)",
    ],
    [
      { destination: '10.9.0.0/16', gateway: '10.0.0.2', metric: 0 },
      RangeError,
      '[0].metric: 0 is not a whole number from 1 to 4294967295',
    ],
    [
      [
        { destination: '10.9.0.0/16', gateway: '10.0.0.2' },
        { destination: '10.9.0.0/16', gateway: '10.0.0.3', metric: 1 },
      ],
      RangeError,
      '[1]: the destination 10.9.0.0/16 with metric 1 is already that of routes[0]',
    ],
  ]);
  refused('isolated', [
    [
      { routes: [{ destination: '10.9.0.0/16', gateway: '10.0.0.2' }] },
      RangeError,
      "routes[0].gateway: 10.0.0.2 is in none of the network's subnets (it has none)",
    ],
  ]);
});

describe('forwarding', () => {
  refused('isolated', [
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of an isolated network; an isolated network has no way out; routed, nat and open have',
    ],
    [
      { nat: {} },
      TypeError,
      'nat: unknown field of an isolated network; an isolated network has no way out; use build.network.nat',
    ],
  ]);
  refused('open', [
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of an open network; libvirt would enforce the device by firewall rules, and makes none for an open network; use build.network.routed',
    ],
  ]);
  refused('routed', [
    [
      { nat: {} },
      TypeError,
      'nat: unknown field of a routed network; a routed network translates no addresses; use build.network.nat',
    ],
  ]);
  refused('nat', [
    [{ dev: ['eth0', 'eth1'] }, TypeError, 'dev: a list is not the name of a network device'],
    [{ nat: { addresses: 'fd00::1' } }, RangeError, 'nat.addresses: fd00::1 is not an IPv4 address'],
    [
      { nat: { addresses: '203.0.113.9-203.0.113.5' } },
      RangeError,
      'nat.addresses: 203.0.113.9-203.0.113.5 ends before it starts',
    ],
    [
      { nat: { addresses: '203.0.113.9-' } },
      RangeError,
      "nat.addresses: 203.0.113.9- is not an IPv4 address or a range such as '203.0.113.5-203.0.113.9'",
    ],
    [
      { nat: { ports: { start: 0, end: 5 } } },
      RangeError,
      'nat.ports.start: 0 is not a whole number from 1 to 65535',
    ],
    [{ nat: { ports: { start: 6, end: 5 } } }, RangeError, 'nat.ports.end: 5 is below the start, 6'],
    [
      { nat: { port: {} } },
      TypeError,
      'nat.port: unknown field of the address translation; did you mean ports?',
    ],
    [
      { vlan: 5 },
      TypeError,
      'vlan: unknown field of a nat network; libvirt tags no frames on a bridge of its own',
    ],
    [
      { dchp: true },
      TypeError,
      'dchp: unknown field of a nat network; did you mean dhcp? it belongs in ip: { cidr: …, dhcp: … }',
    ],
  ]);
});

describe('port groups', () => {
  const BANDWIDTH = 'libvirt limits no bandwidth in this mode of network';
  refused('nat', [
    [{ portGroups: [{}] }, TypeError, 'portGroups[0].name: missing; a port group must have it'],
    [
      { portGroups: [{ name: 'a b' }] },
      RangeError,
      "portGroups[0].name: \"a b\" is not the name of a port group: ASCII letters, digits and '_', '.', '-', ':', '/' only",
    ],
    [
      { portGroups: [{ name: 'a' }, { name: 'a' }] },
      RangeError,
      'portGroups[1]: the name a is already that of portGroups[0]',
    ],
    [
      {
        portGroups: [
          { name: 'a', default: true },
          { name: 'b', default: false },
          { name: 'c', default: true },
        ],
      },
      RangeError,
      'portGroups[2].default: portGroups[0] is the default already',
    ],
    [
      { portGroups: [{ name: 'a', vlan: 5 }] },
      TypeError,
      'portGroups[0].vlan: unknown field of a port group; libvirt tags no frames in this mode of network',
    ],
  ]);
  refused('macvtap', [
    [
      { portGroups: [{ name: 'a', bandwidth: 5 }] },
      TypeError,
      `portGroups[0].bandwidth: unknown field of a port group; ${BANDWIDTH}`,
    ],
  ]);
  refused('hostdev', [
    [
      { portGroups: [{ name: 'a', bandwidth: 5 }] },
      TypeError,
      `portGroups[0].bandwidth: unknown field of a port group; ${BANDWIDTH}`,
    ],
  ]);
});

describe('bridges of others', () => {
  const NOT_MANAGED = 'libvirt manages neither addresses nor services in this mode of network';
  refused('bridged', [
    [{ ip: '10.0.0.1/24' }, TypeError, `ip: unknown field of a bridged network; ${NOT_MANAGED}`],
    [
      { mtu: 1500 },
      TypeError,
      'mtu: unknown field of a bridged network; the MTU is that of the device; libvirt does not set it in this mode of network',
    ],
    [
      { bridge: { name: 'br0', stp: true } },
      TypeError,
      'bridge: an object is not the name of a network device',
    ],
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of a bridged network; name the bridge that the device is plugged into, or use build.network.macvtap',
    ],
  ]);
  refused('openvswitch', [
    [{ interfaceId: 'x' }, RangeError, 'interfaceId: x is not a UUID'],
    [
      { profileId: 'x'.repeat(40) },
      RangeError,
      `profileId: ${'x'.repeat(40)} has 40 characters; the name of a port profile has 1 to 39`,
    ],
    [
      { isolatedPorts: true },
      TypeError,
      'isolatedPorts: unknown field of an Open vSwitch network; libvirt isolates ports of Linux bridges only; use a VLAN or OpenFlow rules',
    ],
    [{ vlan: 4095 }, RangeError, 'vlan: VLAN 4095 is reserved by IEEE 802.1Q'],
    [{ vlan: 4096 }, RangeError, 'vlan: 4096 is not a VLAN number from 0 to 4094'],
    [{ vlan: -1 }, RangeError, 'vlan: -1 is not a VLAN number from 0 to 4094'],
    [{ vlan: 1.5 }, RangeError, 'vlan: 1.5 is not a VLAN number from 0 to 4094'],
    [{ vlan: '42' }, TypeError, 'vlan: 42 is not an object that describes a trunk'],
    [{ vlan: {} }, RangeError, 'vlan.trunk: no VLAN; a trunk has at least one'],
    [{ vlan: { trunk: [] } }, RangeError, 'vlan.trunk: no VLAN; a trunk has at least one'],
    [{ vlan: { trunk: ['42'] } }, TypeError, 'vlan.trunk[0]: 42 is not a VLAN number from 0 to 4094'],
    [{ vlan: { trunk: [1, 2, 1] } }, RangeError, 'vlan.trunk[2]: VLAN 1 is already vlan.trunk[0]'],
    [
      { vlan: { trunk: [1], native: { id: 1 } } },
      TypeError,
      'vlan.native.mode: missing; a native VLAN must have it',
    ],
    [
      { vlan: { tag: 42 } },
      TypeError,
      'vlan.tag: unknown field of a trunk; a port of one VLAN is written as its number: vlan: 42',
    ],
  ]);
});

describe('devices', () => {
  refused('macvtap', [
    [{ mode: 'nat' }, RangeError, 'mode: nat is not one of bridge, vepa, private, passthrough'],
    [{ dev: [] }, RangeError, 'dev: empty; at least one is needed'],
    [{ dev: ['eth0', 'eth1', 'eth0'] }, RangeError, 'dev[2]: the device eth0 is already that of dev[0]'],
    [{ pf: 'eth1' }, TypeError, "pf: not possible with mode: 'bridge', only with 'passthrough'"],
    [{ vlan: 5 }, TypeError, "vlan: not possible with mode: 'bridge', only with 'passthrough'"],
    [
      { mode: 'passthrough', pf: 'eth0' },
      TypeError,
      'pf: not possible beside dev; the pool is either devices or the functions of one',
    ],
    [
      { mode: 'passthrough', dev: undefined },
      TypeError,
      'dev: missing; a macvtap network must have it, or pf',
    ],
    [
      { bandwidth: 5 },
      TypeError,
      'bandwidth: unknown field of a macvtap network; libvirt limits no bandwidth of macvtap networks; limit that of the NICs',
    ],
    [{ virtualPort: {} }, TypeError, 'virtualPort.type: missing; a virtual port must have it'],
    [
      { virtualPort: { type: 'openvswitch' } },
      RangeError,
      'virtualPort.type: openvswitch is not one of 802.1Qbg, 802.1Qbh',
    ],
    [
      { virtualPort: { type: '802.1Qbh', typeId: 5 } },
      TypeError,
      'virtualPort.typeId: not a parameter of 802.1Qbh; it has profileId',
    ],
    [
      { virtualPort: { type: '802.1Qbg', typeId: 2 ** 24 } },
      RangeError,
      'virtualPort.typeId: 16777216 is not a whole number from 0 to 16777215',
    ],
    [
      { portGroups: [{ name: 'a', vlan: 5 }] },
      TypeError,
      'portGroups[0].vlan: unknown field of a port group; libvirt tags no frames in this mode of network',
    ],
    [
      { mode: 'passthrough', vlan: 5, portGroups: [{ name: 'a', virtualPort: { type: '802.1Qbh' } }] },
      TypeError,
      "portGroups[0].virtualPort: not possible beside the network's vlan; the port profile says which VLAN it is",
    ],
  ]);
  const PCI = "is not a PCI address such as '0000:03:10.1'";
  refused('hostdev', [
    [
      { pf: 'eth 0' },
      RangeError,
      "pf: \"eth 0\" is not the name of a network device: the kernel takes no '/', ':' and white space",
    ],
    [{ addresses: ['03:10.1'] }, TypeError, 'addresses: not possible beside pf; the pool is either of them'],
    ...['03:20.1', '03:10.8', '03:10', '10000:03:10.1', '0000:03:10.1 ', 'eth0'].map(
      (address): Row => [
        { pf: undefined, addresses: [address] },
        RangeError,
        `addresses[0]: ${address.endsWith(' ') ? JSON.stringify(address) : address} ${PCI}`,
      ],
    ),
    [
      { pf: undefined, addresses: [{ bus: 256, slot: 0, function: 0 }] },
      RangeError,
      'addresses[0].bus: 256 is not a whole number from 0 to 255',
    ],
    [
      { pf: undefined, addresses: [{ bus: 1, slot: 0 }] },
      TypeError,
      'addresses[0].function: missing; a PCI address must have it',
    ],
    [
      { pf: undefined, addresses: ['0000:03:10.1', { bus: 3, slot: 16, function: 1 }] },
      RangeError,
      'addresses[1]: the device 0000:03:10.1 is already that of addresses[0]',
    ],
    [
      { pf: undefined, addresses: 5 },
      TypeError,
      'addresses: 5 is not an object that describes a PCI address',
    ],
    [{ driver: 'uio' }, RangeError, 'driver: uio is not one of vfio, kvm'],
    [
      { driver: { name: 'kvm' } },
      TypeError,
      'driver.name: unknown field of the VFIO driver; it has model, iommufd',
    ],
    [{ managed: 'yes' }, TypeError, 'managed: yes is not true or false'],
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of a hostdev network; a hostdev network takes PCI addresses, or pf, the physical function',
    ],
    [{ vlan: { trunk: [1] } }, TypeError, 'vlan: an object is not a VLAN number from 0 to 4094'],
    [
      { virtualPort: { type: '802.1Qbg' } },
      RangeError,
      'virtualPort.type: 802.1Qbg is not possible here, only 802.1Qbh',
    ],
    [
      { vlan: 5, virtualPort: { type: '802.1Qbh' } },
      TypeError,
      'vlan: not possible beside virtualPort; the port profile says which VLAN it is',
    ],
    [
      { portGroups: [{ name: 'a', vlan: 5, virtualPort: { type: '802.1Qbh' } }] },
      TypeError,
      'portGroups[0].vlan: not possible beside virtualPort; the port profile says which VLAN it is',
    ],
    [
      { virtualPort: { type: '802.1Qbh' }, portGroups: [{ name: 'a', vlan: 5 }] },
      TypeError,
      "portGroups[0].vlan: not possible beside the network's virtualPort; the port profile says which VLAN it is",
    ],
  ]);
});
