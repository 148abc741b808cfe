// Comparing and recognizing every document that libvirt's grammars allow: the smallest one for each attribute, text
// and enumerated value.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AnyDocument, diff, parseDocument, toXML } from '../../lib/xml/index.js';
import { samplesOf } from './rng/generate.js';
import { readGrammar } from './rng/grammar.js';
import { roots } from './rng/roots.js';
import { missing, SCHEMAS } from './rng/schemas.js';

/** The document by its values alone, however they were written. */
const said = (document: AnyDocument): string => toXML(structuredClone(document));

describe.skipIf(missing).each(roots)('the documents of $file', ({ schema, parse, file, definition }) => {
  const texts = (): string[] => samplesOf(readGrammar(join(SCHEMAS, file), definition)).map(({ xml }) => xml);

  it('are the same when they are written and read again, and each differs from the one before it', () => {
    let last: AnyDocument | undefined;
    for (const text of texts()) {
      const document = parse(text);
      expect(diff(document, parse(toXML(document))), text).toEqual([]);
      if (last && said(last) !== said(document)) {
        const [there, back] = [diff(last, document), diff(document, last)];
        expect(there.length, `${toXML(last)}${text}`).toBeGreaterThan(0);
        expect(back.length, `${toXML(last)}${text}`).toBe(there.length);
      }
      last = document;
    }
  });

  it('are known for what they are', () => {
    for (const text of texts()) expect(parseDocument(text).kind, text).toBe(schema.kind);
  });
});
