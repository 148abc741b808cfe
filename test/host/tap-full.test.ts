// Frames that are written where the kernel has no room: kept in order, and none lost without being counted.

import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { collect, isOurs } from './ours.js';
import { SlowWay, slowFrame } from './slow.js';

describeWith(HOST_NEEDS, 'a TAP device for which the kernel has no room', () => {
  it('keeps frames in order, and no more than it was told', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap, out } = way;
    const frames = way.fill(5);
    expect(tap.write(slowFrame(frames))).toBe(false);
    expect(tap.statistics().written).toMatchObject({ full: 1, waiting: 5 });
    const drained = once(tap, 'drain');
    const seen = collect(out, 5, (frame) => isOurs(frame) && (frame[17] as number) >= frames - 5);
    await way.letGo();
    await drained;
    expect(await seen).toEqual(Array.from({ length: 5 }, (_, i) => slowFrame(frames - 5 + i)));
    expect(tap.statistics().written).toMatchObject({ frames, waiting: 0, full: 1, refused: 0 });
  });

  it('keeps what a Buffer held when it was written', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap, out } = way;
    const frames = way.fill(2);
    const reused = Buffer.from(slowFrame(frames));
    expect(tap.write(reused)).toBe(true);
    reused.set(slowFrame(frames + 1));
    const seen = collect(out, 1, (frame) => isOurs(frame) && (frame[17] as number) >= frames);
    await way.letGo();
    expect(await seen).toEqual([slowFrame(frames)]);
  });

  it('counts what it kept and the kernel takes for no frame, says so, and goes on behind it', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap, out } = way;
    const frames = way.fill(3);
    expect(tap.write(new Uint8Array(5))).toBe(true);
    expect(tap.write(slowFrame(frames))).toBe(true);
    expect(tap.statistics().written).toMatchObject({ waiting: 5, refused: 0 });
    const refused = once(tap, 'refused');
    const drained = once(tap, 'drain');
    const last = collect(out, 1, (frame) => isOurs(frame) && frame[17] === frames);
    await way.letGo();
    expect(await refused).toMatchObject([
      {
        name: 'KernelError',
        code: 'EINVAL',
        call: 'write',
        device: 'in',
        message: expect.stringMatching(/^cannot write a frame that waited to tap 'in': .* it has 5 bytes/),
      },
    ]);
    await drained;
    expect(await last).toEqual([slowFrame(frames)]);
    expect(tap.statistics().written).toMatchObject({ frames: frames + 1, waiting: 0, refused: 1 });
  });

  it('has as much as it is set to', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap } = way;
    expect((await tap.state()).sendBuffer).toBe(8000);
    const frames = way.fill(5);
    // What waits goes without a wait for what is held.
    const drained = once(tap, 'drain');
    await tap.set({ sendBuffer: 2 ** 20 });
    expect((await tap.state()).sendBuffer).toBe(2 ** 20);
    await drained;
    for (let i = 0; i < 100; i++) expect(tap.write(slowFrame(frames + i))).toBe(true);
    expect(tap.statistics().written).toMatchObject({ frames: frames + 100, waiting: 0 });
    await tap.set({ sendBuffer: 8000 });
    expect(tap.write(slowFrame(0))).toBe(true);
    expect(tap.statistics().written).toMatchObject({ frames: frames + 100, waiting: 1 });
  });

  it('says that it is down when what waited finds it so', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap } = way;
    const frames = way.fill(5);
    await tap.set({ up: false });
    await way.letGo();
    const down = once(tap, 'down');
    let drained = 0;
    tap.on('drain', () => drained++);
    // The kernel tells of room only while it is up.
    await until('what waits is tried', () => {
      tap.writeBatch(new Uint8Array(), new Uint32Array(), new Uint32Array());
      return tap.statistics().written.waiting === 0;
    });
    await down;
    expect(tap.statistics().written).toMatchObject({ frames: frames - 5, down: 5, refused: 0 });
    // Nothing is awaited any more.
    const { wakes } = tap.statistics().read;
    await tap.set({ up: true });
    await turn();
    await turn();
    expect(drained).toBe(1);
    expect(tap.statistics().read.wakes).toBe(wakes);
  });

  it.each([
    { thread: false, read: false },
    { thread: false, read: true },
    { thread: true, read: false },
    { thread: true, read: true },
  ])('ends with an error when it is deleted while frames wait: %o', async ({ thread, read }) => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5, thread);
    const { tap } = way;
    if (read) tap.onBatch(() => {});
    way.fill(5);
    const errors: unknown[] = [];
    tap.on('error', (error) => errors.push(error));
    const closed = new Promise<void>((resolve) => tap.on('close', resolve));
    await netns.ip('link delete dev in');
    await closed;
    expect(errors).toMatchObject([
      {
        code: 'EBADFD',
        device: 'in',
        call: read ? 'read' : 'write',
        hint: expect.stringContaining('deleted'),
      },
    ]);
    expect(tap.statistics().written).toMatchObject({ waiting: 5 });
  });
});
