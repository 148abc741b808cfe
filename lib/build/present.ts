// Documents have no members that are undefined: what is not there is not a key.

type Absent<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** An object without the members that are undefined. */
export type Present<T> = { [K in Exclude<keyof T, Absent<T>>]: T[K] } & {
  [K in Absent<T>]?: Exclude<T[K], undefined>;
};

/** The members that are not undefined. */
export const present = <const T extends object>(members: T): Present<T> => {
  const out: { [key: string]: unknown } = {};
  for (const key of Object.keys(members)) {
    const value = members[key as keyof T];
    if (value !== undefined) out[key] = value;
  }
  return out as Present<T>;
};

/** The list, undefined when it is empty. */
export const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;
