// Beside the fastest TUN/TAP package that installs from npm, which is fetched for this.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Figure } from '../../figure.js';
import {
  beside,
  type Contender,
  cached,
  FRAMES,
  filled,
  fresh,
  type Player,
  SEGMENTS,
  Stage,
  SUPER_FRAME,
  SUPER_FRAMES,
  turns,
} from './stage.js';

const PACKAGE = 'appium-ios-tuntap';
const VERSION = '2.0.5';
const folder = join(import.meta.dirname, '../../../../.cache/bench');
const module = join(folder, 'node_modules', PACKAGE, 'lib/src/index.js');

export async function npm(): Promise<Figure[]> {
  if (!existsSync(module)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, `${PACKAGE}@${VERSION}`], { stdio: 'ignore' });
  }
  await using stage = new Stage();
  const inside = await stage.namespace();
  const filler = await stage.c(inside, 'none');
  const v = await stage.tun(inside, 'v');
  const raw = await stage.virtnet(inside, 'raw', 'r');
  const other = await stage.tun(inside, 'n', pathToFileURL(module).href);

  const write = (player: Player, size: number): Contender => ({
    player,
    task: `write/${size}`,
    count: FRAMES,
  });
  const all = (size: number) => ({
    read: filled(filler, v, 'read', size),
    itsRead: filled(filler, other, 'read', size),
    written: write(v, size),
    itsWritten: write(other, size),
  });
  const small = await turns(all(64));
  const large = await turns({
    ...all(1500),
    supersWritten: { ...write(raw, SUPER_FRAME), count: SUPER_FRAMES },
  });
  await stage.bridge(inside, raw);
  const supers = await turns({
    read: fresh(raw, SUPER_FRAME, SUPER_FRAMES),
    itsRead: filled(filler, other, 'read', 1500, cached(1500)),
  });
  const segments = SUPER_FRAMES * SEGMENTS;
  return [
    beside('packets read, 64 B', FRAMES, small.read, PACKAGE, small.itsRead)[0],
    beside('packets written, 64 B', FRAMES, small.written, PACKAGE, small.itsWritten)[0],
    beside('packets read, 1500 B', FRAMES, large.read, PACKAGE, large.itsRead)[0],
    beside('packets written, 1500 B', FRAMES, large.written, PACKAGE, large.itsWritten)[0],
    // It has no offload: what is one super-frame here comes to it, and goes, as so many packets.
    ...[
      beside(
        'segments read in super-frames',
        segments,
        supers.read,
        PACKAGE,
        supers.itsRead,
        '>= 30',
        cached(1500),
      ),
      beside(
        'segments written in super-frames',
        segments,
        large.supersWritten,
        PACKAGE,
        large.itsWritten,
        '>= 30',
        FRAMES,
      ),
    ].map(([rate]) => rate),
  ];
}
