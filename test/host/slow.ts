// A tap whose frames go a slow way, so that the kernel has no room for more of them.

import { Tap } from '../../lib/host/index.js';
import type { Netns } from './netns.js';
import { frameOf } from './ours.js';

/** A frame that takes the slow way, with a number in it. */
export const slowFrame = (number: number): Uint8Array => {
  const frame = frameOf(1000, number);
  frame.set([2, 0, 0, 0, 0, 0x99]);
  return frame;
};

/** Two taps: what is written to `tap` comes to `out`, as slow as a kilobyte a second until it is let go. */
export class SlowWay implements AsyncDisposable {
  private constructor(
    readonly tap: Tap,
    readonly out: Tap,
    readonly netns: Netns,
  ) {}

  static async start(netns: Netns, writeQueue: number, thread = false): Promise<SlowWay> {
    // What passes `hold` is charged to who wrote it for as long as it is held.
    await netns.ip('link add hold type veth peer name free');
    for (const bridge of ['br0', 'br1']) await netns.ip(`link add ${bridge} up type bridge`);
    const options = { netns: netns.path, writeQueue, thread, sendBuffer: 8000 };
    const tap = await Tap.open({ ...options, name: 'in' });
    const out = await Tap.open({ netns: netns.path, name: 'out' });
    const ports = { in: 'br0', hold: 'br0', free: 'br1', out: 'br1' };
    for (const [port, bridge] of Object.entries(ports))
      await netns.ip(`link set ${port} up master ${bridge}`);
    // To everybody it would go as copies, which are charged to nobody.
    await netns.inside.must('bridge', ...'fdb add 02:00:00:00:00:99 dev hold master static'.split(' '));
    const way = new SlowWay(tap, out, netns);
    await way.#tc('qdisc add dev hold root tbf rate 8kbit burst 2000 limit 1000000');
    return way;
  }

  #tc(command: string): Promise<string> {
    return this.netns.inside.must('tc', ...command.split(' '));
  }

  /** Writes frames with numbers from 0 on until so many wait; how many there are then. */
  fill(waiting: number): number {
    let frames = 0;
    while (this.tap.statistics().written.waiting < waiting)
      if (!this.tap.write(slowFrame(frames++)) || frames === 1000) throw new Error('the kernel takes all');
    return frames;
  }

  /** What is held is dropped; what comes after it is as fast as anywhere. */
  async letGo(): Promise<void> {
    await this.#tc('qdisc del dev hold root');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.tap.close(), this.out.close()]);
  }
}
