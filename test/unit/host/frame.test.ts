// The reader and the writer of frames, against each other and against bytes written by hand. What tshark says of
// them is asked in test/host/capture.test.ts.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  checksum,
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

it.each(Object.entries(frames))('keeps nothing of what it reads, also of a Buffer: %s', (_, frame) => {
  const bytes = Buffer.from(encodeFrame(frame));
  const read = decodeFrame(bytes);
  bytes.fill(0xff);
  expect(read).toMatchObject(frame);
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

/** An IPv4 packet of UDP, with a header that is right again after a change. */
function changedPacket(change: (packet: DataView) => void, rest = new Uint8Array()): Uint8Array {
  const { content } = frames['udp over ipv4'] as EthernetFrame;
  const bytes = Uint8Array.from([...encodePacket(content as never), ...rest]);
  const view = new DataView(bytes.buffer);
  change(view);
  view.setUint16(10, 0);
  view.setUint16(10, checksum(bytes.subarray(0, 20)));
  expect(checksum(bytes.subarray(0, 20))).toBe(0);
  return bytes;
}

it('takes a datagram that is shorter than the packet, as the kernel does', () => {
  const { content } = frames['udp over ipv4'] as EthernetFrame;
  const longer = changedPacket((view) => view.setUint16(2, view.byteLength), new Uint8Array(6).fill(0xaa));
  expect(decodePacket(longer)).toMatchObject(content);
  longer[28] = 0x55;
  expect(() => decodePacket(longer)).toThrow(/^udp at byte 20: its checksum is wrong/);
});

it('takes a packet with the reserved flag for none of the fragments', () => {
  const { content } = frames['udp over ipv4'] as EthernetFrame;
  const read = decodePacket(changedPacket((view) => view.setUint16(6, 0x8000)));
  expect(read).toMatchObject(content);
  expect(read).not.toHaveProperty('moreFragments');
  expect(decodePacket(encodePacket(read))).toEqual(read);
});

/** Frames with some bytes changed, and cut. */
const changed = fc
  .record({
    whole: fc.constantFrom(...Object.values(frames).map((frame) => encodeFrame(frame))),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
    end: fc.option(fc.nat(), { freq: 2 }),
  })
  .map(({ whole, changes, end }) => {
    const bytes = whole.slice();
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return bytes.slice(0, end === null ? bytes.length : end % (bytes.length + 1));
  });

/** What the bytes are, or why they are refused. */
function outcomeOf(bytes: Uint8Array, checksums: boolean): EthernetFrame | string {
  try {
    return decodeFrame(bytes, { checksums });
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    return (error as Error).message;
  }
}

it.each([true, false])(
  'reads any bytes or refuses them, and never reads past their end, checksums: %s',
  (checksums) => {
    const counts = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(changed, fc.constantFrom(0, 0xff), (bytes, rest) => {
        // In the middle of other bytes, which nothing may see.
        const around = new Uint8Array(bytes.length + 64).fill(rest);
        around.set(bytes, 32);
        const outcome = outcomeOf(bytes, checksums);
        expect(outcomeOf(around.subarray(32, 32 + bytes.length), checksums)).toEqual(outcome);
        counts[typeof outcome === 'string' ? 'refused' : 'taken']++;
      }),
      { numRuns: 10_000 },
    );
    expect(counts.taken).toBeGreaterThan(1000);
    expect(counts.refused).toBeGreaterThan(1000);
  },
);

it('leaves out checksums where it is told to, and nothing else', () => {
  const layers = new Set<string | undefined>();
  fc.assert(
    fc.property(changed, (bytes) => {
      const without = outcomeOf(bytes, false);
      const outcome = outcomeOf(bytes, true);
      if (typeof outcome === 'string' && outcome !== without) {
        layers.add(/^(\w+) at byte \d+: its checksum is wrong$/.exec(outcome)?.[1]);
        return;
      }
      expect(without).toEqual(outcome);
      if (typeof outcome === 'string') return;
      // Padding to the shortest frame may become part of bytes that have no length; once.
      const written = encodeFrame(outcome);
      expect(encodeFrame(decodeFrame(written))).toEqual(written);
    }),
    { numRuns: 5000 },
  );
  expect([...layers].sort()).toEqual(['icmp', 'ipv4', 'tcp', 'udp']);
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
    'what ARP does not do',
    () =>
      encodeFrame({
        ...(frames.arp as EthernetFrame),
        content: { ...frames.arp?.content, operation: 'foo' } as never,
      }),
    /^arp\.operation: foo is not one of request, reply/,
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

const ethernet = {
  kind: 'ethernet',
  destination: '02:00:00:00:00:01',
  source: '02:00:00:00:00:02',
} as const;

const ipv4 = {
  kind: 'ipv4',
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 253,
  content: { kind: 'bytes', bytes: new Uint8Array(4) },
} as const;

it.each<[string, () => Uint8Array, string]>([
  ['nothing', () => encodeFrame(undefined as never), 'frame: undefined is not a layer'],
  [
    'no content',
    () => encodeFrame({ ...ethernet, content: null } as never),
    'ethernet.content: null is not a layer',
  ],
  [
    'a key of every object',
    () => encodeFrame({ ...ethernet, content: { kind: 'constructor' } } as never),
    'ethernet.content.kind: constructor is not one of arp, ipv4, ipv6, bytes',
  ],
  [
    'bytes that are none',
    () => encodeFrame({ ...ethernet, type: 1, content: { kind: 'bytes' } } as never),
    'ethernet.content.bytes: undefined is not a Uint8Array',
  ],
  [
    'another packet',
    () => encodePacket({ kind: 'arp' } as never),
    'packet.kind: arp is not one of ipv4, ipv6',
  ],
  [
    'a frame in a segment',
    () =>
      encodePacket({
        kind: 'ipv4',
        source: '10.0.0.1',
        destination: '10.0.0.2',
        content: { kind: 'udp', sourcePort: 1, destinationPort: 2, content: ethernet },
      } as never),
    'udp.content.kind: ethernet is not one of dhcp, bytes',
  ],
  [
    'a segment without flags',
    () => encodePacket({ ...ipv4, content: { kind: 'tcp', sourcePort: 1 } } as never),
    'tcp.flags: undefined is not a list of fin, syn, rst',
  ],
  [
    'a packet from nowhere',
    () => encodePacket({ ...ipv4, source: undefined } as never),
    'ipv4.source: undefined is not an IPv4 address',
  ],
  [
    'options that are a list',
    () => encodePacket({ ...ipv4, options: [1, 1, 1, 1] } as never),
    'ipv4.options: ',
  ],
  [
    'a MAC address that is none',
    () => encodeFrame({ ...ethernet, source: 5, type: 1, content: ipv4.content } as never),
    'ethernet.source: 5 is not a MAC address',
  ],
])('says which layer or field is none: %s', (_, write, message) => {
  expect(write).toThrow(TypeError);
  expect(write).toThrow(message);
});
