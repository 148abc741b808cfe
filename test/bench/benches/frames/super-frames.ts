// Super-frames: many frames in one crossing of the kernel's border, as they are, split and joined.
import type { Figure } from '../../figure.js';
import { beside, FRAMES, fillOf, SEGMENTS, Stage, SUPER_FRAMES, supers, turns } from './stage.js';

/** Many: a turn is short, for its frames are held in memory until they are read. */
const ROUNDS = 25;

export async function superFrames(): Promise<Figure[]> {
  await using stage = new Stage();
  const inside = await stage.namespace();
  const filler = await stage.c(inside, 'none');
  const c = await stage.c(inside, 'plain', 'c');
  const cs = await stage.c(inside, 'offload', 'cs');
  const raw = await stage.virtnet(inside, 'raw', 'r');
  const split = await stage.virtnet(inside, 'split', 's');
  const frames = SUPER_FRAMES * SEGMENTS;
  const read = await turns(
    filler,
    {
      plain: { player: c, task: 'read', count: FRAMES, fill: fillOf('c0', 1514) },
      c: supers(cs, 'read'),
      raw: supers(raw, 'read'),
      split: supers(split, 'read', frames),
    },
    ROUNDS,
  );
  const written = await turns(filler, {
    plain: { player: c, task: 'write/1514', count: FRAMES },
    c: { player: cs, task: 'writeSuper', count: 10 * SUPER_FRAMES },
    raw: { player: raw, task: 'writeSuper', count: 10 * SUPER_FRAMES },
    joined: { player: split, task: 'write/1502', count: frames },
  });
  return [
    ...beside('64 KiB super-frames read', SUPER_FRAMES, read.raw, 'C', read.c, '>= 0.95'),
    ...beside('64 KiB super-frames written', 10 * SUPER_FRAMES, written.raw, 'C', written.c, '>= 0.95'),
    ...beside('frames joined as written', frames, written.joined, 'C, plain', written.plain, '>= 6', FRAMES),
    ...beside('frames split as read', frames, read.split, 'C, plain', read.plain, '>= 2.5', FRAMES),
    ...beside('frames in raw super-frames, read', frames, read.raw, 'C, plain', read.plain, '>= 9', FRAMES),
  ];
}
