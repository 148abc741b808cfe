// Which fields of a document a libvirt does not know yet. An older libvirt does not refuse them: it leaves them
// out without a word.
import { schemaOf } from './documents.js';
import type { Element, Field, Shape } from './schema.js';

/** A field that a document has, and the libvirt release that brought it. */
export interface NewerField {
  /** As in `dns.forwarders[0].port`. */
  readonly path: string;
  /** As in `12.0.0`. */
  readonly since: string;
}

const join = (path: string, step: string): string => (path && step ? `${path}.${step}` : path || step);

type Members = { readonly [key: string]: unknown };

/** The variant that a value is of: fields of one name may be of different age in each. */
const variantOf = (shape: Shape, value: Members): Element<unknown> | undefined => {
  if (shape.type === 'element') return shape;
  const tells = value[shape.by];
  if (tells === undefined) return shape.otherwise;
  return shape.variants.find(({ fields }) => {
    const place = fields[shape.by]?.place;
    return place?.at === 'attribute' && place.codec.print(tells) !== undefined;
  });
};

const inElement = (
  { fields }: Element<unknown>,
  value: Members,
  path: string,
  since: string | undefined,
): readonly NewerField[] =>
  Object.entries(fields).flatMap(([key, field]) =>
    inField(field, value[key], join(path, key), field.since ?? since),
  );

const inShape = (
  shape: Shape,
  value: unknown,
  path: string,
  since: string | undefined,
): readonly NewerField[] => {
  if (typeof value !== 'object' || value === null) return [];
  const element = variantOf(shape, value as Members);
  return element ? inElement(element, value as Members, path, since) : [];
};

const inField = (
  { place }: Field<unknown>,
  value: unknown,
  path: string,
  since: string | undefined,
): readonly NewerField[] => {
  if (value === undefined || place.at === 'absent') return [];
  if (place.at !== 'child' && place.at !== 'mixed') return since === undefined ? [] : [{ path, since }];
  if (place.at === 'child' && !place.many) {
    const { shape, unwrapped } = place;
    return inShape(shape, unwrapped ? { '': value } : value, path, since);
  }
  if (!Array.isArray(value)) return [];
  return value.flatMap((member: unknown, i) => {
    const at = `${path}[${i}]`;
    if (place.at === 'child')
      return inShape(place.shape, place.unwrapped ? { '': member } : member, at, since);
    const known = Object.entries(place.elements).filter(([tell]) => (member as Members)[tell] !== undefined);
    return known.flatMap(([, element]) => inShape(element, member, at, since));
  });
};

/**
 * The fields of a document that are newer than libvirt 9.0, with the release that brought each. Throws a `TypeError`
 * for a value that is no document.
 *
 * ```ts
 * newerFields(build.network.isolated({ name: 'lab', title: 'Lab' })); // [{ path: 'title', since: '9.7.0' }]
 * ```
 */
export const newerFields = (document: unknown): readonly NewerField[] =>
  inShape(schemaOf(document).root, document, '', undefined);
