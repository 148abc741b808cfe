// What a writer says about values that no document can have: the field's path first, then what is wrong.
import { describe, expect, it } from 'vitest';
import { parseNetwork, toXML } from '../../../lib/xml/index.js';
import { networkParts } from '../../../lib/xml/network/parts.js';
import { writeFragment } from '../../../lib/xml/write.js';

const network = (fields: object): string => toXML({ kind: 'network', name: 'lab', ...fields } as never);

const cases: [fields: object, error: typeof TypeError | typeof RangeError, message: string][] = [
  [{ name: 7 }, TypeError, 'name: 7 is not a string'],
  [{ name: undefined }, TypeError, 'name: is missing'],
  [{ name: null }, TypeError, 'name: null is not a string'],
  [{ ipv6: 'yes' }, TypeError, 'ipv6: yes is not true or false'],
  [{ uuid: 'x y' }, RangeError, 'uuid: "x y" is not a UUID'],
  [{ bridge: [] }, TypeError, 'bridge: a list is not an object'],
  [
    { bridge: { delay: -1 } },
    RangeError,
    'bridge.delay: -1 is not a whole number from 0 to 9007199254740991',
  ],
  [
    { bridge: { delay: 1.5 } },
    RangeError,
    'bridge.delay: 1.5 is not a whole number from 0 to 9007199254740991',
  ],
  [
    { bridge: { delay: Number.NaN } },
    RangeError,
    'bridge.delay: NaN is not a whole number from 0 to 9007199254740991',
  ],
  [{ bridge: { delay: '2' } }, TypeError, 'bridge.delay: 2 is not a whole number from 0 to 9007199254740991'],
  [
    { bridge: { macTableManager: 'kernal' } },
    RangeError,
    'bridge.macTableManager: kernal is not one of kernel, libvirt',
  ],
  [{ bridge: { nam: 'br0' } }, TypeError, 'bridge.nam: there is no such field; is name meant?'],
  [{ forwrad: {} }, TypeError, 'forwrad: there is no such field; is forward meant?'],
  [{ mtu: { size: 1500, xyzzy: 1 } }, TypeError, 'mtu.xyzzy: there is no such field; known are size'],
  [{ mac: {} }, TypeError, 'mac.address: is missing'],
  [
    { mac: { address: '01:00:5e:00:00:01' } },
    RangeError,
    'mac.address: 01:00:5e:00:00:01 is not a unicast MAC address',
  ],
  [{ ips: {} }, TypeError, 'ips: an object is not a list'],
  [{ ips: [7] }, TypeError, 'ips[0]: 7 is not an object'],
  [{ ips: [{}, { prefix: 129 }] }, RangeError, 'ips[1].prefix: 129 is not a whole number from 0 to 128'],
  [{ ips: [{ prefix: 8, netmask: '255.0.0.0' }] }, TypeError, 'ips[0].prefix: cannot stand beside netmask'],
  [
    { ips: [{ dhcp: { ranges: [{ start: '10.0.0.300', end: '10.0.0.9' }] } }] },
    RangeError,
    'ips[0].dhcp.ranges[0].start: 10.0.0.300 is not an IP address',
  ],
  [
    { forward: { interfaces: [], addresses: [] } },
    TypeError,
    'forward.addresses: cannot stand beside interfaces',
  ],
  [{ vlan: { tags: [] } }, TypeError, 'vlan.tags: at least one is needed'],
  [
    { dns: { hosts: [{ ip: '10.0.0.1', hostnames: ['a', undefined] }] } },
    TypeError,
    'dns.hosts[0].hostnames[1]: is missing',
  ],
  [
    { dns: { hosts: [{ ip: '10.0.0.1', hostnames: ['a', 7] }] } },
    TypeError,
    'dns.hosts[0].hostnames[1]: 7 is not a string',
  ],
  [{ dnsmasqOptions: [true] }, TypeError, 'dnsmasqOptions[0]: true is not a string'],
  [
    { virtualPort: { type: 'hyper' } },
    RangeError,
    'virtualPort.type: hyper is not one of 802.1Qbg, 802.1Qbh, openvswitch, midonet',
  ],
  [
    { virtualPort: { type: 7 } },
    TypeError,
    'virtualPort.type: 7 is not one of 802.1Qbg, 802.1Qbh, openvswitch, midonet',
  ],
  [
    { virtualPort: { type: 'openvswitch', parameters: { managerId: 1 } } },
    TypeError,
    'virtualPort.parameters.managerId: there is no such field; known are interfaceId, profileId',
  ],
  [
    { bandwidth: { inbound: { average: 2n ** 54n + 1n } } },
    RangeError,
    'bandwidth.inbound.average: 18014398509481985n is not a whole number from 1 to 18014398509481984',
  ],
  [
    { bandwidth: { inbound: { average: 2 ** 53 } } },
    RangeError,
    'bandwidth.inbound.average: 9007199254740992 is not a whole number from 1 to 18014398509481984',
  ],
  [{ title: 'a\u0007' }, RangeError, 'title: U+0007 cannot stand in XML'],
  [{ title: 'a\uD800' }, RangeError, 'title: U+D800 cannot stand in XML'],
  [{ bridge: { name: 'a\uFFFF' } }, RangeError, 'bridge.name: U+FFFF cannot stand in XML'],
  [{ metadata: 7 }, TypeError, 'metadata: 7 is not a string of XML'],
  [{ metadata: '<a>' }, RangeError, 'metadata: not well-formed XML: Missing end tag for element a'],
  [{ metadata: '</metadata><bridge name="x"/><metadata>' }, RangeError, 'metadata: not well-formed XML: '],
  [{ metadata: '</content><bridge name="x"/><content>' }, RangeError, 'metadata: not well-formed XML: '],
  [{ title: `${'x'.repeat(100)}\u0000` }, RangeError, 'title: U+0000 cannot stand in XML'],
  [{ uuid: 'z'.repeat(100) }, RangeError, `uuid: "${'z'.repeat(60)}…" is not a UUID`],
];

describe('toXML', () => {
  it.each(cases.map(([fields, error, message]) => [message, fields, error] as const))(
    'says: %s',
    (message, fields, error) => {
      expect(() => network(fields)).toThrow(error);
      expect(() => network(fields)).toThrow(message);
    },
  );

  it('checks what it kept the place of as well', () => {
    const doc = parseNetwork(`<network><!-- c --><name>lab</name><bridge x='1' name='br0'/></network>`);
    expect(() => toXML({ ...doc, bridge: { ...doc.bridge, delay: -1 } })).toThrow(
      /^bridge\.delay: -1 is not/,
    );
    expect(() => toXML({ ...doc, ips: [7] } as never)).toThrow('ips[0]: 7 is not an object');
    expect(() => toXML({ ...doc, ips: 7 } as never)).toThrow('ips: 7 is not a list');
    expect(() => toXML({ ...doc, brigde: 7 } as never)).toThrow(
      'brigde: there is no such field; is bridge meant?',
    );
  });

  it.each([
    [undefined, 'kind: undefined has none; a document has one of network'],
    [{}, 'kind: an object has none; a document has one of network'],
    [{ kind: 'netwrok' }, /^kind: netwrok is not one of network, .*; is network meant\?$/],
    [{ kind: 'toString' }, 'kind: toString is not one of network'],
  ])('refuses what is no document: %j', (value, message) => {
    expect(() => toXML(value as never)).toThrow(TypeError);
    expect(() => toXML(value as never)).toThrow(message);
  });

  it('writes nothing that XML would read otherwise', () => {
    const texts = [
      `'"<>&]]>`,
      ' a  b ',
      'a\tb\nc\rd\r\ne',
      'é 𝕏 \u00A0\u0085\u2028',
      ']]>',
      '&amp;',
      '<!--',
      '',
    ];
    for (const text of texts) {
      const doc = parseNetwork(
        network({
          description: text,
          bridge: { name: text },
          dns: { hosts: [{ ip: '::1', hostnames: [text] }] },
        }),
      );
      expect(doc.description).toBe(text);
      expect(doc.bridge?.name).toBe(text);
      expect(doc.dns?.hosts?.[0]?.hostnames).toEqual([text]);
    }
  });
});

describe('writeFragment', () => {
  it('writes one element', () => {
    expect(writeFragment(networkParts.portGroup, { name: 'a', vlan: { tags: [{ id: 7 }] } })).toBe(
      `<portgroup name='a'>\n  <vlan>\n    <tag id='7'/>\n  </vlan>\n</portgroup>\n`,
    );
  });

  it('lets required fields be missing when a part is enough', () => {
    const host = { mac: '52:54:00:11:22:33' };
    expect(writeFragment(networkParts.dhcpHost, host, { partial: true })).toBe(
      `<host mac='52:54:00:11:22:33'/>\n`,
    );
    expect(() => writeFragment(networkParts.dhcpHost, host)).toThrow('ip: is missing');
    expect(() => writeFragment(networkParts.dhcpHost, { mac: 1 }, { partial: true })).toThrow(
      /^mac: 1 is not/,
    );
  });

  it('keeps what the element of a document kept', () => {
    const doc = parseNetwork(`<network><name>lab</name><portgroup name='a' x='1'><y/></portgroup></network>`);
    expect(writeFragment(networkParts.portGroup, doc.portGroups?.[0])).toBe(
      `<portgroup name='a' x='1'>\n  <y/>\n</portgroup>\n`,
    );
  });

  it('refuses what is no object', () => {
    expect(() => writeFragment(networkParts.portGroup, 'a')).toThrow('a is not an object');
  });
});
