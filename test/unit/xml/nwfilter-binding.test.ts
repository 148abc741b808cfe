// Bindings of network filters to ports.
import { describe, expect, it } from 'vitest';
import { parseFilterBinding, toXML, untyped, XmlError } from '../../../lib/xml/index.js';

const xml = `<filterbinding>
  <owner>
    <name>vm1</name>
    <uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid>
  </owner>
  <portdev name='vnet0'/>
  <linkdev name='eth0'/>
  <mac address='52:54:00:7b:35:93'/>
  <filterref filter='clean-traffic'>
    <parameter name='IP' value='10.0.0.5'/>
  </filterref>
</filterbinding>
`;

describe('a binding of a filter', () => {
  it('is read', () => {
    expect(parseFilterBinding(xml)).toEqual({
      kind: 'nwfilterBinding',
      owner: { name: 'vm1', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' },
      portDev: { name: 'vnet0' },
      linkDev: { name: 'eth0' },
      mac: { address: '52:54:00:7b:35:93' },
      filterRef: { filter: 'clean-traffic', parameters: [{ name: 'IP', value: '10.0.0.5' }] },
    });
  });

  it('is written as it was', () => {
    const doc = parseFilterBinding(xml);
    expect(untyped(doc)).toEqual([]);
    expect(toXML(doc)).toBe(xml);
    expect(toXML(structuredClone(doc))).toBe(xml);
  });

  it('is none without its port', () => {
    expect(() => parseFilterBinding(xml.replace(`<portdev name='vnet0'/>`, ''))).toThrow(XmlError);
    const { portDev, ...without } = parseFilterBinding(xml);
    expect(portDev.name).toBe('vnet0');
    expect(() => toXML(without as never)).toThrow('portDev: is missing');
  });

  it('refuses the address of a group', () => {
    const doc = { ...parseFilterBinding(xml), mac: { address: '01:00:5e:00:00:01' } };
    expect(() => toXML(doc)).toThrow('mac.address: 01:00:5e:00:00:01 is not a unicast MAC address');
  });

  it('keeps what it does not know where it was', () => {
    const odd = xml
      .replace('  <portdev', '  <!-- tap -->\n  <other a="1"/>\n  <portdev')
      .replace(`<linkdev name='eth0'/>`, `<linkdev name='eth0' speed='10'/>`);
    const doc = parseFilterBinding(odd);
    expect(untyped(doc).map(({ path }) => path)).toEqual([
      'filterbinding/other',
      'filterbinding/linkdev/@speed',
    ]);
    expect(toXML(doc)).toBe(odd);
  });
});
