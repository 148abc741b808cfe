// Attributes as rows: a name, the kernel's number and a type. A table of rows gives the TypeScript type, the reader
// of bytes, the writer and the check of what a caller gives. What a table has no row for is skipped, as newer kernels
// tell more.
import { list, type Reader, record } from '../../build/reader.js';
import { aligned, type Bytes, MalformedMessage, type Writer } from './bytes.js';
import { type Names, noNames, type WireType } from './types.js';

/** Bits of an attribute's type that say something about its payload (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
const TYPE_MASK = 0x3fff;
const NESTED = 0x8000;
const HEADER = 4;

/** Whether the kernel tells it and takes it, only tells it, or only takes it. */
export type Access = 'settable' | 'told' | 'given';

/** One attribute. */
export interface Row<T, A extends Access> {
  readonly number: number;
  readonly type: WireType<T>;
  readonly access: A;
  /** Whether it may come more than once; the value is a list then. */
  readonly many?: true;
  /** Whether it has to say that there are attributes inside (NLA_F_NESTED), as newer requests demand. */
  readonly marked?: true;
}

/** Rows by name. */
export type Rows = Readonly<Record<string, Row<unknown, Access>>>;

type ValueOf<R> = R extends Row<infer T, Access> ? T : never;

/** What the attributes of a table hold: each may be there or not. */
export type Values<R extends Rows> = { readonly [K in keyof R]?: ValueOf<R[K]> };

/** The members that have not this access. */
type Without<R extends Rows, A extends Access> = {
  [K in keyof R]: R[K] extends Row<unknown, A> ? never : K;
}[keyof R];

// Mapped by keys, and not by `keyof … as`, which would take the name away from an alias of these types.
type Readable<R extends Rows, K extends keyof R> = { readonly [P in K]?: ValueOf<R[P]> };
type Writable<R extends Rows, K extends keyof R> = { -readonly [P in K]?: ValueOf<R[P]> };

/** What the kernel may tell. */
export type Told<R extends Rows> = Readable<R, Without<R, 'given'>>;

/** The kernel's numbers of a table's attributes. */
export const numbersOf = <R extends Rows>(rows: R): { readonly [K in keyof R]: number } =>
  Object.fromEntries(Object.entries(rows).map(([name, { number }]) => [name, number])) as {
    [K in keyof R]: number;
  };

/** What a caller may give. */
export type Settable<R extends Rows> = Writable<R, Without<R, 'told'>>;

/** An attribute that the kernel tells, and takes. */
export const at = <T>(number: number, type: WireType<T>): Row<T, 'settable'> => ({
  number,
  type,
  access: 'settable',
});

/** An attribute that the kernel only tells. */
export const told = <T>(number: number, type: WireType<T>): Row<T, 'told'> => ({
  number,
  type,
  access: 'told',
});

/** An attribute that the kernel only takes. */
export const given = <T>(number: number, type: WireType<T>): Row<T, 'given'> => ({
  number,
  type,
  access: 'given',
});

/** Attributes within one that has to say so. */
export const marked = <T>(
  number: number,
  type: WireType<T>,
): Row<T, 'settable'> & { readonly marked: true } => ({
  ...at(number, type),
  marked: true,
});

/** An attribute that comes once for each member of a list. */
export const many = <T>(number: number, type: WireType<T>): Row<readonly T[], 'settable'> => ({
  number,
  // Read and written a member at a time, by the table.
  type: { ...(type as unknown as WireType<readonly T[]>), input: list(type.input) },
  access: 'settable',
  many: true,
});

/** A table of attributes. */
export interface Table<R extends Rows> extends WireType<Values<R>> {
  readonly rows: R;
  read(bytes: Bytes, names?: Names): Values<R>;
  /** Writes the members in the order in which they stand in `values`. */
  write(out: Writer, values: Values<R>, names?: Names): void;
  /** Checks an object of a caller's; `what` names it in errors. */
  reader(what: string): Reader<Settable<R>>;
}

/** Takes the attributes in some bytes, one after the other. Throws a MalformedMessage when they do not fit. */
export function eachAttribute(bytes: Bytes, take: (number: number, payload: Bytes) => void): void {
  for (let position = 0; position < bytes.length; ) {
    // Padding of less than a header ends some messages.
    if (bytes.length - position < HEADER) return;
    const length = bytes.u16(position);
    if (length < HEADER) throw new MalformedMessage(`an attribute of ${length} bytes at ${position}`);
    take(bytes.u16(position + 2) & TYPE_MASK, bytes.part(position + HEADER, length - HEADER));
    position += aligned(length);
  }
}

/** The attributes in some bytes. */
export function attributesOf(bytes: Bytes): (readonly [number: number, payload: Bytes])[] {
  const found: (readonly [number: number, payload: Bytes])[] = [];
  eachAttribute(bytes, (number, payload) => found.push([number, payload]));
  return found;
}

/** Writes one attribute around what `payload` writes. */
export function writeAttribute(out: Writer, number: number, payload: () => void): void {
  const start = out.length;
  out.u16(0);
  out.u16(number);
  payload();
  out.patch16(start, out.length - start);
  out.align();
}

/** A table of attributes; nested in others it is a type like any other. */
export function attributes<const R extends Rows>(rows: R): Table<R> {
  const byNumber = new Map(
    Object.entries(rows)
      .filter(([, { access }]) => access !== 'given')
      .map(([name, row]) => [row.number, { name, row }]),
  );
  const settable = Object.fromEntries(
    Object.entries(rows)
      .filter(([, { access }]) => access !== 'told')
      .map(([name, { type }]) => [name, type.input]),
  );
  const reader = (what: string) => record<Settable<R>>()(what, settable as never) as Reader<Settable<R>>;
  return {
    rows,
    reader,
    input: reader('a list of attributes') as unknown as Reader<Values<R>>,
    read: (bytes, names = noNames) => {
      const values: Record<string, unknown> = {};
      eachAttribute(bytes, (number, payload) => {
        const found = byNumber.get(number);
        if (!found) return;
        const value = found.row.type.read(payload, names);
        if (value === undefined) return;
        if (found.row.many) values[found.name] = [...((values[found.name] ?? []) as unknown[]), value];
        else values[found.name] = value;
      });
      return values as Values<R>;
    },
    write: (out, values, names = noNames) => {
      for (const [name, value] of Object.entries(values)) {
        const row = rows[name];
        if (row === undefined || value === undefined || row.type.isAbsence?.(value)) continue;
        for (const member of row.many ? (value as readonly unknown[]) : [value]) {
          const number = row.marked ? row.number | NESTED : row.number;
          writeAttribute(out, number, () => row.type.write(out, member, names));
        }
      }
    },
  };
}

/** A value by itself in an attribute inside of one. */
export function within<T>(number: number, type: WireType<T>): WireType<T> {
  const table = attributes({ value: at(number, type) });
  return {
    read: (bytes, names) => table.read(bytes, names).value,
    write: (out, value, names) => table.write(out, { value }, names),
    input: type.input,
  };
}

/** A list, each member in an attribute of the same number inside of one. */
export function repeated<T>(number: number, type: WireType<T>): WireType<readonly T[]> {
  const table = attributes({ members: many(number, type) });
  return {
    read: (bytes, names) => table.read(bytes, names).members ?? [],
    write: (out, members, names) => table.write(out, { members }, names),
    input: list(type.input),
  };
}
