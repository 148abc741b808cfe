// Which members of two lists are the same thing: by what identifies them where something does, else along the order.
import type { Value } from '../rest.js';
import type { Table } from '../table.js';
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

/** What a member has in one of its fields, by the name of the attribute or child element; null when nothing. */
const textOf = ({ table, value }: Member, name: string): string | null => {
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
    words: present.map(([name, text]) => (name === 'text()' ? text : `${name} ${text}`)).join(', '),
  };
};

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

/** The longest run of positions that rises, as indices into the list. */
const rising = (positions: readonly number[]): number[] => {
  const ends: number[] = [];
  const previous: number[] = [];
  positions.forEach((position, i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[ends[middle] as number] as number) < position) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? (ends[low - 1] as number) : -1;
    ends[low] = i;
  });
  const run: number[] = [];
  for (let i = ends[ends.length - 1] ?? -1; i !== -1; i = previous[i] as number) run.push(i);
  return run.reverse();
};

/** The positions of members that are alike and come in the same order in both lists. */
const anchorsOf = (before: readonly string[], after: readonly string[]): (readonly [number, number])[] => {
  const places = new Map<string, number[]>();
  for (let i = after.length - 1; i >= 0; i--) {
    const same = places.get(after[i] as string);
    if (same) same.push(i);
    else places.set(after[i] as string, [i]);
  }
  const found: (readonly [number, number])[] = [];
  before.forEach((print, i) => {
    const place = places.get(print)?.pop();
    if (place !== undefined) found.push([i, place]);
  });
  return rising(found.map(([, place]) => place)).map((i) => found[i] as readonly [number, number]);
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

/** The members of two lists in pairs, those apart that are alike; see {@link alignByOrder} for `fingerprint`. */
export const pairMembers = (
  before: readonly Member[],
  after: readonly Member[],
  identities: readonly (readonly string[])[] | undefined,
  fingerprint: (member: Member) => string,
): Pair[] => {
  if (!identities) return alignByOrder(before, after, fingerprint);
  const identified = (member: Member) => identities.some((names) => identityBy(member, names) !== undefined);
  const nameless = (members: readonly Member[]) => members.filter((member) => !identified(member));
  return [
    ...pairByIdentity(before.filter(identified), after.filter(identified), identities),
    ...alignByOrder(nameless(before), nameless(after), fingerprint),
  ];
};
