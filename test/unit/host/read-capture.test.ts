// Captures that are read: those that were written here, those of other programs as their formats say, and broken ones.

import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ByteChunks,
  type CapturedFrame,
  FrameError,
  pcapngInterface,
  pcapngPacket,
  pcapngSection,
  pcapngStatistics,
  readCapture,
} from '../../../lib/host/index.js';

const TIME = 1_700_000_000_123_456_789n;

/** Numbers of a file, each with its size in bytes; the order of bytes is one for all. */
type Field = readonly [size: 1 | 2 | 4, value: number] | Uint8Array;

function laidOut(fields: readonly Field[], little: boolean): Uint8Array {
  const parts = fields.map((field) => {
    if (field instanceof Uint8Array) return field;
    const [size, value] = field;
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    if (size === 1) view.setUint8(0, value);
    else if (size === 2) view.setUint16(0, value, little);
    else view.setUint32(0, value, little);
    return bytes;
  });
  return new Uint8Array(Buffer.concat(parts));
}

const block = (type: number, fields: readonly Field[], little: boolean): Uint8Array => {
  const size = laidOut(fields, little).length + 12;
  return laidOut([[4, type], [4, size], ...fields, [4, size]], little);
};

const section = (little: boolean): Uint8Array =>
  block(
    0x0a0d0d0a,
    [
      [4, 0x1a2b3c4d],
      [2, 1],
      [2, 0],
      [4, 0xffffffff],
      [4, 0xffffffff],
    ],
    little,
  );

async function all(source: ByteChunks): Promise<CapturedFrame[]> {
  const frames: CapturedFrame[] = [];
  for await (const frame of readCapture(source)) frames.push(frame);
  return frames;
}

/** In chunks of so many bytes, all in one memory. */
function* chunked(file: Uint8Array, size: number): Generator<Uint8Array> {
  const memory = new Uint8Array(size);
  for (let at = 0; at < file.length; at += size) {
    const part = file.subarray(at, at + size);
    memory.set(part);
    yield memory.subarray(0, part.length);
    memory.fill(0xee);
  }
}

const frame = Uint8Array.from({ length: 61 }, (_, i) => i);
const ours = Buffer.concat([
  pcapngSection('virtnet'),
  pcapngInterface({ name: 'tap0', link: 'ethernet' }),
  pcapngInterface({ name: 'tun0', link: 'ip', snapLength: 7 }),
  pcapngPacket({ interface: 0, time: TIME, bytes: frame, direction: 'inbound' }),
  pcapngPacket({ interface: 1, time: TIME + 1n, bytes: frame, snapLength: 7, direction: 'outbound' }),
  pcapngPacket({ interface: 0, time: TIME + 2n, bytes: new Uint8Array(0) }),
  pcapngStatistics(0, TIME, { received: 3, dropped: 0 }),
]);
const told = [
  { bytes: frame, length: 61, time: TIME, link: 'ethernet', interface: 'tap0', direction: 'inbound' },
  {
    bytes: frame.slice(0, 7),
    length: 61,
    time: TIME + 1n,
    link: 'ip',
    interface: 'tun0',
    direction: 'outbound',
  },
  { bytes: new Uint8Array(0), length: 0, time: TIME + 2n, link: 'ethernet', interface: 'tap0' },
];

describe('a capture that was written here', () => {
  it.each([1, 3, 64, 4096])('is read in chunks of %d bytes', async (size) => {
    expect(await all(chunked(ours, size))).toEqual(told);
  });

  it('is read as a whole, from a file and from a web stream', async () => {
    expect(await all(new Uint8Array(ours))).toEqual(told);
    expect(await all(new Blob([ours]).stream() as unknown as ByteChunks)).toEqual(told);
    const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    try {
      const file = join(folder, 'ours.pcapng');
      writeFileSync(file, ours);
      expect(await all(createReadStream(file))).toEqual(told);
      const left = createReadStream(file);
      for await (const _ of readCapture(left)) break;
      expect(left.destroyed).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives frames in memory of their own', async () => {
    const file = new Uint8Array(ours);
    const [first] = await all(file);
    file.fill(0);
    expect(first?.bytes).toEqual(frame);
    expect(first?.bytes.buffer.byteLength).toBe(61);
  });

  it('is what it was, whatever was captured', async () => {
    const packet = fc.record({
      interface: fc.nat({ max: 1 }),
      time: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      bytes: fc.uint8Array({ maxLength: 200 }),
      direction: fc.option(fc.constantFrom('inbound' as const, 'outbound' as const), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(packet), fc.integer({ min: 1, max: 500 }), async (packets, size) => {
        const file = Buffer.concat([
          pcapngSection('virtnet'),
          pcapngInterface({ name: 'a', link: 'ethernet' }),
          pcapngInterface({ name: 'b', link: 'ip' }),
          ...packets.map((one) => pcapngPacket(one as Parameters<typeof pcapngPacket>[0])),
        ]);
        const read = await all(chunked(file, size));
        expect(read.map(({ bytes, time, direction }) => ({ bytes, time, direction }))).toEqual(
          packets.map(({ bytes, time, direction }) => ({ bytes: new Uint8Array(bytes), time, direction })),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('a capture of another program', () => {
  it.each([
    ['little', true],
    ['big', false],
  ] as const)('is read with its bytes in %s order', async (_, little) => {
    const data = new Uint8Array([1, 2, 3, 4, 5, 0, 0, 0]);
    const file = Buffer.concat([
      section(little),
      // Unknown blocks are passed over.
      block(0x0bad, [[4, 7]], little),
      // Thousandths of seconds, from 100 seconds on; frames of three bytes.
      block(
        1,
        [
          [2, 105],
          [2, 0],
          [4, 3],
          ...([
            [2, 9],
            [2, 1],
            [1, 3],
            [1, 0],
            [2, 0],
          ] as const),
          ...([
            [2, 14],
            [2, 8],
          ] as const),
          ...((little
            ? [
                [4, 100],
                [4, 0],
              ]
            : [
                [4, 0],
                [4, 100],
              ]) as Field[]),
        ],
        little,
      ),
      // Parts of a second of which there are 2 ** 10.
      block(
        1,
        [
          [2, 1],
          [2, 0],
          [4, 0],
          [2, 9],
          [2, 1],
          [1, 0x8a],
          [1, 0],
          [2, 0],
          [4, 0],
        ],
        little,
      ),
      block(6, [[4, 0], [4, 0], [4, 1500], [4, 5], [4, 9], data], little),
      block(6, [[4, 1], [4, 1], [4, 512], [4, 5], [4, 5], data], little),
      block(3, [[4, 9], new Uint8Array([1, 2, 3, 0])], little),
      block(2, [[2, 1], [2, 0], [4, 0], [4, 1024], [4, 5], [4, 5], data], little),
    ]);
    const bytes = data.slice(0, 5);
    expect(await all(file)).toEqual([
      { bytes, length: 9, time: 101_500_000_000n, link: 105 },
      { bytes, length: 5, time: 2n ** 22n * 10n ** 9n + 500_000_000n, link: 'ethernet' },
      { bytes: data.slice(0, 3), length: 9, link: 105 },
      { bytes, length: 5, time: 1_000_000_000n, link: 'ethernet' },
    ]);
  });

  it('has interfaces in each section of its own', async () => {
    const link = (number: number, little: boolean) =>
      block(
        1,
        [
          [2, number],
          [2, 0],
          [4, 0],
        ],
        little,
      );
    const packet = (little: boolean) =>
      block(
        6,
        [
          [4, 0],
          [4, 0],
          [4, 1],
          [4, 0],
          [4, 0],
        ],
        little,
      );
    const one = (number: number, little: boolean) => [section(little), link(number, little), packet(little)];
    expect(await all(Buffer.concat([...one(1, true), ...one(101, false)]))).toMatchObject([
      { link: 'ethernet', time: 1000n },
      { link: 'ip', time: 1000n },
    ]);
  });

  it.each([
    ['microseconds, little', 0xa1b2c3d4, true, 1_000_002_000n],
    ['microseconds, big', 0xa1b2c3d4, false, 1_000_002_000n],
    ['nanoseconds, little', 0xa1b23c4d, true, 1_000_000_002n],
    ['nanoseconds, big', 0xa1b23c4d, false, 1_000_000_002n],
  ])('is read from pcap: %s', async (_, magic, little, time) => {
    // The upper bits of the link tell of check sequences.
    const header: Field[] = [
      [4, magic],
      [2, 2],
      [2, 4],
      [4, 0],
      [4, 0],
      [4, 262144],
      [4, 0x1400_0001],
    ];
    const file = laidOut([...header, [4, 1], [4, 2], [4, 3], [4, 60], new Uint8Array([7, 8, 9])], little);
    const expected = [{ bytes: new Uint8Array([7, 8, 9]), length: 60, time, link: 'ethernet' }];
    expect(await all(file)).toEqual(expected);
    expect(await all(chunked(file, 1))).toEqual(expected);
  });
});

describe('a capture that is broken', () => {
  const whole = Buffer.concat([
    pcapngSection('virtnet'),
    pcapngInterface({ name: 'tap0', link: 'ethernet' }),
    pcapngPacket({ interface: 0, time: TIME, bytes: frame }),
  ]);

  it('gives the frames that are whole, and says where it ends', async () => {
    const cut = Buffer.concat([
      whole,
      pcapngPacket({ interface: 0, time: TIME, bytes: frame }).subarray(0, 50),
    ]);
    const frames: CapturedFrame[] = [];
    const reading = (async () => {
      for await (const one of readCapture(cut)) frames.push(one);
    })();
    await expect(reading).rejects.toThrow(
      new FrameError('pcapng', whole.length + 8, 'ends after 42 of 84 bytes'),
    );
    expect(frames).toMatchObject([{ bytes: frame }]);
  });

  const words = (...fields: Field[]) => laidOut(fields, true);
  it.each<[string, Uint8Array, string, number]>([
    ['of nothing', new Uint8Array(0), 'there is nothing', 0],
    ['of two bytes', new Uint8Array(2), 'ends after 2 of 4 bytes', 0],
    ['of a program', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2]), 'begins with 7f454c46', 0],
    ['without a mark', words([4, 0x0a0d0d0a], [4, 28], [4, 1], [4, 1]), 'without its mark', 8],
    [
      'of version 2',
      block(
        0x0a0d0d0a,
        [
          [4, 0x1a2b3c4d],
          [2, 2],
          [2, 0],
          [4, 0],
          [4, 0],
        ],
        true,
      ),
      'version 2',
      12,
    ],
    [
      'with a huge block',
      Buffer.concat([section(true), words([4, 1], [4, 0xfffffffc])]),
      'a block of 4294967292 bytes',
      32,
    ],
    [
      'with a block of no size',
      Buffer.concat([section(true), words([4, 1], [4, 0])]),
      'a block of 0 bytes',
      32,
    ],
    ['with an odd block', Buffer.concat([section(true), words([4, 1], [4, 21])]), 'a block of 21 bytes', 32],
    [
      'whose lengths differ',
      Buffer.concat([section(true), words([4, 9], [4, 12], [4, 16])]),
      'lengths differ',
      36,
    ],
    ['without the interface', Buffer.concat([section(true), whole.subarray(-96)]), 'interface 0', 36],
    [
      'with a frame past its block',
      Buffer.concat([
        whole.subarray(0, -96),
        block(
          6,
          [
            [4, 0],
            [4, 0],
            [4, 0],
            [4, 9],
            [4, 9],
          ],
          true,
        ),
      ]),
      'ends after 20 of 29 bytes',
      0,
    ],
    [
      'of pcap with a huge frame',
      laidOut([[4, 0xa1b2c3d4], new Uint8Array(36).fill(0xff)], true),
      'a frame of 4294967295 bytes',
      32,
    ],
    ['of pcap, cut', laidOut([[4, 0xa1b2c3d4], new Uint8Array(30)], true), 'ends after 10 of 16 bytes', 24],
  ])('says so: %s', async (_, file, message, offset) => {
    const error = await all(file).then(
      () => 'nothing',
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FrameError);
    expect((error as FrameError).message).toContain(message);
    if (offset > 0) expect((error as FrameError).offset).toBe(offset);
  });

  it.each([
    ['a path', 'tap0.pcapng'],
    ['nothing', undefined],
    ['texts', ['abcd']],
  ])('is no source of bytes: %s', async (_, source) => {
    await expect(all(source as unknown as ByteChunks)).rejects.toThrow(TypeError);
  });

  it('of any bytes is read or refused', async () => {
    const changed = fc.tuple(
      fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }))),
      fc.nat({ max: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(changed, async ([changes, shorter]) => {
        const file = new Uint8Array(whole.subarray(0, whole.length - shorter));
        for (const [at, value] of changes) if (at < file.length) file[at] = value;
        const ended = await all(file).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (ended !== undefined) expect(ended).toBeInstanceOf(FrameError);
      }),
      { numRuns: 1000 },
    );
  });
});
