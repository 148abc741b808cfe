// Which fields of a document a libvirt does not know yet. An older libvirt does not refuse them: it leaves them
// out without a word.
import { schemaOf } from './documents.js';
import { fieldsOf } from './fields.js';
import type { Document } from './schema.js';

/** A field that a document has, and the libvirt release that brought it. */
export interface NewerField {
  /** As in `dns.forwarders[0].port`. */
  readonly path: string;
  /** As in `12.0.0`. */
  readonly since: string;
}

type Dated = readonly { readonly steps: readonly string[]; readonly since: string }[];

const datedFields = new WeakMap<Document<unknown>, Dated>();

/** The fields of a schema that libvirt has not always had. */
const datedFieldsOf = (schema: Document<unknown>): Dated => {
  let dated = datedFields.get(schema);
  if (!dated) {
    // The variants of a union have most of their fields in common.
    const releases = new Map<string, string>();
    for (const { key, since } of fieldsOf(schema)) if (since !== undefined) releases.set(key, since);
    dated = [...releases].map(([key, since]) => ({ steps: key.replaceAll('[]', '.[]').split('.'), since }));
    datedFields.set(schema, dated);
  }
  return dated;
};

/** The paths at which a value has something, with the index of each list on the way. */
const pathsTo = (value: unknown, steps: readonly string[], path: string): readonly string[] => {
  const [step, ...further] = steps;
  if (value === undefined) return [];
  if (step === undefined) return [path];
  if (step === '[]')
    return Array.isArray(value)
      ? value.flatMap((member, i) => pathsTo(member, further, `${path}[${i}]`))
      : [];
  if (typeof value !== 'object' || value === null) return [];
  return pathsTo(
    (value as { readonly [key: string]: unknown })[step],
    further,
    path ? `${path}.${step}` : step,
  );
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
  datedFieldsOf(schemaOf(document)).flatMap(({ steps, since }) =>
    pathsTo(document, steps, '').map((path) => ({ path, since })),
  );
