// Readers check one input value each and give what the document needs of it. A builder's input is a table of
// readers, so that plain JavaScript gets at run time what the types say, in errors that begin with the field's path.
// TypeError: not that kind of thing (type, unknown or missing field). RangeError: that kind, but not a possible value.
import type { Codec } from '../xml/codec.js';
import { show } from '../xml/fault.js';
import { nearest } from '../xml/suggest.js';

/** Gives the value that an input stands for, or throws an error that begins with `path`. */
export type Reader<T> = (value: unknown, path: string) => T;

/** A reader of a field that must be there. */
export interface Needed<T> {
  readonly needed: Reader<T>;
}

export { show };

/** The path of a member: `ip` and `cidr` give `ip.cidr`. */
export const within = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** A value of the wrong kind. */
export const wrongType = (path: string, value: unknown, expects: string): TypeError =>
  new TypeError(`${path}: ${show(value)} is not ${expects}`);

/** A text, handed on to `read` with its path. */
export const text =
  <T>(expects: string, read: (text: string, path: string) => T): Reader<T> =>
  (value, path) => {
    if (typeof value !== 'string') throw wrongType(path, value, expects);
    return read(value, path);
  };

/** A text of a form; `refuse` says what is wrong with it, undefined when nothing is. */
export const checked = (expects: string, refuse: (text: string) => string | undefined): Reader<string> =>
  text(expects, (value, path) => {
    const reason = refuse(value);
    if (reason !== undefined) throw new RangeError(`${path}: ${show(value)} ${reason}`);
    return value;
  });

/** What a codec of the XML layer can write. `why` explains its limits. */
export const coded =
  <T>(codec: Codec<T>, why = ''): Reader<T> =>
  (value, path) => {
    if (codec.print(value) === undefined) {
      const { error, reason } = codec.fault(value);
      throw new error(`${path}: ${show(value)} ${reason}${why && ` (${why})`}`);
    }
    return value as T;
  };

/** true or false. */
export const flag: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw wrongType(path, value, 'true or false');
  return value;
};

/** Anything at all, for somebody who knows more to read later. */
export const raw: Reader<unknown> = (value) => value;

/** An array, each member read by `read`. */
export const list =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw wrongType(path, value, 'a list');
    return Array.from(value, (member: unknown, i) => read(member, `${path}[${i}]`));
  };

/** An array with at least one member. */
export const someOf = <T>(read: Reader<T>): Reader<readonly T[]> => {
  const many = list(read);
  return (value, path) => {
    const members = many(value, path);
    if (members.length === 0) throw new RangeError(`${path}: empty; at least one is needed`);
    return members;
  };
};

/** One value, or an array of them with at least one member. */
export const oneOrMany = <T>(read: Reader<T>): Reader<readonly T[]> => {
  const many = someOf(read);
  return (value, path) => (Array.isArray(value) ? many(value, path) : [read(value, path)]);
};

/** The field must be there. */
export const needed = <T>(read: Reader<T>): Needed<T> => ({ needed: read });

/** The fields that an object of one of the types can have: not those that are `never` there. */
type KeysOf<I> = I extends unknown
  ? { [K in keyof I]-?: [Exclude<I[K], undefined>] extends [never] ? never : K }[keyof I]
  : never;
type Optional<I, K extends PropertyKey> = I extends unknown
  ? K extends keyof I
    ? Record<never, never> extends Pick<I, K>
      ? true
      : false
    : true
  : never;

/** A reader for every field that the input type `I` has, needed exactly where the type demands the field. */
export type Fields<I> = {
  readonly [K in KeysOf<I>]-?: true extends Optional<I, K> ? Reader<unknown> : Needed<unknown>;
};

/** What a table of readers gives. */
export type Values<F> = {
  readonly [K in keyof F as F[K] extends Needed<unknown> ? K : never]: F[K] extends Needed<infer T>
    ? T
    : never;
} & {
  readonly [K in keyof F as F[K] extends Needed<unknown> ? never : K]?: F[K] extends Reader<infer T>
    ? T
    : never;
};

/** What to say of fields that this object does not have, but that somebody may well try. */
export type Elsewhere = Readonly<Record<string, string>>;

/**
 * An object with the fields of the table. A field that is undefined counts as left out.
 *
 * @param what the words for the object in messages: `a nat network`.
 * @param elsewhere what to say of fields that somebody may look for here in vain.
 */
export const record =
  <I>() =>
  <const F extends Fields<I>>(what: string, fields: F, elsewhere: Elsewhere = {}): Reader<Values<F>> => {
    // A map, so that no key finds what every object inherits.
    const known = new Map<string, Reader<unknown> | Needed<unknown>>(Object.entries(fields));
    const hints = new Map(Object.entries(elsewhere));
    const must = [...known].filter(([, field]) => 'needed' in field).map(([key]) => key);
    return (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw wrongType(path || 'options', value, `an object that describes ${what}`);
      }
      const out: Record<string, unknown> = {};
      for (const [key, member] of Object.entries(value)) {
        const field = known.get(key);
        if (!field) throw unknownField(within(path, key), key, what, [...known.keys()], hints);
        if (member === undefined) continue;
        out[key] = ('needed' in field ? field.needed : field)(member, within(path, key));
      }
      for (const key of must) {
        if (out[key] === undefined)
          throw new TypeError(`${within(path, key)}: missing; ${what} must have it`);
      }
      return out as Values<F>;
    };
  };

const unknownField = (
  path: string,
  key: string,
  what: string,
  known: readonly string[],
  hints: ReadonlyMap<string, string>,
): TypeError => {
  const meant = nearest(key, [...known, ...hints.keys()]);
  const hint =
    hints.get(key) ?? (meant && [`did you mean ${meant}?`, hints.get(meant)].filter(Boolean).join(' '));
  return new TypeError(`${path}: unknown field of ${what}; ${hint ?? `it has ${known.join(', ')}`}`);
};

/** Throws when two members have the same key: `name` says what the key is, `paths` where the members stand. */
export const refuseDuplicates = <T>(
  members: readonly T[],
  path: string,
  name: string,
  keyOf: (member: T) => string | undefined,
): void => {
  const seen = new Map<string, number>();
  for (const [i, member] of members.entries()) {
    const key = keyOf(member);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first !== undefined) {
      throw new RangeError(`${path}[${i}]: ${name} ${key} is already that of ${path}[${first}]`);
    }
    seen.set(key, i);
  }
};
