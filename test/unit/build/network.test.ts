import { describe, expect, test } from 'vitest';
import {
  BITS,
  type Cidr,
  contains,
  formatCidr,
  inRange,
  lastOf,
  networkOf,
  parseCidr,
  sameIp,
  usable,
} from '../../../lib/build/address/index.js';
import { build, type NatNetworkOptions } from '../../../lib/build/index.js';
import { toXML } from '../../../lib/xml/index.js';
import { bits, seeded } from './random.js';
import { variants } from './variants.js';

const { bridged, hostdev, isolated, macvtap, nat, open, openvswitch, routed } = build.network;

/** XML as it stands in a test: without the indent of the test's own lines. */
const xml = (text: string): string => {
  const lines = text.split('\n').slice(1, -1);
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return `${lines.map((line) => line.slice(indent)).join('\n')}\n`;
};

describe('each mode', () => {
  test('isolated', () => {
    expect(toXML(isolated({ name: 'a' }))).toBe(
      xml(`
      <network>
        <name>a</name>
      </network>
    `),
    );
  });

  test('isolated with everything that the bridge has', () => {
    const document = isolated({
      name: 'a',
      uuid: '09B11C538B5C4EEB8F00D84EAA0AAA4F',
      guestIpv6: true,
      trustGuestRxFilters: false,
      bridge: { name: 'virbr10', stp: false, delay: 2, zone: 'trusted', macTableManager: 'kernel' },
      mac: '52:54:00:AB:CD:EF',
      mtu: 9000,
      isolatedPorts: true,
      bandwidth: { inbound: '10mbit', outbound: { average: '1mbit', burst: '64kb' } },
      portGroups: [{ name: 'slow', default: true, bandwidth: { inbound: 125 } }],
      dnsmasqOptions: ['no-ping'],
    });
    expect(toXML(document)).toBe(
      xml(`
      <network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' ipv6='yes' trustGuestRxFilters='no'>
        <name>a</name>
        <uuid>09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f</uuid>
        <bridge name='virbr10' zone='trusted' stp='off' delay='2' macTableManager='kernel'/>
        <mtu size='9000'/>
        <mac address='52:54:00:ab:cd:ef'/>
        <bandwidth>
          <inbound average='1250'/>
          <outbound average='125' burst='64'/>
        </bandwidth>
        <port isolated='yes'/>
        <portgroup name='slow' default='yes'>
          <bandwidth>
            <inbound average='125'/>
          </bandwidth>
        </portgroup>
        <dnsmasq:options>
          <dnsmasq:option value='no-ping'/>
        </dnsmasq:options>
      </network>
    `),
    );
  });

  test('nat', () => {
    const document = nat({
      name: 'a',
      dev: 'eth0',
      nat: { addresses: '203.0.113.5-203.0.113.9', ports: { start: 1024, end: 2047 }, ipv6: true },
      ip: [
        {
          cidr: '192.168.10.1/24',
          tftp: '/srv/tftp',
          dhcp: {
            range: '192.168.10.100-192.168.10.199',
            lease: '2h',
            hosts: [{ mac: '52:54:00:12:34:56', name: 'web', ip: '192.168.10.10', lease: 'infinite' }],
            bootp: { file: 'pxelinux.0', server: '192.168.10.2' },
          },
        },
        { cidr: 'fd00:10::1/64', dhcp: true, localPtr: true },
      ],
      domain: { name: 'lab.example', localOnly: true },
      dns: {
        forwardPlainNames: false,
        forwarders: ['9.9.9.9', { domain: 'corp.example', addr: '10.0.0.53' }],
        hosts: [{ ip: '192.168.10.10', names: ['web', 'www'] }],
        txt: [{ name: 'about', value: 'the lab' }],
        srv: [{ service: 'ldap', protocol: 'tcp', target: 'web', port: 389 }],
      },
      routes: [{ destination: '10.9.0.0/16', gateway: '192.168.10.2', metric: 2 }],
    });
    expect(toXML(document)).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward dev='eth0' mode='nat'>
          <nat ipv6='yes'>
            <address start='203.0.113.5' end='203.0.113.9'/>
            <port start='1024' end='2047'/>
          </nat>
        </forward>
        <domain name='lab.example' localOnly='yes'/>
        <dns forwardPlainNames='no'>
          <forwarder addr='9.9.9.9'/>
          <forwarder domain='corp.example' addr='10.0.0.53'/>
          <txt name='about' value='the lab'/>
          <srv service='ldap' protocol='tcp' target='web' port='389'/>
          <host ip='192.168.10.10'>
            <hostname>web</hostname>
            <hostname>www</hostname>
          </host>
        </dns>
        <ip address='192.168.10.1' netmask='255.255.255.0'>
          <tftp root='/srv/tftp'/>
          <dhcp>
            <range start='192.168.10.100' end='192.168.10.199'>
              <lease expiry='2' unit='hours'/>
            </range>
            <host mac='52:54:00:12:34:56' name='web' ip='192.168.10.10'>
              <lease expiry='0'/>
            </host>
            <bootp file='pxelinux.0' server='192.168.10.2'/>
          </dhcp>
        </ip>
        <ip family='ipv6' address='fd00:10::1' prefix='64' localPtr='yes'>
          <dhcp>
            <range start='fd00:10::2' end='fd00:10::ffff'/>
          </dhcp>
        </ip>
        <route address='10.9.0.0' prefix='16' gateway='192.168.10.2' metric='2'/>
      </network>
    `),
    );
  });

  test('routed', () => {
    expect(toXML(routed({ name: 'a', dev: 'eth0', ip: ['203.0.113.128/25', '2001:db8:7::/64'] }))).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward dev='eth0' mode='route'/>
        <ip address='203.0.113.129' netmask='255.255.255.128'>
        </ip>
        <ip family='ipv6' address='2001:db8:7::1' prefix='64'>
        </ip>
      </network>
    `),
    );
  });

  test('open', () => {
    expect(toXML(open({ name: 'a', ip: '10.30.0.1/16', dns: false }))).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward mode='open'/>
        <dns enable='no'/>
        <ip address='10.30.0.1' netmask='255.255.0.0'>
        </ip>
      </network>
    `),
    );
  });

  test('bridged', () => {
    expect(
      toXML(bridged({ name: 'a', bridge: 'br0', isolatedPorts: true, macTableManager: 'libvirt' })),
    ).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward mode='bridge'/>
        <bridge name='br0' macTableManager='libvirt'/>
        <port isolated='yes'/>
      </network>
    `),
    );
  });

  test('openvswitch', () => {
    const document = openvswitch({
      name: 'a',
      bridge: 'ovsbr0',
      interfaceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
      vlan: { trunk: [42] },
      portGroups: [
        { name: 'staff', default: true, vlan: 42 },
        { name: 'finance', profileId: 'finance', bandwidth: '8mbit' },
        { name: 'router', vlan: { trunk: [10, 20], native: { id: 20, mode: 'tagged' } } },
      ],
    });
    expect(toXML(document)).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward mode='bridge'/>
        <bridge name='ovsbr0'/>
        <vlan trunk='yes'>
          <tag id='42'/>
        </vlan>
        <virtualport type='openvswitch'>
          <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
        </virtualport>
        <portgroup name='staff' default='yes'>
          <vlan>
            <tag id='42'/>
          </vlan>
        </portgroup>
        <portgroup name='finance'>
          <virtualport type='openvswitch'>
            <parameters profileid='finance'/>
          </virtualport>
          <bandwidth>
            <inbound average='1000'/>
            <outbound average='1000'/>
          </bandwidth>
        </portgroup>
        <portgroup name='router'>
          <vlan trunk='yes'>
            <tag id='10'/>
            <tag id='20' nativeMode='tagged'/>
          </vlan>
        </portgroup>
      </network>
    `),
    );
  });

  test('macvtap', () => {
    const document = macvtap({
      name: 'a',
      mode: 'vepa',
      dev: 'eth0',
      virtualPort: { type: '802.1Qbg', managerId: 11, typeId: 1193047, typeIdVersion: 2 },
      portGroups: [{ name: 'sales', virtualPort: { type: '802.1Qbh', profileId: 'sales' } }],
    });
    expect(toXML(document)).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward mode='vepa'>
          <interface dev='eth0'/>
        </forward>
        <virtualport type='802.1Qbg'>
          <parameters managerid='11' typeid='1193047' typeidversion='2'/>
        </virtualport>
        <portgroup name='sales'>
          <virtualport type='802.1Qbh'>
            <parameters profileid='sales'/>
          </virtualport>
        </portgroup>
      </network>
    `),
    );
  });

  test('macvtap on virtual functions', () => {
    expect(toXML(macvtap({ name: 'a', mode: 'passthrough', pf: 'eth0', vlan: 7 }))).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward mode='passthrough'>
          <pf dev='eth0'/>
        </forward>
        <vlan>
          <tag id='7'/>
        </vlan>
      </network>
    `),
    );
  });

  test('hostdev', () => {
    const document = hostdev({
      name: 'a',
      driver: { model: 'mlx5_vfio_pci' },
      addresses: ['0000:03:10.1', { bus: 4, slot: 0, function: 7 }],
      portGroups: [{ name: 'b', vlan: 42 }],
    });
    expect(toXML(document)).toBe(
      xml(`
      <network>
        <name>a</name>
        <forward mode='hostdev' managed='yes'>
          <driver name='vfio' model='mlx5_vfio_pci'/>
          <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
          <address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x7'/>
        </forward>
        <portgroup name='b'>
          <vlan>
            <tag id='42'/>
          </vlan>
        </portgroup>
      </network>
    `),
    );
  });
});

test('a nat network translates IPv6 where it has nothing else, unless told not to', () => {
  const { nat } = build.network;
  const six = 'fd00:9::1/64';
  const natOf = (options: Omit<NatNetworkOptions, 'name'>) => nat({ name: 'lab', ...options }).forward?.nat;
  expect(natOf({ ip: six })).toEqual({ ipv6: true });
  expect(natOf({ ip: [six], nat: { ports: { start: 1024, end: 2048 } } })).toMatchObject({ ipv6: true });
  expect(natOf({ ip: six, nat: { ipv6: false } })).toEqual({ ipv6: false });
  expect(natOf({ ip: ['10.0.0.1/24', six] })).toBeUndefined();
});

describe('DHCP without a range leases', () => {
  test.each([
    ['192.168.10.1/24', ['192.168.10.2-192.168.10.254']],
    ['192.168.10.0/24', ['192.168.10.2-192.168.10.254']],
    ['192.168.10.254/24', ['192.168.10.1-192.168.10.253']],
    ['192.168.10.100/24', ['192.168.10.1-192.168.10.99', '192.168.10.101-192.168.10.254']],
    ['10.0.0.1/30', ['10.0.0.2-10.0.0.2']],
    ['10.0.0.2/30', ['10.0.0.1-10.0.0.1']],
    // No range of libvirt's leaves its /16.
    ['10.0.0.1/8', ['10.0.0.2-10.0.255.254']],
    ['10.7.0.0/16', ['10.7.0.2-10.7.255.254']],
    ['10.7.0.0/8', ['10.7.0.1-10.7.255.254']],
    ['10.7.255.255/8', ['10.7.0.1-10.7.255.254']],
    ['172.16.0.1/15', ['172.16.0.2-172.16.255.254']],
    ['fd00::/64', ['fd00::2-fd00::ffff']],
    ['fd00::1/64', ['fd00::2-fd00::ffff']],
    ['fd00::abcd:5/64', ['fd00::abcd:1-fd00::abcd:4', 'fd00::abcd:6-fd00::abcd:ffff']],
    ['fd00::ffff/112', ['fd00::1-fd00::fffe']],
    ['fd00::1/126', ['fd00::2-fd00::3']],
    ['fd00::/127', ['fd00::1-fd00::1']],
    ['fd00::1/127', ['fd00::-fd00::']],
  ])('of %s: %j', (cidr, ranges) => {
    const { ips } = isolated({ name: 'a', ip: { cidr, dhcp: true } });
    expect(ips?.[0]?.dhcp?.ranges?.map(({ start, end }) => `${start}-${end}`)).toEqual(ranges);
  });
});

test('whatever the subnet, what DHCP leases are addresses of guests in it, and none is the gateway', () => {
  const random = seeded(5);
  const cidrOf = (text: string): Cidr => parseCidr(text) as Cidr;
  for (let i = 0; i < 500; i++) {
    const [family, first, prefixes, block] =
      random() < 0.5
        ? (['ipv4', 10n << 24n, [8, 30], 16] as const)
        : (['ipv6', 0xfdn << 120n, [64, 127], 112] as const);
    const prefix = prefixes[0] + Math.floor(random() * (prefixes[1] - prefixes[0] + 1));
    // Gateways near the ends of the subnet more often than chance would have them.
    const host =
      bits(random, BITS[family] - prefix) >> BigInt(Math.floor(random() * (BITS[family] - prefix)));
    const subnet = networkOf({ family, value: first + bits(random, BITS[family] - 8), prefix });
    const given = { ...subnet, value: subnet.value + host };
    if (family === 'ipv4' && sameIp(given, lastOf(subnet))) continue;

    const ip = isolated({ name: 'a', ip: { cidr: formatCidr(given), dhcp: true } }).ips?.[0];
    const gateway = cidrOf(`${ip?.address}/${prefix}`);
    const ranges = ip?.dhcp?.ranges ?? [];
    expect(ranges.length, formatCidr(given)).toBeGreaterThan(0);
    for (const range of ranges) {
      const [start, end] = [cidrOf(`${range.start}/${block}`), cidrOf(`${range.end}/${block}`)];
      const context = `${formatCidr(given)}: ${range.start}-${range.end}`;
      expect(inRange(usable(subnet), start) && inRange(usable(subnet), end), context).toBe(true);
      expect(start.value <= end.value && contains(start, end), context).toBe(true);
      expect(inRange({ start, end }, gateway), context).toBe(false);
    }
  }
});

test.each([
  ['10.0.0.0/31', '10.0.0.0', '255.255.255.254'],
  ['10.0.0.1/31', '10.0.0.1', '255.255.255.254'],
  ['10.0.0.1/32', '10.0.0.1', '255.255.255.255'],
  ['10.0.0.0/24', '10.0.0.1', '255.255.255.0'],
  ['100.64.0.0/10', '100.64.0.1', '255.192.0.0'],
])('the address of a network at %s is %s', (cidr, address, netmask) => {
  expect(isolated({ name: 'a', ip: cidr }).ips).toEqual([{ address, netmask }]);
});

test('a random MAC address is in 52:54:00, and none is there unless asked for', () => {
  expect(isolated({ name: 'a', mac: 'random' }).mac?.address).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
  expect(isolated({ name: 'a' })).not.toHaveProperty('mac');
});

test('a lease time goes to the ranges and hosts that have none of their own', () => {
  const { ips } = isolated({
    name: 'a',
    ip: {
      cidr: '10.0.0.1/24',
      dhcp: {
        lease: '1h',
        ranges: ['10.0.0.10-10.0.0.19', { start: '10.0.0.20', end: '10.0.0.29', lease: '1d' }],
        hosts: [{ name: 'b', ip: '10.0.0.5' }],
      },
    },
  });
  const { ranges, hosts } = ips?.[0]?.dhcp ?? {};
  expect(ranges?.map(({ lease }) => lease?.expiry)).toEqual([1, 24]);
  expect(hosts?.map(({ lease }) => lease?.expiry)).toEqual([1]);
});

test('fields that are undefined count as left out', () => {
  const options = { name: 'a', mtu: undefined, ip: { cidr: '10.0.0.1/24', dhcp: undefined } };
  expect(isolated(options as never)).toEqual(isolated({ name: 'a', ip: '10.0.0.1/24' }));
});

test('documents are frozen through and through, and plain enough to be cloned', () => {
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  for (const { title, document } of variants) {
    expect(frozen(document), title).toBe(true);
    expect(structuredClone(document), title).toEqual(document);
    expect(JSON.stringify(document), title).not.toContain('null');
  }
});

test('the input is neither changed nor kept', () => {
  const options = {
    name: 'a',
    ip: [{ cidr: '10.0.0.1/24', dhcp: { hosts: [{ name: 'b', ip: '10.0.0.5' }] } }],
  };
  const before = structuredClone(options);
  const document = isolated(options);
  expect(options).toEqual(before);
  expect(Object.isFrozen(options.ip)).toBe(false);
  options.ip[0]?.dhcp.hosts.push({ name: 'c', ip: '10.0.0.6' });
  expect(document.ips?.[0]?.dhcp?.hosts).toHaveLength(1);
});
