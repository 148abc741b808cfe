// What is said about texts that are no documents: the place, and before that a bound on what is looked at.
import { describe, expect, it } from 'vitest';
import { parseNetwork, XmlError } from '../../../lib/xml/index.js';
import { MAX_DEPTH, MAX_LENGTH } from '../../../lib/xml/scan.js';

const errorOf = (text: string): XmlError => {
  try {
    parseNetwork(text);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  throw new Error('an XmlError was expected');
};

describe('a text that is not well-formed', () => {
  it.each([
    ['', 'Root element is missing or invalid', 1, 1, ''],
    ['network', 'Root element is missing or invalid', 1, 1, ''],
    ['<network>\n  <name>a</nam>\n</network>', 'Missing end tag for element name', 2, 10, 'network/name'],
    [
      '<network>\n  <ip>\n    <dhcp x=1/>\n  </ip>\n</network>',
      'Attribute value expected',
      3,
      13,
      'network/ip',
    ],
    ['<network><name>a</name></network>\n<more/>', 'Extra content at the end of the document', 2, 1, ''],
    ['<network a="1" a="2"/>', 'Duplicate attribute: a', 1, 21, ''],
    ['<network><name>&lol;</name></network>', "Named entity isn't defined: &lol;", 1, 16, 'network/name'],
    [
      '<network>\n<!-- 𝕏 -->\n<name>𝕏𝕏</nam></network>',
      'Missing end tag for element name',
      3,
      11,
      'network/name',
    ],
  ])('is refused with line and column: %j', (text, reason, line, column, path) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ name: 'XmlError', reason, line, column, path });
    expect(error.message).toBe(`${reason} (line ${line}, column ${column}${path && `, in ${path}`})`);
  });

  it('is refused when it has a character that XML cannot have', () => {
    expect(errorOf('<network>\n<name>a\u0007b</name></network>')).toMatchObject({
      reason: 'Invalid character',
      line: 2,
    });
  });
});

describe('a text that is another document', () => {
  it('is refused with the name of its root', () => {
    expect(errorOf('\n <domain type="kvm"/>')).toMatchObject({
      message: '<network> expected, <domain> found (line 2, column 2, in domain)',
    });
  });

  it('is refused when it has no name', () => {
    expect(errorOf('<network><uuid/></network>')).toMatchObject({
      message:
        'this is no <network> document: it has no <name> that can be read (line 1, column 1, in network)',
    });
  });

  it.each([[undefined], [null], [Buffer.from('<network/>')], [{}]])(
    'is refused when it is no string: %s',
    (value) => {
      expect(() => parseNetwork(value as never)).toThrow(TypeError);
    },
  );
});

describe('a text out of bounds', () => {
  const nested = (depth: number) =>
    `<network><name>a</name>${'<x>'.repeat(depth)}${'</x>'.repeat(depth)}</network>`;

  it('is refused when it is nested deeper than libvirt reads', () => {
    expect(parseNetwork(nested(MAX_DEPTH - 1)).name).toBe('a');
    expect(errorOf(nested(MAX_DEPTH))).toMatchObject({
      reason: 'elements are nested deeper than 256',
      line: 1,
      column: 1 + '<network><name>a</name>'.length + 3 * (MAX_DEPTH - 1),
    });
    expect(errorOf(nested(100_000)).reason).toBe('elements are nested deeper than 256');
    expect(errorOf('<a>'.repeat(1_000_000)).reason).toBe('elements are nested deeper than 256');
  });

  it('is refused when it is longer than libvirt carries', () => {
    const long = (length: number) => `<network><name>a</name>${' '.repeat(length - 33)}</network>`;
    expect(parseNetwork(long(MAX_LENGTH)).name).toBe('a');
    expect(errorOf(long(MAX_LENGTH + 1)).reason).toBe(
      'the text has 4194305 characters; libvirt takes no more than 4194304',
    );
    expect(errorOf('<network>'.repeat(6_000_000)).reason).toMatch(/^the text has 54000000 characters/);
  });

  it.each([
    ['<!DOCTYPE network><network><name>a</name></network>', 1],
    [
      `<?xml version='1.0'?>\n<!-- > --><!DOCTYPE network [\n  <!ENTITY a "ha">\n  <!ENTITY b "&a;&a;&a;&a;">\n]>\n<network><name>&b;</name></network>`,
      2,
    ],
    ['<!DOCTYPE network SYSTEM "file:///etc/passwd"><network><name>a</name></network>', 1],
  ])('is refused when it has a DTD: %j', (text, line) => {
    expect(errorOf(text)).toMatchObject({ line });
    expect(errorOf(text).reason).toMatch(/^a document type declaration \(DTD\) is not accepted/);
  });

  it('is not mistaken: a DTD or depth that is only text', () => {
    const text = `<network><name>a</name><!-- <!DOCTYPE x> ${'<x>'.repeat(300)} --><description><![CDATA[<!DOCTYPE x>${'<x>'.repeat(300)}]]></description><x y="${'>'.repeat(9)}"/></network>`;
    expect(parseNetwork(text).description).toContain('<!DOCTYPE x>');
  });

  it('does not take forever over a number of a million digits', () => {
    const digits = '9'.repeat(1_000_000);
    expect(
      parseNetwork(
        `<network><name>a</name><bandwidth><inbound average='${digits}' burst='${digits}'/></bandwidth></network>`,
      ).bandwidth?.inbound,
    ).toEqual(expect.not.objectContaining({ average: expect.anything() }));
  });
});
