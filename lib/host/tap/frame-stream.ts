// Frames for whoever takes them one at a time: `for await`, and Node's and the web's streams.
import { Duplex } from 'node:stream';
import type { Batch } from './batch.js';
import type { Taken } from './queue.js';

/** What the sources below need of a device. */
export interface FrameSource {
  /** Takes the device's batches until the function that it gives is called. */
  consume(consumer: Consumer): () => void;
  /** Whether batches are to come at the moment. */
  flow(on: boolean): void;
  offer(frame: Uint8Array): Taken;
  once(event: 'drain', listener: () => void): unknown;
}

/** Who takes what a device reads. */
export interface Consumer {
  frames(batch: Batch): void;
  /** Whether somebody takes them, or did; so it is, if not given. */
  reads?(): boolean;
  /** The device was closed, or lost with an error. */
  end?(error?: Error): void;
}

/** More than one wake brings, so that a loop which keeps up is never stopped. */
const MOST_KEPT = 4096;

/** @internal */
export class FrameIterator implements AsyncIterableIterator<Uint8Array> {
  readonly #source: FrameSource;
  readonly #release: () => void;
  #kept: Uint8Array[] = [];
  #next = 0;
  #stopped = false;
  #done = false;
  #error: Error | undefined;
  #reader: { resolve(value: IteratorResult<Uint8Array>): void; reject(error: Error): void } | undefined;

  constructor(source: FrameSource) {
    this.#source = source;
    this.#release = source.consume({
      frames: (batch) => this.#take(batch),
      end: (error) => this.#end(error),
    });
  }

  #take(batch: Batch): void {
    // What was given out goes as soon as it is as much as what is moved for it: often enough, and cheap.
    if (2 * this.#next >= this.#kept.length) {
      this.#kept = this.#kept.slice(this.#next);
      this.#next = 0;
    }
    for (let i = 0; i < batch.count; i++) this.#kept.push(batch.copy(i));
    if (this.#reader) {
      const { resolve } = this.#reader;
      this.#reader = undefined;
      resolve({ done: false, value: this.#kept[this.#next++] as Uint8Array });
    }
    if (this.#kept.length - this.#next > MOST_KEPT && !this.#stopped) {
      this.#stopped = true;
      this.#source.flow(false);
    }
  }

  #end(error?: Error): void {
    this.#done = true;
    if (this.#reader) {
      if (error) this.#reader.reject(error);
      else this.#reader.resolve({ done: true, value: undefined });
      this.#reader = undefined;
    } else {
      this.#error = error;
    }
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const { value, done } = this.#now();
    if (value) return Promise.resolve({ done: false, value });
    if (done) return this.#finished();
    if (this.#reader) return Promise.reject(new TypeError('one next() at a time: await the one before it'));
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  #now(): { value?: Uint8Array; done: boolean } {
    const value = this.#kept[this.#next];
    if (value) {
      this.#next++;
      if (this.#stopped && this.#next === this.#kept.length) {
        this.#stopped = false;
        this.#source.flow(true);
      }
      return { value, done: false };
    }
    return { done: this.#done };
  }

  #finished(): Promise<IteratorResult<Uint8Array>> {
    const error = this.#error;
    this.#error = undefined;
    return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
  }

  /** Ends the loop; the device stays open. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#kept = [];
    this.#next = 0;
    if (!this.#done) this.#release();
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A stream of frames, each a Uint8Array, in both directions. @internal */
export function frameStream(source: FrameSource): Duplex {
  /** Writes the frame that waits for room. */
  let again: (() => void) | undefined;
  const stream = new Duplex({
    objectMode: true,
    // Who reads has heard of the end when it is written to no more.
    allowHalfOpen: false,
    readableHighWaterMark: 256,
    read: () => source.flow(true),
    write: (frame: unknown, _encoding, done) => {
      if (!(frame instanceof Uint8Array)) {
        done(new TypeError(`a frame is a Uint8Array, not ${typeof frame}`));
        return;
      }
      const attempt = (): void => {
        again = undefined;
        try {
          // What a device that is down does not take is lost, as on a wire without a carrier.
          if (source.offer(frame) === 'full') {
            again = attempt;
            source.once('drain', () => again?.());
          } else done();
        } catch (error) {
          done(error as Error);
        }
      };
      attempt();
    },
    destroy: (error, done) => {
      again = undefined;
      release();
      done(error);
    },
  });
  const reads = (): boolean => stream.readableFlowing !== null || stream.readableDidRead;
  const release = source.consume({
    reads,
    frames: (batch) => {
      let room = true;
      for (let i = 0; i < batch.count; i++) room = stream.push(batch.copy(i));
      if (!room) source.flow(false);
    },
    end: (error) => {
      if (error) stream.destroy(error);
      else {
        stream.push(null);
        // Nobody reads, who would have to come to the end first.
        if (!reads()) stream.resume();
      }
      // Of a closed device it hears so.
      again?.();
    },
  });
  return stream;
}
