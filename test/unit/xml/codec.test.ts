// How texts become values: what is read, what is not, and that what is read is written as it was.
import { describe, expect, it } from 'vitest';
import { ipAddress, ipv4Address, ipv6Address } from '../../../lib/xml/address.js';
import {
  bigInteger,
  type Codec,
  decimal,
  hex,
  integer,
  macAddress,
  oneOf,
  onOff,
  uuid,
  yesNo,
} from '../../../lib/xml/codec.js';

const reads = <T>(codec: Codec<T>, pairs: readonly (readonly [string, T | undefined])[]): void => {
  for (const [text, value] of pairs) {
    expect(codec.parse(text), JSON.stringify(text)).toBe(value);
    if (value !== undefined && codec.exact) expect(codec.print(value)).toBe(text);
  }
};

const accepts = (codec: Codec<string>, good: readonly string[], bad: readonly string[]): void => {
  reads(codec, [
    ...good.map((text) => [text, text] as const),
    ...bad.map((text) => [text, undefined] as const),
  ]);
  for (const text of bad) expect(codec.print(text), text).toBeUndefined();
};

describe('codecs', () => {
  it('read truths', () => {
    reads(yesNo, [
      ['yes', true],
      ['no', false],
      ['Yes', undefined],
      ['on', undefined],
      ['', undefined],
      [' yes', undefined],
    ]);
    reads(onOff, [
      ['on', true],
      ['off', false],
      ['yes', undefined],
    ]);
  });

  it('read one of several texts', () => {
    reads(oneOf('a', 'b'), [
      ['a', 'a'],
      ['c', undefined],
      ['', undefined],
    ]);
  });

  it('read numbers with a fraction', () => {
    reads(decimal(0), [
      ['2.5', 2.5],
      ['15.00', 15],
      ['.5', 0.5],
      [' 1e2 ', 100],
      ['-0.1', undefined],
      ['', undefined],
      ['.', undefined],
      ['0x10', undefined],
      ['INF', undefined],
      ['1e999', undefined],
    ]);
    expect(decimal(0).print(2.5)).toBe('2.5');
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, '2.5'])
      expect(decimal(0).print(wrong), String(wrong)).toBeUndefined();
  });

  it('read hexadecimal numbers without 0x where libvirt does', () => {
    reads(hex(4, 0xffff, { bare: true }), [
      ['0x8086', 0x8086],
      ['8086', 0x8086],
      ['10de', 0x10de],
      ['0x10000', undefined],
      ['-1', undefined],
      ['g', undefined],
    ]);
  });

  it('read whole numbers within their range, as people and libvirt write them', () => {
    reads(integer(-1, 300), [
      ['0', 0],
      ['300', 300],
      ['301', undefined],
      ['-1', -1],
      ['-2', undefined],
      ['007', 7],
      ['+7', 7],
      [' 7 ', 7],
      ['', undefined],
      [' ', undefined],
      ['1.0', undefined],
      ['1e2', undefined],
      ['0x10', undefined],
      ['٣', undefined],
      ['99999999999999999999', undefined],
    ]);
    reads(integer(0, 255, { hex: true }), [
      ['0x1F', 31],
      ['0X1f', 31],
      ['31', 31],
      ['1f', undefined],
      ['0x', undefined],
      ['0x100', undefined],
      ['-0x1', undefined],
    ]);
    reads(hex(4, 0xffff), [
      ['0x0010', 16],
      ['16', 16],
      ['0x10000', undefined],
      ['x', undefined],
    ]);
    expect(hex(4, 0xffff).print(16)).toBe('0x0010');
    expect(integer(0, 9).print(-0)).toBe('0');
  });

  it('read numbers beyond 2^53 exactly', () => {
    reads(bigInteger(0n, 2n ** 64n - 1n), [
      ['0', 0],
      ['9007199254740991', 9007199254740991],
      ['9007199254740993', 9007199254740993n],
      ['+18446744073709551615', 18446744073709551615n],
      ['18446744073709551616', undefined],
      ['-1', undefined],
      ['x', undefined],
    ]);
  });

  it('read MAC addresses of one device', () => {
    accepts(
      macAddress,
      ['52:54:00:12:34:56', 'FE:ff:FF:ff:ff:ff'],
      ['01:00:5e:00:00:01', '52:54:00:12:34', '52-54-00-12-34-56', '52:54:00:12:34:5g', ''],
    );
  });

  it('read UUIDs', () => {
    accepts(
      uuid,
      ['3e3fce45-4f53-4fa7-bb32-11f34168b82b', '3E3FCE454F534FA7BB3211F34168B82B'],
      ['3e3fce45', '3e3fce45-4f53-4fa7-bb32-11f34168b82', ''],
    );
  });

  it('read IP addresses', () => {
    const v4 = ['0.0.0.0', '192.168.122.1', '255.255.255.255'];
    const v6 = [
      '::',
      '::1',
      '1::',
      '2001:db8::1',
      'fe80::1:2',
      '1:2:3:4:5:6:7:8',
      '1::3:4:5:6:7:8',
      '1:2:3:4:5:6:7::',
      '::2:3:4:5:6:7:8',
      '::ffff:192.0.2.1',
      '64:ff9b::192.0.2.33',
      '1:2:3:4:5:6:192.0.2.1',
      'ABCD::EF01',
    ];
    const not4 = [
      '',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1.1.1.256',
      '01.2.3.4',
      '1..2.3',
      '1.2.3.',
      '.1.2.3',
      '1.2.3.4 ',
      '10.0.0.300',
      'a.b.c.d',
    ];
    const not6 = [
      ':',
      ':::',
      '1:::2',
      '1::2::3',
      ':1::2',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::',
      '12345::',
      '1:2:3:4:5:6:7:',
      ':2:3:4:5:6:7:8',
      'g::',
      'fe80::1%eth0',
      '::192.0.2',
      '::192.0.2.256',
      '1:2:3:4:5:6:7:192.0.2.1',
      '1::2:3:4:5:6:192.0.2.1',
      '192.0.2.1::',
      '[::1]',
    ];
    accepts(ipv4Address, v4, [...not4, ...v6]);
    accepts(ipv6Address, v6, [...not6, ...v4]);
    accepts(ipAddress, [...v4, ...v6], [...not4, ...not6]);
  });
});
