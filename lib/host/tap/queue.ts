// One queue of a device: batches out of the addon, frames into it, and those that wait for room in the kernel.
import { addon } from '../../native/addon.js';
import type { FrameQueue, FrameQueueOptions, OpenedQueue } from '../../native/kernel.js';
import { uncaught } from '../../uncaught.js';
import type { KernelError } from '../error.js';
import { copyOf } from '../frame/bytes.js';
import { Batch } from './batch.js';
import type { BatchMemory } from './memory.js';

/** What a queue tells its device. */
export interface QueueOwner {
  frames(batch: Batch): void;
  /** Reading has ended, with an errno. */
  ended(errno: number): void;
  /** A frame was refused with an errno that is neither EAGAIN nor EIO, and what is known of it: what to throw. */
  refused(errno: number, which: string, detail: string): KernelError;
  /** The same, of a frame that `write` had taken: nobody is there any more to whom it could be thrown. */
  refusedLater(error: KernelError): void;
  /** Whether the device takes frames, as the last write says. */
  up(isUp: boolean): void;
  /** The kernel says that it takes frames. */
  writable(): void;
  /** All that waited has gone. */
  drained(): void;
}

/** What has passed through a queue, or through all queues of a device, since it was opened. */
export interface FrameStatistics {
  /** What came from the kernel. */
  read: {
    /** Frames that came; of a super-frame that was split, each of its frames. */
    frames: number;
    /** Bytes of the frames that came, with what stands before each: {@link Batch.prefixLength}. */
    bytes: number;
    /** Reads of the kernel: fewer than frames where super-frames were split. */
    reads: number;
    /** Batches that frames came in. */
    batches: number;
    /** How often the event loop woke up for it. */
    wakes: number;
    /** Frames whose virtio-net header did not fit: handed on as they came. */
    malformed: number;
  };
  /** What went to the kernel, and what became of the rest. */
  written: {
    /** Frames that the kernel took, at once or after they had waited. */
    frames: number;
    /** Bytes of the frames that the kernel took, with what was given before each. */
    bytes: number;
    /** Writes to the kernel: fewer than frames where frames were joined. */
    writes: number;
    /** Frames that `write` did not take, or had kept in vain, because the device was down. */
    down: number;
    /** Frames that `write` had kept and that turned out to be none: each is an event `refused`. */
    refused: number;
    /** Frames that `write` did not take because as many as it keeps were waiting. */
    full: number;
    /** Frames that wait now, or waited when the device was closed. */
    waiting: number;
  };
}

/** What became of a frame: sent or waiting, or not taken because too many wait or the device is down. */
export type Taken = 'taken' | 'full' | 'down';

const EIO = 5;
const EAGAIN = 11;
const EBADFD = 77;
const ENOBUFS = 105;
const isBusy = (errno: number): boolean => errno === EAGAIN || errno === ENOBUFS;

/** Where the addon counts: the order of `struct Counters`. */
const COUNTERS = [
  'readFrames',
  'readBytes',
  'reads',
  'batches',
  'wakes',
  'malformed',
  'writtenFrames',
  'writtenBytes',
  'writes',
  'error',
  'batch',
] as const;
const ERROR = COUNTERS.indexOf('error');
const BATCH = COUNTERS.indexOf('batch');

/**
 * By `ArrayBuffer.prototype.transfer`; a copy is what `postMessage` makes of it. It is asked of the view, for every
 * batch: V8 knows that without a call.
 */
const wasTaken = ({ slab }: Batch): boolean => slab.length === 0;

const sized = (bytes: number): string => `it has ${bytes} bytes`;

/** A view has no length any more when its memory was transferred, or has shrunk to before its end. */
function sizeOf(frame: Uint8Array): string {
  try {
    frame.at(0);
    return sized(frame.length);
  } catch {
    return 'its memory was transferred, or has shrunk';
  }
}

/** @internal */
export class Queue {
  readonly index: number;
  readonly native: FrameQueue;

  readonly #owner: QueueOwner;
  readonly #batches: Batch[] = [];
  readonly #counters: Float64Array;
  readonly #memory: BatchMemory;
  readonly #prefixLength: number;
  readonly #limit: number;
  #waiting: Uint8Array[] = [];
  /** What the kernel is asked to tell. */
  #asked: 'room' | 'up' | undefined;
  #down = 0;
  #full = 0;
  #refused = 0;

  constructor(
    index: number,
    opened: OpenedQueue,
    options: FrameQueueOptions,
    memory: BatchMemory,
    { prefixLength, limit, owner }: { prefixLength: number; limit: number; owner: QueueOwner },
  ) {
    this.index = index;
    this.native = new (addon().kernel.FrameQueue)(opened, options, memory.native);
    this.#memory = memory;
    this.#prefixLength = prefixLength;
    this.#limit = limit;
    this.#owner = owner;
    this.#counters = this.native.counters();
  }

  /** Batch `i`, in which so many frames have come. */
  #batch(i: number, count: number): Batch {
    const made = this.#batches[i];
    if (made && !wasTaken(made)) return made;
    const memory = this.#memory.of(i, count);
    const { frames } = this.#memory.size;
    // The addon rounds the bytes up.
    const batch = new Batch(memory, memory.byteLength - 8 * frames, frames, this.index, this.#prefixLength);
    this.#batches[i] = batch;
    return batch;
  }

  /** Takes batches as long as it is this queue's turn. */
  readonly #onFrames = (): void => {
    let count = this.native.next();
    for (; count > 0; count = this.native.next()) this.#hand(count);
    if (count < 0) this.#end(-count);
  };

  #hand(count: number): void {
    const i = this.#counters[BATCH] as number;
    const batch = this.#batch(i, count);
    batch.fill(count);
    try {
      this.#owner.frames(batch);
    } catch (error) {
      uncaught(error);
    }
    batch.fill(0);
    if (wasTaken(batch)) this.#memory.replace(i);
  }

  #end(errno: number): void {
    try {
      this.#owner.ended(errno);
    } catch (error) {
      uncaught(error);
    }
  }

  readonly #onRoom = (errno: number): void => {
    const wanted = this.#asked;
    this.#asked = undefined;
    if (errno !== 0) {
      this.#end(errno);
      return;
    }
    try {
      this.#owner.writable();
      if (wanted === 'room') this.#flush();
    } catch (error) {
      uncaught(error);
    }
  };

  start(): void {
    if (this.native.start(this.#onFrames)) setImmediate(() => this.native.readRest());
  }

  stop(): void {
    this.native.stop();
  }

  write(frame: Uint8Array): Taken {
    if (this.#waiting.length === 0) {
      const errno = this.native.writeOne(frame);
      if (errno === 0) {
        this.#owner.up(true);
        return 'taken';
      }
      if (errno === EIO) {
        this.#down++;
        this.#owner.up(false);
        return 'down';
      }
      if (!isBusy(errno)) throw this.#owner.refused(errno, 'frame 0', sizeOf(frame));
    }
    if (this.#waiting.length >= this.#limit) {
      this.#full++;
      this.#askForRoom();
      return 'full';
    }
    this.#waiting.push(copyOf(frame));
    this.#askForRoom();
    return 'taken';
  }

  writeBatch(slab: Uint8Array, offsets: Uint32Array, lengths: Uint32Array, from: number, to: number): number {
    if (this.#waiting.length > 0) {
      this.#flush();
      if (this.#waiting.length > 0) return 0;
    }
    const sent = this.native.write(slab, offsets, lengths, from, to);
    const errno = this.#counters[ERROR] as number;
    if (errno === 0) {
      if (sent > 0) this.#owner.up(true);
      return sent;
    }
    if (errno === EIO) this.#owner.up(false);
    else if (isBusy(errno)) this.#askForRoom();
    else if (sent === 0) throw this.#owner.refused(errno, `frame ${from}`, sized(lengths[from] as number));
    return sent;
  }

  /** Tells when the device takes frames again, of a device that is down. */
  awaitUp(): void {
    if (this.#asked) return;
    this.#asked = 'up';
    this.native.awaitWritable(this.#onRoom);
  }

  #askForRoom(): void {
    if (!this.#asked) this.native.awaitWritable(this.#onRoom);
    this.#asked = 'room';
  }

  #flush(): void {
    let sent = 0;
    for (const frame of this.#waiting) {
      const errno = this.native.writeOne(frame);
      if (isBusy(errno)) break;
      // Not the fault of any frame: those that wait stay counted as such.
      if (errno === EBADFD) {
        this.#waiting = this.#waiting.slice(sent);
        this.#owner.ended(errno);
        return;
      }
      sent++;
      if (errno === 0 || errno === EIO) this.#owner.up(errno === 0);
      if (errno === EIO) this.#down++;
      else if (errno !== 0) this.#refuse(errno, frame);
    }
    this.#waiting = this.#waiting.slice(sent);
    if (this.#waiting.length > 0) this.#askForRoom();
    else this.#owner.drained();
  }

  #refuse(errno: number, frame: Uint8Array): void {
    this.#refused++;
    this.#owner.refusedLater(this.#owner.refused(errno, 'a frame that waited', sizeOf(frame)));
  }

  statistics(): FrameStatistics {
    const at = (name: (typeof COUNTERS)[number]): number => this.#counters[COUNTERS.indexOf(name)] as number;
    return {
      read: {
        frames: at('readFrames'),
        bytes: at('readBytes'),
        reads: at('reads'),
        batches: at('batches'),
        wakes: at('wakes'),
        malformed: at('malformed'),
      },
      written: {
        frames: at('writtenFrames'),
        bytes: at('writtenBytes'),
        writes: at('writes'),
        down: this.#down,
        refused: this.#refused,
        full: this.#full,
        waiting: this.#waiting.length,
      },
    };
  }
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
