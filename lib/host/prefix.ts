// Addresses with prefix lengths, as `ip` writes them: 10.0.0.1/24, fe80::1/64, default.
import { formatIp, lastOf, networkOf, parseCidr, parseIp } from '../build/address/index.js';
import { type Reader, show, wrongType } from '../build/reader.js';
import { AF } from './netlink/numbers.js';

/** IPv4 or IPv6. */
export type Family = 'ipv4' | 'ipv6';

/** An address and the length of its prefix. */
export interface Prefixed {
  readonly family: Family;
  readonly address: string;
  readonly prefix: number;
}

export const familyNumber = (family: Family | undefined): number =>
  family === undefined ? AF.unspec : family === 'ipv4' ? AF.inet : AF.inet6;

export const familyName = (number: number): Family | undefined =>
  number === AF.inet ? 'ipv4' : number === AF.inet6 ? 'ipv6' : undefined;

/** How many bits an address has. */
export const BITS = { ipv4: 32, ipv6: 128 } as const;

/** An address in its subnet, host bits kept; without a length it is the address alone. */
export const prefixed: Reader<Prefixed> = (value, path) => {
  if (typeof value !== 'string') throw wrongType(path, value, 'an IP address with a prefix length');
  const alone = parseIp(value);
  const cidr = parseCidr(alone ? `${value}/${BITS[alone.family]}` : value);
  if (!cidr)
    throw new RangeError(`${path}: ${show(value)} is not an IP address with a prefix length, as 10.0.0.1/24`);
  return { family: cidr.family, address: formatIp(cidr), prefix: cidr.prefix };
};

/** A subnet; what stands behind its prefix must be 0. */
export const subnet: Reader<Prefixed> = (value, path) => {
  const given = prefixed(value, path);
  const cidr = parseCidr(`${given.address}/${given.prefix}`);
  const network = cidr && formatIp(networkOf(cidr));
  if (network !== given.address) {
    throw new RangeError(
      `${path}: ${show(value)} has bits behind its prefix; the subnet is ${network}/${given.prefix}`,
    );
  }
  return given;
};

/** The broadcast address of a subnet. */
export const broadcastOf = ({ address, prefix }: Prefixed): string => {
  const cidr = parseCidr(`${address}/${prefix}`);
  return cidr ? formatIp(lastOf(cidr)) : address;
};

/** An IP address, and its family. */
export const address: Reader<{ readonly family: Family; readonly address: string }> = (value, path) => {
  if (typeof value !== 'string') throw wrongType(path, value, 'an IP address');
  const parsed = parseIp(value);
  if (!parsed) throw new RangeError(`${path}: ${show(value)} is not an IP address`);
  return { family: parsed.family, address: formatIp(parsed) };
};

/** `ipv4` or `ipv6`. */
export const family: Reader<Family> = (value, path) => {
  if (value !== 'ipv4' && value !== 'ipv6') throw wrongType(path, value, "'ipv4' or 'ipv6'");
  return value;
};
