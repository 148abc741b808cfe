// Reads a document: from text through the tree of @rgrove/parse-xml to the typed value. An element that is
// just what the writer would write gives a plain object; whatever is different is kept beside it (keep.ts).
import { XmlElement, type XmlNode, XmlText } from '@rgrove/parse-xml';
import { positionOf, XmlError } from './error.js';
import { keep, type Outcome } from './keep.js';
import { contentOf, namespaceAt } from './namespace.js';
import { parseTree } from './parse.js';
import { rest, restOf, type Value } from './rest.js';
import type { Document } from './schema.js';
import { type BodySlot, type ChildSlot, choiceOf, type Slot, splitName, type Table } from './table.js';
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
const tableFor = ({ choice }: Pick<ChildSlot, 'choice'>, node: XmlElement): Table | undefined => {
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

/**
 * What became of the parts of an element. The functions that fill it in tell whether what they read is plain: just
 * what the writer would write for it.
 */
interface Parts {
  /** The value of each field by its index. */
  readonly values: unknown[];
  /** What became of each child. */
  readonly outcomes: (Outcome | undefined)[];
}

const readAttributes = (table: Table, node: XmlElement, { values }: Parts): boolean => {
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
  return plain;
};

/** What a child element is for a field; undefined when it is nothing that the field can read. */
export const readChild = (slot: ChildSlot, child: XmlElement, reading: Reading): Outcome | undefined => {
  const table = tableFor(slot, child);
  if (table === undefined) return undefined;
  const leaf = slot.unwrapped ? readLeaf(table, child, reading) : undefined;
  if (leaf !== undefined) return { slot, value: leaf, plain: true };
  const value = readElement(table, child, reading);
  if (value === undefined) return undefined;
  if (!slot.unwrapped) return { slot, value, plain: true };
  const kept = value[rest];
  return {
    slot,
    value: value[''] ?? none,
    rest: kept,
    plain: kept === undefined && table.inner === undefined,
  };
};

const readChildren = (table: Table, node: XmlElement, parts: Parts, reading: Reading): boolean => {
  const { values, outcomes } = parts;
  let plain = true;
  let last = -1;
  for (let i = 0; i < node.children.length; i++) {
    const child = node.children[i] as XmlNode;
    if (!(child instanceof XmlElement)) {
      if (!(child instanceof XmlText) || (table.inner === undefined && !isBlank(child.text))) plain = false;
      continue;
    }
    const slot = slotFor(table, child, reading);
    const list = slot && (values[slot.index] as unknown[] | undefined);
    const outcome = slot && (slot.many || list === undefined) ? readChild(slot, child, reading) : undefined;
    if (slot === undefined || outcome === undefined) {
      plain = false;
      continue;
    }
    outcomes[i] = outcome;
    if (!outcome.plain || slot.index < last || child.name !== slot.name) plain = false;
    last = slot.index;
    if (!slot.many) values[slot.index] = outcome.value;
    else if (list) list.push(outcome.value);
    else values[slot.index] = [outcome.value];
  }
  return plain;
};

const readBody = ({ index, codec, required }: BodySlot, node: XmlElement, { values }: Parts): boolean => {
  const text = ownText(node);
  if (text === '' && !required) return true;
  const value = codec.parse(text) ?? codec.parse(text.trim());
  values[index] = value;
  return value !== undefined && codec.print(value) === text;
};

const readInside = (table: Table, node: XmlElement, parts: Parts, reading: Reading): boolean => {
  const { inner } = table;
  if (inner?.at === 'content') {
    parts.values[inner.index] = contentOf(node, reading.text);
    return true;
  }
  const plain = readChildren(table, node, parts, reading);
  return inner ? readBody(inner, node, parts) && plain : plain;
};

/**
 * Of fields that exclude each other only one has a value, the first that stands in the text or, of attributes, in the
 * declaration: the others are kept as they were written.
 */
const exclude = ({ exclusive }: Table, { values, outcomes }: Parts): boolean => {
  let plain = true;
  for (const group of exclusive) {
    const present = group.filter(({ index }) => values[index] !== undefined);
    if (present.length < 2) continue;
    const first = outcomes.find((outcome) => outcome && present.includes(outcome.slot))?.slot ?? present[0];
    for (const slot of present) if (slot !== first) values[slot.index] = undefined;
    plain = false;
  }
  return plain;
};

/** The value of an element, or undefined when it lacks something that every such element has. */
export const readElement = (table: Table, node: XmlElement, reading: Reading): Value | undefined => {
  const parts: Parts = {
    values: new Array(table.slots.length).fill(undefined),
    outcomes: new Array(node.children.length).fill(undefined),
  };
  const plainAttributes = readAttributes(table, node, parts);
  const plainInside = readInside(table, node, parts, reading);
  const plain = exclude(table, parts) && plainAttributes && plainInside;
  for (const slot of table.required) {
    if (parts.values[slot.index] !== undefined) continue;
    reading.missing = slot;
    return undefined;
  }
  const value: Value = {};
  for (const slot of table.slots) {
    const member = parts.values[slot.index];
    if (member !== undefined)
      value[slot.key] = slot.at === 'child' && slot.many ? Object.freeze(member) : member;
  }
  const kept = plain ? undefined : keep(table, node, value, parts.outcomes, reading);
  if (kept) value[rest] = kept;
  return Object.freeze(value) as Value;
};

const describe = (slot: Slot): string =>
  slot.at === 'attribute' ? `attribute ${slot.name}` : slot.at === 'child' ? `<${slot.name}>` : 'text';

/** The root of a text that is to be a document of one kind, and what reading it needs. */
export interface Opened {
  readonly root: XmlElement;
  readonly table: Table;
  readonly reading: Reading;
  /** Throws about a root that lacks what every such document has. */
  refuse(missing: Slot | undefined): never;
}

/** Begins to read a document: `root` is the text's root when it has been parsed already. */
export const openDocument = (
  document: Document<unknown>,
  text: string,
  root: XmlElement = parseTree(text, document.kind),
): Opened => {
  const { name } = document.root;
  const fail = (reason: string): never => {
    throw new XmlError(reason, root.name, positionOf(text, root.start));
  };
  if (root.name !== name) fail(`<${name}> expected, <${root.name}> found`);
  const choice = choiceOf(document.root);
  const table = tableFor({ choice }, root);
  if (table === undefined) {
    const told = choice.by === undefined ? '' : `: its ${choice.attribute} is not ${choice.codec.expects}`;
    return fail(`this is no <${name}> document${told}`);
  }
  const refuse = (missing: Slot | undefined): never =>
    fail(
      `this is no <${name}> document${missing ? `: it has no ${describe(missing)} that can be read` : ''}`,
    );
  return { root, table, reading: { text, namespaces: document.namespaces }, refuse };
};

/** Reads a document of one kind. */
export const readDocument = <T>(document: Document<T>, text: string, parsed?: XmlElement): T => {
  const { root, table, reading, refuse } = openDocument(document, text, parsed);
  const value = readElement(table, root, reading) ?? refuse(reading.missing);
  const before = text
    .slice(0, root.start)
    .replace(/^\uFEFF/, '')
    .trim();
  const after = text.slice(root.end).trim();
  const whole: Value = { kind: document.kind, ...value };
  if (before || after)
    whole[rest] = restOf({ ...value[rest], ...(before && { before }), ...(after && { after }) });
  return Object.freeze(whole) as T;
};
