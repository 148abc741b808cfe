// The tables of what identifies list members and of what libvirt fills in, held against the schemas.
import { describe, expect, it } from 'vitest';
import { filledIn } from '../../../lib/xml/diff/filled-in.js';
import { identifiedLists, identityOf } from '../../../lib/xml/diff/identity.js';
import { documents } from '../../../lib/xml/documents.js';
import { fieldsOf } from '../../../lib/xml/fields.js';

/** Every attribute, element and text that the documents type, as `network/bridge/@stp` and `network/bridge`. */
const pathsOf = (schema: (typeof documents)[keyof typeof documents]): Set<string> => {
  const paths = new Set<string>();
  for (const { element, at } of fieldsOf(schema)) {
    const steps = element.split('/');
    for (let i = 1; i <= steps.length; i++) paths.add(steps.slice(0, i).join('/'));
    paths.add(`${element}/${at}`);
    paths.add(`${steps.slice(0, -1).join('/')}/*/${at}`);
  }
  return paths;
};

const kinds = Object.keys(documents) as (keyof typeof documents)[];

describe('what libvirt fills in', () => {
  it('is of kinds that there are', () => {
    expect(Object.keys(filledIn).filter((kind) => !Object.hasOwn(documents, kind))).toEqual([]);
  });

  it.each(kinds)('is in the schema of a %s', (kind) => {
    const paths = pathsOf(documents[kind]);
    expect(Object.keys(filledIn[kind] ?? {}).filter((path) => !paths.has(path))).toEqual([]);
  });

  it('has a default that a field there can read, and a reason', () => {
    for (const [kind, rules] of Object.entries(filledIn)) {
      const fields = fieldsOf(documents[kind as keyof typeof documents]);
      for (const [path, rule] of Object.entries(rules)) {
        expect(rule.why, path).toMatch(/^[\w<]/);
        if (rule.is !== 'default') continue;
        const at = fields.filter(({ element, at }) =>
          [`${element}/${at}`, `${element.replace(/[^/]+$/, '*')}/${at}`, element].includes(path),
        );
        expect(
          at.some(({ codec }) => codec?.parse(rule.text) !== undefined),
          path,
        ).toBe(true);
      }
    }
  });
});

describe('what identifies the members of a list', () => {
  const paths = new Set(kinds.flatMap((kind) => [...pathsOf(documents[kind])]));
  const ends = (end: string): boolean => [...paths].some((path) => path === end || path.endsWith(`/${end}`));

  it.each(identifiedLists)('%s: is in a schema', (list) => {
    const [around = '', member = ''] = list.split('/');
    for (const name of identityOf(around, member)?.flat() ?? [])
      expect(ends(`${list}/@${name}`) || ends(`${list}/${name}`), `${list} has ${name}`).toBe(true);
  });
});
