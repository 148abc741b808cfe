// The domain document: what of it is typed, and that all the rest is written again byte for byte.
import { describe, expect, it } from 'vitest';
import {
  type DomainDocument,
  diff,
  parseDocument,
  parseDomain,
  parseInterface,
  toXML,
  untyped,
  XmlError,
} from '../../../lib/xml/index.js';
import { newerFields } from '../../../lib/xml/newer.js';

const guest = `<?xml version="1.0" encoding='UTF-8'?>
<!-- virsh edit web -->
<?keep this="too"?>
<domain   type="kvm" id = '3'
    xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>a &amp; b</name><uuid>6c9f2ae0-5cb7-4b6a-8f4e-0f8f2f6f2b11</uuid>
  <title><![CDATA[Web <1>]]></title>
  <description>Serves&#10;pages</description>
  <metadata><app:note xmlns:app="urn:app">x</app:note></metadata>
  <memory unit="MiB" >512</memory>

  <!-- devices & such -->
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <interface type="network">
\t<mac address="52:54:00:00:00:01"/>
\t<source network='default' portgroup = "a"/> <!-- by hand -->
    </interface>
    <interface type='bridge'><source bridge='br0'/><alias name='net1'/></interface>
    <memballoon model="virtio"/>
  </devices>
  <qemu:commandline>
    <qemu:arg value="-name"/>
  </qemu:commandline>
</domain>
<!-- the end -->\t
`;

describe('a domain', () => {
  it('is typed as far as its NICs', () => {
    expect(parseDomain(guest)).toMatchObject({
      kind: 'domain',
      type: 'kvm',
      id: 3,
      name: 'a & b',
      uuid: '6c9f2ae0-5cb7-4b6a-8f4e-0f8f2f6f2b11',
      title: 'Web <1>',
      description: 'Serves\npages',
      metadata: '<app:note xmlns:app="urn:app">x</app:note>',
      nics: [
        {
          kind: 'domainInterface',
          type: 'network',
          mac: { address: '52:54:00:00:00:01' },
          source: { network: 'default', portGroup: 'a' },
        },
        { kind: 'domainInterface', type: 'bridge', source: { bridge: 'br0' }, alias: { name: 'net1' } },
      ],
    });
    expect(parseDomain(`<domain type='test'><name>a</name></domain>`)).toEqual({
      kind: 'domain',
      type: 'test',
      name: 'a',
      nics: [],
      [Symbol.for('virtnet.xml.rest')]: expect.anything(),
    });
  });

  it.each([
    ['as it is', guest],
    ['with line ends of Windows', guest.replaceAll('\n', '\r\n')],
    ['with line ends of old', guest.replaceAll('\n', '\r')],
    ['without a last line end', guest.trimEnd()],
    ['with a byte order mark', `\uFEFF${guest}`],
    ['with characters of two units', guest.replaceAll('such', '😀😀').replace('Serves', 'Sérves 😀')],
    ['on one line', `<domain type='kvm'><name>a</name><devices/></domain>`],
    ['with fields twice', guest.replace('<memory', '<name>second</name><uuid/><memory')],
    ['with fields that cannot be read', guest.replace(/6c9f2ae0/, 'no').replace(`'3'`, `'x'`)],
  ])('is written byte for byte %s', (_, text) => {
    const doc = parseDomain(text);
    expect(toXML(doc)).toBe(text);
    expect(toXML({ ...doc })).toBe(text);
    expect(toXML({ ...doc, nics: [...doc.nics] })).toBe(text);
    expect(toXML({ ...doc, nics: doc.nics.map((nic) => ({ ...nic })) })).toBe(text);
    expect(toXML(parseDocument(text))).toBe(text);
  });

  it('cannot be changed by who holds it', () => {
    const doc = parseDomain(guest);
    expect([doc, doc.nics, ...doc.nics].every(Object.isFrozen)).toBe(true);
  });

  it('has NICs that are documents', () => {
    const [first] = parseDomain(guest).nics;
    expect(first && toXML(first)).toMatch(
      /^<interface type='network'>\n {2}<mac address='52:54:00:00:00:01'\/>/,
    );
    expect(untyped(first as NonNullable<typeof first>)).toEqual([]);
  });

  it('takes the NICs of every <devices>, and leaves out those that it cannot read', () => {
    const text = `<domain type='lxc'><name>a</name><devices><interface type='tunnel'/></devices>
      <interface type='null'/><devices><interface type='user'/><interface/></devices></domain>`;
    const doc = parseDomain(text);
    expect(doc.nics.map(({ type }) => type)).toEqual(['user']);
    expect(toXML(doc)).toBe(text);
    expect(untyped(doc).map(({ path }) => path)).toEqual([
      'domain/devices/interface',
      'domain/interface',
      'domain/devices/interface',
    ]);
  });

  it('may be a fragment', () => {
    const text = `<domain>\n  <devices>\n    <interface type="user"/>\n  </devices>\n</domain>`;
    const doc = parseDomain(text);
    expect([doc.type, doc.name, doc.nics.length]).toEqual([undefined, undefined, 1]);
    expect(toXML(doc)).toBe(text);
    expect(toXML({ ...doc, type: 'kvm', name: 'a' })).toBe(
      text.replace('<domain>\n', `<domain type='kvm'>\n  <name>a</name>\n`),
    );
    expect(toXML({ ...parseDomain('<domain/>'), name: 'a' })).toBe('<domain><name>a</name></domain>');
  });

  it('lists as untyped all that it keeps as text', () => {
    const text = guest
      .replace('<emulator>', `<bus:x xmlns:bus='urn:bus'/>loose<emulator>`)
      .replace('<alias', '<alien/><alias')
      .replace('<devices>', '<devices by="hand">')
      .replace('id =', 'colour="red" id =');
    expect(untyped(parseDomain(text))).toEqual([
      { path: 'domain/@colour', text: 'red' },
      { path: 'domain/memory', text: '<memory unit="MiB" >512</memory>' },
      { path: 'domain/devices/@by', text: 'hand' },
      { path: 'domain/devices/bus:x', text: `<bus:x xmlns:bus='urn:bus'/>` },
      { path: 'domain/devices/text()', text: 'loose' },
      { path: 'domain/devices/emulator', text: '<emulator>/usr/bin/qemu-system-x86_64</emulator>' },
      { path: 'domain/devices/memballoon', text: '<memballoon model="virtio"/>' },
      { path: 'domain/qemu:commandline', text: expect.stringContaining('-name') },
      { path: 'domain/devices/interface/alien', text: '<alien/>' },
    ]);
    expect(untyped(parseDomain(`<domain type='kvm' id='x'><name>a</name><uuid>?</uuid></domain>`))).toEqual([
      { path: 'domain/@id', text: 'x' },
      { path: 'domain/uuid', text: '<uuid>?</uuid>' },
    ]);
  });

  it('tells which of its fields are new', () => {
    const doc = parseDomain(
      guest.replace('"52:54:00:00:00:01"', '"52:54:00:00:00:01" currentAddress="52:54:00:00:00:02"'),
    );
    expect(newerFields(doc)).toEqual([{ path: 'nics[0].mac.currentAddress', since: '11.2.0' }]);
  });

  it('says what it is not', () => {
    const refusal = (text: string) => () => parseDomain(text);
    expect(refusal('<network/>')).toThrow('<domain> expected, <network> found');
    expect(refusal(`\n <!-- <domain> -->\n <domainsnapshot/>`)).toThrow(
      new XmlError('<domain> expected, <domainsnapshot> found', 'domainsnapshot', { line: 3, column: 2 }),
    );
    expect(refusal(7 as never)).toThrow(new TypeError('the XML of a domain is a string, not number'));
  });

  it.each([
    ['is not well-formed', `<domain type='kvm'>\n<name>a</nam></domain>`, /line 2/],
    ['has a DTD', `<!DOCTYPE d [<!ENTITY a 'b'>]><domain type='kvm'><name>&a;</name></domain>`, /DTD/],
    ['is too long', `<domain type='kvm'><name>a</name>${' '.repeat(50e6)}</domain>`, /no more than 4194304/],
    ['is too deep', `<domain type='kvm'><name>a</name>${'<a>'.repeat(1e5)}`, /deeper than 256/],
  ])('is refused when it %s', (_, text, reason) => {
    expect(() => parseDomain(text)).toThrow(XmlError);
    expect(() => parseDomain(text)).toThrow(reason);
  });
});

describe('a domain made by hand', () => {
  it('is written with what it has', () => {
    const nic = parseInterface(`<interface type='user'/>`);
    const made: DomainDocument = { kind: 'domain', type: 'kvm', name: 'a', title: 'A', nics: [nic] };
    const text = `<domain type='kvm'>
  <name>a</name>
  <title>A</title>
  <devices>
    <interface type='user'/>
  </devices>
</domain>
`;
    expect(toXML(made)).toBe(text);
    expect(toXML({ ...made, nics: [] })).toBe(`<domain type='kvm'>
  <name>a</name>
  <title>A</title>
</domain>
`);
    expect(toXML(JSON.parse(JSON.stringify(parseDomain(text))))).toBe(text);
  });

  it('is refused when it is none', () => {
    const write = (fields: object) => () => toXML({ kind: 'domain', ...fields } as never);
    expect(write({ type: 'kvm', name: 'a' })).toThrow(new TypeError('nics: is missing'));
    expect(write({ type: 'kvm', name: 'a', nics: [{ kind: 'network', name: 'n' }] })).toThrow(
      new TypeError(`nics[0].kind: network is not 'domainInterface'`),
    );
    expect(write({ type: 'kvm', name: 'a', nics: 7 })).toThrow(new TypeError('nics: 7 is not a list'));
    expect(write({ ...parseDomain(guest), nics: [{ type: 'bridge', mtu: { size: -1 } }] })).toThrow(
      /^nics\[0\]\.mtu\.size: -1 is not/,
    );
    expect(write({ ...parseDomain(guest), nic: [] })).toThrow('nic: there is no such field; is nics meant?');
    expect(write({ ...parseDomain(guest), uuid: 'no' })).toThrow(new RangeError('uuid: no is not a UUID'));
  });
});

describe('two domains', () => {
  const before = parseDomain(guest);
  const changed = (...changes: [string | RegExp, string][]) =>
    diff(before, parseDomain(changes.reduce((text, [from, to]) => text.replace(from, to), guest)));

  it('are the same when only their layout is different', () => {
    expect(diff(before, before)).toEqual([]);
    expect(changed([/>\s+</g, '><'], [`portgroup = "a"`, `portgroup='a'`], ['<!-- by hand -->', ''])).toEqual(
      [],
    );
  });

  it('are compared NIC by NIC, whatever their order', () => {
    const [network, bridge] = before.nics as [DomainDocument['nics'][0], DomainDocument['nics'][0]];
    const added = parseInterface(`<interface type='user'><mac address='52:54:00:00:00:09'/></interface>`);
    expect(diff(before, { ...before, nics: [bridge, added, { ...network, mtu: { size: 9000 } }] })).toEqual([
      { path: 'nics[2].mtu', before: undefined, after: { size: 9000 }, member: 'mac 52:54:00:00:00:01' },
      {
        path: 'nics[1]',
        before: undefined,
        after: expect.objectContaining(added),
        member: 'mac 52:54:00:00:00:09',
      },
    ]);
    expect(diff(before, { ...before, nics: [network] })).toEqual([
      { path: 'nics[1]', before: expect.objectContaining(bridge), after: undefined, member: 'alias net1' },
    ]);
  });

  it('tell where the rest of them is different', () => {
    expect(changed(['a &amp; b', 'c'], ['>512<', '>1024<'], ['model="virtio"', `model='none'`])).toEqual([
      { path: 'name', before: 'a & b', after: 'c' },
      {
        path: 'memory',
        before: '<memory unit="MiB" >512</memory>',
        after: '<memory unit="MiB" >1024</memory>',
      },
      {
        path: 'devices/memballoon',
        before: '<memballoon model="virtio"/>',
        after: `<memballoon model='none'/>`,
      },
    ]);
  });

  it('do not differ in what libvirt fills in, when that is asked for', () => {
    const bare = parseDomain(
      guest
        .replace(/<uuid>.*<\/uuid>/, '')
        .replace(` id = '3'`, '')
        .replace(`<alias name='net1'/>`, ''),
    );
    expect(diff(bare, before).map(({ path }) => path)).toEqual(['id', 'uuid', 'nics[1].alias']);
    expect(diff(bare, before, { ignore: 'filled-in' })).toEqual([]);
  });
});
