import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { formatIp, parseIp, parseIpv4, parseIpv6 } from '../../../lib/build/address/index.js';
import { bits, seeded } from './random.js';

describe('IPv4', () => {
  test.each([
    ['0.0.0.0', 0n],
    ['255.255.255.255', 0xffffffffn],
    ['192.168.10.1', 0xc0a80a01n],
    ['10.0.0.100', 0x0a000064n],
  ])('reads and prints %s', (text, value) => {
    expect(parseIpv4(text)).toEqual({ family: 'ipv4', value });
    expect(formatIp({ family: 'ipv4', value })).toBe(text);
  });

  test.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '256.0.0.1',
    '10.0.0.300',
    '01.2.3.4',
    '010.0.0.1',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.0x4',
    '1.2.3.-4',
    '+1.2.3.4',
    '1.2.3.4/24',
    '1e1.2.3.4',
    '１.2.3.4',
    '3232238081',
    '1.2.3.4\n',
    '::1',
  ])('refuses %j', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });
});

describe('IPv6', () => {
  // RFC 4291, section 2.2, and RFC 5952, section 4.
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['ff02::1:ff00:0', 'ff02::1:ff00:0'],
    ['fd00:10::', 'fd00:10::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['::1.2.3.4', '::102:304'],
  ])('reads %s and prints it as %s', (text, canonical) => {
    const address = parseIpv6(text);
    expect(address && formatIp(address)).toBe(canonical);
  });

  test.each([
    '',
    ':',
    ':::',
    '::::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1::2::3',
    '12345::',
    'g::',
    ':1',
    '1:',
    '1:::2',
    '::1%eth0',
    '::1/64',
    '[::1]',
    ' ::1',
    '::1 ',
    '1.2.3.4',
    '::1.2.3',
    '::1.2.3.256',
    '::01.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::0x1',
    '-1::',
    '1:2:3:4:5:6:7:8::',
  ])('refuses %j', (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });

  test('every random address survives printing, in a form that Node reads as well', () => {
    const random = seeded(1);
    for (let i = 0; i < 2000; i++) {
      // Zeros in some groups, so that there is something to shorten.
      let value = bits(random, 128);
      const mask = Math.floor(random() * 256);
      for (let group = 0; group < 8; group++) {
        if (mask & (1 << group)) value &= ~(0xffffn << BigInt(16 * group));
      }
      const text = formatIp({ family: 'ipv6', value });
      expect(isIPv6(text), text).toBe(true);
      expect(parseIp(text), text).toEqual({ family: 'ipv6', value });
    }
  });
});

test('agrees with Node about random texts that look like addresses', () => {
  const random = seeded(2);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const parts4 = ['0', '1', '10', '255', '256', '01', '', 'a', '999'] as const;
  const parts6 = ['0', '1', 'ffff', 'db8', '', '', '12345', 'g', '1.2.3.4'] as const;
  for (let i = 0; i < 5000; i++) {
    const four = Array.from({ length: pick([3, 4, 4, 4, 5]) }, () => pick(parts4)).join('.');
    expect(parseIpv4(four) !== undefined, four).toBe(isIPv4(four));
    const six = Array.from({ length: pick([3, 4, 5, 6, 7, 8, 8, 8, 9]) }, () => pick(parts6)).join(':');
    expect(parseIpv6(six) !== undefined, six).toBe(isIPv6(six));
  }
});
