// What the types of the NIC builders accept and refuse: each type takes what libvirt takes there, and no more.
import { describe, expectTypeOf, test } from 'vitest';
import {
  type BridgeNicOptions,
  build,
  type DirectNicOptions,
  type EthernetNicOptions,
  type HostdevNicOptions,
  type MulticastNicOptions,
  type NetworkNicOptions,
  type NicDocument,
  type OpenvswitchNicOptions,
  type PasstNicOptions,
  type TcpClientNicOptions,
  type TcpServerNicOptions,
  type UdpNicOptions,
  type UserNicOptions,
  type VdpaNicOptions,
  type VdsNicOptions,
  type VhostUserNicOptions,
} from '../../lib/build/index.js';
import type { DirectNic, DomainInterfaceDocument, Nic } from '../../lib/xml/index.js';
import type { HasAny } from './has-any.js';

const { bridge, direct, ethernet, hostdev, internal, multicast, network, openvswitch } = build.nic;
const { passt, tcpClient, tcpServer, udp, user, vdpa, vds, vhostUser } = build.nic;
const on = { network: 'lan' };
const uuid = '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f';
const macvtap = { dev: 'eth0', mode: 'bridge' } as const;
const socket = { path: '/run/a.sock', mode: 'client' } as const;

test('every type of NIC has a builder that gives its document', () => {
  expectTypeOf<keyof typeof build.nic>().toEqualTypeOf<
    | 'network'
    | 'bridge'
    | 'openvswitch'
    | 'user'
    | 'passt'
    | 'ethernet'
    | 'direct'
    | 'hostdev'
    | 'vhostUser'
    | 'multicast'
    | 'tcpServer'
    | 'tcpClient'
    | 'udp'
    | 'vdpa'
    | 'internal'
    | 'vds'
    | 'null'
  >();
  type Built = ReturnType<(typeof build.nic)[keyof typeof build.nic]>;
  expectTypeOf<Built>().toExtend<DomainInterfaceDocument>();
  expectTypeOf<Built['type']>().toEqualTypeOf<Nic['type']>();
  expectTypeOf(direct(macvtap)).toEqualTypeOf<NicDocument<DirectNic>>();
  expectTypeOf(direct(macvtap).source.dev).toBeString();
});

test('no option is any', () => {
  type All =
    | NetworkNicOptions
    | BridgeNicOptions
    | OpenvswitchNicOptions
    | UserNicOptions
    | PasstNicOptions
    | EthernetNicOptions
    | DirectNicOptions
    | HostdevNicOptions
    | VhostUserNicOptions
    | MulticastNicOptions
    | TcpServerNicOptions
    | TcpClientNicOptions
    | UdpNicOptions
    | VdpaNicOptions
    | VdsNicOptions;
  expectTypeOf<HasAny<All>>().toEqualTypeOf<false>();
  expectTypeOf<HasAny<NicDocument>>().toEqualTypeOf<false>();
});

test('options may come from variables of plain types', () => {
  const name: string = 'lan';
  const model: string = 'e1000';
  const forwards: readonly { protocol: 'tcp' | 'udp'; host: number }[] = [];
  network({ network: name, model });
  passt({ portForwards: forwards });
  const options: NetworkNicOptions = { network: name };
  network({ ...options, mtu: 9000 });
});

describe('every NIC', () => {
  test('has what it is plugged into', () => {
    user();
    ethernet({});
    // @ts-expect-error no network
    network({});
    // @ts-expect-error no bridge
    bridge({});
    // @ts-expect-error no mode
    direct({ dev: 'eth0' });
    // @ts-expect-error no device
    hostdev({});
    // @ts-expect-error no mode
    vhostUser({ path: '/run/a.sock' });
    // @ts-expect-error no port
    multicast({ group: '230.0.0.1' });
    // @ts-expect-error no server
    tcpClient({ port: 5558 });
    // @ts-expect-error one end
    udp({ remote: { address: '10.0.0.1', port: 5 } });
    // @ts-expect-error no port
    vds({ switchId: uuid, portGroupId: 'pg', connectionId: 1 });
    // @ts-expect-error misspelt
    network({ netwrok: 'lan' });
  });

  test('is in one place', () => {
    network({ ...on, address: '0000:01:00.0', acpiIndex: 4, rom: false });
    network({ ...on, address: { type: 'ccw', cssid: 0xfe, ssid: 0, devno: 1 }, boot: 1 });
    // @ts-expect-error no slot
    network({ ...on, address: { bus: 1, function: 0 } });
    // @ts-expect-error an ACPI index is of PCI devices
    network({ ...on, address: { type: 'virtio-mmio' }, acpiIndex: 4 });
    // @ts-expect-error a boot ROM is of PCI devices
    network({ ...on, address: { type: 'usb', bus: 0 }, rom: false });
    // @ts-expect-error true says nothing
    network({ ...on, rom: true });
  });

  test('has queues, offloads and a driver as virtio only', () => {
    network({ ...on, queues: 4, offloads: false, driver: 'vhost', teaming: 'persistent' });
    network({ ...on, model: 'virtio-transitional', driver: { name: 'qemu', rxQueueSize: 1024 } });
    network({ ...on, model: 'e1000' });
    // @ts-expect-error not as e1000
    network({ ...on, model: 'e1000', queues: 4 });
    // @ts-expect-error not as e1000
    user({ model: 'e1000', offloads: false });
    // @ts-expect-error not as a model that nobody knows
    network({ ...on, model: 'something', driver: 'vhost' });
    // @ts-expect-error a power of two
    network({ ...on, driver: { rxQueueSize: 300 } });
    // @ts-expect-error vhost-user only
    network({ ...on, driver: { txQueueSize: 256 } });
    vhostUser({ ...socket, driver: { txQueueSize: 256 } });
    // @ts-expect-error always virtio
    vhostUser({ ...socket, model: 'e1000' });
    // @ts-expect-error always virtio
    vdpa({ dev: '/dev/vhost-vdpa-0', model: 'virtio' });
    // @ts-expect-error one queue
    user({ queues: 2 });
    // @ts-expect-error vhost moves frames of taps
    user({ driver: { name: 'vhost' } });
  });
});

describe('a NIC on a tap', () => {
  test('has what a tap has, others have not', () => {
    bridge({ bridge: 'br0', target: 'web0', mtu: 1400, bandwidth: '10mbit', filter: 'clean-traffic' });
    direct({ ...macvtap, target: 'web0', bandwidth: '10mbit' });
    // @ts-expect-error a macvtap has the MTU of its device
    direct({ ...macvtap, mtu: 1400 });
    // @ts-expect-error no filters on a macvtap
    direct({ ...macvtap, filter: 'clean-traffic' });
    // @ts-expect-error no filters on Open vSwitch
    openvswitch({ bridge: 'ovsbr0', filter: 'clean-traffic' });
    // @ts-expect-error libvirt sets it on bridges only
    ethernet({ coalesce: 7 });
    // @ts-expect-error no device on the host
    user({ target: 'web0' });
    // @ts-expect-error no device on the host
    user({ bandwidth: '10mbit' });
    // @ts-expect-error no device on the host
    tcpServer({ port: 5, mtu: 1400 });
    // @ts-expect-error PCI devices are not limited
    hostdev({ device: '03:10.1', bandwidth: '10mbit' });
    // @ts-expect-error not on vhost-user
    vhostUser({ ...socket, bandwidth: '10mbit' });
  });

  test('has a guaranteed rate on a network only', () => {
    network({ ...on, bandwidth: { inbound: { average: '10mbit', floor: '1mbit' } } });
    network({ ...on, bandwidth: { inbound: { floor: '1mbit' } } });
    // @ts-expect-error inbound only
    network({ ...on, bandwidth: { outbound: { average: '10mbit', floor: '1mbit' } } });
    // @ts-expect-error a burst goes with an average
    network({ ...on, bandwidth: { inbound: { floor: '1mbit', burst: 5 } } });
    // @ts-expect-error not on a bridge
    bridge({ bridge: 'br0', bandwidth: { inbound: { average: '10mbit', floor: '1mbit' } } });
  });

  test('is isolated on Linux bridges only', () => {
    network({ ...on, isolatedPort: true });
    bridge({ bridge: 'br0', isolatedPort: true, vlan: 42 });
    // @ts-expect-error not with a virtual port
    network({ ...on, isolatedPort: true, virtualPort: { type: 'openvswitch' } });
    // @ts-expect-error not on Open vSwitch
    openvswitch({ bridge: 'ovsbr0', isolatedPort: true });
    // @ts-expect-error not on MidoNet
    bridge({ bridge: 'midonet', midonetPort: uuid, isolatedPort: true });
  });

  test('has the name of its device when it is there already', () => {
    ethernet({ target: 'tap7', managed: false });
    ethernet({ managed: true });
    // @ts-expect-error no name
    ethernet({ managed: false });
    // @ts-expect-error libvirt makes the device
    network({ ...on, managed: false });
    // @ts-expect-error no script
    bridge({ bridge: 'br0', script: '/etc/up' });
  });
});

describe('virtual ports and VLANs', () => {
  test('are of a type with its parameters', () => {
    network({ ...on, virtualPort: { type: '802.1Qbg', managerId: 1 } });
    network({ ...on, virtualPort: { managerId: 1, interfaceId: uuid, profileId: 'a' } });
    // @ts-expect-error no parameter of 802.1Qbg
    network({ ...on, virtualPort: { type: '802.1Qbg', interfaceId: uuid } });
    // @ts-expect-error no parameter of Open vSwitch
    network({ ...on, virtualPort: { type: 'openvswitch', managerId: 1 } });
    // @ts-expect-error a bridge of Open vSwitch has a builder of its own
    bridge({ bridge: 'ovsbr0', interfaceId: uuid });
  });

  test('are complete without a network', () => {
    const virtualPort = { type: '802.1Qbg', managerId: 1, typeId: 2, typeIdVersion: 3 } as const;
    direct({ ...macvtap, virtualPort });
    // @ts-expect-error no type of the virtual station
    direct({ ...macvtap, virtualPort: { type: '802.1Qbg', managerId: 1 } });
    // @ts-expect-error no profile
    direct({ ...macvtap, virtualPort: { type: '802.1Qbh' } });
    // @ts-expect-error libvirt has 802.1Qbh alone there
    hostdev({ device: '03:10.1', virtualPort });
  });

  test('are one or the other where the card sets them', () => {
    direct({ dev: 'eth0', mode: 'passthrough', vlan: 42 });
    // @ts-expect-error VLANs are for passthrough
    direct({ ...macvtap, vlan: 42 });
    // @ts-expect-error a card tags one VLAN
    hostdev({ device: '03:10.1', vlan: { trunk: [42] } });
    // @ts-expect-error not both
    hostdev({ device: '03:10.1', vlan: 42, virtualPort: { type: '802.1Qbh', profileId: 'a' } });
  });
});

describe('the rest', () => {
  test('forwards ports with passt only', () => {
    passt({ portForwards: [{ protocol: 'tcp', host: '5000-5009', guest: 80, exclude: [5001] }] });
    passt({ portForwards: [{ protocol: 'udp' }] });
    // @ts-expect-error not with slirp
    user({ portForwards: [] });
    // @ts-expect-error a port of the guest goes with one of the host
    passt({ portForwards: [{ protocol: 'tcp', guest: 80 }] });
    // @ts-expect-error no protocol
    passt({ portForwards: [{ host: 80 }] });
    passt({ vhostUser: true, model: 'virtio' });
    // @ts-expect-error always virtio
    passt({ vhostUser: true, model: 'e1000' });
  });

  test('is unplugged during a migration where it can be', () => {
    hostdev({ device: '03:10.1', teaming: { persistent: 'ua-backup' } });
    network({ ...on, teaming: { persistent: 'ua-backup' } });
    // @ts-expect-error not a tap on a bridge
    bridge({ bridge: 'br0', teaming: { persistent: 'ua-backup' } });
    // @ts-expect-error a function does not stay
    hostdev({ device: '03:10.1', teaming: 'persistent' });
  });

  test('tries again as a client', () => {
    vhostUser({ ...socket, reconnect: { timeout: 5 } });
    // @ts-expect-error a server waits
    vhostUser({ path: '/run/a.sock', mode: 'server', reconnect: { timeout: 5 } });
  });

  test('has the hardware that its hypervisor knows', () => {
    internal({ name: 'intnet', model: '82540EM' });
    build.nic.null();
    // @ts-expect-error QEMU's
    internal({ name: 'intnet', boot: 1 });
    // @ts-expect-error the guest sees the hardware that it is
    hostdev({ device: '03:10.1', model: 'virtio' });
  });
});
