// The builders of the host's interfaces and devices: the XML of each, and what they refuse.
import { describe, expect, it, test } from 'vitest';
import { build } from '../../../lib/build/index.js';
import { toXML } from '../../../lib/xml/index.js';
import { hostVariants } from './host-variants.js';

const { bond, bridge, ethernet, vlan } = build.hostInterface;
const { vport } = build.nodeDevice;

/** XML as it stands in a test: without the indent of the test's own lines. */
const xml = (text: string): string => {
  const lines = text.split('\n').slice(1, -1);
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return `${lines.map((line) => line.slice(indent)).join('\n')}\n`;
};

describe('an interface of the host', () => {
  test('NIC with all that it can have', () => {
    const document = ethernet({
      name: 'eth0',
      mac: '52:54:00:AB:CD:EF',
      start: 'onboot',
      mtu: 9000,
      ipv4: { addresses: ['192.0.2.5/24', '192.0.2.6/32'], gateway: '192.0.2.1', dhcp: { peerDns: false } },
      ipv6: { addresses: '2001:DB8::5/64', gateway: '2001:db8::1', dhcp: true, autoconf: true },
    });
    expect(toXML(document)).toBe(
      xml(`
      <interface type='ethernet' name='eth0'>
        <start mode='onboot'/>
        <mtu size='9000'/>
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
        <mac address='52:54:00:ab:cd:ef'/>
      </interface>
    `),
    );
  });

  test('bridge over a NIC, a bond and a VLAN of another bond', () => {
    const document = bridge({
      name: 'br0',
      stp: false,
      delay: 0.01,
      ipv6: 'auto',
      ports: [
        { name: 'eth0', mac: '52:54:00:00:00:01' },
        { bond: { name: 'bond0', nics: ['eth1', 'eth2'], mode: '802.3ad', miimon: 100 } },
        { vlan: { on: 'bond1', tag: 42 } },
      ],
    });
    expect(toXML(document)).toBe(
      xml(`
      <interface type='bridge' name='br0'>
        <protocol family='ipv6'>
          <autoconf/>
        </protocol>
        <bridge stp='off' delay='0.01'>
          <interface type='ethernet' name='eth0'>
            <mac address='52:54:00:00:00:01'/>
          </interface>
          <interface type='bond' name='bond0'>
            <bond mode='802.3ad'>
              <miimon freq='100'/>
              <interface type='ethernet' name='eth1'>
              </interface>
              <interface type='ethernet' name='eth2'>
              </interface>
            </bond>
          </interface>
          <interface type='vlan' name='bond1.42'>
            <vlan tag='42'>
              <interface name='bond1'/>
            </vlan>
          </interface>
        </bridge>
      </interface>
    `),
    );
  });

  test('bond that asks a host whether it answers', () => {
    const document = bond({
      name: 'bond0',
      nics: 'eth0',
      arpmon: { interval: 100, target: '192.0.2.1', validate: 'all' },
      ipv4: 'dhcp',
    });
    expect(toXML(document)).toBe(
      xml(`
      <interface type='bond' name='bond0'>
        <protocol family='ipv4'>
          <dhcp/>
        </protocol>
        <bond>
          <arpmon interval='100' target='192.0.2.1' validate='all'/>
          <interface type='ethernet' name='eth0'>
          </interface>
        </bond>
      </interface>
    `),
    );
  });

  test('VLAN with a name of its own', () => {
    expect(toXML(vlan({ on: 'eth0', tag: 42, name: 'office', start: 'none' }))).toBe(
      xml(`
      <interface type='vlan' name='office'>
        <start mode='none'/>
        <vlan tag='42'>
          <interface name='eth0'/>
        </vlan>
      </interface>
    `),
    );
  });
});

describe('a virtual port', () => {
  test('of an adapter by world wide names, with names of its own', () => {
    const document = vport({
      parent: { wwnn: '20000000c9831b4b', wwpn: '10000000c9831b4b' },
      wwnn: '2001001b32a9da4e',
      wwpn: '2101001b32a9da4e',
    });
    expect(toXML(document)).toBe(
      xml(`
      <device>
        <parent wwnn='20000000c9831b4b' wwpn='10000000c9831b4b'/>
        <capability type='scsi_host'>
          <capability type='fc_host'>
            <wwnn>2001001b32a9da4e</wwnn>
            <wwpn>2101001b32a9da4e</wwpn>
          </capability>
        </capability>
      </device>
    `),
    );
  });

  test('of any adapter of a fabric', () => {
    expect(toXML(vport({ parent: { fabricWwn: '2002000573de9a81' } }))).toContain(
      `<parent fabric_wwn='2002000573de9a81'/>`,
    );
  });
});

describe('a document of the host', () => {
  it.each(hostVariants)('$title: is frozen to the bottom', ({ document }) => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(document)).toBe(true);
  });
});

describe('what is wrong is refused with its field', () => {
  const eth0 = { name: 'eth0' };
  it.each<[string, (options: never) => unknown, unknown, typeof TypeError | typeof RangeError, string]>([
    ['a missing name', ethernet, {}, TypeError, 'name: missing; a NIC of the host must have it'],
    ['a long name', ethernet, { name: 'a-name-of-16-byte' }, RangeError, 'name: a-name-of-16-byte is not'],
    ['no options', bridge, undefined, TypeError, 'options: undefined is not an object'],
    ['a foreign field', ethernet, { ...eth0, stp: true }, TypeError, 'stp: unknown field of a NIC'],
    ['a start mode', ethernet, { ...eth0, start: 'boot' }, RangeError, 'start: boot is not one of'],
    ['an MTU', ethernet, { ...eth0, mtu: 67 }, RangeError, 'mtu: 67 is not a whole number from 68'],
    [
      'an address of the other family',
      ethernet,
      { ...eth0, ipv6: { addresses: ['192.0.2.1/24'] } },
      RangeError,
      'ipv6.addresses[0]: 192.0.2.1/24 is not an IPv6 address such as 2001:db8::5/64',
    ],
    [
      'a gateway',
      ethernet,
      { ...eth0, ipv4: { gateway: '10.0.0.300' } },
      RangeError,
      'ipv4.gateway: 10.0.0.300 is not an IPv4 address',
    ],
    [
      'autoconfiguration of IPv4',
      ethernet,
      { ...eth0, ipv4: { autoconf: true } },
      TypeError,
      'ipv4.autoconf: unknown field of IPv4 addresses; only IPv6 has it',
    ],
    ['ways of IPv4', ethernet, { ...eth0, ipv4: 'auto' }, TypeError, 'ipv4: auto is not an object'],
    ['a delay', bridge, { name: 'br0', delay: -1 }, RangeError, 'delay: -1 is not a number from 0'],
    [
      'a tag in a bridge',
      bridge,
      { name: 'br0', ports: ['eth0', { vlan: { on: 'eth1', tag: 4095 } }] },
      RangeError,
      'ports[1].vlan.tag: 4095 is not',
    ],
    [
      'a port twice',
      bridge,
      { name: 'br0', ports: ['eth0', { name: 'eth0' }] },
      RangeError,
      'ports[1]: the name eth0 is already that of ports[0]',
    ],
    [
      'a made name that is too long',
      vlan,
      { on: 'a-long-name', tag: 1234 },
      RangeError,
      'name: a-long-name.1234 is not',
    ],
    ['a bond without NICs', bond, { name: 'bond0', nics: [] }, RangeError, 'nics: empty'],
    [
      'a NIC twice in a bond',
      bridge,
      { name: 'br0', ports: [{ bond: { name: 'bond0', nics: ['eth0', 'eth0'] } }] },
      RangeError,
      'ports[0].bond.nics[1]: the name eth0 is already that of ports[0].bond.nics[0]',
    ],
    [
      'two ways of watching',
      bond,
      { name: 'bond0', nics: 'eth0', miimon: 100, arpmon: { interval: 1, target: '192.0.2.1' } },
      TypeError,
      'arpmon: a bond that has miimon cannot have it too',
    ],
    [
      'a world wide name',
      vport,
      { parent: { wwnn: '20000000c9831b4b', wwpn: '123' } },
      RangeError,
      'parent.wwpn: 123 is not a world wide name of 16 hexadecimal digits',
    ],
    [
      'half of a name',
      vport,
      { parent: 'scsi_host3', wwnn: '2001001b32a9da4e' },
      TypeError,
      'wwpn: missing; a virtual port that has wwnn must have it',
    ],
    ['no parent', vport, {}, TypeError, 'parent: missing'],
  ])('%s', (_, builder, options, error, message) => {
    expect(() => builder(options as never)).toThrow(error);
    expect(() => builder(options as never)).toThrow(message);
  });
});
