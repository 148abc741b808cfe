// What holds for any document, tried on many that chance made.
import { describe, expect, it } from 'vitest';
import { type NetworkDocument, parseNetwork, toXML, untyped } from '../../../lib/xml/index.js';
import { network } from '../../../lib/xml/network/network.js';
import { outline } from './outline.js';
import { Documents, Random } from './random.js';

const each = (
  seed: number,
  count: number,
  odd: number,
  check: (xml: string, random: Random) => void,
): void => {
  const random = new Random(seed);
  const documents = new Documents(network, random, odd);
  for (let i = 0; i < count; i++) {
    const xml = documents.next();
    try {
      check(xml, random);
    } catch (error) {
      throw new Error(`document ${i} of seed ${seed}: ${xml}`, { cause: error });
    }
  }
};

/** Namespaces that the writer declares or leaves out by what is in use are no loss. */
const withoutOwn = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !line.startsWith('network/@xmlns:dnsmasq='));

type Member = { readonly [key: string | number]: unknown };

/** The paths to every number and truth of a value. */
const settable = (
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] => {
  if (typeof value === 'number' || typeof value === 'boolean') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    settable(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};

/** A copy that differs at one path. */
const withAt = (
  value: unknown,
  [step, ...path]: readonly (string | number)[],
  change: (old: unknown) => unknown,
): unknown => {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((member, i) => (i === step ? withAt(member, path, change) : member));
  return { ...(value as object), [step]: withAt((value as Member)[step], path, change) };
};

describe('any document', () => {
  it('loses nothing when it is read and written, right or wrong', () => {
    each(1, 500, 1, (xml) =>
      expect(withoutOwn(outline(toXML(parseNetwork(xml))))).toEqual(withoutOwn(outline(xml))),
    );
  });

  it('has every value typed when it is right', () => {
    each(2, 300, 0, (xml) => {
      const known = untyped(parseNetwork(xml)).filter(({ path }) => !/@(prefix)$|\/address$/.test(path));
      expect(known).toEqual([]);
    });
  });

  it('is written the same when it is read again', () => {
    each(3, 300, 0.7, (xml) => {
      const written = toXML(parseNetwork(xml));
      expect(toXML(parseNetwork(written))).toBe(written);
    });
  });

  it('changes in one place when one value is changed', () => {
    let changed = 0;
    each(4, 300, 0.7, (xml, random) => {
      const doc = parseNetwork(xml);
      const paths = settable(doc);
      if (paths.length === 0) return;
      const path = random.pick(paths);
      // Every range of the schema has 1 and 2.
      const other = withAt(doc, path, (old) => (typeof old === 'boolean' ? !old : old === 1 ? 2 : 1));
      const before = outline(toXML(doc));
      const after = outline(toXML(other as NetworkDocument));
      const trunk = path.at(-1) === 'trunk';
      if (trunk) return;
      expect(after.length).toBe(before.length);
      expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
      changed++;
    });
    expect(changed).toBeGreaterThan(200);
  });

  it('is the same value when only its layout differs', () => {
    each(5, 200, 0, (xml) => {
      const doc = structuredClone(parseNetwork(xml));
      expect(structuredClone(parseNetwork(toXML(doc)))).toEqual(doc);
    });
  });
});
