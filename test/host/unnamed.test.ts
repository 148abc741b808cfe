// Links whose names the kernel chooses: what they are told besides is told by the name that they got.

import { expect, it } from 'vitest';
import type { KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { stateOf } from './state.js';

interface IpLink {
  mtu: number;
  linkinfo?: { info_kind?: string };
}

/** A refusal after which all was taken back. */
const whole = (code: string) => (error: KernelError) => error.code === code && error.cause === undefined;

describeWith(HOST_NEEDS, 'links without a name', () => {
  const lab = startInside();
  const ip = async (name: string) => (await lab.netns.ipJson<IpLink[]>(`link show dev ${name}`))[0];

  it('get the next free one', async () => {
    const { inside } = lab;
    const first = await inside.links.create({ kind: 'bridge' });
    const second = await inside.links.create({ kind: 'bridge', name: 'lan%d' });
    expect([first.name, second.name]).toEqual(['bridge0', 'lan0']);
    expect((await ip('lan0'))?.linkinfo?.info_kind).toBe('bridge');
  });

  it('are told all that they are to be told', async () => {
    const { inside, netns } = lab;
    const peer = await inside.links.create({ kind: 'veth', up: true, alias: 'far' });
    expect(await ip(peer.name)).toMatchObject({ ifalias: 'far', flags: expect.arrayContaining(['UP']) });
    const lan = await inside.links.create({ kind: 'bridge', name: 'wide%d', mtu: 1400, alias: 'lan' });
    expect(lan).toMatchObject({ name: 'wide0', mtu: 1400, alias: 'lan' });
    expect(await ip('wide0')).toMatchObject({ mtu: 1400, ifalias: 'lan' });
    const made = await inside.bridges.create('wide%d', { ports: [peer.name], mtu: 1400, up: true });
    expect(made.name).toBe('wide1');
    expect(await ip(peer.name)).toMatchObject({ master: 'wide1' });
    const many = await Promise.all(
      Array.from({ length: 5 }, () =>
        inside.links.create({ kind: 'ifb', name: 'many%d', alias: 'one of 5' }),
      ),
    );
    const names = many.map(({ name }) => name).toSorted();
    expect(names).toEqual(['many0', 'many1', 'many2', 'many3', 'many4']);
    expect((await netns.linkNames()).filter((name) => name.startsWith('many')).toSorted()).toEqual(names);
    await inside.links.deleteAll(['wide0', 'wide1', peer.name, ...names]);
  });

  it('are found in another namespace', async () => {
    const { inside } = lab;
    await using other = await freshNetns();
    const told = { netns: other.path, up: true, alias: 'there' };
    const made = await inside.links.create({ kind: 'veth', ...told });
    const [shown] = await other.ipJson<IpLink[]>(`link show dev ${made.name}`);
    expect(shown).toMatchObject({ ifalias: 'there', flags: expect.arrayContaining(['UP']) });
    const plain = await inside.links.create({ kind: 'ifb', netns: other.path });
    expect(await other.linkNames()).toContain(plain.name);
    expect((await inside.bridges.create('lan%d', { netns: other.path, mtu: 1400 })).name).toBe('lan0');
    expect((await other.ipJson<IpLink[]>('link show dev lan0'))[0]).toMatchObject({ mtu: 1400 });
    await other.ip(`link delete ${made.name}`);
  });

  it('are not there when they cannot be told all of it', async () => {
    const { inside, netns } = lab;
    const before = await stateOf(netns);
    await expect(inside.links.create({ kind: 'bridge', name: 'gone%d', mtu: 10 })).rejects.toSatisfy(
      whole('EINVAL'),
    );
    await expect(inside.bridges.create('gone%d', { ports: ['lo'] })).rejects.toSatisfy(whole('EINVAL'));
    await expect(inside.bridges.create('gone%d', { ports: ['not-there'] })).rejects.toSatisfy(
      whole('ENODEV'),
    );
    expect(await stateOf(netns)).toBe(before);
  });

  it('are made by a transaction alone, and refused among others', async () => {
    const { inside, netns } = lab;
    await inside.transaction((tx) => tx.links.create({ kind: 'ifb', name: 'alone%d' }));
    expect(await netns.linkNames()).toContain('alone0');
    await inside.links.delete('alone0');
    const before = await stateOf(netns);
    for (const work of [
      inside.transaction((tx) => tx.links.create({ kind: 'ifb', alias: 'x' })),
      inside.transaction((tx) => tx.bridges.create('br%d', { ports: ['lo'] })),
      inside.transaction((tx) => {
        tx.bridges.create('br%d');
        tx.links.up('lo');
      }),
    ])
      await expect(work).rejects.toThrow(
        /^name: (ifb|br)%d is a pattern; a transaction needs the name itself$/,
      );
    expect(await stateOf(netns)).toBe(before);
  });
});
