import { describe, expect, test } from 'vitest';
import {
  BITS,
  type Cidr,
  classfulPrefix,
  contains,
  type Family,
  firstOf,
  formatCidr,
  formatIp,
  formatRange,
  inRange,
  lastOf,
  netmaskOf,
  networkOf,
  overlaps,
  parseCidr,
  parseIp,
  prefixOf,
  rangesOverlap,
  sizeOf,
  usable,
} from '../../../lib/build/address/index.js';
import { bits, seeded } from './random.js';

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`${text} is not a CIDR`);
  return parsed;
};
const ip = (text: string) => {
  const parsed = parseIp(text);
  if (!parsed) throw new Error(`${text} is not an IP address`);
  return parsed;
};
const range = (start: string, end: string) => ({ start: ip(start), end: ip(end) });

test.each(['192.168.10.1/24', '10.0.0.0/8', '0.0.0.0/0', '1.2.3.4/32', 'fd00:10::1/64', '::/0', '::1/128'])(
  'reads and prints %s',
  (text) => {
    expect(formatCidr(cidr(text))).toBe(text);
  },
);

test.each([
  '',
  '/',
  '192.168.10.1',
  '192.168.10.1/',
  '192.168.10.1/33',
  '192.168.10.1/-1',
  '192.168.10.1/024',
  '192.168.10.1/ 24',
  '192.168.10.1/24/24',
  '192.168.10.1/255.255.255.0',
  '/24',
  '192.168.10/24',
  '::/129',
  '::1%eth0/64',
  'fd00::1/6 4',
])('refuses %j', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test.each([
  // CIDR, first, last, addresses a machine can have
  ['192.168.10.77/24', '192.168.10.0', '192.168.10.255', '192.168.10.1-192.168.10.254'],
  ['10.1.2.3/8', '10.0.0.0', '10.255.255.255', '10.0.0.1-10.255.255.254'],
  ['10.0.0.5/30', '10.0.0.4', '10.0.0.7', '10.0.0.5-10.0.0.6'],
  ['10.0.0.5/31', '10.0.0.4', '10.0.0.5', '10.0.0.4-10.0.0.5'],
  ['10.0.0.5/32', '10.0.0.5', '10.0.0.5', '10.0.0.5-10.0.0.5'],
  ['1.2.3.4/0', '0.0.0.0', '255.255.255.255', '0.0.0.1-255.255.255.254'],
  ['fd00::5/64', 'fd00::', 'fd00::ffff:ffff:ffff:ffff', 'fd00::1-fd00::ffff:ffff:ffff:ffff'],
  ['fd00::5/126', 'fd00::4', 'fd00::7', 'fd00::5-fd00::7'],
  ['fd00::5/127', 'fd00::4', 'fd00::5', 'fd00::4-fd00::5'],
  ['fd00::5/128', 'fd00::5', 'fd00::5', 'fd00::5-fd00::5'],
])('%s goes from %s to %s, for machines %s', (text, first, last, machines) => {
  const subnet = cidr(text);
  expect(formatIp(firstOf(subnet))).toBe(first);
  expect(formatIp(lastOf(subnet))).toBe(last);
  expect(formatRange(usable(subnet))).toBe(machines);
  expect(formatCidr(networkOf(subnet))).toBe(`${first}/${subnet.prefix}`);
});

test.each([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['10.0.0.1/32', '10.0.0.1', true],
  ['10.0.0.1/32', '10.0.0.2', false],
  ['::/0', '10.0.0.1', false],
  ['0.0.0.0/0', '::1', false],
  ['fd00::/64', 'fd00::ffff:0:0:1', true],
  ['fd00::/64', 'fd00:0:0:1::', false],
])('whether %s contains %s: %s', (subnet, address, expected) => {
  expect(contains(cidr(subnet), ip(address))).toBe(expected);
});

test.each([
  ['192.168.0.0/16', '192.168.10.0/24', true],
  ['192.168.10.1/24', '192.168.10.2/24', true],
  ['192.168.10.0/24', '192.168.11.0/24', false],
  ['192.168.10.0/23', '192.168.11.0/24', true],
  ['0.0.0.0/0', 'fd00::/8', false],
  ['fd00::/8', 'fd12:3456::/32', true],
])('whether %s and %s overlap: %s', (a, b, expected) => {
  expect(overlaps(cidr(a), cidr(b))).toBe(expected);
  expect(overlaps(cidr(b), cidr(a))).toBe(expected);
});

test('a netmask is its prefix length, and nothing else is', () => {
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (let prefix = 0; prefix <= BITS[family]; prefix++)
      expect(prefixOf(netmaskOf(family, prefix))).toBe(prefix);
  }
  expect(formatIp(netmaskOf('ipv4', 20))).toBe('255.255.240.0');
  for (const text of ['255.0.255.0', '0.0.0.1', '255.255.255.253'])
    expect(prefixOf(ip(text)), text).toBeUndefined();
});

test.each([
  ['10.0.0.1', 8],
  ['127.255.255.255', 8],
  ['128.0.0.1', 16],
  ['191.255.0.1', 16],
  ['192.0.0.1', 24],
  ['223.255.255.1', 24],
  ['224.0.0.1', undefined],
  ['240.0.0.1', undefined],
  ['0.0.0.0', 0],
  ['fd00::1', 64],
  ['::', 0],
])('libvirt takes %s without a prefix for a /%s', (address, prefix) => {
  expect(classfulPrefix(ip(address))).toBe(prefix);
});

describe('ranges', () => {
  test.each([
    [range('10.0.0.1', '10.0.0.9'), range('10.0.0.9', '10.0.0.20'), true],
    [range('10.0.0.1', '10.0.0.9'), range('10.0.0.10', '10.0.0.20'), false],
    [range('10.0.0.1', '10.0.0.20'), range('10.0.0.5', '10.0.0.6'), true],
    [range('::1', '::9'), range('0.0.0.1', '0.0.0.9'), false],
  ])('overlap %#', (a, b, expected) => {
    expect(rangesOverlap(a, b)).toBe(expected);
    expect(rangesOverlap(b, a)).toBe(expected);
  });

  test('have a size and members', () => {
    expect(sizeOf(range('10.0.0.1', '10.0.0.1'))).toBe(1n);
    expect(sizeOf(range('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'))).toBe(1n << 128n);
    expect(inRange(range('10.0.0.1', '10.0.0.9'), ip('10.0.0.9'))).toBe(true);
    expect(inRange(range('10.0.0.1', '10.0.0.9'), ip('10.0.0.10'))).toBe(false);
    expect(inRange(range('0.0.0.1', '0.0.0.9'), ip('::5'))).toBe(false);
  });
});

test('subnets are what their first and last addresses say, for random subnets', () => {
  const random = seeded(3);
  const subnet = (family: Family): Cidr => ({
    family,
    value: bits(random, BITS[family]),
    prefix: Math.floor(random() * (BITS[family] + 1)),
  });
  for (let i = 0; i < 1000; i++) {
    const family = random() < 0.5 ? 'ipv4' : 'ipv6';
    const a = subnet(family);
    // Neighbours of a, more often than chance would have them.
    const b =
      random() < 0.5
        ? subnet(family)
        : { ...a, value: a.value ^ bits(random, 8), prefix: subnet(family).prefix };
    const of = (cidr: Cidr) => ({ start: firstOf(cidr), end: lastOf(cidr) });
    expect(parseCidr(formatCidr(a))).toEqual(a);
    expect(sizeOf(of(a))).toBe(1n << BigInt(BITS[family] - a.prefix));
    expect(contains(a, b), `${formatCidr(a)} ${formatIp(b)}`).toBe(inRange(of(a), b));
    expect(overlaps(a, b), `${formatCidr(a)} ${formatCidr(b)}`).toBe(rangesOverlap(of(a), of(b)));
    expect(netmaskOf(family, a.prefix).value & a.value).toBe(firstOf(a).value);
    expect(inRange(of(a), usable(a).start) && inRange(of(a), usable(a).end)).toBe(true);
  }
});
