// What the builders make against libvirt's own grammar, and against the schema of the network document.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatIp } from '../../lib/build/address/index.js';
import { build } from '../../lib/build/index.js';
import { fieldsOf } from '../../lib/xml/fields.js';
import { parseNetwork, toXML, untyped } from '../../lib/xml/index.js';
import { network } from '../../lib/xml/network/network.js';
import { bits, seeded } from '../unit/build/random.js';
import { variants } from '../unit/build/variants.js';
import { readGrammar } from './rng/grammar.js';
import { missing, SCHEMAS, Validator } from './rng/schemas.js';
import { pairsIn, treeOf } from './rng/tree.js';
import { leavesOf, pairsOf } from './rng/walk.js';

if (missing) console.warn(`skipped: ${missing}`);

/** What no builder makes, and why. */
const NOT_BUILT: { readonly [pair: string]: string } = {
  'network @connections': 'libvirt counts connections',
  'network/forward/interface @connections': 'libvirt counts connections',
  'network/forward/address @connections': 'libvirt counts connections',
  'network/forward/address @multifunction': 'it is a matter of a guest’s own PCI slots',
  'network/route @netmask': 'the same is said by a prefix',
  'network/bandwidth @classID': 'libvirt numbers its traffic classes',
  'network/portgroup/bandwidth @classID': 'libvirt numbers its traffic classes',
  'network/bandwidth/inbound @floor': 'libvirt refuses it for a network',
  'network/bandwidth/outbound @floor': 'libvirt refuses it for a network',
  'network/portgroup/bandwidth/inbound @floor': 'libvirt refuses it for a port group',
  'network/portgroup/bandwidth/outbound @floor': 'libvirt refuses it for a port group',
};

const metadata = (pair: string): boolean => pair.startsWith('network/metadata');

describe('the documents of the builders', () => {
  it.each(variants)('$title: reads back as it was', ({ document }) => {
    const read = parseNetwork(toXML(document));
    expect(untyped(read)).toEqual([]);
    expect(structuredClone(read)).toEqual(structuredClone(document));
  });

  it('have every attribute and text that the schema types, or there is a reason', () => {
    const typed = fieldsOf(network)
      .filter(({ at }) => at !== '*')
      .map(({ element, at }) => `${element} ${at}`);
    const built = new Set(variants.flatMap(({ document }) => pairsIn(treeOf(toXML(document)))));
    const missed = [...new Set(typed)].filter((pair) => !built.has(pair));
    expect(missed.sort()).toEqual(Object.keys(NOT_BUILT).sort());
  });
});

describe.skipIf(missing)('the documents of the builders and network.rng', () => {
  let validator: Validator;
  let known: ReadonlySet<string>;

  beforeAll(() => {
    validator = new Validator('network.rng');
    known = pairsOf(leavesOf(readGrammar(join(SCHEMAS, 'network.rng'))));
  });

  afterAll(() => validator[Symbol.dispose]());

  it.each(variants)('$title: is valid, or newer than the grammar', ({ document, since }) => {
    const xml = toXML(document);
    const newer = pairsIn(treeOf(xml)).filter(
      (pair) => !known.has(pair) && !metadata(pair) && !pair.includes('@xmlns'),
    );
    if (newer.length > 0) {
      expect(since, `${newer.join(', ')} is not in the grammar`).toBeDefined();
      expect(validator.problem(xml), xml).toBeDefined();
    } else {
      expect(validator.problem(xml), xml).toBeUndefined();
    }
  });

  it('has every form of address that is printed', () => {
    const random = seeded(4);
    for (let i = 0; i < 300; i++) {
      // A unique local address (fc00::/7) with zeros in some groups.
      let value = bits(random, 121) | (0x7en << 121n);
      for (let group = 0; group < 7; group++) if (random() < 0.5) value &= ~(0xffffn << BigInt(16 * group));
      const address = formatIp({ family: 'ipv6', value });
      const document = build.network.isolated({ name: 'a', ip: `${address}/128` });
      expect(validator.problem(toXML(document)), address).toBeUndefined();
    }
  });
});
