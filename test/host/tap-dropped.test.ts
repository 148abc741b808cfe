// What the kernel drops because nobody reads: counted where a program can ask for it.

import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_NEEDS } from './netns.js';
import { collect, frameOf, isOurs, port, silentBridge } from './ours.js';

describeWith(HOST_NEEDS, 'a TAP device that nobody reads', () => {
  it.each([1, 2])('tells how many frames the kernel dropped, with queues: %i', async (queues) => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using tap = await Tap.open({ netns: netns.path, name: 'right', queues });
    await tap.set({ txQueueLength: 10, up: true });
    await netns.ip('link set right master br0');
    expect((await tap.state()).dropped).toBe(0);
    const sent = 50;
    for (let i = 0; i < sent; i++) left.write(frameOf(64, i));
    const [{ stats64 } = {}] = await netns.ipJson('-statistics link show right');
    const { dropped } = (stats64 as { tx: { dropped: number } }).tx;
    expect(dropped).toBe(sent - 10);
    expect((await tap.state()).dropped).toBe(dropped);
    // What waits comes, and nothing of it is counted.
    expect(await collect(tap, 10, isOurs)).toEqual(Array.from({ length: 10 }, (_, i) => frameOf(64, i)));
    expect((await tap.state()).dropped).toBe(dropped);
  });
});
