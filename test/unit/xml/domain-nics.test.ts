// The short way to a domain's NICs gives what the long one does.
import { describe, expect, it } from 'vitest';
import { nicsOf } from '../../../lib/xml/domain/nics.js';
import { parseDomain } from '../../../lib/xml/index.js';

const user = "<interface type='user'><mac address='52:54:00:00:00:01'/></interface>";
const network = `<interface type='network'>
      <!-- <interface type='null'/> -->
      <source network="a>b"/>
      <filterref filter='f'><parameter name='IP' value='10.0.0.1'/></filterref>
    </interface>`;

const bodies: Record<string, string> = {
  none: '',
  'no devices': '<memory>1</memory>',
  'empty devices': '<devices/>',
  'two of them': `<devices>\n    ${user}\n    ${network}\n  </devices>`,
  'one without content': "<devices><interface type='user'/></devices>",
  'one with quotes in its attributes': `<devices><disk a="'>" b='">'/>${user}</devices>`,
  'others in comments and CDATA': `<!-- <devices>${user}</devices> --><devices><x><![CDATA[${user}]]></x>${user}</devices>`,
  'an instruction between them': `<devices>${user}<?what <interface> ?>${network}</devices>`,
  'elements of that name elsewhere': `<interface type='user'/><metadata><devices>${user}</devices></metadata><devices>
    <hostdev><source><interface type='user'/></source></hostdev>${network}</devices>`,
  'NICs in an element of its own name': `<domain><devices>${user}</devices></domain><devices>${network}</devices>`,
  'one that libvirt could not have written': `<devices><interface type='nonsense'/>${user}</devices>`,
};

describe('the NICs of a domain', () => {
  it.each(Object.entries(bodies))('are found where there are %s', (_, body) => {
    for (const newline of ['\n', '\r\n']) {
      const text = `<?xml version='1.0'?>\n<!-- by hand -->\n<domain type='kvm'><name>d</name>${body}</domain>\n`;
      const xml = text.replaceAll('\n', newline);
      expect(structuredClone(nicsOf(xml))).toEqual(structuredClone(parseDomain(xml).nics ?? []));
    }
  });
});
