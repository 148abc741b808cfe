// The primitives that declarations are made of, each on an element of its own.
import { describe, expect, it } from 'vitest';
import { bigInteger, hex, integer, oneOf, string, yesNo } from '../../../lib/xml/codec.js';
import { fieldsOf } from '../../../lib/xml/fields.js';
import { readDocument } from '../../../lib/xml/read.js';
import {
  absent,
  attribute,
  body,
  content,
  document,
  type Element,
  element,
  type Infer,
  many,
  mixed,
  one,
  required,
  since,
  text,
  texts,
  union,
  values,
  wrapped,
} from '../../../lib/xml/schema.js';
import { untypedOf } from '../../../lib/xml/untyped.js';
import { writeDocument } from '../../../lib/xml/write.js';

/** Reads a text, expects it back when written, and gives the value without its kind. */
const through = <T>(schema: ReturnType<typeof document<string, T>>, xml: string): object => {
  const doc = readDocument(schema, xml);
  expect(writeDocument(schema, doc)).toBe(xml);
  const { kind, ...value } = doc as { kind: string };
  expect(kind).toBe(schema.kind);
  return value;
};

describe('a text beside attributes', () => {
  const schema = document(
    'alias',
    element('alias', { name: attribute('name', string), value: body(integer(0, 9)) }),
  );

  it('is a field', () => {
    expect(through(schema, `<alias name='a'>7</alias>\n`)).toEqual({ name: 'a', value: 7 });
    expect(through(schema, `<alias name='a'/>\n`)).toEqual({ name: 'a' });
  });

  it('survives when it cannot be read, and gives way when it is set', () => {
    const xml = `<alias name='a'>seven</alias>\n`;
    const doc = readDocument(schema, xml);
    expect(writeDocument(schema, doc)).toBe(xml);
    expect(writeDocument(schema, { ...doc, value: 7 })).toBe(`<alias name='a'>7</alias>\n`);
  });

  it('keeps what stands around and inside of it', () => {
    const xml = `<alias name='a'><!-- n --> 7<x/></alias>\n`;
    const doc = readDocument(schema, xml);
    expect(doc.value).toBe(7);
    expect(writeDocument(schema, doc)).toBe(xml);
    expect(writeDocument(schema, { ...doc, value: 8 })).toBe(`<alias name='a'><!-- n -->8<x/></alias>\n`);
  });
});

describe('a union', () => {
  const nic = union('type', [
    element('nic', {
      type: required(attribute('type', oneOf('bridge'))),
      source: required(attribute('bridge', string)),
    }),
    element('nic', {
      type: required(attribute('type', oneOf('user'))),
      restrict: attribute('restrict', yesNo),
    }),
  ]);
  const schema = document('nics', element('nics', { nics: many(nic) }));

  it('is told by its attribute, in lists as well', () => {
    expect(
      through(
        schema,
        `<nics>\n  <nic type='user' restrict='yes'/>\n  <nic type='bridge' bridge='br0'/>\n</nics>\n`,
      ),
    ).toMatchObject({
      nics: [
        { type: 'user', restrict: true },
        { type: 'bridge', source: 'br0' },
      ],
    });
  });

  it('keeps elements whole that are no variant', () => {
    const xml = `<nics>\n  <nic/>\n  <nic type='warp'/>\n  <nic type='bridge'/>\n  <nic type='user'/>\n</nics>\n`;
    expect(through(schema, xml)).toMatchObject({ nics: [{ type: 'user' }] });
  });

  it('must be told when it has no other form', () => {
    expect(() => writeDocument(schema, { kind: 'nics', nics: [{} as never] })).toThrow(
      'nics[0].type: is missing; it is one of bridge, user',
    );
  });
});

describe('lists of single values', () => {
  const schema = document(
    'lists',
    element('lists', {
      names: texts('name', string),
      numbers: texts('number', integer(0, 9)),
      options: wrapped('options', values('option', 'value', string)),
      notes: wrapped('notes', texts('note', string)),
      raw: wrapped('raw', content()),
    }),
  );

  it('are lists of the values themselves', () => {
    const xml = `<lists>
  <name>a</name>
  <name/>
  <number>1</number>
  <options>
    <option value='x'/>
  </options>
  <notes/>
  <raw>
    <z/>
  </raw>
</lists>
`;
    expect(through(schema, xml)).toEqual({
      names: ['a', ''],
      numbers: [1],
      options: ['x'],
      notes: [],
      raw: '<z/>',
    });
  });

  it('keep members that cannot be read', () => {
    const xml = `<lists>\n  <number>1</number>\n  <number>x</number>\n  <number> 2</number>\n</lists>\n`;
    const doc = readDocument(schema, xml);
    expect(doc.numbers).toEqual([1, 2]);
    expect(writeDocument(schema, doc)).toBe(xml);
    expect(writeDocument(schema, { ...doc, numbers: [1, 3] })).toBe(xml.replace(' 2', '3'));
  });

  it('keep attributes of members that stay', () => {
    const xml = `<lists>\n  <name>a</name>\n  <name x='1'>b</name>\n  <name>c</name>\n</lists>\n`;
    const doc = readDocument(schema, xml);
    expect(writeDocument(schema, { ...doc, names: ['b', 'c'] })).toBe(xml.replace('  <name>a</name>\n', ''));
  });
});

describe('an element inside of itself', () => {
  interface Tree {
    readonly id: number;
    readonly trees?: readonly Tree[];
  }
  const tree: Element<Tree> = element('tree', {
    id: required(attribute('id', integer(0, 9))),
    get trees() {
      return many(tree);
    },
  });
  const schema = document('tree', tree);

  it('is read, written and listed', () => {
    const xml = `<tree id='1'>\n  <tree id='2'>\n    <tree id='3'/>\n  </tree>\n</tree>\n`;
    expect(through(schema, xml)).toEqual({ id: 1, trees: [{ id: 2, trees: [{ id: 3 }] }] });
    expect(fieldsOf(schema).map(({ element: path, at }) => `${path} ${at}`)).toEqual(['tree @id']);
  });
});

describe('a root told apart by an attribute', () => {
  const box = element('shape', {
    type: required(attribute('type', oneOf('box'))),
    side: attribute('side', hex(1, 9)),
  });
  const disc = element('shape', {
    type: required(attribute('type', oneOf('disc'))),
    radius: text('radius', integer(0, 9)),
  });
  const schema = document('shape', union('type', [box, disc]));

  it('is read and written as its variant, and listed with all of them', () => {
    expect(through(schema, `<shape type='disc'>\n  <radius>3</radius>\n</shape>\n`)).toEqual({
      type: 'disc',
      radius: 3,
    });
    expect(fieldsOf(schema).map(({ element: path, at }) => `${path} ${at}`)).toEqual([
      'shape @type',
      'shape @side',
      'shape @type',
      'shape/radius text()',
    ]);
  });

  it('keeps what is unknown in the variant', () => {
    const doc = readDocument(schema, `<shape type='box' radius='1'/>`);
    expect(untypedOf(schema, doc)).toEqual([{ path: 'shape/@radius', text: '1' }]);
    expect(writeDocument(schema, doc)).toBe(`<shape type='box' radius='1'/>\n`);
  });

  it('must be one of them', () => {
    const reason = 'this is no <shape> document: its type is not one of box, disc';
    expect(() => readDocument(schema, `<shape type='cone'/>`)).toThrow(reason);
    expect(() => readDocument(schema, '<shape/>')).toThrow(reason);
    expect(() => readDocument(schema, `<form type='box'/>`)).toThrow('<shape> expected, <form> found');
    const write = (value: object) => () => writeDocument(schema, value as { kind: 'shape'; type: 'box' });
    expect(write({ kind: 'shape' })).toThrow(new TypeError('type: is missing; it is one of box, disc'));
    expect(write({ kind: 'shape', type: 'cone' })).toThrow(RangeError);
    expect(write({ kind: 'shape', type: 'disc', side: 1 })).toThrow(TypeError);
  });
});

describe('a declaration', () => {
  it('tells variants apart by an attribute whose texts are known', () => {
    const either = element('either', { type: required(attribute('type', string)) });
    const schema = document('outer', element('outer', { either: one(union('type', [either])) }));
    expect(() => readDocument(schema, '<outer/>')).toThrow(
      '<either> is in a union by type, which is not its attribute with known texts',
    );
  });

  it('may know a variant by several texts', () => {
    const box = element('shape', { type: required(attribute('type', oneOf('box', 'cube'))) });
    const disc = element('shape', { type: required(attribute('type', oneOf('disc'))) });
    const schema = document('shape', union('type', [box, disc]));
    for (const type of ['box', 'cube', 'disc'] as const) {
      expect(readDocument(schema, `<shape type='${type}'/>`)).toEqual({ kind: 'shape', type });
      expect(writeDocument(schema, { kind: 'shape', type })).toBe(`<shape type='${type}'/>\n`);
    }
  });

  it('has one field for an element or attribute', () => {
    const twice = document('twice', element('twice', { a: text('x', string), b: texts('x', string) }));
    expect(() => readDocument(twice, '<twice/>')).toThrow('<twice> declares <x> twice');
    const again = document(
      'again',
      element('again', { a: attribute('x', string), b: attribute('x', yesNo) }),
    );
    expect(() => writeDocument(again, { kind: 'again' })).toThrow('<again> declares attribute x twice');
  });

  it('lists its fields with path, key and release', () => {
    const inner = element('inner', {
      deep: attribute('deep', hex(2, 255)),
      word: required(text('word', string)),
    });
    const schema = document(
      'outer',
      element('outer', {
        big: attribute('big', bigInteger(0n, 2n ** 64n - 1n)),
        inners: since('10.0.0', many(inner)),
        either: one(
          union(
            'type',
            [
              element('either', {
                type: required(attribute('kind', oneOf('a'))),
                x: attribute('x', oneOf('1', '2')),
              }),
            ],
            element('either', { type: absent() }),
          ),
        ),
        raw: wrapped('raw', content()),
      }),
    );
    expect(
      fieldsOf(schema).map(({ element: path, at, key, required: must, since: release }) => [
        path,
        at,
        key,
        must,
        release,
      ]),
    ).toEqual([
      ['outer', '@big', 'big', false, undefined],
      ['outer/inner', '@deep', 'inners[].deep', false, '10.0.0'],
      ['outer/inner/word', 'text()', 'inners[].word', true, '10.0.0'],
      ['outer/either', '@kind', 'either.type', true, undefined],
      ['outer/either', '@x', 'either.x', false, undefined],
      ['outer/raw', '*', 'raw', false, undefined],
    ]);
    const value: Infer<typeof schema> = {
      kind: 'outer',
      big: 2n ** 64n - 1n,
      inners: [{ word: 'w', deep: 10 }],
    };
    expect(writeDocument(schema, value)).toBe(
      `<outer big='18446744073709551615'>\n  <inner deep='0x0a'>\n    <word>w</word>\n  </inner>\n</outer>\n`,
    );
  });
});

describe('a list of elements of several names', () => {
  const go = element('go', { to: required(attribute('to', string)), wait: absent() });
  const rest = element('rest', { wait: required(attribute('wait', integer(0, 9))), to: absent() });
  const schema = document('trip', element('trip', { steps: mixed({ to: go, wait: rest }) }));

  it('keeps their order', () => {
    const xml = `<trip>\n  <rest wait='1'/>\n  <go to='a'/>\n  <rest wait='2'/>\n</trip>\n`;
    expect(through(schema, xml)).toEqual({ steps: [{ wait: 1 }, { to: 'a' }, { wait: 2 }] });
  });

  it('keeps what stands between them, also when members come and go', () => {
    const xml = `<trip>\n  <!-- first -->\n  <go to='a'/>\n  <halt/>\n  <rest wait='2'/>\n</trip>\n`;
    const doc = readDocument(schema, xml);
    expect(writeDocument(schema, doc)).toBe(xml);
    const [first, second] = doc.steps ?? [];
    if (!first || !second) throw new Error('there are two');
    expect(writeDocument(schema, { ...doc, steps: [first, { wait: 1 }, second] })).toBe(
      `<trip>\n  <!-- first -->\n  <go to='a'/>\n  <halt/>\n  <rest wait='1'/>\n  <rest wait='2'/>\n</trip>\n`,
    );
    expect(writeDocument(schema, { ...doc, steps: [second] })).toBe(
      `<trip>\n  <!-- first -->\n  <halt/>\n  <rest wait='2'/>\n</trip>\n`,
    );
  });

  it('is listed field by field', () => {
    expect(fieldsOf(schema).map(({ element, at, key }) => [element, at, key])).toEqual([
      ['trip/go', '@to', 'steps[].to'],
      ['trip/rest', '@wait', 'steps[].wait'],
    ]);
  });

  it('refuses a member that is none of them, or two of them', () => {
    const write = (step: object) => () => writeDocument(schema, { kind: 'trip', steps: [step] } as never);
    expect(write({})).toThrow('steps[0]: has none of to, wait, one of which it must have');
    expect(write({ to: 'a', wait: 1 })).toThrow('steps[0].wait: there is no such field');
  });
});

describe('a group of fields of which an element has at most one', () => {
  const colour = (name: string) => one(element(name, { shade: attribute('shade', integer(0, 9)) }));
  const schema = document(
    'paint',
    element(
      'paint',
      { red: colour('red'), green: colour('green'), blue: colour('blue') },
      { exclusive: [['red', 'green', 'blue']] },
    ),
  );

  it('reads the first in the text and keeps the others as they were', () => {
    const xml = `<paint>\n  <blue shade='1'/>\n  <red shade='2'/>\n</paint>\n`;
    expect(through(schema, xml)).toEqual(expect.objectContaining({ blue: { shade: 1 } }));
    expect(readDocument(schema, xml)).not.toHaveProperty('red');
  });

  it('refuses two of them', () => {
    const two = { kind: 'paint', red: { shade: 1 }, blue: { shade: 2 } } as const;
    expect(() => writeDocument(schema, two as never)).toThrow('blue: cannot stand beside red');
  });
});
