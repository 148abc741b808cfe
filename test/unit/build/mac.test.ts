import { expect, test } from 'vitest';
import { isMulticastMac, parseMac, randomMac } from '../../../lib/build/address/index.js';

test.each([
  ['52:54:00:12:34:56', '52:54:00:12:34:56'],
  ['52:54:00:AB:CD:EF', '52:54:00:ab:cd:ef'],
])('reads %s as %s', (text, mac) => {
  expect(parseMac(text)).toBe(mac);
});

test.each([
  '',
  '52:54:00:12:34',
  '52:54:00:12:34:56:78',
  '52-54-00-12-34-56',
  '525400123456',
  '52:54:0:12:34:56',
  'g2:54:00:12:34:56',
  '52:54:00:12:34:56 ',
])('refuses %j', (text) => {
  expect(parseMac(text)).toBeUndefined();
});

test('tells group addresses from those of one device', () => {
  expect(isMulticastMac('01:00:5e:00:00:01')).toBe(true);
  expect(isMulticastMac('ff:ff:ff:ff:ff:ff')).toBe(true);
  expect(isMulticastMac('52:54:00:12:34:56')).toBe(false);
});

test('makes random addresses of one device below 52:54:00 or another prefix', () => {
  const macs = Array.from({ length: 100 }, () => randomMac());
  for (const mac of macs) expect(parseMac(mac)).toMatch(/^52:54:00:/);
  expect(new Set(macs).size).toBeGreaterThan(90);
  expect(randomMac('02:00:00')).toMatch(/^02:00:00:/);
});
