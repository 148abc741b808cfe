// Rates and sizes as people and tc write them, as libvirt's <bandwidth> wants them: average and peak in kilobytes
// (1000 bytes) per second, burst in kibibytes (1024 bytes). https://libvirt.org/formatnetwork.html#quality-of-service
import type { Bandwidth } from '../xml/index.js';
import { present } from './present.js';
import { needed, type Reader, record, show, wrongType } from './reader.js';

/**
 * A rate: `'10mbit'`, `'1.5gbit'` (bits per second; also `kbit`, `tbit`, and `kibit`, `mibit`, `gibit`, `tibit` of
 * 1024), `'2MB/s'` (bytes per second; also `kB/s`, `GB/s`, and `KiB/s`, `MiB/s`, `GiB/s` of 1024), or a number of
 * kilobytes per second, libvirt's own unit. Rounded to whole kilobytes per second (8 kbit/s), the finest that libvirt knows.
 */
export type Rate = string | number;

/**
 * A size: `'64kb'`, `'1mb'` (as in tc 1 kb is 1024 bytes; also `k`, `kib`, `m`, `mib`, `g`, `gb`, `gib`, and `b` for
 * bytes), or a number of kibibytes, libvirt's own unit. Rounded up to whole kibibytes.
 */
export type Size = string | number;

/** How fast traffic of one direction may flow. */
export interface RateLimitOptions {
  /** The rate to keep to in the long run. */
  average: Rate;
  /** The highest rate of a burst, at least `average`. For traffic from the guests libvirt ignores it. */
  peak?: Rate;
  /** How much may go at `peak` at once. */
  burst?: Size;
}

/**
 * How fast traffic may flow: one rate or limit for both directions, or a limit for each. Without a direction, that
 * one is not limited.
 */
export type BandwidthOptions =
  | Rate
  | RateLimitOptions
  | {
      /** Traffic towards the guests. */
      inbound?: Rate | RateLimitOptions;
      /** Traffic from the guests. */
      outbound?: Rate | RateLimitOptions;
    };

/** How fast traffic towards a guest may flow, and at least can: a limit, a guarantee or both. */
export type GuaranteedRateOptions =
  | (RateLimitOptions & {
      /** The rate that the guest gets however busy the others are. Default: none is guaranteed. */
      floor?: Rate;
    })
  | { floor: Rate; average?: never; peak?: never; burst?: never };

/**
 * {@link BandwidthOptions} of a NIC on a network. A guarantee needs a network that libvirt manages (isolated, routed, nat,
 * open) whose own bandwidth is limited.
 */
export type NetworkNicBandwidthOptions =
  | Rate
  | RateLimitOptions
  | {
      /** Traffic towards the guest. */
      inbound?: Rate | GuaranteedRateOptions;
      /** Traffic from the guest. */
      outbound?: Rate | RateLimitOptions;
    };

const BITS_PER_SECOND: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};
const BYTES_PER_SECOND: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  kb: 2 ** 10,
  kib: 2 ** 10,
  m: 2 ** 20,
  mb: 2 ** 20,
  mib: 2 ** 20,
  g: 2 ** 30,
  gb: 2 ** 30,
  gib: 2 ** 30,
};

/** The bits per second of a rate such as `10mbit` or `2MB/s`; undefined when the text is none. */
export const parseRate = (text: string): number | undefined => {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z/]+)\s*$/i.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const bits = BITS_PER_SECOND[/^(.*)bit(?:\/s)?$/i.exec(unit)?.[1]?.toLowerCase() ?? 'none'];
  const bytes = BYTES_PER_SECOND[/^(.*)B\/s$/.exec(unit)?.[1] ?? 'none'];
  const scale = bits ?? (bytes === undefined ? undefined : bytes * 8);
  return scale === undefined ? undefined : Number(amount) * scale;
};

/** The bytes of a size such as `64kb`; undefined when the text is none. */
export const parseSize = (text: string): number | undefined => {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const scale = BYTES[unit?.toLowerCase() ?? ''];
  return scale === undefined ? undefined : Number(amount) * scale;
};

/** What libvirt's grammar allows in each of the attributes: an unsigned int, and not 0. */
const MOST = 0xffffffff;

interface Quantity {
  readonly expects: string;
  readonly unit: string;
  /** The amount in libvirt's unit. */
  parse(text: string): number | undefined;
  /** Why a text that looks right is not taken. */
  refuse(text: string): string;
}

const quantity =
  ({ expects, unit, parse, refuse }: Quantity): Reader<number> =>
  (value, path) => {
    if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(path, value, expects);
    const amount = typeof value === 'string' ? parse(value) : value;
    if (amount === undefined)
      throw new RangeError(`${path}: ${show(value)} is not ${expects}${refuse(value as string)}`);
    if (typeof value === 'number' && !Number.isInteger(value)) {
      throw new RangeError(`${path}: ${value} is not a whole number of ${unit}`);
    }
    if (amount < 1) throw new RangeError(`${path}: ${show(value)} is less than 1 of libvirt's ${unit}`);
    if (amount > MOST)
      throw new RangeError(`${path}: ${show(value)} is more than ${MOST} of libvirt's ${unit}`);
    return amount;
  };

const rate = quantity({
  expects: "a rate such as '10mbit', '1gbit' or '2MB/s'",
  unit: 'kilobytes per second',
  parse: (text) => {
    const bits = parseRate(text);
    return bits === undefined ? undefined : Math.round(bits / 8000);
  },
  refuse: (text) => {
    if (/bps$|b\/s$/i.test(text.trim())) return '; bits or bytes? Write mbit for bits, MB/s for bytes';
    return /^[\d.\s]+$/.test(text) ? '; it lacks a unit' : '';
  },
});

const size = quantity({
  expects: "a size such as '64kb' or '1mb'",
  unit: 'kibibytes',
  parse: (text) => {
    const bytes = parseSize(text);
    return bytes === undefined ? undefined : Math.ceil(bytes / 1024);
  },
  refuse: (text) => (/^[\d.\s]+$/.test(text) ? '; it lacks a unit' : ''),
});

type Limit = NonNullable<Bandwidth['inbound']>;

const FLOOR = {
  floor: 'libvirt guarantees a rate only to the inbound traffic of one NIC on a network: it belongs there',
};

const limitReaders = { average: needed(rate), peak: rate, burst: size };

const limitFields = record<RateLimitOptions>()('a rate limit', limitReaders, FLOOR);

/** The limit itself; `path` is that of the object. */
const checkPeak = <L extends { readonly average?: number; readonly peak?: number }>(
  limit: L,
  path: string,
): L => {
  const { average, peak } = limit;
  if (average !== undefined && peak !== undefined && peak < average) {
    throw new RangeError(`${path}.peak: ${peak} kB/s is less than the average of ${average} kB/s`);
  }
  return limit;
};

const limit: Reader<Limit> = (value, path) => {
  if (typeof value !== 'object') return { average: rate(value, path) };
  return checkPeak(limitFields(value, path), path);
};

const guaranteeFields = record<{ average?: Rate; peak?: Rate; burst?: Size; floor?: Rate }>()('a rate', {
  average: rate,
  peak: rate,
  burst: size,
  floor: rate,
});

const guarantee: Reader<Limit> = (value, path) => {
  if (typeof value !== 'object') return { average: rate(value, path) };
  const fields = checkPeak(guaranteeFields(value, path), path);
  const { average, floor, ...others } = fields;
  if (average === undefined && floor === undefined)
    throw new TypeError(`${path}.average: missing; a rate must have it, or floor`);
  const [alone] = Object.keys(others);
  if (average === undefined && alone !== undefined)
    throw new TypeError(`${path}.${alone}: not possible without an average`);
  return fields;
};

const ELSEWHERE = { peak: 'peak needs an average beside it', burst: 'burst needs an average beside it' };

const directions = record<{ inbound?: unknown; outbound?: unknown }>()(
  'a bandwidth',
  { inbound: limit, outbound: limit },
  { ...FLOOR, ...ELSEWHERE },
);

const guaranteedDirections = record<{ inbound?: unknown; outbound?: unknown }>()(
  'a bandwidth',
  { inbound: guarantee, outbound: limit },
  { ...ELSEWHERE, floor: 'it belongs in inbound: { average: …, floor: … }' },
);

const bandwidthBy =
  (read: typeof directions): Reader<Bandwidth> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || 'average' in value) {
      const both = limit(value, path);
      return { inbound: both, outbound: both };
    }
    const { inbound, outbound } = read(value, path);
    if (!inbound && !outbound)
      throw new TypeError(`${path}: neither inbound nor outbound nor average is there`);
    return present({ inbound, outbound });
  };

/** {@link BandwidthOptions} as libvirt's `<bandwidth>`. */
export const bandwidth = bandwidthBy(directions);

/** {@link NetworkNicBandwidthOptions} as libvirt's `<bandwidth>`. */
export const networkNicBandwidth = bandwidthBy(guaranteedDirections);
