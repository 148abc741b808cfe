// What holds for every document: tried on random ones that libvirt's grammars allow, and on what becomes of those when
// strangers are put into them or they are spoilt. A failure prints the list of decisions that makes the smallest one.
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnyDocument, diff, parseDocument, toXML, untyped, XmlError } from '../../lib/xml/index.js';
import { outline } from '../unit/xml/outline.js';
import { changed, othersFor, partsOf } from './rng/change.js';
import { declaredIn } from './rng/exercise.js';
import { type Node, print } from './rng/generate.js';
import { type Grammar, readGrammar } from './rng/grammar.js';
import { contentsOf, randomDocument, spoil, sprinkle, type Tape, tapes } from './rng/random.js';
import { type Root, roots } from './rng/roots.js';
import { missing, SCHEMAS, Validator } from './rng/schemas.js';

const RUNS = 200;

/** Declarations of the document's own namespaces come and go with what needs them. */
const linesOf = (xml: string): readonly string[] =>
  outline(xml).filter((line) => !/^network\/@xmlns:dnsmasq=/.test(line));

/** The document by its values alone. */
const said = (document: AnyDocument): AnyDocument => structuredClone(document);

/** A document, or nothing when the text is refused as none. */
const read = (parse: Root['parse'], xml: string): AnyDocument | undefined => {
  try {
    return parse(xml);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
};

const properties = ({ schema, parse, file, definition }: Root): void => {
  let grammar: Grammar;
  let validator: Validator;

  beforeAll(() => {
    grammar = readGrammar(join(SCHEMAS, file), definition);
    validator = new Validator(file, definition);
  });

  afterAll(() => validator[Symbol.dispose]());

  const contents = contentsOf(declaredIn(schema));

  /** Holds on random documents; `extra` decides what is done to them. */
  const holds = (check: (node: Node, extra: Tape) => void, runs = RUNS): void =>
    fc.assert(
      fc.property(tapes(300), tapes(200), (tape, extra) => {
        const node = randomDocument(grammar, tape);
        // The patterns of the grammar allow more than libvirt reads: a required port can be one of letters.
        if (read(parse, print(node))) check(node, extra);
      }),
      { numRuns: runs },
    );

  it('is typed whole', () => {
    fc.assert(
      fc.property(tapes(300), (tape) => {
        const xml = print(randomDocument(grammar, tape, { sound: true }));
        expect(untyped(parse(xml)), xml).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('is written as it was, and says the same', () => {
    holds((node) => {
      const xml = print(node);
      const doc = parse(xml);
      const written = toXML(doc);
      expect(linesOf(written)).toEqual(linesOf(xml));
      expect(said(parse(written))).toEqual(said(doc));
    });
  });

  // Few, because libxml2 takes long over elements of which much can be left out.
  it('stays one that the grammar allows', () => {
    fc.assert(
      fc.property(tapes(40), (tape) => {
        const xml = print(randomDocument(grammar, tape, { sound: true }));
        expect(validator.problem(xml), xml).toBeUndefined();
        expect(validator.problem(toXML(parse(xml))), xml).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('keeps strangers in their places, and says the same with them', () => {
    holds((node, extra) => {
      const xml = print(sprinkle(node, extra, contents));
      const doc = parse(xml);
      const written = toXML(doc);
      expect(linesOf(written)).toEqual(linesOf(xml));
      expect(said(doc), xml).toEqual(said(parse(print(node))));
      expect(toXML(parse(written))).toBe(written);
    });
  });

  it('loses nothing when it is spoilt', () => {
    let count = 0;
    holds((node, extra) => {
      const xml = print(sprinkle(spoil(node, extra), extra, contents));
      const doc = read(parse, xml);
      if (!doc) return;
      count++;
      expect(linesOf(toXML(doc))).toEqual(linesOf(xml));
    });
    expect(count).toBeGreaterThan(RUNS / 20);
  });

  it('changes in one place when one field is changed', () => {
    let count = 0;
    holds((node, extra) => {
      const doc = parse(print(sprinkle(node, extra, contents, { split: false })));
      const { settable } = partsOf(schema, doc);
      const field = settable[extra.next(settable.length || 1)];
      const others = field ? othersFor(field) : [];
      if (!field || others.length === 0) return;
      count++;
      const other = changed(doc, field.steps, extra.pick(others)) as AnyDocument;
      const [before, after] = [linesOf(toXML(doc)), linesOf(toXML(other))];
      expect(after.length).toBe(before.length);
      expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);

      // In a list the field may be what identifies a member, which may then pair with another one.
      const inList = field.steps.findIndex((step) => typeof step === 'number');
      const place = (inList === -1 ? field.steps : field.steps.slice(0, inList)).join('.');
      const paths = diff(doc, other as never).map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(0);
      if (inList === -1) expect(paths).toEqual([place]);
      else expect(paths.filter((path) => !path.startsWith(`${place}[`))).toEqual([]);
    });
    expect(count).toBeGreaterThan(RUNS / 5);
  });

  it('loses one field, and nothing else, when one is taken away', () => {
    holds((node, extra) => {
      const doc = parse(print(node));
      const { removable } = partsOf(schema, doc);
      const part = removable[extra.next(removable.length || 1)];
      if (!part) return;
      const other = changed(doc, part.steps, undefined) as AnyDocument;
      const [before, after] = [linesOf(toXML(doc)), linesOf(toXML(other))];
      let kept = 0;
      const gone = before.filter((line) => line !== after[kept] || kept++ < 0);
      expect(kept, 'what is left is there in its order').toBe(after.length);
      expect(gone.length).toBeGreaterThan(0);
      expect(gone.filter((line) => !line.startsWith(part.xml))).toEqual([]);
    });
  });

  it('differs from itself in nothing, and from another as that one from it', () => {
    let last: AnyDocument | undefined;
    holds((node, extra) => {
      const doc = parse(print(sprinkle(node, extra, contents)));
      expect(diff(doc, doc as never)).toEqual([]);
      expect(diff(doc, parse(toXML(doc)) as never, { ignore: 'filled-in' })).toEqual([]);
      if (last) expect(diff(last, doc as never).length).toBe(diff(doc, last as never).length);
      last = doc;
    });
  });
};

describe.skipIf(missing).each(roots)(`a random document of $file ${missing ? `(${missing})` : ''}`, (root) =>
  properties(root),
);

describe('any text', () => {
  const parsers = [...new Set(roots.map(({ parse }) => parse)), parseDocument];
  const soup = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '/>',
          '</',
          '<network',
          '<name>',
          '</name>',
          '</network>',
          '<!--',
          '-->',
          '<?',
        ),
        fc.constantFrom(
          '<![CDATA[',
          ']]>',
          '<!DOCTYPE',
          '&',
          ';',
          '&#',
          '&amp;',
          '"',
          "'",
          '=',
          ' ',
          '\n',
          'xmlns',
        ),
        fc.constantFrom(
          "<interface type='bridge'>",
          "<filter name='a'>",
          '<device>',
          '<ip/>',
          'a',
          ':',
          '\uFEFF',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''));

  it('is a document, or is refused with line and column', () => {
    fc.assert(
      fc.property(soup, (text) => {
        for (const parse of parsers) {
          try {
            expect(parse(text)).toHaveProperty('kind');
          } catch (error) {
            if (!(error instanceof XmlError)) throw error;
            const lines = text.split('\n');
            expect(error.line).toBeGreaterThanOrEqual(1);
            expect(error.line).toBeLessThanOrEqual(lines.length);
            expect(error.column).toBeGreaterThanOrEqual(1);
            expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] ?? '').length + 1);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
