// What calls do to the process that makes them: how late its timers come, how much it grows.
import { type Figure, measured, median } from '../figure.js';
import { openStage } from '../stage.js';

export async function loop(): Promise<Figure[]> {
  await using stage = await openStage();
  const drifts: number[] = [];
  for (let round = 0; round < 7; round++) drifts.push(await stage.virtnet.ask('drift', 6400));
  const growth = await stage.virtnet.ask('growth', 100_000);
  return [
    measured('loop', 'setInterval(1) late at p99, 64 calls in flight', median(drifts), 'ms', '< 2'),
    measured('loop', 'growth over 100,000 lookups', growth, 'MB', '< 5'),
  ];
}
