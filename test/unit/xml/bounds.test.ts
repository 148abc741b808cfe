// Texts that are made to do harm, for every function that reads: refused with the reason and the place, or read, in
// work that is in proportion to the text. The time limit of the tests is what says so.
import { describe, expect, it } from 'vitest';
import {
  parseDocument,
  parseDomain,
  parseFilter,
  parseFilterBinding,
  parseHostInterface,
  parseInterface,
  parseNetwork,
  parseNetworkPort,
  parseNodeDevice,
  toXML,
  untyped,
  XmlError,
} from '../../../lib/xml/index.js';

const parsers = {
  parseDocument,
  parseDomain,
  parseFilter,
  parseFilterBinding,
  parseHostInterface,
  parseInterface,
  parseNetwork,
  parseNetworkPort,
  parseNodeDevice,
};

/** The root of what each of them reads. */
const roots: { readonly [name in keyof typeof parsers]: string } = {
  parseDocument: 'network',
  parseDomain: 'domain',
  parseFilter: 'filter',
  parseFilterBinding: 'filterbinding',
  parseHostInterface: 'interface',
  parseInterface: 'interface',
  parseNetwork: 'network',
  parseNetworkPort: 'networkport',
  parseNodeDevice: 'device',
};

const names = Object.keys(parsers) as (keyof typeof parsers)[];

describe.each(names)('%s', (name) => {
  const parse = parsers[name];
  const root = roots[name];

  const errorOf = (text: string): XmlError => {
    try {
      parse(text);
    } catch (error) {
      if (error instanceof XmlError) return error;
      throw error;
    }
    throw new Error('an XmlError was expected');
  };

  it('refuses elements 100,000 deep', () => {
    const text = `<${root}>\n${'<x>'.repeat(100_000)}${'</x>'.repeat(100_000)}</${root}>`;
    expect(errorOf(text)).toMatchObject({
      reason: 'elements are nested deeper than 256',
      line: 2,
      column: 255 * 3 + 1,
    });
  });

  it('refuses a billion laughs', () => {
    const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`);
    const text = `<?xml version="1.0"?>\n<!DOCTYPE ${root} [<!ENTITY lol0 "lol">${entities.join('')}]>\n<${root}>&lol9;</${root}>`;
    expect(errorOf(text)).toMatchObject({ line: 2, column: 1 });
    expect(errorOf(text).reason).toMatch(/^a document type declaration \(DTD\) is not accepted/);
  });

  it('refuses a text of 50 MB', () => {
    const text = `<${root}>${' '.repeat(50_000_000)}</${root}>`;
    expect(errorOf(text)).toMatchObject({ line: 1, column: 1 });
    expect(errorOf(text).reason).toMatch(/^the text has 500000\d\d characters; libvirt takes no more than/);
  });

  it('says where a text is not well-formed', () => {
    expect(errorOf(`<${root}>\n  <name>a</nam>\n</${root}>`)).toMatchObject({
      line: 2,
      column: 10,
      path: `${root}/name`,
    });
  });

  it('says which root it expected', () => {
    expect(errorOf('\n <stranger/>')).toMatchObject({ line: 2, column: 2, path: 'stranger' });
  });
});

describe('a long text', () => {
  const length = 1024 * 1024;

  /** As many pieces as fit into it. */
  const filled = (before: string, piece: string, after: string): string =>
    before + piece.repeat(Math.floor((length - before.length - after.length) / piece.length)) + after;

  it.each([
    ['pieces of text between comments', filled('<network><name>', 'a<!---->', '</name></network>')],
    ['comments', filled('<network><name>a</name>', '<!---->', '</network>')],
    ['unknown elements', filled('<network><name>a</name>', '<x/>', '</network>')],
    ['doubled elements', filled('<network><name>a</name>', '<mtu size="1"/>', '</network>')],
    ['list members', filled('<network><name>a</name>', '<route/>', '</network>')],
    [
      'texts in a list',
      filled(
        '<network><name>a</name><dns><host ip="10.0.0.1">',
        '<hostname a="1">a</hostname>',
        '</host></dns></network>',
      ),
    ],
    ['references', filled('<network><name>', '&#97;', '</name></network>')],
    ['rules', filled('<filter name="a">', '<rule action="drop" direction="in"/><!---->', '</filter>')],
  ])('is read and written: %s', (_, text) => {
    const doc = parseDocument(text);
    expect(untyped(doc).length).toBeGreaterThanOrEqual(0);
    expect(toXML(doc).length).toBeGreaterThan(length / 2);
  });

  it('has its place told at its end', () => {
    expect(() => parseNetwork(filled('<network><name>a</name>', '\n', '<'))).toThrow(
      /line 10485\d\d, column 1/,
    );
  });
});
