// Durations as people write them, as libvirt's <lease> wants them.
// https://libvirt.org/formatnetwork.html#addressing
import type { DhcpRange } from '../xml/index.js';
import { type Reader, show, wrongType } from './reader.js';

/**
 * How long something lasts: `'90s'`, `'30m'`, `'12h'`, `'1d'`, `'2w'`, joined as in `'1h30m'`; `'infinite'`; or a
 * number of seconds.
 */
export type Duration = string | number;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const EXPECTS = "a duration such as '1h', '90m' or 'infinite'";

/** The seconds of a duration, Infinity for `'infinite'`; undefined when the text is none. */
export const parseDuration = (text: string): number | undefined => {
  const lower = text.trim().toLowerCase();
  if (lower === 'infinite') return Number.POSITIVE_INFINITY;
  if (!/^(?:\d+[smhdw])+$/.test(lower)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of lower.matchAll(/(\d+)([smhdw])/g)) {
    seconds += Number(count) * (SECONDS[unit as string] as number);
  }
  return seconds;
};

/** A DHCP lease lasts at least two minutes (dnsmasq's limit) and less than 2^32-1 seconds (RFC 2131, section 3.3). */
const SHORTEST = 120;
const LONGEST = 0xfffffffe;

type Lease = NonNullable<DhcpRange['lease']>;

/** A {@link Duration} as libvirt's `<lease>`, in the largest unit that tells it exactly. */
export const lease: Reader<Lease> = (value, path) => {
  if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(path, value, EXPECTS);
  const seconds = typeof value === 'string' ? parseDuration(value) : value;
  if (seconds === undefined) {
    const unit = /^\s*\d+\s*$/.test(value as string)
      ? `; it lacks a unit (${value}s, ${value}m, ${value}h)`
      : '';
    throw new RangeError(`${path}: ${show(value)} is not ${EXPECTS}${unit}`);
  }
  if (seconds === Number.POSITIVE_INFINITY) return { expiry: 0 };
  if (!Number.isInteger(seconds))
    throw new RangeError(`${path}: ${seconds} is not a whole number of seconds`);
  if (seconds < SHORTEST)
    throw new RangeError(`${path}: ${show(value)} is too short; a lease lasts 2 minutes or more`);
  if (seconds > LONGEST) {
    throw new RangeError(
      `${path}: ${show(value)} is too long; a lease lasts less than 2^32-1 seconds, or 'infinite'`,
    );
  }
  if (seconds % 3600 === 0) return { expiry: seconds / 3600, unit: 'hours' };
  if (seconds % 60 === 0) return { expiry: seconds / 60, unit: 'minutes' };
  return { expiry: seconds, unit: 'seconds' };
};
