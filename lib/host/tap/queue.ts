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
  /** Reading has ended, or what waits never can be written, with an errno. */
  ended(errno: number): void;
  /** The device has gone while nobody read it and nothing waited, with an errno. */
  endedAtRest(errno: number): void;
  /** A write finds that the device has gone: what to throw. */
  gone(errno: number): KernelError;
  /** The kernel takes a frame for none, and what is known of it: what to throw. */
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

/**
 * How long nobody has read before the kernel is asked to tell of the device's end: asking takes calls of the kernel,
 * which the pauses of a slow reader are not to cost.
 */
const REST_MS = 100;

/** What the kernel is asked to tell. */
type Awaited = 'room' | 'up';

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
  readonly #awaited = new Set<Awaited>();
  #resting: NodeJS.Timeout | undefined;
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
    const forRoom = this.#awaited.has('room');
    this.#awaited.clear();
    if (errno !== 0) {
      this.#end(errno);
      return;
    }
    try {
      this.#owner.writable();
      const gone = forRoom ? this.#flush() : 0;
      if (gone !== 0) this.#end(gone);
    } catch (error) {
      uncaught(error);
    }
  };

  readonly #onEnd = (errno: number): void => {
    try {
      this.#owner.endedAtRest(errno);
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

  /** Has the kernel tell of the device's end although nobody reads, once that has been so for a while. */
  rest(): void {
    this.#resting ??= setTimeout(() => {
      this.#resting = undefined;
      this.native.awaitEnd(this.#onEnd);
    }, REST_MS).unref();
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
      if (!isBusy(errno)) throw this.#refusal(errno, 'frame 0', sizeOf(frame));
    }
    if (this.#waiting.length >= this.#limit) {
      this.#full++;
      this.#await('room');
      return 'full';
    }
    this.#waiting.push(copyOf(frame));
    this.#await('room');
    return 'taken';
  }

  writeBatch(slab: Uint8Array, offsets: Uint32Array, lengths: Uint32Array, from: number, to: number): number {
    if (this.#waiting.length > 0) {
      const gone = this.#flush();
      if (gone !== 0) throw this.#owner.gone(gone);
      if (this.#waiting.length > 0) return 0;
    }
    const sent = this.native.write(slab, offsets, lengths, from, to);
    const errno = this.#counters[ERROR] as number;
    if (errno === 0) {
      if (sent > 0) this.#owner.up(true);
      return sent;
    }
    if (errno === EIO) this.#owner.up(false);
    else if (isBusy(errno)) this.#await('room');
    else if (sent === 0) throw this.#refusal(errno, `frame ${from}`, sized(lengths[from] as number));
    return sent;
  }

  #refusal(errno: number, which: string, detail: string): KernelError {
    return errno === EBADFD ? this.#owner.gone(errno) : this.#owner.refused(errno, which, detail);
  }

  /** Tells when the device takes frames again, of a device that is down. */
  awaitUp(): void {
    this.#await('up');
  }

  /** Nobody wants to hear that any more. */
  leaveUp(): void {
    this.#leave('up');
  }

  #await(what: Awaited): void {
    if (this.#awaited.size === 0) this.native.awaitWritable(this.#onRoom);
    this.#awaited.add(what);
  }

  #leave(what: Awaited): void {
    if (this.#awaited.delete(what) && this.#awaited.size === 0) this.native.leaveWritable();
  }

  /** Writes what waits. An errno when the device has gone: those that wait stay counted as such. */
  #flush(): number {
    let sent = 0;
    let gone = 0;
    for (const frame of this.#waiting) {
      const errno = this.native.writeOne(frame);
      if (isBusy(errno)) break;
      if (errno === EBADFD) {
        gone = errno;
        break;
      }
      sent++;
      if (errno === 0 || errno === EIO) this.#owner.up(errno === 0);
      if (errno === EIO) this.#down++;
      else if (errno !== 0) this.#refuse(errno, frame);
    }
    this.#waiting = this.#waiting.slice(sent);
    if (gone !== 0) return gone;
    if (this.#waiting.length > 0) this.#await('room');
    else {
      this.#leave('room');
      this.#owner.drained();
    }
    return 0;
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
