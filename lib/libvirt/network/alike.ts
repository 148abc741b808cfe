// Whether the parts of a network say the same, however they spell it.
import { parseIp, sameIp } from '../../build/address/index.js';
import type { DhcpLease } from '../../xml/index.js';
import { networkParts } from '../../xml/network/parts.js';
import { writeFragment } from '../../xml/write.js';
import type { NetworkPart } from '../network-update.js';

/** Whether two texts are one IP address. */
export function sameText(a: string, b: string): boolean {
  const [one, other] = [parseIp(a), parseIp(b)];
  return one !== undefined && other !== undefined && sameIp(one, other);
}

/** A DUID in one spelling. */
export const bytesOf = (id: string): string =>
  id
    .toLowerCase()
    .split(':')
    .map((byte) => byte.padStart(2, '0'))
    .join(':');

const units = { seconds: 1n, minutes: 60n, hours: 3600n } as const;

/** How long a lease lasts. */
export const secondsOf = (lease: DhcpLease | undefined): bigint | undefined =>
  lease && BigInt(lease.expiry) * units[lease.unit ?? 'minutes'];

/** Whether the value of a field is what was given, for fields that can be spelt in several ways. */
const spelt: { readonly [field: string]: ((given: never, its: never) => boolean) | undefined } = {
  mac: (given: string, its: string) => given.toLowerCase() === its.toLowerCase(),
  id: (given: string, its: string) => bytesOf(given) === bytesOf(its),
  ip: sameText,
  start: sameText,
  end: sameText,
  lease: (given: DhcpLease, its: DhcpLease) => secondsOf(given) === secondsOf(its),
  hostnames: (given: readonly string[], its: readonly string[]) => given.every((name) => its.includes(name)),
};

/** What libvirt writes by itself, and differently each time. */
const counters: ReadonlySet<string> = new Set(['connections']);

/** The fields that say something. */
export const givenOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(
    ([, given]) => given !== undefined && !(Array.isArray(given) && given.length === 0),
  );

/** Whether a part has all that is given. */
export function isLike(part: NetworkPart, given: object, its: object): boolean {
  return givenOf(given).every(([field, value]) => {
    if (counters.has(field)) return true;
    const own = (its as { readonly [field: string]: unknown })[field];
    if (own === undefined) return false;
    const same = spelt[field];
    if (same) return same(value as never, own as never);
    const write = (written: unknown) =>
      writeFragment(networkParts[part], { [field]: written }, { partial: true });
    return write(value) === write(own);
  });
}
