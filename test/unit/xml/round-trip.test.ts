// Documents as libvirt prints them: read, typed as people expect, and written byte for byte.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseNetwork, toXML, untyped } from '../../../lib/xml/index.js';
import { outline } from './outline.js';

const everything = `<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' connections='2' ipv6='yes' trustGuestRxFilters='no'>
  <name>all &amp; sundry</name>
  <uuid>3e3fce45-4f53-4fa7-bb32-11f34168b82b</uuid>
  <title>A network</title>
  <description>Two lines,
one network</description>
  <metadata>
    <app:info xmlns:app="urn:example:app">
      <app:owner>ops</app:owner>
    </app:info>
  </metadata>
  <forward dev='eth0' mode='nat'>
    <nat ipv6='yes'>
      <address start='192.0.2.10' end='192.0.2.20'/>
      <port start='1024' end='65535'/>
    </nat>
    <interface dev='eth0' connections='1'/>
  </forward>
  <bridge name='virbr0' zone='trusted' stp='on' delay='0' macTableManager='libvirt'/>
  <mtu size='9000'/>
  <mac address='52:54:00:9c:52:c3'/>
  <domain name='example.com' localOnly='yes' register='no'/>
  <dns enable='yes' forwardPlainNames='no'>
    <forwarder domain='example.com' addr='8.8.4.4' port='5353'/>
    <forwarder addr='2001:4860:4860::8888'/>
    <txt name='example' value='some &apos;value&apos;'/>
    <srv service='ldap' protocol='tcp' domain='example.com' target='ldap.example.com' port='389' priority='1' weight='10'/>
    <host ip='192.168.122.2'>
      <hostname>one</hostname>
      <hostname>two</hostname>
    </host>
  </dns>
  <vlan trunk='yes'>
    <tag id='42'/>
    <tag id='123' nativeMode='untagged'/>
  </vlan>
  <bandwidth>
    <inbound average='1000' peak='5000' floor='200' burst='1024'/>
    <outbound average='18014398509481984'/>
  </bandwidth>
  <port isolated='yes'/>
  <ip address='192.168.122.1' netmask='255.255.255.0' localPtr='yes'>
    <tftp root='/var/lib/tftp'/>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'>
        <lease expiry='1' unit='hours'/>
      </range>
      <host mac='00:16:3e:77:e2:ed' name='foo' ip='192.168.122.10'>
        <lease expiry='0'/>
      </host>
      <bootp file='pxelinux.0' server='10.0.0.1'/>
    </dhcp>
  </ip>
  <ip family='ipv6' address='2001:db8:ca2:2::1' prefix='64'>
    <dhcp>
      <host id='0:3:0:1:0:16:3e:11:22:33' name='bar' ip='2001:db8:ca2:2:3::1'/>
    </dhcp>
  </ip>
  <ip address='10.24.10.1'>
  </ip>
  <route address='192.168.222.0' netmask='255.255.255.0' gateway='192.168.122.10'/>
  <route family='ipv6' address='2001:db8:ca2:3::' prefix='64' gateway='2001:db8:ca2:2::2' metric='2'/>
  <virtualport type='openvswitch'>
    <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='menial'/>
  </virtualport>
  <portgroup name='engineering' default='yes' trustGuestRxFilters='yes'>
    <vlan>
      <tag id='7'/>
    </vlan>
    <virtualport type='802.1Qbg'>
      <parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
    </virtualport>
    <bandwidth classID='3'>
      <inbound average='1000'/>
    </bandwidth>
  </portgroup>
  <portgroup name='sales'>
  </portgroup>
  <dnsmasq:options>
    <dnsmasq:option value='foo=bar'/>
    <dnsmasq:option value='cname=*.foo.example.com,master.example.com'/>
  </dnsmasq:options>
</network>
`;

const pool = `<network>
  <name>pool</name>
  <forward mode='hostdev' managed='yes'>
    <driver name='vfio' model='mlx5_vfio_pci' iommufd='yes'/>
    <pf dev='eth2'/>
    <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1' connections='1'/>
    <address type='pci' domain='0x0001' bus='0xff' slot='0x1f' function='0x7' multifunction='on'/>
  </forward>
</network>
`;

describe('a network document', () => {
  it('is typed as people expect', () => {
    expect(parseNetwork(everything)).toEqual({
      kind: 'network',
      connections: 2,
      ipv6: true,
      trustGuestRxFilters: false,
      name: 'all & sundry',
      uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
      title: 'A network',
      description: 'Two lines,\none network',
      metadata: '<app:info xmlns:app="urn:example:app">\n      <app:owner>ops</app:owner>\n    </app:info>',
      forward: {
        dev: 'eth0',
        mode: 'nat',
        nat: {
          ipv6: true,
          address: { start: '192.0.2.10', end: '192.0.2.20' },
          port: { start: 1024, end: 65535 },
        },
        interfaces: [{ dev: 'eth0', connections: 1 }],
      },
      bridge: { name: 'virbr0', zone: 'trusted', stp: true, delay: 0, macTableManager: 'libvirt' },
      mtu: { size: 9000 },
      mac: { address: '52:54:00:9c:52:c3' },
      domain: { name: 'example.com', localOnly: true, register: false },
      dns: {
        enable: true,
        forwardPlainNames: false,
        forwarders: [
          { domain: 'example.com', addr: '8.8.4.4', port: 5353 },
          { addr: '2001:4860:4860::8888' },
        ],
        txts: [{ name: 'example', value: "some 'value'" }],
        srvs: [
          {
            service: 'ldap',
            protocol: 'tcp',
            domain: 'example.com',
            target: 'ldap.example.com',
            port: 389,
            priority: 1,
            weight: 10,
          },
        ],
        hosts: [{ ip: '192.168.122.2', hostnames: ['one', 'two'] }],
      },
      vlan: { trunk: true, tags: [{ id: 42 }, { id: 123, nativeMode: 'untagged' }] },
      bandwidth: {
        inbound: { average: 1000, peak: 5000, floor: 200, burst: 1024 },
        outbound: { average: 2n ** 54n },
      },
      port: { isolated: true },
      ips: [
        {
          address: '192.168.122.1',
          netmask: '255.255.255.0',
          localPtr: true,
          tftp: { root: '/var/lib/tftp' },
          dhcp: {
            ranges: [{ start: '192.168.122.2', end: '192.168.122.254', lease: { expiry: 1, unit: 'hours' } }],
            hosts: [{ mac: '00:16:3e:77:e2:ed', name: 'foo', ip: '192.168.122.10', lease: { expiry: 0 } }],
            bootp: { file: 'pxelinux.0', server: '10.0.0.1' },
          },
        },
        {
          family: 'ipv6',
          address: '2001:db8:ca2:2::1',
          prefix: 64,
          dhcp: {
            hosts: [{ id: '0:3:0:1:0:16:3e:11:22:33', name: 'bar', ip: '2001:db8:ca2:2:3::1' }],
          },
        },
        { address: '10.24.10.1' },
      ],
      routes: [
        { address: '192.168.222.0', netmask: '255.255.255.0', gateway: '192.168.122.10' },
        { family: 'ipv6', address: '2001:db8:ca2:3::', prefix: 64, gateway: '2001:db8:ca2:2::2', metric: 2 },
      ],
      virtualPort: {
        type: 'openvswitch',
        parameters: { interfaceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f', profileId: 'menial' },
      },
      portGroups: [
        {
          name: 'engineering',
          default: true,
          trustGuestRxFilters: true,
          vlan: { tags: [{ id: 7 }] },
          virtualPort: {
            type: '802.1Qbg',
            parameters: {
              managerId: 11,
              typeId: 1193047,
              typeIdVersion: 2,
              instanceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
            },
          },
          bandwidth: { classId: 3, inbound: { average: 1000 } },
        },
        { name: 'sales' },
      ],
      dnsmasqOptions: ['foo=bar', 'cname=*.foo.example.com,master.example.com'],
    });
  });

  it('has PCI addresses as numbers', () => {
    expect(parseNetwork(pool).forward).toEqual({
      mode: 'hostdev',
      managed: true,
      driver: { name: 'vfio', model: 'mlx5_vfio_pci', iommufd: true },
      pf: { dev: 'eth2' },
      addresses: [
        { type: 'pci', domain: 0, bus: 3, slot: 16, function: 1, connections: 1 },
        { type: 'pci', domain: 1, bus: 255, slot: 31, function: 7, multifunction: true },
      ],
    });
  });

  it.each([
    ['with everything', everything],
    ['of host devices', pool],
  ])('%s is written as libvirt prints it, to the byte', (_, xml) => {
    const doc = parseNetwork(xml);
    expect(toXML(doc)).toBe(xml);
    expect(untyped(doc)).toEqual([]);
    // Nothing hangs on a document that is just what the schema says.
    expect(toXML(structuredClone(doc))).toBe(xml);
  });

  it('is written the same whatever the order of its keys', () => {
    const { name, kind, ...others } = structuredClone(parseNetwork(everything));
    expect(toXML({ ...Object.fromEntries(Object.entries(others).reverse()), name, kind })).toBe(everything);
  });

  it('is frozen to its depths', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Reflect.ownKeys(value).every((key) => frozen(Reflect.get(value, key))));
    expect(frozen(parseNetwork(everything))).toBe(true);
    expect(frozen(parseNetwork(everything.replace('<mtu', '<!-- jumbo --><mtu extra="1"')))).toBe(true);
  });

  it('takes a number or a bigint where a value can pass 2^53, and reads a number while it is exact', () => {
    const average = (value: number | bigint) =>
      toXML({ kind: 'network', name: 'n', bandwidth: { inbound: { average: value } } });
    expect(average(7n)).toBe(average(7));
    expect(average(2n ** 54n)).toContain("average='18014398509481984'");
    expect(parseNetwork(average(2n ** 53n - 1n)).bandwidth?.inbound?.average).toBe(2 ** 53 - 1);
    expect(parseNetwork(average(2n ** 53n)).bandwidth?.inbound?.average).toBe(2n ** 53n);
  });

  it('says false of a VLAN trunk by leaving it out', () => {
    expect(toXML({ kind: 'network', name: 'n', vlan: { trunk: false, tags: [{ id: 1 }] } })).toContain(
      '<vlan>',
    );
  });

  it('leaves an empty list out', () => {
    expect(toXML({ kind: 'network', name: 'n', ips: [], routes: [] })).toBe(
      '<network>\n  <name>n</name>\n</network>\n',
    );
  });

  const shipped = '/usr/share/libvirt/networks/default.xml';
  const absent = existsSync(shipped)
    ? ''
    : ` (needs ${shipped}: apt-get install libvirt-daemon-config-network)`;

  it.skipIf(absent)(`that libvirt ships is read and written as it was${absent}`, () => {
    const text = readFileSync(shipped, 'utf8');
    const doc = parseNetwork(text);
    expect(doc.name).toBe('default');
    expect(untyped(doc)).toEqual([]);
    expect(outline(toXML(doc))).toEqual(outline(text));
  });
});
