// The queues of a device: made of what was opened, and added up.
import { BATCHES, memoryFor } from './memory.js';
import type { Opened } from './open-device.js';
import { type FrameStatistics, Queue, type QueueOwner } from './queue.js';

const PACKET_INFORMATION = 4;

/** How many bytes stand before each frame. @internal */
export function prefixLengthOf({ tun, options: { offload, packetInformation } }: Opened): number {
  if (offload === 'raw') return tun.headerLength;
  return packetInformation ? PACKET_INFORMATION : 0;
}

/** @internal */
export function queuesOf(opened: Opened, owner: QueueOwner): readonly Queue[] {
  const { kind, tun, options } = opened;
  const { offload, thread = false, batch = {}, writeQueue = 1024 } = options;
  const native = {
    layer: kind === 'tap' ? 2 : 3,
    offload: offload === undefined ? 0 : offload === 'raw' ? 1 : 2,
    headerLength: tun.headerLength,
    thread,
  } as const;
  const size = { ...BATCHES[offload ?? (thread ? 'thread' : 'loop')], ...batch };
  const prefixLength = prefixLengthOf(opened);
  return tun.queues.map(
    (queue, i) =>
      new Queue(i, queue, native, memoryFor(size, thread), { prefixLength, limit: writeQueue, owner }),
  );
}

const sum = <T extends object>(parts: readonly T[]): T => {
  const total = new Map<string, number>();
  for (const part of parts)
    for (const [name, value] of Object.entries(part)) total.set(name, (total.get(name) ?? 0) + value);
  return Object.fromEntries(total) as T;
};

/** The statistics of several queues together. @internal */
export const together = (all: readonly FrameStatistics[]): FrameStatistics => ({
  read: sum(all.map(({ read }) => read)),
  written: sum(all.map(({ written }) => written)),
});
