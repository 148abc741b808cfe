// Bytes in the order of the machine that runs this: netlink's numbers are in host order, but for those that go to
// the wire as they are. Reading past the end is a MalformedMessage, whatever the bytes.

const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Netlink's alignment (NLMSG_ALIGNTO, NLA_ALIGNTO). */
export const aligned = (length: number): number => (length + 3) & ~3;

/** Bytes that are no message of the kind that they should be. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

const utf8 = new TextDecoder();
const toUtf8 = new TextEncoder();

/** A part of a message, to be read. */
export class Bytes {
  // One view for all parts of a message: to make one takes longer than to read what is in it.
  readonly #view: DataView;
  readonly #start: number;
  readonly length: number;

  private constructor(view: DataView, start: number, length: number) {
    this.#view = view;
    this.#start = start;
    this.length = length;
  }

  static of(bytes: Uint8Array): Bytes {
    return new Bytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength);
  }

  /** Where `size` bytes at `at` are in the view. */
  #place(at: number, size: number): number {
    if (at < 0 || at + size > this.length) {
      throw new MalformedMessage(`${size} bytes at ${at} of ${this.length}: the message ends before`);
    }
    return this.#start + at;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#place(at, 1));
  }
  u16(at: number, little = LITTLE): number {
    return this.#view.getUint16(this.#place(at, 2), little);
  }
  u32(at: number, little = LITTLE): number {
    return this.#view.getUint32(this.#place(at, 4), little);
  }
  s32(at: number): number {
    return this.#view.getInt32(this.#place(at, 4), LITTLE);
  }
  u64(at: number): bigint {
    return this.#view.getBigUint64(this.#place(at, 8), LITTLE);
  }

  /** The part from `at` on, to the end or of `length` bytes. */
  part(at: number, length = this.length - at): Bytes {
    if (length < 0) throw new MalformedMessage(`${length} bytes at ${at} of ${this.length}`);
    return new Bytes(this.#view, this.#place(at, length), length);
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#start, this.length);
  }

  /** A copy. */
  toArray(): Uint8Array {
    return this.#bytes().slice();
  }

  /** A text up to its NUL or the end. */
  text(): string {
    const bytes = this.#bytes();
    const end = bytes.indexOf(0);
    return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
}

/** A message that is being written. */
export class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }
  u16(value: number, little = LITTLE): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, little);
  }
  u32(value: number, little = LITTLE): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, little);
  }
  s32(value: number): void {
    const at = this.#grow(4);
    this.#view.setInt32(at, value, LITTLE);
  }
  u64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, LITTLE);
  }
  bytes(value: Uint8Array): void {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
  }
  text(value: string): void {
    this.bytes(toUtf8.encode(value));
    this.u8(0);
  }

  /** Zeros up to the next multiple of four. */
  align(): void {
    this.#grow(aligned(this.#length) - this.#length);
  }

  /** Writes a number over what is there. */
  patch16(at: number, value: number): void {
    this.#view.setUint16(at, value, LITTLE);
  }
  patch32(at: number, value: number): void {
    this.#view.setUint32(at, value, LITTLE);
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
