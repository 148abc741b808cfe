// Changes of one field of a document, found along its schema.
import type { Codec } from '../../../lib/xml/codec.js';
import type { Value } from '../../../lib/xml/rest.js';
import type { Document } from '../../../lib/xml/schema.js';
import { type ChildSlot, choiceOf } from '../../../lib/xml/table.js';
import { tableFor } from '../../../lib/xml/untyped.js';

/** The way to a value: names and list positions. */
export type Steps = readonly (string | number)[];

/** One text of a document that has a field. */
export interface Settable {
  readonly steps: Steps;
  readonly codec: Codec<unknown>;
  readonly value: unknown;
}

/** Something that a document can do without. */
export interface Removable {
  readonly steps: Steps;
  /** Where it stands in the XML: `network/ip` or `network/ip/@address`. */
  readonly xml: string;
}

/** What of a document can be changed: texts, but for those that tell a variant, and what is not required. */
export const partsOf = (
  { root }: Pick<Document<unknown>, 'root'>,
  document: unknown,
): { readonly settable: readonly Settable[]; readonly removable: readonly Removable[] } => {
  const settable: Settable[] = [];
  const removable: Removable[] = [];
  const visit = (
    slot: Pick<ChildSlot, 'choice' | 'among'>,
    value: Value,
    steps: Steps,
    xml: string,
  ): void => {
    const table = tableFor(slot, value);
    if (!table) return;
    const here = `${xml}${table.name}`;
    for (const inner of table.slots) {
      const member = value[inner.key];
      if (member === undefined) continue;
      const way = inner.key === '' ? steps : [...steps, inner.key];
      const tells = inner.key === slot.choice.by || slot.among?.has(inner.key) === true;
      const place =
        inner.at === 'attribute' ? `@${inner.name}` : inner.at === 'child' && !inner.among ? inner.name : '';
      if (!inner.required && !tells && inner.key !== '')
        removable.push({ steps: way, xml: `${here}/${place}` });
      if (inner.at === 'attribute' || inner.at === 'body') {
        if (!tells) settable.push({ steps: way, codec: inner.codec, value: member });
      } else if (inner.at === 'child') {
        const members = inner.many ? (member as readonly unknown[]) : [member];
        members.forEach((one, i) => {
          const its = inner.many ? [...way, i] : way;
          visit(inner, (inner.unwrapped ? { '': one } : one) as Value, its, `${here}/`);
        });
      }
    }
  };
  const { kind: _, ...value } = document as Value;
  visit({ choice: choiceOf(root) }, value, [], '');
  return { settable, removable };
};

/** A copy that differs in one place; undefined takes the member away. */
export const changed = (value: unknown, [step, ...steps]: Steps, to: unknown): unknown => {
  if (step === undefined) return to;
  if (Array.isArray(value))
    return value.map((member, i) => (i === step ? changed(member, steps, to) : member));
  const { [step]: old, ...others } = value as { readonly [key: string | number]: unknown };
  const inner = changed(old, steps, to);
  return inner === undefined ? others : { ...(value as object), [step]: inner };
};

const texts = [
  ...['1', '2', '0', 'other', 'a', 'yes', 'no', '10.0.0.9', '2001:db8::9', '52:54:00:aa:bb:cc', '24', '512'],
  ...[
    '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
    '0x2',
    '0xf',
    '/other',
    '20000000c9831b4c',
    '255.255.0.0',
    'AB',
  ],
];

/** Other values that a field can have, each printed otherwise. */
export const othersFor = ({ codec, value }: Settable): readonly unknown[] => {
  const now = codec.print(value);
  return [...(codec.texts ?? []), ...texts]
    .map((text) => codec.parse(text))
    .filter((other) => {
      const text = other === undefined ? undefined : codec.print(other);
      return typeof text === 'string' && text !== now;
    });
};
