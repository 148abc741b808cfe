// Frames of a test's own, and the devices that they pass.

import { execFileSync } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import { encodeFrame, Tap, type Tun } from '../../lib/host/index.js';
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

/** Writes frames by one call, from one memory; how many went. */
export function writeTogether(tap: Tap, frames: readonly Uint8Array[]): number {
  const lengths = Uint32Array.from(frames, ({ length }) => length);
  let end = 0;
  const offsets = lengths.map((length) => {
    end += length;
    return end - length;
  });
  return tap.writeBatch(Buffer.concat(frames), offsets, lengths);
}

/** A tap in the bridge br0, up. */
export async function port(netns: Netns, name: string): Promise<Tap> {
  const tap = await Tap.open({ netns: netns.path, name });
  await netns.ip(`link set ${name} master br0`);
  await tap.set({ up: true });
  return tap;
}

/** Deletes a device before this process hears of anything. */
export const deleteAtOnce = (netns: Netns, name: string): void =>
  void execFileSync('nsenter', [`--net=${netns.path}`, 'ip', 'link', 'delete', 'dev', name]);

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

/**
 * Writes frames, fewer in a turn of the event loop than the kernel keeps, until it drops some because the other end
 * is not read any more; how many it has not dropped.
 */
export async function flood(from: Tap, to: Tap): Promise<number> {
  let sent = 0;
  for (let dropped = 0; dropped === 0; { dropped } = await to.state()) {
    if (sent > 20_000) throw new Error(`it is read without an end: ${to.statistics().read.frames} frames`);
    for (let i = 0; i < 100; i++) from.write(frameOf(64, sent++));
    await turn();
  }
  return sent - (await to.state()).dropped;
}

const PAYLOAD = 1000;

/** Segments of one TCP connection that follow each other: what can be joined. */
export const segments = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) =>
    encodeFrame({
      kind: 'ethernet',
      destination: '02:00:00:00:00:02',
      source: '02:00:00:00:00:01',
      content: {
        kind: 'ipv4',
        source: '10.9.0.1',
        destination: '10.9.0.2',
        id: i,
        content: {
          kind: 'tcp',
          sourcePort: 1,
          destinationPort: 9,
          sequence: i * PAYLOAD,
          acknowledgement: 1,
          flags: ['ack'],
          window: 1000,
          content: { kind: 'bytes', bytes: new Uint8Array(PAYLOAD).fill(i) },
        },
      },
    }),
  );

/** The number of a segment, of a super-frame that of its first; none of another frame. */
export function segmentNumber(frame: Uint8Array): number[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const isTcp = view.getUint16(12) === 0x0800 && view.getUint8(23) === 6;
  return isTcp ? [view.getUint32(38) / PAYLOAD] : [];
}
