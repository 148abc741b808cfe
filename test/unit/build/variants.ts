// Documents that the builders can make: together they have every option of every mode. The unit tests compare the
// XML of some with what it must be; the contract tests validate and read back all of them.
import { build } from '../../../lib/build/index.js';
import type { NetworkDocument } from '../../../lib/xml/index.js';

/** One document. `since` is the libvirt whose grammar has what it uses, when that is newer than 9.0.0. */
export interface Variant {
  readonly title: string;
  readonly document: NetworkDocument;
  readonly since?: string;
}

const { bridged, hostdev, isolated, macvtap, nat, open, openvswitch, routed } = build.network;
const ip = '192.168.10.1/24';
const mac = '52:54:00:12:34:56';
const uuid = '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f';

const isolatedNetworks: Variant[] = [
  { title: 'isolated, nothing else', document: isolated({ name: 'a' }) },
  { title: 'isolated, IPv6 among guests', document: isolated({ name: 'a', guestIpv6: true }) },
  { title: 'isolated, an address as text', document: isolated({ name: 'a', ip }) },
  {
    title: 'isolated, several addresses',
    document: isolated({ name: 'a', ip: [ip, 'fd00:10::1/64', '10.0.0.0/8'] }),
  },
  {
    title: 'isolated, a name of many kinds of characters',
    document: isolated({ name: `Büro "1" & <2> 'x'` }),
  },
];

const identities: Variant[] = [
  {
    title: 'uuid, metadata, trustGuestRxFilters',
    document: isolated({
      name: 'a',
      uuid: uuid.toUpperCase().replaceAll('-', ''),
      metadata: '<app:owner xmlns:app="http://example.org/app">ops</app:owner>',
      trustGuestRxFilters: true,
    }),
  },
  { title: 'title', document: isolated({ name: 'a', title: 'The lab' }), since: '9.7.0' },
  { title: 'description', document: isolated({ name: 'a', description: 'One\ntwo' }), since: '9.7.0' },
];

const bridges: Variant[] = [
  { title: 'bridge as text', document: isolated({ name: 'a', bridge: 'virbr10' }) },
  { title: 'bridge without a name', document: isolated({ name: 'a', bridge: { stp: false } }) },
  {
    title: 'bridge with all settings',
    document: isolated({
      name: 'a',
      bridge: { name: 'virbr10', stp: true, delay: 4, zone: 'trusted', macTableManager: 'libvirt' },
    }),
  },
  { title: 'MAC address', document: isolated({ name: 'a', mac: mac.toUpperCase() }) },
  { title: 'random MAC address', document: isolated({ name: 'a', mac: 'random' }) },
  { title: 'MTU', document: isolated({ name: 'a', ip: [ip, 'fd00::1/64'], mtu: 1280 }) },
  { title: 'isolated ports', document: isolated({ name: 'a', isolatedPorts: true }) },
  { title: 'ports not isolated', document: isolated({ name: 'a', isolatedPorts: false }) },
  {
    title: 'dnsmasq options',
    document: isolated({ name: 'a', ip, dnsmasqOptions: ['no-ping', 'cname=*.lab,web.lab'] }),
  },
];

const dhcpServers: Variant[] = [
  { title: 'DHCP', document: isolated({ name: 'a', ip: { cidr: ip, dhcp: true } }) },
  { title: 'no DHCP', document: isolated({ name: 'a', ip: { cidr: ip, dhcp: false } }) },
  {
    title: 'DHCP around the gateway',
    document: isolated({ name: 'a', ip: { cidr: '10.0.0.5/29', dhcp: true } }),
  },
  {
    title: 'DHCP in a large subnet',
    document: isolated({ name: 'a', ip: { cidr: '10.1.0.1/8', dhcp: true } }),
  },
  {
    title: 'DHCP in the smallest subnet',
    document: isolated({ name: 'a', ip: { cidr: '10.0.0.0/30', dhcp: true } }),
  },
  { title: 'DHCPv6', document: isolated({ name: 'a', ip: { cidr: 'fd00:10::1/64', dhcp: true } }) },
  {
    title: 'DHCPv6 in the smallest subnet',
    document: isolated({ name: 'a', ip: { cidr: 'fd00::/127', dhcp: true } }),
  },
  {
    title: 'DHCP of both families',
    document: isolated({
      name: 'a',
      ip: [{ cidr: ip, dhcp: true }, { cidr: 'fd00::1/64', dhcp: true }, '10.0.0.1/8'],
    }),
  },
  {
    title: 'DHCP with everything',
    document: isolated({
      name: 'a',
      ip: {
        cidr: ip,
        localPtr: true,
        tftp: '/srv/tftp',
        dhcp: {
          ranges: [
            '192.168.10.100-192.168.10.120',
            { start: '192.168.10.200', end: '192.168.10.200', lease: 'infinite' },
          ],
          lease: '1h30m',
          hosts: [
            { mac, name: 'web', ip: '192.168.10.10' },
            { mac: '52:54:00:aa:bb:cc', ip: '192.168.10.110', lease: 130 },
            { name: 'printer_1.lab', ip: '192.168.10.12' },
          ],
          bootp: { file: 'pxelinux.0', server: '192.168.10.2' },
        },
      },
    }),
  },
  {
    title: 'DHCP for known guests only',
    document: isolated({
      name: 'a',
      ip: { cidr: ip, dhcp: { ranges: [], hosts: [{ mac, ip: '192.168.10.10' }], bootp: 'a.0' } },
    }),
  },
  {
    title: 'DHCPv6 with everything',
    document: isolated({
      name: 'a',
      ip: {
        cidr: 'fd00:10::1/64',
        localPtr: false,
        dhcp: {
          range: { start: 'fd00:10::100', end: 'fd00:10::1ff' },
          lease: '1d',
          hosts: [
            { id: '00:01:00:01:12:34:56:78:52:54:00:12:34:56', name: 'llt', ip: 'fd00:10::10' },
            { id: '0:2:0:0:ab:11:7', ip: 'fd00:10::11' },
            { id: '00:03:00:01:52:54:00:12:34:56', ip: 'fd00:10::12' },
            { id: '00:04:09:b1:1c:53:8b:5c:4e:eb:8f:00:d8:4e:aa:0a:aa:4f', ip: 'fd00:10::13' },
            { name: 'named', ip: 'fd00:10::14' },
          ],
        },
      },
    }),
  },
];

const dnsServers: Variant[] = [
  { title: 'no DNS', document: isolated({ name: 'a', ip, dns: false }) },
  { title: 'DNS left as it is', document: isolated({ name: 'a', ip, dns: {} }) },
  {
    title: 'DNS with everything',
    document: isolated({
      name: 'a',
      ip,
      domain: { name: 'lab.example', localOnly: true },
      dns: {
        forwardPlainNames: false,
        forwarders: [
          '9.9.9.9',
          '2620:fe::fe',
          { addr: '10.0.0.53', domain: 'corp.example' },
          { domain: 'lab.example' },
        ],
        hosts: [
          { ip: '192.168.10.10', names: 'web' },
          { ip: 'fd00::10', names: ['web6', 'www.lab.example'] },
        ],
        txt: [{ name: 'about', value: 'a, b & "c"' }],
        srv: [
          {
            service: 'ldap',
            protocol: 'tcp',
            domain: 'lab.example',
            target: 'web',
            port: 389,
            priority: 1,
            weight: 2,
          },
          { service: 'sip', protocol: 'udp', target: '.' },
          { service: 'kerberos', protocol: 'udp' },
        ],
      },
    }),
  },
  { title: 'domain as text', document: isolated({ name: 'a', ip, domain: 'lab.example' }) },
  { title: 'one forwarder', document: isolated({ name: 'a', ip, dns: { forwarders: '9.9.9.9' } }) },
  {
    title: 'registered domain',
    document: isolated({ name: 'a', ip, domain: { name: 'lab', register: true } }),
    since: '10.1.0',
  },
  {
    title: 'forwarder with a port',
    document: isolated({ name: 'a', ip, dns: { forwarders: { addr: '127.0.0.1', port: 5353 } } }),
    since: '12.0.0',
  },
];

const limits: Variant[] = [
  { title: 'bandwidth as text', document: isolated({ name: 'a', bandwidth: '1gbit' }) },
  { title: 'bandwidth in kB/s', document: isolated({ name: 'a', bandwidth: 125 }) },
  { title: 'the largest bandwidth', document: isolated({ name: 'a', bandwidth: 0xffffffff }) },
  {
    title: 'bandwidth with bursts',
    document: isolated({ name: 'a', bandwidth: { average: '10mbit', peak: '20mbit', burst: '64kb' } }),
  },
  {
    title: 'bandwidth of each direction',
    document: isolated({
      name: 'a',
      bandwidth: { inbound: '1MB/s', outbound: { average: 128, burst: 256 } },
    }),
  },
  {
    title: 'bandwidth of one direction',
    document: isolated({ name: 'a', bandwidth: { inbound: '10mbit' } }),
  },
  {
    title: 'port groups with bandwidth',
    document: isolated({
      name: 'a',
      portGroups: [
        { name: 'fast', default: true, bandwidth: '1gbit', trustGuestRxFilters: true },
        { name: 'eth0:slow/1', bandwidth: { average: '1mbit', peak: '2mbit', burst: '16kb' } },
      ],
    }),
  },
];

const forwarded: Variant[] = [
  { title: 'nat', document: nat({ name: 'a', ip: { cidr: ip, dhcp: true } }) },
  {
    title: 'nat with everything',
    document: nat({
      name: 'a',
      ip: [ip, 'fd00:10::1/64'],
      dev: 'eth0',
      nat: { addresses: '203.0.113.5-203.0.113.9', ports: { start: 1024, end: 65535 }, ipv6: true },
      guestIpv6: false,
    }),
  },
  { title: 'nat to one address', document: nat({ name: 'a', ip, nat: { addresses: '203.0.113.5' } }) },
  { title: 'routed', document: routed({ name: 'a', ip }) },
  { title: 'routed by one device', document: routed({ name: 'a', ip, dev: 'eth0', guestIpv6: true }) },
  { title: 'open', document: open({ name: 'a', ip }) },
  {
    title: 'routes through guests',
    document: routed({
      name: 'a',
      ip: [ip, 'fd00:10::1/64'],
      routes: [
        { destination: '192.168.222.0/24', gateway: '192.168.10.2' },
        { destination: '192.168.222.0/24', gateway: '192.168.10.3', metric: 20 },
        { destination: '0.0.0.0/0', gateway: '192.168.10.2', metric: 500 },
        { destination: 'fd00:20::/64', gateway: 'fd00:10::2', metric: 0xffffffff },
      ],
    }),
  },
];

const bridgedNetworks: Variant[] = [
  { title: 'bridged', document: bridged({ name: 'a', bridge: 'br0' }) },
  {
    title: 'bridged with everything',
    document: bridged({
      name: 'a',
      bridge: 'br0',
      macTableManager: 'libvirt',
      vlan: 42,
      bandwidth: '1gbit',
      isolatedPorts: true,
      portGroups: [{ name: 'staff', default: true, bandwidth: '10mbit', vlan: { trunk: [1, 2] } }],
    }),
  },
  { title: 'Open vSwitch', document: openvswitch({ name: 'a', bridge: 'ovsbr0' }) },
  {
    title: 'Open vSwitch with everything',
    document: openvswitch({
      name: 'a',
      bridge: 'ovsbr0',
      interfaceId: uuid,
      profileId: 'x'.repeat(39),
      bandwidth: '1gbit',
      vlan: { trunk: [42], native: { id: 42, mode: 'tagged' } },
      portGroups: [
        { name: 'plain' },
        { name: 'access', default: true, vlan: 4094, bandwidth: '10mbit', trustGuestRxFilters: false },
        { name: 'trunk', vlan: { trunk: [10, 20] } },
        { name: 'native', vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } } },
        { name: 'native-only', vlan: { native: { id: 0, mode: 'untagged' } } },
        { name: 'profile', interfaceId: uuid, profileId: 'finance' },
      ],
    }),
  },
];

const macvtapNetworks: Variant[] = [
  ...(['bridge', 'vepa', 'private'] as const).map((mode) => ({
    title: `macvtap, ${mode}`,
    document: macvtap({ name: 'a', mode, dev: ['eth0', 'eth1'] }),
  })),
  {
    title: 'macvtap with everything',
    document: macvtap({
      name: 'a',
      mode: 'vepa',
      dev: 'eth0',
      virtualPort: { type: '802.1Qbg', managerId: 11, typeId: 1193047, typeIdVersion: 2, instanceId: uuid },
      portGroups: [
        { name: 'a', default: true, trustGuestRxFilters: true, virtualPort: { type: '802.1Qbg' } },
        {
          name: 'c',
          virtualPort: {
            type: '802.1Qbg',
            managerId: 0,
            typeId: 0xffffff,
            typeIdVersion: 255,
            instanceId: uuid,
          },
        },
        { name: 'b', virtualPort: { type: '802.1Qbh', profileId: 'finance' } },
      ],
    }),
  },
  {
    title: 'macvtap, passthrough',
    document: macvtap({
      name: 'a',
      mode: 'passthrough',
      dev: ['eth0', 'eth1'],
      virtualPort: { type: '802.1Qbh', profileId: 'finance' },
      portGroups: [{ name: 'b', virtualPort: { type: '802.1Qbh' } }],
    }),
  },
  {
    title: 'macvtap, passthrough of virtual functions',
    document: macvtap({
      name: 'a',
      mode: 'passthrough',
      pf: 'eth0',
      vlan: 42,
      portGroups: [{ name: 'b', vlan: 43 }],
    }),
  },
];

const hostdevNetworks: Variant[] = [
  { title: 'hostdev by physical function', document: hostdev({ name: 'a', pf: 'eth0' }) },
  {
    title: 'hostdev by addresses',
    document: hostdev({
      name: 'a',
      addresses: [
        '0000:03:10.1',
        'ff:1f.7',
        { bus: 4, slot: 16, function: 1 },
        { domain: 65535, bus: 0, slot: 0, function: 0 },
      ],
      managed: false,
      driver: 'vfio',
      vlan: 0,
      portGroups: [{ name: 'b', default: true, vlan: 4094 }],
    }),
  },
  {
    title: 'hostdev with a port profile',
    document: hostdev({
      name: 'a',
      addresses: '0000:03:10.1',
      driver: 'kvm',
      virtualPort: { type: '802.1Qbh', profileId: 'finance' },
      portGroups: [{ name: 'b', virtualPort: { type: '802.1Qbh', profileId: 'sales' } }],
    }),
  },
  {
    title: 'hostdev with a variant driver',
    document: hostdev({ name: 'a', pf: 'eth0', driver: { model: 'mlx5_vfio_pci' } }),
    since: '10.0.0',
  },
  {
    title: 'hostdev through iommufd',
    document: hostdev({ name: 'a', pf: 'eth0', driver: { iommufd: true } }),
    since: '12.1.0',
  },
];

/** Documents that together have every option of every mode. */
export const variants: readonly Variant[] = [
  ...isolatedNetworks,
  ...identities,
  ...bridges,
  ...dhcpServers,
  ...dnsServers,
  ...limits,
  ...forwarded,
  ...bridgedNetworks,
  ...macvtapNetworks,
  ...hostdevNetworks,
];
