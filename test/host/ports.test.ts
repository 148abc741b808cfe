// What a bridge is told of its ports, and only a bridge: a bond would take the same bytes for something else.

import { expect, it } from 'vitest';
import { type Host, host, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { stateOf } from './state.js';

/** br0 with the ports p0 and p1, and the other ends q0 and q1 in none. */
async function prepare({ bridges, links }: Host): Promise<void> {
  for (const i of [0, 1])
    await links.create({ kind: 'veth', name: `p${i}`, options: { peer: { name: `q${i}` } } });
  await bridges.create('br0', { ports: ['p0', 'p1'] });
}

interface Port {
  linkinfo: { info_slave_data?: Record<string, unknown> };
}

const portOf = async (netns: Netns, name: string) =>
  (await netns.ipJson<Port[]>(`link show dev ${name}`))[0]?.linkinfo.info_slave_data;

/** After this a transaction is refused. */
const refuse = (tx: Transaction) => tx.addresses.add('lo', '127.0.0.1/8');

describeWith(HOST_NEEDS, 'what a master is told of a port', () => {
  const misplaced: [string, (host: Host) => Promise<unknown>, detail: string][] = [
    [
      'what a bond is told, of a port of a bridge',
      ({ links }) => links.set('p0', { bondMember: { queueId: 1 } }),
      "it is in 'br0', which is a bridge and not a bond",
    ],
    [
      'the same along with another change',
      ({ links }) => links.set('p0', { alias: 'half', bondMember: { queueId: 1 } }),
      "it is in 'br0', which is a bridge and not a bond",
    ],
    [
      'the same while it goes into a bridge',
      ({ links }) => links.set('q0', { master: 'br0', bondMember: { queueId: 1 } }),
      "it is in 'br0', which is a bridge and not a bond",
    ],
    [
      'the same while it goes out of one',
      ({ links }) => links.set('p0', { master: null, bondMember: { queueId: 1 } }),
      "it is in 'br0', which is a bridge and not a bond",
    ],
    [
      'the same of one that went into a bridge before',
      (h) =>
        h.transaction((tx) => {
          tx.bridges.addPort('br0', 'q0');
          tx.links.set('q0', { bondMember: { queueId: 1 } });
        }),
      "it is in 'br0', which is a bridge and not a bond",
    ],
    [
      'the same where link and bridge were made before',
      (h) =>
        h.transaction((tx) => {
          tx.bridges.create('br9');
          tx.links.create({ kind: 'ifb', name: 'new', master: 'br9' });
          tx.links.set('new', { bondMember: { queueId: 1 } });
        }),
      "it is in 'br9', which is a bridge and not a bond",
    ],
    [
      'what a bridge is told, of a link that went out of it before',
      (h) =>
        h.transaction((tx) => {
          tx.bridges.removePort('br0', 'p0');
          tx.bridges.setPort('p0', { isolated: true });
        }),
      'it is in no bridge',
    ],
    [
      'the same of a link that was made before',
      (h) =>
        h.transaction((tx) => {
          tx.links.create({ kind: 'veth', name: 'new', options: { peer: { name: 'end' } } });
          tx.bridges.setPort('end', { isolated: true });
        }),
      'it is in no bridge',
    ],
  ];
  it.each(misplaced)('is refused where it is none of that kind: %s', async (_title, work, detail) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(inside);
    const before = await stateOf(netns);
    await expect(work(inside)).rejects.toMatchObject({
      name: 'KernelError',
      code: 'EOPNOTSUPP',
      call: 'RTM_NEWLINK',
      detail,
      hint: expect.stringMatching(/bondMember|addPort/),
    });
    expect(await stateOf(netns)).toBe(before);
  });

  it('is told by one kind of master alone', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(inside);
    const before = await stateOf(netns);
    const both = { bridgePort: { isolated: true }, bondMember: { queueId: 1 } };
    await expect(inside.links.set('p0', both)).rejects.toThrow(/^bondMember: .*bridgePort/);
    await expect(inside.transaction((tx) => tx.links.set('p0', both))).rejects.toThrow(TypeError);
    expect(await stateOf(netns)).toBe(before);
  });

  it('is told of a link that was put there before in the same transaction', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(inside);
    await inside.transaction((tx) => {
      tx.bridges.create('br9');
      tx.links.create({ kind: 'ifb', name: 'new' });
      tx.bridges.addPort('br9', 'new', { isolated: true });
      tx.bridges.setPort('new', { pathCost: 7 });
    });
    expect(await portOf(netns, 'new')).toMatchObject({ isolated: true, cost: 7 });
  });
});

describeWith(HOST_NEEDS, 'the port that stands in for another', () => {
  const start = async (inside: Host) => {
    await prepare(inside);
    await inside.bridges.setPort('p0', { backupPort: 'p1' });
  };
  const backupOf = async (netns: Netns, name: string) => (await portOf(netns, name))?.backup_port;

  it('is told, and taken away', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await start(inside);
    expect(await backupOf(netns, 'p0')).toBe('p1');
    expect((await inside.links.get('p0')).bridgePort?.backupPort).toBe('p1');
    await inside.bridges.setPort('p0', { backupPort: null });
    expect(await backupOf(netns, 'p0')).toBeUndefined();
  });

  const changes: [string, (tx: Transaction) => void][] = [
    ['one is told', (tx) => tx.bridges.setPort('p1', { backupPort: 'p0' })],
    ['it is taken away', (tx) => tx.links.set('p0', { bridgePort: { backupPort: null } })],
    ['its port leaves', (tx) => tx.bridges.removePort('br0', 'p0')],
    ['it leaves itself', (tx) => tx.bridges.removePort('br0', 'p1')],
  ];
  it.each(changes)('is as before when a later change is refused: %s', async (_title, work) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await start(inside);
    const before = await stateOf(netns);
    const refused = inside.transaction((tx) => {
      work(tx);
      refuse(tx);
    });
    await expect(refused).rejects.toSatisfy(({ code, cause }) => code === 'EEXIST' && cause === undefined);
    expect(await stateOf(netns)).toBe(before);
    await inside.transaction(work);
    expect(await stateOf(netns)).not.toBe(before);
  });
});
