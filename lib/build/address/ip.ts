// IP addresses as numbers: text to value and back, strictly. What libvirt's own parser (getaddrinfo)
// would also take but people read differently (octal, short forms, zones) is refused.

/** `ipv4` or `ipv6`: the words of libvirt's `family` attribute. */
export type Family = 'ipv4' | 'ipv6';

/** An IP address as a number: 32 bits of IPv4 or 128 bits of IPv6. */
export interface IpAddress {
  readonly family: Family;
  readonly value: bigint;
}

/** How many bits an address of a family has. */
export const BITS = { ipv4: 32, ipv6: 128 } as const;

const parseIpv4Value = (text: string): bigint | undefined => {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let value = 0;
  for (const octet of octets) {
    // No leading zeros: `010` is 8 to one parser and 10 to another (RFC 6943, section 3.1.1).
    if (!/^(?:0|[1-9]\d{0,2})$/.test(octet)) return undefined;
    const number = Number(octet);
    if (number > 255) return undefined;
    value = value * 256 + number;
  }
  return BigInt(value);
};

const parseGroups = (text: string): bigint[] | undefined => {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else if (i === parts.length - 1 && part.includes('.')) {
      const low = parseIpv4Value(part);
      if (low === undefined) return undefined;
      groups.push(low >> 16n, low & 0xffffn);
    } else return undefined;
  }
  return groups;
};

const join = (groups: readonly bigint[]): bigint =>
  groups.reduce((value, group) => (value << 16n) | group, 0n);

const parseIpv6Value = (text: string): bigint | undefined => {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 8 ? join(head) : undefined;
  // An IPv4 address ends the whole text, so it cannot stand before `::`.
  if (!tail || head.length + tail.length > 7 || halves[0]?.includes('.')) return undefined;
  return (join(head) << BigInt(16 * (8 - head.length))) | join(tail);
};

/** The IPv4 address of a text such as `192.168.10.1`; undefined when it is none. */
export const parseIpv4 = (text: string): IpAddress | undefined => {
  const value = parseIpv4Value(text);
  return value === undefined ? undefined : { family: 'ipv4', value };
};

/** The IPv6 address of a text such as `2001:db8::1` (RFC 4291, section 2.2; no zone); undefined when it is none. */
export const parseIpv6 = (text: string): IpAddress | undefined => {
  const value = parseIpv6Value(text);
  return value === undefined ? undefined : { family: 'ipv6', value };
};

/** The IP address of a text; undefined when it is none. */
export const parseIp = (text: string): IpAddress | undefined =>
  text.includes(':') ? parseIpv6(text) : parseIpv4(text);

const formatIpv4 = (value: bigint): string => {
  const number = Number(value);
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
};

const formatIpv6 = (value: bigint): string => {
  // RFC 5952, section 5: an IPv4-mapped address ends as people know it.
  if (value >> 32n === 0xffffn) return `::ffff:${formatIpv4(value & 0xffffffffn)}`;
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  let start = 0;
  let length = 0;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    if (end > i) i = end;
  }
  const hex = groups.map((group) => group.toString(16));
  // RFC 5952, section 4.2.2: one group of zeros is not shortened.
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
};

/** The text of an address: dotted decimal, or for IPv6 the canonical form of RFC 5952. */
export const formatIp = ({ family, value }: IpAddress): string =>
  family === 'ipv4' ? formatIpv4(value) : formatIpv6(value);

/** Whether two addresses are the same. */
export const sameIp = (a: IpAddress, b: IpAddress): boolean => a.family === b.family && a.value === b.value;
