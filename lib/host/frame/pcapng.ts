// The pcapng file format, as far as a capture of one program needs it: a section, its interfaces, their packets.
// https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html. Pure: values to bytes.

/** How the packets of an interface begin: https://www.tcpdump.org/linktypes.html. */
export const LINK_TYPES = { ethernet: 1, ip: 101 } as const;

/** An interface of a capture. */
export interface CaptureInterface {
  /** Its name, as in `tap0`. */
  name: string;
  /** What its packets begin with: an Ethernet header, or an IP header. */
  link: keyof typeof LINK_TYPES;
  /** How many bytes of a packet are kept; all, if not given. */
  snapLength?: number;
}

/** A packet of a capture. */
export interface CapturedPacket {
  /** The number of its interface, which are counted from 0 as they were written. */
  interface: number;
  /** When it was seen, in nanoseconds since 1970. */
  time: bigint;
  /** Its bytes. */
  bytes: Uint8Array;
  /** How many of them are kept; all, if not given. */
  snapLength?: number;
  /** Which way it went, seen from the program that captures. */
  direction?: 'inbound' | 'outbound';
}

/** The types of blocks. @internal */
export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  statistics: 5,
  packet: 6,
} as const;
/** @internal */
export const BYTE_ORDER = 0x1a2b3c4d;
/** Of which block an option is tells its number's meaning. @internal */
export const OPTION = {
  end: 0,
  interfaceName: 2,
  interfaceResolution: 9,
  interfaceOffset: 14,
  userApplication: 4,
  packetFlags: 2,
  received: 4,
  dropped: 5,
} as const;
const NANOSECONDS = 9;
/** @internal */
export const DIRECTIONS = { inbound: 1, outbound: 2 } as const;

/** What so many bytes take, filled up to a multiple of four. @internal */
export const padded = (length: number): number => (length + 3) & ~3;
const utf8 = new TextEncoder();

type Option = [code: number, value: Uint8Array];

const optionsLength = (options: readonly Option[]): number =>
  options.length === 0 ? 0 : options.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);

/** A block of `bodyLength` bytes, written by `body`, and its options behind. */
function block(
  type: number,
  bodyLength: number,
  options: readonly Option[],
  body: (view: DataView, bytes: Uint8Array) => void,
): Uint8Array {
  const length = 12 + bodyLength + optionsLength(options);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  body(new DataView(bytes.buffer, 8, bodyLength), bytes.subarray(8, 8 + bodyLength));
  let at = 8 + bodyLength;
  for (const [code, value] of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(length - 4, length, true);
  return bytes;
}

const uint32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
};
const uint64 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
};

const setTime = (view: DataView, at: number, time: bigint): void => {
  view.setUint32(at, Number((time >> 32n) & 0xffffffffn), true);
  view.setUint32(at + 4, Number(time & 0xffffffffn), true);
};

/** What a file begins with. `application` is who writes it. */
export const pcapngSection = (application: string): Uint8Array =>
  block(BLOCK.section, 16, [[OPTION.userApplication, utf8.encode(application)]], (view) => {
    view.setUint32(0, BYTE_ORDER, true);
    view.setUint16(4, 1, true); // version 1.0
    view.setUint16(6, 0, true);
    view.setBigInt64(8, -1n, true); // of unknown length
  });

/** Describes the next interface; its packets come after it. Times are in nanoseconds. */
export const pcapngInterface = ({ name, link, snapLength = 0 }: CaptureInterface): Uint8Array =>
  block(
    BLOCK.interface,
    8,
    [
      [OPTION.interfaceName, utf8.encode(name)],
      [OPTION.interfaceResolution, Uint8Array.of(NANOSECONDS)],
    ],
    (view) => {
      view.setUint16(0, LINK_TYPES[link], true);
      view.setUint32(4, snapLength, true);
    },
  );

/** A packet. */
export const pcapngPacket = ({
  interface: number,
  time,
  bytes,
  snapLength = bytes.length,
  direction,
}: CapturedPacket): Uint8Array => {
  const kept = bytes.length > snapLength ? bytes.subarray(0, snapLength) : bytes;
  const options: Option[] =
    direction === undefined ? [] : [[OPTION.packetFlags, uint32(DIRECTIONS[direction])]];
  return block(BLOCK.packet, 20 + padded(kept.length), options, (view, body) => {
    view.setUint32(0, number, true);
    setTime(view, 4, time);
    view.setUint32(12, kept.length, true);
    view.setUint32(16, bytes.length, true);
    body.set(kept, 20);
  });
};

/** How many packets an interface has seen, and how many of them are not in the file. */
export const pcapngStatistics = (
  number: number,
  time: bigint,
  { received, dropped }: { received: number; dropped: number },
): Uint8Array =>
  block(
    BLOCK.statistics,
    12,
    [
      [OPTION.received, uint64(received)],
      [OPTION.dropped, uint64(dropped)],
    ],
    (view) => {
      view.setUint32(0, number, true);
      setTime(view, 4, time);
    },
  );
