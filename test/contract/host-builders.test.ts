// What the builders make of the host against libvirt's own grammars.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../lib/build/index.js';
import { parseHostInterface, parseNodeDevice, toXML, untyped } from '../../lib/xml/index.js';
import { hostVariants } from '../unit/build/host-variants.js';
import { missing, Validator } from './rng/schemas.js';

describe('the interfaces that are built', () => {
  it.each(hostVariants)('$title: reads back as it was', ({ document }) => {
    const read = parseHostInterface(toXML(document));
    expect(untyped(read)).toEqual([]);
    expect(structuredClone(read)).toEqual(structuredClone(document));
  });
});

describe.skipIf(missing)(`the documents that are built${missing ? ` (${missing})` : ''}`, () => {
  let interfaces: Validator;
  let devices: Validator;

  beforeAll(() => {
    interfaces = new Validator('interface.rng');
    devices = new Validator('nodedev.rng');
  });

  afterAll(() => {
    interfaces[Symbol.dispose]();
    devices[Symbol.dispose]();
  });

  it.each(hostVariants)('are valid: $title', ({ document }) => {
    expect(interfaces.problem(toXML(document)), toXML(document)).toBeUndefined();
  });

  it.each([
    'scsi_host3',
    { wwnn: '20000000c9831b4b', wwpn: '10000000c9831b4b' },
    { fabricWwn: '2002000573de9a81' },
  ])('are valid once libvirt has named them and given them a number: a virtual port of %j', (parent) => {
    const document = build.nodeDevice.vport({
      parent,
      wwnn: '2001001b32a9da4e',
      wwpn: '2101001b32a9da4e',
    });
    expect(untyped(parseNodeDevice(toXML(document)))).toEqual([]);
    const named = toXML(document)
      .replace('<device>', '<device><name>scsi_host12</name>')
      .replace(`<capability type='scsi_host'>`, `<capability type='scsi_host'><host>12</host>`);
    expect(devices.problem(named), named).toBeUndefined();
  });
});
