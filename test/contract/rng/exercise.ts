// Which fields of a schema a document exercises. A field counts once in each variant of a union that has it: that the
// MTU of a bridge's NIC was read says nothing of the MTU of another.
import { rest, type Value } from '../../../lib/xml/rest.js';
import type { Document } from '../../../lib/xml/schema.js';
import {
  type ChildSlot,
  type Choice,
  choiceOf,
  type Slot,
  slotOfValue,
  type Table,
} from '../../../lib/xml/table.js';
import { tableFor } from '../../../lib/xml/untyped.js';

type Schema = Pick<Document<unknown>, 'root'>;

/** A field by its way from the root: `interface[type=direct]/source/@mode`. */
export type FieldName = string;

/** A declared field, and where it stands in the XML, as `fieldsOf` has it. */
export interface Declared {
  readonly name: FieldName;
  readonly place: string;
}

const tablesOf = (choice: Choice): readonly Table[] =>
  choice.by === undefined
    ? [choice.table]
    : [...new Set([...choice.variants.values(), ...(choice.otherwise ? [choice.otherwise] : [])])];

/** The element of a table as a step: with the text that tells its variant, where it is one of several. */
const stepOf = ({ name, byKey }: Table, { by }: Choice): string => {
  if (by === undefined) return name;
  const slot = byKey.get(by);
  const texts = slot?.at === 'attribute' ? (slot.codec.texts ?? []) : [];
  return `${name}[${by}${texts.length > 0 ? `=${texts.join('|')}` : ' absent'}]`;
};

const stepIn = (slot: Slot): string =>
  slot.at === 'attribute' ? `@${slot.name}` : slot.at === 'content' ? '*' : 'text()';

const slotsOf = (slot: ChildSlot): readonly ChildSlot[] => (slot.among ? [...slot.among.values()] : [slot]);

/** Every field of a schema. */
export const declaredIn = ({ root }: Schema): readonly Declared[] => {
  const found: Declared[] = [];
  const visit = (choice: Choice, name: string, place: string, around: readonly Table[]): void => {
    for (const table of tablesOf(choice)) {
      // An element inside of itself has been listed already.
      if (around.includes(table)) continue;
      const here = `${name}${stepOf(table, choice)}/`;
      const there = `${place}${table.name}`;
      for (const slot of table.slots) {
        if (slot.at !== 'child') found.push({ name: here + stepIn(slot), place: `${there} ${stepIn(slot)}` });
        else for (const one of slotsOf(slot)) visit(one.choice, here, `${there}/`, [...around, table]);
      }
    }
  };
  visit(choiceOf(root), '', '', []);
  return found;
};

/** The fields that have a value in a document. */
export const exercisedBy = ({ root }: Schema, document: unknown): ReadonlySet<FieldName> => {
  const found = new Set<FieldName>();
  const visit = (slot: Pick<ChildSlot, 'choice' | 'among'>, value: Value, name: string): void => {
    const choice = slotOfValue(slot, value)?.choice;
    const table = tableFor(slot, value);
    if (!choice || !table) return;
    const here = `${name}${stepOf(table, choice)}/`;
    for (const inner of table.slots) {
      const member = value[inner.key];
      if (member === undefined) continue;
      if (inner.at !== 'child') found.add(here + stepIn(inner));
      else
        for (const one of inner.many ? (member as readonly unknown[]) : [member])
          visit(inner, (inner.unwrapped ? { '': one } : one) as Value, here);
    }
  };
  const { [rest]: _, ...value } = document as Value;
  visit({ choice: choiceOf(root) }, value, '');
  return found;
};
