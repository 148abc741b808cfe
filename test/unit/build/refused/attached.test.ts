// Networks of bridges and devices of the host that are refused.
import { describe } from 'vitest';
import { type Row, refused } from './refused.js';

describe('bridges of others', () => {
  const NOT_MANAGED = 'libvirt manages neither addresses nor services in this mode of network';
  refused('bridged', [
    [{ ip: '10.0.0.1/24' }, TypeError, `ip: unknown field of a bridged network; ${NOT_MANAGED}`],
    [
      { mtu: 1500 },
      TypeError,
      'mtu: unknown field of a bridged network; the MTU is that of the device; libvirt does not set it in this mode of network',
    ],
    [
      { bridge: { name: 'br0', stp: true } },
      TypeError,
      'bridge: an object is not the name of a network device',
    ],
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of a bridged network; name the bridge that the device is plugged into, or use build.network.macvtap',
    ],
  ]);
  refused('openvswitch', [
    [{ interfaceId: 'x' }, RangeError, 'interfaceId: x is not a UUID'],
    [
      { profileId: 'x'.repeat(40) },
      RangeError,
      `profileId: ${'x'.repeat(40)} has 40 characters; the name of a port profile has 1 to 39`,
    ],
    [
      { isolatedPorts: true },
      TypeError,
      'isolatedPorts: unknown field of an Open vSwitch network; libvirt isolates ports of Linux bridges only; use a VLAN or OpenFlow rules',
    ],
    [{ vlan: 4095 }, RangeError, 'vlan: VLAN 4095 is reserved by IEEE 802.1Q'],
    [{ vlan: 4096 }, RangeError, 'vlan: 4096 is not a VLAN number from 0 to 4094'],
    [{ vlan: -1 }, RangeError, 'vlan: -1 is not a VLAN number from 0 to 4094'],
    [{ vlan: 1.5 }, RangeError, 'vlan: 1.5 is not a VLAN number from 0 to 4094'],
    [{ vlan: '42' }, TypeError, 'vlan: 42 is not an object that describes a trunk'],
    [{ vlan: {} }, RangeError, 'vlan.trunk: no VLAN; a trunk has at least one'],
    [{ vlan: { trunk: [] } }, RangeError, 'vlan.trunk: no VLAN; a trunk has at least one'],
    [{ vlan: { trunk: ['42'] } }, TypeError, 'vlan.trunk[0]: 42 is not a VLAN number from 0 to 4094'],
    [{ vlan: { trunk: [1, 2, 1] } }, RangeError, 'vlan.trunk[2]: VLAN 1 is already vlan.trunk[0]'],
    [
      { vlan: { trunk: [1], native: { id: 1 } } },
      TypeError,
      'vlan.native.mode: missing; a native VLAN must have it',
    ],
    [
      { vlan: { tag: 42 } },
      TypeError,
      'vlan.tag: unknown field of a trunk; a port of one VLAN is written as its number: vlan: 42',
    ],
  ]);
});

describe('devices', () => {
  refused('macvtap', [
    [{ mode: 'nat' }, RangeError, 'mode: nat is not one of bridge, vepa, private, passthrough'],
    [{ dev: [] }, RangeError, 'dev: empty; at least one is needed'],
    [{ dev: ['eth0', 'eth1', 'eth0'] }, RangeError, 'dev[2]: the device eth0 is already that of dev[0]'],
    [{ pf: 'eth1' }, TypeError, "pf: not possible with mode: 'bridge', only with 'passthrough'"],
    [{ vlan: 5 }, TypeError, "vlan: not possible with mode: 'bridge', only with 'passthrough'"],
    [
      { mode: 'passthrough', pf: 'eth0' },
      TypeError,
      'pf: not possible beside dev; the pool is either devices or the functions of one',
    ],
    [
      { mode: 'passthrough', dev: undefined },
      TypeError,
      'dev: missing; a macvtap network must have it, or pf',
    ],
    [
      { bandwidth: 5 },
      TypeError,
      'bandwidth: unknown field of a macvtap network; libvirt limits no bandwidth of macvtap networks; limit that of the NICs',
    ],
    [{ virtualPort: {} }, TypeError, 'virtualPort.type: missing; a virtual port must have it'],
    [
      { virtualPort: { type: 'openvswitch' } },
      RangeError,
      'virtualPort.type: openvswitch is not one of 802.1Qbg, 802.1Qbh',
    ],
    [
      { virtualPort: { type: '802.1Qbh', typeId: 5 } },
      TypeError,
      'virtualPort.typeId: not a parameter of 802.1Qbh; it has profileId',
    ],
    [
      { virtualPort: { type: '802.1Qbg', typeId: 2 ** 24 } },
      RangeError,
      'virtualPort.typeId: 16777216 is not a whole number from 0 to 16777215',
    ],
    [
      { portGroups: [{ name: 'a', vlan: 5 }] },
      TypeError,
      'portGroups[0].vlan: unknown field of a port group; libvirt tags no frames in this mode of network',
    ],
    [
      { mode: 'passthrough', vlan: 5, portGroups: [{ name: 'a', virtualPort: { type: '802.1Qbh' } }] },
      TypeError,
      "portGroups[0].virtualPort: not possible beside the network's vlan; the port profile says which VLAN it is",
    ],
  ]);
  const PCI = "is not a PCI address such as '0000:03:10.1'";
  refused('hostdev', [
    [
      { pf: 'eth 0' },
      RangeError,
      "pf: \"eth 0\" is not the name of a network device: the kernel takes no '/', ':' and white space",
    ],
    [{ addresses: ['03:10.1'] }, TypeError, 'addresses: not possible beside pf; the pool is either of them'],
    ...['03:20.1', '03:10.8', '03:10', '10000:03:10.1', '0000:03:10.1 ', 'eth0'].map(
      (address): Row => [
        { pf: undefined, addresses: [address] },
        RangeError,
        `addresses[0]: ${address.endsWith(' ') ? JSON.stringify(address) : address} ${PCI}`,
      ],
    ),
    [
      { pf: undefined, addresses: [{ bus: 256, slot: 0, function: 0 }] },
      RangeError,
      'addresses[0].bus: 256 is not a whole number from 0 to 255',
    ],
    [
      { pf: undefined, addresses: [{ bus: 1, slot: 0 }] },
      TypeError,
      'addresses[0].function: missing; a PCI address must have it',
    ],
    [
      { pf: undefined, addresses: ['0000:03:10.1', { bus: 3, slot: 16, function: 1 }] },
      RangeError,
      'addresses[1]: the device 0000:03:10.1 is already that of addresses[0]',
    ],
    [
      { pf: undefined, addresses: 5 },
      TypeError,
      'addresses: 5 is not an object that describes a PCI address',
    ],
    [{ driver: 'uio' }, RangeError, 'driver: uio is not one of vfio, kvm'],
    [
      { driver: { name: 'kvm' } },
      TypeError,
      'driver.name: unknown field of the VFIO driver; it has model, iommufd',
    ],
    [{ managed: 'yes' }, TypeError, 'managed: yes is not true or false'],
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of a hostdev network; a hostdev network takes PCI addresses, or pf, the physical function',
    ],
    [{ vlan: { trunk: [1] } }, TypeError, 'vlan: an object is not a VLAN number from 0 to 4094'],
    [
      { virtualPort: { type: '802.1Qbg' } },
      RangeError,
      'virtualPort.type: 802.1Qbg is not possible here, only 802.1Qbh',
    ],
    [
      { vlan: 5, virtualPort: { type: '802.1Qbh' } },
      TypeError,
      'vlan: not possible beside virtualPort; the port profile says which VLAN it is',
    ],
    [
      { portGroups: [{ name: 'a', vlan: 5, virtualPort: { type: '802.1Qbh' } }] },
      TypeError,
      'portGroups[0].vlan: not possible beside virtualPort; the port profile says which VLAN it is',
    ],
    [
      { virtualPort: { type: '802.1Qbh' }, portGroups: [{ name: 'a', vlan: 5 }] },
      TypeError,
      "portGroups[0].vlan: not possible beside the network's virtualPort; the port profile says which VLAN it is",
    ],
  ]);
});
