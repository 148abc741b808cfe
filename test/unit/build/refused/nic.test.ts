// Options that no NIC takes, or that a type of NIC does not take.
import { describe, expect, test } from 'vitest';
import { make, refused, smallest, type Type, types, uuid } from './nic.js';

describe('options as a whole', () => {
  test.each(types)('%s takes its smallest options, and no less', (type) => {
    expect(make(type, smallest[type])).toMatchObject({ kind: 'domainInterface' });
    for (const key of Object.keys(smallest[type])) {
      expect(() => make(type, { ...smallest[type], [key]: undefined })).toThrow(
        new RegExp(`^${key}: missing; a`),
      );
    }
  });

  test.each(types)('%s refuses what it does not know, and what is no options', (type) => {
    expect(() => make(type, { ...smallest[type], colour: 'red' })).toThrow(/^colour: unknown field of a/);
    expect(() => make(type, 5)).toThrow(/^options: 5 is not an object that describes a/);
    expect(() => make(type, { ...smallest[type], mac: '52:54:00' })).toThrow(
      new RangeError('mac: 52:54:00 is not a MAC address such as 52:54:00:12:34:56'),
    );
  });
});

/** Which options a type of NIC takes beyond those of all; libvirt refuses or drops the others. */
const TAKEN: { readonly [option: string]: { readonly value: unknown; readonly by: readonly Type[] } } = {
  link: { value: 'down', by: types.filter((type) => type !== 'hostdev') },
  boot: { value: 1, by: types.filter((type) => !['internal', 'vds', 'null'].includes(type)) },
  model: { value: 'virtio', by: types.filter((type) => !['hostdev', 'vdpa'].includes(type)) },
  target: { value: 'tap7', by: ['network', 'bridge', 'openvswitch', 'ethernet', 'direct', 'vhostUser'] },
  mtu: { value: 1400, by: ['network', 'bridge', 'openvswitch', 'ethernet', 'vhostUser'] },
  bandwidth: { value: '1mbit', by: ['network', 'bridge', 'openvswitch', 'ethernet', 'direct'] },
  filter: { value: 'clean-traffic', by: ['network', 'bridge', 'ethernet'] },
  coalesce: { value: 7, by: ['network', 'bridge', 'openvswitch'] },
  isolatedPort: { value: true, by: ['network', 'bridge'] },
  sendBuffer: { value: 1600, by: ['network', 'bridge', 'openvswitch', 'ethernet', 'direct'] },
  tapDevice: { value: '/dev/net/tun', by: ['network', 'bridge', 'openvswitch', 'ethernet'] },
  vhostDevice: { value: '/dev/vhost-net', by: ['network', 'bridge', 'openvswitch', 'ethernet', 'direct'] },
  guest: { value: { dev: 'eth0' }, by: ['network', 'bridge', 'openvswitch', 'ethernet', 'direct'] },
  host: { value: { ip: '10.0.0.1/24' }, by: ['ethernet'] },
  managed: { value: true, by: ['ethernet', 'hostdev'] },
  script: { value: '/etc/up', by: ['ethernet'] },
  vlan: { value: 42, by: ['network', 'bridge', 'openvswitch', 'hostdev'] },
  queues: {
    value: 2,
    by: ['network', 'bridge', 'openvswitch', 'ethernet', 'direct', 'vhostUser', 'vdpa'],
  },
  offloads: {
    value: false,
    by: types.filter((type) => !['hostdev', 'internal', 'vds', 'null'].includes(type)),
  },
  portForwards: { value: [], by: ['passt'] },
  ip: { value: '10.0.0.0/24', by: ['user', 'passt'] },
  trustGuestRxFilters: { value: true, by: ['network', 'direct'] },
  portGroup: { value: 'staff', by: ['network'] },
  interfaceId: { value: uuid, by: ['openvswitch'] },
  reconnect: { value: false, by: ['vhostUser'] },
  backendDomain: { value: 'netvm', by: ['bridge', 'ethernet'] },
};

describe.each(Object.entries(TAKEN))('%s', (option, { value, by }) => {
  test.each(types)(`is an option of ${by.join(', ')}: %s`, (type) => {
    const made = () => make(type, { ...smallest[type], [option]: value });
    if (by.includes(type)) expect(made()).toMatchObject({ kind: 'domainInterface' });
    else expect(made).toThrow(new RegExp(`^${option}: (?:unknown field of a|not possible with)`));
  });
});

describe('every NIC', () => {
  const ALIAS =
    "is not an alias such as ua-uplink (libvirt keeps those that begin with 'ua-'; then ASCII letters, digits and '_', '.', '-')";
  const PCI = "is not a PCI address such as '0000:03:10.1'";
  refused('network', [
    [{ network: '' }, RangeError, 'network: "" is empty'],
    [
      { mac: '01:00:5e:00:00:01' },
      RangeError,
      'mac: 01:00:5e:00:00:01 is the address of a group of devices: its first byte is odd',
    ],
    [{ link: 'off' }, RangeError, 'link: off is not one of up, down'],
    [{ alias: 'uplink' }, RangeError, `alias: uplink ${ALIAS}`],
    [{ alias: 'ua-a b' }, RangeError, `alias: "ua-a b" ${ALIAS}`],
    [{ boot: 0 }, RangeError, 'boot: 0 is not a whole number from 1 to 4294967295'],
    [{ boot: { loadParm: '1' } }, TypeError, 'boot.order: missing; a boot order must have it'],
    [
      { boot: { order: 1, loadParm: '123456789' } },
      RangeError,
      'boot.loadParm: 123456789 is not a load parameter (one to eight letters, digits, full stops and blanks)',
    ],
    [{ address: '0000:00:20.0' }, RangeError, `address: 0000:00:20.0 ${PCI}`],
    [{ address: { bus: 0, slot: 1 } }, TypeError, 'address.function: missing; a PCI address must have it'],
    [
      { address: { type: 'isa' } },
      RangeError,
      'address.type: isa is not one of pci, ccw, spapr-vio, usb, virtio-mmio',
    ],
    [{ address: 5 }, TypeError, 'address: 5 is not an object that describes a PCI address'],
    [
      { address: { type: 'usb', bus: 0, port: '1.' } },
      RangeError,
      "address.port: 1. is not a USB port such as '1.2'",
    ],
    [
      { address: { type: 'ccw', cssid: 255, ssid: 0, devno: 1 } },
      RangeError,
      'address.cssid: 255 is not a whole number from 0 to 254',
    ],
    [
      { address: { type: 'virtio-mmio' }, acpiIndex: 4 },
      TypeError,
      'acpiIndex: not possible with an address of type virtio-mmio, only with PCI',
    ],
    [
      { address: { type: 'virtio-mmio' }, rom: false },
      TypeError,
      'rom: not possible with an address of type virtio-mmio, only with PCI',
    ],
    [{ acpiIndex: 16384 }, RangeError, 'acpiIndex: 16384 is not a whole number from 1 to 16383'],
    [{ rom: true }, TypeError, 'rom: true is not an object that describes a boot ROM'],
    [{ rom: { file: 'boot.rom' } }, RangeError, 'rom.file: boot.rom is not an absolute path'],
  ]);
});

describe('hardware', () => {
  const ONLY = "not possible with model: 'e1000', only with virtio";
  refused('network', [
    [
      { model: 'e 1000' },
      RangeError,
      "model: \"e 1000\" is not the name of a model (ASCII letters, digits and '_', '-')",
    ],
    [{ model: 'e1000', queues: 2 }, TypeError, `queues: ${ONLY}`],
    [{ model: 'e1000', driver: 'vhost' }, TypeError, `driver: ${ONLY}`],
    [{ model: 'e1000', offloads: false }, TypeError, `offloads: ${ONLY}`],
    [{ model: 'e1000', vhostDevice: '/dev/vhost-net' }, TypeError, `vhostDevice: ${ONLY}`],
    [{ model: 'e1000', teaming: 'persistent' }, TypeError, `teaming: ${ONLY}`],
    [{ queues: 0 }, RangeError, 'queues: 0 is not a whole number from 1 to 256'],
    [{ queues: 257 }, RangeError, 'queues: 257 is not a whole number from 1 to 256'],
    [{ driver: 'vfio' }, RangeError, 'driver: vfio is not one of vhost, qemu'],
    [
      { driver: { rxQueueSize: 300 } },
      RangeError,
      'driver.rxQueueSize: 300 is not 256, 512 or 1024 (QEMU wants a power of two)',
    ],
    [
      { driver: { txQueueSize: 256 } },
      TypeError,
      'driver.txQueueSize: unknown field of a virtio driver; QEMU takes it for vhost-user only',
    ],
    [
      { driver: { queues: 2 } },
      TypeError,
      'driver.queues: unknown field of a virtio driver; it stands beside driver: { queues: 4 }',
    ],
    [{ offloads: true }, TypeError, 'offloads: true is not an object that describes the offloads'],
    [
      { offloads: { guest: { gso: false } } },
      TypeError,
      'offloads.guest.gso: unknown field of the offloads of the guest; segmentation in general is a matter of the host',
    ],
    [{ offloads: { host: { csum: 'off' } } }, TypeError, 'offloads.host.csum: off is not true or false'],
    [
      { teaming: 'transient' },
      RangeError,
      "teaming: transient is not 'persistent' (only NICs on networks and virtual functions can be unplugged)",
    ],
    [{ teaming: {} }, TypeError, 'teaming.persistent: missing; a teaming must have it'],
  ]);
  refused('bridge', [
    [
      { teaming: { persistent: 'ua-a' } },
      TypeError,
      "teaming: an object is not 'persistent' (only NICs on networks and virtual functions can be unplugged)",
    ],
  ]);
  refused('user', [
    [
      { driver: { name: 'vhost' } },
      TypeError,
      'driver.name: unknown field of a virtio driver; only the frames of a tap or macvtap are moved by vhost',
    ],
    [{ queues: 2 }, TypeError, 'queues: unknown field of a NIC on a user network; QEMU has one queue there'],
  ]);
  refused('vhostUser', [
    [
      { model: 'e1000' },
      RangeError,
      'model: e1000 is not one of virtio, virtio-transitional, virtio-non-transitional',
    ],
    [{ queues: 512 }, RangeError, 'queues: 512 is not a whole number from 1 to 511'],
    [
      { driver: { rss: true } },
      TypeError,
      'driver.rss: unknown field of a virtio driver; only a NIC on a tap has it',
    ],
  ]);
});

describe('taps', () => {
  refused('network', [
    [
      { target: 'vnet7' },
      RangeError,
      'target: vnet7 begins with vnet; libvirt gives such names by itself and drops yours',
    ],
    [
      { target: 'macvtap0' },
      RangeError,
      'target: macvtap0 begins with macvtap; libvirt gives such names by itself and drops yours',
    ],
    [
      { target: '0123456789abcdef' },
      RangeError,
      'target: 0123456789abcdef is not the name of a network device: it has 16 bytes, the kernel takes 15',
    ],
    [
      { mtu: 67 },
      RangeError,
      'mtu: 67 is not a whole number from 68 to 65521 (IPv4 demands 68 bytes, a tap device takes 65521)',
    ],
    [{ sendBuffer: -1 }, RangeError, 'sendBuffer: -1 is not a whole number from 0 to 4294967295 (bytes)'],
    [{ coalesce: '7' }, TypeError, 'coalesce: 7 is not a whole number from 0 to 4294967295 (frames)'],
    [{ tapDevice: 'net/tun' }, RangeError, 'tapDevice: net/tun is not an absolute path'],
    [{ filter: {} }, TypeError, 'filter.name: missing; the filter of a NIC must have it'],
    [
      { filter: '1filter' },
      RangeError,
      'filter: 1filter is not the name of a filter (a letter or _, then letters, digits, _, . and -)',
    ],
    [
      { filter: { name: 'a', variables: { IP: ['10.0.0.5', '10.0.0 6'] } } },
      RangeError,
      'filter.variables.IP: "10.0.0 6" is not a value of letters, digits, _, . and :',
    ],
    [
      { filter: { name: 'a', variables: { 'I P': '10.0.0.5' } } },
      RangeError,
      'filter.variables: "I P" is not the name of a variable of letters, digits and _',
    ],
    [
      { filter: { name: 'a', variables: [] } },
      TypeError,
      'filter.variables: a list is not an object of values by name',
    ],
    [
      { guest: { ip: '10.0.0.300/24' } },
      RangeError,
      'guest.ip: 10.0.0.300/24 is not an address with its prefix such as 192.168.10.1/24',
    ],
    [
      { guest: { ip: { cidr: '10.0.0.1/32', peer: 'fd00::1' } } },
      RangeError,
      'guest.ip.peer: fd00::1 is not of the family of 10.0.0.1/32',
    ],
    [
      { guest: { ip: ['10.0.0.1/24', '10.0.0.1/8'] } },
      RangeError,
      'guest.ip[1]: the address 10.0.0.1 is already that of guest.ip[0]',
    ],
    [
      { guest: { routes: [{ destination: '10.9.0.1/16', gateway: '10.0.0.1' }] } },
      RangeError,
      'guest.routes[0].destination: 10.9.0.1/16 is an address in a subnet; the subnet is 10.9.0.0/16',
    ],
  ]);
});

describe('bandwidth', () => {
  const FLOOR =
    'unknown field of a rate limit; libvirt guarantees a rate only to the inbound traffic of one NIC on a network: it belongs there';
  refused('network', [
    [{ bandwidth: { outbound: { average: 1, floor: 1 } } }, TypeError, `bandwidth.outbound.floor: ${FLOOR}`],
    [{ bandwidth: { average: 1, floor: 1 } }, TypeError, `bandwidth.floor: ${FLOOR}`],
    [
      { bandwidth: { inbound: {} } },
      TypeError,
      'bandwidth.inbound.average: missing; a rate must have it, or floor',
    ],
    [
      { bandwidth: { inbound: { floor: 1, peak: 2 } } },
      TypeError,
      'bandwidth.inbound.peak: not possible without an average',
    ],
    [
      { bandwidth: { inbound: { average: 5, peak: 2 } } },
      RangeError,
      'bandwidth.inbound.peak: 2 kB/s is less than the average of 5 kB/s',
    ],
    [{ bandwidth: {} }, TypeError, 'bandwidth: neither inbound nor outbound nor average is there'],
  ]);
  refused('bridge', [
    [{ bandwidth: { inbound: { average: 1, floor: 1 } } }, TypeError, `bandwidth.inbound.floor: ${FLOOR}`],
  ]);
});
