// Lists what of the text of a spliced document no field stands for. It is looked up when somebody asks: a document
// that is only read and written does not pay for it.
import { XmlElement, XmlText } from '@rgrove/parse-xml';
import { parseTree } from '../parse.js';
import type { Source, Value } from '../rest.js';
import type { Table } from '../table.js';
import { isBlank, trimBlanks } from '../text.js';

/** One thing that an element keeps untyped: the path step to it from the element, and its text. */
export interface UntypedPart {
  readonly step: string;
  readonly text: string;
}

/** What stands in the root beside its fields, and in the elements that documents stand inside. */
export function* untypedInSource(
  table: Table,
  value: Value,
  { text, attributes, parts }: Source,
): Generator<UntypedPart> {
  /** Where the elements that a field stands for begin. */
  const typed = new Set<number>();
  for (const part of parts)
    if (part.value !== undefined || value[part.key] !== undefined) typed.add(part.start);
  const boxes = new Set(table.children.flatMap(({ inside }) => (inside ? [inside.name] : [])));
  const walk = function* (node: XmlElement, path: string): Generator<UntypedPart> {
    for (const [name, attribute] of Object.entries(node.attributes)) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      const slot = path === '' ? table.byAttribute.get(name) : undefined;
      if (!slot || (attributes[slot.key] === undefined && value[slot.key] === undefined))
        yield { step: `${path}@${name}`, text: attribute };
    }
    for (const child of node.children) {
      if (child instanceof XmlElement) {
        if (path === '' && boxes.has(child.name)) yield* walk(child, `${child.name}/`);
        else if (!typed.has(child.start))
          yield { step: `${path}${child.name}`, text: text.slice(child.start, child.end) };
      } else if (child instanceof XmlText && !isBlank(child.text)) {
        yield { step: `${path}text()`, text: trimBlanks(text.slice(child.start, child.end)) };
      }
    }
  };
  yield* walk(parseTree(text), '');
}
