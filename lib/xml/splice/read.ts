// Reads a document of which only a part is typed: its values, and where in the text they stand. The text itself is
// kept whole; write.ts puts into it what was changed.
import { XmlElement } from '@rgrove/parse-xml';
import { openDocument, type Reading, readChild } from '../read.js';
import { type Box, rest, restOf, type SourcePart, type Span, type Value } from '../rest.js';
import type { Document } from '../schema.js';
import type { ChildSlot, Table } from '../table.js';

/** Where an element stands, without holding on to the tree. Of the end of a text the parser can say Infinity. */
const spanOf = ({ name, start, end }: XmlElement, text: string): Span & { readonly name: string } => ({
  name,
  start,
  end: Math.min(end, text.length),
});

/** Where an element and those in it stand. */
const boxOf = (node: XmlElement, text: string): Box => {
  const children = node.children.filter((child) => child instanceof XmlElement);
  return { ...spanOf(node, text), children: children.map((child) => spanOf(child, text)) };
};

const readPart = (slot: ChildSlot, node: XmlElement, reading: Reading): SourcePart | undefined => {
  const outcome = readChild(slot, node, reading);
  const { inside } = slot;
  // An element that there is one of is known also when it cannot be read: it gives way to a value that is set.
  if (!outcome)
    return inside ? undefined : { key: slot.key, value: undefined, start: node.start, end: node.end };
  const value = inside ? Object.freeze({ kind: inside.kind, ...(outcome.value as Value) }) : outcome.value;
  return { key: slot.key, value, rest: outcome.rest, start: node.start, end: node.end };
};

/** The values of the root's elements and of the documents inside them, in the order of the text. */
function* partsOf(table: Table, root: XmlElement, reading: Reading): Generator<SourcePart> {
  const seen = new Set<string>();
  for (const child of root.children) {
    if (!(child instanceof XmlElement)) continue;
    const slot = table.byChild.get(child.name);
    // Of an element that there can only be one of, libvirt takes the first.
    const part = slot && !seen.has(slot.key) ? readPart(slot, child, reading) : undefined;
    if (part) {
      seen.add(part.key);
      yield part;
    }
    for (const nested of table.children) {
      if (nested.inside?.name !== child.name) continue;
      for (const node of child.children) {
        if (!(node instanceof XmlElement) || node.name !== nested.name) continue;
        const inner = readPart(nested, node, reading);
        if (inner) yield inner;
      }
    }
  }
}

/** Reads a document of one kind, and keeps its text. */
export const readSpliced = <T>(document: Document<T>, text: string, parsed?: XmlElement): T => {
  const { root, table, reading, refuse } = openDocument(document, text, parsed);
  const parts = [...partsOf(table, root, reading)];
  const attributes: Value = {};
  for (const { key, name, codec } of table.attributes) {
    const attribute = root.attributes[name];
    if (attribute !== undefined) attributes[key] = codec.parse(attribute);
  }
  const value: Value = { kind: document.kind };
  for (const slot of table.slots) {
    const members = parts.filter(({ key }) => key === slot.key).map((part) => part.value);
    const isList = slot.at === 'child' && slot.many;
    const member =
      slot.at === 'attribute' ? attributes[slot.key] : isList ? Object.freeze(members) : members[0];
    if (member !== undefined) value[slot.key] = member;
    else if (slot.required) refuse(slot);
  }
  const boxes = new Map<string, Box>();
  for (const { inside } of table.children) {
    const around = root.children.find((child) => child instanceof XmlElement && child.name === inside?.name);
    if (around instanceof XmlElement) boxes.set(around.name, boxOf(around, text));
  }
  value[rest] = restOf({ source: { text, root: boxOf(root, text), boxes, attributes, parts } });
  return Object.freeze(value) as T;
};
