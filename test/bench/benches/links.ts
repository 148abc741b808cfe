// Taps by the hundred, made, put into a bridge, set up and deleted again, in a network namespace of their own: beside
// `ip -batch`, and beside an `ip` for each. The rounds take turns.
import { host } from 'virtnet/host';
import { freshNetns, type Netns } from '../../host/netns.js';
import { compared, type Figure, median } from '../figure.js';

const rounds = 5;
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
  const { code, stderr } = await netns.inside.runWith(
    { input: lines.join('\n'), timeoutMs: 120_000 },
    'ip',
    '-batch',
    '-',
  );
  if (code !== 0) throw new Error(`ip -batch ended with ${code}: ${stderr}`);
}

export async function links(): Promise<Figure[]> {
  await using netns = await freshNetns();
  await using inside = host.in(netns.path);
  await inside.bridges.create('br0', { up: true });
  const make = () => inside.taps.createAll(names, { master: 'br0', up: true });
  const seconds = {
    make: [] as number[],
    batchMake: [] as number[],
    group: [] as number[],
    batch: [] as number[],
    spawned: [] as number[],
  };
  for (let round = 0; round < rounds; round++) {
    seconds.make.push(await timed(make));
    seconds.group.push(await timed(() => inside.links.deleteAll(names)));
    seconds.batchMake.push(
      await timed(() =>
        batch(netns, [
          ...names.map((name) => `tuntap add dev ${name} mode tap`),
          ...names.map((name) => `link set ${name} master br0 up`),
        ]),
      ),
    );
    seconds.batch.push(
      await timed(() =>
        batch(
          netns,
          names.map((name) => `link delete ${name}`),
        ),
      ),
    );
    if (round > 0) continue;
    await make();
    // One shell, as scripts do it.
    const script = names.map((name) => `ip link delete ${name}`).join('\n');
    seconds.spawned.push(
      await timed(() => netns.inside.runWith({ input: script, timeoutMs: 300_000 }, 'sh')),
    );
  }
  const milliseconds = (of: number[]) => median(of) * 1000;
  const figure = (name: string, value: number) => ({ bench: 'links', figure: name, value, unit: 'ms' });
  const made = figure(`${count} taps made, bridged, up`, milliseconds(seconds.make));
  // How many times as long the other takes.
  const against = (other: string, value: number, goal: `>= ${number}`): Figure =>
    compared({ ...figure(`deleted: ${other}`, value) }, 'as a group', milliseconds(seconds.group), goal);
  return [
    compared(made, 'ip -batch', milliseconds(seconds.batchMake), '<= 1.2'),
    figure(`${count} taps deleted as a group`, milliseconds(seconds.group)),
    against('ip -batch, one by one', milliseconds(seconds.batch), '>= 18'),
    against('an ip for each', milliseconds(seconds.spawned), '>= 25'),
  ];
}
