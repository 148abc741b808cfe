// The virtio-net header, written and read.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type GsoType,
  readVirtioHeader,
  VIRTIO_HEADER_LENGTH,
  type VirtioHeader,
  writeVirtioHeader,
} from '../../../lib/host/tap/virtio-header.js';

const number = fc.nat({ max: 0xffff });
const headers: fc.Arbitrary<VirtioHeader> = fc.record({
  needsChecksum: fc.boolean(),
  dataValid: fc.boolean(),
  gso: fc.constantFrom<GsoType>('none', 'tcp4', 'udp4', 'tcp6', 'udp'),
  ecn: fc.boolean(),
  headerLength: number,
  gsoSize: number,
  checksumStart: number,
  checksumOffset: number,
});
const nothing: VirtioHeader = {
  needsChecksum: false,
  dataValid: false,
  gso: 'none',
  ecn: false,
  headerLength: 0,
  gsoSize: 0,
  checksumStart: 0,
  checksumOffset: 0,
};

it('reads the header that it has written, and leaves what is around it', () => {
  fc.assert(
    fc.property(headers, fc.nat({ max: 9 }), (header, at) => {
      const around = new Uint8Array(at + VIRTIO_HEADER_LENGTH + 9).fill(0xee);
      writeVirtioHeader(around.subarray(at), header);
      expect(readVirtioHeader(around.subarray(at))).toEqual(header);
      around.fill(0xee, at, at + VIRTIO_HEADER_LENGTH);
      expect(around.every((byte) => byte === 0xee)).toBe(true);
    }),
  );
});

it('reads any bytes or refuses them, and writes what it has read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 14 }), (bytes) => {
      let header: VirtioHeader;
      try {
        header = readVirtioHeader(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect((error as Error).message).toMatch(
          bytes.length < VIRTIO_HEADER_LENGTH
            ? `a virtio-net header has 10 bytes, here are ${bytes.length}`
            : `a virtio-net header has no kind of super-frame ${bytes[1]}`,
        );
        return;
      }
      // Flags that mean something to others: RSC_INFO, and what comes after this version of the standard.
      const known = bytes.slice(0, VIRTIO_HEADER_LENGTH);
      known[0] = (known[0] as number) & 3;
      const written = new Uint8Array(VIRTIO_HEADER_LENGTH);
      writeVirtioHeader(written, header);
      expect(written).toEqual(known);
    }),
    { numRuns: 2000 },
  );
});

it('writes a frame like any other where nothing is said, over what was there', () => {
  const bytes = new Uint8Array(VIRTIO_HEADER_LENGTH).fill(0xff);
  writeVirtioHeader(bytes);
  expect(bytes).toEqual(new Uint8Array(VIRTIO_HEADER_LENGTH));
  writeVirtioHeader(bytes, { gso: 'tcp4', gsoSize: 1448 });
  expect(readVirtioHeader(bytes)).toEqual({ ...nothing, gso: 'tcp4', gsoSize: 1448 });
});

// VIRTIO_NET_HDR_F_* and VIRTIO_NET_HDR_GSO_* of linux/virtio_net.h.
it.each<[Partial<VirtioHeader>, flags: number, kind: number]>([
  [{}, 0, 0],
  [{ needsChecksum: true }, 1, 0],
  [{ dataValid: true }, 2, 0],
  [{ gso: 'tcp4' }, 0, 1],
  [{ gso: 'udp4' }, 0, 3],
  [{ gso: 'tcp6' }, 0, 4],
  [{ gso: 'udp' }, 0, 5],
  [{ gso: 'tcp6', ecn: true }, 0, 0x84],
])('has the numbers of the standard: %j', (header, flags, kind) => {
  const bytes = new Uint8Array(VIRTIO_HEADER_LENGTH);
  writeVirtioHeader(bytes, header);
  expect([...bytes.subarray(0, 2)]).toEqual([flags, kind]);
});

it('has its numbers in the order of the machine, as TUN/TAP does', () => {
  const numbers = Uint16Array.of(0x0042, 0x05a8, 0x0022, 0x0010);
  const bytes = Uint8Array.of(1, 1, ...new Uint8Array(numbers.buffer));
  expect(readVirtioHeader(bytes)).toEqual({
    ...nothing,
    needsChecksum: true,
    gso: 'tcp4',
    headerLength: 66,
    gsoSize: 1448,
    checksumStart: 34,
    checksumOffset: 16,
  });
});

it.each<[Partial<VirtioHeader>, string]>([
  [{ gsoSize: 65536 }, 'gsoSize: 65536 is not a whole number from 0 to 65535'],
  [{ headerLength: -1 }, 'headerLength: -1 is not a whole number from 0 to 65535'],
  [{ checksumStart: 1.5 }, 'checksumStart: 1.5 is not a whole number from 0 to 65535'],
  [{ checksumOffset: Number.NaN }, 'checksumOffset: NaN is not a whole number from 0 to 65535'],
  [{ gso: 'tcp' as never }, 'gso: tcp is not one of none, tcp4, udp4, tcp6, udp'],
])('writes nothing of a header that there cannot be: %j', (header, message) => {
  const bytes = new Uint8Array(VIRTIO_HEADER_LENGTH).fill(0xee);
  expect(() => writeVirtioHeader(bytes, header)).toThrow(
    expect.objectContaining({ name: 'RangeError', message }),
  );
  expect(bytes).toEqual(new Uint8Array(VIRTIO_HEADER_LENGTH).fill(0xee));
  expect(() => writeVirtioHeader(bytes.subarray(1))).toThrow(
    new RangeError('a virtio-net header has 10 bytes, here are 9'),
  );
});
