// Documents of the host that the builders can make: together they have every option.
import { build } from '../../../lib/build/index.js';
import type { HostInterfaceDocument } from '../../../lib/xml/index.js';

const { bond, bridge, ethernet, vlan } = build.hostInterface;

const ipv4 = { addresses: ['192.0.2.5/24'], gateway: '192.0.2.1', dhcp: { peerDns: true } };
const ipv6 = { addresses: '2001:db8::5/64', gateway: '2001:db8::1', dhcp: false, autoconf: true };

/** Interfaces of the host. */
export const hostVariants: readonly { readonly title: string; readonly document: HostInterfaceDocument }[] = [
  { title: 'NIC', document: ethernet({ name: 'eth0' }) },
  {
    title: 'NIC with everything',
    document: ethernet({ name: 'eth0', mac: '52:54:00:12:34:56', start: 'hotplug', mtu: 1500, ipv4, ipv6 }),
  },
  { title: 'NIC with DHCP', document: ethernet({ name: 'eth0', ipv4: 'dhcp', ipv6: 'dhcp' }) },
  { title: 'NIC with autoconfiguration', document: ethernet({ name: 'eth0', ipv6: 'auto' }) },
  { title: 'bridge without ports', document: bridge({ name: 'br0' }) },
  { title: 'bridge with STP', document: bridge({ name: 'br0', stp: true, delay: 2, ports: ['eth0'] }) },
  {
    title: 'bridge over everything',
    document: bridge({
      name: 'br0',
      start: 'onboot',
      mtu: 9000,
      ipv4,
      ports: [
        'eth0',
        { vlan: { on: 'eth1', tag: 1, name: 'office' } },
        { bond: { name: 'bond0', nics: ['eth2', { name: 'eth3', mac: '52:54:00:12:34:56' }] } },
        { vlan: { on: 'bond1', tag: 4094 } },
      ],
    }),
  },
  ...(
    [
      'balance-rr',
      'active-backup',
      'balance-xor',
      'broadcast',
      '802.3ad',
      'balance-tlb',
      'balance-alb',
    ] as const
  ).map((mode) => ({ title: `bond ${mode}`, document: bond({ name: 'bond0', nics: 'eth0', mode, ipv6 }) })),
  {
    title: 'bond that watches the carrier',
    document: bond({
      name: 'bond0',
      nics: ['eth0', 'eth1'],
      miimon: { freq: 100, downDelay: 50, upDelay: 10, carrier: 'netif' },
    }),
  },
  {
    title: 'bond that watches a host',
    document: bond({
      name: 'bond0',
      nics: ['eth0', 'eth1'],
      arpmon: { interval: 100, target: '192.0.2.1', validate: 'active' },
    }),
  },
  { title: 'VLAN', document: vlan({ on: 'eth0', tag: 42, start: 'none', ipv4 }) },
];
