// Makes what a value keeps of its source (rest.ts): called only for elements that are, or may be, different
// from what the writer would make of their value, and returns nothing when they turn out not to be.
import { XmlElement, XmlText } from '@rgrove/parse-xml';
import type { Reading } from './read.js';
import {
  type AttributeField,
  type AttributeText,
  type ChildField,
  type ChildText,
  type Rest,
  restOf,
  type Value,
} from './rest.js';
import type { BodySlot, ChildSlot, Table } from './table.js';
import { escapeText, isBlank, trimBlanks } from './text.js';

/** What became of a child element that is the value of a field. */
export interface Outcome {
  readonly slot: ChildSlot;
  readonly value: unknown;
  readonly rest?: Rest | undefined;
  /** The element is just what the writer would write for the value. */
  readonly plain: boolean;
}

/** The children of an element as they were read; undefined where a child is no field's value. */
export type Outcomes = readonly (Outcome | undefined)[];

/** Whether the attribute binds a prefix of the document's own, which the writer will do by itself. */
const isOwnNamespace = (
  name: string,
  text: string,
  table: Table,
  value: Value,
  reading: Reading,
): boolean => {
  if (!name.startsWith('xmlns:')) return false;
  const prefix = name.slice('xmlns:'.length);
  return (
    reading.namespaces[prefix] === text &&
    table.children.some((slot) => slot.prefix === prefix && value[slot.key] !== undefined)
  );
};

const keepAttributes = (
  table: Table,
  node: XmlElement,
  value: Value,
  reading: Reading,
): (AttributeField | AttributeText)[] | undefined => {
  const parts: (AttributeField | AttributeText)[] = [];
  let different = false;
  let last = -1;
  for (const [name, text] of Object.entries(node.attributes)) {
    const slot = table.byAttribute.get(name);
    const member = slot && value[slot.key];
    if (slot && member !== undefined) {
      const same = slot.codec.exact || slot.codec.print(member) === text;
      parts.push(same ? { key: slot.key, value: member } : { key: slot.key, value: member, text });
      if (!same || slot.index < last) different = true;
      last = slot.index;
    } else {
      if (parts.length > 0 || !isOwnNamespace(name, text, table, value, reading)) different = true;
      parts.push({ name, text });
    }
  }
  return different ? parts : undefined;
};

/** The XML of an element that holds one text, when it is not what the writer would write for it. */
const leafSource = ({ slot, value }: Outcome, node: XmlElement, { text }: Reading): string | undefined => {
  const { choice } = slot;
  const inner = slot.unwrapped && choice.by === undefined ? choice.table.inner : undefined;
  if (!inner) return undefined;
  const source = text.slice(node.start, node.end);
  if (inner.at === 'content') {
    // Blanks at both ends are the writer's; the rest of the content is written as it was.
    const [first] = node.children;
    const content = first ? text.slice(first.start, node.children[node.children.length - 1]?.end) : '';
    return trimBlanks(content) === value ? undefined : source;
  }
  const own = escapeText(inner.codec.print(value) ?? '');
  return source === (own ? `<${slot.name}>${own}</${slot.name}>` : `<${slot.name}/>`) ? undefined : source;
};

/**
 * The part that a piece of an element's own text is: comments can stand between several. The first is the value of the
 * field, or XML text when that has none.
 */
const keepBody = (
  slot: BodySlot,
  value: Value,
  texts: readonly XmlText[],
  index: number,
  { text }: Reading,
): ChildField | ChildText => {
  const member = value[slot.key];
  const node = texts[index] as XmlText;
  const source = text.slice(node.start, node.end);
  if (member === undefined) return { source, ...(index === 0 && { step: 'text()' }), misfit: slot.key };
  if (index > 0) return { source, pieceOf: { key: slot.key, value: member } };
  return texts.length === 1 && source === escapeText(slot.codec.print(member) ?? '')
    ? { key: slot.key, value: member }
    : { key: slot.key, value: member, source };
};

const keepChildren = (
  table: Table,
  node: XmlElement,
  value: Value,
  outcomes: Outcomes,
  reading: Reading,
): (ChildField | ChildText)[] | undefined => {
  const parts: (ChildField | ChildText)[] = [];
  const { inner } = table;
  if (inner?.at === 'content') return undefined;
  const texts = node.children.filter((child) => child instanceof XmlText);
  let different = false;
  let last = -1;
  let piece = 0;
  node.children.forEach((child, i) => {
    const outcome = outcomes[i];
    const source = reading.text.slice(child.start, child.end);
    if (outcome && child instanceof XmlElement && value[outcome.slot.key] !== undefined) {
      const { slot } = outcome;
      const written = leafSource(outcome, child, reading);
      parts.push({
        key: slot.key,
        value: outcome.value,
        ...(written !== undefined && { source: written }),
        ...(outcome.rest && { rest: outcome.rest }),
      });
      if (slot.index < last || written !== undefined || outcome.rest) different = true;
      last = slot.index;
    } else if (child instanceof XmlElement) {
      // An element for a field that has no value at all gives way when the field gets one; another one where there
      // can only be one goes when that one is taken away.
      const slot = outcome?.slot ?? table.byChild.get(child.name);
      const misfit = slot && value[slot.key] === undefined && slot.key;
      const double = slot && !slot.many && !misfit && slot.key;
      parts.push({ source, step: child.name, ...(misfit && { misfit }), ...(double && { double }) });
      different = true;
    } else if (!(child instanceof XmlText)) {
      parts.push({ source });
      different = true;
    } else if (inner) {
      const part = keepBody(inner, value, texts, piece++, reading);
      parts.push(part);
      if (part.source !== undefined) different = true;
    } else if (!isBlank(child.text)) {
      parts.push({ source: trimBlanks(source), step: 'text()' });
      different = true;
    }
  });
  return different ? parts : undefined;
};

/** What an element keeps of its source beside its value; undefined when that is nothing. */
export const keep = (
  table: Table,
  node: XmlElement,
  value: Value,
  outcomes: Outcomes,
  reading: Reading,
): Rest | undefined => {
  const attributes = keepAttributes(table, node, value, reading);
  const children = keepChildren(table, node, value, outcomes, reading);
  const renamed = node.name !== table.name;
  if (!attributes && !children && !renamed) return undefined;
  return restOf({
    ...(renamed && { name: node.name }),
    ...(attributes && { attributes: Object.freeze(attributes.map((part) => Object.freeze(part))) }),
    ...(children && { children: Object.freeze(children.map((part) => Object.freeze(part))) }),
  });
};
