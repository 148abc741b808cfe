// NICs that the builders can make: together they have every option of every type. The unit tests compare the XML of some
// with what it must be; the contract tests validate and read back all of them, and a libvirtd is given them.
import { build } from '../../../lib/build/index.js';
import type { DomainInterfaceDocument } from '../../../lib/xml/index.js';

/** One NIC. `since` is the libvirt whose grammar has what it uses, when that is newer than 9.0.0. */
export interface NicVariant {
  readonly title: string;
  readonly document: DomainInterfaceDocument;
  readonly since?: string;
  /** Why QEMU's driver in libvirt 9.0, as Debian builds it, does not define it. */
  readonly refused?: RegExp;
}

const { bridge, direct, ethernet, hostdev, internal, multicast, network, openvswitch } = build.nic;
const { passt, tcpClient, tcpServer, udp, user, vdpa, vds, vhostUser } = build.nic;
const mac = '52:54:00:12:34:56';
const uuid = '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f';
const on = { network: 'default' };

const everyType: NicVariant[] = [
  { title: 'network', document: network(on) },
  { title: 'bridge', document: bridge({ bridge: 'br0' }) },
  { title: 'openvswitch', document: openvswitch({ bridge: 'ovsbr0' }) },
  { title: 'user', document: user() },
  { title: 'passt', document: passt(), refused: /element 'backend': 'passt'/ },
  { title: 'ethernet', document: ethernet({}) },
  { title: 'direct', document: direct({ dev: 'phys0', mode: 'bridge' }) },
  { title: 'hostdev', document: hostdev({ device: '0000:03:10.1' }) },
  { title: 'vhostUser', document: vhostUser({ path: '/run/vhost0.sock', mode: 'client' }) },
  { title: 'multicast', document: multicast({ group: '230.0.0.1', port: 5558 }) },
  { title: 'tcpServer', document: tcpServer({ port: 5558 }) },
  { title: 'tcpClient', document: tcpClient({ server: '192.0.2.1', port: 5558 }) },
  {
    title: 'udp',
    document: udp({
      remote: { address: '127.0.0.1', port: 11115 },
      local: { address: '127.0.0.1', port: 11116 },
    }),
  },
  { title: 'vdpa', document: vdpa({ dev: '/dev/vhost-vdpa-0' }) },
  { title: 'internal', document: internal({ name: 'intnet' }) },
  {
    title: 'vds',
    document: vds({ switchId: uuid, portId: 6, portGroupId: 'pg-4321', connectionId: 2n ** 60n }),
  },
];

/** libvirtd 9.x crashes when its QEMU driver is given one: no test does that. */
export const nullNic: NicVariant = { title: 'null', document: build.nic.null({ link: 'down' }) };

const common: NicVariant[] = [
  { title: 'MAC address', document: network({ ...on, mac: mac.toUpperCase() }) },
  { title: 'link up', document: network({ ...on, link: 'up' }) },
  { title: 'link down', document: user({ link: 'down' }) },
  { title: 'alias', document: network({ ...on, alias: 'ua-up_link.0-1' }) },
  { title: 'boot order', document: network({ ...on, boot: 1 }) },
  {
    title: 'boot order and load parameter',
    document: network({ ...on, boot: { order: 2, loadParm: 'A 2.' } }),
  },
  { title: 'PCI address as text', document: network({ ...on, address: '0000:00:09.0' }) },
  {
    title: 'PCI address in parts',
    document: network({ ...on, address: { bus: 0, slot: 9, function: 0, multifunction: true } }),
  },
  {
    title: 'PCI address on s390',
    document: network({ ...on, address: { bus: 0, slot: 9, function: 0, zpci: { uid: 1, fid: 0 } } }),
    refused: /zpci|zPCI/,
  },
  {
    title: 'CCW address',
    document: network({ ...on, address: { type: 'ccw', cssid: 0xfe, ssid: 0, devno: 1 } }),
    refused: /CCW|ccw/,
  },
  {
    title: 'spapr-vio address',
    document: network({ ...on, model: 'spapr-vlan', address: { type: 'spapr-vio', reg: 0x1000 } }),
  },
  {
    title: 'USB address',
    document: network({ ...on, model: 'usb-net', address: { type: 'usb', bus: 0, port: '1' } }),
  },
  {
    title: 'virtio-mmio address',
    document: network({ ...on, address: { type: 'virtio-mmio' } }),
  },
  { title: 'no boot ROM', document: network({ ...on, rom: false }) },
  { title: 'boot ROM', document: network({ ...on, rom: { bar: true, file: '/srv/boot.rom' } }) },
  { title: 'ACPI index', document: network({ ...on, acpiIndex: 4 }) },
];

const hardware: NicVariant[] = [
  { title: 'e1000e', document: network({ ...on, model: 'e1000e' }) },
  { title: 'virtio-non-transitional', document: bridge({ bridge: 'br0', model: 'virtio-non-transitional' }) },
  { title: 'vhost', document: network({ ...on, driver: 'vhost', queues: 4, vhostDevice: '/dev/vhost-net' }) },
  {
    title: 'driver with everything',
    document: network({
      ...on,
      driver: {
        name: 'qemu',
        txMode: 'iothread',
        ioEventFd: true,
        eventIdx: false,
        rxQueueSize: 512,
        rss: true,
        rssHashReport: true,
        iommu: true,
        ats: true,
        packed: true,
        pagePerVq: true,
      },
    }),
  },
  { title: 'driver of a user network', document: user({ driver: { rxQueueSize: 1024, txMode: 'timer' } }) },
  { title: 'no offloads', document: network({ ...on, offloads: false }) },
  { title: 'no offloads of the guest', document: user({ offloads: { guest: false } }) },
  {
    title: 'some offloads',
    document: network({
      ...on,
      offloads: { host: { gso: false, mergeableRxBuffers: true }, guest: { csum: true, ufo: false } },
    }),
  },
  { title: 'teaming, stays', document: network({ ...on, alias: 'ua-backup', teaming: 'persistent' }) },
  { title: 'teaming, goes', document: network({ ...on, teaming: { persistent: 'ua-backup' } }) },
];

const onNetworks: NicVariant[] = [
  { title: 'port group', document: network({ ...on, portGroup: 'staff' }) },
  { title: 'VLAN', document: network({ ...on, vlan: 42 }) },
  { title: 'trustGuestRxFilters', document: network({ ...on, trustGuestRxFilters: true }) },
  { title: 'isolated port', document: network({ ...on, isolatedPort: true }) },
  { title: 'one rate', document: network({ ...on, bandwidth: '10mbit' }) },
  {
    title: 'guaranteed rate',
    document: network({
      ...on,
      bandwidth: {
        inbound: { average: '10mbit', peak: '20mbit', burst: '64kb', floor: '1mbit' },
        outbound: { average: '1mbit', peak: '2mbit', burst: 128 },
      },
    }),
  },
  { title: 'only a guarantee', document: network({ ...on, bandwidth: { inbound: { floor: '1mbit' } } }) },
  { title: 'virtual port, Open vSwitch', document: network({ ...on, virtualPort: { type: 'openvswitch' } }) },
  {
    title: 'virtual port, 802.1Qbg',
    document: network({ ...on, virtualPort: { type: '802.1Qbg', managerId: 1, instanceId: uuid } }),
  },
  {
    title: 'virtual port, 802.1Qbh',
    document: network({ ...on, virtualPort: { type: '802.1Qbh', profileId: 'finance' } }),
  },
  {
    title: 'virtual port of any type',
    document: network({
      ...on,
      virtualPort: {
        managerId: 1,
        typeId: 2,
        typeIdVersion: 3,
        instanceId: uuid,
        interfaceId: uuid,
        profileId: 'finance',
      },
    }),
  },
  {
    title: 'a tap with everything',
    document: network({
      ...on,
      target: 'web0',
      mtu: 9000,
      coalesce: 7,
      sendBuffer: 1600,
      tapDevice: '/dev/net/tun',
      vhostDevice: '/dev/vhost-net',
      filter: { name: 'clean-traffic', variables: { IP: ['10.0.0.5', '10.0.0.6'], PORT: 80 } },
    }),
  },
  {
    title: 'in a container',
    document: network({
      ...on,
      guest: {
        dev: 'eth7',
        ip: ['10.0.0.5/24', 'fd00::5/64', { cidr: '10.1.0.5/32', peer: '10.1.0.6' }],
        routes: [
          { destination: '10.9.0.0/16', gateway: '10.0.0.1', metric: 2 },
          { destination: 'fd09::/64', gateway: 'fd00::1' },
        ],
      },
    }),
    refused: /guest-side IP route.*not supported by QEMU/,
  },
];

const onBridges: NicVariant[] = [
  {
    title: 'bridge with everything',
    document: bridge({
      bridge: 'br0',
      isolatedPort: true,
      coalesce: 7,
      target: 'web0',
      mtu: 1400,
      bandwidth: { inbound: '10mbit' },
      filter: 'clean-traffic',
    }),
  },
  { title: 'bridge with VLANs', document: bridge({ bridge: 'br0', vlan: { trunk: [1, 2] } }) },
  { title: 'bridge of a driver domain', document: bridge({ bridge: 'xenbr0', backendDomain: 'netvm' }) },
  { title: 'ethernet of a driver domain', document: ethernet({ backendDomain: 'netvm' }) },
  { title: 'MidoNet', document: bridge({ bridge: 'midonet', midonetPort: uuid }) },
  {
    title: 'openvswitch with everything',
    document: openvswitch({
      bridge: 'ovsbr0',
      interfaceId: uuid,
      profileId: 'finance',
      vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } },
      bandwidth: { outbound: '10mbit' },
      mtu: 1400,
      coalesce: 7,
      target: 'web0',
    }),
  },
];

const others: NicVariant[] = [
  { title: 'ethernet, a tap that is there', document: ethernet({ target: 'vnet7', managed: false }) },
  {
    title: 'ethernet with everything',
    document: ethernet({
      target: 'tap7',
      managed: true,
      script: '/etc/up',
      downScript: '/etc/down',
      mtu: 1400,
      filter: 'clean-traffic',
      queues: 2,
      bandwidth: '10mbit',
      host: {
        ip: [{ cidr: '10.1.1.1/32', peer: '10.1.1.2' }, 'fd00::1/64'],
        routes: [{ destination: 'fd01::/64', gateway: 'fd00::2', metric: 5 }],
      },
    }),
  },
  {
    title: 'direct with everything',
    document: direct({
      dev: 'phys0',
      mode: 'passthrough',
      vlan: 42,
      trustGuestRxFilters: true,
      target: 'up0',
      bandwidth: '10mbit',
      sendBuffer: 0,
      queues: 2,
      driver: { name: 'vhost', rss: false },
    }),
  },
  {
    title: 'direct, 802.1Qbg',
    document: direct({
      dev: 'phys0',
      mode: 'vepa',
      virtualPort: { type: '802.1Qbg', managerId: 11, typeId: 1193047, typeIdVersion: 2, instanceId: uuid },
    }),
  },
  {
    title: 'direct, 802.1Qbh',
    document: direct({ dev: 'phys0', mode: 'private', virtualPort: { type: '802.1Qbh', profileId: 'a' } }),
  },
  {
    title: 'hostdev with everything',
    document: hostdev({
      device: { bus: 3, slot: 16, function: 1 },
      managed: false,
      driver: 'vfio',
      vlan: 42,
      teaming: { persistent: 'ua-backup' },
      address: '00:0a.0',
      boot: 3,
      rom: { file: '/srv/boot.rom' },
      acpiIndex: 5,
      alias: 'ua-fast',
    }),
  },
  {
    title: 'hostdev, 802.1Qbh',
    document: hostdev({ device: '03:10.1', virtualPort: { type: '802.1Qbh', profileId: 'finance' } }),
  },
  {
    title: 'hostdev with a variant of the driver',
    document: hostdev({ device: '03:10.1', driver: { model: 'mlx5_vfio_pci' } }),
    since: '10.0.0',
  },
  {
    title: 'hostdev through iommufd',
    document: hostdev({ device: '03:10.1', driver: { iommufd: true } }),
    since: '12.1.0',
  },
  {
    title: 'user with subnets',
    document: user({ ip: ['172.17.2.0/24', '2001:db8:ac10:fd01::/64'], model: 'e1000' }),
  },
  {
    title: 'passt with everything',
    document: passt({
      dev: 'eth0',
      ip: ['172.17.2.4/24', '2001:db8:ac10:fd01::5/64'],
      logFile: '/var/log/passt.log',
      portForwards: [
        { protocol: 'tcp', host: 8080, guest: 80 },
        { protocol: 'tcp', host: 8080, address: '::1', dev: 'lo' },
        { protocol: 'udp', host: '5000-5009', guest: 6000, exclude: [5005, '5007-5008'] },
        { protocol: 'udp', address: '192.0.2.5', exclude: 53 },
        { protocol: 'tcp', address: '192.0.2.5' },
      ],
    }),
    refused: /element 'backend': 'passt'/,
  },
  {
    title: 'passt with names',
    document: passt({ hostname: 'web_1', fqdn: 'web.example.com' }),
    since: '11.8.0',
  },
  {
    title: 'passt over vhost-user',
    document: passt({ vhostUser: true, dev: 'eth0', portForwards: [{ protocol: 'tcp', host: 22 }] }),
    since: '11.1.0',
  },
  {
    title: 'vhostUser with everything',
    document: vhostUser({
      path: '/run/vhost0.sock',
      mode: 'client',
      reconnect: { timeout: 10 },
      queues: 511,
      driver: { rxQueueSize: 256, txQueueSize: 1024 },
      model: 'virtio-transitional',
      target: 'port7',
      mtu: 1400,
      offloads: { host: false },
      teaming: 'persistent',
    }),
  },
  {
    title: 'vhostUser that listens',
    document: vhostUser({ path: '/run/vhost0.sock', mode: 'server' }),
  },
  {
    title: 'vhostUser that does not try again',
    document: vhostUser({ path: '/run/vhost0.sock', mode: 'client', reconnect: false }),
  },
  {
    title: 'tcpServer at an address',
    document: tcpServer({ listen: '192.0.2.1', port: 65535, model: 'igb' }),
  },
  {
    title: 'vdpa with queues',
    document: vdpa({ dev: '/dev/vhost-vdpa-0', queues: 8, driver: { packed: true } }),
  },
];

/** Every variant that a libvirtd may be given. */
export const nicVariants: readonly NicVariant[] = [
  ...everyType,
  ...common,
  ...hardware,
  ...onNetworks,
  ...onBridges,
  ...others,
];
