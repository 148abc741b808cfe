// What the schema does not know stays with the document, where it was, through reading, changing and writing.
import { describe, expect, it } from 'vitest';
import {
  diff,
  type NetworkDocument,
  parseNetwork,
  parseNodeDevice,
  toXML,
  untyped,
} from '../../../lib/xml/index.js';
import { outline } from './outline.js';

/** A network with something inside, as its author wrote it. */
const network = (inside: string, attributes = ''): string =>
  `<network${attributes}>\n  <name>lab</name>\n${inside}</network>\n`;

const edit = (xml: string, change: (doc: NetworkDocument) => Partial<NetworkDocument>): string => {
  const doc = parseNetwork(xml);
  return toXML({ ...doc, ...change(doc) } as NetworkDocument);
};

describe('what the schema does not know', () => {
  it.each([
    ['an attribute', network(`  <bridge name='br0' colour='red'/>\n`)],
    ['an attribute of a namespace', network('', ` xmlns:v='urn:example:v' v:owner='ops'`)],
    ['an element', network(`  <vendor rack='7'>\n    <slot/>\n  </vendor>\n  <mtu size='1500'/>\n`)],
    ['an element of a namespace', network(`  <v:note xmlns:v='urn:example:v'>kept</v:note>\n`)],
    ['a known name in another namespace', network(`  <bridge xmlns='urn:example:v' name='br0'/>\n`)],
    ['comments', network(`  <!-- first -->\n  <mtu size='1500'/>\n  <!-- last -->\n`)],
    ['a processing instruction', network(`  <?vendor do this?>\n`)],
    ['text between elements', network(`  stray\n  <mtu size='1500'/>\n`)],
    ['CDATA', network(`  <description><![CDATA[a < b]]></description>\n`)],
    ['references', network(`  <description>a &#60; b</description>\n`)],
    [
      'an attribute of a text element',
      network(`  <uuid made='today'>3e3fce45-4f53-4fa7-bb32-11f34168b82b</uuid>\n`),
    ],
    ['a comment in a text element', network(`  <title>a<!-- ! --></title>\n`)],
    ['a comment between pieces of text', network(`  <title>a<!-- ! -->b</title>\n`)],
    [
      'an unknown discriminant',
      network(`  <virtualport type='hyper'>\n    <parameters warp='9'/>\n  </virtualport>\n`),
    ],
    ['a second element where one is expected', network(`  <bridge name='br0'/>\n  <bridge name='br1'/>\n`)],
    [
      'an order that is not libvirt’s',
      network(`  <ip address='10.0.0.1'>\n  </ip>\n  <mtu size='1500'/>\n  <bridge stp='on' name='br0'/>\n`),
    ],
    [
      'lists with others between',
      network(
        `  <dns>\n    <txt name='a' value='1'/>\n    <forwarder addr='8.8.8.8'/>\n    <txt name='b' value='2'/>\n  </dns>\n`,
      ),
    ],
    [
      'a value that cannot be read',
      network(`  <mtu size='big'/>\n  <bridge name='br0' stp='maybe' delay='1.5'/>\n`),
    ],
    ['a value out of range', network(`  <mtu size='70000'/>\n  <vlan>\n    <tag id='5000'/>\n  </vlan>\n`)],
    [
      'a number that is written otherwise',
      network(`  <mtu size='01500'/>\n  <vlan trunk='no'>\n    <tag id='+1'/>\n  </vlan>\n`),
    ],
    [
      'an element that lacks what it must have',
      network(
        `  <ip address='10.0.0.1'>\n    <dhcp>\n      <range start='10.0.0.2'/>\n      <range start='10.0.0.3' end='10.0.0.4'/>\n    </dhcp>\n  </ip>\n`,
      ),
    ],
    [
      'two fields that exclude each other',
      network(`  <ip address='10.0.0.1' netmask='255.0.0.0' prefix='8'>\n  </ip>\n`),
    ],
    [
      'a declaration and comments around the root',
      `<?xml version='1.0'?>\n<!-- made by a tool -->\n${network('')}<!-- end -->\n`,
    ],
  ])('survives: %s', (_, xml) => {
    expect(toXML(parseNetwork(xml))).toBe(xml);
  });

  it('survives in a text of any layout', () => {
    const xml = `\uFEFF<?xml version="1.0" encoding="UTF-8"?><!--a--><network\tx="1"><name>lab</name><!--b--><ip
      address="10.0.0.1" prefix="8"   ><y/><dhcp><z/></dhcp></ip ><mtu size = '9000' ></mtu></network>`;
    expect(outline(toXML(parseNetwork(xml)))).toEqual(outline(xml));
  });

  it('is listed with its path, comments and namespace declarations apart', () => {
    const doc = parseNetwork(
      `<network xmlns:v='urn:example:v' v:owner='ops'>
        <name made='1'>lab</name> <!-- no -->
        <bridge name='br0' stp='maybe'/> <v:note/> stray
        <ip address='10.0.0.1'><dhcp><range start='x'/></dhcp></ip>
        <virtualport type='hyper'/>
        <virtualport type='openvswitch'><parameters typeid='1'/></virtualport>
      </network>`,
    );
    expect(untyped(doc)).toEqual([
      { path: 'network/@v:owner', text: 'ops' },
      { path: 'network/v:note', text: '<v:note/>' },
      { path: 'network/text()', text: 'stray' },
      { path: 'network/virtualport', text: `<virtualport type='hyper'/>` },
      { path: 'network/name/@made', text: '1' },
      { path: 'network/bridge/@stp', text: 'maybe' },
      { path: 'network/ip/dhcp/range', text: `<range start='x'/>` },
      { path: 'network/virtualport/parameters/@typeid', text: '1' },
    ]);
  });

  it('takes nothing from the type: what does not fit is not there', () => {
    const doc = parseNetwork(network(`  <mac/>\n  <virtualport type='hyper'/>\n  <mtu size='big'/>\n`));
    expect(Object.keys(doc)).toEqual(['kind', 'name']);
  });
});

describe('a document that is changed', () => {
  const source = network(
    `  <!-- the bridge -->
  <bridge name='br0' colour='red'/>
  <vendor/>
  <!-- guests -->
  <ip address='10.0.0.1' prefix='8'>
  </ip>
  <!-- more guests -->
  <ip address='11.0.0.1' prefix='8'>
  </ip>
`,
  );

  it('keeps everything else in its place when a field is set', () => {
    expect(edit(source, ({ bridge }) => ({ bridge: { ...bridge, stp: false } }))).toBe(
      source.replace(`name='br0'`, `name='br0' stp='off'`),
    );
  });

  it('puts a new element where libvirt would print it', () => {
    expect(edit(source, () => ({ mtu: { size: 9000 } }))).toBe(
      source.replace(`colour='red'/>\n`, `colour='red'/>\n  <mtu size='9000'/>\n`),
    );
  });

  it('drops what was taken away, and nothing else', () => {
    const { bridge: _, ...doc } = parseNetwork(source);
    expect(toXML(doc)).toBe(source.replace(/ {2}<bridge[^\n]*\n/, ''));
  });

  it('does not uncover a second element where one is taken away', () => {
    const { bridge: _, ...doc } = parseNetwork(network(`  <bridge name='br0'/>\n  <bridge name='br1'/>\n`));
    expect(toXML(doc)).toBe(network(''));
  });

  it('keeps the comments of a list by its members, whichever are taken away or added', () => {
    const doc = parseNetwork(source);
    const [first, second] = doc.ips ?? [];
    if (!first || !second) throw new Error('two addresses were expected');
    const one = `  <ip address='10.0.0.1' prefix='8'>\n  </ip>\n`;
    const two = `  <ip address='11.0.0.1' prefix='8'>\n  </ip>\n`;
    const added = { address: '12.0.0.1' };
    const three = `  <ip address='12.0.0.1'>\n  </ip>\n`;
    const cases: [NetworkDocument['ips'], string][] = [
      [[second], source.replace(one, '')],
      [[first], source.replace(two, '')],
      [[first, second, added], source.replace(two, two + three)],
      [[added, first, second], source.replace(one, three + one)],
      [[first, added, second], source.replace(two, three + two)],
      [[added, second], source.replace(one, three)],
      [
        [first, { ...second, localPtr: true }],
        source.replace(`prefix='8'>\n  </ip>\n</`, `prefix='8' localPtr='yes'>\n  </ip>\n</`),
      ],
      [[], source.replace(one, '').replace(two, '')],
    ];
    for (const [ips = [], expected] of cases) expect(toXML({ ...doc, ips })).toBe(expected);
  });

  it('changes one of several equal members where it stands', () => {
    const host = ([first, second, third]: readonly string[]) =>
      network(`  <dns>
    <host ip='10.0.0.1'>
      <hostname>${first}</hostname>
      <!-- between -->
      <hostname>${second}</hostname>
      <!-- again -->
      <hostname>${third}</hostname>
    </host>
  </dns>
`);
    const { dns, ...doc } = parseNetwork(host(['a', 'a', 'a']));
    const [only] = dns?.hosts ?? [];
    if (!only) throw new Error('a host was expected');
    for (const names of ['baa', 'aba', 'aab'].map((letters) => [...letters]))
      expect(toXML({ ...doc, dns: { ...dns, hosts: [{ ...only, hostnames: names }] } })).toBe(host(names));
  });

  it('keeps every member of a list that is put in another order', () => {
    const xml = edit(source, ({ ips = [] }) => ({ ips: [...ips].reverse() }));
    expect(parseNetwork(xml).ips?.map(({ address }) => address)).toEqual(['11.0.0.1', '10.0.0.1']);
  });

  it('replaces a value that could not be read once it is set', () => {
    const bad = network(`  <bridge name='br0' stp='maybe' colour='red'/>\n  <mac/>\n  <mtu size='big'/>\n`);
    expect(
      edit(bad, ({ bridge }) => ({
        bridge: { ...bridge, stp: true },
        mtu: { size: 1500 },
        mac: { address: '52:54:00:00:00:01' },
      })),
    ).toBe(
      network(
        `  <bridge name='br0' stp='on' colour='red'/>\n  <mtu size='1500'/>\n  <mac address='52:54:00:00:00:01'/>\n`,
      ),
    );
  });

  it('replaces one of two fields that exclude each other', () => {
    const both = network(`  <ip address='10.0.0.1' netmask='255.0.0.0' prefix='8'>\n  </ip>\n`);
    const xml = edit(both, ({ ips = [] }) => ({
      ips: ips.map(({ netmask: _, ...ip }) => ({ ...ip, prefix: 16 })),
    }));
    expect(xml).toBe(network(`  <ip address='10.0.0.1' prefix='16'>\n  </ip>\n`));
  });

  it('keeps the attributes of a text element whose text is set', () => {
    const xml = network(`  <title lang='en'>old</title>\n`);
    expect(edit(xml, () => ({ title: 'new' }))).toBe(xml.replace('old', 'new'));
  });

  it('lists and compares the attributes of a text element whose text is set', () => {
    const doc = parseNetwork(network(`  <title lang='en'>old</title>\n`));
    const other = { ...doc, title: 'new' };
    expect(untyped(other)).toEqual([{ path: 'network/title/@lang', text: 'en' }]);
    expect(diff(doc, other)).toEqual([{ path: 'title', before: 'old', after: 'new' }]);
  });

  it('replaces all pieces of a text that comments divide', () => {
    const xml = `<device>\n  <name>a</name>\n  <devnode type='dev'>/d<!-- ! -->ev</devnode>\n</device>\n`;
    const doc = parseNodeDevice(xml);
    expect(toXML(doc)).toBe(xml);
    const devnodes = doc.devnodes?.map((node) => ({ ...node, path: '/other' }));
    expect(toXML({ ...doc, ...(devnodes && { devnodes }) })).toBe(
      xml.replace('/d<!-- ! -->ev', '/other<!-- ! -->'),
    );
  });

  it('keeps what is unknown when a variant becomes another', () => {
    const xml = network(
      `  <virtualport type='802.1Qbh' colour='red'>\n    <parameters profileid='a'/>\n  </virtualport>\n`,
    );
    expect(
      edit(xml, ({ virtualPort }) => ({ virtualPort: { ...virtualPort, type: 'openvswitch' } as never })),
    ).toBe(xml.replace('802.1Qbh', 'openvswitch'));
  });

  it('leaves behind what it kept when it is copied as JSON', () => {
    expect(toXML(JSON.parse(JSON.stringify(parseNetwork(source))))).not.toMatch(/colour|vendor|<!--/);
  });
});

describe('namespaces', () => {
  const dnsmasq = 'http://libvirt.org/schemas/network/dnsmasq/1.0';

  it('are told by what the prefix stands for, not by its name', () => {
    const other = network(
      `  <d:options>\n    <d:option value='a'/>\n  </d:options>\n`,
      ` xmlns:d='${dnsmasq}'`,
    );
    const local = network(`  <options xmlns='${dnsmasq}'>\n    <option value='a'/>\n  </options>\n`);
    const stranger = network(
      `  <dnsmasq:options>\n    <dnsmasq:option value='a'/>\n  </dnsmasq:options>\n`,
      ` xmlns:dnsmasq='urn:example:v'`,
    );
    for (const xml of [other, local, stranger]) expect(toXML(parseNetwork(xml))).toBe(xml);
    expect(parseNetwork(other).dnsmasqOptions).toEqual(['a']);
    expect(parseNetwork(local).dnsmasqOptions).toEqual(['a']);
    expect(parseNetwork(stranger).dnsmasqOptions).toBeUndefined();
  });

  it('keep their prefix for what is added', () => {
    const more = { dnsmasqOptions: ['a', 'b'] };
    const other = network(
      `  <d:options>\n    <d:option value='a'/>\n  </d:options>\n`,
      ` xmlns:d='${dnsmasq}'`,
    );
    expect(edit(other, () => more)).toContain(`<d:option value='b'/>`);
    const local = network(`  <options xmlns='${dnsmasq}'>\n    <option value='a'/>\n  </options>\n`);
    expect(edit(local, () => more)).toContain(`<option value='b'/>`);
    const declared = network('', ` xmlns:d='${dnsmasq}'`);
    expect(edit(declared, () => more)).toBe(
      network(
        `  <d:options>\n    <d:option value='a'/>\n    <d:option value='b'/>\n  </d:options>\n`,
        ` xmlns:d='${dnsmasq}'`,
      ),
    );
  });

  it('are declared at the root when they are needed, once', () => {
    const xml = edit(network(''), () => ({ dnsmasqOptions: ['a'] }));
    expect(xml).toBe(
      network(
        `  <dnsmasq:options>\n    <dnsmasq:option value='a'/>\n  </dnsmasq:options>\n`,
        ` xmlns:dnsmasq='${dnsmasq}'`,
      ),
    );
    const { dnsmasqOptions: _, ...without } = parseNetwork(xml);
    expect(toXML(without)).toBe(network(''));
  });

  it('go with metadata that is taken out of the document that declares them', () => {
    const xml = network(
      `  <metadata>\n    <v:a v:b='1'><v:c/></v:a>\n    <plain/>\n    <w:d xmlns:w='urn:example:w'/>\n  </metadata>\n`,
      ` xmlns:v='urn:example:v'`,
    );
    const { metadata = '' } = parseNetwork(xml);
    expect(metadata).toBe(
      `<v:a xmlns:v='urn:example:v' v:b='1'><v:c/></v:a>\n    <plain/>\n    <w:d xmlns:w='urn:example:w'/>`,
    );
    expect(toXML(parseNetwork(xml))).toBe(xml);
    expect(parseNetwork(toXML({ kind: 'network', name: 'other', metadata })).metadata).toBe(metadata);
  });
});
