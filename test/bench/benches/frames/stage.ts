// Who takes part in the benchmarks of frames: virtnet and a loop in C, with taps of their own in a network namespace,
// and a third who fills their queues before each turn. What else the machine does disturbs all alike.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Namespaces, startNamespaces } from '../../../lab/namespaces.js';
import { type Figure, type Goal, paired } from '../../figure.js';
import { Peer } from '../../peer.js';

const peers = fileURLToPath(new URL('../../peers/', import.meta.url));
export const bench = 'frames';
const ROUNDS = 11;
/** So many that what a turn begins with, a process that has slept, is of no weight; the queues hold as many. */
export const FRAMES = 40_000;

/** Taps of a peer, and who opened them. */
export class Player implements AsyncDisposable {
  readonly prefix: string;
  readonly peer: Peer;

  constructor(prefix: string, peer: Peer) {
    this.prefix = prefix;
    this.peer = peer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.peer[Symbol.asyncDispose]();
  }
}

export class Stage implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'virtnet-bench-'));
  readonly #ends: (() => Promise<void>)[] = [];

  constructor() {
    execFileSync('cc', ['-O2', '-pthread', '-o', this.#c, join(peers, 'frames.c')]);
  }

  get #c(): string {
    return join(this.#folder, 'frames');
  }

  async namespace(): Promise<Namespaces> {
    const made = await startNamespaces([]);
    this.#ends.push(() => made.stop());
    return made;
  }

  #peer(inside: Namespaces, ...command: string[]): Peer {
    const peer = new Peer('nsenter', [`--net=${netnsOf(inside)}`, ...command]);
    this.#ends.push(() => peer[Symbol.asyncDispose]());
    return peer;
  }

  /** A process in C with two taps; or with none, which fills and measures. */
  async c(
    inside: Namespaces,
    mode: 'plain' | 'threaded' | 'offload' | 'none',
    prefix = 'none',
    ...netns: string[]
  ): Promise<Player> {
    return this.#ready(
      inside,
      new Player(prefix, this.#peer(inside, this.#c, prefix, mode, ...netns)),
      mode,
      netns,
    );
  }

  async virtnet(inside: Namespaces, mode: string, prefix: string, ...netns: string[]): Promise<Player> {
    const node = [process.execPath, '--expose-gc', '--import', 'tsx', join(peers, 'frames.ts')];
    return this.#ready(
      inside,
      new Player(prefix, this.#peer(inside, ...node, prefix, mode, ...netns)),
      mode,
      netns,
    );
  }

  /** A process of Node's with a TUN device, by virtnet or by the module at a URL. */
  async tun(inside: Namespaces, prefix: string, ...module: string[]): Promise<Player> {
    const node = [process.execPath, '--import', 'tsx', join(peers, 'tun.ts'), `${prefix}0`, ...module];
    return this.#ready(inside, new Player(prefix, this.#peer(inside, ...node)), 'tun', [], [0]);
  }

  async #ready(
    inside: Namespaces,
    player: Player,
    mode: string,
    netns: string[],
    devices = [0, 1],
  ): Promise<Player> {
    await player.peer.ask('cpu', 0);
    if (mode === 'none' || netns.length > 0) return player;
    for (const i of devices)
      await inside.must('ip', 'link', 'set', `${player.prefix}${i}`, 'txqueuelen', `${2 * FRAMES}`, 'up');
    return player;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
    rmSync(this.#folder, { recursive: true });
  }
}

export const netnsOf = (inside: Namespaces): string => `/proc/${inside.holderPid}/ns/net`;

/** What one turn costs: seconds, and seconds of the processor. */
interface Turn {
  wall: number;
  cpu: number;
}

export interface Contender {
  player: Player;
  task: string;
  count: number;
  /** What fills its queue before, and with how many. */
  fill?: { task: string; count: number };
}

/** Rounds that do not count: V8 compiles meanwhile what a batch takes. */
const WARMING = 5;

/** Many rounds in which all take turns: what came after whom in one comes before in the next. */
export async function turns<Name extends string>(
  filler: Player,
  contenders: Record<Name, Contender>,
  rounds = ROUNDS,
): Promise<Record<Name, Turn[]>> {
  const names = Object.keys(contenders) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Turn[]>;
  for (let round = -WARMING; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { player, task, count, fill } = contenders[name];
      if (fill) await filler.peer.ask(fill.task, fill.count);
      const wall = await player.peer.ask(task, count);
      const cpu = await player.peer.ask('cpu', 0);
      if (round >= 0) taken[name].push({ wall, cpu });
    }
  return taken;
}

/** Frames per second beside those of C, and what each costs of the processor. */
export function beside(
  figure: string,
  frames: number,
  mine: readonly Turn[],
  against: string,
  other: readonly Turn[],
  goal?: Goal,
  ofOther = frames,
): [rate: Figure, cost: Figure] {
  const rate = (count: number) => (turn: Turn) => count / turn.wall / 1e6;
  const cost = (count: number) => (turn: Turn) => (turn.cpu / count) * 1e9;
  return [
    paired(
      { bench, figure, unit: 'M frames/s' },
      mine.map(rate(frames)),
      against,
      other.map(rate(ofOther)),
      goal,
    ),
    paired(
      { bench, figure: `${figure}: processor`, unit: 'ns/frame' },
      mine.map(cost(frames)),
      against,
      other.map(cost(ofOther)),
    ),
  ];
}

export const fillOf = (device: string, size: number, count = FRAMES) => ({
  task: `fill/${device}/${size}`,
  count,
});

export const SUPER_FRAMES = 3000;
/** In each of them. */
export const SEGMENTS = 45;

/** A turn with as many super-frames in the queue of the player's first device. */
export const supers = (player: Player, task: string, count = SUPER_FRAMES): Contender => ({
  player,
  task,
  count,
  fill: { task: `fillSuper/${player.prefix}0`, count: SUPER_FRAMES },
});
