// The virtio-net header before each frame of a device that was opened with `offload: 'raw'`.
import { whole } from '../netlink/types.js';

/** What a super-frame is made of: segments of TCP, datagrams of UDP, or it is none. */
export type GsoType = 'none' | 'tcp4' | 'udp4' | 'tcp6' | 'udp';

/**
 * The virtio-net header: what is left to do with the frame behind it.
 *
 * @see https://docs.oasis-open.org/virtio/virtio/v1.2/virtio-v1.2.html section 5.1.6
 */
export interface VirtioHeader {
  /** The checksum is that of the pseudo header alone: it must be completed, from `checksumStart` to the end. */
  needsChecksum: boolean;
  /** The checksum was found right. */
  dataValid: boolean;
  /** What the frame is to be split into. `udp` is datagrams over IPv4 or IPv6 (USO), `udp4` fragments (UFO). */
  gso: GsoType;
  /** TCP with explicit congestion notification. */
  ecn: boolean;
  /** How long the headers are that each part gets, in bytes. */
  headerLength: number;
  /** How much of the payload each part gets, in bytes. */
  gsoSize: number;
  /** Where the checksum begins, in bytes of the frame. */
  checksumStart: number;
  /** Where the checksum is put, in bytes after `checksumStart`. */
  checksumOffset: number;
}

/** How long the header is that `Tap` and `Tun` give and take unless the device was made with another: 10 bytes. */
export const VIRTIO_HEADER_LENGTH = 10;

const NEEDS_CHECKSUM = 1;
const DATA_VALID = 2;
const ECN = 0x80;
const kinds: Readonly<Record<number, GsoType>> = { 0: 'none', 1: 'tcp4', 3: 'udp4', 4: 'tcp6', 5: 'udp' };
const numbers: Readonly<Record<GsoType, number>> = { none: 0, tcp4: 1, udp4: 3, tcp6: 4, udp: 5 };

/** In the order of the machine's own bytes, as the kernel has it for TUN/TAP. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const viewOf = (bytes: Uint8Array): DataView => {
  if (bytes.byteLength < VIRTIO_HEADER_LENGTH)
    throw new RangeError(
      `a virtio-net header has ${VIRTIO_HEADER_LENGTH} bytes, here are ${bytes.byteLength}`,
    );
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/**
 * Reads the header at the beginning of `bytes`.
 *
 * @throws RangeError when there are fewer than 10 bytes, or its kind of super-frame is none that is known.
 */
export function readVirtioHeader(bytes: Uint8Array): VirtioHeader {
  const view = viewOf(bytes);
  const flags = view.getUint8(0);
  const kind = view.getUint8(1);
  const gso = kinds[kind & ~ECN];
  if (gso === undefined) throw new RangeError(`a virtio-net header has no kind of super-frame ${kind}`);
  return {
    needsChecksum: (flags & NEEDS_CHECKSUM) !== 0,
    dataValid: (flags & DATA_VALID) !== 0,
    gso,
    ecn: (kind & ECN) !== 0,
    headerLength: view.getUint16(2, littleEndian),
    gsoSize: view.getUint16(4, littleEndian),
    checksumStart: view.getUint16(6, littleEndian),
    checksumOffset: view.getUint16(8, littleEndian),
  };
}

const number = whole(0, 0xffff);

const kindOf = (gso: GsoType): number => {
  if (!Object.hasOwn(numbers, gso))
    throw new RangeError(`gso: ${gso} is not one of ${Object.keys(numbers).join(', ')}`);
  return numbers[gso];
};

/**
 * Writes a header to the beginning of `bytes`; what is left out is 0. Without one: a frame like any other.
 *
 * @throws RangeError when there are fewer than 10 bytes, a number is not from 0 to 65535, or `gso` is none that is
 *   known; nothing is written then.
 */
export function writeVirtioHeader(bytes: Uint8Array, header: Partial<VirtioHeader> = {}): void {
  const view = viewOf(bytes);
  const { needsChecksum, dataValid, gso = 'none', ecn } = header;
  const kind = kindOf(gso) | (ecn ? ECN : 0);
  const headerLength = number(header.headerLength ?? 0, 'headerLength');
  const gsoSize = number(header.gsoSize ?? 0, 'gsoSize');
  const checksumStart = number(header.checksumStart ?? 0, 'checksumStart');
  const checksumOffset = number(header.checksumOffset ?? 0, 'checksumOffset');
  view.setUint8(0, (needsChecksum ? NEEDS_CHECKSUM : 0) | (dataValid ? DATA_VALID : 0));
  view.setUint8(1, kind);
  view.setUint16(2, headerLength, littleEndian);
  view.setUint16(4, gsoSize, littleEndian);
  view.setUint16(6, checksumStart, littleEndian);
  view.setUint16(8, checksumOffset, littleEndian);
}
