// Multicast groups that a transaction tells or takes away, as they were when it is refused.

import { expect, it } from 'vitest';
import { type Host, host, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { addPort, briefly, MEMBER, prepare, shown, theirs } from './mdb.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';

describeWith(HOST_NEEDS, 'multicast groups in a transaction', () => {
  /** br0 with p0, which has a group of each kind, and p1. */
  async function start(netns: Netns, inside: Host): Promise<void> {
    await prepare(netns, inside);
    await addPort(netns, inside, 'p1', 'q1');
    for (const group of [
      'port p0 grp 239.1.1.1 permanent',
      'port p0 grp 239.1.1.1 vid 7',
      'port p0 grp 239.1.1.1 src 10.0.0.1 permanent',
      'port p0 grp 03:00:00:00:00:01 permanent',
      'port br0 grp 239.1.1.4',
    ])
      await netns.inside.must('bridge', 'mdb', 'add', 'dev', 'br0', ...group.split(' '));
  }

  const changes: [string, (tx: Transaction) => void][] = [
    ['one is told', (tx) => tx.bridges.multicast.add('br0', 'p1', '239.1.1.1')],
    ['one more of its VLAN is', (tx) => tx.bridges.multicast.add('br0', 'p0', '239.1.1.1', { vlan: 8 })],
    ['the bridge gets one', (tx) => tx.bridges.multicast.add('br0', 'br0', '239.1.1.2')],
    ['one is replaced', (tx) => tx.bridges.multicast.replace('br0', 'p0', '239.1.1.1')],
    [
      'the same of its VLAN',
      (tx) => tx.bridges.multicast.replace('br0', 'p0', '239.1.1.1', { vlan: 7, state: 'permanent' }),
    ],
    [
      'the same of its sender',
      (tx) => tx.bridges.multicast.replace('br0', 'p0', '239.1.1.1', { source: '10.0.0.1' }),
    ],
    ['a new one is', (tx) => tx.bridges.multicast.replace('br0', 'p1', '239.1.1.1')],
    ['one is deleted', (tx) => tx.bridges.multicast.delete('br0', 'p0', '239.1.1.1')],
    ['that of a VLAN is', (tx) => tx.bridges.multicast.delete('br0', 'p0', '239.1.1.1', { vlan: 7 })],
    [
      'that of a sender is',
      (tx) => tx.bridges.multicast.delete('br0', 'p0', '239.1.1.1', { source: '10.0.0.1' }),
    ],
    ['that of Ethernet is', (tx) => tx.bridges.multicast.delete('br0', 'p0', '03:00:00:00:00:01')],
    ['that of the bridge is', (tx) => tx.bridges.multicast.delete('br0', 'br0', '239.1.1.4')],
    [
      'one is deleted and told anew',
      (tx) => {
        tx.bridges.multicast.delete('br0', 'p0', '239.1.1.1');
        tx.bridges.multicast.add('br0', 'p0', '239.1.1.1');
      },
    ],
    [
      'a new one is told, and one deleted that was told before',
      (tx) => {
        tx.bridges.multicast.add('br0', 'p1', '239.1.1.3');
        tx.bridges.multicast.add('br0', 'p1', '239.1.1.2');
        tx.bridges.multicast.delete('br0', 'p1', '239.1.1.2');
      },
    ],
  ];
  it.each(changes)('are as before when a later change is refused: %s', async (_title, work) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await start(netns, inside);
    const before = await theirs(netns);
    await refusedBehind(inside, work);
    expect(await theirs(netns)).toEqual(before);
    await inside.transaction(work);
    expect(await theirs(netns)).not.toEqual(before);
  });

  it('come back with the port that had them, those that are permanent', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await start(netns, inside);
    const before = (await briefly(netns)).filter((one) => !one.includes('vid 7'));
    for (const work of [
      (tx: Transaction) => tx.bridges.removePort('br0', 'p0'),
      (tx: Transaction) => tx.links.set('p0', { master: null }),
    ]) {
      await refusedBehind(inside, work);
      expect(await briefly(netns)).toEqual(before);
    }
  });

  it('come back with what was learnt of their senders', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await start(netns, inside);
    await netns.ip('address add 10.0.0.1/24 dev q0');
    const member = netns.inside.spawn(process.execPath, ['-e', MEMBER]);
    try {
      await until('the group of one sender is learnt', async () =>
        (await briefly(netns)).includes('p0 239.3.3.3 10.0.0.9 temp'),
      );
      const ofGroup = async () => {
        const all = (await shown(netns)).filter(({ grp }) => grp === '239.3.3.3');
        return all.map(({ src, filter_mode, source_list }) => ({
          src,
          filter_mode,
          source_list: source_list?.map(({ address }) => address),
        }));
      };
      const before = await ofGroup();
      expect(before).toContainEqual({ filter_mode: 'include', source_list: ['10.0.0.9'] });
      await refusedBehind(inside, (tx) => tx.bridges.multicast.delete('br0', 'p0', '239.3.3.3'));
      expect(await ofGroup()).toEqual(expect.arrayContaining(before));
    } finally {
      member.kill();
    }
  });

  it('are refused by their place', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await start(netns, inside);
    const before = await theirs(netns);
    const refused = inside.transaction((tx) => {
      tx.bridges.multicast.add('br0', 'p1', '239.1.1.1');
      tx.bridges.multicast.add('br0', 'p0', '239.1.1.1');
    });
    await expect(refused).rejects.toSatisfy(
      ({ code, position, device, cause }) =>
        code === 'EEXIST' && position === 1 && device === 'p0' && cause === undefined,
    );
    expect(await theirs(netns)).toEqual(before);
  });

  it('are told of ports and bridges that are made before', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await inside.transaction((tx) => {
      tx.bridges.create('br0', { up: true });
      tx.links.create({ kind: 'veth', name: 'p0', master: 'br0', options: { peer: { name: 'q0' } } });
      tx.bridges.multicast.add('br0', 'p0', '239.1.1.1', { state: 'permanent' });
      tx.bridges.multicast.add('br0', 'br0', '239.1.1.1');
    });
    expect(await briefly(netns)).toEqual(['br0 239.1.1.1 temp', 'p0 239.1.1.1 permanent']);
  });
});
