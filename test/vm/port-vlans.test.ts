// Which VLANs pass the ports of a bridge: told by us, and held against what bridge says.

import { expect, it } from 'vitest';
import type { Host, PortVlan, Transaction } from '../../lib/host/index.js';
import { startInside } from '../host/inside.js';
import { HOST_NEEDS, type Netns } from '../host/netns.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';

interface Shown {
  ifname: string;
  vlans: { vlan: number; vlanEnd?: number; flags?: string[] }[];
}

/** What `bridge vlan show` says of a link, each VLAN as one word. */
async function theirs(netns: Netns, link: string): Promise<string[]> {
  const shown = await netns.inside.runJson<Shown[]>('bridge', '-json', 'vlan', 'show');
  const vlans = shown.find(({ ifname }) => ifname === link)?.vlans ?? [];
  return vlans.map(({ vlan, flags = [] }) => [vlan, ...flags].join(' '));
}

const worded = ({ id, pvid, untagged }: PortVlan): string =>
  [id, ...(pvid ? ['PVID'] : []), ...(untagged ? ['Egress Untagged'] : [])].join(' ');

/** What `host` says of it, in the same words. */
async function ours({ bridges }: Host, link: string): Promise<string[]> {
  const listed = await bridges.vlans.list({ link });
  return listed.flatMap(({ vlans }) => vlans.map(worded));
}

const from = (first: number, last: number, words = ''): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `${first + i}${words}`);

type Bridges = Transaction['bridges'];

describeWith(['the system VM around it', ...HOST_NEEDS, 'kmod'], 'VLANs of ports', () => {
  const lab = startInside();

  /** A bridge that filters, with these ports, each of which is in VLAN 1 as the kernel has it. */
  const bridgeOf = async (name: string, ...ports: string[]) => {
    const { links, bridges } = lab.inside;
    for (const port of ports) await links.create({ kind: 'dummy', name: port });
    await bridges.create(name, { vlanFiltering: true, ports });
  };
  const expectVlans = async (link: string, vlans: string[]) => {
    const [shown, listed] = [await theirs(lab.netns, link), await ours(lab.inside, link)];
    expect({ shown, listed }).toEqual({ shown: vlans, listed: vlans });
  };

  it('are added one by one and as ranges, and deleted', async () => {
    await bridgeOf('abr', 'a0', 'a1');
    const { vlans } = lab.inside.bridges;
    await expectVlans('a0', ['1 PVID Egress Untagged']);
    await vlans.add('a0', 10, { pvid: true, untagged: true });
    await vlans.add('a0', 42);
    await vlans.add('a0', [20, 29]);
    // The next of a range that differ from it, one that touches nothing, and the last that there is.
    await vlans.add('a0', [30, 32], { untagged: true });
    await vlans.add('a0', 4094, { untagged: true });
    const rest = ['42', '4094 Egress Untagged'];
    const untagged = ' Egress Untagged';
    await expectVlans('a0', [
      '1 Egress Untagged',
      '10 PVID Egress Untagged',
      ...from(20, 29),
      ...from(30, 32, untagged),
      ...rest,
    ]);
    await vlans.delete('a0', 1);
    await vlans.delete('a0', [23, 31]);
    await vlans.add('a0', 10);
    await expectVlans('a0', ['10', ...from(20, 22), '32 Egress Untagged', ...rest]);
    await expectVlans('a1', ['1 PVID Egress Untagged']);
    await vlans.delete('a1', [1, 4094]);
    await expectVlans('a1', []);
    await vlans.add('a1', [1, 4094]);
    await expectVlans('a1', from(1, 4094));
  });

  it('are those of the bridge itself when they are asked for', async () => {
    await bridgeOf('sbr', 's0');
    const { vlans } = lab.inside.bridges;
    await vlans.add('sbr', [7, 9], { self: true });
    await vlans.add('sbr', 100, { self: true, pvid: true });
    await expectVlans('sbr', ['1 Egress Untagged', ...from(7, 9), '100 PVID']);
    await expectVlans('s0', ['1 PVID Egress Untagged']);
    await vlans.delete('sbr', [1, 8], { self: true });
    await expectVlans('sbr', ['9', '100 PVID']);
    await expect(vlans.add('sbr', 7)).rejects.toMatchObject({ code: 'EOPNOTSUPP', device: 'sbr' });
    await expect(vlans.add('lo', 7)).rejects.toMatchObject({ code: 'EOPNOTSUPP', device: 'lo' });
    await expectVlans('sbr', ['9', '100 PVID']);
  });

  it('are listed of all ports and bridges, as bridge lists them', async () => {
    await bridgeOf('lbr', 'l0', 'l1');
    const shown = await lab.netns.inside.runJson<Shown[]>('bridge', '-json', 'vlan', 'show');
    const listed = await lab.inside.bridges.vlans.list();
    expect(listed.map(({ link }) => link)).toEqual(shown.map(({ ifname }) => ifname));
    expect(await lab.inside.bridges.vlans.list({ link: 'l1' })).toEqual([
      { link: 'l1', vlans: [{ id: 1, pvid: true, untagged: true }] },
    ]);
    expect(await lab.inside.bridges.vlans.list({ link: 'lo' })).toEqual([]);
  });

  it.each<[string, (vlans: Bridges['vlans'], bridges: Bridges, links: Transaction['links']) => void]>([
    ['those that were added', (vlans) => vlans.add('u0', [50, 59], { untagged: true })],
    ['those that were there in another way', (vlans) => vlans.add('u0', [10, 30])],
    ['another that untagged frames are in', (vlans) => vlans.add('u0', 60, { pvid: true, untagged: true })],
    ['the one that untagged frames are in', (vlans) => vlans.add('u0', 1)],
    ['those that were deleted', (vlans) => vlans.delete('u0', [1, 4094])],
    ['those of the bridge', (vlans) => vlans.add('ubr', [1, 9], { self: true })],
    ['those of the bridge that were deleted', (vlans) => vlans.delete('ubr', [1, 7], { self: true })],
    [
      'one after the other',
      (vlans) => {
        vlans.add('u0', 60, { pvid: true });
        vlans.add('u0', 61, { pvid: true });
        vlans.delete('u0', [15, 60]);
        vlans.add('u0', [1, 40], { untagged: true });
        vlans.delete('ubr', 1, { self: true });
        vlans.add('ubr', 61, { self: true, pvid: true });
      },
    ],
    ['those of a link by another name', (vlans) => vlans.delete('the-other-name-of-u0', [1, 4094])],
    ['those of a port that leaves', (_, { removePort }) => removePort('ubr', 'u0')],
    ['those of a port that goes elsewhere', (_, __, { set }) => set('u0', { master: null })],
    [
      'none, of a port that leaves',
      (vlans, { removePort }) => {
        vlans.delete('u0', [1, 4094]);
        removePort('ubr', 'u0');
      },
    ],
  ])('are as before when a later change is refused: %s', async (_title, work) => {
    const { inside, netns } = lab;
    if (!(await inside.links.find('ubr'))) {
      await bridgeOf('ubr', 'u0');
      await inside.bridges.vlans.add('u0', [15, 20], { untagged: true });
      await inside.bridges.vlans.add('u0', 25);
      await inside.links.addAltName('u0', 'the-other-name-of-u0');
      await inside.bridges.fdb.add('u0', '52:54:00:00:00:07', { table: 'master', state: 'static', vlan: 25 });
      await inside.bridges.vlans.add('ubr', [5, 7], { self: true, untagged: true });
    }
    const shown = async () => [
      await netns.inside.runJson<Shown[]>('bridge', '-json', 'vlan', 'show'),
      (await netns.bridgeJson('fdb show brport u0')).filter(({ state }) => state === 'static'),
    ];
    const before = await shown();
    const error = await inside
      .transaction((tx) => {
        work(tx.bridges.vlans, tx.bridges, tx.links);
        tx.bridges.vlans.add('lo', 7);
      })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'EOPNOTSUPP', device: 'lo', object: "VLAN 7 of 'lo'" });
    expect(error).not.toHaveProperty('cause');
    expect(await shown()).toEqual(before);
    expect(await theirs(netns, 'u0')).toEqual([
      '1 PVID Egress Untagged',
      ...from(15, 20, ' Egress Untagged'),
      '25',
    ]);
    // There was something to take back: with none refused it changes them.
    await inside.transaction((tx) => work(tx.bridges.vlans, tx.bridges, tx.links));
    expect(await shown()).not.toEqual(before);
    await inside.bridges.delete('ubr', { force: true });
    await inside.links.delete('u0');
  });

  it('are watched as others change them', async () => {
    await bridgeOf('wbr', 'w0');
    await using changes = lab.inside.watch({ of: ['vlan'] });
    await changes.ready;
    const bridge = (...words: string[]) => lab.netns.inside.must('bridge', 'vlan', ...words);
    const told = async (count: number) =>
      (await take(changes, count)).map(({ change, item }) => `${change} ${item.link} ${worded(item)}`);
    await bridge('add', 'vid', '10-12', 'dev', 'w0', 'untagged');
    expect(await told(3)).toEqual([10, 11, 12].map((id) => `set w0 ${id} Egress Untagged`));
    await bridge('delete', 'vid', '11', 'dev', 'w0');
    expect(await told(1)).toEqual(['deleted w0 11']);
    await bridge('add', 'vid', '20', 'dev', 'w0', 'pvid');
    // Untagged frames are in one VLAN, and no more in the one before.
    expect(await told(2)).toEqual(['set w0 20 PVID', 'set w0 1 Egress Untagged']);
    await bridge('add', 'vid', '7', 'dev', 'wbr', 'self');
    expect(await told(1)).toEqual(['set wbr 7']);
    await lab.netns.ip('link set w0 nomaster');
    expect(await told(4)).toEqual(['deleted w0 1', 'deleted w0 10', 'deleted w0 12', 'deleted w0 20']);
  });
});
