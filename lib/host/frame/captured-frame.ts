// What a file of captured frames tells of one.
import { LINK_TYPES } from './pcapng.js';

/** A frame of a capture. */
export interface CapturedFrame {
  /** Its bytes, as many as were kept, in memory of their own. */
  readonly bytes: Uint8Array;
  /** How many bytes it had. */
  readonly length: number;
  /** When it was seen, in nanoseconds since 1970; not there where the file does not say. */
  readonly time?: bigint;
  /**
   * What it begins with: an Ethernet header, an IP header, or what else has that number among
   * https://www.tcpdump.org/linktypes.html.
   */
  readonly link: keyof typeof LINK_TYPES | number;
  /** The name of the interface, as in `tap0`, where the file says it. */
  readonly interface?: string;
  /** Which way it went, seen from the machine that captured it, where the file says so. */
  readonly direction?: 'inbound' | 'outbound';
}

/** Nothing that is captured is longer: what says so is broken. @internal */
export const MOST = 2 ** 24;

const names = new Map<number, keyof typeof LINK_TYPES>(
  Object.entries(LINK_TYPES).map(([name, number]) => [number, name as keyof typeof LINK_TYPES]),
);

/** @internal */
export const linkOf = (number: number): CapturedFrame['link'] => names.get(number) ?? number;

/** @internal */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
