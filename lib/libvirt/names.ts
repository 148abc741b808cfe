// libvirt's names for numbers, spelt as JavaScript spells names: FROM_SNAPSHOT is `fromSnapshot`.

/** A name of libvirt's, in JavaScript's spelling. */
export type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Name>;

/**
 * The names of a table.
 *
 * @inline
 */
export type NameIn<Table> = CamelCase<keyof Table & string>;

const namesOf = new WeakMap<object, ReadonlyMap<number, string>>();

/** The name of a number; `unknown` for one that is newer than the table. */
export function nameIn<Table extends Readonly<Record<string, number>>>(
  table: Table,
  value: number,
): NameIn<Table> | 'unknown' {
  let names = namesOf.get(table);
  if (!names) {
    names = new Map(Object.entries(table).map(([name, number]) => [number, camelCase(name)]));
    namesOf.set(table, names);
  }
  return (names.get(value) ?? 'unknown') as NameIn<Table> | 'unknown';
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
