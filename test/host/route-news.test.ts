// What a watch tells of routes: whoever applies it to what there was has what there is.

import { expect, it } from 'vitest';
import { type Change, type Host, host, type Route } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';

/** All that is told of a route; its ways come in any order. */
const whole = ({ nextHops, ...route }: Route): string =>
  JSON.stringify([...Object.entries(route).sort(), nextHops?.map((way) => JSON.stringify(way)).sort()]);

const LINKS = [
  'link add lan type veth peer name far',
  'link add wan type veth peer name away',
  ...['lan', 'far', 'wan', 'away'].map((name) => `link set ${name} addrgenmode none up`),
  'address add 10.1.0.1/24 dev lan',
  'address add 10.1.0.2/24 dev lan',
  'address add fd01::1/64 dev lan nodad',
  'address add fd02::1/64 dev wan nodad',
];

const batch = (netns: Netns, lines: readonly string[]): Promise<string> =>
  netns.inside.mustWith({ input: lines.join('\n') }, 'ip', '-batch', '-');

/** What there is, as who has heard all of it knows. */
async function heard(inside: Host, changes: AsyncIterator<Change>, known: Set<string>): Promise<string[]> {
  const mark = `192.0.2.${known.size % 200}/32`;
  await inside.routes.add({ destination: mark, type: 'blackhole', table: 99 });
  await inside.routes.delete({ destination: mark, table: 99 });
  for (;;) {
    const [told] = (await take(changes, 1)) as [Change<'route'>];
    if (told.item.destination === mark && told.change === 'deleted') return [...known].sort();
    if (told.item.table === 99) continue;
    if (told.change === 'set') known.add(whole(told.item));
    else expect([...known]).toContain(whole(told.item));
    if (told.change === 'deleted') known.delete(whole(told.item));
  }
}

const steps: [title: string, lines: readonly string[]][] = [
  [
    'is replaced',
    [
      'route add 10.9.0.0/16 via 10.1.0.9 metric 5',
      'route replace 10.9.0.0/16 via 10.1.0.8 metric 5',
      'route replace 10.9.0.0/16 via 10.1.0.7 metric 5',
      'route replace 10.9.0.0/16 via 10.1.0.7 metric 6',
      'route replace 10.9.0.0/16 via 10.1.0.7 metric 6 src 10.1.0.2',
    ],
  ],
  [
    'is replaced before others',
    [
      'route add 10.9.0.0/16 via 10.1.0.9',
      'route append 10.9.0.0/16 via 10.1.0.8',
      'route prepend 10.9.0.0/16 via 10.1.0.7',
      'route replace 10.9.0.0/16 via 10.1.0.6',
      'route replace 10.9.0.0/16 via 10.1.0.5 tos 0x10',
    ],
  ],
  [
    'differs from another only by who made it',
    [
      'route add 10.9.0.0/16 via 10.1.0.9',
      'route append 10.9.0.0/16 via 10.1.0.9 proto static',
      'route append 10.9.0.0/16 via 10.1.0.9 src 10.1.0.2',
      'route delete 10.9.0.0/16 via 10.1.0.9 proto static',
    ],
  ],
  [
    'of IPv6 is replaced',
    [
      'route add fd09::/64 via fd01::9',
      'route replace fd09::/64 via fd01::8',
      'route append fd09::/64 dev lan',
      'route replace fd09::/64 via fd01::7',
      'route replace fd09::/64 dev wan',
      // The kernel lists none that stands between the ways of another one.
      'route delete fd09::/64 dev wan',
      'route replace fd09::/64 nexthop via fd01::6 nexthop via fd01::5 nexthop via fd02::5',
      'route replace fd09::/64 nexthop via fd01::6 nexthop via fd01::4',
      'route replace fd09::/64 via fd01::3',
    ],
  ],
  [
    'of IPv6 gets more ways, and loses them',
    [
      'route add fd09::/64 via fd01::9',
      'route append fd09::/64 via fd01::8',
      'route append fd09::/64 via fd02::7',
      'route delete fd09::/64 via fd01::8',
      'route delete fd09::/64 via fd01::9',
      'route append fd09::/64 via fd01::6',
      'route add fd0a::/64 nexthop via fd01::6 nexthop via fd01::5',
      'route delete fd0a::/64',
    ],
  ],
  [
    'goes with its link',
    [
      'address add 10.2.0.1/24 dev wan',
      'route add 10.9.0.0/16 via 10.2.0.9',
      'route add 10.10.0.0/16 dev wan',
      'route add fd09::/64 via fd02::9',
      'link set wan down',
      'link set wan up',
      'link set lan down',
    ],
  ],
  ['goes with a link that goes', ['route add 10.9.0.0/16 dev wan', 'link delete wan']],
  [
    'goes with an address',
    [
      'address add 10.2.0.1/24 dev wan',
      'route add 10.9.0.0/16 dev wan',
      'route add 10.10.0.0/16 dev lan src 10.1.0.2',
      'address delete 10.2.0.1/24 dev wan',
      'address delete 10.1.0.2/24 dev lan',
    ],
  ],
];

describeWith(HOST_NEEDS, 'who watches routes', () => {
  it.each(steps)('knows all that there are when one %s', async (_title, lines) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await batch(netns, LINKS);
    const list = async () => (await inside.routes.list({ table: 'all' })).map(whole).sort();
    await using changes = inside.watch({ of: ['route'] });
    await changes.ready;
    const known = new Set(await list());
    for (const line of lines) {
      await batch(netns, [line]);
      // IPv6 takes and gives some routes a while later.
      let last: unknown[] = [];
      const same = async () => {
        last = [await heard(inside, changes, known), await list()];
        return JSON.stringify(last[0]) === JSON.stringify(last[1]);
      };
      await until(`all is known after ${line}`, same).catch(() => expect(last[0]).toEqual(last[1]));
    }
    const theirs = await netns.ipJson('-4 route show table all');
    expect([...known].filter((one) => one.includes('"ipv4"'))).toHaveLength(theirs.length);
  });
});
