// Networks of the modes for which libvirt makes a bridge, and what each must come to on its host.

import { build, type NetworkDocument } from '../../lib/index.js';

export interface ManagedMode {
  title: string;
  document: NetworkDocument;
  bridge: string;
  /** As the kernel shows the bridge: the delay in hundredths of a second. */
  link: { stp: 0 | 1; delay: number; mtu: number; mac?: string };
  /** With the lengths of their prefixes. */
  addresses: readonly string[];
  /** Lines of dnsmasq's configuration; undefined where no dnsmasq runs. */
  dnsmasq?: readonly string[];
  /** Rules of iptables-save, without their `-A`. */
  rules: readonly string[];
  /** The same of ip6tables-save. */
  rules6?: readonly string[];
  /** Lines of `ip route`. */
  routes?: readonly string[];
  /** What occurs wherever the network has left anything. */
  marks: readonly string[];
}

const { isolated, routed, nat, open } = build.network;

export const MANAGED_MODES: readonly ManagedMode[] = [
  {
    title: 'isolated without an address',
    document: isolated({ name: 'empty', bridge: { name: 'vnempty', stp: false } }),
    bridge: 'vnempty',
    link: { stp: 0, delay: 0, mtu: 1500 },
    addresses: [],
    rules: [
      'LIBVIRT_FWX -i vnempty -o vnempty -j ACCEPT',
      'LIBVIRT_FWO -i vnempty -j REJECT --reject-with icmp-port-unreachable',
      'LIBVIRT_FWI -o vnempty -j REJECT --reject-with icmp-port-unreachable',
    ],
    marks: ['vnempty', '/empty.'],
  },
  {
    title: 'isolated with DHCP, DHCPv6, DNS and TFTP',
    document: isolated({
      name: 'island',
      bridge: { name: 'vnisland', stp: true, delay: 3 },
      mac: '52:54:00:aa:bb:cc',
      mtu: 1400,
      domain: { name: 'island.example', localOnly: true },
      ip: [
        {
          cidr: '10.11.1.1/24',
          tftp: '/var/lib/libvirt',
          dhcp: {
            range: '10.11.1.100-10.11.1.199',
            hosts: [{ mac: '52:54:00:12:34:56', ip: '10.11.1.20', name: 'web', lease: '1h' }],
            bootp: 'pxelinux.0',
          },
        },
        { cidr: 'fd00:11:1::1/64', dhcp: { range: 'fd00:11:1::100-fd00:11:1::1ff' } },
      ],
      dns: {
        forwarders: [{ domain: 'corp.example', addr: '10.0.0.53' }],
        hosts: [{ ip: '10.11.1.5', names: ['printer', 'scanner'] }],
        txt: [{ name: 'motto', value: 'no man is one' }],
        srv: [
          {
            service: 'ldap',
            protocol: 'tcp',
            target: 'web.island.example',
            port: 389,
            priority: 1,
            weight: 2,
          },
        ],
      },
      dnsmasqOptions: ['no-ping', 'cname=www.island.example,web.island.example'],
    }),
    bridge: 'vnisland',
    link: { stp: 1, delay: 300, mtu: 1400, mac: '52:54:00:aa:bb:cc' },
    addresses: ['10.11.1.1/24', 'fd00:11:1::1/64'],
    dnsmasq: [
      'interface=vnisland',
      'domain=island.example',
      'local=/island.example/',
      'server=/corp.example/10.0.0.53',
      'txt-record=motto,no man is one',
      'srv-host=_ldap._tcp,web.island.example,389,1,2',
      'dhcp-range=10.11.1.100,10.11.1.199,255.255.255.0',
      'dhcp-range=fd00:11:1::100,fd00:11:1::1ff,64',
      'enable-tftp',
      'tftp-root=/var/lib/libvirt',
      'dhcp-boot=pxelinux.0',
      'dhcp-option=option:mtu,1400',
      'no-ping',
      'cname=www.island.example,web.island.example',
    ],
    rules: [
      'LIBVIRT_FWO -i vnisland -j REJECT --reject-with icmp-port-unreachable',
      'LIBVIRT_INP -i vnisland -p udp -m udp --dport 67 -j ACCEPT',
      'LIBVIRT_INP -i vnisland -p udp -m udp --dport 69 -j ACCEPT',
    ],
    rules6: ['LIBVIRT_INP -i vnisland -p udp -m udp --dport 547 -j ACCEPT'],
    marks: ['vnisland', 'island', '10.11.1.', 'fd00:11:1:'],
  },
  {
    title: 'routed, over one device, with a static route',
    document: routed({
      name: 'lanes',
      bridge: 'vnlanes',
      dev: 'phys0',
      ip: '10.12.1.1/24',
      routes: [{ destination: '10.122.0.0/16', gateway: '10.12.1.9', metric: 5 }],
    }),
    bridge: 'vnlanes',
    link: { stp: 1, delay: 200, mtu: 1500 },
    addresses: ['10.12.1.1/24'],
    dnsmasq: ['interface=vnlanes'],
    rules: [
      'LIBVIRT_FWI -d 10.12.1.0/24 -i phys0 -o vnlanes -j ACCEPT',
      'LIBVIRT_FWO -s 10.12.1.0/24 -i vnlanes -o phys0 -j ACCEPT',
    ],
    routes: ['10.122.0.0/16 via 10.12.1.9 dev vnlanes metric 5'],
    marks: ['vnlanes', 'lanes', '10.12.1.', '10.122.0.0'],
  },
  {
    title: 'nat',
    document: nat({ name: 'home', bridge: 'vnhome', ip: { cidr: '10.13.1.1/24', dhcp: true } }),
    bridge: 'vnhome',
    link: { stp: 1, delay: 200, mtu: 1500 },
    addresses: ['10.13.1.1/24'],
    dnsmasq: ['interface=vnhome', 'dhcp-range=10.13.1.2,10.13.1.254,255.255.255.0'],
    rules: [
      'LIBVIRT_FWI -d 10.13.1.0/24 -o vnhome -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'LIBVIRT_FWO -s 10.13.1.0/24 -i vnhome -j ACCEPT',
      'LIBVIRT_PRT -s 10.13.1.0/24 ! -d 10.13.1.0/24 -p tcp -j MASQUERADE --to-ports 1024-65535',
      'LIBVIRT_PRT -s 10.13.1.0/24 ! -d 10.13.1.0/24 -j MASQUERADE',
    ],
    marks: ['vnhome', 'home.', '10.13.1.'],
  },
  {
    title: 'nat to ranges of addresses and ports, with IPv6',
    document: nat({
      name: 'office',
      bridge: 'vnoffice',
      dev: 'phys1',
      ip: ['10.14.1.1/24', 'fd00:14:1::1/64'],
      nat: { addresses: '203.0.113.5-203.0.113.9', ports: { start: 5000, end: 6000 }, ipv6: true },
    }),
    bridge: 'vnoffice',
    link: { stp: 1, delay: 200, mtu: 1500 },
    addresses: ['10.14.1.1/24', 'fd00:14:1::1/64'],
    dnsmasq: ['interface=vnoffice', 'dhcp-range=fd00:14:1::1,ra-only'],
    rules: [
      'LIBVIRT_PRT -s 10.14.1.0/24 ! -d 10.14.1.0/24 -o phys1 -p udp -j SNAT --to-source 203.0.113.5-203.0.113.9:5000-6000',
      'LIBVIRT_PRT -s 10.14.1.0/24 ! -d 10.14.1.0/24 -o phys1 -j SNAT --to-source 203.0.113.5-203.0.113.9',
    ],
    rules6: [
      'LIBVIRT_PRT -s fd00:14:1::/64 ! -d fd00:14:1::/64 -o phys1 -p tcp -j MASQUERADE --to-ports 5000-6000',
    ],
    marks: ['vnoffice', 'office.', '10.14.1.', 'fd00:14:1:'],
  },
  {
    title: 'open',
    document: open({
      name: 'field',
      bridge: 'vnfield',
      ip: { cidr: '10.15.1.1/24', dhcp: true },
      dns: false,
    }),
    bridge: 'vnfield',
    link: { stp: 1, delay: 200, mtu: 1500 },
    addresses: ['10.15.1.1/24'],
    dnsmasq: ['interface=vnfield', 'port=0', 'dhcp-range=10.15.1.2,10.15.1.254,255.255.255.0'],
    rules: [],
    marks: ['vnfield', 'field.', '10.15.1.'],
  },
];
