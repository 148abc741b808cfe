// Bytes of frames: read and written in the order of the network, never past an end.
import { formatIp, parseIpv4, parseIpv6 } from '../../build/address/ip.js';
import { parseMac } from '../../build/address/mac.js';
import { wrongType } from '../../build/reader.js';

/** Bytes that are no frame, or none that can be: where, and why. */
export class FrameError extends RangeError {
  /** To tell errors by name. */
  override readonly name = 'FrameError';
  /** The layer that it is about, as in `ipv4`. */
  readonly layer: string;
  /** Where in the bytes. */
  readonly offset: number;

  /** @hidden */
  constructor(layer: string, offset: number, message: string) {
    super(`${layer} at byte ${offset}: ${message}`);
    this.layer = layer;
    this.offset = offset;
  }
}

/** Some of the bytes in memory of their own. Not by the `slice` of what is given: a Buffer's makes a view. @internal */
export const copyOf = (bytes: Uint8Array, from?: number, to?: number): Uint8Array =>
  new Uint8Array(bytes.subarray(from, to));

/** A part of a frame, read from its beginning. @internal */
export class Reader {
  readonly bytes: Uint8Array;
  readonly layer: string;
  /** Where the part begins in the frame, for errors. */
  readonly base: number;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array, layer: string, base = 0) {
    this.bytes = bytes;
    this.layer = layer;
    this.base = base;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  fail(message: string): never {
    throw new FrameError(this.layer, this.base + this.at, message);
  }

  #take(size: number): number {
    if (this.left < size) this.fail(`ends after ${this.left} of ${size} bytes`);
    const at = this.at;
    this.at += size;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  take(size: number): Uint8Array {
    const at = this.#take(size);
    return copyOf(this.bytes, at, at + size);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  mac(): string {
    return Array.from(this.take(6), (byte) => byte.toString(16).padStart(2, '0')).join(':');
  }

  ipv4(): string {
    return this.take(4).join('.');
  }

  ipv6(): string {
    const value = this.take(16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return formatIp({ family: 'ipv6', value });
  }

  /** The next `size` bytes as a part of their own, without copying. */
  part(layer: string, size = this.left): Reader {
    const at = this.#take(size);
    return new Reader(this.bytes.subarray(at, at + size), layer, this.base + at);
  }
}

const refuse = (layer: string, field: string, value: unknown, expected: string): never => {
  throw new RangeError(`${layer}.${field}: ${String(value)} is not ${expected}`);
};

/**
 * What somebody gave as a layer, when it is of one of the kinds that can be there. @internal
 *
 * @param path names it in errors.
 */
export function layer<Kind extends string, L extends { readonly kind: Kind }>(
  path: string,
  given: L,
  ...kinds: readonly L['kind'][]
): L {
  if (typeof given !== 'object' || given === null)
    throw wrongType(path, given, `a layer, an object whose kind is ${kinds.join(', ')}`);
  if (!kinds.includes(given.kind))
    throw new TypeError(`${path}.kind: ${String(given.kind)} is not one of ${kinds.join(', ')}`);
  if (given.kind === 'bytes') asBytes(`${path}.bytes`, (given as { bytes?: unknown }).bytes);
  return given;
}

/** What somebody gave as bytes. @internal */
export function asBytes(path: string, given: unknown): Uint8Array {
  if (!(given instanceof Uint8Array)) throw wrongType(path, given, 'a Uint8Array');
  return given;
}

/** A part of a frame to be. @internal */
export class Writer {
  readonly layer: string;
  #bytes = new Uint8Array(64);
  #length = 0;

  constructor(layer: string) {
    this.layer = layer;
  }

  get length(): number {
    return this.#length;
  }

  #room(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }

  /** A number of `bits` bits, in so many bytes. */
  number(field: string, value: number, bits: 8 | 16 | 32, most = 2 ** bits - 1): this {
    if (!Number.isInteger(value) || value < 0 || value > most)
      refuse(this.layer, field, value, `a whole number from 0 to ${most}`);
    const at = this.#room(bits / 8);
    for (let i = 0; i < bits / 8; i++) this.#bytes[at + i] = value >>> (bits - 8 - 8 * i);
    return this;
  }

  /** A number that has a name. */
  oneOf<Name extends string>(
    field: string,
    name: Name,
    numbers: Readonly<Record<Name, number>>,
    bits: 8 | 16,
  ): this {
    if (!Object.hasOwn(numbers, name))
      refuse(this.layer, field, name, `one of ${Object.keys(numbers).join(', ')}`);
    return this.number(field, numbers[name], bits);
  }

  /** What `parse` makes of a text. */
  #parsed<T>(field: string, text: unknown, expected: string, parse: (text: string) => T | undefined): T {
    if (typeof text !== 'string') throw wrongType(`${this.layer}.${field}`, text, expected);
    return parse(text) ?? refuse(this.layer, field, text, expected);
  }

  mac(field: string, text: string): this {
    const mac = this.#parsed(field, text, 'a MAC address', parseMac);
    return this.put(Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16)));
  }

  ipv4(field: string, text: string): this {
    return this.#address(this.#parsed(field, text, 'an IPv4 address', parseIpv4).value, 4);
  }

  ipv6(field: string, text: string): this {
    return this.#address(this.#parsed(field, text, 'an IPv6 address', parseIpv6).value, 16);
  }

  #address(value: bigint, size: number): this {
    return this.put(
      Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 255n)),
    );
  }

  put(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** So many bytes, of which those that are not given are zeros. */
  filled(field: string, bytes: Uint8Array = new Uint8Array(), size: number): this {
    const { length } = asBytes(`${this.layer}.${field}`, bytes);
    if (length > size) throw new RangeError(`${this.layer}.${field}: ${length} bytes are more than ${size}`);
    return this.put(bytes).skip(size - length);
  }

  /** Fills up with zeros to a multiple of `unit`. */
  pad(unit: number): this {
    this.#room((unit - (this.#length % unit)) % unit);
    return this;
  }

  /** Zeros. */
  skip(size: number): this {
    this.#room(size);
    return this;
  }

  set16(at: number, value: number): this {
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/**
 * The Internet checksum of some bytes (RFC 1071), all but the last part of an even length: 0 over what contains its own,
 * right checksum.
 *
 * ```ts
 * packet.fill(0, 10, 12);
 * new DataView(packet.buffer, packet.byteOffset).setUint16(10, checksum(packet.subarray(0, 20)));
 * ```
 */
export function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const bytes of parts) {
    for (let i = 0; i + 1 < bytes.length; i += 2)
      sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
    if (bytes.length % 2 === 1) sum += (bytes[bytes.length - 1] as number) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** What the checksums of TCP, UDP and ICMPv6 cover of the IP header (RFC 9293, section 3.1; RFC 8200, section 8.1). */
export function pseudoHeader(addresses: Uint8Array, protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(addresses.length + 8);
  header.set(addresses);
  const view = new DataView(header.buffer, addresses.length);
  view.setUint32(0, length);
  view.setUint8(7, protocol);
  return header;
}
