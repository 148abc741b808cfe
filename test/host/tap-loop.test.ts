// `for await` over a device: what it keeps, and for how long.

import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { HOST_NEEDS } from './netns.js';
import { frameOf, port, silentBridge } from './ours.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

describeWith(HOST_NEEDS, 'a loop over a TAP device', () => {
  it('lets go of the frames that it has given out, also where some always wait', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right');
    const [waiting, taken] = [8, 1000];
    const loop = right[Symbol.asyncIterator]();
    const given: WeakRef<Uint8Array>[] = [];
    for (let i = 0; i < waiting; i++) left.write(frameOf(64, i));
    for (let i = 0; i < taken; i++) {
      const { value } = await loop.next();
      given.push(new WeakRef(value));
      left.write(frameOf(64, waiting + i));
      await turn();
    }
    await turn();
    collectGarbage();
    const alive = given.filter((frame) => frame.deref() !== undefined).length;
    expect(alive).toBeLessThan(10 * waiting);
    expect((await loop.next()).value).toEqual(frameOf(64, taken));
    await loop.return?.();
  });
});
