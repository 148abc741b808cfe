// Options of one type of NIC that are refused: what each is plugged into.
import { describe } from 'vitest';
import { refused, uuid } from './nic.js';
import type { Row } from './refused.js';

describe('ports', () => {
  refused('network', [
    [
      { isolatedPort: true, virtualPort: { type: 'openvswitch' } },
      TypeError,
      'isolatedPort: not possible beside virtualPort; libvirt isolates ports of Linux bridges only',
    ],
    [{ virtualPort: {} }, TypeError, 'virtualPort: neither type nor parameter is there'],
    [
      { virtualPort: { type: '802.1Qbh', interfaceId: uuid } },
      TypeError,
      'virtualPort.interfaceId: not a parameter of 802.1Qbh; it has profileId',
    ],
    [
      { virtualPort: { type: 'midonet' } },
      RangeError,
      'virtualPort.type: midonet is not one of 802.1Qbg, 802.1Qbh, openvswitch',
    ],
    [{ vlan: 4095 }, RangeError, 'vlan: VLAN 4095 is reserved by IEEE 802.1Q'],
    [
      { portGroup: 'a b' },
      RangeError,
      "portGroup: \"a b\" is not the name of a port group: ASCII letters, digits and '_', '.', '-', ':', '/' only",
    ],
    [
      { bridge: 'br0' },
      TypeError,
      'bridge: unknown field of a NIC on a network; a network knows its bridge; use build.nic.bridge for one without a network',
    ],
  ]);
  refused('bridge', [
    [{ midonetPort: uuid, vlan: 5 }, TypeError, 'vlan: not possible beside midonetPort'],
    [{ midonetPort: uuid, isolatedPort: true }, TypeError, 'isolatedPort: not possible beside midonetPort'],
    [
      { interfaceId: uuid },
      TypeError,
      'interfaceId: unknown field of a NIC on a bridge; it is a setting of Open vSwitch; use build.nic.openvswitch',
    ],
    [
      { macTableManager: 'libvirt' },
      TypeError,
      'macTableManager: unknown field of a NIC on a bridge; libvirt drops it there; it is a setting of networks',
    ],
  ]);
  refused('openvswitch', [
    [{ interfaceId: 'x' }, RangeError, 'interfaceId: x is not a UUID'],
    [
      { filter: 'clean-traffic' },
      TypeError,
      "filter: unknown field of a NIC on a bridge of Open vSwitch; frames on Open vSwitch do not pass the host's firewall; use OpenFlow rules",
    ],
  ]);
});

describe('devices of the host', () => {
  refused('ethernet', [
    [{ managed: false }, TypeError, 'target: missing; a NIC with managed: false must have it'],
    [
      { target: 'vnet7' },
      RangeError,
      'target: vnet7 begins with vnet; libvirt gives such names by itself and drops yours',
    ],
    [{ script: 'up.sh' }, RangeError, 'script: up.sh is not an absolute path'],
    [{ host: { ip: [] } }, RangeError, 'host.ip: empty; at least one is needed'],
    [
      { host: { dev: 'eth0' } },
      TypeError,
      'host.dev: unknown field of the end of a NIC on the host; the device on the host is the target',
    ],
    [
      { ip: '10.0.0.1/24' },
      TypeError,
      'ip: unknown field of a NIC on a tap; addresses of the tap are host: { ip: … }, those of a container guest: { ip: … }',
    ],
  ]);
  refused('direct', [
    [{ mode: 'nat' }, RangeError, 'mode: nat is not one of bridge, vepa, private, passthrough'],
    [{ vlan: 5 }, TypeError, "vlan: not possible with mode: 'bridge', only with 'passthrough'"],
    [
      { mode: 'passthrough', vlan: { trunk: [5] } },
      TypeError,
      'vlan: an object is not a VLAN number from 0 to 4094',
    ],
    [
      { mode: 'passthrough', vlan: 5, virtualPort: { type: '802.1Qbh', profileId: 'a' } },
      TypeError,
      'vlan: not possible beside virtualPort; the port profile says which VLAN it is',
    ],
    [
      { virtualPort: { type: '802.1Qbg', managerId: 1, typeIdVersion: 1 } },
      TypeError,
      'virtualPort.typeId: missing; the 802.1Qbg port of a NIC must have it',
    ],
    [
      { virtualPort: { type: '802.1Qbh' } },
      TypeError,
      'virtualPort.profileId: missing; the 802.1Qbh port of a NIC must have it',
    ],
    [
      { mtu: 1400 },
      TypeError,
      'mtu: unknown field of a NIC on a macvtap; a macvtap has the MTU of its device; libvirt does not set it',
    ],
  ]);
  refused('hostdev', [
    [{ device: '03:20.1' }, RangeError, "device: 03:20.1 is not a PCI address such as '0000:03:10.1'"],
    [{ driver: 'vhost' }, RangeError, 'driver: vhost is not one of vfio, kvm'],
    [
      { virtualPort: { type: '802.1Qbg' } },
      RangeError,
      'virtualPort.type: 802.1Qbg is not possible here, only 802.1Qbh',
    ],
    [
      { vlan: 5, virtualPort: { type: '802.1Qbh', profileId: 'a' } },
      TypeError,
      'vlan: not possible beside virtualPort; the port profile says which VLAN it is',
    ],
    [{ teaming: 'persistent' }, TypeError, 'teaming: persistent is not an object that describes a teaming'],
    [
      { address: { type: 'virtio-mmio' } },
      RangeError,
      'address.type: virtio-mmio is not possible here, only pci',
    ],
    [
      { model: 'e1000' },
      TypeError,
      'model: unknown field of a NIC that is a PCI device; the guest sees the hardware that it is',
    ],
  ]);
  refused('vhostUser', [
    [{ path: 'a.sock' }, RangeError, 'path: a.sock is not an absolute path'],
    [{ mode: 'both' }, RangeError, 'mode: both is not one of client, server'],
    [
      { reconnect: { timeout: 0 } },
      RangeError,
      'reconnect.timeout: 0 is not a whole number from 1 to 4294967295 (seconds)',
    ],
    [
      { mode: 'server', reconnect: { timeout: 5 } },
      TypeError,
      "reconnect: not possible with mode: 'server', only with 'client'",
    ],
  ]);
  refused('vdpa', [[{ dev: 'vhost-vdpa-0' }, RangeError, 'dev: vhost-vdpa-0 is not an absolute path']]);
});

describe('user networks', () => {
  refused('user', [
    [{ ip: '172.17.2.0/28' }, RangeError, 'ip: a prefix of 28 is not possible; QEMU takes 4 to 27 there'],
    [{ ip: ['fd00::/48'] }, RangeError, 'ip[0]: a prefix of 48 is not possible; QEMU takes 64 there'],
    [
      { ip: ['172.17.2.0/24', '172.17.3.0/24'] },
      RangeError,
      'ip[1]: one IPv4 address is possible, and ip[0] is it already',
    ],
    [
      { ip: '172.17.2.5/24' },
      RangeError,
      'ip: 172.17.2.5/24 is an address in a subnet; the subnet is 172.17.2.0/24',
    ],
    [
      { portForwards: [] },
      TypeError,
      "portForwards: unknown field of a NIC on a user network; QEMU's own user network forwards no ports for libvirt; use build.nic.passt",
    ],
  ]);
  const forwards = (rows: readonly (readonly [unknown, Row[1], string])[]): void =>
    refused(
      'passt',
      rows.map(
        ([forward, error, message]) =>
          [
            { portForwards: Array.isArray(forward) ? forward : [forward] },
            error,
            `portForwards${message}`,
          ] as const,
      ),
    );
  const PORTS = "is not a port or a range of ports such as '5000-5009'";
  forwards([
    [{ host: 80 }, TypeError, '[0].protocol: missing; a port forward must have it'],
    [{ protocol: 'sctp' }, RangeError, '[0].protocol: sctp is not one of tcp, udp'],
    [{ protocol: 'tcp', host: 0 }, RangeError, '[0].host: 0 is not a whole number from 1 to 65535'],
    [
      { protocol: 'tcp', host: '80-65536' },
      RangeError,
      '[0].host: 65536 is not a whole number from 1 to 65535',
    ],
    [{ protocol: 'tcp', host: 'http' }, RangeError, `[0].host: http ${PORTS}`],
    [{ protocol: 'tcp', host: {} }, TypeError, `[0].host: an object ${PORTS}`],
    [{ protocol: 'tcp', host: '90-80' }, RangeError, '[0].host: 90-80 ends before it starts'],
    [{ protocol: 'tcp', guest: 80 }, TypeError, '[0].guest: not possible without host'],
    [
      { protocol: 'tcp', host: '80-90', guest: 65530 },
      RangeError,
      '[0].guest: 65530 is too high: the last port would be 65540',
    ],
    [{ protocol: 'tcp', exclude: [] }, RangeError, '[0].exclude: empty; at least one is needed'],
    [{ protocol: 'tcp', exclude: [22, '5-'] }, RangeError, `[0].exclude[1]: 5- ${PORTS}`],
    [{ protocol: 'tcp', address: 'localhost' }, RangeError, '[0].address: localhost is not an IP address'],
    [{ protocol: 'tcp', to: 80 }, TypeError, '[0].to: unknown field of a port forward; did you mean guest?'],
    [
      [
        { protocol: 'tcp', host: '8080-8089' },
        { protocol: 'udp', host: 8085 },
        { protocol: 'tcp', host: 8085, guest: 80 },
      ],
      RangeError,
      '[2].host: 8085 overlaps portForwards[0].host',
    ],
  ]);
  refused('passt', [
    [
      { vhostUser: true, model: 'e1000' },
      TypeError,
      'model: e1000 is not possible with vhostUser: true, only virtio',
    ],
    [{ logFile: 'passt.log' }, RangeError, 'logFile: passt.log is not an absolute path'],
    [{ ports: [] }, TypeError, 'ports: unknown field of a NIC on passt; did you mean portForwards?'],
  ]);
});

describe('sockets and foreign hypervisors', () => {
  refused('multicast', [
    [
      { group: '10.0.0.1' },
      RangeError,
      'group: 10.0.0.1 is not a multicast group: those are 224.0.0.0 to 239.255.255.255',
    ],
    [{ group: 'ff02::1' }, RangeError, 'group: ff02::1 is not an IPv4 address'],
    [{ port: 65536 }, RangeError, 'port: 65536 is not a whole number from 1 to 65535'],
  ]);
  refused('tcpServer', [[{ listen: '::' }, RangeError, 'listen: :: is not an IPv4 address']]);
  refused('tcpClient', [
    [{ server: 'host.example' }, RangeError, 'server: host.example is not an IPv4 address'],
  ]);
  refused('udp', [
    [{ local: { port: 5 } }, TypeError, 'local.address: missing; the local end of a UDP tunnel must have it'],
    [
      { remote: { address: '10.0.0.1', port: 0 } },
      RangeError,
      'remote.port: 0 is not a whole number from 1 to 65535',
    ],
    [
      { port: 5 },
      TypeError,
      'port: unknown field of a UDP NIC; it belongs in remote: { address: …, port: … }',
    ],
  ]);
  refused('internal', [
    [
      { name: 'a b' },
      RangeError,
      "name: \"a b\" is not the name of an internal network: ASCII letters, digits and '_', '.', '-', ':', '/' only",
    ],
  ]);
  refused('vds', [
    [{ switchId: '123' }, RangeError, 'switchId: 123 is not a UUID'],
    [
      { portId: '6' },
      TypeError,
      'portId: 6 is not a whole number from -9223372036854775808 to 9223372036854775807',
    ],
  ]);
});
