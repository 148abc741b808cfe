// Reads a text whose kind of document is not known beforehand.
import type { XmlElement } from '@rgrove/parse-xml';
import { type AnyDocument, documents, readAs, schemaOf } from './documents.js';
import { positionOf, XmlError } from './error.js';
import { parseTree } from './parse.js';
import type { Document } from './schema.js';
import { untypedOf } from './untyped.js';

/**
 * The kinds of documents.
 *
 * @useDeclaredType
 */
export type DocumentKind = AnyDocument['kind'];

/** How {@link parseDocument} takes a text. */
export interface ParseDocumentOptions<K extends DocumentKind = DocumentKind> {
  /** The kind that the text is of; what its root element and its content tell when it is left out. */
  readonly kind?: K;
}

const schemas: readonly Document<AnyDocument>[] = Object.values(documents);

/** What a text is as a document of one kind; the reason when it is none. */
type Reading =
  | { readonly kind: DocumentKind; readonly document: AnyDocument; readonly untyped: number }
  | { readonly kind: DocumentKind; readonly reason: string };

const tryAs = (schema: Document<AnyDocument>, text: string, root: XmlElement): Reading => {
  const kind = schema.kind as DocumentKind;
  try {
    const document = readAs(schema, text, root);
    return { kind, document, untyped: untypedOf(schema, document).length };
  } catch (error) {
    if (error instanceof XmlError) return { kind, reason: error.reason };
    throw error;
  }
};

/** The document of the only reading, or of the one that types most of the text; or why there is none. */
const choose = (readings: readonly Reading[]): AnyDocument | string => {
  const read = readings.filter((reading) => 'document' in reading);
  const least = Math.min(...read.map(({ untyped }) => untyped));
  const [best, ...others] = read.filter(({ untyped }) => untyped === least);
  if (best && others.length === 0) return best.document;
  const kinds = [best, ...others].map((one) => one?.kind).join(' or a ');
  if (best) return `this can be a ${kinds}: the option kind says which`;
  return readings.map((reading) => ('reason' in reading ? reading.reason : '')).join('; or ');
};

const findKind = (text: string): AnyDocument => {
  const root = parseTree(text);
  const { name, start } = root;
  const candidates = schemas.filter(({ root }) => root.name === name);
  const known = [...new Set(schemas.map(({ root }) => `<${root.name}>`))].join(', ');
  const chosen =
    candidates.length === 0
      ? `no document that is known has the root <${name}>; known are ${known}`
      : choose(candidates.map((schema) => tryAs(schema, text, root)));
  if (typeof chosen === 'string') throw new XmlError(chosen, name, positionOf(text, start));
  return chosen;
};

/**
 * Reads the XML of any document that this library knows. The root element tells the kind. Where several kinds have
 * that root, as the `<interface>` of a domain and that of a host, the text is of the kind that types most of it.
 *
 * Throws an `XmlError` with line and column when the text is not well-formed (see {@link parseNetwork} for the
 * limits), is no document that is known, or can be of several kinds; a `TypeError` when there is no such kind.
 *
 * ```ts
 * const document = parseDocument(`<network><name>lab</name></network>`);
 * if (document.kind === 'network') document.name; // lab
 * parseDocument(text, { kind: 'network' }); // a NetworkDocument, or an error
 * ```
 */
export const parseDocument = <K extends DocumentKind = DocumentKind>(
  text: string,
  { kind }: ParseDocumentOptions<K> = {},
): Extract<AnyDocument, { readonly kind: K }> => {
  const document = kind === undefined ? findKind(text) : readAs(schemaOf({ kind }), text);
  return document as Extract<AnyDocument, { readonly kind: K }>;
};
