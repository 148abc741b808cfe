// Programs between two ends: TCP through them, echoes from them, and their end.
import { execFileSync, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Namespaces } from '../../../lab/namespaces.js';
import { type Figure, type Goal, measured, median, paired } from '../../figure.js';
import { bench, netnsOf, type Player, Stage } from './stage.js';

/** What TCP reaches in a second is now more and now less by a fifth. */
const ROUNDS = 11;

/** TCP between two namespaces through a program, in Gbit/s. */
async function tcp(stage: Stage): Promise<Figure[]> {
  const [left, right] = [await stage.namespace(), await stage.namespace()];
  const netns = [netnsOf(left), netnsOf(right)];
  const forwarders: Record<string, () => Promise<Player>> = {
    v: () => stage.virtnet(left, 'raw', 'v', ...netns),
    s: () => stage.virtnet(left, 'split', 's', ...netns),
    o: () => stage.c(left, 'offload', 'o', ...netns),
    c: () => stage.c(left, 'plain', 'c', ...netns),
  };
  // Not by left.must: in its namespace of processes the other's holder has no number.
  const cable = `link add k0 type veth peer name k1 netns ${right.holderPid}`.split(' ');
  execFileSync('nsenter', [`--net=${netnsOf(left)}`, 'ip', ...cable]);
  const ways = [...Object.keys(forwarders), 'k'];
  for (const [i, way] of ways.entries()) {
    await (await forwarders[way]?.())?.peer.ask('forward', 0);
    for (const [end, inside] of [left, right].entries()) {
      const device = `${way}${end}`;
      await inside.must('ip', 'address', 'add', `10.9.${i}.${end + 1}/24`, 'dev', device);
      await inside.must('ip', 'link', 'set', device, 'up');
    }
  }
  const rates = new Map<string, number[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, way] of ways.entries()) rates.get(way)?.push(await iperf(left, right, `10.9.${i}.2`));
  const rate = (way: string): number[] => rates.get(way) ?? [];
  const unit = 'Gbit/s';
  const raw = { bench, figure: 'TCP through a forwarder, raw super-frames', unit };
  const joined = { bench, figure: 'TCP through a forwarder, split and joined', unit };
  return [
    paired(raw, rate('v'), 'C with offload', rate('o'), '>= 0.95'),
    paired(raw, rate('v'), 'C without', rate('c'), '>= 4.5'),
    paired(raw, rate('v'), 'veth', rate('k'), '>= 0.65'),
    paired(joined, rate('s'), 'C without', rate('c')),
    paired({ bench, figure: 'TCP through C with offload', unit }, rate('o'), 'veth', rate('k')),
  ];
}

async function iperf(client: Namespaces, server: Namespaces, to: string): Promise<number> {
  const listening = server.spawn('iperf3', ['--server', '--one-off', '--forceflush']);
  const ended = new Promise((resolve) => listening.once('exit', resolve));
  await new Promise((resolve) => listening.stdout.once('data', resolve));
  const said = await client.must('iperf3', '--json', '--client', to, '--time', '1');
  await ended;
  const { end } = JSON.parse(said) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}

/**
 * Echoes, where who asks is on another processor than who answers, as a guest or another machine is; and where the
 * scheduler puts them. It changes its mind between rounds, and what an echo takes changes with it by half.
 */
async function echoes(stage: Stage, figure: string, asking?: number, goal?: Goal): Promise<Figure[]> {
  await using elsewhere = new Stage(asking);
  const inside = await stage.namespace();
  const prober = await elsewhere.c(inside, 'none');
  const players = { c: await stage.c(inside, 'plain', 'c'), v: await stage.virtnet(inside, 'plain', 'v') };
  for (const [i, { prefix, peer }] of Object.values(players).entries()) {
    await inside.must('ip', 'address', 'add', `10.8.${i}.1/24`, 'dev', `${prefix}0`);
    const neighbour = ['neighbour', 'add', `10.8.${i}.2`, 'lladdr', '02:00:00:00:00:99', 'dev', `${prefix}0`];
    await inside.must('ip', ...neighbour, 'nud', 'permanent');
    await peer.ask('respond', 0);
  }
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 41; round++)
    for (const [i, list] of times.entries())
      list.push(1e6 * (await prober.peer.ask(`ping/10.8.${i}.2`, 500)));
  const [c, v] = times;
  return [paired({ bench, figure, unit: 'us' }, v, 'C', c, goal)];
}

/** From process.exit to the end of a process with so many taps open and read. */
async function exits(stage: Stage): Promise<Figure[]> {
  const inside = await stage.namespace();
  const script = `
    import { Tap } from 'virtnet/host';
    for (let i = 0; i < 16; i++) (await Tap.open()).onBatch(() => {});
    process.on('exit', () => console.log(Date.now()));
    setTimeout(() => process.exit(0), 100);`;
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const child = spawn(
      'nsenter',
      [`--net=${netnsOf(inside)}`, process.execPath, '--input-type=module', '--eval', script],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const gone = new Promise<number>((resolve) => child.once('exit', () => resolve(Date.now())));
    times.push((await gone) - Number(said));
  }
  return [measured(bench, 'process.exit with 16 taps open', median(times), 'ms', '< 200')];
}

export async function forwarding(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const last = availableParallelism() - 1;
  const parts: [processor: number | undefined, part: (stage: Stage) => Promise<Figure[]>][] = [
    [undefined, tcp],
    [last, (stage) => echoes(stage, 'ping, p50', 0, '<= 1.1')],
    [undefined, (stage) => echoes(stage, 'ping, p50, on any processor')],
    [undefined, exits],
  ];
  for (const [processor, part] of parts) {
    await using stage = new Stage(processor);
    figures.push(...(await part(stage)));
  }
  return figures;
}
