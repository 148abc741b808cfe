// The schemas of documents against libvirt's own grammars of them (rng/roots.ts lists both).
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOf } from '../../lib/xml/fields.js';
import { toXML, untyped } from '../../lib/xml/index.js';
import { documentFor, print } from './rng/generate.js';
import { type Grammar, readGrammar } from './rng/grammar.js';
import { type Root, roots } from './rng/roots.js';
import { missing, SCHEMAS, Validator } from './rng/schemas.js';
import { treeOf } from './rng/tree.js';
import { type Leaf, leavesOf, pairsOf } from './rng/walk.js';

const contract = ({ schema, parse, file, definition, pairs: known, beyond }: Root): void => {
  let grammar: Grammar;
  let leaves: readonly Leaf[];
  let validator: Validator;

  beforeAll(() => {
    grammar = readGrammar(join(SCHEMAS, file), definition);
    leaves = leavesOf(grammar);
    validator = new Validator(file, definition);
  });

  afterAll(() => validator[Symbol.dispose]());

  const fields = fieldsOf(schema);
  const typed = new Set(fields.map(({ element, at }) => `${element} ${at}`));
  /** Elements of which any content is kept as it is. */
  const contents = fields.filter(({ at }) => at === '*').map(({ element }) => element);

  it('types every attribute and text of the grammar', () => {
    const pairs = [...pairsOf(leaves)];
    const anything = (pair: string) => contents.some((element) => pair.startsWith(`${element}/`));
    expect(pairs.length).toBeGreaterThanOrEqual(known);
    expect(pairs.filter((pair) => !typed.has(pair) && !anything(pair))).toEqual([]);
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

  it('reads and writes the smallest document of each value, and the grammar agrees', () => {
    for (const leaf of leaves) {
      const xml = print(documentFor(leaf, grammar));
      const context = `${leaf.element} ${leaf.at} in ${xml}`;
      expect(validator.problem(xml), `the generated document: ${context}`).toBeUndefined();
      const doc = parse(xml);
      expect(untyped(doc), context).toEqual([]);
      const written = toXML(doc);
      expect(treeOf(written), context).toEqual(treeOf(xml));
      expect(validator.problem(written), `${context} written as ${written}`).toBeUndefined();
    }
  });

  it('says the same with the typed fields alone', () => {
    for (const leaf of leaves) {
      const xml = print(documentFor(leaf, grammar));
      // A structured clone leaves behind what the document kept of its text.
      const doc = structuredClone(parse(xml));
      const written = toXML(doc);
      expect(validator.problem(written), `${xml} written as ${written}`).toBeUndefined();
      expect(structuredClone(parse(written)), xml).toEqual(doc);
    }
  });

  it('lays a written document out as one that was never read', () => {
    for (const leaf of leaves) {
      const written = toXML(structuredClone(parse(print(documentFor(leaf, grammar)))));
      expect(toXML(parse(written))).toBe(written);
    }
  });
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
