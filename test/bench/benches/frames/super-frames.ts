// Super-frames: many frames in one crossing of the kernel's border, as they are, split and joined.
import { availableParallelism } from 'node:os';
import type { Figure } from '../../figure.js';
import {
  beside,
  FRAMES,
  fresh,
  SEGMENT,
  SEGMENTS,
  Stage,
  SUPER_FRAME,
  SUPER_FRAMES,
  turns,
} from './stage.js';

export async function superFrames(): Promise<Figure[]> {
  await using stage = new Stage(availableParallelism() - 1);
  const inside = await stage.namespace();
  const c = await stage.c(inside, 'plain', 'c');
  const cs = await stage.c(inside, 'offload', 'cs');
  const threaded = await stage.c(inside, 'offload+thread', 't');
  const five = await stage.c(inside, 'offload+five', 'f');
  const raw = await stage.virtnet(inside, 'raw', 'r');
  const split = await stage.virtnet(inside, 'split', 's');
  const frames = SUPER_FRAMES * SEGMENTS;
  const written = await turns({
    plain: { player: c, task: 'write/1514', count: FRAMES },
    c: { player: cs, task: `write/${SUPER_FRAME}`, count: SUPER_FRAMES },
    raw: { player: raw, task: `write/${SUPER_FRAME}`, count: SUPER_FRAMES },
    joined: { player: split, task: `write/${SEGMENT}`, count: frames },
  });
  for (const player of [c, cs, threaded, five, raw, split]) await stage.bridge(inside, player);
  const read = await turns({
    plain: fresh(c, 1514, FRAMES),
    c: fresh(cs, SUPER_FRAME, SUPER_FRAMES),
    threaded: fresh(threaded, SUPER_FRAME, SUPER_FRAMES),
    five: fresh(five, SUPER_FRAME, SUPER_FRAMES),
    raw: fresh(raw, SUPER_FRAME, SUPER_FRAMES),
    split: fresh(split, SEGMENT, frames),
  });
  return [
    ...beside('64 KiB super-frames read', SUPER_FRAMES, read.raw, 'C', read.c, '>= 0.95'),
    beside('64 KiB super-frames read', SUPER_FRAMES, read.raw, 'C with threads', read.threaded)[0],
    beside('64 KiB super-frames read', SUPER_FRAMES, read.raw, 'C, batches of five', read.five)[0],
    ...beside('64 KiB super-frames written', SUPER_FRAMES, written.raw, 'C', written.c, '>= 0.95'),
    beside(
      'frames in super-frames that C writes',
      frames,
      written.c,
      'C, plain',
      written.plain,
      undefined,
      FRAMES,
    )[0],
    ...beside('frames joined as written', frames, written.joined, 'C, plain', written.plain, '>= 6', FRAMES),
    beside(
      'frames in super-frames that C reads',
      frames,
      read.c,
      'C, plain',
      read.plain,
      undefined,
      FRAMES,
    )[0],
    ...beside('frames split as read', frames, read.split, 'C, plain', read.plain, '>= 2.5', FRAMES),
    ...beside('frames in raw super-frames, read', frames, read.raw, 'C, plain', read.plain, '>= 9', FRAMES),
  ];
}
