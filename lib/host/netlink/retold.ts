// What the kernel told of one device, to be said again of another. It stays bytes: what virtnet has no name for, such
// as an encapsulation, moves along.
import { attributesOf, writeAttribute } from './attributes.js';
import { Bytes } from './bytes.js';
import { framed } from './message.js';

/** A message, apart: its kind's header, and its attributes. */
export interface Told {
  readonly header: Uint8Array;
  readonly attributes: readonly (readonly [number: number, value: Uint8Array])[];
}

/** A message of a kind, in its parts. */
export const apart = (payload: Bytes, { size }: { readonly size: number }): Told => ({
  header: payload.part(0, size).toArray(),
  attributes: [...attributesOf(payload.part(size))].map(([number, value]) => [number, value.toArray()]),
});

/** The bytes of a request. */
export const request = (type: number, flags: number, { header, attributes }: Told): Uint8Array =>
  framed(type, flags, (out) => {
    out.bytes(header);
    for (const [number, value] of attributes) writeAttribute(out, number, () => out.bytes(value));
  });

/** The text in an attribute. */
export const textIn = (value: Uint8Array): string => Bytes.of(value).text();

/** A text as an attribute has it. */
export const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/** A number as an attribute has it. */
export const bytesOf = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

/** The number in an attribute; undefined when there is none. */
export const numberIn = ({ attributes }: Told, wanted: number, at = 0): number | undefined => {
  const value = attributes.find(([number]) => number === wanted)?.[1];
  return value === undefined || value.length < at + 4 ? undefined : read32(value, at);
};

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export const read32 = (bytes: Uint8Array, at: number): number => view(bytes).getUint32(at, LITTLE);
export const read16 = (bytes: Uint8Array, at: number): number => view(bytes).getUint16(at, LITTLE);

/** A copy with another number in it. */
export function with32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  view(copy).setUint32(at, value, LITTLE);
  return copy;
}

/** The attributes with some of them changed, dropped (undefined), or added (at the end). */
export function revised(
  { header, attributes }: Told,
  changes: Readonly<Record<number, (value: Uint8Array) => Uint8Array | undefined>>,
  more: readonly (readonly [number: number, value: Uint8Array])[] = [],
): Told {
  const kept = attributes.flatMap(([number, value]): (readonly [number, Uint8Array])[] => {
    const change = changes[number];
    const changed = change === undefined ? value : change(value);
    return changed === undefined ? [] : [[number, changed]];
  });
  return { header, attributes: [...kept, ...more] };
}
