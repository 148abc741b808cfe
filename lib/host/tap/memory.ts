// Where batches are read into. Since a batch is over when its listener returns, all devices of a thread that want
// batches of one size take turns with the same memory, which stays in the processor's cache.
import { addon } from '../../native/addon.js';
import type { FrameMemory, FrameMemorySize } from '../../native/kernel.js';
import { secondCache } from './second-cache.js';

const KIB = 1024;

/** Of the largest frame, and what may stand before it. */
const ROOM = 65_664;
const MOST_SUPER_FRAMES = 5;

let ofMachine: number | undefined;
/** The bytes of this machine's second cache, which are looked up once. */
const cache = (): number => {
  ofMachine ??= secondCache();
  return ofMachine;
};

/**
 * How many super-frames are read for each call of JavaScript: as many as leave it a fifth of the cache, beside the kernel's
 * memory that they are copied from.
 */
function superFrames(bytes: number): number {
  return Math.min(MOST_SUPER_FRAMES, Math.max(2, Math.floor((0.8 * bytes) / (2 * ROOM))));
}

/**
 * How large a batch is, by who reads the device or by its offload. The event loop reads the frames that wait together;
 * nobody knows their lengths, and each has the room of the largest: of that only what frames fill takes memory. @internal
 */
export const BATCHES = {
  loop: { frames: 256, bytes: 256 * ROOM },
  thread: { frames: 256, bytes: 512 * KIB },
  /** What is split stays in the cache until JavaScript has seen it; one of the largest has room in any case. */
  get split() {
    return { frames: 1024, bytes: Math.max(2 * ROOM, Math.min(1024 * KIB, cache())) };
  },
  get raw() {
    return { frames: 256, bytes: superFrames(cache()) * ROOM };
  },
} as const;

/** @internal */
export class BatchMemory {
  readonly native: FrameMemory;
  readonly size: FrameMemorySize;
  readonly #buffers: (ArrayBuffer | undefined)[] = [];

  constructor(size: FrameMemorySize) {
    this.native = new (addon().kernel.FrameMemory)(size);
    this.size = size;
  }

  /** That of batch `i`, in which so many frames are. Not the same as before when somebody has taken that. */
  of(i: number, count: number): ArrayBuffer {
    const shown = this.#buffers[i];
    if (shown && shown.byteLength > 0) return shown;
    if (shown) this.native.renew(i, count);
    const buffer = this.native.show(i);
    this.#buffers[i] = buffer;
    return buffer;
  }

  /** After the listener that had batch `i` has taken its memory: what is read next does not go there. */
  replace(i: number): void {
    this.native.renew(i, 0);
    this.#buffers[i] = undefined;
  }
}

/** One is filled while the listener has another; the rest are for bursts. */
const BATCHES_OF_THREAD = 4;
const inTurn = new Map<string, WeakRef<BatchMemory>>();

/** For a queue that a thread reads, or that the event loop does. @internal */
export function memoryFor(
  { bytes, frames }: { bytes: number; frames: number },
  thread: boolean,
): BatchMemory {
  if (thread) return new BatchMemory({ bytes, frames, batches: BATCHES_OF_THREAD });
  const key = `${bytes}/${frames}`;
  const known = inTurn.get(key)?.deref();
  if (known) return known;
  const memory = new BatchMemory({ bytes, frames, batches: 1 });
  inTurn.set(key, new WeakRef(memory));
  return memory;
}
