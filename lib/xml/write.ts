// Writes a document as libvirt prints it: two blanks an indent, attributes in single quotes, fields in the order of
// the declaration. Every value is checked on the way, because not every caller has TypeScript.
import type { Codec } from './codec.js';
import { XmlError } from './error.js';
import { fail, type Path, refuse, refuseKey, show } from './fault.js';
import { parseTree } from './parse.js';
import { type Rest, rest, type Value } from './rest.js';
import { restoreAttributes, restoreChildren } from './restore.js';
import type { Document, Element } from './schema.js';
import {
  type AttributeSlot,
  type ChildSlot,
  choiceOf,
  slotOfValue,
  splitName,
  type Table,
  tableOf,
} from './table.js';
import { escapeAttribute, escapeText, forbiddenIn, isPlain, trimBlanks } from './text.js';

/** What writing an element needs to know of what is around it. */
export interface Writing {
  /** Where the value stands, for errors. */
  readonly path: Path;
  /** The prefixes that the source has in place of the document's own. */
  readonly prefixes: { readonly [prefix: string]: string };
  /** Required fields may be missing: what is written only says which element is meant. */
  readonly partial: boolean;
  readonly layout: Layout;
}

/** How lines are laid out; both are empty for a text of one line. */
export interface Layout {
  /** One step of indentation. */
  readonly unit: string;
  readonly newline: string;
}

const ours: Layout = { unit: '  ', newline: '\n' };

/** The state in which a document begins. */
export const beginWriting = (layout: Layout = ours): Writing => ({
  path: [],
  prefixes: {},
  partial: false,
  layout,
});

const isObject = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a value, escaped; null when the value is said by saying nothing. */
const print = (
  key: string,
  codec: Codec<unknown>,
  value: unknown,
  escaped: (text: string) => string,
  { path }: Writing,
): string | null => {
  const text = codec.print(value);
  if (typeof text === 'string' && isPlain(text)) return text;
  path.push(key);
  if (text === undefined) refuse(codec, value, path);
  const char = text === null ? undefined : forbiddenIn(text as string);
  if (char) fail(RangeError, path, `${char} cannot stand in XML`);
  path.pop();
  return text === null ? null : escaped(text as string);
};

/** The text of an attribute between its quotes; null when it is left out. */
export const attributeText = (
  { key, codec }: AttributeSlot,
  value: unknown,
  writing: Writing,
): string | null => (value === undefined ? null : print(key, codec, value, escapeAttribute, writing));

const printAttribute = (name: string, text: string | null): string =>
  text === null ? '' : ` ${name}='${text}'`;

const writeAttributes = (table: Table, value: Value, kept: Rest | undefined, writing: Writing): string => {
  let out = '';
  if (kept?.attributes) {
    for (const step of restoreAttributes(table, value, kept.attributes)) {
      const { slot, text } = step;
      if (slot === undefined) out += printAttribute(step.name, escapeAttribute(step.text));
      else if (text !== undefined) out += printAttribute(slot.name, escapeAttribute(text));
      else
        out += printAttribute(slot.name, print(slot.key, slot.codec, step.value, escapeAttribute, writing));
    }
  } else {
    for (const slot of table.attributes) {
      const member = value[slot.key];
      if (member === undefined) continue;
      out += printAttribute(slot.name, print(slot.key, slot.codec, member, escapeAttribute, writing));
    }
  }
  return out;
};

/** The members of a list field. */
export const membersOf = (slot: ChildSlot, value: Value, { path }: Writing): readonly unknown[] => {
  const members = value[slot.key];
  if (Array.isArray(members)) return members;
  path.push(slot.key);
  return fail(TypeError, path, `${show(members)} is not a list`);
};

/** The element that a value is for: of a union the one that the discriminant names. */
export const tableFor = (
  slot: Pick<ChildSlot, 'choice' | 'among'>,
  value: Value,
  { path }: Writing,
): Table => {
  const choice =
    slotOfValue(slot, value)?.choice ??
    fail(
      TypeError,
      path,
      `has none of ${[...(slot.among?.keys() ?? [])].join(', ')}, one of which it must have`,
    );
  if (choice.by === undefined) return choice.table;
  const text = value[choice.by];
  const table = text === undefined ? choice.otherwise : choice.variants.get(text as string);
  if (table) return table;
  path.push(choice.by);
  return text === undefined
    ? fail(TypeError, path, `is missing; it is ${choice.codec.expects}`)
    : refuse(choice.codec, text, path);
};

/** The value of a document in a list, without the `kind` that it has because it can stand alone. */
const withoutKind = ({ inside }: ChildSlot, value: unknown, { path }: Writing): unknown => {
  if (!inside || !isObject(value) || value.kind === undefined) return value;
  const { kind, ...fields } = value;
  if (kind === inside.kind) return fields;
  path.push('kind');
  return fail(TypeError, path, `${show(kind)} is not '${inside.kind}'`);
};

/** A child element on lines of its own; `index` is its position in a list. */
export const writeChild = (
  slot: ChildSlot,
  value: unknown,
  index: number | undefined,
  kept: Rest | undefined,
  indent: string,
  writing: Writing,
): string => {
  const { path } = writing;
  path.push(slot.key);
  if (index !== undefined) path.push(index);
  let out: string;
  if (slot.unwrapped && slot.choice.by === undefined) {
    out = writeElement(slot.choice.table, { '': value }, kept, indent, writing);
  } else {
    const fields = withoutKind(slot, value, writing);
    if (!isObject(fields)) return fail(TypeError, path, `${show(fields)} is not an object`);
    out = writeElement(tableFor(slot, fields, writing), fields, fields[rest], indent, writing);
  }
  if (index !== undefined) path.pop();
  path.pop();
  return out;
};

/** The members of a list, in the element that they stand in if that is one of their own. */
export const writeInside = (
  slot: ChildSlot,
  members: readonly unknown[],
  indent: string,
  writing: Writing,
): string => {
  const { inside } = slot;
  const { unit, newline } = writing.layout;
  const inner = inside ? `${indent}${unit}` : indent;
  let out = '';
  for (let i = 0; i < members.length; i++) out += writeChild(slot, members[i], i, undefined, inner, writing);
  return inside && out
    ? `${indent}<${inside.name}>${newline}${out}${indent}</${inside.name}>${newline}`
    : out;
};

/** The elements inside an element that keeps nothing of its source. */
export const writeChildren = (table: Table, value: Value, indent: string, writing: Writing): string => {
  let out = '';
  for (const slot of table.children) {
    const member = value[slot.key];
    if (member === undefined) continue;
    if (slot.many) {
      out += writeInside(slot, membersOf(slot, value, writing), indent, writing);
    } else {
      out += writeChild(slot, member, undefined, undefined, indent, writing);
    }
  }
  return out;
};

/** What is inside an element that keeps the order of its source. Beside text nothing may be added, not even a blank. */
const writeRestored = (table: Table, value: Value, kept: Rest, indent: string, writing: Writing): string => {
  let out = '';
  const inline = table.inner?.at === 'body';
  const steps = restoreChildren(table, value, kept.children ?? [], (slot) => membersOf(slot, value, writing));
  for (const step of steps) {
    const { slot, source } = step;
    if (source !== undefined) out += inline ? source : `${indent}${source}${writing.layout.newline}`;
    else if (slot === undefined) continue;
    else if (slot.at === 'body') out += print(slot.key, slot.codec, step.value, escapeText, writing) ?? '';
    else {
      const child = writeChild(slot, step.value, step.index, step.rest, indent, writing);
      out += inline ? child.trim() : child;
    }
  }
  return out;
};

/** XML text given as a value, once it is known to be whole elements and not the end of the element it stands in. */
const checkContent = (key: string, value: unknown, { path }: Writing): string => {
  path.push(key);
  if (typeof value !== 'string') return fail(TypeError, path, `${show(value)} is not a string of XML`);
  try {
    parseTree(`<content>${value}</content>`);
  } catch (error) {
    fail(
      RangeError,
      path,
      `not well-formed XML: ${error instanceof XmlError ? error.reason : String(error)}`,
    );
  }
  path.pop();
  return trimBlanks(value);
};

export const checkFields = (table: Table, value: Value, { path, partial }: Writing): void => {
  for (const key in value)
    if (!table.byKey.has(key) && value[key] !== undefined) refuseKey(key, table.byKey.keys(), path);
  if (partial) return;
  for (const slot of table.required) {
    const member = value[slot.key];
    const isList = slot.at === 'child' && slot.many && !slot.inside;
    if (member !== undefined && !(isList && (member as unknown[]).length === 0)) continue;
    path.push(slot.key);
    fail(TypeError, path, member === undefined ? 'is missing' : 'at least one is needed');
  }
  for (const group of table.exclusive) {
    const [first, second] = group.filter(({ key }) => value[key] !== undefined);
    if (!first || !second) continue;
    path.push(second.key);
    fail(TypeError, path, `cannot stand beside ${first.key}`);
  }
};

/** The name to write for a declared one, in the prefix that is bound here. */
const nameOf = (name: string, { prefixes }: Writing): string => {
  const [prefix, local] = splitName(name);
  const other = prefix === undefined ? undefined : prefixes[prefix];
  return other === undefined ? name : other === '' ? local : `${other}:${local}`;
};

/** An element on lines of its own. `declarations` are namespaces that the root declares. */
const writeElement = (
  table: Table,
  value: Value,
  kept: Rest | undefined,
  indent: string,
  outer: Writing,
  declarations = '',
): string => {
  checkFields(table, value, outer);
  let writing = outer;
  if (kept?.name !== undefined) {
    // What is inside an element with another prefix has that prefix too.
    const [declared] = splitName(table.name);
    const [prefix = ''] = splitName(kept.name);
    if (declared !== undefined) writing = { ...outer, prefixes: { ...outer.prefixes, [declared]: prefix } };
  }
  const name = kept?.name ?? nameOf(table.name, outer);
  const start = `${indent}<${name}${declarations}${writeAttributes(table, value, kept, writing)}`;
  const { inner } = table;
  const { unit, newline } = writing.layout;
  if (inner?.at === 'content') {
    const xml = checkContent(inner.key, value[inner.key], writing);
    return xml
      ? `${start}>${newline}${indent}${unit}${xml}${newline}${indent}</${name}>${newline}`
      : `${start}/>${newline}`;
  }
  if (inner?.at === 'body') {
    const member = value[inner.key];
    const own = kept?.children
      ? writeRestored(table, value, kept, '', writing)
      : (member === undefined ? '' : (print(inner.key, inner.codec, member, escapeText, writing) ?? '')) +
        writeChildren(table, value, '', writing).trim();
    return own ? `${start}>${own}</${name}>${newline}` : `${start}/>${newline}`;
  }
  const children = kept?.children
    ? writeRestored(table, value, kept, `${indent}${unit}`, writing)
    : writeChildren(table, value, `${indent}${unit}`, writing);
  return children || table.open
    ? `${start}>${newline}${children}${indent}</${name}>${newline}`
    : `${start}/>${newline}`;
};

/** Whether what an element keeps binds a namespace, and to which prefix. */
const bindingOf = (kept: Rest | undefined, namespace: string): string | undefined => {
  for (const part of kept?.attributes ?? []) {
    if (part.key !== undefined || part.text !== namespace) continue;
    if (part.name === 'xmlns') return '';
    if (part.name.startsWith('xmlns:')) return part.name.slice('xmlns:'.length);
  }
  return undefined;
};

/** The prefixes of the document's own namespaces: those that the source binds, and the declarations to add. */
const bindNamespaces = (
  { namespaces }: Document<unknown>,
  table: Table,
  value: Value,
): { readonly prefixes: { readonly [prefix: string]: string }; readonly declarations: string } => {
  const kept = value[rest];
  const prefixes: { [prefix: string]: string } = {};
  let declarations = '';
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    const bound = bindingOf(kept, namespace);
    if (bound) prefixes[prefix] = bound;
    // An element of the source may bind the namespace by itself.
    const needs = (slot: ChildSlot): boolean =>
      slot.prefix === prefix &&
      value[slot.key] !== undefined &&
      !kept?.children?.some((part) => part.key === slot.key && bindingOf(part.rest, namespace) !== undefined);
    if (!bound && table.children.some(needs))
      declarations += ` xmlns:${prefix}='${escapeAttribute(namespace)}'`;
  }
  return { prefixes, declarations };
};

/** The text of a document. */
export const writeDocument = <T>(document: Document<T>, value: T): string => {
  const { kind, ...fields } = value as Value;
  const writing = beginWriting();
  const table = tableFor({ choice: choiceOf(document.root) }, fields, writing);
  const kept = fields[rest];
  const { prefixes, declarations } = bindNamespaces(document, table, fields);
  const text = writeElement(table, fields, kept, '', { ...writing, prefixes }, declarations);
  const before = kept?.before ? `${kept.before}\n` : '';
  const after = kept?.after ? `${kept.after}\n` : '';
  return before + text + after;
};

/**
 * Writes one element outside of its document, as `virNetworkUpdate` takes it. With `partial`, required fields may be
 * missing: to delete an element, libvirt needs only what tells it from the others. Throws as `toXML` does.
 *
 * ```ts
 * writeFragment(networkParts.dhcpHost, { mac: '52:54:00:11:22:33' }, { partial: true });
 * // <host mac='52:54:00:11:22:33'/>
 * ```
 */
export const writeFragment = (
  element: Element<unknown>,
  value: unknown,
  { partial = false }: { readonly partial?: boolean } = {},
): string => {
  if (!isObject(value)) throw new TypeError(`${show(value)} is not an object`);
  return writeElement(tableOf(element), value, value[rest], '', { ...beginWriting(), partial });
};
