// What is different between two documents of one kind. Both are walked along their schema; what the schema does not
// type is compared as XML. diff/ says which list members belong together and what libvirt fills in by itself.
import { ruleOf } from './diff/filled-in.js';
import { identityOf } from './diff/identity.js';
import { meaningOf, xmlMeaning } from './diff/meaning.js';
import { alignByOrder, type Member, pairMembers } from './diff/pair.js';
import { type AnyDocument, schemaOf, writeAs } from './documents.js';
import { show } from './fault.js';
import { type Rest, rest, type Value } from './rest.js';
import {
  type AttributeSlot,
  type BodySlot,
  type ChildSlot,
  type ContentSlot,
  choiceOf,
  type Slot,
  slotOfValue,
  type Table,
} from './table.js';
import { tableFor, untypedIn } from './untyped.js';

/** One thing that is different between two documents. */
export interface Difference {
  /**
   * The way to it, with positions as they are in the first document, or in the second where the first does not have
   * it: `ips[0].dhcp.hosts[1].name`. What the schema does not type follows after a slash: `bridge/@colour`,
   * `ips[0]/vendor:note`.
   */
  readonly path: string;
  /** The value in the first document; undefined when it is not there. Untyped elements are XML text. */
  readonly before: unknown;
  /** The value in the second document; undefined when it is not there. Untyped elements are XML text. */
  readonly after: unknown;
  /** What identifies the innermost list member on the way, where something does: `mac 52:54:00:12:34:56`. */
  readonly member?: string;
}

/** What {@link diff} does not count. */
export interface DiffOptions {
  /**
   * `filled-in`: what libvirt fills in by itself and one of the documents leaves out (a UUID, the bridge's name,
   * defaults), counters of the moment, and values written otherwise that mean the same (a netmask and its prefix, a
   * MAC address in capitals). Nothing when it is left out.
   */
  readonly ignore?: 'filled-in';
}

/** The two documents of a comparison at one point: the ways to it, and what is collected. */
interface Place {
  readonly kind: string;
  readonly lenient: boolean;
  /** The elements from the root by name. */
  readonly xml: string;
  readonly before: string;
  readonly after: string;
  readonly member: string | undefined;
  readonly found: Difference[];
}

/** An element of one of the documents. */
interface Side {
  readonly table: Table;
  readonly value: Value;
  readonly kept: Rest | undefined;
}

const joined = (path: string, step: string): string => (path && step ? `${path}.${step}` : path || step);

/** The place of a field's elements. Documents in a document follow the rules of their own kind. */
const inside = (place: Place, { key, name, inside }: ChildSlot): Place => ({
  ...place,
  ...(inside ? { kind: inside.kind, xml: name } : { xml: `${place.xml}/${name}` }),
  before: joined(place.before, key),
  after: joined(place.after, key),
});

const note = (place: Place, before: unknown, after: unknown): void => {
  const path = before === undefined ? place.after : place.before;
  const { member } = place;
  place.found.push(Object.freeze({ path, before, after, ...(member !== undefined && { member }) }));
};

const rule = ({ kind, lenient }: Place, path: string) => (lenient ? ruleOf(kind, path) : undefined);

/** Whether two values of one attribute or text say the same. */
const compareText = (
  slots: readonly [AttributeSlot | BodySlot | ContentSlot, AttributeSlot | BodySlot | ContentSlot],
  before: unknown,
  after: unknown,
  place: Place,
): void => {
  const [slot] = slots;
  const at = slot.at === 'attribute' ? `${place.xml}/@${slot.name}` : place.xml;
  const says = rule(place, at);
  const isMissing = before === undefined || after === undefined;
  if (says?.is === 'state' || (says?.is === 'made up' && isMissing)) return;
  const fallback = says?.is === 'default' ? says.text : undefined;
  const [old, now] = [before, after].map((value, i) => {
    const { at, ...field } = slots[i] as AttributeSlot | BodySlot | ContentSlot;
    if (value === undefined) return fallback;
    if (at === 'content') return xmlMeaning(value as string);
    const { codec } = field as AttributeSlot;
    const text = codec.print(value) ?? fallback;
    return text !== undefined && place.lenient ? meaningOf(codec, text) : text;
  });
  if (old === now) return;
  note(
    { ...place, before: joined(place.before, slot.key), after: joined(place.after, slot.key) },
    before,
    after,
  );
};

/** The element that a member of a field is. Of an unwrapped one the list of its parts knows what it keeps. */
const sideOf = (slot: ChildSlot, member: unknown, kept: Rest | undefined): Side | undefined => {
  const value = slot.unwrapped ? { '': member } : (member as Value);
  const own = slotOfValue(slot, value);
  const table = own && tableFor(own, value);
  const part = slot.unwrapped
    ? kept?.children?.find(
        ({ key, ...other }) => key === slot.key && 'value' in other && (!slot.many || other.value === member),
      )
    : undefined;
  const its = part && 'rest' in part ? part.rest : (value as Value)[rest];
  return table && { table, value, kept: its };
};

const empty: Value = Object.freeze({});

const compareOne = (
  slots: readonly [ChildSlot, ChildSlot],
  sides: readonly [Side, Side],
  place: Place,
): void => {
  const [slot] = slots;
  const here = inside(place, slot);
  const says = rule(place, here.xml);
  const [before, after] = slots.map((each, i) => {
    const { value, kept } = sides[i] as Side;
    const member = value[each.key];
    return member === undefined ? undefined : sideOf(each, member, kept);
  });
  if (says?.is === 'state' || (!before && !after)) return;
  const given = (i: 0 | 1): unknown => sides[i].value[slots[i].key];
  if (before && after) {
    if (before.table === after.table) compareElements(before, after, here);
    else note(here, given(0), given(1));
    return;
  }
  if (says?.is === 'made up') return;
  const there = before ?? after;
  const nothing = there && { table: there.table, value: empty, kept: undefined };
  if (nothing && (says?.is === 'implied' || says?.is === 'default'))
    compareElements(before ?? nothing, after ?? nothing, here);
  else note(here, given(0), given(1));
};

const membersOf = (slot: ChildSlot, { value, kept }: Side): (Member & Side)[] =>
  ((value[slot.key] ?? []) as readonly unknown[]).flatMap((member, index) => {
    const side = sideOf(slot, member, kept);
    return side ? [{ index, ...side }] : [];
  });

const compareMany = (
  slots: readonly [ChildSlot, ChildSlot],
  sides: readonly [Side, Side],
  place: Place,
): void => {
  const [slot] = slots;
  const here = inside(place, slot);
  const says = rule(place, here.xml);
  const before = membersOf(slots[0], sides[0]);
  const after = membersOf(slots[1], sides[1]);
  if (says?.is === 'state' || (says?.is === 'made up' && (before.length === 0 || after.length === 0))) return;
  const identities = identityOf(slot.inside?.name ?? sides[0].table.name, slot.name);
  const print = (member: Member): string => fingerprint(member as Member & Side);
  for (const pair of pairMembers(before, after, identities, print)) {
    const [old, now] = [pair.before, pair.after] as readonly (undefined | (Member & Side))[];
    const its: Place = {
      ...here,
      before: old ? `${here.before}[${old.index}]` : here.before,
      after: now ? `${here.after}[${now.index}]` : here.after,
      member: pair.identity ?? place.member,
    };
    if (old && now && old.table === now.table) compareElements(old, now, its);
    else note(its, old && given(slot, old), now && given(slots[1], now));
  }
};

/** A member of a list as it stands in the document. */
const given = ({ unwrapped }: ChildSlot, { value }: Side): unknown => (unwrapped ? value[''] : value);

/** A text that two elements have in common when nothing is different between them. */
const fingerprint = ({ table, value, kept }: Side): string => {
  const field = (slot: Slot): unknown => {
    const member = value[slot.key];
    if (member === undefined) return null;
    if (slot.at === 'content') return xmlMeaning(member as string);
    if (slot.at !== 'child') return slot.codec.print(member);
    const members = slot.many ? (member as readonly unknown[]) : [member];
    return members.map((one) => {
      const side = sideOf(slot, one, kept);
      return side && fingerprint(side);
    });
  };
  const others = untypedIn(table, value, kept).map(({ step, text }) => [step, untypedMeaning(step, text)]);
  return JSON.stringify([table.name, table.slots.map(field), others]);
};

const untypedMeaning = (step: string, text: string): string =>
  step.startsWith('@') ? text : xmlMeaning(text);

/** Attributes, elements and texts that the schema does not type: those of one name in their order. */
const compareUntyped = (before: Side, after: Side, place: Place): void => {
  const listOf = ({ table, value, kept }: Side) => untypedIn(table, value, kept);
  const [old, now] = [listOf(before), listOf(after)];
  for (const step of new Set([...old, ...now].map((part) => part.step))) {
    const [was, is] = [old, now].map((parts) =>
      parts.filter((part) => part.step === step).map(({ text }, index) => ({ text, index })),
    ) as [{ text: string; index: number }[], { text: string; index: number }[]];
    const path = (around: string, index: number | undefined, count: number): string =>
      `${around}${around && '/'}${step}${count > 1 && index !== undefined ? `[${index}]` : ''}`;
    for (const pair of alignByOrder(was, is, ({ text }) => untypedMeaning(step, text)))
      note(
        {
          ...place,
          before: path(place.before, pair.before?.index, was.length),
          after: path(place.after, pair.after?.index, is.length),
        },
        pair.before?.text,
        pair.after?.text,
      );
  }
};

const compareElements = (before: Side, after: Side, place: Place): void => {
  const says = rule(place, place.xml);
  if (says?.is === 'completed') {
    before = { ...before, value: says.complete(before.value) };
    after = { ...after, value: says.complete(after.value) };
  }
  for (const key of new Set([...before.table.byKey.keys(), ...after.table.byKey.keys()])) {
    const old = before.table.byKey.get(key) ?? after.table.byKey.get(key);
    const now = after.table.byKey.get(key) ?? old;
    if (!old || !now) continue;
    const [was, is] = [before.value[key], after.value[key]];
    if (old.at !== 'child' && now.at !== 'child') compareText([old, now], was, is, place);
    else if (old.at !== 'child' || now.at !== 'child' || old.many !== now.many)
      note({ ...place, before: joined(place.before, key), after: joined(place.after, key) }, was, is);
    else (old.many ? compareMany : compareOne)([old, now], [before, after], place);
  }
  compareUntyped(before, after, place);
};

/**
 * What is different between two documents of one kind: a list of paths with the values before and after, in the order
 * of the schema; empty when nothing is. It is frozen; the values in it are those of the documents.
 *
 * A list's members are matched by what identifies them, wherever they stand: a DHCP host by MAC address, DUID or
 * address, a port group by name, an `<ip>` by address, a NIC of a domain by MAC address or alias. What only one list has is a difference with the whole member
 * as `after` (added) or `before` (removed). Members that nothing identifies, or whose order means something, are
 * compared along their order. What the documents keep untyped is compared as XML, whose layout, comments and prefixes
 * do not matter.
 *
 * Throws a `TypeError` when the documents are of different kinds, and what {@link toXML} throws when one of them is no
 * document.
 *
 * ```ts
 * const lab = parseNetwork(`<network><name>lab</name><ip address='10.0.0.1' prefix='24'><dhcp>
 *   <host mac='52:54:00:00:00:01' name='a' ip='10.0.0.2'/></dhcp></ip></network>`);
 * const [ip] = lab.ips ?? [];
 * const hosts = [{ mac: '52:54:00:00:00:01', name: 'b', ip: '10.0.0.2' }];
 * diff(lab, { ...lab, ips: [{ ...ip, dhcp: { hosts } }] });
 * // [{ path: 'ips[0].dhcp.hosts[0].name', before: 'a', after: 'b', member: 'mac 52:54:00:00:00:01' }]
 *
 * // Has anybody changed the network that was built?
 * diff(built, await network.describe({ inactive: true }), { ignore: 'filled-in' });
 * ```
 *
 * @param a the document before.
 * @param b the document after, of the same kind.
 */
export const diff = <D extends AnyDocument>(
  a: D,
  b: Extract<AnyDocument, { readonly kind: D['kind'] }>,
  { ignore }: DiffOptions = {},
): readonly Difference[] => {
  if (ignore !== undefined && ignore !== 'filled-in')
    throw new TypeError(`ignore: ${show(ignore)} is not 'filled-in'`);
  const schema = schemaOf(a);
  if (schema !== schemaOf(b))
    throw new TypeError(
      `kind: a ${a.kind} and a ${b.kind} cannot be compared; documents of one kind have differences`,
    );
  const [before, after] = [a, b].map((document): Side => {
    writeAs(schema, document);
    const value = document as unknown as Value;
    return { table: tableFor({ choice: choiceOf(schema.root) }, value) as Table, value, kept: value[rest] };
  }) as [Side, Side];
  const found: Difference[] = [];
  const { name: xml } = schema.root;
  const lenient = ignore === 'filled-in';
  compareElements(before, after, {
    kind: a.kind,
    lenient,
    xml,
    before: '',
    after: '',
    member: undefined,
    found,
  });
  return Object.freeze(found);
};
