// Beside the fastest TUN/TAP package that installs from npm, which is fetched for this.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Figure } from '../../figure.js';
import { beside, type Contender, FRAMES, fillOf, type Player, Stage, turns } from './stage.js';

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
  const other = await stage.tun(inside, 'n', pathToFileURL(module).href);
  const figures: Figure[] = [];
  for (const size of [64, 1500]) {
    const contend = (player: Player, task: string, fill = true): Contender => ({
      player,
      task,
      count: FRAMES,
      ...(fill ? { fill: fillOf(`${player.prefix}0`, size) } : {}),
    });
    const taken = await turns(filler, {
      read: contend(v, 'read'),
      itsRead: contend(other, 'read'),
      write: contend(v, `write/${size}`, false),
      itsWrite: contend(other, `write/${size}`, false),
    });
    const to = `${size} B`;
    figures.push(
      beside(`packets read, ${to}`, FRAMES, taken.read, PACKAGE, taken.itsRead, '>= 30')[0],
      beside(`packets written, ${to}`, FRAMES, taken.write, PACKAGE, taken.itsWrite, '>= 30')[0],
    );
  }
  return figures;
}
