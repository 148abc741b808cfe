// Routes that a transaction made, replaced or took away, when it is refused: others to the same place stay what and
// where they were.

import { expect, it } from 'vitest';
import { host, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';

const LINKS = [
  'link set lo up',
  'link add lan type veth peer name far',
  'link set lan addrgenmode none up',
  'link set far addrgenmode none up',
  'address add 10.1.0.1/24 dev lan',
  'address add 10.1.0.2/24 dev lan',
  'address add fd01::1/64 dev lan nodad',
];

/** All that is told of routes but for what comes and goes by itself. */
async function routes(netns: Netns): Promise<unknown> {
  const told = async (command: string) => {
    const all = await netns.ipJson(command);
    return all.map((one) => JSON.stringify(one));
  };
  // Of IPv6 those of one metric may come back in another order.
  return [await told('-4 route show'), (await told('-6 route show')).sort()];
}

type Routes = Transaction['routes'];

const changes: [title: string, there: readonly string[], change: (routes: Routes) => void][] = [
  [
    'one of IPv6 with a lower metric, to one that is made with the usual one',
    ['-6 route add default via fd01::fe metric 100'],
    (tx) => tx.add({ destination: 'default', gateway: 'fd01::fe' }),
  ],
  ['that of a subnet of IPv6', [], (tx) => tx.add({ destination: 'fd01::/64', device: 'lan' })],
  [
    'one of IPv6 that leads nowhere',
    ['-6 route add blackhole fd09::/64 metric 5'],
    (tx) => tx.add({ destination: 'fd09::/64', type: 'blackhole' }),
  ],
  [
    'one of IPv6 with a gateway, to one without',
    ['-6 route add fd09::/64 via fd01::fe'],
    (tx) => tx.append({ destination: 'fd09::/64', device: 'lan' }),
  ],
  [
    'one of IPv6 that leads somewhere, to one that does not',
    ['-6 route add fd09::/64 dev lan'],
    (tx) => tx.append({ destination: 'fd09::/64', type: 'unreachable' }),
  ],
  [
    'one of IPv6 of somebody else, to one in the same place',
    ['-6 route add fd09::/64 via fd01::fe metric 5'],
    (tx) => tx.append({ destination: 'fd09::/64', gateway: 'fd01::fe' }),
  ],
  [
    'the first of two ways of IPv6',
    ['-6 route add fd09::/64 via fd01::fe'],
    (tx) => tx.append({ destination: 'fd09::/64', gateway: 'fd01::fd' }),
  ],
  [
    'one without a gateway beside one with, which is replaced',
    ['-6 route add fd09::/64 dev lan', '-6 route append fd09::/64 via fd01::fe'],
    (tx) => tx.replace({ destination: 'fd09::/64', gateway: 'fd01::fd' }),
  ],
  [
    'both without a gateway, of which one with took the place of one',
    ['-6 route add fd09::/64 dev lan', '-6 route append fd09::/64 dev far'],
    (tx) => tx.replace({ destination: 'fd09::/64', gateway: 'fd01::fd' }),
  ],
  [
    'that of another source',
    [
      '-6 route add fd09::/64 from fd0b::/64 via fd01::fe',
      '-6 route add fd09::/64 from fd0a::/64 via fd01::fe',
    ],
    (tx) => tx.replace({ destination: 'fd09::/64', source: 'fd0a::/64', gateway: 'fd01::fd' }),
  ],
  [
    'one of IPv6, whatever the kernel does not compare',
    ['-6 route add fd09::/64 via fd01::fe'],
    (tx) => tx.delete({ destination: 'fd09::/64', type: 'blackhole', metric: 0 }),
  ],
  [
    'one of another protocol',
    ['route add 10.9.0.0/16 via 10.1.0.9 proto static'],
    (tx) => tx.append({ destination: '10.9.0.0/16', gateway: '10.1.0.9' }),
  ],
  [
    'one with metrics',
    ['route add 10.9.0.0/16 via 10.1.0.9 mtu 1400'],
    (tx) => tx.append({ destination: '10.9.0.0/16', gateway: '10.1.0.9' }),
  ],
  [
    'one with a source, and those around it',
    [
      'route add 10.9.0.0/16 via 10.1.0.8',
      'route append 10.9.0.0/16 via 10.1.0.9 src 10.1.0.2',
      'route append 10.9.0.0/16 via 10.1.0.7',
    ],
    (tx) => tx.append({ destination: '10.9.0.0/16', gateway: '10.1.0.9' }),
  ],
  [
    'those with another metric',
    ['route add 10.9.0.0/16 via 10.1.0.9 metric 7'],
    (tx) => tx.add({ destination: '10.9.0.0/16', gateway: '10.1.0.9', metric: 0 }),
  ],
  [
    'the default route, by the subnet of all',
    ['route add default via 10.1.0.9'],
    (tx) => tx.replace({ destination: '0.0.0.0/0', gateway: '10.1.0.8' }),
  ],
  [
    'the default route that was deleted by it',
    ['route add default via 10.1.0.9'],
    (tx) => tx.delete({ destination: '0.0.0.0/0' }),
  ],
  [
    'the default route of IPv6',
    ['-6 route add default via fd01::fe'],
    (tx) => tx.replace({ destination: '::/0', gateway: 'fd01::fd' }),
  ],
  [
    'the default route of IPv6 that was deleted',
    ['-6 route add default via fd01::fe'],
    (tx) => tx.delete({ destination: '::/0', source: '::/0' }),
  ],
  [
    'the one in the middle',
    ['9', '8', '7', '6'].map((last) => `route append 10.9.0.0/16 via 10.1.0.${last}`),
    (tx) => tx.delete({ destination: '10.9.0.0/16', gateway: '10.1.0.8' }),
  ],
  [
    'the one with these metrics',
    ['route add 10.9.0.0/16 via 10.1.0.9', 'route append 10.9.0.0/16 via 10.1.0.9 mtu 1400'],
    (tx) => tx.delete({ destination: '10.9.0.0/16', metrics: { mtu: 1400 } }),
  ],
  [
    'the one whose first way it is',
    [
      'route add 10.9.0.0/16 nexthop via 10.1.0.7 dev lan nexthop via 10.1.0.9 dev lan',
      'route append 10.9.0.0/16 via 10.1.0.9',
    ],
    (tx) => tx.delete({ destination: '10.9.0.0/16', gateway: '10.1.0.9' }),
  ],
  [
    'both of one metric, deleted without saying which',
    ['9', '8', '7'].map((last) => `route append 10.9.0.0/16 via 10.1.0.${last}`),
    (tx) => {
      for (let i = 0; i < 2; i++) tx.delete({ destination: '10.9.0.0/16' });
    },
  ],
  [
    'those of several metrics, deleted without saying which',
    ['7', '5', '0'].map((metric) => `route append 10.9.0.0/16 via 10.1.0.9 metric ${metric}`),
    (tx) => {
      for (let i = 0; i < 2; i++) tx.delete({ destination: '10.9.0.0/16' });
    },
  ],
  [
    'those around one that was deleted by its gateway, and the first of the rest',
    ['9', '8', '7', '6'].map((last) => `route append 10.9.0.0/16 via 10.1.0.${last}`),
    (tx) => {
      tx.delete({ destination: '10.9.0.0/16', gateway: '10.1.0.7' });
      tx.delete({ destination: '10.9.0.0/16' });
      tx.delete({ destination: '10.9.0.0/16' });
    },
  ],
  [
    'the one that was deleted, and the one whose place was taken then',
    ['9', '8'].map((last) => `route append 10.9.0.0/16 via 10.1.0.${last}`),
    (tx) => {
      tx.delete({ destination: '10.9.0.0/16' });
      tx.replace({ destination: '10.9.0.0/16', gateway: '10.1.0.7' });
    },
  ],
  [
    'those of IPv6 of several metrics, deleted without saying which',
    ['7', '5', '3'].map((metric) => `-6 route add fd09::/64 via fd01::fe metric ${metric}`),
    (tx) => {
      for (let i = 0; i < 2; i++) tx.delete({ destination: 'fd09::/64' });
    },
  ],
  [
    'all ways of IPv6, deleted one by one',
    ['-6 route add fd09::/64 nexthop via fd01::fe nexthop via fd01::fd nexthop via fd01::fc weight 3'],
    (tx) => {
      for (const last of ['fd', 'fc', 'fe'])
        tx.delete({ destination: 'fd09::/64', gateway: `fd01::${last}` });
    },
  ],
  [
    'several ways of IPv6 beside one without a gateway',
    ['-6 route add fd09::/64 dev lan', '-6 route append fd09::/64 nexthop via fd01::fe nexthop via fd01::fd'],
    (tx) => tx.delete({ destination: 'fd09::/64', gateway: 'fd01::fe' }),
  ],
  [
    'all of several ways of IPv6 beside one without a gateway',
    ['-6 route add fd09::/64 dev lan', '-6 route append fd09::/64 nexthop via fd01::fe nexthop via fd01::fd'],
    (tx) => {
      tx.delete({ destination: 'fd09::/64', gateway: 'fd01::fe' });
      tx.delete({ destination: 'fd09::/64', gateway: 'fd01::fd' });
    },
  ],
  [
    'what others lean on, and those others, deleted after it',
    ['route add 10.8.0.0/16 dev lan', 'route add 10.9.0.0/16 via 10.8.0.1'],
    (tx) => {
      tx.delete({ destination: '10.8.0.0/16' });
      tx.delete({ destination: '10.9.0.0/16' });
    },
  ],
  [
    'what others lean on, and the place of one of those',
    ['route add 10.8.0.0/16 dev lan', 'route add 10.9.0.0/16 via 10.8.0.1'],
    (tx) => {
      tx.delete({ destination: '10.8.0.0/16' });
      tx.replace({ destination: '10.9.0.0/16', gateway: '10.1.0.9' });
    },
  ],
];

describeWith(HOST_NEEDS, 'a transaction of routes that is refused', () => {
  it.each(changes)('leaves %s', async (_title, there, change) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    const input = [...LINKS, ...there].map((line) => line.replace(/^-[46] /, '')).join('\n');
    await netns.inside.mustWith({ input }, 'ip', '-batch', '-');
    const before = await routes(netns);
    await refusedBehind(inside, (tx) => change(tx.routes));
    expect(await routes(netns)).toEqual(before);
    await inside.transaction((tx) => change(tx.routes));
    expect(await routes(netns)).not.toEqual(before);
  });
});
