// What the lists of `host` say, held against the kernel's own messages, which a program reads by other means.

import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import type { Host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';

type Told = Record<string, unknown>;

const PROGRAM = fileURLToPath(new URL('fixtures/told.py', import.meta.url));

describeWith([...HOST_NEEDS, 'python3'], 'what the kernel tells', () => {
  const lab = startInside();

  const told = (area: string): Promise<Told[]> => lab.netns.inside.runJson<Told[]>('python3', PROGRAM, area);

  /** Of each that `host` lists, the members that the program reads. */
  const narrowed = (listed: readonly object[], members: readonly string[]): Told[] =>
    listed.map((one) =>
      Object.fromEntries(
        Object.entries(one).filter(([key, value]) => members.includes(key) && value !== undefined),
      ),
    );

  /**
   * Compares both, each of which has at least so many. What comes by itself, as groups and states do, may come between
   * the two: then they are asked again.
   */
  const compare = async (
    area: string,
    list: () => Promise<readonly object[]>,
    members: readonly string[],
    atLeast: number,
  ) => {
    let listed: Told[] = [];
    let expected: Told[] = [];
    await until(`nothing of the ${area} changes while they are listed`, async () => {
      const before = await told(area);
      listed = narrowed(await list(), members);
      expected = await told(area);
      return isDeepStrictEqual(before, expected);
    });
    expect(listed).toEqual(expected);
    expect(expected.length).toBeGreaterThanOrEqual(atLeast);
  };

  beforeAll(async () => {
    const { links, bridges, addresses, routes, neighbours } = lab.inside;
    await links.create({ kind: 'veth', name: 'v0', mtu: 1400, options: { peer: { name: 'v1' } } });
    await links.create({ kind: 'veth', name: 'u0', options: { peer: { name: 'u1' } } });
    await links.create({ kind: 'macvlan', name: 'm0', link: 'u0', options: { mode: 'bridge' } });
    await links.create({ kind: 'vxlan', name: 'x0', options: { id: 7, port: 4789 } });
    await bridges.create('br0', { ports: ['v1'], multicastSnooping: false });
    await links.set('v0', { alias: 'a name in words', group: 7, txQueueLength: 77 });
    await links.addAltName('v0', 'a-name-of-more-than-fifteen-bytes');
    await links.addAltName('v0', 'another-name-of-more-than-fifteen');
    for (const name of ['v0', 'v1', 'u0', 'u1', 'm0', 'br0']) await links.up(name);

    await addresses.add('v0', '10.5.0.1/24', { broadcast: 'auto', label: 'v0:web', metric: 70 });
    await addresses.add('v0', '10.5.0.2/24');
    await addresses.add('m0', '10.6.0.1/32', { peer: '10.6.0.2', scope: 'link' });
    await addresses.add('br0', '2001:db8:5::1/64', { noDuplicateDetection: true });

    await routes.add({
      destination: '10.7.0.0/16',
      gateway: '10.5.0.254',
      metric: 5,
      metrics: { mtu: 1300 },
    });
    await routes.add({ destination: '10.7.0.0/16', gateway: '10.5.0.253', metric: 6, protocol: 'bgp' });
    await routes.add({
      destination: '10.8.0.0/16',
      gateway: '10.99.0.1',
      device: 'v0',
      onLink: true,
      table: 800,
    });
    await routes.add({
      destination: 'default',
      nextHops: [
        { gateway: '10.5.0.254', weight: 3 },
        { device: 'm0', gateway: '10.6.0.2' },
      ],
      preferredSource: '10.5.0.2',
    });
    await routes.add({ destination: '10.9.0.0/16', type: 'blackhole', table: 70000 });
    await routes.add({ destination: '10.10.0.0/16', gateway: '2001:db8:5::2', device: 'br0' });
    await routes.add({ destination: '2001:db8:7::/48', gateway: '2001:db8:5::2', metric: 9 });
    await routes.add({ destination: '2001:db8:8::/48', type: 'unreachable' });

    await neighbours.add('v0', '10.5.0.20', { mac: '52:54:00:00:00:20' });
    await neighbours.add('v0', '10.5.0.21', { mac: '52:54:00:00:00:21', state: 'noArp' });
    await neighbours.add('br0', '2001:db8:5::20', { mac: '52:54:00:00:00:22', router: true });

    await bridges.fdb.add('v1', '52:54:00:00:00:30', { table: 'master', state: 'static', sticky: true });
    await bridges.fdb.add('v1', '52:54:00:00:00:31', { table: 'master' });
    await bridges.fdb.add('m0', '01:00:5e:00:00:32');
    await bridges.fdb.append('x0', '00:00:00:00:00:00', { destination: '10.5.0.40' });
    await bridges.fdb.append('x0', '00:00:00:00:00:00', { destination: '10.5.0.41' });
  });

  it.each<[string, (host: Host) => Promise<readonly object[]>, string, number]>([
    [
      'links',
      ({ links }) => links.list(),
      'index name up mac mtu link master txQueueLength state kindName alias group altNames',
      8,
    ],
    [
      'addresses',
      ({ addresses }) => addresses.list(),
      'link family cidr scope peer label broadcast metric',
      6,
    ],
    [
      'routes',
      async ({ routes }) => {
        const all = await routes.list({ table: 'all' });
        return all.map((one) => ({ ...one, mtu: one.metrics?.mtu }));
      },
      'family destination table type protocol scope onLink gateway device metric preferredSource mtu nextHops',
      15,
    ],
    ['neighbours', ({ neighbours }) => neighbours.list(), 'link family address mac state router proxy', 3],
    ['fdb', ({ bridges }) => bridges.fdb.list(), 'mac link master vlan destination state self sticky', 5],
  ])('of %s is what they are listed with', async (area, list, members, atLeast) => {
    await compare(area, () => list(lab.inside), members.split(' '), atLeast);
  });
});
