// Declarations made ready for reading and writing: each element's fields by XML name, by key and in
// order, worked out once and not for every document.
import { type Codec, oneOf } from './codec.js';
import type { Value } from './rest.js';
import type { Element, Field, Inside, Mixture, Place, Shape } from './schema.js';

interface SlotBase {
  /** The field's name in the value. */
  readonly key: string;
  /** The field's place in the order of the declaration. */
  readonly index: number;
  readonly required: boolean;
}

/** A field whose value is an attribute. */
export interface AttributeSlot extends SlotBase {
  readonly at: 'attribute';
  readonly name: string;
  readonly codec: Codec<unknown>;
}

/** A field whose value is the element's text. */
export interface BodySlot extends SlotBase {
  readonly at: 'body';
  readonly codec: Codec<unknown>;
}

/** A field whose value is everything inside the element, as XML text. */
export interface ContentSlot extends SlotBase {
  readonly at: 'content';
}

/** A field whose value is a child element, or several. */
export interface ChildSlot extends SlotBase {
  readonly at: 'child';
  /** The element's name as libvirt writes it, with a prefix if it has a namespace. */
  readonly name: string;
  readonly prefix: string | undefined;
  readonly local: string;
  readonly many: boolean;
  readonly unwrapped: boolean;
  readonly choice: Choice;
  /** The element around those of a list that are documents of their own. */
  readonly inside?: Inside;
  /** In a list of elements of several names: the slots of all of them, by the field that tells a value's. */
  readonly among?: ReadonlyMap<string, ChildSlot>;
}

export type Slot = AttributeSlot | BodySlot | ContentSlot | ChildSlot;

/** Which element it is: one, or by an attribute one of several. */
export type Choice =
  | { readonly by: undefined; readonly table: Table }
  | {
      /** The field that tells, and the attribute that it stands in. */
      readonly by: string;
      readonly attribute: string;
      readonly codec: Codec<string>;
      readonly variants: ReadonlyMap<string, Table>;
      readonly otherwise: Table | undefined;
    };

/** An element's fields. */
export interface Table {
  readonly name: string;
  readonly open: boolean;
  readonly slots: readonly Slot[];
  readonly attributes: readonly AttributeSlot[];
  readonly children: readonly ChildSlot[];
  readonly inner: BodySlot | ContentSlot | undefined;
  readonly required: readonly Slot[];
  readonly byKey: ReadonlyMap<string, Slot>;
  readonly byAttribute: ReadonlyMap<string, AttributeSlot>;
  readonly byChild: ReadonlyMap<string, ChildSlot>;
  readonly exclusive: readonly (readonly Slot[])[];
}

/** The prefix and the local part of a name. */
export const splitName = (name: string): readonly [prefix: string | undefined, local: string] => {
  const colon = name.indexOf(':');
  return colon === -1 ? [undefined, name] : [name.slice(0, colon), name.slice(colon + 1)];
};

const slotOf = (
  key: string,
  index: number,
  required: boolean,
  place: Exclude<Place, { at: 'absent' }>,
): Slot => {
  const base = { key, index, required };
  switch (place.at) {
    case 'attribute':
      return { ...base, at: 'attribute', name: place.name, codec: place.codec };
    case 'body':
      return { ...base, at: 'body', codec: place.codec };
    case 'content':
      return { ...base, at: 'content' };
    case 'child':
      return childSlot(base, place);
    case 'mixed':
      return mixedSlot(base, place.elements);
  }
};

const childSlot = (
  base: SlotBase,
  { shape, many, unwrapped, inside }: Omit<Extract<Place, { at: 'child' }>, 'at'>,
): ChildSlot => {
  const [prefix, local] = splitName(shape.name);
  const around = inside && { inside };
  const choice = choiceOf(shape);
  return { ...base, at: 'child', name: shape.name, prefix, local, many, unwrapped, choice, ...around };
};

/** The slot of the first of several elements, which knows those of all. */
const mixedSlot = (base: SlotBase, elements: Mixture): ChildSlot => {
  const among = new Map<string, ChildSlot>();
  for (const [tell, element] of Object.entries(elements))
    among.set(tell, childSlot(base, { shape: element, many: true, unwrapped: false }));
  const [first] = among.values();
  if (!first) throw new Error(`${base.key} is a list of no elements`);
  return { ...first, among };
};

/** The slot of the element that a value is for; undefined when the value has no field that tells. */
export const slotOfValue = <S extends Pick<ChildSlot, 'among'>>(
  slot: S,
  value: Value,
): S | ChildSlot | undefined => {
  if (!slot.among) return slot;
  for (const [tell, one] of slot.among) if (value[tell] !== undefined) return one;
  return undefined;
};

/** The texts that a variant of a union is told by. */
const discriminantOf = (
  variant: Element<unknown>,
  by: string,
): readonly [name: string, texts: readonly string[]] => {
  const place = variant.fields[by]?.place;
  const texts = place?.at === 'attribute' ? (place.codec.texts ?? []) : [];
  if (place?.at !== 'attribute' || texts.length === 0)
    throw new Error(`<${variant.name}> is in a union by ${by}, which is not its attribute with known texts`);
  return [place.name, texts];
};

const makeChoice = (shape: Shape): Choice => {
  if (shape.type === 'element') return { by: undefined, table: tableOf(shape) };
  const { by, variants, otherwise } = shape;
  const byText = new Map<string, Table>();
  let attribute = '';
  for (const variant of variants) {
    const [name, texts] = discriminantOf(variant, by);
    attribute = name;
    for (const text of texts) byText.set(text, tableOf(variant));
  }
  const codec = oneOf(...byText.keys());
  return { by, attribute, codec, variants: byText, otherwise: otherwise && tableOf(otherwise) };
};

const choices = new WeakMap<Shape, Choice>();

/** Which element a shape stands for, ready for reading and writing. */
export const choiceOf = (shape: Shape): Choice => {
  const known = choices.get(shape);
  if (known) return known;
  const choice = makeChoice(shape);
  choices.set(shape, choice);
  return choice;
};

const tables = new WeakMap<Element<unknown>, Table>();

/** The table of an element. */
export const tableOf = (element: Element<unknown>): Table => {
  const known = tables.get(element);
  if (known) return known;
  const slots: Slot[] = [];
  const attributes: AttributeSlot[] = [];
  const children: ChildSlot[] = [];
  const byKey = new Map<string, Slot>();
  const exclusive: Slot[][] = [];
  const requiredSlots: Slot[] = [];
  const byAttribute = new Map<string, AttributeSlot>();
  const byChild = new Map<string, ChildSlot>();
  const table = {
    name: element.name,
    open: element.open,
    slots,
    attributes,
    children,
    inner: undefined as Table['inner'],
    required: requiredSlots,
    byKey,
    byAttribute,
    byChild,
    exclusive,
  };
  // Known before its fields are: an element may be found inside itself.
  tables.set(element, table);
  for (const [key, { place, required }] of Object.entries<Field<unknown>>(element.fields)) {
    if (place.at === 'absent') continue;
    const slot = slotOf(key, slots.length, required, place);
    slots.push(slot);
    byKey.set(key, slot);
    if (slot.required) requiredSlots.push(slot);
    if (slot.at === 'attribute') {
      if (byAttribute.has(slot.name))
        throw new Error(`<${element.name}> declares attribute ${slot.name} twice`);
      attributes.push(slot);
      byAttribute.set(slot.name, slot);
    } else if (slot.at === 'child') {
      children.push(slot);
      if (slot.inside) continue;
      for (const one of slot.among?.values() ?? [slot]) {
        if (byChild.has(one.name)) throw new Error(`<${element.name}> declares <${one.name}> twice`);
        byChild.set(one.name, one);
      }
    } else {
      table.inner = slot;
    }
  }
  for (const group of element.exclusive) exclusive.push(group.map((key) => byKey.get(key) as Slot));
  return table;
};
