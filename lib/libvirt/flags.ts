// Options that are flags to libvirt, a row each: the number for true, those for true and for false, or one for each
// of some words.
import { coded, type Fields, flag, type Reader, record } from '../build/reader.js';
import { oneOf } from '../xml/codec.js';

type Truth = number | readonly [yes: number, no: number];
type Words = { readonly [word: string]: number };

/** libvirt's numbers for each option. */
export type FlagTable<Options> = {
  readonly [Key in keyof Options]-?: Exclude<Options[Key], undefined> extends boolean
    ? Truth
    : { readonly [Word in Exclude<Options[Key], undefined> & string]: number };
};

/** A reader of options that gives the sum of their flags; what is left out counts nothing. */
export function flagOptions<Options extends object>(what: string, table: FlagTable<Options>): Reader<number> {
  const rows = Object.entries<Truth | Words>(table);
  const readers = rows.map(([key, row]) => [key, isTruth(row) ? flag : coded(oneOf(...Object.keys(row)))]);
  const read = record<Options>()(what, Object.fromEntries(readers) as unknown as Fields<Options>);
  return (value, path) => {
    const options: { readonly [key: string]: unknown } = read(value, path);
    return rows.reduce((sum, [key, row]) => sum | numberOf(row, options[key]), 0);
  };
}

function isTruth(row: Truth | Words): row is Truth {
  return typeof row === 'number' || Array.isArray(row);
}

function numberOf(row: Truth | Words, value: unknown): number {
  if (value === undefined) return 0;
  if (!isTruth(row)) return row[value as string] ?? 0;
  const [yes, no] = typeof row === 'number' ? [row, 0] : row;
  return value === true ? yes : no;
}
