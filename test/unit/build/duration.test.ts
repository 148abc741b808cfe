import { expect, test } from 'vitest';
import { lease, parseDuration } from '../../../lib/build/duration.js';

test.each([
  ['90s', 90],
  ['2m', 120],
  ['1h', 3600],
  ['1d', 86_400],
  ['2w', 1_209_600],
  ['1h30m', 5400],
  ['1H30M', 5400],
  [' 1h ', 3600],
  ['0s', 0],
  ['infinite', Number.POSITIVE_INFINITY],
])('%j lasts %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', '1', 'h', '1 h', '1.5h', '-1h', '1y', '1h-', 'forever', '1h 30m', '1e3s'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each([
  ['1h', { expiry: 1, unit: 'hours' }],
  ['1d', { expiry: 24, unit: 'hours' }],
  ['90m', { expiry: 90, unit: 'minutes' }],
  ['120s', { expiry: 2, unit: 'minutes' }],
  [121, { expiry: 121, unit: 'seconds' }],
  [7200, { expiry: 2, unit: 'hours' }],
  ['infinite', { expiry: 0 }],
  [Number.POSITIVE_INFINITY, { expiry: 0 }],
  [0xfffffffe, { expiry: 4294967294, unit: 'seconds' }],
] as const)('a lease of %j is %j', (duration, expected) => {
  expect(lease(duration, 'lease')).toEqual(expected);
});

test.each([
  ['119s', RangeError, 'lease: 119s is too short; a lease lasts 2 minutes or more'],
  [0, RangeError, 'lease: 0 is too short; a lease lasts 2 minutes or more'],
  [-120, RangeError, 'lease: -120 is too short; a lease lasts 2 minutes or more'],
  [120.5, RangeError, 'lease: 120.5 is not a whole number of seconds'],
  [Number.NaN, RangeError, 'lease: NaN is not a whole number of seconds'],
  [
    0xffffffff,
    RangeError,
    "lease: 4294967295 is too long; a lease lasts less than 2^32-1 seconds, or 'infinite'",
  ],
  [
    '60',
    RangeError,
    "lease: 60 is not a duration such as '1h', '90m' or 'infinite'; it lacks a unit (60s, 60m, 60h)",
  ],
  ['soon', RangeError, "lease: soon is not a duration such as '1h', '90m' or 'infinite'"],
  [true, TypeError, "lease: true is not a duration such as '1h', '90m' or 'infinite'"],
  [null, TypeError, "lease: null is not a duration such as '1h', '90m' or 'infinite'"],
])('refuses a lease of %j', (duration, type, message) => {
  expect(() => lease(duration, 'lease')).toThrow(new type(message));
});
