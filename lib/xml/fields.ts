// Lists what a declaration types: the paths of its elements, attributes and texts. The contract with libvirt's
// grammars is checked on this list, and documentation is made of it.
import type { Codec } from './codec.js';
import type { Document, Element, Field, Shape } from './schema.js';

/** One attribute or text that a document's schema types. */
export interface FieldInfo {
  /** The elements from the root, as libvirt writes them: `network/ip/dhcp/range`. */
  readonly element: string;
  /** `@start` for an attribute, `text()` for the element's text, `*` for any content. */
  readonly at: string;
  /** How the value is reached in the typed document: `ips[].dhcp.ranges[].start`. */
  readonly key: string;
  /** How the text becomes a value; any content has none. */
  readonly codec: Codec<unknown> | undefined;
  /** The element must have it. */
  readonly required: boolean;
  /** The libvirt release that brought it, or what it stands in, when that is newer than 9.0.0. */
  readonly since: string | undefined;
}

const join = (path: string, step: string): string => (path && step ? `${path}.${step}` : path || step);

const elementsOf = (shape: Shape): readonly Element<unknown>[] =>
  shape.type === 'element' ? [shape] : [...shape.variants, ...(shape.otherwise ? [shape.otherwise] : [])];

/** Every attribute and text of a document that its schema types, in the order of the declaration. */
export const fieldsOf = ({ root }: Pick<Document<unknown>, 'root'>): readonly FieldInfo[] => {
  const found: FieldInfo[] = [];
  const visitElement = (
    { name, fields }: Element<unknown>,
    path: string,
    key: string,
    since: string | undefined,
    around: readonly Element<unknown>[],
  ): void => {
    const element = path ? `${path}/${name}` : name;
    for (const [step, field] of Object.entries(fields))
      visit(field, element, join(key, step), field.since ?? since, around);
  };
  const visit = (
    { place, required }: Field<unknown>,
    element: string,
    key: string,
    since: string | undefined,
    around: readonly Element<unknown>[],
  ): void => {
    switch (place.at) {
      case 'absent':
        break;
      case 'attribute':
        found.push({ element, at: `@${place.name}`, key, codec: place.codec, required, since });
        break;
      case 'body':
        found.push({ element, at: 'text()', key, codec: place.codec, required, since });
        break;
      case 'content':
        found.push({ element, at: '*', key, codec: undefined, required, since });
        break;
      case 'child': {
        const member = place.many ? `${key}[]` : key;
        const parent = place.inside ? `${element}/${place.inside.name}` : element;
        // An element inside of itself has been listed already.
        for (const one of elementsOf(place.shape))
          if (!around.includes(one)) visitElement(one, parent, member, since, [...around, one]);
        break;
      }
      case 'mixed':
        for (const one of Object.values(place.elements))
          if (!around.includes(one)) visitElement(one, element, `${key}[]`, since, [...around, one]);
    }
  };
  for (const one of elementsOf(root)) visitElement(one, '', '', undefined, [one]);
  return found;
};
