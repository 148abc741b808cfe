// Lists what a document kept of its text without typing it.
import { type Rest, rest, type Value } from './rest.js';
import type { Document } from './schema.js';
import { type UntypedPart, untypedInSource } from './splice/untyped.js';
import { type ChildSlot, choiceOf, slotOfValue, type Table } from './table.js';

/** Something that a document keeps as it was written, because its schema has no field that can read it. */
export interface Untyped {
  /** The way to it from the root: `network/ip/@mtu`, `network/vendor:note`, `network/dns/text()`. */
  readonly path: string;
  /** The attribute's text, or the XML of the element or text. */
  readonly text: string;
}

/** The variant that a value is; undefined for one that no reader made. */
export const tableFor = (slot: Pick<ChildSlot, 'choice' | 'among'>, value: Value): Table | undefined => {
  const choice = slotOfValue(slot, value)?.choice;
  if (choice === undefined) return undefined;
  if (choice.by === undefined) return choice.table;
  const text = value[choice.by];
  return text === undefined ? choice.otherwise : choice.variants.get(text as string);
};

/** What an element itself keeps untyped, without what the elements in it keep. */
export const untypedIn = (table: Table, value: Value, kept: Rest | undefined): readonly UntypedPart[] => {
  if (kept?.source) return [...untypedInSource(table, value, kept.source)];
  const found: UntypedPart[] = [];
  for (const part of kept?.attributes ?? []) {
    if (part.key !== undefined || part.name === 'xmlns' || part.name.startsWith('xmlns:')) continue;
    const slot = table.byAttribute.get(part.name);
    if (!slot || value[slot.key] === undefined) found.push({ step: `@${part.name}`, text: part.text });
  }
  for (const part of kept?.children ?? []) {
    if (part.key !== undefined || part.step === undefined) continue;
    if (part.misfit === undefined || value[part.misfit] === undefined)
      found.push({ step: part.step, text: part.source });
  }
  return found;
};

const collect = (
  table: Table,
  value: Value,
  kept: Rest | undefined,
  path: string,
  found: Untyped[],
): void => {
  for (const { step, text } of untypedIn(table, value, kept)) found.push({ path: `${path}/${step}`, text });
  for (const slot of table.children) {
    const member = value[slot.key];
    if (member === undefined) continue;
    const members = slot.many ? (member as readonly unknown[]) : [member];
    for (const one of members) {
      const child = (slot.unwrapped ? { '': one } : one) as Value;
      const inner = tableFor(slot, child);
      const part = slot.unwrapped
        ? kept?.children?.find((other) => other.key === slot.key && (!slot.many || other.value === one))
        : undefined;
      const itsRest = part?.key === undefined ? child[rest] : part.rest;
      const around = slot.inside ? `${path}/${slot.inside.name}` : path;
      if (inner) collect(inner, child, itsRest, `${around}/${inner.name}`, found);
    }
  }
};

/** Everything in a document that its schema does not type, namespace declarations and comments apart. */
export const untypedOf = (document: Document<unknown>, value: unknown): readonly Untyped[] => {
  const table = tableFor({ choice: choiceOf(document.root) }, value as Value);
  const found: Untyped[] = [];
  if (table) collect(table, value as Value, (value as Value)[rest], table.name, found);
  return found;
};
