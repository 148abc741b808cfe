// Addresses and routes of a network that are refused.
import { describe } from 'vitest';
import { type Row, refused } from './refused.js';

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
