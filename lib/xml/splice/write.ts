// Writes a document of which only a part is typed: the text that was read, with what was changed put in its place.
// An element whose value says what it said stays as it stands; a changed one is written where it stood; an added one
// comes behind those before it; a removed one goes with its line.
import { rest, type Source, type SourcePart, type Span, type Value } from '../rest.js';
import type { Document } from '../schema.js';
import { type ChildSlot, choiceOf, type Table } from '../table.js';
import {
  attributeText,
  beginWriting,
  checkFields,
  writeChild,
  writeChildren,
  writeDocument,
} from '../write.js';
import {
  applyEdits,
  cut,
  type Edit,
  type Lines,
  linesAt,
  linesInside,
  putBefore,
  putBehind,
  putInto,
  replace,
} from './layout.js';
import { listEdits } from './list.js';
import { attributeEdit } from './start-tag.js';

const attributeEdits = (table: Table, value: Value, { text, root, attributes }: Source): Edit[] =>
  table.attributes
    .filter(({ key }) => value[key] !== attributes[key])
    .map((slot) =>
      attributeEdit(text, root, slot.name, attributeText(slot, value[slot.key], beginWriting())),
    );

/** The elements of the root that others are put beside: those that are not taken away, while there are any. */
const stayingOf = (value: Value, { root, parts }: Source): readonly Span[] => {
  const gone = new Set<number>();
  for (const part of parts)
    if (part.value !== undefined && value[part.key] === undefined) gone.add(part.start);
  const staying = root.children.filter(({ start }) => !gone.has(start));
  return staying.length > 0 ? staying : root.children;
};

/** The edits for an element that there is at most one of. `before` is the last that libvirt prints before it. */
const elementEdits = (
  slot: ChildSlot,
  value: unknown,
  { text, root, parts }: Source,
  before: Span | undefined,
  staying: readonly Span[],
): Edit[] => {
  const write = (lines: Lines, part?: SourcePart): string =>
    writeChild(slot, value, undefined, part?.rest, lines.indent, beginWriting(lines));
  const part = parts.find(({ key }) => key === slot.key);
  if (value === part?.value) return [];
  if (part) {
    if (value === undefined) return [cut(text, part)];
    const lines = linesAt(text, part, root);
    return [replace(part, write(lines, part), lines)];
  }
  const beside = before ?? staying[0] ?? root;
  const lines = linesAt(text, beside, root);
  return [before ? putBehind(text, before, write(lines), lines) : putBefore(beside, write(lines), lines)];
};

const edits = (table: Table, value: Value, source: Source): readonly Edit[] => {
  const { text, root, parts } = source;
  const found = attributeEdits(table, value, source);
  if (root.children.length === 0) {
    const lines = linesInside(text, root, root);
    const xml = writeChildren(table, value, lines.indent, beginWriting(lines));
    return xml ? [...found, putInto(text, root, xml, lines)] : found;
  }
  const staying = stayingOf(value, source);
  let before: Span | undefined;
  for (const slot of table.children) {
    if (slot.inside) {
      found.push(...listEdits(slot, value, source, staying));
      continue;
    }
    found.push(...elementEdits(slot, value[slot.key], source, before, staying));
    if (value[slot.key] !== undefined) before = parts.find(({ key }) => key === slot.key) ?? before;
  }
  return found;
};

/** The text of a document: as it was read but for what was changed; afresh when it was made by hand. */
export const writeSpliced = <T>(document: Document<T>, value: T): string => {
  const { kind, ...fields } = value as Value;
  const source = fields[rest]?.source;
  const choice = choiceOf(document.root);
  if (!source || choice.by !== undefined) return writeDocument(document, value);
  checkFields(choice.table, fields, beginWriting());
  const changes = edits(choice.table, fields, source);
  return changes.length === 0 ? source.text : applyEdits(source.text, changes);
};
