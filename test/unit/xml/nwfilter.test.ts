// Network filters: every protocol and attribute, values of all forms, and rules and references in one order.
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../../lib/xml/fields.js';
import {
  diff,
  type FilterDocument,
  type FilterRule,
  parseFilter,
  toXML,
  untyped,
} from '../../../lib/xml/index.js';
import { nwfilter } from '../../../lib/xml/nwfilter/filter.js';
import { outline } from './outline.js';

/** A filter of one rule with one protocol element. */
const filterOf = (protocol: string) =>
  `<filter name='f'>\n  <rule action='drop' direction='in'>\n    <${protocol}/>\n  </rule>\n</filter>\n`;

/** The rule of a filter that has one. */
const ruleOf = (xml: string): FilterRule => {
  const [entry] = parseFilter(xml).entries ?? [];
  if (entry?.action === undefined) throw new Error('there is no rule');
  return entry;
};

/** The rule that is read from an element. */
const read = (protocol: string): FilterRule => ruleOf(filterOf(protocol));

describe('a filter', () => {
  const xml = `<filter name='clean' chain='ipv4-ip' priority='-710'>
  <uuid>5c6d49af-b071-6127-b4ec-6f8ed4b55335</uuid>
  <filterref filter='no-mac-spoofing'/>
  <rule action='return' direction='out' priority='100'>
    <ip srcipaddr='0.0.0.0' protocol='udp'/>
  </rule>
  <filterref filter='no-ip-spoofing'>
    <parameter name='IP' value='10.0.0.1'/>
    <parameter name='IP' value='10.0.0.2'/>
  </filterref>
  <rule action='drop' direction='out' priority='1000' statematch='false'/>
</filter>
`;

  it('has rules and references in one list, in their order', () => {
    expect(parseFilter(xml)).toEqual({
      kind: 'nwfilter',
      name: 'clean',
      chain: 'ipv4-ip',
      priority: -710,
      uuid: '5c6d49af-b071-6127-b4ec-6f8ed4b55335',
      entries: [
        { filter: 'no-mac-spoofing' },
        { action: 'return', direction: 'out', priority: 100, ip: { srcIp: '0.0.0.0', protocol: 'udp' } },
        {
          filter: 'no-ip-spoofing',
          parameters: [
            { name: 'IP', value: '10.0.0.1' },
            { name: 'IP', value: '10.0.0.2' },
          ],
        },
        { action: 'drop', direction: 'out', priority: 1000, stateMatch: false },
      ],
    });
  });

  it('is written as it was, also by its typed fields alone', () => {
    const doc = parseFilter(xml);
    expect(untyped(doc)).toEqual([]);
    expect(toXML(doc)).toBe(xml);
    expect(toXML(structuredClone(doc))).toBe(xml);
  });

  it('takes entries in any order', () => {
    const doc = parseFilter(xml);
    const turned: FilterDocument = { ...doc, entries: [...(doc.entries ?? [])].reverse() };
    expect(parseFilter(toXML(turned)).entries).toEqual(turned.entries);
    expect(diff(doc, turned)).not.toEqual([]);
  });

  it('keeps comments and what it does not know between the entries', () => {
    const odd = `<filter name='f'>
  <!-- first -->
  <filterref filter='a'/>
  <other/>
  <rule action='drop' direction='in'>
    <!-- second -->
    <tcp colour='red'/>
  </rule>
</filter>
`;
    const doc = parseFilter(odd);
    expect(toXML(doc)).toBe(odd);
    expect(untyped(doc).map(({ path }) => path)).toEqual(['filter/other', 'filter/rule/tcp/@colour']);
  });

  it('takes the first protocol of a rule, as libvirt does, and keeps another as it is', () => {
    const two = `<filter name='f'>
  <rule action='drop' direction='in'>
    <udp dstportstart='53'/>
    <tcp dstportstart='53'/>
  </rule>
</filter>
`;
    const doc = parseFilter(two);
    expect(doc.entries?.[0]).toMatchObject({ udp: { dstPortStart: 53 } });
    expect(doc.entries?.[0]).not.toHaveProperty('tcp');
    expect(untyped(doc).map(({ path }) => path)).toEqual(['filter/rule/tcp']);
    expect(toXML(doc)).toBe(two);
  });
});

describe('the attributes of protocols', () => {
  const samples = [
    '52:54:00:12:34:56',
    '10.1.2.3',
    '2001:db8::1',
    '2048',
    '7',
    'yes',
    'true',
    'src',
    'NEW,RELATED',
    'SYN,ACK/SYN',
    'web',
  ];
  const attributes = fieldsOf(nwfilter).filter(({ element }) => /^filter\/rule\/./.test(element));

  it.each(
    attributes.map(({ element, at, key, codec }) => [`${element} ${at}`, element, at, key, codec] as const),
  )('are read and written: %s', (_, element, at, key, codec) => {
    const sample = samples.find((text) => codec?.print(codec.parse(text)) === text);
    const xml = filterOf(`${element.split('/').at(-1)} ${at.slice(1)}='${sample}'`);
    const doc = parseFilter(xml);
    expect(untyped(doc)).toEqual([]);
    expect(toXML(doc)).toBe(xml);
    expect(toXML(structuredClone(doc))).toBe(xml);
    const [protocol = '', field = ''] = key.replace('entries[].', '').split('.');
    expect(Object.keys(doc.entries?.[0] ?? {})).toEqual(['action', 'direction', protocol]);
    expect(doc.entries?.[0]).toHaveProperty([protocol, field], codec?.parse(String(sample)));
  });

  it('are those of 24 protocols', () => {
    expect(new Set(attributes.map(({ element }) => element)).size).toBe(24);
    expect(attributes.length).toBeGreaterThan(380);
  });
});

describe('values in rules', () => {
  it.each([
    [`tcp srcipaddr='$IP'`, { tcp: { srcIp: '$IP' } }],
    [
      `tcp srcipaddr='$A[ 0]' srcportstart='$B[  @0 ] '`,
      { tcp: { srcIp: '$A[ 0]', srcPortStart: '$B[  @0 ] ' } },
    ],
    [
      `all ipset='$IPSETNAME' ipsetflags='src,dst'`,
      { all: { ipSet: '$IPSETNAME', ipSetFlags: ['src', 'dst'] } },
    ],
    [
      `all ipset='test:_.-+' ipsetflags='SRC,dSt,SRC'`,
      { all: { ipSet: 'test:_.-+', ipSetFlags: ['src', 'dst', 'src'] } },
    ],
    [`all state='NONE'`, { all: { state: [] } }],
    [`all state='NEW,ESTABLISHED'`, { all: { state: ['NEW', 'ESTABLISHED'] } }],
    [`tcp flags='SYN,ACK/SYN'`, { tcp: { flags: 'SYN,ACK/SYN' } }],
    [`tcp flags='ALL/none'`, { tcp: { flags: 'ALL/NONE' } }],
    [`tcp flags='FIN,RST/'`, { tcp: { flags: 'FIN,RST/' } }],
    [`mac protocolid='ARP'`, { mac: { protocolId: 'arp' } }],
    [`mac protocolid='0x88cc'`, { mac: { protocolId: 0x88cc } }],
    [`arp opcode='request_reverse' gratuitous='1'`, { arp: { opcode: 'Request_Reverse', gratuitous: true } }],
    [`arp opcode='11' gratuitous='no'`, { arp: { opcode: 11, gratuitous: false } }],
    [`ip srcipmask='255.255.255.0' dstipmask='24'`, { ip: { srcIpMask: '255.255.255.0', dstIpMask: 24 } }],
    [`ip protocol='0x11' dscp='0x2e'`, { ip: { protocol: 17, dscp: 46 } }],
    [`ipv6 dstipmask='ffff:ffff::' srcipmask='128'`, { ipv6: { dstIpMask: 'ffff:ffff::', srcIpMask: 128 } }],
    [`stp root-cost='0x11223344' type='0x12'`, { stp: { rootCost: 0x11223344, type: 0x12 } }],
    [`mac srcmacaddr='1:2:3:4:5:6'`, { mac: { srcMac: '1:2:3:4:5:6' } }],
    [`udp match='no' dstportstart='53'`, { udp: { match: false, dstPortStart: 53 } }],
  ])('reads %s', (protocol, value) => {
    const xml = filterOf(protocol);
    expect(structuredClone(read(protocol))).toEqual({ action: 'drop', direction: 'in', ...value });
    expect(untyped(parseFilter(xml))).toEqual([]);
    expect(outline(toXML(parseFilter(xml)))).toEqual(outline(xml));
  });

  it.each([
    `udp dstportstart='65536'`,
    `tcp dscp='0x40'`,
    `ip srcipmask='33'`,
    `mac protocolid='12'`,
    `tcp srcipaddr='$'`,
    `tcp srcipaddr='$A[x]'`,
    `all state='OLD'`,
    `all ipsetflags='src,dst,src,dst,src,dst,src'`,
    `icmp type='$TYPE'`,
  ])('keeps what libvirt would refuse: %s', (protocol) => {
    const xml = filterOf(protocol);
    const doc = parseFilter(xml);
    expect(untyped(doc)).toHaveLength(1);
    expect(toXML(doc)).toBe(xml);
  });

  it('leaves out what is said by saying nothing', () => {
    const rule: FilterRule = { action: 'accept', direction: 'inout', stateMatch: true };
    expect(toXML({ kind: 'nwfilter', name: 'f', entries: [rule] })).toBe(
      `<filter name='f'>\n  <rule action='accept' direction='inout'/>\n</filter>\n`,
    );
    expect(
      ruleOf(`<filter name='f'><rule action='drop' direction='in' statematch='0'/></filter>`).stateMatch,
    ).toBe(false);
  });
});

describe('a wrong filter is refused with the field', () => {
  const write =
    (entry: object, filter: object = {}) =>
    () =>
      toXML({ kind: 'nwfilter', name: 'f', entries: [entry], ...filter } as never);
  const rule = { action: 'drop', direction: 'in' };

  it.each([
    [{}, /^entries\[0\]: has none of action, filter/],
    [{ ...rule, filter: 'a' }, /^entries\[0\]\.filter: there is no such field/],
    [{ action: 'drop' }, /^entries\[0\]\.direction: is missing/],
    [{ ...rule, action: 'deny' }, /^entries\[0\]\.action: deny is not one of drop, reject/],
    [{ ...rule, priority: 1001 }, /^entries\[0\]\.priority: 1001 is not a whole number from -1000 to 1000/],
    [{ ...rule, tcp: {}, udp: {} }, /^entries\[0\]\.udp: cannot stand beside tcp/],
    [
      { ...rule, tcp: { srcIp: '10.0.0.300' } },
      /^entries\[0\]\.tcp\.srcIp: 10\.0\.0\.300 is not an IPv4 address, or a variable such as \$IP/,
    ],
    [{ ...rule, tcpIpv6: { srcIp: '10.0.0.3' } }, /^entries\[0\]\.tcpIpv6\.srcIp: .* is not an IPv6 address/],
    [{ ...rule, tcp: { dscpp: 22 } }, /^entries\[0\]\.tcp\.dscpp: there is no such field; is dscp meant/],
    [{ ...rule, tcp: { srcPortStart: '$A[' } }, /^entries\[0\]\.tcp\.srcPortStart: .* is not a whole number/],
    [{ ...rule, tcp: { state: ['OLD'] } }, /^entries\[0\]\.tcp\.state: .* is not a list of 0 to 4 of NEW/],
    [{ ...rule, tcp: { flags: 'SYN' } }, /^entries\[0\]\.tcp\.flags: SYN is not TCP flags such as/],
    [
      { filter: 'a', parameters: [{ name: 'I P', value: '1' }] },
      /^entries\[0\]\.parameters\[0\]\.name: "I P" is not the name of a variable/,
    ],
  ])('%j', (entry, message) => {
    expect(write(entry)).toThrow(message);
  });

  it('names the chains', () => {
    expect(write(rule, { chain: 'tcp' })).toThrow(
      /^chain: tcp is not root or, in up to 12 characters, a chain/,
    );
    expect(write(rule, { chain: 'mac-0123456789' })).toThrow(RangeError);
    expect(write(rule, { chain: 7 })).toThrow(TypeError);
  });
});

const folder = '/etc/libvirt/nwfilter';

/** Why the filters that come with libvirt cannot be read here; undefined when they can. */
const missing = ((): string | undefined => {
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));
    for (const name of files) accessSync(join(folder, name), constants.R_OK);
    return files.length > 0 ? undefined : `no filters in ${folder}: apt-get install libvirt-daemon-system`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
      ? `the filters in ${folder} can be read by root alone`
      : `no ${folder}: apt-get install libvirt-daemon-system, from Debian 13 on libvirt-daemon-config-nwfilter`;
  }
})();

describe.skipIf(missing)(`the filters that come with libvirt${missing ? ` (${missing})` : ''}`, () => {
  const files = missing ? [] : readdirSync(folder).filter((name) => name.endsWith('.xml'));

  it.each(files)('%s is typed and written with nothing lost', (name) => {
    const xml = readFileSync(join(folder, name), 'utf8');
    const doc = parseFilter(xml);
    expect(untyped(doc)).toEqual([]);
    expect(outline(toXML(doc))).toEqual(outline(xml));
    const plain = structuredClone(doc);
    expect(parseFilter(toXML(plain))).toEqual(plain);
  });
});
