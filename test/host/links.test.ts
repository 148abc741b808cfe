import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Host, host, KernelError, type NewLink } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { stateOf } from './state.js';

interface IpLink {
  ifindex: number;
  ifname: string;
  flags: string[];
  mtu: number;
  operstate: string;
  group: string;
  txqlen?: number;
  link_type: string;
  address: string;
  master?: string;
  link?: string | null;
  ifalias?: string;
  altnames?: string[];
  linkinfo?: {
    info_kind?: string;
    info_data?: Record<string, unknown>;
    info_slave_kind?: string;
    info_slave_data?: Record<string, unknown>;
  };
}

describeWith(HOST_NEEDS, 'links', () => {
  let netns: Netns;
  let inside: Host;
  beforeAll(async () => {
    netns = await freshNetns();
    inside = host.in(netns.path);
  });
  afterAll(async () => {
    await inside?.close();
    await netns?.[Symbol.asyncDispose]();
  });
  const ip = async (name: string) => (await netns.ipJson<IpLink[]>(`link show dev ${name}`))[0] as IpLink;

  /** A refusal after which all was taken back. */
  const whole = (code: string) => (error: KernelError) => error.code === code && error.cause === undefined;

  it('are listed as ip lists them', async () => {
    await netns.ip('link add list0 type bridge');
    await netns.ip('link add list1 mtu 1400 type veth peer name list2');
    await netns.ip('link set list1 up master list0 alias office');
    await netns.ip('link property add dev list1 altname a-name-of-more-than-fifteen-bytes');
    const ours = await inside.links.list();
    const theirs = await netns.ipJson<IpLink[]>('link');
    expect(
      ours.map((link) => ({
        ifindex: link.index,
        ifname: link.name,
        mtu: link.mtu,
        operstate: link.state?.toUpperCase().replace('LOWERLAYERDOWN', 'LOWERLAYERDOWN'),
        txqlen: link.txQueueLength,
        link_type: link.type,
        address: link.mac,
        up: link.up,
        master: link.master,
        link: link.link,
        kind: link.kindName,
        alias: link.alias,
        altnames: link.altNames,
      })),
    ).toEqual(
      theirs.map((link) => ({
        ifindex: link.ifindex,
        ifname: link.ifname,
        mtu: link.mtu,
        operstate: link.operstate,
        txqlen: link.txqlen,
        link_type: link.link_type,
        address: link.address,
        up: link.flags.includes('UP'),
        master: link.master,
        link: link.link ?? undefined,
        kind: link.linkinfo?.info_kind,
        alias: link.ifalias,
        altnames: link.altnames ?? [],
      })),
    );
    expect(await inside.links.list({ master: 'list0' })).toHaveLength(1);
    expect((await inside.links.list({ kind: 'bridge' })).map(({ name }) => name)).toContain('list0');
    const found = await inside.links.get('a-name-of-more-than-fifteen-bytes');
    expect(found.name).toBe('list1');
    expect(await inside.links.get({ index: found.index })).toEqual(found);
  });

  it('are those of the namespace, and the process stays in its own', async () => {
    const before = readlinkSync('/proc/self/ns/net');
    const here = host.in('/proc/self/ns/net');
    await netns.ip('link add only-inside type bridge');
    expect((await inside.links.list()).map(({ name }) => name)).toContain('only-inside');
    expect((await here.links.list()).map(({ name }) => name)).not.toContain('only-inside');
    await here.close();
    expect(readlinkSync('/proc/self/ns/net')).toBe(before);
  });

  it('of any kind are made with their options', async () => {
    await netns.ip('link add base0 type veth peer name base1');
    const wanted: [NewLink, Record<string, unknown>][] = [
      [{ kind: 'veth', name: 'made0', mtu: 1400, options: { peer: { name: 'made1', mtu: 1300 } } }, {}],
      [{ kind: 'macvlan', name: 'made2', link: 'base0', options: { mode: 'private' } }, { mode: 'private' }],
      [{ kind: 'macvtap', name: 'made3', link: 'base0', options: { mode: 'private' } }, { mode: 'private' }],
      [
        { kind: 'vxlan', name: 'made4', options: { id: 42, group: '239.1.1.1', link: 'base0', port: 4789 } },
        { id: 42, group: '239.1.1.1', link: 'base0', port: 4789 },
      ],
      [{ kind: 'ifb', name: 'made5', mac: '52:54:00:00:00:05', txQueueLength: 7, alias: 'for shaping' }, {}],
      [
        { kind: 'bridge', name: 'made6', up: true, options: { stp: true, priority: 4096, forwardDelay: 4 } },
        { stp_state: 1, priority: 4096, forward_delay: 400 },
      ],
    ];
    for (const [options, data] of wanted) {
      const made = await inside.links.create(options);
      expect(made).toMatchObject({ name: options.name, kind: options.kind });
      const theirs = await ip(made.name);
      expect(theirs.linkinfo).toMatchObject({ info_kind: options.kind });
      expect(theirs.linkinfo?.info_data ?? {}).toMatchObject(data);
    }
    expect(await ip('made0')).toMatchObject({ mtu: 1400, link: 'made1' });
    expect(await ip('made1')).toMatchObject({ mtu: 1300 });
    expect(await ip('made5')).toMatchObject({
      address: '52:54:00:00:00:05',
      txqlen: 7,
      ifalias: 'for shaping',
    });
    expect((await ip('made6')).flags).toContain('UP');
  });

  it.each(
    (['macvlan', 'macvtap'] as const).flatMap((kind) =>
      (['bridge', 'vepa', 'private', 'passthru'] as const).map((mode) => [kind, mode] as const),
    ),
  )('of the kind %s are made in the mode %s', async (kind, mode) => {
    const [name, link, other] = ['mode0', 'mode1', 'mode2'];
    await inside.links.create({ kind: 'veth', name: link, options: { peer: { name: other } } });
    // One that has its link to itself has its address, too.
    const alone = mode === 'passthru';
    const flags = [alone ? 'noPromiscuous' : 'noDestination'] as const;
    const options = { mode, flags, broadcastQueueLength: 500 };
    const made = await inside.links.create({ kind, name, link, options });
    expect(made).toMatchObject({ kind, link, options });
    const theirs = await ip(name);
    expect(theirs).toMatchObject({ link, linkinfo: { info_kind: kind } });
    const flag = alone ? 'nopromisc' : 'nodst';
    expect(theirs.linkinfo?.info_data).toMatchObject({ mode, [flag]: true, bcqueuelen: 500 });
    expect(theirs.address === (await ip(link)).address).toBe(alone);
    await inside.links.delete(link);
    expect(await netns.linkNames()).not.toContain(name);
  });

  it('of the kind macvlan go from one mode to another', async () => {
    await inside.links.create({ kind: 'veth', name: 'mode1', options: { peer: { name: 'mode2' } } });
    await inside.links.create({
      kind: 'macvlan',
      name: 'mode0',
      link: 'mode1',
      options: { mode: 'private' },
    });
    for (const mode of ['bridge', 'vepa', 'private'] as const) {
      await inside.links.setKind('mode0', 'macvlan', { mode });
      expect((await ip('mode0')).linkinfo?.info_data).toMatchObject({ mode });
    }
    await expect(inside.links.setKind('mode0', 'macvlan', { mode: 'passthru' })).rejects.toMatchObject({
      code: 'EINVAL',
      device: 'mode0',
    });
    await inside.links.delete('mode1');
  });

  it('have the numbers that they are made with, and so have their other ends', async () => {
    const numbers = async () => [(await ip('num0')).ifindex, (await ip('num1')).ifindex];
    const settings = { kind: 'veth', name: 'num0' } as const;
    await inside.links.create({ ...settings, index: 7000, options: { peer: { name: 'num1', index: 7001 } } });
    expect(await numbers()).toEqual([7000, 7001]);
    await inside.links.delete('num0');
    await inside.transaction((tx) => {
      tx.links.create({ ...settings, options: { peer: { name: 'num1', index: 7002 } } });
      tx.links.up('num1');
    });
    expect((await numbers())[1]).toBe(7002);
    expect((await ip('num1')).flags).toContain('UP');
    await inside.links.delete('num0');
    const wrong = inside.links.create({ ...settings, options: { peer: { name: 'num1', index: 0 } } });
    await expect(wrong).rejects.toMatchObject({ code: 'ERANGE', field: 'options.peer.index' });
  });

  it('are bound to the link that is said of all kinds alike', async () => {
    await inside.links.create({ kind: 'ifb', name: 'bound0' });
    await inside.links.create({
      kind: 'vxlan',
      name: 'bound1',
      link: 'bound0',
      options: { id: 7, group: '239.1.1.1' },
    });
    expect((await ip('bound1')).linkinfo?.info_data).toMatchObject({ link: 'bound0', group: '239.1.1.1' });
    await inside.links.deleteAll(['bound1', 'bound0']);
  });

  it('of the kind macvlan take the frames of all addresses that are said', async () => {
    const [first, second] = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
    await inside.links.create({ kind: 'veth', name: 'src1', options: { peer: { name: 'src2' } } });
    const options = { mode: 'source', macs: [first, second] } as const;
    await inside.links.create({ kind: 'macvlan', name: 'src0', link: 'src1', options });
    const sources = async () => {
      const data = (await ip('src0')).linkinfo?.info_data as { macaddr_data?: string[] } | undefined;
      return data?.macaddr_data?.toSorted();
    };
    expect(await sources()).toEqual([first, second]);
    await inside.links.setKind('src0', 'macvlan', { macs: [second] });
    expect(await sources()).toEqual([second]);
    await inside.links.delete('src1');
  });

  it('are changed, and go', async () => {
    await inside.links.create({ kind: 'bridge', name: 'set0' });
    await inside.links.create({ kind: 'veth', name: 'set1', options: { peer: { name: 'set2' } } });
    await inside.links.set('set1', { master: 'set0', up: true, mtu: 1450, group: 77, alias: 'x' });
    expect(await ip('set1')).toMatchObject({ master: 'set0', mtu: 1450, group: '77', ifalias: 'x' });
    await inside.links.set('set1', { bridgePort: { isolated: true, pathCost: 7, hairpin: true } });
    expect((await ip('set1')).linkinfo?.info_slave_data).toMatchObject({
      isolated: true,
      cost: 7,
      hairpin: true,
    });
    await inside.links.set('set1', { promiscuous: true, allMulticast: true, multicast: false, arp: false });
    const { flags } = await ip('set1');
    expect(flags).toEqual(expect.arrayContaining(['PROMISC', 'ALLMULTI', 'NOARP']));
    expect(flags).not.toContain('MULTICAST');
    await inside.links.set('set1', { promiscuous: false, allMulticast: false, multicast: true, arp: true });
    expect((await ip('set1')).flags).toContain('MULTICAST');
    expect((await inside.links.get('set1')).flags).not.toContain('noArp');
    await inside.links.set('set1', { master: null, alias: '' });
    expect(await ip('set1')).not.toHaveProperty('master');
    await inside.links.down('set1');
    await inside.links.rename('set1', 'set9');
    await inside.links.addAltName('set9', 'another-name-for-it');
    expect(await ip('set9')).toMatchObject({ altnames: ['another-name-for-it'] });
    await inside.links.deleteAltName('set9', 'another-name-for-it');
    await inside.links.setKind('set0', 'bridge', { ageingTime: 10 });
    expect((await ip('set0')).linkinfo?.info_data).toMatchObject({ ageing_time: 1000 });
    await inside.links.delete('set9');
    const left = await netns.linkNames();
    expect(left.filter((name) => name.startsWith('set'))).toEqual(['set0']);
    expect(await inside.links.find('set9')).toBeUndefined();
  });

  it('move to another namespace', async () => {
    await using other = await freshNetns();
    await inside.links.create({
      kind: 'veth',
      name: 'move0',
      options: { peer: { name: 'move1', netns: other.path } },
    });
    await inside.links.create({ kind: 'bridge', name: 'move2' });
    await inside.links.create({ kind: 'ifb', name: 'move3', netns: other.path });
    await inside.links.set('move0', { up: true });
    expect((await other.ipJson<IpLink[]>('link')).map(({ ifname }) => ifname).sort()).toEqual([
      'lo',
      'move1',
      'move3',
    ]);
    const { linkIndex, link, linkNetnsId } = await inside.links.get('move0');
    expect({ linkIndex, link, linkNetnsId }).toEqual({
      linkIndex: (await other.ipJson<IpLink[]>('link show dev move1'))[0]?.ifindex,
      link: undefined,
      linkNetnsId: 0,
    });
    await expect(inside.links.set('move2', { netns: other.path })).rejects.toMatchObject({
      code: 'EINVAL',
      device: 'move2',
    });
    // The end of the other namespace would take it some time later.
    await inside.links.delete('move0');
  });

  it('stay when they cannot be told all that they are to be told before they go to another namespace', async () => {
    await using other = await freshNetns();
    await inside.links.create({
      kind: 'veth',
      name: 'stay0',
      up: true,
      options: { peer: { name: 'stay1' } },
    });
    await inside.addresses.add('stay0', '10.55.0.1/24');
    const state = async () => [await ip('stay0'), await netns.ipJson('address show dev stay0')];
    const before = await state();
    const refused = inside.links.set('stay0', { netns: other.path, mtu: 10, alias: 'half', up: true });
    await expect(refused).rejects.toSatisfy(whole('EINVAL'));
    expect(await state()).toEqual(before);
    await other.ip('link add name stay0 type bridge');
    const taken = inside.links.set('stay0', { netns: other.path, mtu: 1400, up: true });
    await expect(taken).rejects.toSatisfy(whole('EEXIST'));
    expect(await state()).toEqual(before);
    await other.ip('link delete stay0');
    await inside.links.set('stay0', { netns: other.path, mtu: 1400, alias: 'all', name: 'gone0', up: true });
    const [gone] = await other.ipJson<IpLink[]>('link show dev gone0');
    expect(gone).toMatchObject({ mtu: 1400, ifalias: 'all', flags: expect.arrayContaining(['UP']) });
    expect(await netns.linkNames()).not.toContain('stay0');
    await inside.links.delete('stay1');
  });

  it('become ports with what their bridge is told of them', async () => {
    await inside.links.create({ kind: 'bridge', name: 'join0', mac: '52:54:00:00:00:06' });
    await inside.links.create({ kind: 'veth', name: 'join1', options: { peer: { name: 'join2' } } });
    const before = await ip('join1');
    await expect(
      inside.links.set('join1', { master: 'join0', alias: 'half', bridgePort: { backupPort: 'join2' } }),
    ).rejects.toSatisfy(whole('ENOENT'));
    expect(await ip('join1')).toEqual(before);
    await inside.links.set('join1', { master: 'join0', bridgePort: { isolated: true, pathCost: 7 } });
    expect(await ip('join1')).toMatchObject({
      master: 'join0',
      linkinfo: { info_slave_data: { isolated: true, cost: 7 } },
    });
    await inside.links.deleteAll(['join0', 'join1']);
  });

  it.each([254, 255])('have an alias of up to 255 bytes: %i', async (length) => {
    const alias = `${'x'.repeat(length - 2)}ä`;
    const made = await inside.links.create({ kind: 'ifb', name: 'alias0', alias });
    expect(made.alias).toBe(alias);
    expect((await ip('alias0')).ifalias).toBe(alias);
    await inside.links.set('alias0', { alias: '' });
    expect(await ip('alias0')).not.toHaveProperty('ifalias');
    await inside.links.delete('alias0');
  });

  it('are deleted all at once, and no others with them', async () => {
    await inside.links.create({ kind: 'bridge', name: 'bulk' });
    const names = Array.from({ length: 20 }, (_, i) => `bulk${i}`);
    for (const name of names) await inside.links.create({ kind: 'ifb', name, master: 'bulk' });
    const before = (await netns.ipJson<IpLink[]>('link')).map(({ ifname }) => ifname);
    await expect(inside.links.deleteAll([...names, 'not-there'])).rejects.toMatchObject({
      code: 'ENODEV',
      device: 'not-there',
    });
    expect((await netns.ipJson<IpLink[]>('link')).map(({ ifname, group }) => [ifname, group])).toEqual(
      expect.arrayContaining(names.map((name) => [name, 'default'])),
    );
    await inside.links.deleteAll(names);
    const after = (await netns.ipJson<IpLink[]>('link')).map(({ ifname }) => ifname);
    expect(after).toEqual(before.filter((name) => !names.includes(name)));
  });

  it.each(['group0', 'the-other-name-of-group0'])(
    'are in the groups that they were in, and there, when one of all cannot be deleted: %s',
    async (name) => {
      if (!(await inside.links.find('group0'))) {
        await inside.links.create({ kind: 'ifb', name: 'group0', group: 7 });
        await inside.links.addAltName('group0', 'the-other-name-of-group0');
      }
      const before = await stateOf(netns);
      const error = await inside.links.deleteAll([name, 'lo']).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KernelError);
      expect(error).toMatchObject({
        code: 'EOPNOTSUPP',
        call: 'RTM_DELLINK',
        object: "link 'lo'",
        device: 'lo',
      });
      expect((error as KernelError).cause).toBeUndefined();
      expect((await inside.links.get('group0')).group).toBe(7);
      expect(await stateOf(netns)).toBe(before);
    },
  );

  it.each<[string, (links: Host['links']) => Promise<unknown>, object]>([
    ['no such device', (links) => links.up('nope'), { code: 'ENODEV', call: 'RTM_GETLINK', device: 'nope' }],
    [
      'no such master',
      (links) => links.set('lo', { master: 'nope' }),
      { code: 'ENODEV', device: 'nope', object: "link 'lo'" },
    ],
    [
      'loopback in a bridge',
      async (links) => {
        await links.create({ kind: 'bridge', name: 'wrong0' });
        await links.set('lo', { master: 'wrong0' });
      },
      { code: 'EINVAL', device: 'lo' },
    ],
    ['a physical one deleted', (links) => links.delete('lo'), { code: 'EOPNOTSUPP', call: 'RTM_DELLINK' }],
    [
      'an MTU that it does not take',
      (links) => links.set('list0', { mtu: 10 }),
      { code: 'EINVAL', device: 'list0', detail: 'mtu less than device minimum' },
    ],
  ])('refuse with the reason: %s', async (_title, work, expected) => {
    const error = await work(inside.links).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect((error as KernelError).hint).toBeTruthy();
  });

  it('are as before when a part of a change is refused', async () => {
    await inside.links.create({ kind: 'bridge', name: 'part0' });
    await inside.links.create({ kind: 'veth', name: 'part1', options: { peer: { name: 'part2' } } });
    const before = await ip('part1');
    // The kernel sets the MTU and the alias before it looks at the master.
    await expect(
      inside.links.set('part1', { mtu: 1234, alias: 'half', group: 9, mac: '01:00:00:00:00:01' }),
    ).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect(await ip('part1')).toEqual(before);
  });

  it('are refused after close', async () => {
    const closed = host.in(netns.path);
    await closed.links.list();
    await closed.close();
    await closed.close();
    await expect(closed.links.list()).rejects.toMatchObject({ name: 'KernelError', code: 'EBADF' });
    await expect(host.in('no-such-namespace').links.list()).rejects.toMatchObject({
      code: 'ENOENT',
      call: 'open',
      hint: expect.stringContaining('host.namespaces.list()'),
    });
  });
});
