// How one text of an XML document (an attribute or an element's text) becomes a value and back.
// A text that a codec cannot read gives undefined: the reader then keeps it as it was. A value that
// a codec cannot write gives undefined too: the writer asks `fault` what to tell the caller.

/** Why a value cannot be written: the wrong type, or the right type outside its range. */
export interface Fault {
  readonly error: typeof TypeError | typeof RangeError;
  /** Reads as the end of a sentence that begins with the value: `is not an IP address`. */
  readonly reason: string;
}

/** One text and one value, each made from the other. */
export interface Codec<T> {
  /** What the text may be, in words: `a whole number from 0 to 65535`. */
  readonly expects: string;
  /** The texts when they can be counted, for generated documents and documentation. */
  readonly texts?: readonly string[];
  /** Every text that `parse` accepts is the text that `print` makes of its value. */
  readonly exact: boolean;
  /** The value of a text, or undefined when the text has none. */
  parse(text: string): T | undefined;
  /** The text of a value; undefined when it is not such a value, null when the value is said by saying nothing. */
  print(value: unknown): string | null | undefined;
  /** What to tell about a value that `print` refused. */
  fault(value: unknown): Fault;
}

/** A fault whose kind depends on whether the value has the right JavaScript type. */
const outOf =
  (type: 'string' | 'number', expects: string) =>
  (value: unknown): Fault => ({
    error: typeof value === type ? RangeError : TypeError,
    reason: `is not ${expects}`,
  });

/** Any text, as it stands. */
export const string: Codec<string> = {
  expects: 'a string',
  exact: true,
  parse: (text) => text,
  print: (value) => (typeof value === 'string' ? value : undefined),
  fault: () => ({ error: TypeError, reason: 'is not a string' }),
};

const truth = (yes: string, no: string): Codec<boolean> => ({
  expects: 'true or false',
  texts: [yes, no],
  exact: true,
  parse: (text) => (text === yes ? true : text === no ? false : undefined),
  print: (value) => (value === true ? yes : value === false ? no : undefined),
  fault: () => ({ error: TypeError, reason: 'is not true or false' }),
});

/** `yes` and `no`. */
export const yesNo = truth('yes', 'no');

/** `on` and `off`. */
export const onOff = truth('on', 'off');

/** `1` and `0`. */
export const oneZero = truth('1', '0');

/** `yes`, or nothing at all: false is written by leaving the attribute out. */
export const yesOrAbsent: Codec<boolean> = {
  ...yesNo,
  texts: ['yes'],
  exact: false,
  print: (value) => (value === true ? 'yes' : value === false ? null : undefined),
};

/** One of the texts given, as a union of string literals. */
export const oneOf = <const V extends readonly string[]>(...texts: V): Codec<V[number]> => {
  const known = new Set<string>(texts);
  const expects = texts.length === 1 ? `'${texts[0]}'` : `one of ${texts.join(', ')}`;
  return {
    expects,
    texts,
    exact: true,
    parse: (text) => (known.has(text) ? text : undefined),
    print: (value) => (typeof value === 'string' && known.has(value) ? value : undefined),
    fault: outOf('string', expects),
  };
};

/** The number of a text of decimal digits with an optional sign and blanks around; NaN for other texts. */
const readDecimal = (text: string): number => {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
    value = value * 10 + digit;
  }
  return text === '' ? Number.NaN : value;
};

const readHexadecimal = (text: string): number =>
  /^\s*0[xX][0-9a-fA-F]+\s*$/.test(text) ? Number(text) : Number.NaN;

const integers = (
  min: number,
  max: number,
  read: (text: string) => number,
  write: (value: number) => string,
): Codec<number> => {
  const expects = `a whole number from ${min} to ${max}`;
  return {
    expects,
    exact: false,
    parse: (text) => {
      const value = read(text);
      return value >= min && value <= max ? value : undefined;
    },
    print: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? write(value)
        : undefined,
    fault: outOf('number', expects),
  };
};

const readEither = (text: string): number =>
  text.includes('x') || text.includes('X') ? readHexadecimal(text) : readDecimal(text);

/** A whole number from `min` to `max`, both within 2^53. `hex` reads `0x1f` too. */
export const integer = (min: number, max: number, { hex = false } = {}): Codec<number> =>
  integers(min, max, hex ? readEither : readDecimal, String);

const readBareHexadecimal = (text: string): number =>
  /^\s*[0-9a-fA-F]+\s*$/.test(text) ? Number.parseInt(text, 16) : readHexadecimal(text);

/**
 * A whole number up to `max` that libvirt writes as `0x` and at least `digits` digits. Without `0x` it reads a
 * decimal number; a hexadecimal one when `bare`.
 */
export const hex = (digits: number, max: number, { bare = false } = {}): Codec<number> =>
  integers(
    0,
    max,
    bare ? readBareHexadecimal : readEither,
    (value) => `0x${value.toString(16).padStart(digits, '0')}`,
  );

/** A number from `min` up, with or without a fraction. */
export const decimal = (min: number): Codec<number> => {
  const expects = `a number from ${min}`;
  const inRange = (value: number): number | undefined =>
    value >= min && Number.isFinite(value) ? value : undefined;
  return {
    expects,
    exact: false,
    parse: (text) =>
      /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text) ? inRange(Number(text)) : undefined,
    print: (value) => (typeof value === 'number' ? inRange(value)?.toString() : undefined),
    fault: outOf('number', expects),
  };
};

/**
 * A whole number from `min` to `max` that can pass 2^53: a number where a number is exact, a bigint beyond.
 * Written from either.
 */
export const bigInteger = (min: bigint, max: bigint): Codec<number | bigint> => {
  const expects = `a whole number from ${min} to ${max}`;
  const inRange = <T extends number | bigint>(value: T): T | undefined =>
    value >= min && value <= max ? value : undefined;
  return {
    expects,
    exact: false,
    parse: (text) => {
      const value = readDecimal(text);
      if (Number.isSafeInteger(value)) return inRange(value);
      // Rounding apart, what is out of range stays so: no need to make a bigint of a million digits.
      return Math.abs(value) <= 2 * Number(max) ? inRange(BigInt(text.trim().replace(/^\+/, ''))) : undefined;
    },
    print: (value) => {
      if (typeof value === 'bigint') return inRange(value)?.toString();
      return typeof value === 'number' && Number.isSafeInteger(value)
        ? inRange(value)?.toString()
        : undefined;
    },
    fault: (value) => ({
      error: typeof value === 'number' || typeof value === 'bigint' ? RangeError : TypeError,
      reason: `is not ${expects}`,
    }),
  };
};

/** A text of a form that `accepts` knows; the value is the text itself. */
export const form = (expects: string, accepts: (text: string) => boolean): Codec<string> => ({
  expects,
  exact: true,
  parse: (text) => (accepts(text) ? text : undefined),
  print: (value) => (typeof value === 'string' && accepts(value) ? value : undefined),
  fault: outOf('string', expects),
});

/** A UUID, with or without hyphens. */
export const uuid = form('a UUID', (text) =>
  /^(?:[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i.test(text),
);

/** A MAC address of one device, not of a group: `52:54:00:12:34:56`. */
export const macAddress = form('a unicast MAC address', (text) =>
  /^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$/i.test(text),
);
