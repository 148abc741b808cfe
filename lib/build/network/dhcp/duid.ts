// DUIDs, by which DHCPv6 knows a guest (RFC 8415, section 11), in the forms that libvirt's grammar has.
import { checked, type Reader } from '../../reader.js';

const EXPECTS = "a DUID such as '00:03:00:01:52:54:00:12:34:56'";

interface DuidType {
  /** How many bytes the whole DUID has, at least and at most. */
  readonly length: readonly [number, number];
  /** Whether the bytes 3 and 4 are a hardware type (RFC 826), of which libvirt takes 1 to 15. */
  readonly hardware: boolean;
}

const TYPES: ReadonlyMap<number, DuidType> = new Map([
  [1, { length: [14, 16], hardware: true }],
  [2, { length: [7, 130], hardware: false }],
  [3, { length: [10, 12], hardware: true }],
  [4, { length: [18, 18], hardware: false }],
]);

/** A DUID in hexadecimal bytes with colons between. */
export const duid: Reader<string> = checked(EXPECTS, (value) => {
  if (!/^[\da-f]{1,2}(?::[\da-f]{1,2})*$/i.test(value)) return `is not ${EXPECTS}`;
  const bytes = value.split(':').map((byte) => Number.parseInt(byte, 16));
  const number = (i: number): number => (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
  const type = TYPES.get(number(0));
  if (!type) return `is not ${EXPECTS}: it begins with its type, 00:01 to 00:04`;
  const [min, max] = type.length;
  if (bytes.length < min || bytes.length > max) {
    const expected = min === max ? min : `${min} to ${max}`;
    return `is not ${EXPECTS}: one of type ${number(0)} has ${expected} bytes, not ${bytes.length}`;
  }
  if (type.hardware && (number(2) < 1 || number(2) > 15)) {
    return `is not ${EXPECTS}: the hardware type after 00:0${number(0)} is 00:01 (Ethernet) to 00:0f`;
  }
  return undefined;
});
