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
  readonly #processor: number | undefined;
  readonly #ends: (() => Promise<void>)[] = [];

  /** @param processor where all who take part run, one at a time: processors of a virtual machine are not alike. */
  constructor(processor?: number) {
    this.#processor = processor;
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
    const pinned = this.#processor === undefined ? [] : ['taskset', '--cpu-list', `${this.#processor}`];
    const peer = new Peer('nsenter', [`--net=${netnsOf(inside)}`, ...pinned, ...command]);
    this.#ends.push(() => peer[Symbol.asyncDispose]());
    return peer;
  }

  /**
   * A process in C with two taps; or with none, which fills and measures. With a thread beside, as Node's processes have
   * several, the kernel counts the users of a descriptor for each call. With batches of five super-frames, as virtnet's
   * may be, more of them stay in the processor's cache than with the nine that the loop takes by itself.
   */
  async c(
    inside: Namespaces,
    mode: 'none' | `${'plain' | 'offload'}${'' | '+thread' | '+five'}`,
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

  /** Bridges a player's taps: what it writes to the second comes in on the first. */
  async bridge(inside: Namespaces, { prefix }: Player): Promise<void> {
    await inside.must('ip', 'link', 'add', `${prefix}b`, 'type', 'bridge', 'mcast_snooping', '0');
    for (const device of [`${prefix}0`, `${prefix}1`])
      await inside.must('ip', 'link', 'set', device, 'master', `${prefix}b`);
    await inside.must('ip', 'link', 'set', `${prefix}b`, 'up');
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
  /** What goes before and does not count. */
  before?: () => Promise<unknown>;
}

/** Rounds that do not count: V8 compiles meanwhile what a batch takes. */
const WARMING = 5;

/** Many rounds in which all take turns: what came after whom in one comes before in the next. */
export async function turns<Name extends string>(
  contenders: Record<Name, Contender>,
  rounds = ROUNDS,
): Promise<Record<Name, Turn[]>> {
  const names = Object.keys(contenders) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Turn[]>;
  for (let round = -WARMING; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { player, task, count, before } = contenders[name];
      await before?.();
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

/** A turn of frames that wait in the queue of a player's first device, where another put them. */
export const filled = (
  filler: Player,
  player: Player,
  task: string,
  size: number,
  count = FRAMES,
): Contender => ({
  player,
  task,
  count,
  before: () => filler.peer.ask(`fill/${player.prefix}0/${size}`, count),
});

/** A super-frame is so many of TCP's segments, of 1502 bytes as frames. */
export const SEGMENTS = 45;
export const SEGMENT = 1502;
export const SUPER_FRAME = 54 + SEGMENTS * 1448;
export const SUPER_FRAMES = 30_000;

/**
 * As many frames of a size as the processor's cache keeps until they are read, 4 MiB of them: of 8 MiB, even the loop in
 * C takes longer for each, and now more and now less, as others have need of the cache.
 */
export const cached = (size: number): number => Math.floor((4 * 2 ** 20) / size);

/** A turn of frames that are read soon after they came, by a player whose taps are bridged. */
export const fresh = (player: Player, size: number, count: number): Contender => ({
  player,
  task: `fresh/${cached(size)}/${size}`,
  count,
});
