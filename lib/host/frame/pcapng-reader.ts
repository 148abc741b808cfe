// Captures of the format of pcapng.ts, whoever has written them:
// https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html.
import type { ByteSource } from './byte-source.js';
import { copyOf, FrameError } from './bytes.js';
import { type CapturedFrame, linkOf, MOST, viewOf } from './captured-frame.js';
import { BLOCK, BYTE_ORDER, DIRECTIONS, OPTION, padded } from './pcapng.js';

/** An interface of a section. */
interface Interface {
  readonly link: CapturedFrame['link'];
  readonly name: string | undefined;
  /** How many bytes of a frame are kept; 0 for all. */
  readonly snapLength: number;
  readonly nanoseconds: (units: bigint) => bigint;
}

/** A block: what stands between its lengths. */
class Block {
  readonly type: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  /** Where it begins in the file. */
  readonly #at: number;

  constructor(type: number, bytes: Uint8Array, little: boolean, at: number) {
    this.type = type;
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#little = little;
    this.#at = at;
  }

  get length(): number {
    return this.#bytes.length;
  }

  fail(message: string, at = 0): never {
    throw new FrameError('pcapng', this.#at + 8 + at, message);
  }

  #need(at: number, size: number): void {
    if (at + size > this.length) this.fail(`a block ends after ${this.length} of ${at + size} bytes`, at);
  }

  u16(at: number): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, this.#little);
  }

  u32(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, this.#little);
  }

  /** Of 64 bits whose upper half comes first, whatever the order of bytes. */
  units(at: number): bigint {
    return (BigInt(this.u32(at)) << 32n) | BigInt(this.u32(at + 4));
  }

  signed(at: number): bigint {
    this.#need(at, 8);
    return this.#view.getBigInt64(at, this.#little);
  }

  bytes(at: number, size: number): Uint8Array {
    this.#need(at, size);
    return this.#bytes.subarray(at, at + size);
  }

  /** Where the value of an option is, and how long it is; the first of several. */
  option(from: number, wanted: number): readonly [at: number, size: number] | undefined {
    for (let at = from; at + 4 <= this.length; ) {
      const code = this.u16(at);
      const size = this.u16(at + 2);
      if (code === OPTION.end) return undefined;
      this.#need(at + 4, size);
      if (code === wanted) return [at + 4, size];
      at += 4 + padded(size);
    }
    return undefined;
  }
}

const utf8 = new TextDecoder();

/** The section that a block stands in: its order of bytes and its interfaces. */
interface Section {
  readonly little: boolean;
  readonly interfaces: Interface[];
}

/** Nanoseconds of what counts in parts of a second: a power of ten, or of two where the highest bit is set. */
function nanosecondsOf(resolution: number, offset: bigint): (units: bigint) => bigint {
  const power = BigInt(resolution & 0x7f);
  const second = resolution & 0x80 ? 1n << power : 10n ** power;
  return (units) => (units * 1_000_000_000n) / second + offset * 1_000_000_000n;
}

function readInterface(block: Block): Interface {
  const from = 8;
  const name = block.option(from, OPTION.interfaceName);
  const resolution = block.option(from, OPTION.interfaceResolution);
  const offset = block.option(from, OPTION.interfaceOffset);
  return {
    link: linkOf(block.u16(0)),
    name: name && utf8.decode(block.bytes(...name)),
    snapLength: block.u32(4),
    nanoseconds: nanosecondsOf(
      resolution?.[1] ? (block.bytes(...resolution)[0] as number) : 6,
      offset ? block.signed(offset[0]) : 0n,
    ),
  };
}

const interfaceOf = ({ interfaces }: Section, block: Block, number: number): Interface =>
  interfaces[number] ?? block.fail(`a frame of interface ${number}, of which the file has not told`);

const of = ({ link, name }: Interface) => ({ link, ...(name !== undefined && { interface: name }) });

/** One with its time: the place of its fields is the same in packets of both kinds that have one. */
function readTimed(section: Section, block: Block, number: number): CapturedFrame {
  const its = interfaceOf(section, block, number);
  return {
    bytes: copyOf(block.bytes(20, block.u32(12))),
    length: block.u32(16),
    time: its.nanoseconds(block.units(4)),
    ...of(its),
  };
}

const directions = new Map<number | undefined, CapturedFrame['direction']>([
  [DIRECTIONS.inbound, 'inbound'],
  [DIRECTIONS.outbound, 'outbound'],
]);

function readPacket(section: Section, block: Block): CapturedFrame {
  const packet = readTimed(section, block, block.u32(0));
  const flags = block.option(20 + padded(packet.bytes.length), OPTION.packetFlags);
  const direction = directions.get(flags && block.u32(flags[0]) & 3);
  return { ...packet, ...(direction && { direction }) };
}

/** Of the first interface, without a time. */
function readSimplePacket(section: Section, block: Block): CapturedFrame {
  const its = interfaceOf(section, block, 0);
  const length = block.u32(0);
  const kept = Math.min(length, its.snapLength || length);
  return { bytes: copyOf(block.bytes(4, kept)), length, ...of(its) };
}

/** As files of before 2005 have them. */
const readObsoletePacket = (section: Section, block: Block): CapturedFrame =>
  readTimed(section, block, block.u16(0));

const PACKETS: ReadonlyMap<number, (section: Section, block: Block) => CapturedFrame> = new Map([
  [BLOCK.packet, readPacket],
  [BLOCK.simplePacket, readSimplePacket],
  [BLOCK.obsoletePacket, readObsoletePacket],
]);

/** The order of bytes of a section, by its mark. */
function orderOf(mark: Uint8Array, at: number): boolean {
  const little = viewOf(mark).getUint32(0, true) === BYTE_ORDER;
  if (!little && viewOf(mark).getUint32(0) !== BYTE_ORDER)
    throw new FrameError('pcapng', at, 'a section without its mark of the order of bytes');
  return little;
}

/** The next block, of which the type is read already; a section says itself in which order its bytes are. */
async function readBlock(source: ByteSource, start: Uint8Array, little: boolean): Promise<[Block, boolean]> {
  const at = source.at - 4;
  const need = (size: number) => source.need(size, 'pcapng');
  const isSection = viewOf(start).getUint32(0) === BLOCK.section;
  const length = await need(4);
  const mark = isSection ? await need(4) : new Uint8Array(0);
  const order = isSection ? orderOf(mark, at + 8) : little;
  const size = viewOf(length).getUint32(0, order);
  const least = 12 + mark.length;
  if (size < least || size > MOST || size % 4 !== 0)
    throw new FrameError('pcapng', at + 4, `a block of ${size} bytes`);
  const body = Buffer.concat([mark, await need(size - least)]);
  if (viewOf(await need(4)).getUint32(0, order) !== size)
    throw new FrameError('pcapng', source.at - 4, 'a block whose lengths differ');
  const type = viewOf(start).getUint32(0, order);
  return [new Block(type, body, order, at), order];
}

/** What stands behind the first four bytes, with which a section begins. @internal */
export async function* readPcapng(
  source: ByteSource,
  first: Uint8Array,
): AsyncGenerator<CapturedFrame, void, void> {
  let section: Section = { little: true, interfaces: [] };
  for (let start: Uint8Array | undefined = first; start; start = await source.take(4, 'pcapng')) {
    const [block, little] = await readBlock(source, start, section.little);
    if (block.type === BLOCK.section) {
      const version = block.u16(4);
      if (version !== 1) block.fail(`a section of version ${version}; virtnet knows 1`, 4);
      section = { little, interfaces: [] };
    } else if (block.type === BLOCK.interface) section.interfaces.push(readInterface(block));
    const packet = PACKETS.get(block.type)?.(section, block);
    if (packet) yield packet;
  }
}
