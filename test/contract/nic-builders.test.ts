// What the builders make of NICs against libvirt's own grammar, and against the schema of the domain's <interface>.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOf } from '../../lib/xml/fields.js';
import { parseInterface, toXML, untyped } from '../../lib/xml/index.js';
import { domainInterface } from '../../lib/xml/interface/interface.js';
import { nicVariants, nullNic } from '../unit/build/nic-variants.js';
import { readGrammar } from './rng/grammar.js';
import { missing, SCHEMAS, Validator } from './rng/schemas.js';
import { pairsIn, treeOf } from './rng/tree.js';
import { leavesOf, pairsOf } from './rng/walk.js';

const variants = [...nicVariants, nullNic];

const OTHER_DEVICES = 'NICs are on no such bus';
const PREFIX = 'the same is said by a prefix';
const VIRTUAL_FUNCTIONS = 'libvirt starts with virtual functions alone, and those are PCI devices';
const VMWARE = 'VMware looks after its addresses itself';

/** What no builder makes, and why. */
const NOT_BUILT: { readonly [pair: string]: string } = {
  'interface/acpi @nodeset': 'it is of devices that have memory',
  'interface/address @base': OTHER_DEVICES,
  'interface/address @controller': OTHER_DEVICES,
  'interface/address @iobase': OTHER_DEVICES,
  'interface/address @irq': OTHER_DEVICES,
  'interface/address @target': OTHER_DEVICES,
  'interface/address @unit': OTHER_DEVICES,
  'interface/bandwidth @classID': 'libvirt numbers its traffic classes',
  'interface/bandwidth/outbound @floor': 'libvirt guarantees inbound rates alone',
  'interface/guest @actual': 'libvirt writes it while the container runs',
  'interface/mac @check': VMWARE,
  'interface/mac @currentAddress': 'libvirt writes it while the guest runs',
  'interface/mac @type': VMWARE,
  'interface/route @netmask': PREFIX,
  'interface/source @macTableManager':
    'it is a setting of networks, of which libvirt tells NICs while they run',
  'interface/source @missing': 'libvirt writes it when the device is gone',
  'interface/source/address @device': VIRTUAL_FUNCTIONS,
  'interface/source/address @multifunction': 'it is a matter of a guest’s own PCI slots',
  'interface/source/product @id': VIRTUAL_FUNCTIONS,
  'interface/source/reconnect @delay': 'it is of disks',
  'interface/source/route @netmask': PREFIX,
  'interface/source/vendor @id': VIRTUAL_FUNCTIONS,
};

describe('the NICs that are built', () => {
  it.each(variants)('$title: reads back as it was', ({ document }) => {
    const read = parseInterface(toXML(document));
    expect(untyped(read)).toEqual([]);
    expect(structuredClone(read)).toEqual(structuredClone(document));
  });

  it('have every attribute and text that the schema types, or there is a reason', () => {
    const typed = fieldsOf(domainInterface)
      .filter(({ at }) => at !== '*')
      .map(({ element, at }) => `${element} ${at}`);
    const built = new Set(variants.flatMap(({ document }) => pairsIn(treeOf(toXML(document)))));
    const missed = [...new Set(typed)].filter((pair) => !built.has(pair));
    expect(missed.sort()).toEqual(Object.keys(NOT_BUILT).sort());
  });
});

describe.skipIf(missing)(
  `the NICs that are built and domaincommon.rng${missing ? ` (${missing})` : ''}`,
  () => {
    let validator: Validator;
    let known: ReadonlySet<string>;

    beforeAll(() => {
      validator = new Validator('domaincommon.rng', 'interface');
      known = pairsOf(leavesOf(readGrammar(join(SCHEMAS, 'domaincommon.rng'), 'interface')));
    });

    afterAll(() => validator[Symbol.dispose]());

    it.each(variants)('$title: is valid, or newer than the grammar', ({ document, since }) => {
      const xml = toXML(document);
      const newer = pairsIn(treeOf(xml)).filter((pair) => !known.has(pair));
      const problem = validator.problem(xml);
      if (newer.length > 0) {
        expect(since, `${newer.join(', ')} is not in the grammar`).toBeDefined();
        expect(problem, xml).toBeDefined();
      } else if (since === undefined) {
        expect(problem, xml).toBeUndefined();
      }
    });
  },
);
