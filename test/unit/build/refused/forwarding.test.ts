// Ways out of a network and its port groups that are refused.
import { describe } from 'vitest';
import { refused } from './refused.js';

describe('forwarding', () => {
  refused('isolated', [
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of an isolated network; an isolated network has no way out; routed, nat and open have',
    ],
    [
      { nat: {} },
      TypeError,
      'nat: unknown field of an isolated network; an isolated network has no way out; use build.network.nat',
    ],
  ]);
  refused('open', [
    [
      { dev: 'eth0' },
      TypeError,
      'dev: unknown field of an open network; libvirt would enforce the device by firewall rules, and makes none for an open network; use build.network.routed',
    ],
  ]);
  refused('routed', [
    [
      { nat: {} },
      TypeError,
      'nat: unknown field of a routed network; a routed network translates no addresses; use build.network.nat',
    ],
  ]);
  refused('nat', [
    [{ dev: ['eth0', 'eth1'] }, TypeError, 'dev: a list is not the name of a network device'],
    [{ nat: { addresses: 'fd00::1' } }, RangeError, 'nat.addresses: fd00::1 is not an IPv4 address'],
    [
      { nat: { addresses: '203.0.113.9-203.0.113.5' } },
      RangeError,
      'nat.addresses: 203.0.113.9-203.0.113.5 ends before it starts',
    ],
    [
      { nat: { addresses: '203.0.113.9-' } },
      RangeError,
      "nat.addresses: 203.0.113.9- is not an IPv4 address or a range such as '203.0.113.5-203.0.113.9'",
    ],
    [
      { nat: { ports: { start: 0, end: 5 } } },
      RangeError,
      'nat.ports.start: 0 is not a whole number from 1 to 65535',
    ],
    [{ nat: { ports: { start: 6, end: 5 } } }, RangeError, 'nat.ports.end: 5 is below the start, 6'],
    [
      { nat: { port: {} } },
      TypeError,
      'nat.port: unknown field of the address translation; did you mean ports?',
    ],
    [
      { vlan: 5 },
      TypeError,
      'vlan: unknown field of a nat network; libvirt tags no frames on a bridge of its own',
    ],
    [
      { dchp: true },
      TypeError,
      'dchp: unknown field of a nat network; did you mean dhcp? it belongs in ip: { cidr: …, dhcp: … }',
    ],
  ]);
});

describe('port groups', () => {
  const BANDWIDTH = 'libvirt limits no bandwidth in this mode of network';
  refused('nat', [
    [{ portGroups: [{}] }, TypeError, 'portGroups[0].name: missing; a port group must have it'],
    [
      { portGroups: [{ name: 'a b' }] },
      RangeError,
      "portGroups[0].name: \"a b\" is not the name of a port group: ASCII letters, digits and '_', '.', '-', ':', '/' only",
    ],
    [
      { portGroups: [{ name: 'a' }, { name: 'a' }] },
      RangeError,
      'portGroups[1]: the name a is already that of portGroups[0]',
    ],
    [
      {
        portGroups: [
          { name: 'a', default: true },
          { name: 'b', default: false },
          { name: 'c', default: true },
        ],
      },
      RangeError,
      'portGroups[2].default: portGroups[0] is the default already',
    ],
    [
      { portGroups: [{ name: 'a', vlan: 5 }] },
      TypeError,
      'portGroups[0].vlan: unknown field of a port group; libvirt tags no frames in this mode of network',
    ],
  ]);
  refused('macvtap', [
    [
      { portGroups: [{ name: 'a', bandwidth: 5 }] },
      TypeError,
      `portGroups[0].bandwidth: unknown field of a port group; ${BANDWIDTH}`,
    ],
  ]);
  refused('hostdev', [
    [
      { portGroups: [{ name: 'a', bandwidth: 5 }] },
      TypeError,
      `portGroups[0].bandwidth: unknown field of a port group; ${BANDWIDTH}`,
    ],
  ]);
});
