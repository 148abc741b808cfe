// Which document a text is.
import { describe, expect, it } from 'vitest';
import { parseDocument, parseNetwork, XmlError } from '../../../lib/xml/index.js';

describe('parseDocument', () => {
  it('knows a network by its root', () => {
    const text = `<?xml version='1.0'?><!-- mine --><network><name>lab</name><x/></network>`;
    expect(parseDocument(text)).toEqual(parseNetwork(text));
    expect(parseDocument(text, { kind: 'network' })).toEqual(parseNetwork(text));
  });

  it.each([
    ["<interface type='bridge'><source bridge='br0'/></interface>", 'domainInterface'],
    ["<interface type='bridge' name='br0'><bridge/></interface>", 'hostInterface'],
    [
      "<interface type='ethernet' name='eth0'><mac address='52:54:00:00:00:01'/></interface>",
      'hostInterface',
    ],
    ["<interface type='ethernet'/>", 'domainInterface'],
    ["<interface type='bond' name='b'><bond/></interface>", 'hostInterface'],
    ["<filter name='a'/>", 'nwfilter'],
    ['<device><name>a</name></device>', 'nodeDevice'],
  ])('knows %s', (text, kind) => {
    expect(parseDocument(text).kind).toBe(kind);
  });

  it('asks which it is when the text does not tell, and says why it is none', () => {
    expect(() => parseDocument("<interface type='tunnel'/>")).toThrow(/this is no <interface> .*; or .*/);
    const either = "<interface type='ethernet' name='e'><target dev='t'/></interface>";
    expect(() => parseDocument(either)).toThrow(
      new XmlError(
        'this can be a domainInterface or a hostInterface: the option kind says which',
        'interface',
        { line: 1, column: 1 },
      ),
    );
    expect(parseDocument(either, { kind: 'hostInterface' }).name).toBe('e');
    expect(parseDocument(either, { kind: 'domainInterface' }).target?.dev).toBe('t');
  });

  it('says where a text is not well-formed', () => {
    expect(() => parseDocument('<network>\n  <name>a</nam>\n</network>')).toThrow(
      expect.objectContaining({ name: 'XmlError', line: 2, column: 10 }),
    );
    expect(() => parseDocument('')).toThrow(expect.objectContaining({ name: 'XmlError', line: 1 }));
    expect(() => parseDocument("<!DOCTYPE x [<!ENTITY a 'b'>]><x/>")).toThrow(/DTD/);
  });

  it('says which roots there are, and what a known one lacks', () => {
    expect(() => parseDocument('<!-- c -->\n <volume/>')).toThrow(
      expect.objectContaining({
        reason: expect.stringMatching(
          /^no document that is known has the root <volume>; known are <network>/,
        ),
        line: 2,
        column: 2,
      }),
    );
    expect(() => parseDocument('<network/>')).toThrow(/it has no <name> that can be read/);
  });

  it('refuses a kind that there is not, and a text that is none', () => {
    expect(() => parseDocument('<network/>', { kind: 'lan' as never })).toThrow(
      /^kind: lan is not one of network/,
    );
    expect(() => parseDocument(1 as never)).toThrow(TypeError);
  });
});
