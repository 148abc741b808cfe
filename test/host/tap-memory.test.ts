// Memory that a tap must not take frames from: what is outside of it, what was transferred, and what has shrunk.

import { expect, it } from 'vitest';
import { KernelError, Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';

const FRAME = 60;
const frame = Uint8Array.from({ length: FRAME }, (_, i) => (i < 6 ? 255 : i));
const one = (number: number) => Uint32Array.of(number);

/** What memory is told that does not have the frames. */
const faultOf = (detail: RegExp) =>
  expect.objectContaining({
    name: 'KernelError',
    code: 'EFAULT',
    call: 'write',
    detail: expect.stringMatching(detail),
  });

/** What numbers are told that are none of the frames. */
const NO_SUCH_FRAMES = {
  name: 'KernelError',
  code: 'EFAULT',
  call: 'write',
  hint: expect.stringMatching(/^count and from are /),
};

/** An ArrayBuffer that can change its size, which TypeScript's library of this target does not have. */
const resizable = (bytes: number, most: number) =>
  Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: most }]) as ArrayBuffer & {
    resize(bytes: number): void;
  };

const transferred = <T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(array: T): T => {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};

async function opened(netns: Netns): Promise<Tap> {
  const tap = await Tap.open({ netns: netns.path });
  await tap.set({ up: true });
  return tap;
}

describeWith(HOST_NEEDS, 'a TAP device takes no frames', () => {
  const slab = () => new Uint8Array(100);
  const shrunk = (make: (memory: ArrayBuffer) => Uint8Array, to: number) => {
    const memory = resizable(100, 200);
    const view = make(memory);
    memory.resize(to);
    return view;
  };

  it.each<[string, () => readonly [Uint8Array, Uint32Array, Uint32Array], string]>([
    [
      'before the slab',
      () => [slab(), one(-1), one(10)],
      '10 bytes at 4294967295 are not within the 100 bytes',
    ],
    ['behind it', () => [slab(), one(41), one(FRAME)], '60 bytes at 41 are not within the 100 bytes'],
    [
      'by a sum that passes 2^32',
      () => [slab(), one(2 ** 32 - 10), one(20)],
      '20 bytes at 4294967286 are not',
    ],
    ['of all the memory there could be', () => [slab(), one(0), one(-1)], '4294967295 bytes at 0 are not'],
    [
      'from before the part of the memory that it was given',
      () => [slab().subarray(50), one(0), one(FRAME)],
      '60 bytes at 0 are not within the 50 bytes',
    ],
    ['of a slab that was transferred', () => [transferred(slab()), one(0), one(FRAME)], 'within the 0 bytes'],
    [
      'of one that has shrunk',
      () => [shrunk((all) => new Uint8Array(all), 10), one(0), one(FRAME)],
      'the 10 bytes',
    ],
    [
      'of a part that the memory has no more',
      () => [shrunk((all) => new Uint8Array(all, 40, FRAME), 50), one(0), one(FRAME)],
      'within the 0 bytes',
    ],
    [
      'of one that is gone',
      () => [shrunk((all) => new Uint8Array(all), 0), one(0), one(FRAME)],
      'the 0 bytes',
    ],
  ])('%s', async (_title, given, message) => {
    await using netns = await freshNetns();
    await using tap = await opened(netns);
    const write = () => tap.writeBatch(...given());
    expect(write).toThrow(faultOf(/^frame 0: /));
    expect(write).toThrow(message);
    // The first one would do: none goes without the other.
    const [bytes, offsets, lengths] = given();
    const two = [
      Uint32Array.of(0, ...offsets),
      Uint32Array.of(Math.min(bytes.length, FRAME), ...lengths),
    ] as const;
    expect(() => tap.writeBatch(bytes, ...two)).toThrow(faultOf(/^frame 1: /));
    expect(tap.statistics().written).toMatchObject({ frames: 0, writes: 0 });
    expect(tap.write(frame)).toBe(true);
  });

  it('that its lists of offsets and lengths do not have', async () => {
    await using netns = await freshNetns();
    await using tap = await opened(netns);
    const two = () => new Uint32Array(2);
    const counts = [3, -1, 1.5, Number.NaN, 2 ** 32, 2 ** 53, Number.POSITIVE_INFINITY, '1', {}, null];
    for (const count of counts)
      expect(() => tap.writeBatch(slab(), two(), two(), count as number), `${count}`).toThrow(
        expect.objectContaining({
          ...NO_SUCH_FRAMES,
          detail: 'there are no such frames: offsets and lengths have 2',
        }),
      );
    for (const from of [3, -1, 0.5, Number.NaN, 2 ** 32, Number.NEGATIVE_INFINITY, '1'])
      expect(() => tap.writeBatch(slab(), two(), two(), 0, { from: from as number }), `${from}`).toThrow(
        faultOf(/^there are no such frames/),
      );
    expect(() => tap.writeBatch(slab(), two(), two(), 2, null as never)).toThrow(
      new TypeError('options: null is not an object with from and queue'),
    );
    for (const queue of [1, -1, 0.5, Number.NaN])
      expect(() => tap.writeBatch(slab(), two(), two(), 2, { queue })).toThrow(/: queue: /);
    expect(() => tap.writeBatch(slab(), transferred(two()), two(), 1)).toThrow(faultOf(/lengths have 0$/));
    expect(() => tap.writeBatch(slab(), two(), transferred(two()))).toThrow(faultOf(/lengths have 0$/));
    const memory = resizable(8, 16);
    const lengths = new Uint32Array(memory);
    memory.resize(4);
    expect(() => tap.writeBatch(slab(), two(), lengths)).toThrow(faultOf(/lengths have 1$/));
    expect(tap.statistics().written.frames).toBe(0);
  });

  it('of another kind of memory', async () => {
    await using netns = await freshNetns();
    await using tap = await opened(netns);
    const lists = [one(0), one(FRAME)] as const;
    for (const other of [
      new ArrayBuffer(100),
      new Uint16Array(50),
      new DataView(new ArrayBuffer(100)),
      [1],
      null,
    ])
      expect(() => tap.writeBatch(other as never, ...lists)).toThrow(new TypeError('slab: not a Uint8Array'));
    for (const other of [new Int32Array(1), new Float64Array(1), [0], null]) {
      expect(() => tap.writeBatch(slab(), other as never, one(FRAME), 1)).toThrow(
        new TypeError('offsets: not a Uint32Array'),
      );
      expect(() => tap.writeBatch(slab(), other as never, one(FRAME))).toThrow(TypeError);
      expect(() => tap.writeBatch(slab(), one(0), other as never)).toThrow(
        new TypeError('lengths: not a Uint32Array'),
      );
    }
    expect(() => tap.write(new ArrayBuffer(100) as never)).toThrow(new TypeError('frame: not a Uint8Array'));
    expect(tap.statistics().written.frames).toBe(0);
  });

  it('that are none, and says how long they are', async () => {
    await using netns = await freshNetns();
    await using tap = await opened(netns);
    for (const [write, bytes] of [
      [() => tap.write(new Uint8Array(13)), 13],
      [() => tap.writeBatch(slab(), one(0), one(7)), 7],
    ] as const) {
      expect(write).toThrow(KernelError);
      expect(write).toThrow(
        new RegExp(
          `^cannot write frame 0 to tap 'tap0': .*it has ${bytes} bytes \\(EINVAL, write\\); .*Ethernet`,
        ),
      );
    }
    const part = (all: ArrayBuffer) => new Uint8Array(all, 40, FRAME);
    for (const gone of [transferred(slab()), shrunk(part, 50)])
      expect(() => tap.write(gone)).toThrow(
        /^cannot write frame 0 to tap 'tap0': .*: its memory was transferred, or has shrunk \(EINVAL, write\); write .* before/,
      );
    expect(() => tap.write(new Uint8Array())).toThrow(/it has 0 bytes .* Ethernet/);
    expect(tap.statistics().written.frames).toBe(0);
  });

  it('when it is closed, whatever is asked of it', async () => {
    await using netns = await freshNetns();
    const tap = await opened(netns);
    await tap.close();
    const asked: [string, () => unknown][] = [
      ['write to', () => tap.write(frame)],
      ['write to', () => tap.writeBatch(frame, one(0), one(FRAME))],
      ['read', () => tap.onBatch(() => {})],
      ['read', () => tap.stream()],
      ['capture', () => tap.capture()],
      ['ask about', () => tap.state()],
      ['change', () => tap.set({ up: true })],
    ];
    for (const [action, ask] of asked) {
      const error = await (async () => ask())().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KernelError);
      expect(error).toMatchObject({
        code: 'EBADF',
        device: 'tap0',
        message: `cannot ${action} tap 'tap0': Bad file descriptor (EBADF, close); it was closed, by close() or because the device was lost: open it anew`,
      });
    }
    expect(tap.pause().resume().ref().unref().statistics().written.frames).toBe(0);
  });
});

describeWith(HOST_NEEDS, 'a TAP device takes frames', () => {
  it('of memory that is shared, that has grown, and that is a part of other memory', async () => {
    await using netns = await freshNetns();
    await using tap = await opened(netns);
    const shared = new Uint8Array(new SharedArrayBuffer(FRAME));
    shared.set(frame);
    const memory = resizable(10, 200);
    const grown = new Uint8Array(memory);
    memory.resize(200);
    grown.set(frame, 140);
    const part = new Uint8Array(200).subarray(7, 7 + FRAME);
    part.set(frame);
    expect(tap.writeBatch(shared, one(0), one(FRAME))).toBe(1);
    expect(tap.writeBatch(grown, one(140), one(FRAME))).toBe(1);
    expect(tap.writeBatch(part, one(0), one(FRAME))).toBe(1);
    expect(tap.writeBatch(Buffer.from(frame), one(0), one(FRAME))).toBe(1);
    const [{ stats64 } = {}] = await netns.ipJson('-statistics link show tap0');
    expect(stats64).toMatchObject({ rx: { packets: 4, bytes: 4 * FRAME } });
  });
});
