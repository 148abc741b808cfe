// The schemas of documents against libvirt's own grammars of them (rng/roots.ts lists both).
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOf } from '../../lib/xml/fields.js';
import { toXML, untyped } from '../../lib/xml/index.js';
import { declaredIn, exercisedBy } from './rng/exercise.js';
import { fullestOf, type Sample, samplesOf } from './rng/generate.js';
import { readGrammar } from './rng/grammar.js';
import { newerDocuments } from './rng/newer.js';
import { type Root, roots } from './rng/roots.js';
import { missing, SCHEMAS, Validator } from './rng/schemas.js';
import { type Tree, treeOf } from './rng/tree.js';
import { type Leaf, leavesOf, pairsOf, variantsOf } from './rng/walk.js';

const contract = ({ schema, parse, file, definition, counts, beyond, wider }: Root): void => {
  let leaves: readonly Leaf[];
  let samples: readonly Sample[];
  let fullest: readonly Sample[];
  let validator: Validator;

  beforeAll(() => {
    const grammar = readGrammar(join(SCHEMAS, file), definition);
    leaves = leavesOf(grammar);
    samples = samplesOf(grammar);
    fullest = fullestOf(grammar);
    validator = new Validator(file, definition);
  });

  afterAll(() => validator[Symbol.dispose]());

  const fields = fieldsOf(schema);
  const typed = new Set(fields.map(({ element, at }) => `${element} ${at}`));
  /** Elements of which any content is kept as it is. */
  const contents = fields.filter(({ at }) => at === '*').map(({ element }) => element);

  it(`types every attribute and text of the grammar: ${counts.pairs} in libvirt 9.0`, () => {
    const pairs = [...pairsOf(leaves)];
    const anything = (pair: string) => contents.some((element) => pair.startsWith(`${element}/`));
    expect(pairs.length).toBeGreaterThanOrEqual(counts.pairs);
    expect(pairs.filter((pair) => !typed.has(pair) && !anything(pair))).toEqual([]);
  });

  it(`types them in each variant that has them: ${counts.variants} in libvirt 9.0`, () => {
    expect(variantsOf(leaves)).toBeGreaterThanOrEqual(counts.variants);
    const kept = samples.flatMap(({ xml }) => untyped(parse(xml)).map(({ path }) => `${path} of ${xml}`));
    expect(kept).toEqual([]);
  });

  it('names the libvirt release of what the grammar of 9.0 does not have', () => {
    const pairs = pairsOf(leaves);
    const newer = fields.filter(({ element, at }) => at !== '*' && !pairs.has(`${element} ${at}`));
    const unexplained = newer.filter(({ element, at }) => !beyond?.test(`${element} ${at}`));
    expect(unexplained.filter(({ since }) => since === undefined)).toEqual([]);
  });

  /** The texts that a pattern lists: those of a value, or the alternatives that a data type is restricted to. */
  const textsOf = (pattern: Leaf['pattern']): readonly string[] => {
    if (pattern.kind === 'value') return [pattern.text];
    const [param, ...others] = pattern.kind === 'data' ? pattern.params : [];
    return param?.name === 'pattern' && others.length === 0 && /^[\w()|-]*\|[\w()|-]*$/.test(param.text)
      ? param.text.replace(/[()]/g, '').split('|')
      : [];
  };

  it('knows every enumerated value of the grammar', () => {
    const unknown = leaves.flatMap(({ element, at, pattern }) => {
      const codecs = fields.filter((field) => field.element === element && field.at === at);
      return textsOf(pattern)
        .filter((text) => !codecs.some(({ codec }) => codec?.parse(text) !== undefined))
        .map((text) => `${element} ${at} ${text}`);
    });
    expect(unknown).toEqual([]);
  });

  it(`reads and writes the smallest document of each value in each variant: ${counts.documents} in libvirt 9.0`, () => {
    expect(samples.length).toBeGreaterThanOrEqual(counts.documents);
    for (const { leaf, xml } of samples) {
      const context = `${leaf.element} ${leaf.at} in ${xml}`;
      expect(validator.problem(xml), `the generated document: ${context}`).toBeUndefined();
      const tree = treeOf(xml);
      expect(has(tree, leaf), `the generated document: ${context}`).toBe(true);
      const written = toXML(parse(xml));
      expect(treeOf(written), context).toEqual(tree);
      expect(validator.problem(written), `${context} written as ${written}`).toBeUndefined();
    }
  });

  it('says the same with the typed fields alone', () => {
    for (const { xml } of samples) {
      // A structured clone leaves behind what the document kept of its text.
      const doc = structuredClone(parse(xml));
      const written = toXML(doc);
      expect(validator.problem(written), `${xml} written as ${written}`).toBeUndefined();
      expect(structuredClone(parse(written)), xml).toEqual(doc);
      // What is laid out as libvirt does stays so, to the byte.
      expect(toXML(parse(written))).toBe(written);
    }
  });

  it('reads and writes what the grammar of 9.0 does not have', () => {
    for (const xml of newerDocuments[schema.kind] ?? []) {
      const doc = parse(xml);
      expect(untyped(doc), xml).toEqual([]);
      expect(treeOf(toXML(doc))).toEqual(treeOf(xml));
      expect(structuredClone(parse(toXML(structuredClone(doc)))), xml).toEqual(structuredClone(doc));
    }
  });

  // Without the validator: libxml2 takes time that grows exponentially with the optional attributes of a filter's rule.
  it('reads and writes the fullest document of each value', () => {
    for (const { xml } of fullest) {
      const doc = parse(xml);
      expect(untyped(doc), xml).toEqual([]);
      expect(treeOf(toXML(doc)), xml).toEqual(treeOf(xml));
    }
  });

  it('has no field that no document here has a value for', () => {
    const texts = [...samples, ...fullest].map(({ xml }) => xml);
    const exercised = new Set(
      [...texts, ...(newerDocuments[schema.kind] ?? [])].flatMap((xml) => {
        // What is written of the value alone: the field was both read and written.
        const doc = structuredClone(parse(xml));
        const again = exercisedBy(schema, parse(toXML(doc)));
        return [...exercisedBy(schema, doc)].filter((name) => again.has(name));
      }),
    );
    const declared = declaredIn(schema);
    const places = new Set(declared.filter(({ name }) => exercised.has(name)).map(({ place }) => place));
    const pairs = pairsOf(leaves);
    // What the grammar has is exercised in every variant; the rest, by hand, in one.
    const missed = declared.filter(({ name, place }) =>
      pairs.has(place) && !wider?.test(name) ? !exercised.has(name) : !places.has(place),
    );
    expect(missed.map(({ name }) => name)).toEqual([]);
  });
};

/** Whether a document has the element, attribute or text of a leaf, and of an enumerated one the value. */
const has = (tree: Tree, { element, at, pattern }: Leaf): boolean => {
  const [root, ...steps] = element.split('/');
  const named = (name: string, wanted: string | undefined) =>
    wanted === '*' || wanted?.split('|').includes(name) === true;
  let found = named(tree.name, root) ? [tree] : [];
  for (const step of steps)
    found = found.flatMap(({ inside }) =>
      inside.filter((child): child is Tree => typeof child === 'object' && named(child.name, step)),
    );
  const values = (one: Tree): readonly string[] =>
    at === 'text()'
      ? one.inside.filter((child): child is string => typeof child === 'string')
      : Object.entries(one.attributes).flatMap(([name, text]) => (named(name, at.slice(1)) ? [text] : []));
  if (at === '') return found.length > 0;
  return found.some((one) =>
    values(one).some((text) => (pattern.kind === 'value' ? text === pattern.text : true)),
  );
};

for (const root of roots) {
  const of = root.definition ? `${root.definition} of ${root.file}` : root.file;
  describe.skipIf(missing)(`${root.schema.kind} and ${of}${missing ? ` (${missing})` : ''}`, () =>
    contract(root),
  );
}

describe.skipIf(missing)(`the validator${missing ? ` (${missing})` : ''}`, () => {
  it('sees through to the included grammars', () => {
    using validator = new Validator('network.rng');
    expect(validator.problem('<network><name>a</name><uuid>zz</uuid></network>')).toContain('uuid');
    expect(validator.problem('<network><name>a</name><vlan><tag id="4096"/></vlan></network>')).toContain(
      'tag',
    );
    expect(
      validator.problem('<network><name>a</name><vlan><tag id="4095"/></vlan></network>'),
    ).toBeUndefined();
  });

  it('starts with a definition when asked to', () => {
    using validator = new Validator('domaincommon.rng', 'interface');
    expect(validator.problem("<interface type='ethernet'/>")).toBeUndefined();
    expect(validator.problem("<interface type='ether'/>")).toBeDefined();
  });
});
