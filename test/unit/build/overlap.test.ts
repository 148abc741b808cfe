import { describe, expect, test } from 'vitest';
import { build, findOverlaps, overlapMessage } from '../../../lib/build/index.js';
import { type NetworkDocument, parseNetwork } from '../../../lib/xml/index.js';

const { bridged, isolated, macvtap, nat, openvswitch, routed } = build.network;

/** The messages for a network and others. */
const between = (document: NetworkDocument, ...others: NetworkDocument[]): string[] =>
  findOverlaps(document, others).map(overlapMessage);

/** A network as libvirt may print it. */
const read = (name: string, inner: string): NetworkDocument =>
  parseNetwork(`<network><name>${name}</name>${inner}</network>`);

describe('subnets', () => {
  test.each([
    [
      '192.168.10.1/24',
      '192.168.0.1/16',
      "network 'a' (192.168.10.0/24) overlaps network 'b' (192.168.0.0/16)",
    ],
    ['10.0.0.1/8', '10.9.8.6/30', "network 'a' (10.0.0.0/8) overlaps network 'b' (10.9.8.4/30)"],
    ['fd00::1/64', 'fd00::ffff:1/112', "network 'a' (fd00::/64) overlaps network 'b' (fd00::ffff:0/112)"],
    ['10.0.0.1/32', '10.0.0.1/32', "network 'a' (10.0.0.1/32) overlaps network 'b' (10.0.0.1/32)"],
  ])('%s overlaps %s', (a, b, message) => {
    expect(between(nat({ name: 'a', ip: a }), isolated({ name: 'b', ip: b }))).toEqual([message]);
  });

  test.each([
    ['192.168.10.1/24', '192.168.11.1/24'],
    ['10.0.0.1/24', 'fd00::1/64'],
    ['10.0.0.0/31', '10.0.0.2/31'],
    // A link-local subnet is another one on each link.
    ['fe80::1/64', 'fe80::1/64'],
  ])('%s does not overlap %s', (a, b) => {
    expect(between(nat({ name: 'a', ip: a }), nat({ name: 'b', ip: b }))).toEqual([]);
  });

  test('every pair of every other network is named', () => {
    const all = between(
      nat({ name: 'a', ip: ['10.0.0.1/24', 'fd00::1/64'] }),
      nat({ name: 'b', ip: ['10.0.0.129/25', '10.0.0.1/25'] }),
      isolated({ name: 'c' }),
      nat({ name: 'd', ip: 'fd00::5/64' }),
    );
    expect(all).toEqual([
      "network 'a' (10.0.0.0/24) overlaps network 'b' (10.0.0.128/25)",
      "network 'a' (10.0.0.0/24) overlaps network 'b' (10.0.0.0/25)",
      "network 'a' (fd00::/64) overlaps network 'd' (fd00::/64)",
    ]);
  });

  test('tell which parts of which networks they are', () => {
    const [overlap] = findOverlaps(nat({ name: 'a', ip: '10.0.0.1/24' }), [
      nat({ name: 'b', ip: '10.0.0.1/16' }),
    ]);
    expect(overlap).toEqual({ kind: 'subnet', networks: ['a', 'b'], parts: ['10.0.0.0/24', '10.0.0.0/16'] });
  });

  // Without netmask and prefix libvirt goes by the class of the address.
  test.each([
    ["address='10.9.8.7' netmask='255.255.0.0'", '10.9.0.0/16'],
    ["address='10.9.8.7' prefix='30'", '10.9.8.4/30'],
    ["address='10.9.8.7'", '10.0.0.0/8'],
    ["address='10.9.8.7' prefix='0'", '10.0.0.0/8'],
    ["address='172.16.1.1'", '172.16.0.0/16'],
    ["address='192.168.5.1'", '192.168.5.0/24'],
    ["family='ipv6' address='fd00::1'", 'fd00::/64'],
  ])('of <ip %s/> as libvirt prints it: %s', (attributes, subnet) => {
    const everything = isolated({ name: 'a', ip: ['128.0.0.0/1', '1.0.0.1/8', '10.0.0.1/5', 'fc00::1/7'] });
    const parts = findOverlaps(everything, [read('b', `<ip ${attributes}/>`)]).map(
      (overlap) => overlap.parts[1],
    );
    expect(new Set(parts)).toEqual(new Set([subnet]));
  });

  test.each([
    "address='10.0.0.300' prefix='24'",
    "address='230.0.0.1'",
    "address='10.0.0.1' netmask='255.0.255.0'",
    '',
  ])('<ip %s/> that libvirt refuses is in nobody’s way', (attributes) => {
    expect(between(isolated({ name: 'a', ip: '10.0.0.1/8' }), read('b', `<ip ${attributes}/>`))).toEqual([]);
  });
});

describe('routes', () => {
  const to = (name: string, ip: string, destination: string, gateway: string): NetworkDocument =>
    routed({ name, ip, routes: [{ destination, gateway }] });

  test('overlap with the very subnet or destination of another network', () => {
    const a = to('a', '10.0.0.1/24', '10.9.0.0/16', '10.0.0.2');
    expect(between(a, nat({ name: 'b', ip: '10.9.0.1/16' }))).toEqual([
      "network 'a' and network 'b' have routes to the same subnet, 10.9.0.0/16",
    ]);
    expect(between(nat({ name: 'b', ip: '10.9.0.1/16' }), a)).toEqual([
      "network 'b' and network 'a' have routes to the same subnet, 10.9.0.0/16",
    ]);
    expect(between(a, to('b', '10.1.0.1/24', '10.9.0.0/16', '10.1.0.2'))).toEqual([
      "network 'a' and network 'b' have routes to the same subnet, 10.9.0.0/16",
    ]);
  });

  test('may contain subnets of others: the longer prefix wins', () => {
    const a = to('a', '10.0.0.1/24', '0.0.0.0/0', '10.0.0.2');
    expect(between(a, nat({ name: 'b', ip: '10.9.0.1/16' }))).toEqual([]);
  });
});

describe('bridges', () => {
  test('that libvirt makes belong to one network', () => {
    const message = "network 'a' and network 'b' have the same bridge, br0";
    expect(
      between(nat({ name: 'a', ip: '10.0.0.1/24', bridge: 'br0' }), isolated({ name: 'b', bridge: 'br0' })),
    ).toEqual([message]);
    expect(between(bridged({ name: 'a', bridge: 'br0' }), isolated({ name: 'b', bridge: 'br0' }))).toEqual([
      message,
    ]);
    expect(
      between(bridged({ name: 'a', bridge: 'br0' }), read('b', "<forward/><bridge name='br0'/>")),
    ).toEqual([message]);
  });

  test('of others may serve many networks', () => {
    expect(between(bridged({ name: 'a', bridge: 'br0' }), openvswitch({ name: 'b', bridge: 'br0' }))).toEqual(
      [],
    );
    expect(between(isolated({ name: 'a' }), isolated({ name: 'b' }))).toEqual([]);
    expect(between(isolated({ name: 'a' }), macvtap({ name: 'b', mode: 'bridge', dev: 'eth0' }))).toEqual([]);
  });
});

test('a network is not in its own way, by name or by UUID', () => {
  const uuid = '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f';
  const a = nat({ name: 'a', uuid, ip: '10.0.0.1/24' });
  expect(
    between(a, nat({ name: 'a', ip: '10.0.0.1/24' }), nat({ name: 'b', uuid, ip: '10.0.0.1/24' })),
  ).toEqual([]);
});
