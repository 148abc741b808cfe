// What one wake brings: many frames in one slab of memory, seen without copying.
import { readVirtioHeader, type VirtioHeader } from './virtio-header.js';

/**
 * Frames that were read together. Valid until the listener that gets it returns: then the slab is filled anew, and
 * the batch is empty. What is to stay is copied with {@link copy}.
 *
 * Offsets and lengths may be changed in place, to forward only some or to leave out what stands in front:
 * `other.writeBatch(batch.slab, batch.offsets, batch.lengths, kept)`.
 */
export class Batch implements Iterable<Uint8Array> {
  /** The memory in which the frames are. */
  readonly slab: Uint8Array;
  /** Where frame `i` begins in the slab. */
  readonly offsets: Uint32Array;
  /** How long frame `i` is, in bytes. */
  readonly lengths: Uint32Array;
  /** The number of the queue that they came from: 0 unless there are several. */
  readonly queue: number;
  /** How many bytes stand before each frame: the virtio-net header, or packet information. */
  readonly prefixLength: number;

  #count = 0;

  /** @internal */
  constructor(memory: ArrayBuffer, bytes: number, frames: number, queue: number, prefixLength: number) {
    this.slab = new Uint8Array(memory, 0, bytes);
    this.offsets = new Uint32Array(memory, bytes, frames);
    this.lengths = new Uint32Array(memory, bytes + 4 * frames, frames);
    this.queue = queue;
    this.prefixLength = prefixLength;
  }

  /** How many frames there are. */
  get count(): number {
    return this.#count;
  }

  /** @internal */
  fill(count: number): void {
    this.#count = count;
  }

  #refuse(i: number): void {
    if (!(i >= 0 && i < this.#count) || !Number.isInteger(i))
      throw new RangeError(
        this.#count === 0
          ? 'this batch is over: its frames are there only until the listener returns'
          : `there is no frame ${i}: the batch has ${this.#count}`,
      );
  }

  /** Frame `i` where it is, with what stands before it. Valid as long as the batch is. */
  view(i: number): Uint8Array {
    this.#refuse(i);
    const begin = this.offsets[i] as number;
    return this.slab.subarray(begin, begin + (this.lengths[i] as number));
  }

  /** Frame `i` in memory of its own, with what stands before it. */
  copy(i: number): Uint8Array {
    this.#refuse(i);
    const begin = this.offsets[i] as number;
    return this.slab.slice(begin, begin + (this.lengths[i] as number));
  }

  /** The virtio-net header of frame `i`; for devices with `offload: 'raw'`. */
  header(i: number): VirtioHeader {
    return readVirtioHeader(this.view(i));
  }

  /** Every frame where it is, as {@link view} gives it. */
  *[Symbol.iterator](): Generator<Uint8Array, void, undefined> {
    for (let i = 0; i < this.#count; i++) yield this.view(i);
  }
}
