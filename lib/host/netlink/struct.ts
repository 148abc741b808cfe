// Fixed headers and structs: fields in order, without gaps but those that are named.
import { list, needed, type Reader, record } from '../../build/reader.js';
import { type Bytes, MalformedMessage, type Writer } from './bytes.js';
import { type Names, noNames, type WireType } from './types.js';

export type Fields = Readonly<Record<string, WireType<unknown> & { readonly size?: number }>>;

/** What a struct reads. */
export type StructOf<F extends Fields> = {
  readonly [K in keyof F as K extends `_${string}` ? never : K]: F[K] extends WireType<infer T> ? T : never;
};

/** A struct; fields whose name begins with `_` are padding. */
export interface Struct<F extends Fields> extends WireType<StructOf<F>> {
  readonly size: number;
  read(bytes: Bytes, names?: Names): StructOf<F>;
  /** Writes it with 0 for fields that are not given. */
  fill(out: Writer, value: Partial<StructOf<F>>, names?: Names): void;
}

export function struct<const F extends Fields>(fields: F): Struct<F> {
  const entries = Object.entries(fields);
  const size = entries.reduce((sum, [, type]) => sum + (type.size ?? 0), 0);
  const fill = (out: Writer, value: object, names: Names = noNames): void => {
    for (const [name, type] of entries) {
      const given = (value as Readonly<Record<string, unknown>>)[name];
      if (given === undefined) out.bytes(new Uint8Array(type.size ?? 0));
      else type.write(out, given, names);
    }
  };
  return {
    size,
    read: (bytes, names = noNames) => {
      if (bytes.length < size) throw new MalformedMessage(`${bytes.length} bytes, ${size} needed`);
      const values: Record<string, unknown> = {};
      let at = 0;
      for (const [name, type] of entries) {
        const length = type.size ?? 0;
        if (!name.startsWith('_')) values[name] = type.read(bytes.part(at, length), names);
        at += length;
      }
      return values as StructOf<F>;
    },
    fill,
    write: fill,
    input: (value) => value as StructOf<F>,
  };
}

/** A struct that a caller gives with all of its fields; `what` names it in errors. */
export function wholeStruct<const F extends Fields>(what: string, fields: F): Struct<F> {
  const readers = Object.fromEntries(
    Object.entries(fields).map(([name, { input }]) => [name, needed(input)]),
  );
  return { ...struct(fields), input: record<StructOf<F>>()(what, readers as never) as Reader<StructOf<F>> };
}

/** So many bytes of nothing. */
export const pad = (size: number): WireType<undefined> => ({
  size,
  read: () => undefined,
  write: () => {},
  input: () => undefined,
});

/** Structs one after the other, to the end. */
export const sequence = <T>(type: WireType<T> & { readonly size: number }): WireType<readonly T[]> => ({
  read: (bytes, names) => {
    const members: T[] = [];
    for (let position = 0; position + type.size <= bytes.length; position += type.size) {
      const member = type.read(bytes.part(position, type.size), names);
      if (member !== undefined) members.push(member);
    }
    return members;
  },
  write: (out, value, names) => {
    for (const member of value) type.write(out, member, names);
  },
  input: list(type.input),
});
