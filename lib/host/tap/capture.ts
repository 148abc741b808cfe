// What passes a device, as a stream of pcapng.
import { Readable } from 'node:stream';
import { type Reader, record, wrongType } from '../../build/reader.js';
import { uncaught } from '../../uncaught.js';
import { pcapngInterface, pcapngPacket, pcapngSection, pcapngStatistics } from '../frame/pcapng.js';
import { whole } from '../netlink/types.js';
import type { Batch } from './batch.js';

/** What a capture keeps. */
export interface CaptureOptions {
  /** How many bytes of each frame are kept; all, if not given. */
  snapLength?: number;
  /** Only what was read (`inbound`) or written (`outbound`); both, if not given. */
  direction?: 'inbound' | 'outbound';
  /** How many bytes wait for a slow reader before frames are left out; 16 MiB if not given. The file says how many were. */
  buffer?: number;
}

const direction: Reader<'inbound' | 'outbound'> = (value, path) => {
  if (value !== 'inbound' && value !== 'outbound') throw wrongType(path, value, "'inbound' or 'outbound'");
  return value;
};
const readOptions = record<CaptureOptions>()('a capture', {
  snapLength: whole(1, 2 ** 18),
  direction,
  buffer: whole(1, 2 ** 31 - 1),
});

const DEFAULT_BUFFER = 16 * 2 ** 20;

/** The device that is captured. */
interface Captured {
  name: string;
  layer: 2 | 3;
  prefixLength: number;
  ended(): void;
}

/** A Node stream of a pcapng file's bytes; it ends with the device, or with {@link finish}. */
export class CaptureStream extends Readable {
  readonly #device: Captured;
  readonly #snapLength: number | undefined;
  readonly #direction: 'inbound' | 'outbound' | undefined;
  readonly #buffer: number;
  #received = 0;
  #dropped = 0;
  #finished = false;

  /** @internal */
  constructor(device: Captured, options: CaptureOptions) {
    super({ highWaterMark: 2 ** 16 });
    const checked = readOptions(options, '');
    this.#device = device;
    this.#snapLength = checked.snapLength;
    this.#direction = checked.direction;
    this.#buffer = checked.buffer ?? DEFAULT_BUFFER;
    this.push(pcapngSection('virtnet'));
    this.push(
      pcapngInterface({
        name: device.name,
        link: device.layer === 2 ? 'ethernet' : 'ip',
        snapLength: this.#snapLength ?? 0,
      }),
    );
  }

  /** How many frames were left out because nobody took the bytes. */
  get dropped(): number {
    return this.#dropped;
  }

  #add(bytes: Uint8Array, time: bigint, way: 'inbound' | 'outbound'): void {
    this.#received++;
    if (this.readableLength >= this.#buffer) {
      this.#dropped++;
      return;
    }
    const snapLength = this.#snapLength ?? bytes.length;
    this.#give(pcapngPacket({ interface: 0, time, bytes, snapLength, direction: way }));
  }

  /** Whoever reads or writes the device has no part in what a listener of the capture throws. */
  #give(bytes: Uint8Array | null): void {
    try {
      this.push(bytes);
    } catch (error) {
      uncaught(error);
    }
  }

  /** @internal */
  batch(batch: Batch): void {
    if (this.#direction === 'outbound' || this.#finished) return;
    const time = now();
    for (let i = 0; i < batch.count; i++)
      this.#add(batch.view(i).subarray(this.#device.prefixLength), time, 'inbound');
  }

  /** A frame that was written. @internal */
  frame(bytes: Uint8Array): void {
    if (this.#direction === 'inbound' || this.#finished) return;
    this.#add(bytes.subarray(this.#device.prefixLength), now(), 'outbound');
  }

  /** Frames that were written from one memory. @internal */
  written(slab: Uint8Array, offsets: Uint32Array, lengths: Uint32Array, from: number, sent: number): void {
    for (let i = from; i < from + sent; i++) {
      const begin = offsets[i] as number;
      this.frame(slab.subarray(begin, begin + (lengths[i] as number)));
    }
  }

  /** Ends the capture: the stream ends after what was seen so far. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#give(pcapngStatistics(0, now(), { received: this.#received, dropped: this.#dropped }));
    this.#give(null);
    this.#device.ended();
  }

  /** @internal */
  override _read(): void {}

  /** @internal */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#finished = true;
    this.#device.ended();
    done(error);
  }
}

/** Nanoseconds since 1970; of the clock that does not jump, since the process began. */
const origin = BigInt(Math.round(performance.timeOrigin * 1e6));
const now = (): bigint => origin + BigInt(Math.round(performance.now() * 1e6));

/** @internal */
export const captureStream = (device: Captured, options: CaptureOptions): CaptureStream =>
  new CaptureStream(device, options);
