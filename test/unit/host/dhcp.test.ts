// DHCP messages: what a relay passes on is what came, and what cannot be one says which field it is.

import { expect, it } from 'vitest';
import {
  type DhcpMessage,
  decodePacket,
  encodeFrame,
  encodePacket,
  type Ipv4Packet,
} from '../../../lib/host/frame/index.js';
import { frames } from './frames.js';

/** Where the message begins in an IPv4 packet. */
const MESSAGE = 20 + 8;
const FIXED = 240;

const message: DhcpMessage = {
  kind: 'dhcp',
  operation: 'request',
  transaction: 1,
  mac: '02:00:00:00:00:01',
};

const packet = (content: DhcpMessage | { kind: 'bytes'; bytes: Uint8Array }): Ipv4Packet => ({
  kind: 'ipv4',
  source: '192.0.2.1',
  destination: '192.0.2.2',
  content: { kind: 'udp', sourcePort: 68, destinationPort: 67, content },
});

const messageOf = (bytes: Uint8Array): unknown => {
  const { content } = decodePacket(bytes);
  return content.kind === 'udp' ? content.content : content;
};

/** A message with an option as it stands in the bytes. */
const withOptions = (options: Uint8Array): Uint8Array => {
  const bytes = encodePacket(packet(message)).subarray(MESSAGE, MESSAGE + FIXED);
  return encodePacket(packet({ kind: 'bytes', bytes: Buffer.concat([bytes, options]) }));
};

it('has the pieces of an option as one, as many as a packet has room for', () => {
  // Each joined to those before by itself, they would take longer than a test may.
  const pieces = 21_700;
  const options = new Uint8Array(3 * pieces);
  for (let i = 0; i < pieces; i++) options.set([12, 1, i & 255], 3 * i);
  const { options: read = {} } = messageOf(withOptions(options)) as DhcpMessage;
  expect(Object.keys(read)).toEqual(['12']);
  expect(
    Buffer.compare(
      read[12] as Uint8Array,
      Uint8Array.from({ length: pieces }, (_, i) => i),
    ),
  ).toBe(0);
});

it('keeps what a relay passes on, but for where it stood', () => {
  const bytes = encodeFrame(frames['dhcp by a relay'] as never).subarray(14);
  expect(bytes[MESSAGE + 3]).toBe(2);
  expect(Buffer.from(bytes.subarray(MESSAGE + 44, MESSAGE + 57)).toString()).toBe('boot.example\0');
  expect(Buffer.from(bytes.subarray(MESSAGE + 108, MESSAGE + 119)).toString()).toBe('pxelinux.0\0');
  expect(encodePacket(decodePacket(bytes))).toEqual(bytes);
  const full = { ...message, serverName: new Uint8Array(64).fill(1), bootFile: new Uint8Array(128).fill(2) };
  expect(messageOf(encodePacket(packet(full)))).toMatchObject(full);
});

it.each<[object, typeof Error, string]>([
  [{ operation: 'offer' }, RangeError, 'dhcp.operation: offer is not one of request, reply'],
  [{ operation: 'toString' }, RangeError, 'dhcp.operation: toString is not one of request, reply'],
  [{ hops: 256 }, RangeError, 'dhcp.hops: 256 is not a whole number from 0 to 255'],
  [{ mac: undefined }, TypeError, 'dhcp.mac: undefined is not a MAC address'],
  [{ yourIp: 7 }, TypeError, 'dhcp.yourIp: 7 is not an IPv4 address'],
  [{ bootFile: 'pxelinux.0' }, TypeError, 'dhcp.bootFile: pxelinux.0 is not a Uint8Array'],
  [{ serverName: new Uint8Array(65) }, RangeError, 'dhcp.serverName: 65 bytes are more than 64'],
  [{ options: { 51: [0, 0, 1, 0] } }, TypeError, 'dhcp.options.51: '],
  [{ options: { 12: 'hello' } }, TypeError, 'dhcp.options.12: hello is not a Uint8Array'],
  [{ options: { foo: new Uint8Array(1) } }, RangeError, 'dhcp.options: foo is not a number from 1 to 254'],
  [{ options: { 1.5: new Uint8Array(1) } }, RangeError, 'dhcp.options: 1.5 is not a number from 1 to 254'],
])('names what cannot be written: %o', (fields, error, text) => {
  const write = () => encodePacket(packet({ ...message, ...fields } as DhcpMessage));
  expect(write).toThrow(error);
  expect(write).toThrow(text);
});
