// A device that is set down and up while it is written.

import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { frameOf } from './ours.js';

describeWith(HOST_NEEDS, 'a TAP device that is down', () => {
  it.each(['before it was written', 'when it is down', 'by a thread'])(
    'says that it is up again to who waits for it, without another write: %s',
    async (when) => {
      await using netns = await freshNetns();
      await using tap = await Tap.open({ netns: netns.path, thread: when === 'by a thread' });
      let drained = 0;
      tap.on('drain', () => drained++);
      const down = once(tap, 'down');
      let up = when === 'before it was written' ? once(tap, 'up') : undefined;
      expect(tap.write(frameOf(60))).toBe(false);
      await down;
      up ??= once(tap, 'up');
      await netns.ip(`link set ${tap.name} up`);
      await up;
      expect(tap.write(frameOf(60))).toBe(true);
      expect(tap.statistics().written).toMatchObject({ frames: 1, down: 1 });
      expect(drained).toBe(0);
    },
  );
});
