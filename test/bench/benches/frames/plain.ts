// Frames as they are: read, written, handed on; and what reading does to the process that reads.
import type { Namespaces } from '../../../lab/namespaces.js';
import { compared, type Figure, measured, median } from '../../figure.js';
import { bench, beside, FRAMES, filled, type Player, Stage, turns } from './stage.js';

export async function frames(): Promise<Figure[]> {
  await using stage = new Stage();
  const inside = await stage.namespace();
  const filler = await stage.c(inside, 'none');
  const c = await stage.c(inside, 'plain', 'c');
  const threaded = await stage.c(inside, 'plain+thread', 't');
  const v = await stage.virtnet(inside, 'plain', 'v');
  const figures: Figure[] = [];
  for (const size of [64, 1514]) {
    const read = await turns({
      c: filled(filler, c, 'read', size),
      threaded: filled(filler, threaded, 'read', size),
      batch: filled(filler, v, 'read', size),
      view: filled(filler, v, 'view', size),
      copy: filled(filler, v, 'copy', size),
      iterate: filled(filler, v, 'iterate', size),
      cLoop: filled(filler, c, 'loop', size),
      loop: filled(filler, v, 'loop', size),
    });
    const written = await turns({
      c: { player: c, task: `write/${size}`, count: FRAMES },
      threaded: { player: threaded, task: `write/${size}`, count: FRAMES },
      v: { player: v, task: `write/${size}`, count: FRAMES },
    });
    const to = `${size} B`;
    figures.push(
      ...beside(`batch read, ${to}`, FRAMES, read.batch, 'C', read.c, '>= 0.95'),
      beside(`batch read, ${to}`, FRAMES, read.batch, 'C with threads', read.threaded)[0],
      ...beside(`batch write, ${to}`, FRAMES, written.v, 'C', written.c, '>= 0.97'),
      beside(`batch write, ${to}`, FRAMES, written.v, 'C with threads', written.threaded)[0],
      ...beside(`tap to tap, ${to}`, FRAMES, read.loop, 'C', read.cLoop, '>= 0.95'),
      beside(`a view of each, ${to}`, FRAMES, read.view, 'batch', read.batch, '>= 0.85')[0],
      beside(`a copy of each, ${to}`, FRAMES, read.copy, 'batch', read.batch, '>= 0.5')[0],
      beside(`for await, ${to}`, FRAMES, read.iterate, 'batch', read.batch, '>= 0.4')[0],
    );
  }
  figures.push(...(await queues(stage, inside)), ...(await manners(filler, v)));
  return figures;
}

async function queues(stage: Stage, inside: Namespaces): Promise<Figure[]> {
  const player = await stage.virtnet(inside, 'queues', 'q');
  // What Workers begin with, code that is not yet compiled, is of no weight then.
  const count = 1_200_000;
  const { one, two } = await turns(
    { one: { player, task: 'workers/1', count }, two: { player, task: 'workers/2', count } },
    5,
  );
  return [beside('2 Workers on 2 queues, writing', count, two, '1 Worker', one, '>= 1.7')[0]];
}

/** What reading does to the process that reads. */
async function manners(filler: Player, v: Player): Promise<Figure[]> {
  const pass = async (rounds: number) => {
    for (let i = 0; i < rounds; i++) {
      await filler.peer.ask(`fill/${v.prefix}0/64`, FRAMES);
      await v.peer.ask('read', FRAMES);
      await v.peer.ask('write/64', 9 * FRAMES);
    }
  };
  await pass(5);
  await v.peer.ask('base', 0);
  await pass(100);
  const growth = await v.peer.ask('growth', 0);

  const flooded = async (task: string, count: number): Promise<number> => {
    const flood = filler.peer.ask(`flood/${v.prefix}0/1514`, 3000);
    const result = await v.peer.ask(task, count);
    await flood;
    return result;
  };
  const late: number[] = [];
  for (let i = 0; i < 3; i++) late.push(await flooded('late', 2000));
  const alone = await v.peer.ask('files/alone', 500);
  const meanwhile = await flooded('files/reading', 500);
  return [
    measured(bench, 'growth while 10 M frames pass', growth, 'MB', '< 5'),
    measured(bench, 'event loop late at p99, full read load', median(late), 'ms', '< 5'),
    measured(bench, 'fs.readFile alone', alone, 'ms'),
    compared(
      { bench, figure: 'fs.readFile under full read load', value: meanwhile, unit: 'ms' },
      'alone',
      alone,
    ),
  ];
}
