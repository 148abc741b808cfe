// Declarations made ready for reading and writing: each element's fields by XML name, by key and in
// order, worked out once and not for every document.
import { type Codec, oneOf } from './codec.js';
import { attribute, type Element, type Field, required, type Shape } from './schema.js';

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
}

export type Slot = AttributeSlot | BodySlot | ContentSlot | ChildSlot;

/** Which element it is: one, or by an attribute one of several. */
export type Choice =
  | { readonly by: undefined; readonly table: Table }
  | {
      readonly by: string;
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
  readonly exclusive: readonly (readonly [Slot, Slot])[];
  /** The element has text that may be blank: white space in it is not for the reader's eye. */
  readonly inline: boolean;
}

/** The prefix and the local part of a name. */
export const splitName = (name: string): readonly [prefix: string | undefined, local: string] => {
  const colon = name.indexOf(':');
  return colon === -1 ? [undefined, name] : [name.slice(0, colon), name.slice(colon + 1)];
};

const slotOf = (key: string, index: number, field: Field<unknown>): Slot => {
  const { place } = field;
  const base = { key, index, required: field.required };
  switch (place.at) {
    case 'attribute':
      return { ...base, at: 'attribute', name: place.name, codec: place.codec };
    case 'body':
      return { ...base, at: 'body', codec: place.codec };
    case 'content':
      return { ...base, at: 'content' };
    case 'child': {
      const { shape, many, unwrapped } = place;
      const [prefix, local] = splitName(shape.name);
      return {
        ...base,
        at: 'child',
        name: shape.name,
        prefix,
        local,
        many,
        unwrapped,
        choice: choiceOf(shape),
      };
    }
  }
};

const choiceOf = (shape: Shape): Choice => {
  if (shape.type === 'element') return { by: undefined, table: tableOf(shape) };
  const { by, variants, otherwise } = shape;
  const texts = Object.keys(variants);
  return {
    by,
    codec: oneOf(...texts),
    variants: new Map(
      texts.map((text) => {
        const variant = variants[text] as Element<unknown>;
        // The attribute that tells the variants apart is a field like any other, with one value.
        const fields = { [by]: required(attribute(by, oneOf(text))), ...variant.fields };
        return [text, tableOf({ ...variant, fields })];
      }),
    ),
    otherwise: otherwise && tableOf(otherwise),
  };
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
  const exclusive: [Slot, Slot][] = [];
  const requiredSlots: Slot[] = [];
  const byAttribute = new Map<string, AttributeSlot>();
  const byChild = new Map<string, ChildSlot>();
  const fields = Object.entries(element.fields);
  const inner = fields.find(([, { place }]) => place.at === 'body' || place.at === 'content');
  const innerSlot = inner && (slotOf(inner[0], fields.indexOf(inner), inner[1]) as BodySlot | ContentSlot);
  const table: Table = {
    name: element.name,
    open: element.open,
    slots,
    attributes,
    children,
    inner: innerSlot,
    required: requiredSlots,
    byKey,
    byAttribute,
    byChild,
    exclusive,
    inline: innerSlot?.at === 'body',
  };
  // Known before its fields are: an element may be found inside itself.
  tables.set(element, table);
  fields.forEach(([key, field], index) => {
    const slot = slotOf(key, index, field);
    slots.push(slot);
    byKey.set(key, slot);
    if (slot.required) requiredSlots.push(slot);
    if (slot.at === 'attribute') {
      if (byAttribute.has(slot.name))
        throw new Error(`<${element.name}> declares attribute ${slot.name} twice`);
      attributes.push(slot);
      byAttribute.set(slot.name, slot);
    } else if (slot.at === 'child') {
      if (byChild.has(slot.name)) throw new Error(`<${element.name}> declares <${slot.name}> twice`);
      children.push(slot);
      byChild.set(slot.name, slot);
    }
  });
  for (const [a, b] of element.exclusive) exclusive.push([byKey.get(a) as Slot, byKey.get(b) as Slot]);
  return table;
};
