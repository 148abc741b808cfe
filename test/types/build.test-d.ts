// What the types of the builders accept and refuse: each mode takes what libvirt takes in that mode, and no more.
import { describe, expectTypeOf, test } from 'vitest';
import {
  type BandwidthOptions,
  build,
  type DhcpOptions,
  type Dhcpv4HostOptions,
  type HostdevNetworkOptions,
  type IpOptions,
  type IsolatedNetworkOptions,
  type MacvtapNetworkOptions,
  type NatNetworkOptions,
  type Overlap,
  type VlanOptions,
} from '../../lib/build/index.js';
import type { NetworkDocument } from '../../lib/xml/index.js';

const { bridged, hostdev, isolated, macvtap, nat, open, openvswitch, routed } = build.network;
const name = 'a';
const ip = '10.0.0.1/24';

test('every builder takes options of its own type and gives a document', () => {
  expectTypeOf(nat).parameter(0).toEqualTypeOf<NatNetworkOptions>();
  for (const builder of Object.values(build.network))
    expectTypeOf(builder).returns.toEqualTypeOf<NetworkDocument>();
  expectTypeOf<keyof typeof build.network>().toEqualTypeOf<
    'isolated' | 'routed' | 'nat' | 'open' | 'bridged' | 'openvswitch' | 'macvtap' | 'hostdev'
  >();
});

test('no option is any', () => {
  expectTypeOf<IsolatedNetworkOptions[keyof IsolatedNetworkOptions]>().not.toBeAny();
  expectTypeOf<NatNetworkOptions[keyof NatNetworkOptions]>().not.toBeAny();
  expectTypeOf<MacvtapNetworkOptions['portGroups']>().not.toBeAny();
  expectTypeOf<HostdevNetworkOptions['portGroups']>().not.toBeAny();
  expectTypeOf<IpOptions>().not.toBeAny();
  expectTypeOf<BandwidthOptions>().not.toBeAny();
  expectTypeOf<VlanOptions>().not.toBeAny();
  expectTypeOf<Dhcpv4HostOptions>().not.toBeAny();
  expectTypeOf<Overlap>().not.toBeAny();
});

test('options may come from variables of plain types', () => {
  const cidr: string = ip;
  const hosts: readonly { mac: string; ip: string }[] = [];
  const devices: readonly string[] = ['eth0'];
  nat({ name, ip: { cidr, dhcp: { hosts } } });
  macvtap({ name, mode: 'bridge', dev: devices });
  const options: NatNetworkOptions = { name, ip };
  nat({ ...options, mtu: 9000 });
});

describe('networks that libvirt manages', () => {
  test('have a name', () => {
    // @ts-expect-error name is missing
    isolated({});
    // @ts-expect-error name is no number
    isolated({ name: 5 });
    // @ts-expect-error misspelt
    isolated({ name, brigde: 'virbr0' });
  });

  test('have an address if they forward', () => {
    isolated({ name });
    // @ts-expect-error ip is missing
    nat({ name });
    // @ts-expect-error ip is missing
    routed({ name });
    // @ts-expect-error ip is missing
    open({ name });
  });

  test('have a forward device only where libvirt can enforce it', () => {
    nat({ name, ip, dev: 'eth0' });
    routed({ name, ip, dev: 'eth0' });
    // @ts-expect-error not on an open network
    open({ name, ip, dev: 'eth0' });
    // @ts-expect-error not on an isolated network
    isolated({ name, dev: 'eth0' });
    // @ts-expect-error one device only
    nat({ name, ip, dev: ['eth0', 'eth1'] });
  });

  test('translate addresses with nat only', () => {
    nat({ name, ip, nat: { addresses: '203.0.113.5', ports: { start: 1, end: 2 }, ipv6: true } });
    // @ts-expect-error not on a routed network
    routed({ name, ip, nat: {} });
    // @ts-expect-error both ends
    nat({ name, ip, nat: { ports: { start: 1 } } });
  });

  test('have no VLANs', () => {
    // @ts-expect-error libvirt tags no frames there
    nat({ name, ip, vlan: 5 });
    // @ts-expect-error nor in a port group
    nat({ name, ip, portGroups: [{ name: 'b', vlan: 5 }] });
  });

  test('have addresses as text or with what they serve', () => {
    isolated({ name, ip: [ip, { cidr: 'fd00::1/64', dhcp: true }] });
    // @ts-expect-error cidr is missing
    isolated({ name, ip: { dhcp: true } });
    // @ts-expect-error it belongs in ip
    isolated({ name, cidr: ip });
  });

  test('have one DNS server or none', () => {
    isolated({ name, dns: false });
    // @ts-expect-error it is on unless it is off
    isolated({ name, dns: true });
    // @ts-expect-error a port goes with an address
    isolated({ name, dns: { forwarders: { domain: 'a', port: 53 } } });
    // @ts-expect-error a port goes with a target
    isolated({ name, dns: { srv: [{ service: 'ldap', protocol: 'tcp', port: 389 }] } });
    // @ts-expect-error tcp or udp
    isolated({ name, dns: { srv: [{ service: 'ldap', protocol: 'sctp' }] } });
  });
});

describe('DHCP', () => {
  test('has one range or several', () => {
    isolated({ name, ip: { cidr: ip, dhcp: { range: '10.0.0.5-10.0.0.9' } } });
    isolated({
      name,
      ip: { cidr: ip, dhcp: { ranges: [{ start: '10.0.0.5', end: '10.0.0.9', lease: 3600 }] } },
    });
    // @ts-expect-error not both
    isolated({ name, ip: { cidr: ip, dhcp: { range: '10.0.0.5-10.0.0.9', ranges: [] } } });
    // @ts-expect-error both ends
    isolated({ name, ip: { cidr: ip, dhcp: { range: { start: '10.0.0.5' } } } });
  });

  test('knows hosts by MAC address or name, in IPv6 by DUID or name', () => {
    const dhcp = (hosts: Dhcpv4HostOptions[]) => isolated({ name, ip: { cidr: ip, dhcp: { hosts } } });
    dhcp([{ mac: '52:54:00:12:34:56', ip: '10.0.0.5' }]);
    dhcp([{ name: 'web', ip: '10.0.0.5' }]);
    // @ts-expect-error by neither
    dhcp([{ ip: '10.0.0.5' }]);
    // @ts-expect-error ip is missing
    dhcp([{ mac: '52:54:00:12:34:56' }]);
    // @ts-expect-error a DUID is for IPv6
    dhcp([{ id: '00:03', ip: '10.0.0.5' }]);
    isolated({ name, ip: { cidr: 'fd00::1/64', dhcp: { hosts: [{ id: '00:03', ip: 'fd00::5' }] } } });
    // @ts-expect-error MAC address and DUID in one host
    dhcp([{ mac: '52:54:00:12:34:56', id: '00:03', ip: '10.0.0.5' }]);
  });

  test('keeps addresses of one family in one subnet', () => {
    const serve = (dhcp: DhcpOptions) => isolated({ name, ip: { cidr: ip, dhcp } });
    serve({ lease: '1h', bootp: { file: 'pxelinux.0' }, hosts: [{ name: 'web', ip: '10.0.0.5' }] });
    const known = { mac: '52:54:00:12:34:56', ip: '10.0.0.5' };
    const unknown = { id: '00:03', ip: 'fd00::5' };
    serve({ hosts: [known] });
    serve({ hosts: [unknown] });
    // @ts-expect-error hosts of both families
    serve({ hosts: [known, unknown] });
    // @ts-expect-error the file is missing
    serve({ bootp: { server: '10.0.0.1' } });
    // @ts-expect-error TFTP needs no DHCP: it stands beside it
    serve({ tftp: '/srv' });
  });
});

test('bandwidth is a rate, or a limit for each direction', () => {
  isolated({ name, bandwidth: '10mbit' });
  isolated({ name, bandwidth: 1250 });
  isolated({ name, bandwidth: { average: '10mbit', peak: '20mbit', burst: '64kb' } });
  isolated({ name, bandwidth: { inbound: '10mbit', outbound: { average: 128 } } });
  // @ts-expect-error a peak goes with an average
  isolated({ name, bandwidth: { peak: '10mbit' } });
  // @ts-expect-error libvirt guarantees rates to single NICs only
  isolated({ name, bandwidth: { inbound: { average: 5, floor: 1 } } });
});

describe('bridges of others', () => {
  test('have a name', () => {
    bridged({ name, bridge: 'br0' });
    // @ts-expect-error bridge is missing
    bridged({ name });
    // @ts-expect-error bridge is missing
    openvswitch({ name });
  });

  test('have no addresses, MTU or settings of libvirt’s', () => {
    // @ts-expect-error libvirt manages no addresses there
    bridged({ name, bridge: 'br0', ip });
    // @ts-expect-error libvirt sets no MTU there
    bridged({ name, bridge: 'br0', mtu: 1500 });
    // @ts-expect-error libvirt does not touch the bridge
    bridged({ name, bridge: { name: 'br0', stp: true } });
    // @ts-expect-error libvirt manages no addresses there
    openvswitch({ name, bridge: 'br0', dns: {} });
  });

  test('isolate ports on Linux bridges only', () => {
    bridged({ name, bridge: 'br0', isolatedPorts: true });
    // @ts-expect-error not on Open vSwitch
    openvswitch({ name, bridge: 'br0', isolatedPorts: true });
  });

  test('have port parameters on Open vSwitch only', () => {
    openvswitch({ name, bridge: 'br0', interfaceId: 'x', portGroups: [{ name: 'b', profileId: 'x' }] });
    // @ts-expect-error not on a Linux bridge
    bridged({ name, bridge: 'br0', interfaceId: 'x' });
    // @ts-expect-error nor in its port groups
    bridged({ name, bridge: 'br0', portGroups: [{ name: 'b', profileId: 'x' }] });
  });

  test('have one VLAN or a trunk', () => {
    openvswitch({ name, bridge: 'br0', vlan: 42 });
    openvswitch({ name, bridge: 'br0', vlan: { trunk: [1, 2], native: { id: 1, mode: 'untagged' } } });
    openvswitch({ name, bridge: 'br0', vlan: { native: { id: 1, mode: 'tagged' } } });
    // @ts-expect-error the number alone
    openvswitch({ name, bridge: 'br0', vlan: { id: 42 } });
    // @ts-expect-error no VLAN
    openvswitch({ name, bridge: 'br0', vlan: {} });
    // @ts-expect-error mode is missing
    openvswitch({ name, bridge: 'br0', vlan: { trunk: [1], native: { id: 1 } } });
    // @ts-expect-error no number
    openvswitch({ name, bridge: 'br0', vlan: '42' });
  });
});

describe('macvtap', () => {
  test('has a mode and devices', () => {
    macvtap({ name, mode: 'private', dev: ['eth0', 'eth1'] });
    // @ts-expect-error mode is missing
    macvtap({ name, dev: 'eth0' });
    // @ts-expect-error no such mode
    macvtap({ name, mode: 'nat', dev: 'eth0' });
    // @ts-expect-error dev is missing
    macvtap({ name, mode: 'bridge' });
  });

  test('has virtual functions and VLANs with passthrough only', () => {
    macvtap({ name, mode: 'passthrough', pf: 'eth0', vlan: 5 });
    // @ts-expect-error devices or functions, not both
    macvtap({ name, mode: 'passthrough', pf: 'eth0', dev: 'eth1' });
    // @ts-expect-error functions are for passthrough
    macvtap({ name, mode: 'bridge', pf: 'eth0' });
    // @ts-expect-error VLANs are for passthrough
    macvtap({ name, mode: 'bridge', dev: 'eth0', vlan: 5 });
    // @ts-expect-error in port groups, too
    macvtap({ name, mode: 'bridge', dev: 'eth0', portGroups: [{ name: 'b', vlan: 5 }] });
  });

  test('has virtual ports with the parameters of their type', () => {
    macvtap({ name, mode: 'vepa', dev: 'eth0', virtualPort: { type: '802.1Qbg', managerId: 1 } });
    // @ts-expect-error no parameter of 802.1Qbg
    macvtap({ name, mode: 'vepa', dev: 'eth0', virtualPort: { type: '802.1Qbg', profileId: 'x' } });
    // @ts-expect-error a port of a bridge
    macvtap({ name, mode: 'vepa', dev: 'eth0', virtualPort: { type: 'openvswitch' } });
    // @ts-expect-error the port profile says which VLAN it is
    macvtap({ name, mode: 'passthrough', dev: 'eth0', vlan: 5, virtualPort: { type: '802.1Qbh' } });
  });

  test('has no bridge and no bandwidth', () => {
    // @ts-expect-error no bridge
    macvtap({ name, mode: 'bridge', dev: 'eth0', bridge: 'br0' });
    // @ts-expect-error libvirt limits no bandwidth there
    macvtap({ name, mode: 'bridge', dev: 'eth0', bandwidth: '10mbit' });
    // @ts-expect-error nor in port groups
    macvtap({ name, mode: 'bridge', dev: 'eth0', portGroups: [{ name: 'b', bandwidth: '10mbit' }] });
  });
});

describe('hostdev', () => {
  test('has a physical function or addresses', () => {
    hostdev({ name, pf: 'eth0' });
    hostdev({ name, addresses: ['0000:03:10.1', { bus: 3, slot: 16, function: 1 }] });
    // @ts-expect-error neither
    hostdev({ name });
    // @ts-expect-error both
    hostdev({ name, pf: 'eth0', addresses: '0000:03:10.1' });
    // @ts-expect-error devices are given by address
    hostdev({ name, dev: 'eth0' });
    // @ts-expect-error function is missing
    hostdev({ name, addresses: { bus: 3, slot: 16 } });
  });

  test('has a driver that fits its settings', () => {
    hostdev({ name, pf: 'eth0', driver: { model: 'mlx5_vfio_pci' } });
    // @ts-expect-error no such driver
    hostdev({ name, pf: 'eth0', driver: 'uio' });
    // @ts-expect-error variant drivers are VFIO's
    hostdev({ name, pf: 'eth0', driver: { name: 'kvm', model: 'mlx5_vfio_pci' } });
  });

  test('has one VLAN, or a port profile that says which', () => {
    hostdev({ name, pf: 'eth0', vlan: 5, portGroups: [{ name: 'b', vlan: 6 }] });
    hostdev({ name, pf: 'eth0', virtualPort: { type: '802.1Qbh', profileId: 'x' } });
    // @ts-expect-error virtual functions have no trunks
    hostdev({ name, pf: 'eth0', vlan: { trunk: [5] } });
    // @ts-expect-error not both
    hostdev({ name, pf: 'eth0', vlan: 5, virtualPort: { type: '802.1Qbh' } });
    // @ts-expect-error not both, in port groups either
    hostdev({ name, pf: 'eth0', portGroups: [{ name: 'b', vlan: 5, virtualPort: { type: '802.1Qbh' } }] });
    // @ts-expect-error libvirt has 802.1Qbh alone there
    hostdev({ name, pf: 'eth0', virtualPort: { type: '802.1Qbg' } });
    // @ts-expect-error in port groups, too
    hostdev({ name, pf: 'eth0', portGroups: [{ name: 'b', virtualPort: { type: '802.1Qbg' } }] });
  });
});

test('documents are read-only', () => {
  const document = isolated({ name });
  // @ts-expect-error a new one is made by spreading
  document.name = 'b';
  expectTypeOf({ ...document, name: 'b' }).toMatchTypeOf<NetworkDocument>();
});
