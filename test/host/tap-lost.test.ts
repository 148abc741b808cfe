// A device that somebody deletes while it is written, or while nothing is done with it.

import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { host, type KernelError, Tap, Tun } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { deleteAtOnce, frameOf, port, silentBridge } from './ours.js';
import { resting } from './resting.js';
import { SlowWay } from './slow.js';

const LOST = { code: 'EBADFD', call: 'write', hint: expect.stringContaining('deleted') };

const thrown = (work: () => unknown): unknown => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error;
  }
};

const writeAll = (tap: Tap): number =>
  tap.writeBatch(new Uint8Array(2000), new Uint32Array(20), new Uint32Array(20).fill(100));

/** Not by once(), which an error ends. */
const closing = (tap: Tap | Tun): Promise<void> => new Promise((resolve) => tap.on('close', resolve));

/** Who listens to a device that is to be lost. */
function witness(tap: Tap | Tun): { errors: KernelError[]; closed: Promise<void> } {
  const errors: KernelError[] = [];
  tap.on('error', (error) => errors.push(error));
  return { errors, closed: closing(tap) };
}

describeWith(HOST_NEEDS, 'a device that nobody reads, and that is deleted', () => {
  it.each<[string, (netns: string) => Promise<Tap | Tun>]>([
    ['a tap', (netns) => Tap.open({ netns })],
    ['a tap with a thread', (netns) => Tap.open({ netns, thread: true })],
    ['a tap with an offload', (netns) => Tap.open({ netns, offload: 'split' })],
    ['a tap with queues', (netns) => Tap.open({ netns, queues: 3 })],
    ['a persistent tap', (netns) => Tap.open({ netns, persist: true })],
    ['a tun', (netns) => Tun.open({ netns })],
  ])('says so: %s', async (_title, open) => {
    await using netns = await freshNetns();
    for (const up of [false, true]) {
      const before = resting();
      await using device = await open(netns.path);
      await device.set({ up });
      await until('it rests', () => resting() === before + 1);
      const { errors, closed } = witness(device);
      await netns.ip(`link delete dev ${device.name}`);
      await closed;
      expect(errors).toMatchObject([{ ...LOST, device: device.name }]);
      expect(device.closed).toBe(true);
      expect(resting()).toBe(before);
    }
  });

  it('says so by the next write where nobody listens', async () => {
    await using netns = await freshNetns();
    const before = resting();
    await using tap = await Tap.open({ netns: netns.path });
    await until('it rests', () => resting() === before + 1);
    await netns.ip(`link delete dev ${tap.name}`);
    await until('the kernel has told it', () => resting() === before);
    expect(tap.closed).toBe(false);
    expect(thrown(() => tap.write(frameOf(64, 0)))).toMatchObject(LOST);
    expect(tap.closed).toBe(true);
  });

  it('says so when that was before it rested', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    const { errors, closed } = witness(tap);
    deleteAtOnce(netns, tap.name);
    await closed;
    expect(errors).toMatchObject([LOST]);
  });

  it('says so after it was read, with what came to nobody', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right');
    right.onBatch(() => {})();
    for (let i = 0; i < 2000; i++) left.write(frameOf(64, i));
    await until('both rest', () => resting() === 2);
    for (let i = 0; i < 10; i++) left.write(frameOf(64, i));
    await turn();
    // What comes to a device that rests wakes nobody.
    expect(right.statistics().read).toMatchObject({ frames: 0, wakes: 0 });
    const { errors, closed } = witness(right);
    await netns.ip('link delete dev right');
    await closed;
    expect(errors).toMatchObject([LOST]);
  });

  it('says so in the namespace that it was moved to, and that ends', async () => {
    await using first = await freshNetns();
    const second = await freshNetns();
    await using tap = await Tap.open({ netns: first.path, name: 'moves' });
    await host.in(first.path).links.set('moves', { netns: second.path });
    await second.ip('link set moves up');
    const { errors, closed } = witness(tap);
    await second[Symbol.asyncDispose]();
    await closed;
    expect(errors).toMatchObject([LOST]);
  });

  it('says so while somebody waits for it to be up', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    let ups = 0;
    tap.on('up', () => ups++);
    expect(tap.write(frameOf(60))).toBe(false);
    const { errors, closed } = witness(tap);
    await netns.ip(`link delete dev ${tap.name}`);
    await closed;
    expect(errors).toMatchObject([LOST]);
    expect(ups).toBe(0);
  });

  it.each([
    ['write', (tap: Tap) => tap.write(frameOf(60))],
    ['writeBatch', writeAll],
  ] as const)('refuses the next frame with the reason, and is closed: %s', async (_title, write) => {
    await using netns = await freshNetns();
    const heard = await Tap.open({ netns: netns.path });
    const unheard = await Tap.open({ netns: netns.path });
    const { errors, closed } = witness(heard);
    for (const tap of [heard, unheard]) {
      await tap.set({ up: true });
      deleteAtOnce(netns, tap.name);
      const error = thrown(() => write(tap));
      expect(error).toMatchObject({ ...LOST, device: tap.name, detail: undefined });
      expect(tap.closed).toBe(true);
      expect(thrown(() => write(tap))).toMatchObject({ code: 'EBADF', call: 'close' });
      if (tap === heard) expect(errors).toEqual([]);
      await turn();
      if (tap === heard) expect(errors).toEqual([error]);
    }
    await closed;
    await unheard.close();
  });

  it('refuses a batch behind frames that wait with the reason, and is closed', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap } = way;
    way.fill(3);
    const { errors, closed } = witness(tap);
    deleteAtOnce(netns, 'in');
    const error = thrown(() => writeAll(tap));
    expect(error).toMatchObject(LOST);
    await closed;
    expect(errors).toEqual([error]);
    expect(tap.statistics().written).toMatchObject({ waiting: 3, refused: 0 });
  });
});

describeWith(HOST_NEEDS, 'a stream into a device that is deleted', () => {
  it('ends with the error where nobody reads from it', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right');
    const stream = right.stream();
    for (let i = 0; i < 600; i++) left.write(frameOf(64, i));
    await until('it takes no more', () => stream.readableLength >= stream.readableHighWaterMark);
    await until('both rest', () => resting() === 2);
    const failed = once(stream, 'error');
    const closed = closing(right);
    await netns.ip('link delete dev right');
    expect(await failed).toMatchObject([LOST]);
    await closed;
  });

  it('ends with the error of the frame that found it so, once', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    await tap.set({ up: true });
    const stream = tap.stream();
    const errors: unknown[] = [];
    stream.on('error', (error) => errors.push(error));
    const closed = closing(tap);
    deleteAtOnce(netns, tap.name);
    const written = new Promise((resolve) => stream.write(frameOf(60), resolve));
    expect(await written).toMatchObject(LOST);
    await closed;
    expect(errors).toMatchObject([LOST]);
  });

  it('gives whoever reads from it slowly what came before', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right');
    const stream = right.stream();
    for (let i = 0; i < 600; i++) left.write(frameOf(64, i));
    await once(stream, 'readable');
    const first = stream.read() as Uint8Array;
    expect(first).toEqual(frameOf(64, 0));
    await until('both rest', () => resting() === 2);
    await netns.ip('link delete dev right');
    await until('it rests no more', () => resting() === 1);
    const failed = once(stream, 'error');
    const closed = closing(right);
    const { readableLength } = stream;
    expect(readableLength).toBeGreaterThanOrEqual(255);
    let frames = 0;
    while (stream.read() !== null) frames++;
    expect(frames).toBe(readableLength);
    expect(await failed).toMatchObject([{ ...LOST, call: 'read' }]);
    await closed;
  });
});

describeWith(HOST_NEEDS, 'a device that is paused, and that is deleted', () => {
  it.each([false, true])('says so when it is read again, by a thread: %s', async (thread) => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await Tap.open({ netns: netns.path, name: 'right', thread });
    await netns.ip('link set right up master br0');
    let frames = 0;
    right.pause().onBatch(({ count }) => {
      frames += count;
    });
    for (let i = 0; i < 10; i++) left.write(frameOf(64, i));
    await until('both rest', () => resting() === 2);
    const { errors, closed } = witness(right);
    await netns.ip('link delete dev right');
    await until('it rests no more', () => resting() === 1);
    expect(errors).toEqual([]);
    right.resume();
    await closed;
    expect(errors).toMatchObject([{ ...LOST, call: 'read' }]);
    // The thread has read some before.
    expect(frames > 0).toBe(thread);
  });
});
