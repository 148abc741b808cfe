// Which members of two lists are the same thing: by what identifies them where something does, else along the order.
import { alignBy, anchorsOf } from '../align.js';
import type { Value } from '../rest.js';
import type { Table } from '../table.js';
import { tableFor } from '../untyped.js';
import { meaningOf } from './meaning.js';

/** A member of a list, with the element that it is; `index` is its position. */
export interface Member {
  readonly index: number;
  readonly value: Value;
  readonly table: Table;
}

/** A member of the one list and what it became in the other; one of them is missing when it was added or removed. */
export interface Pair {
  readonly before?: Member;
  readonly after?: Member;
  /** What identifies it, as `mac 52:54:00:12:34:56`. */
  readonly identity?: string;
}

/**
 * What a member has in one of its fields, by the name of the attribute or child element, or by `element/@attribute`;
 * null when nothing.
 */
const textOf = ({ table, value }: Member, name: string): string | null => {
  const [outer, inner] = name.split('/@');
  if (inner !== undefined) {
    const slot = table.byChild.get(outer as string);
    const child = slot && value[slot.key];
    const own = child === undefined ? undefined : slot && tableFor(slot, child as Value);
    return own ? textOf({ index: 0, table: own, value: child as Value }, inner) : null;
  }
  const child = table.byChild.get(name);
  const slot = name === 'text()' ? table.inner : (table.byAttribute.get(name) ?? child);
  const member = slot && value[slot.key];
  const field =
    slot?.at === 'child' ? (slot.choice.by === undefined ? slot.choice.table.inner : undefined) : slot;
  if (member === undefined || field === undefined || field.at === 'content') return null;
  const text = field.codec.print(member);
  return typeof text === 'string' ? meaningOf(field.codec, text) : null;
};

interface Identity {
  readonly key: string;
  readonly words: string;
}

const identityBy = (member: Member, names: readonly string[]): Identity | undefined => {
  const texts = names.map((name) => [name, textOf(member, name)] as const);
  const present = texts.filter(([, text]) => text !== null);
  if (present.length === 0) return undefined;
  return {
    key: JSON.stringify(texts),
    words: present
      .map(([name, text]) => (name === 'text()' ? text : `${name.replace(/\/@.*/, '')} ${text}`))
      .join(', '),
  };
};

/** A text that two members have in common when fields of these names say the same; undefined when none is there. */
export const identityKey = (member: Member, names: readonly string[]): string | undefined =>
  identityBy(member, names)?.key;

const pairByIdentity = (
  before: readonly Member[],
  after: readonly Member[],
  identities: readonly (readonly string[])[],
): Pair[] => {
  const partners = new Map<Member, Pair>();
  const taken = new Set<Member>();
  for (const names of identities) {
    const free = new Map<string, Member[]>();
    for (const member of after) {
      const key = taken.has(member) ? undefined : identityBy(member, names)?.key;
      if (key === undefined) continue;
      const same = free.get(key);
      if (same) same.push(member);
      else free.set(key, [member]);
    }
    // What is taken from the end of a list is taken at no cost.
    for (const same of free.values()) same.reverse();
    for (const member of before) {
      const identity = partners.has(member) ? undefined : identityBy(member, names);
      const partner = identity && free.get(identity.key)?.pop();
      if (!partner) continue;
      taken.add(partner);
      partners.set(member, { before: member, after: partner, identity: identity.words });
    }
  }
  const alone = (member: Member): { readonly identity?: string } => {
    for (const names of identities) {
      const identity = identityBy(member, names);
      if (identity) return { identity: identity.words };
    }
    return {};
  };
  return [
    ...before.map((member) => partners.get(member) ?? { before: member, ...alone(member) }),
    ...after.filter((member) => !taken.has(member)).map((member) => ({ after: member, ...alone(member) })),
  ];
};

/**
 * Two lists along their order: members that are alike stay together, and between two of those what went is taken to
 * have become what came, one by one. Members that are alike make no pair. `fingerprint` gives the same text for
 * members that are alike.
 */
export const alignByOrder = <T>(
  before: readonly T[],
  after: readonly T[],
  fingerprint: (member: T) => string,
): { readonly before?: T; readonly after?: T }[] => {
  const pairs: { readonly before?: T; readonly after?: T }[] = [];
  let [i, j] = [0, 0];
  const end = [before.length, after.length] as const;
  for (const [nextI, nextJ] of [...anchorsOf(before.map(fingerprint), after.map(fingerprint)), end]) {
    for (; i < nextI && j < nextJ; i++, j++) pairs.push({ before: before[i] as T, after: after[j] as T });
    for (; i < nextI; i++) pairs.push({ before: before[i] as T });
    for (; j < nextJ; j++) pairs.push({ after: after[j] as T });
    i = nextI + 1;
    j = nextJ + 1;
  }
  return pairs;
};

/**
 * The pairs with what was left over of both lists brought together where nothing tells two members of one type apart:
 * one of them has nothing that identifies it.
 */
const joinNameless = (pairs: readonly Pair[]): readonly Pair[] => {
  const tables = new Map<Table, string>();
  const typeOf = ({ before, after }: Pair): string => {
    const { table } = (before ?? after) as Member;
    const known = tables.get(table) ?? String(tables.size);
    tables.set(table, known);
    return known;
  };
  const lost = pairs.filter(({ after }) => !after);
  const come = pairs.filter(({ before }) => !before);
  const isNamed = ({ identity }: Pair): boolean => identity !== undefined;
  const isNameless = (pair: Pair): boolean => !isNamed(pair);
  const joined = new Map<Pair, readonly Pair[]>();
  for (const { before, after } of [
    ...alignBy(lost.filter(isNameless), come.filter(isNamed), [typeOf]),
    ...alignBy(lost.filter(isNamed), come.filter(isNameless), [typeOf]),
  ])
    if (before && after) joined.set(before, [{ ...before, ...after }]).set(after, []);
  return pairs.flatMap((pair) => joined.get(pair) ?? [pair]);
};

/** The members of two lists in pairs, those apart that are alike; see {@link alignByOrder} for `fingerprint`. */
export const pairMembers = (
  before: readonly Member[],
  after: readonly Member[],
  identities: readonly (readonly string[])[] | undefined,
  fingerprint: (member: Member) => string,
): readonly Pair[] => {
  if (!identities) return alignByOrder(before, after, fingerprint);
  const identified = (member: Member) => identities.some((names) => identityBy(member, names) !== undefined);
  const nameless = (members: readonly Member[]) => members.filter((member) => !identified(member));
  return joinNameless([
    ...pairByIdentity(before.filter(identified), after.filter(identified), identities),
    ...alignByOrder(nameless(before), nameless(after), fingerprint),
  ]);
};
