// The reader and the writer of frames, against each other and against bytes written by hand. What tshark says of
// them is asked in test/host/capture.test.ts.

import { expect, it } from 'vitest';
import {
  decodeFrame,
  decodePacket,
  type EthernetFrame,
  encodeFrame,
  encodePacket,
  FrameError,
} from '../../../lib/host/frame/index.js';
import { frames } from './frames.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

it.each(Object.entries(frames))('writes what it reads again: %s', (_, frame) => {
  const bytes = encodeFrame(frame);
  expect(decodeFrame(bytes)).toMatchObject(frame);
  expect(encodeFrame(decodeFrame(bytes))).toEqual(bytes);
});

// RFC 826, and the example of an echo request of RFC 792 with its checksum counted by hand.
it('writes ARP as it is on the wire', () => {
  expect(encodeFrame(frames.arp as EthernetFrame)).toEqual(
    hex(`020000000002 020000000001 0806
      0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202 ${'00'.repeat(18)}`),
  );
});

it('writes IPv4, UDP and their checksums as they are on the wire', () => {
  const { content } = frames['udp over ipv4'] as EthernetFrame;
  expect(encodePacket(content as never)).toEqual(
    hex(`45 00 001f 0000 0000 40 11 f6ca c0000201 c0000202
      c350 c351 000b f12f 010203`),
  );
});

it('reads packets without an Ethernet header', () => {
  for (const name of ['udp over ipv4', 'tcp with options over ipv6']) {
    const { content } = frames[name] as EthernetFrame;
    expect(decodePacket(encodePacket(content as never))).toMatchObject(content);
  }
  expect(() => decodePacket(Uint8Array.of(0x70, 0))).toThrow(/^ip at byte 0: version 7 is neither 4 nor 6/);
  expect(() => decodePacket(new Uint8Array())).toThrow(FrameError);
});

it('does not take what a wire has changed, unless it is told to', () => {
  for (const name of [
    'udp over ipv4',
    'tcp over ipv4',
    'icmp over ipv4',
    'udp over ipv6',
    'icmp over ipv6',
  ]) {
    const bytes = encodeFrame(frames[name] as EthernetFrame);
    const whole = decodeFrame(bytes);
    const end = name.endsWith('4') ? 14 + new DataView(bytes.buffer).getUint16(16) : bytes.length;
    // Every bit from the header of the transport to the end, the port numbers of DHCP apart.
    for (let at = name.endsWith('4') ? 34 : 54; at < end; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 0x10;
      let read: unknown;
      try {
        read = decodeFrame(changed);
      } catch (error) {
        expect(error, `${name} at ${at}`).toBeInstanceOf(FrameError);
        continue;
      }
      expect(read, `${name} at ${at}`).not.toEqual(whole);
      expect.unreachable(`${name}: byte ${at} was changed unseen`);
    }
  }
  const bytes = encodeFrame(frames['udp over ipv4'] as EthernetFrame);
  bytes[40] = 0x55;
  expect(() => decodeFrame(bytes)).toThrow(FrameError);
  expect(decodeFrame(bytes, { checksums: false })).toMatchObject({ content: { content: { kind: 'udp' } } });
});

it('reads any bytes or refuses them, and never reads past their end', () => {
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const whole = Object.values(frames).map((frame) => encodeFrame(frame));
  let taken = 0;
  let refused = 0;
  for (let i = 0; i < 30_000; i++) {
    const frame = (whole[random(whole.length)] as Uint8Array).slice();
    for (let changes = random(4); changes > 0; changes--) frame[random(frame.length)] = random(256);
    const cut = frame.slice(0, random(3) === 0 ? random(frame.length + 1) : frame.length);
    // In the middle of other bytes, which nothing may see.
    const around = new Uint8Array(cut.length + 64).fill(i % 2 === 0 ? 0xff : 0);
    around.set(cut, 32);
    const inside = around.subarray(32, 32 + cut.length);
    const outcomes = [cut, inside].map((bytes) => {
      try {
        return decodeFrame(bytes, { checksums: random(2) === -1 });
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
        return (error as Error).message;
      }
    });
    expect(outcomes[1]).toEqual(outcomes[0]);
    if (typeof outcomes[0] === 'string') refused++;
    else taken++;
  }
  expect(taken).toBeGreaterThan(5000);
  expect(refused).toBeGreaterThan(5000);
});

it.each<[string, () => unknown, RegExp]>([
  [
    'a MAC address',
    () => encodeFrame({ ...(frames.arp as EthernetFrame), source: '02:00' }),
    /^ethernet\.source: 02:00/,
  ],
  [
    'a VLAN',
    () => encodeFrame({ ...(frames.arp as EthernetFrame), tags: [{ id: 4096 }] }),
    /^ethernet\.tags\.id: 4096/,
  ],
  [
    'an address',
    () =>
      encodePacket({
        kind: 'ipv4',
        source: '10.0.0',
        destination: '10.0.0.1',
        content: { kind: 'bytes', bytes: new Uint8Array() },
        protocol: 1,
      }),
    /^ipv4\.source: 10\.0\.0 is not an IPv4 address/,
  ],
  [
    'a port',
    () =>
      encodePacket({
        kind: 'ipv4',
        source: '10.0.0.1',
        destination: '10.0.0.1',
        content: {
          kind: 'udp',
          sourcePort: 70000,
          destinationPort: 1,
          content: { kind: 'bytes', bytes: new Uint8Array() },
        },
      }),
    /^udp\.sourcePort: 70000 is not a whole number from 0 to 65535/,
  ],
  [
    'a length',
    () =>
      encodePacket({
        kind: 'ipv4',
        source: '10.0.0.1',
        destination: '10.0.0.1',
        protocol: 1,
        content: { kind: 'bytes', bytes: new Uint8Array(65536) },
      }),
    /^ipv4\.length: 65556/,
  ],
])('names what cannot be written: %s', (_, write, message) => {
  expect(write).toThrow(RangeError);
  expect(write).toThrow(message);
});

it('needs the type of content that is bytes', () => {
  const content = { kind: 'bytes', bytes: new Uint8Array(46) } as const;
  expect(() =>
    encodeFrame({ kind: 'ethernet', destination: '02:00:00:00:00:01', source: '02:00:00:00:00:01', content }),
  ).toThrow(/^ethernet\.type: missing/);
  expect(() => decodeFrame('frame' as never)).toThrow(TypeError);
});
