// How the value of one attribute, or of one field of a header, crosses: its bytes, and what a caller may give for it.
import { formatIp, parseIp, parseMac } from '../../build/address/index.js';
import { flag, list, type Reader, show, wrongType } from '../../build/reader.js';
import { nearest } from '../../xml/suggest.js';
import { namespacePath } from '../namespace-path.js';
import type { Bytes, Writer } from './bytes.js';
import { MalformedMessage } from './bytes.js';

/** What the kernel and people call the same: it has numbers where they have names. */
export interface Names {
  /** The name of a device; undefined when none has the index. */
  nameOf(index: number): string | undefined;
  /** The index of a device. */
  indexOf(name: string): number;
  /** A descriptor of a network namespace. */
  descriptorOf(path: string): number;
}

/** For messages that name no device. */
export const noNames: Names = {
  nameOf: () => undefined,
  indexOf: refuseName,
  descriptorOf: refuseName,
};

function refuseName(name: string): never {
  throw new RangeError(`${name}: there are no names here`);
}

/** A type of value on the wire. */
export interface WireType<T> {
  /** Its size in a header; attributes may have any. */
  readonly size?: number;
  /** The value; undefined for one that this version does not know the meaning of. Throws a MalformedMessage. */
  read(bytes: Bytes, names: Names): T | undefined;
  write(out: Writer, value: T, names: Names): void;
  /** Whether it is by its absence that a value is said: there is no attribute then. */
  isAbsence?(value: T): boolean;
  /** Checks what a caller gives. */
  readonly input: Reader<T>;
}

const ERANGE = 34;
const ENAMETOOLONG = 36;

/** A value that the kernel does not take, with the errno that says so; RangeErrors without one are as good as EINVAL. */
export class Unfit extends RangeError {
  readonly errno: number;

  constructor(errno: number, message: string) {
    super(message);
    this.errno = errno;
  }
}

/** A whole number in a range. */
export const whole =
  (least: number, most: number): Reader<number> =>
  (value, path) => {
    if (typeof value !== 'number') throw wrongType(path, value, 'a number');
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Unfit(ERANGE, `${path}: ${value} is not a whole number from ${least} to ${most}`);
    }
    return value;
  };

export interface NumberType extends WireType<number> {
  readonly size: number;
  read(bytes: Bytes): number;
  write(out: Writer, value: number): void;
  readonly least: number;
  readonly most: number;
}

const number = (
  size: number,
  least: number,
  most: number,
  read: (bytes: Bytes) => number,
  write: (out: Writer, value: number) => void,
): NumberType => ({ size, least, most, read, write, input: whole(least, most) });

export const u8 = number(
  1,
  0,
  0xff,
  (bytes) => bytes.u8(0),
  (out, value) => out.u8(value),
);
export const u16 = number(
  2,
  0,
  0xffff,
  (bytes) => bytes.u16(0),
  (out, value) => out.u16(value),
);
export const u32 = number(
  4,
  0,
  0xffffffff,
  (bytes) => bytes.u32(0),
  (out, value) => out.u32(value),
);
export const s32 = number(
  4,
  -0x80000000,
  0x7fffffff,
  (bytes) => bytes.s32(0),
  (out, value) => out.s32(value),
);
/** In network byte order: ports and Ethernet types. */
export const be16 = number(
  2,
  0,
  0xffff,
  (bytes) => bytes.u16(0, false),
  (out, value) => out.u16(value, false),
);
export const be32 = number(
  4,
  0,
  0xffffffff,
  (bytes) => bytes.u32(0, false),
  (out, value) => out.u32(value, false),
);

/** 64 bits: a bigint, so that none is lost. */
export const u64 = {
  size: 8,
  read: (bytes: Bytes) => bytes.u64(0),
  write: (out: Writer, value: bigint) => out.u64(value),
  input: (value: unknown, path: string) => {
    if (typeof value !== 'bigint') throw wrongType(path, value, 'a bigint');
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
      throw new Unfit(ERANGE, `${path}: ${value} is not a 64-bit number`);
    }
    return value;
  },
} satisfies WireType<bigint>;

/** A number within narrower limits. */
export const ranged = (type: NumberType, least: number, most: number): NumberType => ({
  ...type,
  least,
  most,
  input: whole(least, most),
});

/** Seconds, in hundredths on the wire (USER_HZ, 100 on every machine that runs KVM). */
export const seconds = (
  type: NumberType | typeof u64,
  least = 0,
  most = 0xffffffff / 100,
): WireType<number> => ({
  read: (bytes) => Number(type.read(bytes)) / 100,
  write: (out, value) => {
    const hundredths = Math.round(value * 100);
    if ('most' in type) type.write(out, hundredths);
    else type.write(out, BigInt(hundredths));
  },
  input: (value, path) => {
    if (typeof value !== 'number') throw wrongType(path, value, 'a number of seconds');
    if (!(value >= least && value <= most)) {
      throw new Unfit(ERANGE, `${path}: ${value} is not a number of seconds from ${least} to ${most}`);
    }
    return value;
  },
});

/** A truth, as a number of 0 or 1. */
export const truth = (type: NumberType = u8): WireType<boolean> => ({
  read: (bytes) => type.read(bytes) !== 0,
  write: (out, value) => type.write(out, value ? 1 : 0),
  input: flag,
});

/** A truth that is there or not. */
export const presence: WireType<boolean> = {
  read: () => true,
  write: () => {},
  isAbsence: (value) => !value,
  input: flag,
};

/** A number by name. */
export const named = <const T extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: T,
): WireType<Extract<keyof T, string>> => {
  type Name = Extract<keyof T, string>;
  const known = Object.keys(names) as Name[];
  const byNumber = new Map(known.map((name) => [names[name] as number, name]));
  return {
    size: type.size,
    read: (bytes) => byNumber.get(type.read(bytes)),
    write: (out, value) => type.write(out, names[value] as number),
    input: (value, path) => {
      if (typeof value !== 'string') throw wrongType(path, value, `one of ${known.join(', ')}`);
      if (!Object.hasOwn(names, value)) {
        const meant = nearest(value, known);
        throw new RangeError(
          `${path}: ${show(value)} is not one of ${known.join(', ')}${meant ? `; did you mean ${meant}?` : ''}`,
        );
      }
      return value as Name;
    },
  };
};

/** A number by name, or as itself where it has none. */
export const namedOrNumber = <const T extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: T,
): WireType<Extract<keyof T, string> | number> => {
  const byName = named(type, names);
  const all = new Map(
    Object.entries(names).map(([name, number]) => [number, name as Extract<keyof T, string>]),
  );
  return {
    size: type.size,
    read: (bytes, known) => byName.read(bytes, known) ?? type.read(bytes),
    write: (out, value, known) =>
      typeof value === 'number' ? type.write(out, value) : byName.write(out, value, known),
    // What has a name is told by it, whoever gives the number.
    input: (value, path) => {
      if (typeof value !== 'number') return byName.input(value, path);
      const number = type.input(value, path);
      return all.get(number) ?? number;
    },
  };
};

/** Bits by name, those that are set. Bits without a name are not told. */
export const bits = <const T extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: T,
): WireType<readonly Extract<keyof T, string>[]> => {
  type Name = Extract<keyof T, string>;
  const known = Object.keys(names) as Name[];
  const one = named(u32, names).input;
  return {
    size: type.size,
    read: (bytes) => {
      const value = type.read(bytes);
      return known.filter((name) => (value & (names[name] as number)) !== 0);
    },
    write: (out, value) =>
      type.write(out, value.reduce((all, name) => all | (names[name] as number), 0) >>> 0),
    input: list(one) as Reader<readonly Name[]>,
  };
};

/** A text that ends with NUL. */
export const text = {
  read: (bytes: Bytes) => bytes.text(),
  write: (out: Writer, value: string) => out.text(value),
  input: (value: unknown, path: string) => {
    if (typeof value !== 'string') throw wrongType(path, value, 'a text');
    if (value.includes('\0')) throw new RangeError(`${path}: ${show(value)} has a NUL character`);
    return value;
  },
} satisfies WireType<string>;

/** A text of at most so many bytes. */
export const shortText = (most: number): WireType<string> => ({
  ...text,
  input: (value, path) => {
    const given = text.input(value, path);
    const length = new TextEncoder().encode(given).length;
    if (length > most) {
      throw new Unfit(ENAMETOOLONG, `${path}: ${show(given)} has ${length} bytes; the kernel takes ${most}`);
    }
    return given;
  },
});

/** A text of at most so many bytes, which ends with the attribute: of the longest a NUL would be too much. */
export const openText = (most: number): WireType<string> => ({
  ...shortText(most),
  write: (out, value) => out.bytes(new TextEncoder().encode(value)),
});

/** The name of a network device: what the kernel takes (`dev_valid_name` of net/core/dev.c), or a pattern of it. */
export const deviceName: WireType<string> = {
  ...text,
  input: (value, path) => {
    const name = shortText(15).input(value, path);
    if (name === '') throw new RangeError(`${path}: "" is empty`);
    if (name === '.' || name === '..') {
      throw new RangeError(`${path}: ${show(name)} is not the name of a network device`);
    }
    if (/[/:\t-\r ]/.test(name)) {
      throw new RangeError(
        `${path}: ${show(name)} is not the name of a network device: the kernel takes no '/', ':' and white space`,
      );
    }
    // Of UTF-8 that is the second byte of some letters, and the kernel reads Latin-1.
    if (new TextEncoder().encode(name).includes(0xa0)) {
      throw new RangeError(
        `${path}: ${show(name)} is not the name of a network device: it has the byte A0, which is white space to the kernel`,
      );
    }
    if (name.includes('%') && !/^[^%]*%d[^%]*$/.test(name)) {
      throw new RangeError(`${path}: ${show(name)}: '%d' once stands for the next free number, no other '%'`);
    }
    return name;
  },
};

/** One of the other names of a network device, of which the kernel takes nearly any text (IFLA_ALT_IFNAME). */
export const otherName = shortText(127);

/** Whether a name is too long to be a device's own: one of its other names. */
export const isLong = (name: string): boolean => new TextEncoder().encode(name).length > 15;

/** Another device, by any of its names; on the wire its index. */
export const device: WireType<string> = {
  size: 4,
  read: (bytes, names) => names.nameOf(bytes.u32(0)),
  write: (out, value, names) => out.u32(names.indexOf(value)),
  input: (value, path) => {
    if (typeof value === 'string' && isLong(value)) return otherName.input(value, path);
    const name = deviceName.input(value, path);
    if (name.includes('%')) throw new RangeError(`${path}: ${show(name)} is a pattern and not a device`);
    return name;
  },
};

/** {@link device}, or null for none. */
export const deviceOrNone: WireType<string | null> = {
  ...device,
  write: (out, value, names) => out.u32(value === null ? 0 : names.indexOf(value)),
  input: (value, path) => (value === null ? null : device.input(value, path)),
};

/** A network namespace, by the path of its file or its name in /run/netns. */
export const namespace: WireType<string> = {
  size: 4,
  read: () => undefined,
  write: (out, value, names) => out.u32(names.descriptorOf(value)),
  input: namespacePath,
};

/** A hardware address: of Ethernet six bytes, of other links more or less. */
export const mac: WireType<string> = {
  read: (bytes) => Array.from(bytes.toArray(), (byte) => byte.toString(16).padStart(2, '0')).join(':'),
  write: (out, value) => out.bytes(Uint8Array.from(value.split(':'), (byte) => Number.parseInt(byte, 16))),
  input: (value, path) => {
    if (typeof value !== 'string') throw wrongType(path, value, 'a MAC address');
    const parsed = parseMac(value);
    if (parsed === undefined) {
      throw new RangeError(`${path}: ${show(value)} is not a MAC address such as 52:54:00:12:34:56`);
    }
    return parsed;
  },
};

/** An IP address: its length is its family. */
export const ip = {
  read: (bytes: Bytes) => {
    const octets = bytes.toArray();
    if (octets.length !== 4 && octets.length !== 16) {
      throw new MalformedMessage(`${octets.length} bytes are no IP address`);
    }
    const value = octets.reduce((all, octet) => (all << 8n) | BigInt(octet), 0n);
    return formatIp({ family: octets.length === 4 ? 'ipv4' : 'ipv6', value });
  },
  write: (out: Writer, value: string) => out.bytes(ipBytes(value)),
  input: (value: unknown, path: string) => {
    if (typeof value !== 'string') throw wrongType(path, value, 'an IP address');
    const parsed = parseIp(value);
    if (!parsed) throw new RangeError(`${path}: ${show(value)} is not an IP address`);
    return formatIp(parsed);
  },
} satisfies WireType<string>;

/** The bytes of an IP address, as they go over the network. */
export const ipBytes = (address: string): Uint8Array => {
  const parsed = parseIp(address);
  if (!parsed) throw new RangeError(`${show(address)} is not an IP address`);
  const length = parsed.family === 'ipv4' ? 4 : 16;
  return Uint8Array.from({ length }, (_, i) =>
    Number((parsed.value >> BigInt(8 * (length - 1 - i))) & 0xffn),
  );
};

/** IPv4 or IPv6 only. */
export const ipOf = (family: 'ipv4' | 'ipv6'): WireType<string> => ({
  ...ip,
  read: (bytes) => (bytes.length === (family === 'ipv4' ? 4 : 16) ? ip.read(bytes) : undefined),
  input: (value, path) => {
    const address = ip.input(value, path);
    if (parseIp(address)?.family !== family) {
      throw new RangeError(
        `${path}: ${show(address)} is not an ${family === 'ipv4' ? 'IPv4' : 'IPv6'} address`,
      );
    }
    return address;
  },
});

/** Bytes that nobody here looks into. */
export const raw: WireType<Uint8Array> = {
  read: (bytes) => bytes.toArray(),
  write: (out, value) => out.bytes(value),
  input: (value, path) => {
    if (!(value instanceof Uint8Array)) throw wrongType(path, value, 'a Uint8Array');
    return value;
  },
};
