// The bytes of a file, as many at a time as are asked for, of chunks as they come.
import { FrameError } from './bytes.js';

/** The bytes of a file: whole, or in chunks of any size, as a Node or a Web stream has them. */
export type ByteChunks = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** @internal */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  /** Those that are here and were not asked for yet. */
  #rest: Uint8Array[] = [];
  #here = 0;
  /** How many were taken. */
  at = 0;

  constructor(source: ByteChunks) {
    this.#chunks = iteratorOf(source);
  }

  /** As many bytes, which stay as they are; undefined when there are none left. */
  async take(size: number, layer: string): Promise<Uint8Array | undefined> {
    while (this.#here < size) {
      const { done, value } = await this.#chunks.next();
      if (done) break;
      if (!(value instanceof Uint8Array)) throw new TypeError(`a chunk is a Uint8Array, not ${typeof value}`);
      // Whoever reads chunks into one memory over and over may do so.
      this.#rest.push(new Uint8Array(value));
      this.#here += value.length;
    }
    if (this.#here === 0 && size > 0) return undefined;
    if (this.#here < size) throw new FrameError(layer, this.at, `ends after ${this.#here} of ${size} bytes`);
    return this.#join(size);
  }

  /** As many bytes, of which there have to be some left. */
  async need(size: number, layer: string): Promise<Uint8Array> {
    const bytes = await this.take(size, layer);
    if (bytes === undefined) throw new FrameError(layer, this.at, `ends after 0 of ${size} bytes`);
    return bytes;
  }

  #join(size: number): Uint8Array {
    const [first] = this.#rest;
    const all = this.#rest.length === 1 && first ? first : Buffer.concat(this.#rest);
    this.#rest = [all.subarray(size)];
    this.#here -= size;
    this.at += size;
    return all.subarray(0, size);
  }

  /** Lets the file go: one that is not read to its end would stay open. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function iteratorOf(source: ByteChunks): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  if (source instanceof Uint8Array) return [source].values();
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return source[Symbol.iterator]();
  }
  throw new TypeError('a capture is a Uint8Array, or a stream or list of them');
}
