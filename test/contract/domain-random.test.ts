// Domains that libvirt's grammar allows, made at random, whole and spoilt: whatever is in them, nothing but the NICs is
// touched, to the byte.
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DomainDocument,
  diff,
  parseDomain,
  parseInterface,
  toXML,
  XmlError,
} from '../../lib/xml/index.js';
import { domainInterface } from '../../lib/xml/interface/interface.js';
import { changed, othersFor, partsOf } from './rng/change.js';
import { type Node, print, samplesOf } from './rng/generate.js';
import { type Grammar, readGrammar } from './rng/grammar.js';
import { randomDocument, spoil, sprinkle, tapes } from './rng/random.js';
import { missing, SCHEMAS } from './rng/schemas.js';

const none = new Set<string>();

/** The parts that two texts have in common at their ends. */
const commonEnds = (a: string, b: string): readonly [start: number, end: number] => {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [start, end];
};

describe.skipIf(missing)(`a random domain${missing ? ` (${missing})` : ''}`, () => {
  let domains: Grammar;
  let nics: Grammar;

  beforeAll(() => {
    domains = readGrammar(join(SCHEMAS, 'domain.rng'));
    nics = readGrammar(join(SCHEMAS, 'domaincommon.rng'), 'interface');
  });

  /** The text of a domain with three NICs, and with strangers in it. */
  const texts = fc
    .tuple(tapes(200), tapes(100), tapes(60), fc.boolean())
    .map(([tape, extra, forNics, right]) => {
      const node = randomDocument(domains, tape);
      const devices = node.children.find((child) => typeof child === 'object' && child.name === 'devices');
      const added = Array.from({ length: 3 }, () => randomDocument(nics, forNics));
      const place = (devices as Node | undefined)?.children;
      if (place) for (const nic of added) place.splice(extra.next(place.length + 1), 0, nic);
      else node.children.push({ name: 'devices', attributes: {}, children: added, text: '' });
      return print(sprinkle(right ? node : spoil(node, extra), extra, none));
    });

  const domainOf = (text: string): DomainDocument | undefined => {
    try {
      return parseDomain(text);
    } catch (error) {
      if (error instanceof XmlError) return undefined;
      throw error;
    }
  };

  it('is written as it was, to the byte', () => {
    let count = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const domain = domainOf(text);
        if (!domain) return;
        count++;
        expect(toXML(domain)).toBe(text);
        expect(diff(domain, parseDomain(text))).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(count).toBeGreaterThan(100);
  });

  it('changes in one NIC when a field of that is changed', () => {
    let count = 0;
    fc.assert(
      fc.property(texts, tapes(10), (text, tape) => {
        const domain = domainOf(text);
        const i = tape.next(domain?.nics.length || 1);
        const nic = domain?.nics[i];
        if (!domain || !nic) return;
        const { settable } = partsOf(domainInterface, nic);
        const field = settable[tape.next(settable.length || 1)];
        const others = field ? othersFor(field) : [];
        if (!field || others.length === 0) return;
        count++;
        const other = changed(domain, ['nics', i, ...field.steps], tape.pick(others)) as DomainDocument;
        const written = toXML(other);
        const [start, end] = commonEnds(text, written);
        // What differs is within the NIC's element, from the name of an attribute to a text.
        const element = text.slice(text.lastIndexOf('<interface', start), text.length - end);
        expect(element.slice(1)).not.toMatch(/<\/?(?:interface|devices)[\s>]/);
        expect(diff(parseDomain(written), other)).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(count).toBeGreaterThan(30);
  });

  it('has each of the smallest NICs as it is by itself', () => {
    const samples = samplesOf(nics);
    for (const { xml } of samples) {
      const text = `<domain type='kvm'>\n  <name>guest</name>\n  <devices>${xml}<disk/></devices>\n</domain>`;
      const domain = parseDomain(text);
      expect(domain.nics, xml).toHaveLength(1);
      expect(structuredClone(domain.nics[0]), xml).toEqual(structuredClone(parseInterface(xml)));
      expect(toXML(domain)).toBe(text);
    }
    expect(samples.length).toBeGreaterThanOrEqual(2841);
  });
});
