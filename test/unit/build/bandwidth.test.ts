import { describe, expect, test } from 'vitest';
import { bandwidth, parseRate, parseSize } from '../../../lib/build/bandwidth.js';

test.each([
  ['1bit', 1],
  ['10mbit', 10e6],
  ['10Mbit', 10e6],
  ['10 Mbit/s', 10e6],
  ['1.5gbit', 1.5e9],
  ['1tbit', 1e12],
  ['1kibit', 1024],
  ['1gibit', 2 ** 30],
  ['1kB/s', 8000],
  ['2MB/s', 16e6],
  ['1GiB/s', 8 * 2 ** 30],
])('%s is %d bits per second', (text, bits) => {
  expect(parseRate(text)).toBe(bits);
});

test.each([
  '',
  '10',
  'mbit',
  '10mb',
  '10mbps',
  '10mbyte',
  '-1mbit',
  '1,5mbit',
  '1e3mbit',
  '.5mbit',
  '10mB',
  '10Mb/s',
  '10xbit',
  '10mbit/m',
])('%j is no rate', (text) => {
  expect(parseRate(text)).toBeUndefined();
});

test.each([
  ['1500b', 1500],
  ['1k', 1024],
  ['64kb', 65_536],
  ['64kB', 65_536],
  ['64KiB', 65_536],
  ['1.5mb', 1_572_864],
  ['1g', 2 ** 30],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', '64', 'kb', '64kbit', '64kb/s', '-1kb', '1tb'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeUndefined();
});

describe('a bandwidth', () => {
  const both = (limit: object) => ({ inbound: limit, outbound: limit });

  test.each([
    // tc reads libvirt's kbps as 1000 bytes per second: `rate 1250kbps` is shown as 10Mbit.
    ['10mbit', both({ average: 1250 })],
    ['1gbit', both({ average: 125_000 })],
    ['2MB/s', both({ average: 2000 })],
    ['100kbit', both({ average: 13 })],
    ['8kbit', both({ average: 1 })],
    [1250, both({ average: 1250 })],
    [{ average: '10mbit' }, both({ average: 1250 })],
    [{ average: '10mbit', peak: '20mbit', burst: '64kb' }, both({ average: 1250, peak: 2500, burst: 64 })],
    [{ average: 10, burst: '1b' }, both({ average: 10, burst: 1 })],
    [{ inbound: '10mbit' }, { inbound: { average: 1250 } }],
    [{ outbound: { average: 128, burst: 256 } }, { outbound: { average: 128, burst: 256 } }],
    [
      { inbound: 1, outbound: 2 },
      { inbound: { average: 1 }, outbound: { average: 2 } },
    ],
    [{ inbound: 1, outbound: undefined }, { inbound: { average: 1 } }],
  ])('of %j is %j', (options, expected) => {
    expect(bandwidth(options, 'bandwidth')).toEqual(expected);
  });

  const RATE = "a rate such as '10mbit', '1gbit' or '2MB/s'";
  test.each([
    ['10', RangeError, `bandwidth: 10 is not ${RATE}; it lacks a unit`],
    [
      '10mbps',
      RangeError,
      `bandwidth: 10mbps is not ${RATE}; bits or bytes? Write mbit for bits, MB/s for bytes`,
    ],
    [
      '10Mb/s',
      RangeError,
      `bandwidth: 10Mb/s is not ${RATE}; bits or bytes? Write mbit for bits, MB/s for bytes`,
    ],
    ['fast', RangeError, `bandwidth: fast is not ${RATE}`],
    ['1kbit', RangeError, "bandwidth: 1kbit is less than 1 of libvirt's kilobytes per second"],
    [0, RangeError, "bandwidth: 0 is less than 1 of libvirt's kilobytes per second"],
    [1.5, RangeError, 'bandwidth: 1.5 is not a whole number of kilobytes per second'],
    ['40tbit', RangeError, "bandwidth: 40tbit is more than 4294967295 of libvirt's kilobytes per second"],
    [true, TypeError, `bandwidth: true is not ${RATE}`],
    [null, TypeError, 'bandwidth: null is not an object that describes a rate limit'],
    [[], TypeError, 'bandwidth: a list is not an object that describes a bandwidth'],
    [{}, TypeError, 'bandwidth: neither inbound nor outbound nor average is there'],
    [
      { average: '10mbit', peak: '1mbit' },
      RangeError,
      'bandwidth.peak: 125 kB/s is less than the average of 1250 kB/s',
    ],
    [
      { average: '10mbit', burst: '64' },
      RangeError,
      "bandwidth.burst: 64 is not a size such as '64kb' or '1mb'; it lacks a unit",
    ],
    [
      { peak: '10mbit' },
      TypeError,
      'bandwidth.peak: unknown field of a bandwidth; peak needs an average beside it',
    ],
    [{ inbound: { peak: 5 } }, TypeError, 'bandwidth.inbound.average: missing; a rate limit must have it'],
    [
      { inbound: { average: 5, floor: 1 } },
      TypeError,
      'bandwidth.inbound.floor: unknown field of a rate limit; libvirt guarantees a rate only to the inbound traffic of one NIC on a network: it belongs there',
    ],
    [
      { inbuond: '10mbit' },
      TypeError,
      'bandwidth.inbuond: unknown field of a bandwidth; did you mean inbound?',
    ],
  ])('of %j is refused', (options, type, message) => {
    expect(() => bandwidth(options, 'bandwidth')).toThrow(new type(message));
  });
});
