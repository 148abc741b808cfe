// Frames that have waited for a reader, many at once.

import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { collect, frameOf, isOurs, port, writeTogether } from './ours.js';

describeWith(HOST_NEEDS, 'a TAP device', () => {
  // A few are read one by one; of many the kernel is asked at once, where the slab has the room.
  it.each([
    ['', {}],
    [', by a thread', { thread: true }],
    [', into a small slab', { batch: { bytes: 2 ** 18 } }],
    [', into a slab with room for some', { batch: { bytes: 2 ** 21, frames: 50 } }],
    [', with headers', { offload: 'raw' }],
    [', split', { offload: 'split' }],
  ] as const)('gives all that have waited, long and short, as they were%s', async (_title, options) => {
    await using netns = await freshNetns();
    await netns.ip('link add br0 type bridge');
    await netns.ip('link set br0 up');
    await using left = await port(netns, 'left');
    await using right = await Tap.open({ netns: netns.path, name: 'right', ...options });
    await netns.ip('link set right master br0');
    await right.set({ up: true, mtu: 65_000, txQueueLength: 2000 });
    await left.set({ mtu: 65_000 });
    const sizes = Array.from({ length: 1000 }, (_, i) =>
      i % 200 >= 150 && i % 200 < 165 ? 65_014 : i % 10 < 8 ? 60 + i : i * 15,
    ).map((size) => Math.max(size, 60));
    const sent = sizes.map((size, i) => frameOf(size, i).fill(i % 251, 18));
    expect(writeTogether(left, sent)).toBe(sent.length);
    const seen = await collect(right, sent.length, (frame) => isOurs(frame.subarray(right.prefixLength)));
    const differ = (frame: Uint8Array, i: number) =>
      Buffer.compare(frame, seen[i]?.subarray(right.prefixLength) ?? new Uint8Array()) !== 0;
    expect(sent.flatMap((frame, i) => (differ(frame, i) ? [i] : []))).toEqual([]);
    expect(right.statistics().read.malformed).toBe(0);
  });
});
