// How the attributes of a filter's rules become values: numbers in decimal or hexadecimal, names in any case, lists,
// and in the place of most of them a variable that each interface gives a value of its own.
// https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters
import { ipv4Address, ipv6Address } from '../address.js';
import { type Codec, form, integer } from '../codec.js';

/**
 * A variable, whose value comes from the interface or the filter that refers to this one: `$IP`, its third value
 * `$IP[2]`, or with `$PORT[@1]` every value in turn, as iterator 1.
 */
export type Variable = `$${string}`;

const isVariable = (text: string): text is Variable =>
  /^\$ *[a-zA-Z0-9_]+(?:\[ *@?[0-9]+ *\])? *$/.test(text);

/** What the codec reads and writes, or a variable. */
export const variableOr = <T>(codec: Codec<T>): Codec<T | Variable> => {
  const expects = `${codec.expects}, or a variable such as $IP`;
  return {
    ...codec,
    expects,
    parse: (text) => (text.startsWith('$') ? (isVariable(text) ? text : undefined) : codec.parse(text)),
    print: (value) => {
      if (typeof value !== 'string' || !value.startsWith('$')) return codec.print(value);
      return isVariable(value) ? value : undefined;
    },
    fault: (value) => ({ error: codec.fault(value).error, reason: `is not ${expects}` }),
  };
};

/** What either of two codecs reads and writes. */
const either = <A, B>(a: Codec<A>, b: Codec<B>): Codec<A | B> => {
  const expects = `${a.expects} or ${b.expects}`;
  return {
    expects,
    ...(a.texts && { texts: a.texts }),
    exact: a.exact && b.exact,
    parse: (text) => a.parse(text) ?? b.parse(text),
    print: (value) => a.print(value) ?? b.print(value),
    fault: (value) => ({
      error: [a, b].some((one) => one.fault(value).error === RangeError) ? RangeError : TypeError,
      reason: `is not ${expects}`,
    }),
  };
};

/** One of the names given, which libvirt reads in any case and writes in this one. */
const named = <const V extends readonly string[]>(...names: V): Codec<V[number]> => {
  const known = new Map<string, V[number]>(names.map((name) => [name.toLowerCase(), name]));
  const expects = `one of ${names.join(', ')}`;
  return {
    expects,
    texts: names,
    exact: false,
    parse: (text) => known.get(text.toLowerCase()),
    print: (value) => (typeof value === 'string' && names.includes(value) ? value : undefined),
    fault: (value) => ({
      error: typeof value === 'string' ? RangeError : TypeError,
      reason: `is not ${expects}`,
    }),
  };
};

/** Names with commas between them, as a list; `none` is how libvirt says that the list is empty. */
const list = <const V extends readonly string[]>(
  names: V,
  { none, most = names.length }: { readonly none?: string; readonly most?: number } = {},
): Codec<readonly V[number][]> => {
  const name = named(...names);
  const expects = `a list of ${none === undefined ? '1' : '0'} to ${most} of ${names.join(', ')}`;
  const fits = (members: readonly unknown[]): boolean =>
    members.length <= most && (members.length > 0 || none !== undefined);
  return {
    expects,
    exact: false,
    parse: (text) => {
      if (none !== undefined && text.toUpperCase() === none) return Object.freeze([]);
      const members = text.split(',').map((part) => name.parse(part.trim()));
      return fits(members) && members.every((member) => member !== undefined)
        ? Object.freeze(members)
        : undefined;
    },
    print: (value) => {
      if (!Array.isArray(value) || !fits(value)) return undefined;
      if (value.some((member) => typeof name.print(member) !== 'string')) return undefined;
      return value.length === 0 ? none : value.join(',');
    },
    fault: (value) => ({
      error: Array.isArray(value) ? RangeError : TypeError,
      reason: `is not ${expects}`,
    }),
  };
};

const truth = /^(?:yes|true|1)$/i;
const untruth = /^(?:no|false|0)$/i;

const parseTruth = (text: string): boolean | undefined =>
  truth.test(text) ? true : untruth.test(text) ? false : undefined;

/** A yes or no that is `true` or `false`, `yes` or `no`, `1` or `0`. */
export const trueFalse: Codec<boolean> = {
  expects: 'true or false',
  texts: ['true', 'false'],
  exact: false,
  parse: parseTruth,
  print: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  fault: () => ({ error: TypeError, reason: 'is not true or false' }),
};

/** `false`, or nothing at all: true is written by leaving the attribute out. */
export const falseOrAbsent: Codec<boolean> = {
  ...trueFalse,
  texts: ['false'],
  print: (value) => (value === false ? 'false' : value === true ? null : undefined),
};

const whole = (max: number) => integer(0, max, { hex: true });

/** 0 to 255: what cannot be a variable. */
export const uint8 = whole(0xff);
/** 0 to 65535, or a variable. */
export const uint16 = variableOr(whole(0xffff));
/** 0 to 4294967295, or a variable. */
export const uint32 = variableOr(whole(0xffffffff));
/** The six bits of a DSCP, or a variable. */
export const dscp = variableOr(whole(63));
/** A VLAN, or a variable. */
export const vlanId = variableOr(whole(4095));
/** -1000 to 1000: the lower, the earlier. */
export const priority = integer(-1000, 1000);

/** The MAC address of a device or a group, or a mask of one: its bytes may have one digit. */
export const mac = variableOr(
  form('a MAC address', (text) => /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i.test(text)),
);
/** An IPv4 address, or a variable. */
export const ipv4 = variableOr(ipv4Address);
/** An IPv6 address, or a variable. */
export const ipv6 = variableOr(ipv6Address);
/** An IPv4 mask: how many bits, or those bits; or a variable. */
export const ipv4Mask = variableOr(either(integer(0, 32), ipv4Address));
/** An IPv6 mask: how many bits, or those bits; or a variable. */
export const ipv6Mask = variableOr(either(integer(0, 128), ipv6Address));

/** The protocol inside of an Ethernet frame, by name or by number. */
export const etherType = variableOr(
  either(named('arp', 'rarp', 'ipv4', 'ipv6', 'vlan'), integer(0x600, 0xffff, { hex: true })),
);

/** What an ARP packet is for, by name or by number. */
export const arpOpcode = variableOr(
  either(
    named(
      'Request',
      'Reply',
      'Request_Reverse',
      'Reply_Reverse',
      'DRARP_Request',
      'DRARP_Reply',
      'DRARP_Error',
      'InARP_Request',
      'ARP_NAK',
    ),
    whole(0xffff),
  ),
);

/** The protocol inside of an IP packet, by name or by number. */
export const ipProtocol = variableOr(
  either(named('tcp', 'udp', 'udplite', 'esp', 'ah', 'icmp', 'igmp', 'sctp', 'icmpv6'), uint8),
);

/** The states of the connection that a packet belongs to; none of them is libvirt's `NONE`. */
export const connectionState = list(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'], { none: 'NONE' });

/** Which address of a packet each part of an ipset's entries is compared with. */
export const ipSetFlags = list(['src', 'dst'], { most: 6 });

/** The name of an ipset, or a variable. */
export const ipSetName = variableOr(
  form('the name of an ipset of 1 to 31 characters', (text) => /^[a-zA-Z0-9_.:\-+ ]{1,31}$/.test(text)),
);

/**
 * The flags of a TCP segment to look at, and behind the slash those that must be set: `SYN,ACK/SYN`. Where none must,
 * libvirt reads `SYN/NONE` and prints `SYN/`.
 */
export type TcpFlags = `${string}/${string}`;

const flagList = '(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)';
const flagsForm = new RegExp(`^${flagList}/${flagList}?$`);

const isTcpFlags = (text: string): text is TcpFlags => flagsForm.test(text);

/** TCP flags, which libvirt reads in any case. */
export const tcpFlags: Codec<TcpFlags> = {
  ...form('TCP flags such as SYN,ACK/SYN', isTcpFlags),
  exact: false,
  parse: (text) => {
    const upper = text.toUpperCase();
    return isTcpFlags(upper) ? upper : undefined;
  },
};

/** The chain of a filter: `root`, or a protocol's chain by itself or with an ending that sets it apart. */
export type FilterChain = 'root' | `${'mac' | 'vlan' | 'stp' | 'arp' | 'rarp' | 'ipv4' | 'ipv6'}${string}`;

const isChain = (text: string): text is FilterChain =>
  text.length <= 12 && /^(?:root|(?:mac|vlan|stp|arp|rarp|ipv4|ipv6)[a-zA-Z0-9_.:-]*)$/.test(text);

/** `root`, or a chain that begins with a protocol: `arp-ip`. */
export const chain: Codec<FilterChain> = {
  ...form(
    'root or, in up to 12 characters, a chain that begins with mac, vlan, stp, arp, rarp, ipv4 or ipv6',
    isChain,
  ),
  parse: (text) => (isChain(text) ? text : undefined),
};
