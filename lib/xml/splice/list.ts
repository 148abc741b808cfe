// What becomes of a list of documents in a text: which of them stay as they stand, which are written anew where they
// stood, and where added ones are put.
import { alignBy } from '../align.js';
import { identityOf } from '../diff/identity.js';
import { identityKey, type Member } from '../diff/pair.js';
import type { Source, SourcePart, Span, Value } from '../rest.js';
import type { ChildSlot, Table } from '../table.js';
import { beginWriting, membersOf, tableFor, writeChild } from '../write.js';
import {
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

/** A document of the list, as it was read or as it is to be written. */
class Listed implements Member {
  private written: string | undefined;

  constructor(
    private readonly slot: ChildSlot,
    readonly value: Value,
    readonly index: number,
  ) {}

  get table(): Table {
    return tableFor(this.slot, this.value, beginWriting());
  }

  /** What the writer makes of it: the same for documents that say the same. */
  get canonical(): string {
    this.written ??= this.write({ indent: '', unit: '  ', newline: '\n' });
    return this.written;
  }

  write(lines: Lines): string {
    return writeChild(this.slot, this.value, this.index, undefined, lines.indent, beginWriting(lines));
  }
}

const says = (one: Listed, other: Listed): boolean =>
  one.value === other.value || one.canonical === other.canonical;

/**
 * By what a document that was read is found again, the surest first: it is the very value, it says the same, the same
 * identifies it, it is the next one.
 */
const keysFor = (
  slot: ChildSlot,
  parts: readonly SourcePart[],
): readonly ((one: Listed) => string | undefined)[] => {
  const ids = new Map(parts.map((part, i) => [part.value, String(i)]));
  const identities = identityOf(slot.inside?.name ?? '', slot.name) ?? [];
  return [
    ({ value }) => ids.get(value),
    ({ canonical }) => canonical,
    ...identities.map((names) => (one: Listed) => identityKey(one, names)),
    () => '',
  ];
};

/** Writes members of the list on lines like these. */
type Write = (lines: Lines) => string;

/** Puts members where the text has none yet: where libvirt prints them. */
const putFirst = (
  slot: ChildSlot,
  { text, root, boxes }: Source,
  staying: readonly Span[],
  write: Write,
): Edit => {
  const { name = '', behind = [] } = slot.inside ?? {};
  const box = boxes.get(name);
  if (!box) {
    const last = staying[staying.length - 1] ?? root;
    const { indent, unit, newline } = linesAt(text, last, root);
    const members = write({ indent: indent + unit, unit, newline });
    const xml = `${indent}<${name}>${newline}${members}${indent}</${name}>${newline}`;
    return putBehind(text, last, xml, { indent, unit, newline });
  }
  const [first] = box.children;
  if (!first) {
    const lines = linesInside(text, box, root);
    return putInto(text, box, write(lines), lines);
  }
  const last = box.children.findLast((child) => child.name === slot.name || behind.includes(child.name));
  const lines = linesAt(text, last ?? first, box);
  return last ? putBehind(text, last, write(lines), lines) : putBefore(first, write(lines), lines);
};

/** The edits that make the list of a text the list of a value. `staying` are the elements of the root that stay. */
export const listEdits = (
  slot: ChildSlot,
  value: Value,
  source: Source,
  staying: readonly Span[],
): readonly Edit[] => {
  const { text } = source;
  const parts = source.parts.filter(({ key }) => key === slot.key);
  const members = membersOf(slot, value, beginWriting());
  if (members.length === parts.length && parts.every((part, i) => part.value === members[i])) return [];
  const box = source.boxes.get(slot.inside?.name ?? '') ?? source.root;
  const was = parts.map(({ value: member }, i) => new Listed(slot, member as Value, i));
  const is = members.map((member, i) => new Listed(slot, member as Value, i));
  const partOf = ({ index }: Listed): SourcePart => parts[index] as SourcePart;
  const write = (one: Listed, lines: Lines): string => {
    // What was only moved is moved as it stands.
    const moved = was.find((other) => says(other, one));
    if (!moved) return one.write(lines);
    const { start, end } = partOf(moved);
    return `${lines.indent}${text.slice(start, end)}${lines.newline}`;
  };
  const edits: Edit[] = [];
  let previous: Span | undefined;
  let added: Listed[] = [];
  /** Puts what was added behind what stays before it, or before what stays behind it. */
  const put = (next?: Span): void => {
    const these = added;
    added = [];
    if (these.length === 0) return;
    const writeAll = (lines: Lines): string => these.map((one) => write(one, lines)).join('');
    const beside = previous ?? next;
    const lines = beside && linesAt(text, beside, box);
    if (!lines) edits.push(putFirst(slot, source, staying, writeAll));
    else if (previous) edits.push(putBehind(text, previous, writeAll(lines), lines));
    else edits.push(putBefore(beside, writeAll(lines), lines));
  };
  for (const { before, after } of alignBy(was, is, keysFor(slot, parts))) {
    if (!before) {
      if (after) added.push(after);
      continue;
    }
    const part = partOf(before);
    if (!after) {
      edits.push(cut(text, part));
      continue;
    }
    put(part);
    const lines = linesAt(text, part, box);
    if (!says(before, after)) edits.push(replace(part, write(after, lines), lines));
    previous = part;
  }
  put();
  return edits;
};
