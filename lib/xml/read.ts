// Reads a document: from text through the tree of @rgrove/parse-xml to the typed value. An element that is
// just what the writer would write gives a plain object; whatever is different is kept beside it (keep.ts).
import { XmlElement, type XmlNode, XmlText } from '@rgrove/parse-xml';
import { positionOf, XmlError } from './error.js';
import { keep, type Outcome } from './keep.js';
import { contentOf, namespaceAt } from './namespace.js';
import { parseTree } from './parse.js';
import { rest, restOf, type Value } from './rest.js';
import type { Document, Infer } from './schema.js';
import { type ChildSlot, type Slot, splitName, type Table, tableOf } from './table.js';
import { escapeText, isBlank } from './text.js';

/** What reading an element needs to know of the text around it. */
export interface Reading {
  readonly text: string;
  /** The namespaces of the document's own prefixes. */
  readonly namespaces: { readonly [prefix: string]: string };
  /** The required field for want of which the last element was not read. */
  missing?: Slot;
}

/** The field that a child element is for. The prefix that stands in the text need not be libvirt's. */
const slotFor = (table: Table, node: XmlElement, { namespaces }: Reading): ChildSlot | undefined => {
  const { name } = node;
  const declares = node.attributes.xmlns;
  if (declares === undefined && !name.includes(':')) {
    const slot = table.byChild.get(name);
    if (slot) return slot;
    // Only a table of a namespace can have children that inherit it as the default.
    if (!table.children.some((child) => child.prefix)) return undefined;
  }
  const [prefix = '', local] = splitName(name);
  const namespace = namespaceAt(node, prefix);
  if (!namespace) return prefix === '' ? table.byChild.get(local) : undefined;
  return table.children.find(
    (slot) => slot.prefix && slot.local === local && namespaces[slot.prefix] === namespace,
  );
};

/** The variant that an element is; undefined when it is none. */
const tableFor = ({ choice }: ChildSlot, node: XmlElement): Table | undefined => {
  if (choice.by === undefined) return choice.table;
  const text = node.attributes[choice.attribute];
  return text === undefined ? choice.otherwise : choice.variants.get(text);
};

/** The value of a wrapper with nothing inside: only lists can be absent from one. */
const none: readonly unknown[] = Object.freeze([]);

/** The element's own text, without that of its children. */
const ownText = (node: XmlElement): string => {
  let text = '';
  for (const child of node.children) if (child instanceof XmlText) text += child.text;
  return text;
};

/**
 * The value of an element that is one text without anything else: `<name>default</name>`. It is most of what
 * documents have of text, so it goes past the general way; undefined sends it there.
 */
const readLeaf = (table: Table, node: XmlElement, reading: Reading): unknown => {
  const slot = table.inner;
  const [child] = node.children;
  if (slot?.at !== 'body' || node.children.length !== 1 || !(child instanceof XmlText)) return undefined;
  for (const _ in node.attributes) return undefined;
  const { text } = child;
  const value = slot.codec.parse(text);
  if (value === undefined || (!slot.codec.exact && slot.codec.print(value) !== text)) return undefined;
  // References and CDATA are written otherwise than they were.
  const source = escapeText(text);
  return child.end - child.start === source.length && reading.text.startsWith(source, child.start)
    ? value
    : undefined;
};

/** The value of an element, or undefined when it lacks something that every such element has. */
export const readElement = (table: Table, node: XmlElement, reading: Reading): Value | undefined => {
  const values: unknown[] = new Array(table.slots.length).fill(undefined);
  let plain = true;

  let last = -1;
  for (const name in node.attributes) {
    const slot = table.byAttribute.get(name);
    if (slot === undefined) {
      plain = false;
      continue;
    }
    const text = node.attributes[name] as string;
    const value = slot.codec.parse(text);
    values[slot.index] = value;
    if (value === undefined || slot.index < last) plain = false;
    else if (!slot.codec.exact && slot.codec.print(value) !== text) plain = false;
    last = slot.index;
  }

  const { children } = node;
  const outcomes: Outcome[] = new Array(children.length).fill(undefined);
  const { inner } = table;
  if (inner?.at === 'content') {
    values[inner.index] = contentOf(node, reading.text);
  } else {
    last = -1;
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as XmlNode;
      if (child instanceof XmlElement) {
        const slot = slotFor(table, child, reading);
        const shape = slot && tableFor(slot, child);
        if (slot === undefined || shape === undefined) {
          plain = false;
          continue;
        }
        if (slot.index < last || child.name !== slot.name) plain = false;
        else last = slot.index;
        const list = values[slot.index] as unknown[] | undefined;
        if (list !== undefined && !slot.many) {
          plain = false;
          continue;
        }
        let value: unknown = slot.unwrapped ? readLeaf(shape, child, reading) : undefined;
        if (value === undefined) {
          const read = readElement(shape, child, reading);
          if (read === undefined) {
            plain = false;
            continue;
          }
          value = read;
          if (slot.unwrapped) {
            value = read[''] ?? none;
            if (shape.inner || read[rest]) {
              plain = false;
              outcomes[i] = { slot, value, rest: read[rest] };
            }
          }
        }
        outcomes[i] ??= { slot, value };
        if (!slot.many) values[slot.index] = value;
        else if (list) list.push(value);
        else values[slot.index] = [value];
      } else if (!(child instanceof XmlText)) {
        plain = false;
      } else if (inner === undefined && !isBlank(child.text)) {
        plain = false;
      }
    }
    if (inner?.at === 'body') {
      const text = ownText(node);
      const { codec } = inner;
      const value =
        text === '' && !inner.required ? undefined : (codec.parse(text) ?? codec.parse(text.trim()));
      values[inner.index] = value;
      if (text !== '' && (value === undefined || codec.print(value) !== text)) plain = false;
    }
  }

  for (const [a, b] of table.exclusive) {
    if (values[a.index] !== undefined && values[b.index] !== undefined) {
      values[b.index] = undefined;
      plain = false;
    }
  }
  for (const slot of table.required) {
    if (values[slot.index] !== undefined) continue;
    reading.missing = slot;
    return undefined;
  }

  const value: Value = {};
  for (const slot of table.slots) {
    const member = values[slot.index];
    if (member === undefined) continue;
    value[slot.key] = slot.at === 'child' && slot.many ? Object.freeze(member) : member;
  }
  if (!plain) {
    const kept = keep(table, node, value, outcomes, reading);
    if (kept) value[rest] = kept;
  }
  return Object.freeze(value) as Value;
};

const describe = (slot: Slot): string =>
  slot.at === 'attribute' ? `attribute ${slot.name}` : slot.at === 'child' ? `<${slot.name}>` : 'text';

/** Reads a document of one kind. */
export const readDocument = <D extends Document<unknown>>(document: D, text: string): Infer<D> => {
  if (typeof text !== 'string')
    throw new TypeError(`the XML of a ${document.kind} is a string, not ${typeof text}`);
  const root = parseTree(text);
  const table = tableOf(document.root);
  const at = positionOf(text, root.start);
  if (root.name !== table.name)
    throw new XmlError(`<${table.name}> expected, <${root.name}> found`, root.name, at);
  const reading: Reading = { text, namespaces: document.namespaces };
  const value = readElement(table, root, reading);
  if (value === undefined) {
    const lacks = reading.missing ? `: it has no ${describe(reading.missing)} that can be read` : '';
    throw new XmlError(`this is no <${table.name}> document${lacks}`, table.name, at);
  }
  const before = text
    .slice(0, root.start)
    .replace(/^\uFEFF/, '')
    .trim();
  const after = text.slice(root.end).trim();
  const whole: Value = { kind: document.kind, ...value };
  if (before || after)
    whole[rest] = restOf({ ...value[rest], ...(before && { before }), ...(after && { after }) });
  return Object.freeze(whole) as Infer<D>;
};
