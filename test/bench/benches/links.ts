// Taps by the hundred, made, put into a bridge, set up and deleted again, in a network namespace of their own: beside
// `ip -batch`, and beside an `ip` for each. The rounds take turns.
import { host } from 'virtnet/host';
import { freshNetns, type Netns } from '../../host/netns.js';
import { compared, type Figure, median, paired } from '../figure.js';

const rounds = 9;
const count = 500;
const names = Array.from({ length: count }, (_, i) => `tap${i}`);

/** Seconds that something took. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Runs lines of `ip`, all in one process. */
async function batch(netns: Netns, lines: readonly string[]): Promise<void> {
  await netns.inside.mustWith({ input: lines.join('\n'), timeoutMs: 120_000 }, 'ip', '-batch', '-');
}

export async function links(): Promise<Figure[]> {
  await using netns = await freshNetns();
  await using inside = host.in(netns.path);
  await inside.bridges.create('br0', { up: true });
  const make = () => inside.taps.createAll(names, { master: 'br0', up: true });
  const batchMake = () =>
    batch(netns, [
      ...names.map((name) => `tuntap add dev ${name} mode tap`),
      ...names.map((name) => `link set ${name} master br0 up`),
    ]);
  const deleteGroup = () => inside.links.deleteAll(names);
  const deletions = names.map((name) => `link delete ${name}`);
  // One shell, as scripts do it.
  const script = deletions.map((line) => `ip ${line}`).join('\n');
  const others = {
    batch: () => batch(netns, deletions),
    spawned: () => netns.inside.runWith({ input: script, timeoutMs: 300_000 }, 'sh'),
  };
  const seconds = { make: [], batchMake: [], group: [], batch: [], spawned: [] } as {
    [name in 'make' | 'batchMake' | 'group' | keyof typeof others]: number[];
  };
  // The first round of all is for code that has not run before.
  for (let round = -1; round < rounds; round++) {
    const ours = await timed(make);
    const oursDeleted = await timed(deleteGroup);
    const theirs = await timed(batchMake);
    const theirsDeleted = await timed(deleteGroup);
    if (round < 0) continue;
    seconds.make.push(ours);
    seconds.batchMake.push(theirs);
    seconds.group.push(oursDeleted, theirsDeleted);
  }
  // Of ten seconds each, and steady.
  for (const name of ['batch', 'spawned', 'batch', 'spawned', 'batch'] as const) {
    await make();
    seconds[name].push(await timed(others[name]));
  }
  const inMilliseconds = (of: number) => of * 1000;
  const milliseconds = (of: number[]) => inMilliseconds(median(of));
  const figure = (name: string, value: number) => ({ bench: 'links', figure: name, value, unit: 'ms' });
  const made = { bench: 'links', figure: `${count} taps made, bridged, up`, unit: 'ms' };
  // How many times as long the other takes.
  const against = (other: string, value: number, goal: `>= ${number}`): Figure =>
    compared({ ...figure(`deleted: ${other}`, value) }, 'as a group', milliseconds(seconds.group), goal);
  return [
    paired(
      made,
      seconds.make.map(inMilliseconds),
      'ip -batch',
      seconds.batchMake.map(inMilliseconds),
      '<= 1.2',
    ),
    figure(`${count} taps deleted as a group`, milliseconds(seconds.group)),
    against('ip -batch, one by one', milliseconds(seconds.batch), '>= 18'),
    against('an ip for each', milliseconds(seconds.spawned), '>= 25'),
  ];
}
