// A tap whose frames never end is read without keeping anything else of the process from its turn.

import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_NEEDS } from './netns.js';
import { frameOf, port, silentBridge } from './ours.js';

describeWith(HOST_NEEDS, 'a TAP device that never runs empty', () => {
  // One is handed on by itself; of 300 a batch always leaves some.
  const cases = [1, 64, 300].flatMap((inFlight) =>
    [false, true].map((thread) => [inFlight, thread] as const),
  );

  it.each(cases)(
    'leaves others their turn: %i frames in flight, read by a thread: %s',
    async (inFlight, thread) => {
      await using netns = await silentBridge();
      await using from = await port(netns, 'from');
      await using to = await Tap.open({ netns: netns.path, name: 'to', thread });
      await netns.ip('link set to master br0 up');
      let batches = 0;
      // For each frame another one comes before this returns.
      const stop = to.onBatch(({ slab, offsets, lengths, count }) => {
        batches++;
        expect(from.writeBatch(slab, offsets, lengths, count)).toBe(count);
      });
      for (let i = 0; i < inFlight; i++) from.write(frameOf(64, i));
      for (let i = 0; i < 10; i++) {
        const before = batches;
        while (batches === before) await turn();
        await delay(1);
      }
      stop();
      const { frames } = from.statistics().written;
      expect(to.statistics().read.frames).toBe(frames - inFlight);
    },
  );

  it('takes what comes while its listener has a batch in the same turn', async () => {
    await using netns = await silentBridge();
    await using from = await port(netns, 'from');
    await using to = await port(netns, 'to');
    const send = () => [1, 2].forEach((i) => void from.write(frameOf(64, i)));
    const inOneTurn = () =>
      new Promise<boolean>((resolve) => {
        let [batches, over] = [0, false];
        const stop = to.onBatch(() => {
          if (++batches === 1) {
            // Of a turn's end, what was to be done after it tells.
            queueMicrotask(() => {
              over = true;
            });
            send();
            return;
          }
          stop();
          resolve(!over);
        });
        send();
      });
    const attempts: boolean[] = [];
    // A busy machine may use up a turn's half millisecond.
    while (attempts.length < 50 && !attempts.includes(true)) attempts.push(await inOneTurn());
    expect(attempts).toContain(true);
  });
});
