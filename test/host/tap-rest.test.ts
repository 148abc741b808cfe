// A super-frame has more frames than a batch: what is left of it is told although the kernel has nothing more to say.

import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { HOST_NEEDS, type Netns } from './netns.js';
import { segmentNumber, segments, silentBridge, writeTogether } from './ours.js';

const SEGMENTS = 45;
async function port(netns: Netns, name: string, frames?: number): Promise<Tap> {
  const batch = frames === undefined ? {} : { batch: { frames } };
  const tap = await Tap.open({ netns: netns.path, name, offload: 'split', ...batch });
  await netns.ip(`link set ${name} master br0 up`);
  return tap;
}

function writeAsOne(tap: Tap, frames: readonly Uint8Array[]): void {
  expect(writeTogether(tap, frames)).toBe(frames.length);
  expect(tap.statistics().written.writes).toBe(1);
}

describeWith(HOST_NEEDS, 'of one super-frame', () => {
  const all = Array.from({ length: SEGMENTS }, (_, i) => i);

  it.each([1, 10, 44, 45, 100])('all frames come in batches of %i', async (frames) => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right', frames);
    const numbers: number[] = [];
    right.onBatch((batch) => {
      expect(batch.count).toBeLessThanOrEqual(frames);
      for (const frame of batch) numbers.push(...segmentNumber(frame));
    });
    writeAsOne(left, segments(SEGMENTS));
    await until('all have come', () => numbers.length === SEGMENTS);
    expect(numbers).toEqual(all);
    expect(right.statistics().read.malformed).toBe(0);
  });

  it('the rest comes to who reads after a pause, and to who reads next', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right', 10);
    const numbers: number[] = [];
    const paused = new Promise<void>((resolve) => {
      const stop = right.onBatch((batch) => {
        for (const frame of batch) numbers.push(...segmentNumber(frame));
        if (numbers.length < 10) return;
        right.pause();
        stop();
        resolve();
      });
    });
    writeAsOne(left, segments(SEGMENTS));
    await paused;
    right.resume();
    for await (const frame of right) {
      numbers.push(...segmentNumber(frame));
      if (numbers.length === SEGMENTS) break;
    }
    expect(numbers).toEqual(all);
  });
});
