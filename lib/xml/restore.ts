// Works out what to write, and in which order, for an element that keeps something of its source: what was read
// stays where it was, what was set anew takes the place of what it replaces, and what was added comes where
// libvirt would print it.
import type { AttributeField, AttributeText, ChildField, ChildText, Rest, Value } from './rest.js';
import type { AttributeSlot, BodySlot, ChildSlot, Slot, Table } from './table.js';

/** The value of an attribute's field. */
export interface AttributeStep {
  readonly slot: AttributeSlot;
  readonly value: unknown;
  /** The text that stands for the unchanged value. */
  readonly text?: string | undefined;
}

/** The value of a field, or one member of its list. */
export interface ChildStep {
  readonly slot: ChildSlot | BodySlot;
  readonly value: unknown;
  /** The position in a list. */
  readonly index?: number | undefined;
  /** The XML that stands for the unchanged value. */
  readonly source?: string | undefined;
  readonly rest?: Rest | undefined;
}

/** Something to write that has no field. */
export type TextStep<T> = T & { readonly slot?: undefined };

/** Puts the steps of added fields among the others, each behind all that libvirt prints before it. */
const arrange = <S extends { readonly slot?: Slot | undefined }>(steps: S[], added: readonly S[]): S[] => {
  const before = new Map<number, S[]>();
  for (const step of added) {
    const index = step.slot?.index ?? 0;
    const at = steps.findLastIndex(({ slot }) => slot !== undefined && slot.index < index) + 1;
    const those = before.get(at);
    if (those) those.push(step);
    else before.set(at, [step]);
  }
  return [...steps, undefined].flatMap((step, i) => [...(before.get(i) ?? []), ...(step ? [step] : [])]);
};

/** The attributes of an element in the order of its source. */
export const restoreAttributes = (
  table: Table,
  value: Value,
  parts: readonly (AttributeField | AttributeText)[],
): readonly (AttributeStep | TextStep<AttributeText>)[] => {
  const steps: (AttributeStep | TextStep<AttributeText>)[] = [];
  const done = new Set<Slot>();
  for (const part of parts) {
    if (part.key === undefined) {
      const slot = table.byAttribute.get(part.name);
      // A text that could not be read gives way to the value that was set.
      if (!slot || value[slot.key] === undefined) steps.push(part);
      continue;
    }
    const slot = table.byKey.get(part.key);
    const member = value[part.key];
    if (slot?.at !== 'attribute' || member === undefined) continue;
    done.add(slot);
    steps.push({ slot, value: member, text: member === part.value ? part.text : undefined });
  }
  const added = table.attributes.filter((slot) => !done.has(slot) && value[slot.key] !== undefined);
  return arrange(
    steps,
    added.map((slot) => ({ slot, value: value[slot.key] })),
  );
};

/**
 * Hands out a list's members at the places where those of the source stood. What both begin with and what both end
 * with stays in its place; between them a member goes where it stood, and a new one where another is gone.
 */
class Members {
  private next = 0;
  private place = 0;
  private readonly head: number;
  private readonly tail: number;
  private readonly present: ReadonlySet<unknown>;
  private readonly known: ReadonlySet<unknown>;

  constructor(
    private readonly slot: ChildSlot,
    private readonly list: readonly unknown[],
    /** The members that the source had. */
    private readonly source: readonly unknown[],
  ) {
    const most = Math.min(list.length, source.length);
    let head = 0;
    while (head < most && list[head] === source[head]) head++;
    let tail = 0;
    while (tail < most - head && list[list.length - 1 - tail] === source[source.length - 1 - tail]) tail++;
    this.head = head;
    this.tail = tail;
    this.present = new Set(list.slice(head, list.length - tail));
    this.known = new Set(source.slice(head, source.length - tail));
  }

  /**
   * The members to write at the next place of a member of the source: itself behind those put before it, or what
   * replaces it.
   */
  at(part: ChildField): ChildStep[] {
    const place = this.place++;
    if (place < this.head) return this.through(place, part);
    const fromEnd = this.source.length - place;
    if (fromEnd <= this.tail) return this.through(this.list.length - fromEnd, part);
    const end = this.list.length - this.tail;
    if (this.present.has(part.value)) {
      const index = this.list.indexOf(part.value, this.next);
      return index === -1 || index >= end ? [] : this.through(index, part);
    }
    const value = this.list[this.next];
    if (this.next >= end || this.known.has(value)) return [];
    return [{ slot: this.slot, value, index: this.next++, rest: part.rest }];
  }

  /** The members that are left. */
  left(): ChildStep[] {
    return this.until(this.list.length);
  }

  private through(index: number, { value, source, rest }: ChildField): ChildStep[] {
    const before = this.until(index);
    this.next = index + 1;
    return [...before, { slot: this.slot, value, index, source, rest }];
  }

  private until(end: number): ChildStep[] {
    const steps: ChildStep[] = [];
    for (; this.next < end; this.next++)
      steps.push({ slot: this.slot, value: this.list[this.next], index: this.next });
    return steps;
  }
}

/** What is inside an element in the order of its source. `membersOf` gives the members of a list field. */
export const restoreChildren = (
  table: Table,
  value: Value,
  parts: readonly (ChildField | ChildText)[],
  membersOf: (slot: ChildSlot) => readonly unknown[],
): readonly (ChildStep | TextStep<ChildText>)[] => {
  const lists = new Map<string, Members>();
  const lastOf = new Map<string, ChildField>();
  const sources = new Map<string, unknown[]>();
  for (const part of parts) {
    if (part.key === undefined) continue;
    lastOf.set(part.key, part);
    const source = sources.get(part.key);
    if (source) source.push(part.value);
    else sources.set(part.key, [part.value]);
  }
  const membersAt = (slot: ChildSlot): Members => {
    const members = lists.get(slot.key) ?? new Members(slot, membersOf(slot), sources.get(slot.key) ?? []);
    lists.set(slot.key, members);
    return members;
  };
  const steps: (ChildStep | TextStep<ChildText>)[] = [];
  for (const part of parts) {
    if (part.key === undefined) {
      const given = part.misfit !== undefined && value[part.misfit] !== undefined;
      const taken = part.double !== undefined && value[part.double] === undefined;
      const stale = part.pieceOf !== undefined && value[part.pieceOf.key] !== part.pieceOf.value;
      if (!given && !taken && !stale) steps.push(part);
      continue;
    }
    const slot = table.byKey.get(part.key);
    const member = value[part.key];
    // Another variant of a union may not have the field.
    if ((slot?.at !== 'child' && slot?.at !== 'body') || member === undefined) continue;
    if (slot.at === 'child' && slot.many) {
      const members = membersAt(slot);
      for (const step of members.at(part)) steps.push(step);
      if (lastOf.get(part.key) === part) for (const step of members.left()) steps.push(step);
    } else {
      const source = member === part.value ? part.source : undefined;
      steps.push({ slot, value: member, source, rest: part.rest });
    }
  }
  const added: ChildStep[] = [];
  for (const slot of table.children) {
    if (sources.has(slot.key) || value[slot.key] === undefined) continue;
    if (slot.many) for (const step of membersAt(slot).left()) added.push(step);
    else added.push({ slot, value: value[slot.key] });
  }
  if (table.inner?.at === 'body' && !sources.has(table.inner.key) && value[table.inner.key] !== undefined)
    added.push({ slot: table.inner, value: value[table.inner.key] });
  return arrange(steps, added);
};
