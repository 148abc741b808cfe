// Subnets: an address and the length of its prefix (RFC 4632, RFC 4291 section 2.3), and ranges of addresses.
import { BITS, type Family, formatIp, type IpAddress, parseIp } from './ip.js';

/** An address in its subnet: `192.168.10.1/24`. The host bits are kept. */
export interface Cidr extends IpAddress {
  /** How many leading bits name the subnet. */
  readonly prefix: number;
}

/** Addresses from `start` to `end`, both included. */
export interface IpRange {
  readonly start: IpAddress;
  readonly end: IpAddress;
}

/** The address and prefix length of a text such as `192.168.10.1/24`; undefined when it is none. */
export const parseCidr = (text: string): Cidr | undefined => {
  const slash = text.indexOf('/');
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (!ip || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix <= BITS[ip.family] ? { ...ip, prefix } : undefined;
};

/** The text of an address in its subnet, host bits included. */
export const formatCidr = (cidr: Cidr): string => `${formatIp(cidr)}/${cidr.prefix}`;

const hostBits = ({ family, prefix }: Cidr): bigint => BigInt(BITS[family] - prefix);

/** The first address of the subnet: what IPv4 calls the network address. */
export const firstOf = (cidr: Cidr): IpAddress => {
  const bits = hostBits(cidr);
  return { family: cidr.family, value: (cidr.value >> bits) << bits };
};

/** The last address of the subnet: what IPv4 calls the broadcast address. */
export const lastOf = (cidr: Cidr): IpAddress => ({
  family: cidr.family,
  value: cidr.value | ((1n << hostBits(cidr)) - 1n),
});

/** The subnet itself, host bits cleared. */
export const networkOf = (cidr: Cidr): Cidr => ({ ...firstOf(cidr), prefix: cidr.prefix });

/** Whether an address lies in a subnet. */
export const contains = (cidr: Cidr, { family, value }: IpAddress): boolean => {
  const bits = hostBits(cidr);
  return family === cidr.family && value >> bits === cidr.value >> bits;
};

/** Whether two subnets have an address in common: one then contains the other. */
export const overlaps = (a: Cidr, b: Cidr): boolean =>
  a.prefix < b.prefix ? contains(a, b) : contains(b, a);

/** The netmask of a prefix length: 24 gives `255.255.255.0`. */
export const netmaskOf = (family: Family, prefix: number): IpAddress => ({
  family,
  value: ((1n << BigInt(prefix)) - 1n) << BigInt(BITS[family] - prefix),
});

/** The prefix length of a netmask; undefined when its ones do not all come first. */
export const prefixOf = ({ family, value }: IpAddress): number | undefined => {
  const inverse = value ^ ((1n << BigInt(BITS[family])) - 1n);
  if ((inverse & (inverse + 1n)) !== 0n) return undefined;
  return BITS[family] - (inverse === 0n ? 0 : inverse.toString(2).length);
};

/**
 * The prefix length that libvirt takes for an address without netmask or prefix: by class for IPv4 (RFC 791),
 * 64 for IPv6, 0 for the address of all zeros; undefined for classes D and E, where libvirt fails.
 */
export const classfulPrefix = ({ family, value }: IpAddress): number | undefined => {
  if (value === 0n) return 0;
  if (family === 'ipv6') return 64;
  const top = Number(value >> 29n);
  return top < 4 ? 8 : top < 6 ? 16 : top < 7 ? 24 : undefined;
};

/**
 * The addresses of a subnet that a machine can have. IPv4 leaves out the network and broadcast addresses, except
 * where a prefix of 31 (RFC 3021) or 32 has none; IPv6 leaves out the subnet-router anycast address (RFC 4291,
 * section 2.6.1), except with a prefix of 127 (RFC 6164) or 128.
 */
export const usable = (cidr: Cidr): IpRange => {
  const { family } = cidr;
  const start = firstOf(cidr);
  const end = lastOf(cidr);
  if (hostBits(cidr) < 2n) return { start, end };
  return {
    start: { family, value: start.value + 1n },
    end: family === 'ipv4' ? { family, value: end.value - 1n } : end,
  };
};

/** Whether an address lies in a range. */
export const inRange = ({ start, end }: IpRange, { family, value }: IpAddress): boolean =>
  family === start.family && value >= start.value && value <= end.value;

/** Whether two ranges have an address in common. */
export const rangesOverlap = (a: IpRange, b: IpRange): boolean => inRange(a, b.start) || inRange(b, a.start);

/** How many addresses a range has. */
export const sizeOf = ({ start, end }: IpRange): bigint => end.value - start.value + 1n;

/** The text of a range: `192.168.10.2-192.168.10.254`. */
export const formatRange = ({ start, end }: IpRange): string => `${formatIp(start)}-${formatIp(end)}`;
