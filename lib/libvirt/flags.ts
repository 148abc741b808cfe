// Options that are flags to libvirt, a row each: the number for true, those for true and for false, or one for each
// of some words, of which a list may be given where `several` stands.
import { coded, type Fields, flag, oneOrMany, type Reader, record } from '../build/reader.js';
import { oneOf } from '../xml/codec.js';

type Truth = number | readonly [yes: number, no: number];
type Words = { readonly [word: string]: number };
type Several = { readonly several: Words };
type Row = Truth | Words | Several;

type WordsOf<Option> = { readonly [Word in Option & string]: number };

/** libvirt's numbers for each option. */
export type FlagTable<Options> = {
  readonly [Key in keyof Options]-?: Exclude<Options[Key], undefined> extends boolean
    ? Truth
    : Extract<Options[Key], readonly unknown[]> extends never
      ? WordsOf<Exclude<Options[Key], undefined>>
      : { readonly several: WordsOf<Exclude<Options[Key], undefined>> };
};

/** A reader of options that gives the sum of their flags; what is left out counts nothing. */
export function flagOptions<Options extends object>(what: string, table: FlagTable<Options>): Reader<number> {
  const rows = Object.entries<Row>(table);
  const readers = rows.map(([key, row]) => [key, readerOf(row)]);
  const read = record<Options>()(what, Object.fromEntries(readers) as unknown as Fields<Options>);
  return (value, path) => {
    const options: { readonly [key: string]: unknown } = read(value, path);
    // Added and not or-ed: the highest flag is 2^31, which `|` makes negative.
    return rows.reduce((sum, [key, row]) => sum + numberOf(row, options[key]), 0);
  };
}

function readerOf(row: Row): Reader<unknown> {
  if (isTruth(row)) return flag;
  return isSeveral(row) ? oneOrMany(word(row.several)) : word(row);
}

const word = (words: Words): Reader<string> => coded(oneOf(...Object.keys(words)));

function isTruth(row: Row): row is Truth {
  return typeof row === 'number' || Array.isArray(row);
}

function isSeveral(row: Words | Several): row is Several {
  return typeof row.several === 'object';
}

function numberOf(row: Row, value: unknown): number {
  if (value === undefined) return 0;
  if (isTruth(row)) {
    const [yes, no] = typeof row === 'number' ? [row, 0] : row;
    return value === true ? yes : no;
  }
  if (!isSeveral(row)) return row[value as string] ?? 0;
  return [...new Set(value as readonly string[])].reduce((sum, each) => sum + (row.several[each] ?? 0), 0);
}
