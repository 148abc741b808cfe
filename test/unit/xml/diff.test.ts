// What is different between two documents, and what only looks so.
import { describe, expect, it } from 'vitest';
import { build } from '../../../lib/build/index.js';
import {
  type AnyDocument,
  diff,
  type NetworkDocument,
  parseDocument,
  parseNetwork,
  toXML,
} from '../../../lib/xml/index.js';
import { variants } from '../build/variants.js';

const network = (inside: string, attributes = ''): NetworkDocument =>
  parseNetwork(`<network ${attributes}><name>lab</name>${inside}</network>`);

/** The differences of two networks by what is inside them. */
const between = (before: string, after: string, options?: Parameters<typeof diff>[2]) =>
  diff(network(before), network(after), options);

const lenient = { ignore: 'filled-in' } as const;

const hosts = (...all: string[]) =>
  `<ip address='10.0.0.1' prefix='24'><dhcp>${all.map((host) => `<host ${host}/>`).join('')}</dhcp></ip>`;
const A = "mac='52:54:00:00:00:0a' name='a' ip='10.0.0.10'";
const B = "mac='52:54:00:00:00:0b' name='b' ip='10.0.0.11'";
const C = "mac='52:54:00:00:00:0c' name='c' ip='10.0.0.12'";

describe('diff', () => {
  it.each(variants)('finds none between a document and its copy: $title', ({ document }) => {
    expect(diff(document, parseNetwork(toXML(document)))).toEqual([]);
    expect(diff(document, structuredClone(document), lenient)).toEqual([]);
  });

  it('tells what was added, changed and removed, in the order of the schema', () => {
    expect(
      between(
        "<title>t</title><bridge name='br0' stp='on'/><mtu size='1500'/>",
        "<description>d</description><bridge name='br1' stp='on'/><mtu size='9000'/><port isolated='yes'/>",
      ),
    ).toEqual([
      { path: 'title', before: 't', after: undefined },
      { path: 'description', before: undefined, after: 'd' },
      { path: 'bridge.name', before: 'br0', after: 'br1' },
      { path: 'mtu.size', before: 1500, after: 9000 },
      { path: 'port', before: undefined, after: { isolated: true } },
    ]);
  });

  it('is the same backwards, before and after swapped', () => {
    const [one, other] = [
      network(`${hosts(A, B)}<bridge name='x'/>`),
      network(`${hosts(C, B.replace("'b'", "'d'"))}<mtu size='1'/>`),
    ];
    const turned = diff(other, one).map(({ before, after }) => [after, before]);
    expect(turned).toHaveLength(5);
    expect(new Set(turned.map((pair) => JSON.stringify(pair)))).toEqual(
      new Set(diff(one, other).map(({ before, after }) => JSON.stringify([before, after]))),
    );
  });

  it('takes a number and a bigint of the same size, and false and nothing where they are written alike', () => {
    const document: NetworkDocument = { kind: 'network', name: 'a' };
    expect(
      diff(
        { ...document, bandwidth: { inbound: { average: 5 } }, vlan: { tags: [{ id: 1 }] } },
        { ...document, bandwidth: { inbound: { average: 5n } }, vlan: { trunk: false, tags: [{ id: 1 }] } },
      ),
    ).toEqual([]);
  });

  it('gives a frozen list', () => {
    const found = between('', '<title>t</title>');
    expect(Object.isFrozen(found) && found.every(Object.isFrozen)).toBe(true);
  });

  it('leaves the documents as they are, also those that nobody froze', () => {
    const one = { kind: 'network', name: 'a', ips: [{ address: '10.0.0.1', netmask: '255.0.0.0' }] } as const;
    const copy = structuredClone(one);
    diff(one, { ...one, name: 'b' }, lenient);
    expect(one).toEqual(copy);
  });

  it('refuses documents of different kinds, and what is no document', () => {
    const one = network('');
    const other = { ...one, kind: 'lan' } as unknown as AnyDocument;
    const nic = parseDocument("<interface type='internal'><source name='a'/></interface>");
    expect(() => diff<AnyDocument>(one, nic)).toThrow(
      new TypeError(
        'kind: a network and a domainInterface cannot be compared; documents of one kind have differences',
      ),
    );
    expect(() => diff(one, other as never)).toThrow(new TypeError(`kind: lan is not one of ${kinds()}`));
    expect(() => diff(one, { ...one, mtu: { size: -1 } })).toThrow(
      new RangeError('mtu.size: -1 is not a whole number from 0 to 65535'),
    );
    expect(() => diff(one, undefined as never)).toThrow(TypeError);
    expect(() => diff(one, one, { ignore: 'all' as never })).toThrow(
      new TypeError("ignore: all is not 'filled-in'"),
    );
  });
});

/** The kinds that the error names. */
const kinds = (): string => {
  try {
    toXML({ kind: '?' } as never);
  } catch (error) {
    return /one of (.*)$/.exec((error as Error).message)?.[1] ?? '';
  }
  return '';
};

describe('a list whose members are told by what identifies them', () => {
  it('may be in another order', () => {
    expect(between(hosts(A, B, C), hosts(C, A, B))).toEqual([]);
  });

  it('has the changed member at its place before', () => {
    expect(between(hosts(A, B), hosts(B.replace("'b'", "'web'"), A))).toEqual([
      { path: 'ips[0].dhcp.hosts[1].name', before: 'b', after: 'web', member: 'mac 52:54:00:00:00:0b' },
    ]);
  });

  it('has whole members added and removed', () => {
    expect(between(hosts(A, B), hosts(B, C))).toEqual([
      {
        path: 'ips[0].dhcp.hosts[0]',
        before: { mac: '52:54:00:00:00:0a', name: 'a', ip: '10.0.0.10' },
        after: undefined,
        member: 'mac 52:54:00:00:00:0a',
      },
      {
        path: 'ips[0].dhcp.hosts[1]',
        before: undefined,
        after: { mac: '52:54:00:00:00:0c', name: 'c', ip: '10.0.0.12' },
        member: 'mac 52:54:00:00:00:0c',
      },
    ]);
  });

  it('knows a member by the second of what identifies it when the first is gone or changed', () => {
    expect(between(hosts(A), hosts(A.replace(/mac='\S+' /, '')))).toEqual([
      {
        path: 'ips[0].dhcp.hosts[0].mac',
        before: '52:54:00:00:00:0a',
        after: undefined,
        member: 'ip 10.0.0.10',
      },
    ]);
    expect(between(hosts(A, B), hosts(B, A.replace('0a', 'aa')))).toMatchObject([
      { path: 'ips[0].dhcp.hosts[0].mac', member: 'ip 10.0.0.10' },
    ]);
  });

  it('knows members by their address or MAC address however it is written', () => {
    expect(
      between(
        "<ip family='ipv6' address='fd00:0::1' prefix='64'/>",
        "<ip family='ipv6' address='FD00::1' prefix='64'/>",
      ),
    ).toEqual([{ path: 'ips[0].address', before: 'fd00:0::1', after: 'FD00::1', member: 'address fd00::1' }]);
    expect(between(hosts(A), hosts(A.replace('0a', '0A')), lenient)).toEqual([]);
  });

  it('keeps members of one identity apart by their order', () => {
    const txt = (...values: string[]) =>
      `<dns>${values.map((value) => `<txt name='n' value='${value}'/>`).join('')}</dns>`;
    expect(between(txt('1', '2', '3'), txt('2', '4', '3'))).toEqual([
      { path: 'dns.txts[0].value', before: '1', after: '4', member: 'name n' },
    ]);
  });

  it('tells port groups by name, routes by destination, interfaces by device, VLANs by tag', () => {
    const of = (tag: number, metric: number, connections: number) =>
      `<forward mode='passthrough'><interface dev='eth0'/><interface dev='eth1' connections='${connections}'/></forward>` +
      `<route address='10.9.0.0' prefix='16' gateway='10.0.0.9' metric='${metric}'/>` +
      `<portgroup name='x'/><portgroup name='y'><vlan><tag id='${tag}'/></vlan></portgroup>`;
    const swapped = of(2, 2, 2).replace(/(<portgroup name='x'\/>)(.*<\/portgroup>)/, '$2$1');
    expect(between(of(1, 1, 1), swapped).map(({ path, member }) => [path, member])).toEqual([
      ['forward.interfaces[1].connections', 'dev eth1'],
      ['routes[0].metric', 'address 10.9.0.0, prefix 16, gateway 10.0.0.9'],
      ['portGroups[1].vlan.tags[0]', 'id 1'],
      ['portGroups[0].vlan.tags[0]', 'id 2'],
    ]);
  });
});

describe('a list that has an order', () => {
  const options = (...all: string[]) => ({
    ...network(''),
    dnsmasqOptions: all,
  });

  it('has only what went and came', () => {
    expect(diff(options('a', 'b', 'c', 'd'), options('a', 'x', 'c', 'd', 'e'))).toEqual([
      { path: 'dnsmasqOptions[1]', before: 'b', after: 'x' },
      { path: 'dnsmasqOptions[4]', before: undefined, after: 'e' },
    ]);
    expect(diff(options('a', 'b', 'c'), options('b', 'c'))).toEqual([
      { path: 'dnsmasqOptions[0]', before: 'a', after: undefined },
    ]);
  });

  it('has members that changed their places', () => {
    expect(diff(options('a', 'b'), options('b', 'a'))).toHaveLength(2);
  });

  it('grows without the work growing beyond measure', () => {
    const many = Array.from({ length: 4000 }, (_, i) => `option-${i}`);
    const found = diff(options(...many), options('first', ...many.toReversed()));
    expect(found.length).toBeGreaterThan(3999);
  });
});

describe('what the schema does not type', () => {
  it('is compared at its place', () => {
    expect(
      between(
        "<bridge name='b' colour='red'/><a/><a>1</a><p:b xmlns:p='urn:p' z='1'/>",
        "<bridge name='b' colour='blue'/><a/><a>2</a><c/>",
      ),
    ).toEqual([
      { path: 'bridge/@colour', before: 'red', after: 'blue' },
      { path: 'a[1]', before: '<a>1</a>', after: '<a>2</a>' },
      { path: 'p:b', before: "<p:b xmlns:p='urn:p' z='1'/>", after: undefined },
      { path: 'c', before: undefined, after: '<c/>' },
    ]);
  });

  it('is the same in another layout, with other quotes, prefixes and comments', () => {
    expect(
      between(
        `<metadata><p:b xmlns:p='urn:p' y='2' z="1"><p:c/></p:b></metadata><vendor a='1' b='2'>t</vendor>`,
        `<!-- c --><metadata>\n <q:b z='1' y='2' xmlns:q="urn:p">\n  <q:c></q:c> <!-- x -->\n</q:b></metadata><vendor b='2' a='1'>t</vendor>`,
      ),
    ).toEqual([]);
  });

  it('is not the same in another namespace or with another text', () => {
    const metadata = (uri: string, text: string) =>
      `<metadata><p:b xmlns:p='${uri}'>${text}</p:b></metadata>`;
    expect(between(metadata('urn:p', 'x'), metadata('urn:q', 'x'))).toHaveLength(1);
    expect(between(metadata('urn:p', 'x'), metadata('urn:p', 'x '))).toMatchObject([{ path: 'metadata' }]);
  });

  it('is compared in elements that are one value, and where a value cannot be read', () => {
    const host = (name: string, more: string) =>
      `<dns><host ip='10.0.0.2'><hostname>x</hostname><hostname ${more}>${name}</hostname></host></dns>`;
    expect(between(host('y', "lang='de'"), host('y', "lang='en'"))).toEqual([
      { path: 'dns.hosts[0].hostnames[1]/@lang', before: 'de', after: 'en', member: 'ip 10.0.0.2' },
    ]);
    expect(between("<mtu size='big'/>", "<mtu size='1'/>")).toEqual([
      { path: 'mtu', before: undefined, after: { size: 1 } },
      { path: 'mtu', before: "<mtu size='big'/>", after: undefined },
    ]);
  });
});

describe('what libvirt fills in', () => {
  const printed = `<uuid>0b3cb2b7-d7cb-4cc2-9ccb-e0c477d9940d</uuid>
    <bridge name='virbr0' stp='on' delay='0'/><mac address='52:54:00:aa:bb:cc'/>`;

  it('is a difference unless it is asked not to be', () => {
    expect(between('', printed).map(({ path }) => path)).toEqual(['uuid', 'bridge', 'mac']);
    expect(between('', printed, lenient)).toEqual([]);
    expect(between(printed, '', lenient)).toEqual([]);
  });

  it('is one where both documents say it, and say something else', () => {
    const other = printed
      .replace('0b3cb2b7', '1b3cb2b7')
      .replace('virbr0', 'virbr1')
      .replace('aa:bb', 'aa:bc');
    expect(between(printed, other, lenient).map(({ path }) => path)).toEqual([
      'uuid',
      'bridge.name',
      'mac.address',
    ]);
  });

  it('is one where it is not what libvirt takes by default', () => {
    expect(between('', "<bridge name='x' stp='off' delay='3' zone='z'/>", lenient)).toEqual([
      { path: 'bridge.zone', before: undefined, after: 'z' },
      { path: 'bridge.stp', before: undefined, after: false },
      { path: 'bridge.delay', before: undefined, after: 3 },
    ]);
    expect(between('<forward/>', "<forward mode='nat'/>", lenient)).toEqual([]);
    expect(between('<forward/>', "<forward mode='route'/>", lenient)).toHaveLength(1);
    expect(between('', "<forward mode='nat'/>", lenient)).toHaveLength(1);
  });

  it.each([
    ["<ip address='10.0.0.1' netmask='255.255.255.0'/>", "<ip address='10.0.0.1' prefix='24'/>"],
    ["<ip family='ipv4' address='10.0.0.1' netmask='0.0.0.0'/>", "<ip address='10.0.0.1' prefix='0'/>"],
    [
      "<ip family='ipv6' address='FD00:0::0:1' prefix='64'/>",
      "<ip family='ipv6' address='fd00::1' prefix='64'/>",
    ],
    [
      "<route address='10.0.0.0' netmask='255.128.0.0' gateway='10.0.0.9'/>",
      "<route address='10.0.0.0' prefix='9' gateway='10.0.0.9'/>",
    ],
    ["<mac address='52:54:00:AA:BB:CC'/>", "<mac address='52:54:00:aa:bb:cc'/>"],
    ['<uuid>0B3CB2B7D7CB4CC29CCBE0C477D9940D</uuid>', '<uuid>0b3cb2b7-d7cb-4cc2-9ccb-e0c477d9940d</uuid>'],
    ["<forward mode='nat' dev='eth0'/>", "<forward mode='nat' dev='eth0'><interface dev='eth0'/></forward>"],
    [
      "<forward mode='bridge'><interface dev='a'/><interface dev='b'/></forward>",
      "<forward mode='bridge' dev='a'><interface dev='a' connections='1'/><interface dev='b'/></forward>",
    ],
    [
      "<forward mode='hostdev'><pf dev='eth0'/></forward>",
      "<forward mode='hostdev'><pf dev='eth0'/><address type='pci' domain='0x0' bus='0x3' slot='0x10' function='0x1'/></forward>",
    ],
  ])('%s says the same as %s', (one, other) => {
    expect(between(one, other)).not.toEqual([]);
    expect(between(one, other, lenient)).toEqual([]);
  });

  it.each([
    [
      "<ip address='10.0.0.1' netmask='255.255.255.0'/>",
      "<ip address='10.0.0.1' prefix='25'/>",
      'ips[0].prefix',
    ],
    [
      "<ip address='10.0.0.1' netmask='255.0.255.0'/>",
      "<ip address='10.0.0.1' prefix='16'/>",
      'ips[0].netmask',
    ],
    ["<forward mode='nat' dev='eth0'/>", "<forward mode='nat' dev='eth1'/>", 'forward.dev'],
    ["<forward mode='nat' dev='eth0' x='1'/>", "<forward mode='nat' dev='eth0'/>", 'forward/@x'],
  ])('%s does not say the same as %s', (one, other, path) => {
    expect(between(one, other, lenient).map((difference) => difference.path)).toContain(path);
  });

  it('is not what tells of the moment', () => {
    const [one, other] = [network('', "connections='1'"), network('', "connections='2'")];
    expect(diff(one, other)).toMatchObject([{ path: 'connections', before: 1, after: 2 }]);
    expect(diff(one, other, lenient)).toEqual([]);
  });
});

it('compares what was built with what was read', () => {
  const built = build.network.nat({ name: 'lab', ip: '192.168.10.1/24' });
  expect(diff(built, parseNetwork(toXML(built)))).toEqual([]);
});

describe('documents of other kinds', () => {
  const compare = (kind: AnyDocument['kind'], one: string, other: string, options = {}) =>
    diff<AnyDocument>(parseDocument(one, { kind }), parseDocument(other, { kind }), options);

  it('have variants, of which another one is another whole', () => {
    const nic = (source: string, type: string, port: string) =>
      `<interface type='${type}'><source ${source}/><virtualport type='${port}'/></interface>`;
    const found = compare(
      'domainInterface',
      nic("bridge='br0'", 'bridge', 'openvswitch'),
      nic("network='lab'", 'network', '802.1Qbh'),
    );
    expect(found).toEqual([
      { path: 'type', before: 'bridge', after: 'network' },
      { path: 'source', before: { bridge: 'br0' }, after: { network: 'lab' } },
      { path: 'virtualPort', before: { type: 'openvswitch' }, after: { type: '802.1Qbh' } },
    ]);
  });

  it('have values that libvirt fills in: a NIC', () => {
    const one = "<interface type='direct'><mac address='52:54:00:AA:BB:CC'/><source dev='eth0'/></interface>";
    const other = `<interface type='direct'><mac address='52:54:00:aa:bb:cc'/><source dev='eth0' mode='vepa'/>
      <target dev='macvtap0'/><alias name='net0'/><address type='pci' bus='1'/></interface>`;
    expect(compare('domainInterface', one, other, lenient)).toEqual([]);
    expect(compare('domainInterface', one, other).length).toBe(5);
  });

  it('have values that libvirt fills in: a filter, whose rules have an order', () => {
    const drop = "<rule action='drop' direction='in'>";
    const one = `<filter name='a'>${drop}<ip srcipaddr='10.0.0.1' srcipmask='255.0.0.0' match='yes'/></rule><filterref filter='b'/></filter>`;
    const other = `<filter name='a' chain='root' priority='0'><uuid>0b3cb2b7-d7cb-4cc2-9ccb-e0c477d9940d</uuid>
      <rule action='drop' direction='in' priority='500'><ip srcipaddr='10.0.0.1' srcipmask='8'/></rule><filterref filter='b'/></filter>`;
    expect(compare('nwfilter', one, other, lenient)).toEqual([]);
    expect(compare('nwfilter', one, other)).not.toEqual([]);
    const [rule = '', reference = ''] = [/<rule.*<\/rule>/, /<filterref.*\/>/].map(
      (part) => part.exec(one)?.[0],
    );
    const turned = `<filter name='a'>${reference}${rule}</filter>`;
    expect(compare('nwfilter', one, turned, lenient)).toHaveLength(2);
    const more = one.replace('<filterref', `${drop}<tcp dstportstart='22'/></rule><filterref`);
    expect(compare('nwfilter', one, more, lenient)).toEqual([
      {
        path: 'entries[1]',
        before: undefined,
        after: { action: 'drop', direction: 'in', tcp: { dstPortStart: 22 } },
      },
    ]);
  });
});
