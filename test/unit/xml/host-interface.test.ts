// Interfaces of the host: read, typed as people expect, and written byte for byte.
import { describe, expect, it } from 'vitest';
import { type HostInterfaceDocument, parseHostInterface, toXML, untyped } from '../../../lib/xml/index.js';

/** Reads a document of which everything is typed, and expects it back from the typed fields alone. */
const read = (xml: string): HostInterfaceDocument => {
  const doc = parseHostInterface(xml);
  expect(untyped(doc)).toEqual([]);
  expect(toXML(doc)).toBe(xml);
  expect(toXML(structuredClone(doc))).toBe(xml);
  return doc;
};

describe('an interface of the host', () => {
  it('is a NIC with addresses of both families', () => {
    const doc = read(`<interface type='ethernet' name='eth0'>
  <start mode='onboot'/>
  <mtu size='1492'/>
  <protocol family='ipv4'>
    <dhcp peerdns='no'/>
    <ip address='192.0.2.5' prefix='24'/>
    <ip address='192.0.2.6' prefix='32'/>
    <route gateway='192.0.2.1'/>
  </protocol>
  <protocol family='ipv6'>
    <autoconf/>
    <dhcp/>
    <ip address='2001:db8::5' prefix='64'/>
    <route gateway='2001:db8::1'/>
  </protocol>
  <link speed='1000' state='up'/>
  <mac address='52:54:00:00:00:01'/>
</interface>
`);
    expect(doc).toEqual({
      kind: 'hostInterface',
      type: 'ethernet',
      name: 'eth0',
      start: { mode: 'onboot' },
      mtu: { size: 1492 },
      protocols: [
        {
          family: 'ipv4',
          dhcp: { peerDns: false },
          ips: [
            { address: '192.0.2.5', prefix: 24 },
            { address: '192.0.2.6', prefix: 32 },
          ],
          route: { gateway: '192.0.2.1' },
        },
        {
          family: 'ipv6',
          autoconf: {},
          dhcp: {},
          ips: [{ address: '2001:db8::5', prefix: 64 }],
          route: { gateway: '2001:db8::1' },
        },
      ],
      link: { speed: 1000, state: 'up' },
      mac: { address: '52:54:00:00:00:01' },
    });
  });

  it('is a bridge over a NIC, a VLAN of a bond, and a bond', () => {
    const doc = read(`<interface type='bridge' name='br0'>
  <start mode='hotplug'/>
  <mtu size='9000'/>
  <bridge stp='on' delay='0.01'>
    <interface type='ethernet' name='eth0'>
      <mac address='52:54:00:00:00:01'/>
    </interface>
    <interface type='vlan' name='bond1.42'>
      <vlan tag='42'>
        <interface name='bond1'/>
      </vlan>
    </interface>
    <interface type='bond' name='bond0'>
      <bond mode='active-backup'>
        <miimon freq='100' downdelay='50' updelay='10' carrier='ioctl'/>
        <interface type='ethernet' name='eth1'>
        </interface>
        <interface type='ethernet' name='eth2'>
        </interface>
      </bond>
    </interface>
  </bridge>
</interface>
`);
    expect(doc.type === 'bridge' && doc.bridge).toEqual({
      stp: true,
      delay: 0.01,
      interfaces: [
        { type: 'ethernet', name: 'eth0', mac: { address: '52:54:00:00:00:01' } },
        { type: 'vlan', name: 'bond1.42', vlan: { tag: 42, interface: { name: 'bond1' } } },
        {
          type: 'bond',
          name: 'bond0',
          bond: {
            mode: 'active-backup',
            miimon: { freq: 100, downDelay: 50, upDelay: 10, carrier: 'ioctl' },
            interfaces: [
              { type: 'ethernet', name: 'eth1' },
              { type: 'ethernet', name: 'eth2' },
            ],
          },
        },
      ],
    });
  });

  it('is a bond that asks a host whether it answers', () => {
    const doc = read(`<interface type='bond' name='bond0'>
  <start mode='none'/>
  <protocol family='ipv4'>
    <dhcp/>
  </protocol>
  <bond mode='802.3ad'>
    <arpmon interval='100' target='192.0.2.1' validate='backup'/>
    <interface type='ethernet' name='eth1'>
    </interface>
  </bond>
</interface>
`);
    expect(doc.type === 'bond' && doc.bond.arpmon).toEqual({
      interval: 100,
      target: '192.0.2.1',
      validate: 'backup',
    });
  });

  it('is a VLAN, whose name may be left to libvirt', () => {
    const doc = read(`<interface type='vlan'>
  <start mode='onboot'/>
  <vlan tag='0'>
    <interface name='eth0'/>
  </vlan>
</interface>
`);
    expect(doc.type === 'vlan' && doc.vlan).toEqual({ tag: 0, interface: { name: 'eth0' } });
  });

  it('keeps the form of a delay, and what an interface in a bridge cannot have', () => {
    const xml = `<interface type='bridge' name='br0'>
  <bridge delay='15.00'>
    <interface type='ethernet' name='eth0'>
      <start mode='onboot'/>
    </interface>
  </bridge>
</interface>
`;
    const doc = parseHostInterface(xml);
    expect(doc.type === 'bridge' && doc.bridge.delay).toBe(15);
    expect(untyped(doc)).toEqual([
      { path: 'interface/bridge/interface/start', text: `<start mode='onboot'/>` },
    ]);
    expect(toXML(doc)).toBe(xml);
  });
});

describe('what is no interface of the host', () => {
  it.each([
    ['<interface/>', 'its type is not one of ethernet, bridge, bond, vlan'],
    [`<interface type='network'/>`, 'its type is not one of ethernet, bridge, bond, vlan'],
    [`<interface type='ethernet'/>`, 'it has no attribute name that can be read'],
    [`<interface type='vlan'><vlan tag='1'/></interface>`, 'it has no <vlan> that can be read'],
    [`<interface type='bond' name='b'/>`, 'it has no <bond> that can be read'],
    [`<network><name>a</name></network>`, '<interface> expected, <network> found'],
  ])('is not read: %s', (xml, message) => {
    expect(() => parseHostInterface(xml)).toThrow(expect.objectContaining({ name: 'XmlError' }));
    expect(() => parseHostInterface(xml)).toThrow(message);
  });

  const nic = { kind: 'hostInterface', type: 'ethernet', name: 'eth0' };
  it.each([
    [{ ...nic, type: 'tap' }, RangeError, 'type: tap is not one of ethernet, bridge, bond, vlan'],
    [{ ...nic, name: undefined }, TypeError, 'name: is missing'],
    [{ ...nic, bridge: {} }, TypeError, 'bridge: there is no such field'],
    [{ ...nic, mac: { address: '52-54' } }, RangeError, 'mac.address: 52-54 is not a hardware address'],
    [
      { ...nic, protocols: [{ family: 'ipv6', ips: [{ address: '192.0.2.1' }] }] },
      RangeError,
      'protocols[0].ips[0].address: 192.0.2.1 is not an IPv6 address',
    ],
    [
      { ...nic, protocols: [{ family: 'ipv4', autoconf: {} }] },
      TypeError,
      'protocols[0].autoconf: there is no such field',
    ],
    [
      { ...nic, type: 'bridge', bridge: { delay: -1 } },
      RangeError,
      'bridge.delay: -1 is not a number from 0',
    ],
    [
      { ...nic, type: 'vlan', vlan: { tag: 4096, interface: { name: 'eth0' } } },
      RangeError,
      'vlan.tag: 4096 is not a whole number from 0 to 4095',
    ],
    [
      {
        ...nic,
        type: 'bond',
        bond: { miimon: { freq: 100 }, arpmon: { interval: 100, target: '192.0.2.1' } },
      },
      TypeError,
      'bond.arpmon: cannot stand beside miimon',
    ],
  ])('is not written: %j', (value, error, message) => {
    expect(() => toXML(value as never)).toThrow(error);
    expect(() => toXML(value as never)).toThrow(message);
  });
});
