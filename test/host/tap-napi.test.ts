// Frames that are written through NAPI, which can join them.

import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { HOST_NEEDS } from './netns.js';
import { segmentNumber, segments, silentBridge } from './ours.js';

const SEGMENTS = 10;
const HEADERS = 14 + 20 + 20;

describeWith(HOST_NEEDS, 'segments of a flow that are written to a TAP device', () => {
  it.each([true, false])('are joined where it is opened with napi: %s', async (napi) => {
    await using netns = await silentBridge();
    await using from = await Tap.open({ netns: netns.path, name: 'from', napi });
    await using to = await Tap.open({ netns: netns.path, name: 'to', offload: 'raw' });
    for (const name of ['from', 'to']) await netns.ip(`link set ${name} master br0 up`);
    // What is to be joined with others is kept for so many nanoseconds.
    await netns.inside.must('sh', '-c', 'echo 200000000 >/sys/class/net/from/gro_flush_timeout');
    const numbers: number[] = [];
    let payload = 0;
    to.onBatch((batch) => {
      for (const frame of batch) {
        numbers.push(...segmentNumber(frame.subarray(to.prefixLength)));
        payload += frame.length - to.prefixLength - HEADERS;
      }
    });
    const sent = segments(SEGMENTS);
    for (const frame of sent) expect(from.write(frame)).toBe(true);
    await until('all have come', () => payload === SEGMENTS * 1000);
    const alone = Array.from({ length: SEGMENTS }, (_, i) => i);
    if (napi) expect(numbers.length).toBeLessThan(SEGMENTS);
    else expect(numbers).toEqual(alone);
    expect(numbers).toEqual(alone.filter((number) => numbers.includes(number)));
  });
});
