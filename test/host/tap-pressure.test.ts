// Who reads or writes slowly holds up whoever is at the other end, and the memory stays as it is.

import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { collect, flood, frameOf, isOurs, port, silentBridge } from './ours.js';
import { SlowWay, slowFrame } from './slow.js';

const numberOf = (frame: Uint8Array): number => Buffer.from(frame).readUInt32BE(14);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** What a wake brings at most before anybody is asked whether that is enough. */
const BATCH = 256;
/** What waits in the kernel: it uses the room of 16 frames again when all of them have been read. */
const QUEUE = 1000;
const expectFullQueue = (waiting: number): void => {
  expect(waiting).toBeGreaterThan(QUEUE - 16);
  expect(waiting).toBeLessThanOrEqual(QUEUE);
};

describeWith(HOST_NEEDS, 'frames that nobody takes', () => {
  const ends = async () => {
    const netns = await silentBridge();
    const from = await port(netns, 'from');
    const to = await Tap.open({ netns: netns.path, name: 'to' });
    await netns.ip('link set to master br0');
    await to.set({ up: true, txQueueLength: QUEUE });
    return {
      from,
      to,
      async [Symbol.asyncDispose]() {
        await Promise.all([from.close(), to.close()]);
        await netns[Symbol.asyncDispose]();
      },
    };
  };

  it('stop the reading of a loop that stalls, which goes on where it was', async () => {
    await using both = await ends();
    const { from, to } = both;
    const loop = to[Symbol.asyncIterator]();
    const numbers: number[] = [];
    const reading = loop.next();
    const come = await flood(from, to);
    numbers.push(numberOf((await reading).value));
    const { frames } = to.statistics().read;
    expect(frames).toBeGreaterThan(4096);
    expect(frames).toBeLessThanOrEqual(1 + 4096 + BATCH);
    expectFullQueue(come - frames);
    await turn();
    expect(to.statistics().read.frames).toBe(frames);
    while (numbers.length < come) numbers.push(numberOf((await loop.next()).value));
    expect(numbers).toEqual(upTo(come));
    // It is read again as it was before.
    from.write(frameOf(64, come));
    expect(numberOf((await loop.next()).value)).toBe(come);
    await loop.return?.();
  });

  it('stop the reading of a stream that is full, which goes on where it was', async () => {
    await using both = await ends();
    const { from, to } = both;
    const stream = to.stream();
    const come = await flood(from, to);
    const { frames } = to.statistics().read;
    expect(frames).toBe(stream.readableLength);
    expect(frames).toBeGreaterThanOrEqual(stream.readableHighWaterMark);
    expect(frames).toBeLessThan(stream.readableHighWaterMark + BATCH);
    expectFullQueue(come - frames);
    const numbers: number[] = [];
    for await (const frame of stream) {
      numbers.push(numberOf(frame as Uint8Array));
      if (numbers.length === come) break;
    }
    expect(numbers).toEqual(upTo(come));
  });
});

describeWith(HOST_NEEDS, 'a stream into a TAP device for which the kernel has no room', () => {
  it('waits until it has, and loses nothing', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap, out } = way;
    const stream = tap.stream();
    stream.resume();
    const all = 40;
    const gone: number[] = [];
    const written = new Promise<void>((resolve, reject) => {
      for (const number of upTo(all))
        stream.write(slowFrame(number), (error) => {
          if (error) reject(error);
          gone.push(number);
          if (gone.length === all) resolve();
        });
    });
    await until('one finds no room', () => tap.statistics().written.full > 0);
    const { frames } = tap.statistics().written;
    await until('those before it are told of', () => gone.length === frames + 5);
    await turn();
    expect(gone).toEqual(upTo(frames + 5));
    expect(tap.statistics().written).toMatchObject({ frames, waiting: 5, full: 1 });
    const seen = collect(out, all - frames, (frame) => isOurs(frame) && numberOf(frame) >= frames);
    await way.letGo();
    await written;
    expect(gone).toEqual(upTo(all));
    expect((await seen).map(numberOf)).toEqual(upTo(all).slice(frames));
  });

  it('ends with an error when the device is closed meanwhile', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap } = way;
    const stream = tap.stream();
    way.fill(5);
    const failed = new Promise((resolve) => stream.on('error', resolve));
    const written = new Promise((resolve) => stream.write(slowFrame(99), resolve));
    await tap.close();
    expect(await failed).toMatchObject({ code: 'EBADF', call: 'close' });
    expect(await written).toMatchObject({ code: 'EBADF' });
    expect(() => tap.write(slowFrame(0))).toThrow(/^cannot write to tap 'in': .*\(EBADF, close\)/);
  });

  it('takes no more of what waits when it is closed', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap } = way;
    way.fill(3);
    await tap.close();
    expect(() => tap.write(slowFrame(0))).toThrow(/^cannot write to tap 'in': .*\(EBADF, close\)/);
    expect(tap.statistics().written).toMatchObject({ waiting: 3, full: 0 });
  });
});
