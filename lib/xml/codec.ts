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
  /** The values when they can be counted, for generated documents and suggestions. */
  readonly values?: readonly T[];
  /** The value of a text, or undefined when the text has none. */
  parse(text: string): T | undefined;
  /** The text of a value; undefined when it is not such a value, null when the value is said by saying nothing. */
  print(value: unknown): string | null | undefined;
  /** What to tell about a value that `print` refused. */
  fault(value: unknown): Fault;
}

const wrongType = (type: string) => (): Fault => ({ error: TypeError, reason: `is not ${type}` });

/** A fault whose kind depends on whether the value has the right JavaScript type. */
const wrongValue =
  (type: string, expects: string) =>
  (value: unknown): Fault => ({
    error: typeof value === type ? RangeError : TypeError,
    reason: `is not ${expects}`,
  });

/** Any text, as it stands. */
export const string: Codec<string> = {
  expects: 'a string',
  parse: (text) => text,
  print: (value) => (typeof value === 'string' ? value : undefined),
  fault: wrongType('a string'),
};

const flag = (on: string, off: string): Codec<boolean> => ({
  expects: 'true or false',
  values: [true, false],
  parse: (text) => (text === on ? true : text === off ? false : undefined),
  print: (value) => (value === true ? on : value === false ? off : undefined),
  fault: wrongType('true or false'),
});

/** `yes` and `no`. */
export const yesNo = flag('yes', 'no');

/** `on` and `off`. */
export const onOff = flag('on', 'off');

/** `yes`, or nothing at all: false is written by leaving the attribute out. */
export const yesOrAbsent: Codec<boolean> = {
  ...yesNo,
  print: (value) => (value === true ? 'yes' : value === false ? null : undefined),
};

/** One of the texts given, as a union of string literals. */
export const oneOf = <const V extends readonly string[]>(...values: V): Codec<V[number]> => {
  const known = new Set<string>(values);
  const expects = values.length === 1 ? `'${values[0]}'` : `one of ${values.join(', ')}`;
  return {
    expects,
    values,
    parse: (text) => (known.has(text) ? text : undefined),
    print: (value) => (typeof value === 'string' && known.has(value) ? value : undefined),
    fault: wrongValue('string', expects),
  };
};

const decimal = /^\s*[+-]?\d+\s*$/;
const hexadecimal = /^\s*0[xX][0-9a-fA-F]+\s*$/;

/** A whole number from `min` to `max`, both within 2^53. `hex` accepts `0x1f` too. */
export const integer = (min: number, max: number, { hex = false } = {}): Codec<number> => {
  const expects = `a whole number from ${min} to ${max}`;
  return {
    expects,
    parse: (text) => {
      if (!decimal.test(text) && !(hex && hexadecimal.test(text))) return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    print: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? String(value)
        : undefined,
    fault: wrongValue('number', expects),
  };
};

/** A whole number that people and libvirt write as `0x` and at least `digits` digits. */
export const hex = (digits: number, max: number): Codec<number> => {
  const plain = integer(0, max);
  return {
    ...plain,
    parse: (text) => {
      const bare = text.trim();
      if (!hexadecimal.test(bare) && !decimal.test(bare)) return undefined;
      const value = Number(bare);
      return value >= 0 && value <= max ? value : undefined;
    },
    print: (value) =>
      plain.print(value) === undefined
        ? undefined
        : `0x${(value as number).toString(16).padStart(digits, '0')}`,
  };
};

/**
 * A whole number from `min` to `max` that can pass 2^53: a number where a number is exact, a bigint beyond.
 * Written from either.
 */
export const bigInteger = (min: bigint, max: bigint): Codec<number | bigint> => {
  const expects = `a whole number from ${min} to ${max}`;
  return {
    expects,
    parse: (text) => {
      if (!decimal.test(text)) return undefined;
      const value = Number(text);
      if (Number.isSafeInteger(value)) return value >= min && value <= max ? value : undefined;
      const exact = BigInt(text);
      return exact >= min && exact <= max ? exact : undefined;
    },
    print: (value) => {
      if (typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value !== 'bigint')
        return undefined;
      return value >= min && value <= max ? String(value) : undefined;
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
  parse: (text) => (accepts(text) ? text : undefined),
  print: (value) => (typeof value === 'string' && accepts(value) ? value : undefined),
  fault: wrongValue('string', expects),
});

/** A UUID, with or without hyphens. */
export const uuid = form('a UUID', (text) =>
  /^(?:[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i.test(text),
);

/** A MAC address of one device, not of a group: `52:54:00:12:34:56`. */
export const macAddress = form('a unicast MAC address', (text) =>
  /^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$/i.test(text),
);
