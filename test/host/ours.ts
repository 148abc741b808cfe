// Frames of a test's own, and the devices that they pass.

import { Tap, type Tun } from '../../lib/host/index.js';
import { freshNetns, type Netns } from './netns.js';

/** An Ethernet frame of `size` bytes to everybody, with a number in it. */
export const frameOf = (size: number, number = 0): Uint8Array => {
  const frame = new Uint8Array(size);
  frame.set([255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  new DataView(frame.buffer).setUint32(14, number);
  return frame;
};

/** Resolves with `wanted` frames that `keep` takes, read by a listener. */
export const collect = (
  tap: Tap | Tun,
  wanted: number,
  keep = (_: Uint8Array) => true,
): Promise<Uint8Array[]> =>
  new Promise((resolve) => {
    const found: Uint8Array[] = [];
    const stop = tap.onBatch((batch) => {
      for (let i = 0; i < batch.count; i++) if (keep(batch.view(i))) found.push(batch.copy(i));
      if (found.length < wanted) return;
      stop();
      resolve(found);
    });
  });

/** A tap in the bridge br0, up. */
export async function port(netns: Netns, name: string): Promise<Tap> {
  const tap = await Tap.open({ netns: netns.path, name });
  await netns.ip(`link set ${name} master br0`);
  await tap.set({ up: true });
  return tap;
}

/** Whether it is one of {@link frameOf}. */
export const isOurs = (frame: Uint8Array): boolean => frame[12] === 0x88 && frame[13] === 0xb5;

/** A network namespace with a bridge br0, of which nothing comes that is not sent here. */
export async function silentBridge(): Promise<Netns> {
  const netns = await freshNetns();
  for (const whose of ['all', 'default'])
    await netns.inside.must('sysctl', '-qw', `net.ipv6.conf.${whose}.disable_ipv6=1`);
  await netns.ip('link add br0 up type bridge mcast_snooping 0');
  return netns;
}
