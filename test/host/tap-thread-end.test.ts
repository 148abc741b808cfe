// A device that goes while a thread reads it and its listener makes pauses.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { host, Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { frameOf, port } from './ours.js';

const WRITTEN = 64;
const SIZE = 60;
/** The device has to go while the thread reads a burst, which is by chance. */
const ROUNDS = 10;

describeWith(HOST_NEEDS, 'a TAP device that a thread reads', () => {
  it('is lost for a listener that pauses, too', { timeout: 60_000 }, async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await inside.bridges.create('br0', { up: true });
    await using left = await port(netns, 'left');
    const slab = new Uint8Array(WRITTEN * SIZE);
    for (let i = 0; i < WRITTEN; i++) slab.set(frameOf(SIZE, i), i * SIZE);
    const offsets = Uint32Array.from({ length: WRITTEN }, (_, i) => i * SIZE);
    const lengths = new Uint32Array(WRITTEN).fill(SIZE);
    let writes = true;
    const write = (): void => {
      if (!writes) return;
      for (let i = 0; i < 20; i++) left.writeBatch(slab, offsets, lengths);
      setImmediate(write);
    };
    write();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        // Bursts that last.
        const batch = { frames: 65_536, bytes: 64 * 2 ** 20 };
        const right = await Tap.open({ netns: netns.path, name: 'right', thread: true, batch });
        await right.set({ txQueueLength: 100_000, up: true });
        await inside.bridges.addPort('br0', 'right');
        const lost = new Promise((resolve) => right.once('error', () => resolve('lost')));
        right.onBatch(() => {
          right.pause();
          setTimeout(() => right.resume(), 1);
        });
        await delay(300);
        await inside.links.delete('right');
        expect(await Promise.race([lost, delay(5000, 'not heard of')])).toBe('lost');
      }
    } finally {
      writes = false;
    }
  });
});
