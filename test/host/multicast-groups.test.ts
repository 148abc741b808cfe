// Which ports of a bridge get the frames of a multicast group: told and learnt, held against `bridge mdb`.

import { expect, it } from 'vitest';
import { type Host, host, KernelError, type MulticastOptions } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { startInside } from './inside.js';
import { briefly, isOurs, MEMBER, ours, prepare, theirs } from './mdb.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'multicast groups of a bridge', () => {
  const lab = startInside();

  it('are told, and listed as bridge mdb show lists them', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const { multicast } = inside.bridges;
    await multicast.add('br0', 'p0', '239.1.1.1', { state: 'permanent' });
    await multicast.add('br0', 'p0', '239.1.1.2');
    await multicast.add('br0', 'p0', '239.1.1.2', { vlan: 10 });
    await multicast.add('br0', 'p0', 'FF0E:0::7', { source: '2001:db8::1', state: 'permanent' });
    await multicast.add('br0', 'p0', '239.1.1.3', { source: '10.0.0.1' });
    await multicast.add('br0', 'p0', '03:00:00:00:00:01', { state: 'permanent' });
    await multicast.add('br0', 'br0', '239.1.1.4');
    await multicast.add('br0', 'br0', '03:00:00:00:00:02', { state: 'permanent' });
    expect(await briefly(netns)).toEqual([
      'br0 03:00:00:00:00:02 permanent',
      'br0 239.1.1.4 temp',
      'p0 03:00:00:00:00:01 permanent',
      'p0 239.1.1.1 permanent',
      'p0 239.1.1.2 temp',
      'p0 239.1.1.2 vid 10 temp',
      'p0 239.1.1.3 10.0.0.1 temp',
      'p0 ff0e::7 2001:db8::1 permanent',
    ]);
    expect(await ours(inside)).toEqual(await theirs(netns));
    expect(await multicast.list({ bridge: 'br0', port: 'p0' })).toContainEqual({
      bridge: 'br0',
      port: 'p0',
      group: '239.1.1.1',
      state: 'permanent',
      flags: [],
      protocol: 'static',
      mode: 'exclude',
    });
  });

  it('are replaced and deleted, each by its VLAN and sender', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const { multicast } = inside.bridges;
    const each: MulticastOptions[] = [{}, { vlan: 10 }, { source: '10.0.0.1' }];
    for (const of of each) await multicast.add('br0', 'p0', '239.1.1.1', { ...of, state: 'permanent' });
    await multicast.replace('br0', 'p0', '239.1.1.1', { vlan: 10 });
    await multicast.replace('br0', 'p0', '239.1.1.2', { state: 'permanent' });
    await multicast.replace('br0', 'br0', '239.1.1.3');
    await multicast.replace('br0', 'br0', '239.1.1.3');
    const all = [
      'br0 239.1.1.3 temp',
      'p0 239.1.1.1 10.0.0.1 permanent',
      'p0 239.1.1.1 permanent',
      'p0 239.1.1.1 vid 10 temp',
      'p0 239.1.1.2 permanent',
    ];
    expect(await briefly(netns)).toEqual(all);
    const gone = async (...[of, ...rest]: [string, ...Parameters<typeof multicast.delete>]) => {
      await multicast.delete(...rest);
      all.splice(all.indexOf(of), 1);
      expect(await briefly(netns)).toEqual(all);
    };
    await gone('p0 239.1.1.1 permanent', 'br0', 'p0', '239.1.1.1');
    await gone('p0 239.1.1.1 vid 10 temp', 'br0', 'p0', '239.1.1.1', { vlan: 10 });
    await gone('p0 239.1.1.1 10.0.0.1 permanent', 'br0', 'p0', '239.1.1.1', { source: '10.0.0.1' });
    await gone('br0 239.1.1.3 temp', 'br0', 'br0', '239.1.1.3');
    await gone('p0 239.1.1.2 permanent', 'br0', 'p0', '239.1.1.2');
  });

  it('are learnt from IGMP and MLD', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const { multicast } = inside.bridges;
    await netns.ip('address add 10.0.0.1/24 dev q0');
    await netns.ip('address add 239.2.2.2/32 dev q0 autojoin');
    await netns.ip('address add ff0e::22/128 dev q0 autojoin');
    const member = netns.inside.spawn(process.execPath, ['-e', MEMBER]);
    try {
      const ports = async () => (await briefly(netns)).join('; ');
      await until('the group of one sender is learnt', async () =>
        /239\.3\.3\.3 10\.0\.0\.9/.test(await ports()),
      );
      await until('the group is learnt', async () => /239\.2\.2\.2/.test(await ports()));
      await until('the group of IPv6 is learnt', async () => /ff0e::22/.test(await ports()));
      const all = await multicast.list({ port: 'p0' });
      const learnt = { bridge: 'br0', port: 'p0', state: 'temporary', protocol: 'kernel' };
      const one = (group: string, source?: string) =>
        all.find((entry) => entry.group === group && entry.source === source);
      const some = expect.toSatisfy((value: number) => value > 0 && value <= 260);
      expect(one('239.2.2.2')).toMatchObject({ ...learnt, flags: [], mode: 'exclude', expires: some });
      expect(one('ff0e::22')).toMatchObject({ ...learnt, mode: 'exclude', expires: some });
      expect(one('239.3.3.3')).toMatchObject({
        ...learnt,
        mode: 'include',
        sources: [{ address: '10.0.0.9', expires: some }],
      });
      expect(one('239.3.3.3', '10.0.0.9')).toMatchObject(learnt);
      expect(await ours(inside)).toEqual(await theirs(netns));
    } finally {
      member.kill();
    }
  });

  it('are each listed once, however many there are', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const groups = Array.from({ length: 1200 }, (_, i) => `239.${i >> 8}.${i & 255}.1`);
    const commands = groups.flatMap((group, i) => [
      `mdb add dev br0 port br0 grp ${group}`,
      `mdb add dev br0 port p0 grp ${group}`,
      ...(i % 3 ? [] : [`mdb add dev br0 port p0 grp ${group} vid 7`]),
    ]);
    await netns.inside.mustWith({ input: commands.join('\n') }, 'bridge', '-batch', '-');
    const all = await ours(inside);
    expect(all).toHaveLength(commands.length);
    // The kernel may tell one of the bridge itself at the end of a part of its answer, and again in the next.
    expect(all).toEqual([...new Set(await theirs(netns))]);
  });

  it('are those of one bridge or port by any of its names, and of none that is not there', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const { multicast } = inside.bridges;
    await inside.bridges.create('br1', { up: true });
    await inside.links.addAltName('br0', 'the-other-name-of-br0');
    await inside.links.addAltName('p0', 'the-other-name-of-p0');
    await multicast.add('the-other-name-of-br0', 'the-other-name-of-p0', '239.1.1.1');
    await multicast.add('br1', 'br1', '239.1.1.1');
    const listed = async (filter: Parameters<typeof multicast.list>[0]) =>
      (await multicast.list(filter))
        .filter(({ group }) => isOurs(group))
        .map(({ bridge, port }) => `${bridge} ${port}`);
    expect(await listed({ bridge: 'the-other-name-of-br0' })).toEqual(['br0 p0']);
    expect(await listed({ port: 'the-other-name-of-p0' })).toEqual(['br0 p0']);
    expect(await listed({ bridge: 'br1' })).toEqual(['br1 br1']);
    expect(await listed({ bridge: 'br1', port: 'p0' })).toEqual([]);
    expect(await listed({ bridge: 'q0' })).toEqual([]);
    for (const filter of [{ bridge: 'br7' }, { port: 'br7' }, { bridge: 'br0', port: 'br7' }])
      await expect(multicast.list(filter)).rejects.toMatchObject({
        code: 'ENODEV',
        device: 'br7',
        hint: expect.stringContaining('host.links.list()'),
      });
  });

  type Multicast = Host['bridges']['multicast'];
  type Refusal = [string, (multicast: Multicast, host: Host) => Promise<unknown>, object, RegExp];
  const refusals: Refusal[] = [
    [
      'what is there',
      (multicast) => multicast.add('br0', 'p0', '239.9.9.9'),
      { code: 'EEXIST', device: 'p0', object: "multicast group 239.9.9.9 on 'p0' of 'br0'" },
      /replace\(\)/,
    ],
    [
      'what is not there',
      (multicast) => multicast.delete('br0', 'p0', '239.9.9.9', { vlan: 7 }),
      { code: 'EINVAL', call: 'RTM_DELMDB', device: 'p0' },
      /multicast\.list.*VLAN/,
    ],
    [
      'a bridge that is down',
      async (multicast, { links }) => {
        await links.down('br0');
        await multicast.add('br0', 'p0', '239.1.1.1');
      },
      { code: 'EINVAL', call: 'RTM_NEWMDB' },
      /host\.links\.up\(BRIDGE\)/,
    ],
    [
      'the same of one that is to go',
      async (multicast, { links }) => {
        await links.down('br0');
        await multicast.delete('br0', 'p0', '239.9.9.9');
      },
      { code: 'EINVAL', call: 'RTM_DELMDB' },
      /host\.links\.up\(BRIDGE\)/,
    ],
    [
      'a bridge that does not snoop',
      async (multicast, { bridges }) => {
        await bridges.set('br0', { multicastSnooping: false });
        await multicast.add('br0', 'p0', '239.1.1.1');
      },
      { code: 'EINVAL' },
      /multicastSnooping: true/,
    ],
    [
      'more than the bridge remembers',
      async (multicast, { bridges }) => {
        await bridges.set('br0', { multicastHashMax: 1 });
        await multicast.add('br0', 'p0', '239.1.1.1');
      },
      { code: 'E2BIG' },
      /multicastHashMax/,
    ],
    [
      'a temporary one on a port that is down',
      async (multicast, { links }) => {
        await links.down('p0');
        await multicast.add('br0', 'p0', '239.1.1.1');
      },
      { code: 'EINVAL' },
      /host\.links\.up.*'permanent'/,
    ],
    [
      'a link that is no port',
      (multicast) => multicast.add('br0', 'q0', '239.1.1.1'),
      { code: 'EINVAL', device: 'q0' },
      /addPort/,
    ],
    [
      'a port of another bridge',
      async (multicast, { bridges }) => {
        await bridges.create('br1', { up: true });
        await multicast.add('br1', 'p0', '239.1.1.1');
      },
      { code: 'EINVAL' },
      /addPort/,
    ],
    [
      'a bridge that is none',
      (multicast) => multicast.add('q0', 'p0', '239.1.1.1'),
      { code: 'EOPNOTSUPP' },
      /host\.bridges\.show/,
    ],
    [
      'a bridge that is not there',
      (multicast) => multicast.delete('br7', 'p0', '239.1.1.1'),
      { code: 'ENODEV', device: 'br7' },
      /host\.links\.list/,
    ],
    [
      'a port that is not there',
      (multicast) => multicast.replace('br0', 'p7', '239.1.1.1'),
      { code: 'ENODEV', device: 'p7' },
      /host\.links\.list/,
    ],
    [
      'a MAC group that is temporary',
      (multicast) => multicast.add('br0', 'p0', '03:00:00:00:00:01'),
      { code: 'EINVAL' },
      /'permanent'/,
    ],
    [
      'one of the bridge itself that is permanent',
      (multicast) => multicast.add('br0', 'br0', '239.1.1.1', { state: 'permanent' }),
      { code: 'EINVAL' },
      /'temporary'/,
    ],
    [
      'one of the bridge itself with a sender',
      (multicast) => multicast.add('br0', 'br0', '239.1.1.1', { source: '10.0.0.1' }),
      { code: 'EINVAL' },
      /leave out source/,
    ],
    ...['224.0.0.5', 'ff02::1'].map(
      (group): Refusal => [
        `${group}, which goes everywhere`,
        (multicast) => multicast.add('br0', 'p0', group),
        { code: 'EINVAL' },
        /all ports/,
      ],
    ),
  ];
  it.each(refusals)('are refused with what to do: %s', async (_title, work, error, hint) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    // A group of IPv6 that the bridge learns may be the one that there is no room for.
    for (const whose of ['all', 'default'])
      await netns.inside.must('sysctl', '-qw', `net.ipv6.conf.${whose}.disable_ipv6=1`);
    await prepare(netns, inside);
    await inside.bridges.multicast.add('br0', 'p0', '239.9.9.9', { state: 'permanent' });
    const refused: unknown = await work(inside.bridges.multicast, inside).catch((reason: unknown) => reason);
    expect(refused).toBeInstanceOf(KernelError);
    expect(refused).toMatchObject({ ...error, field: undefined, hint: expect.stringMatching(hint) });
    expect(await briefly(netns)).toEqual(['p0 239.9.9.9 permanent']);
  });

  const bad: [string, Parameters<Multicast['add']>, object][] = [
    ['an address of one machine', ['br0', 'p0', '10.0.0.1'], { field: 'group' }],
    ['the same of IPv6', ['br0', 'p0', 'fe80::1'], { field: 'group' }],
    ['the same of Ethernet', ['br0', 'p0', '52:54:00:00:00:01'], { field: 'group' }],
    ['no address', ['br0', 'p0', 'all'], { field: 'group' }],
    ['a subnet', ['br0', 'p0', '239.0.0.0/8'], { field: 'group' }],
    ['no sender', ['br0', 'p0', '239.1.1.1', { source: '10' }], { field: 'source' }],
    ['a sender of another family', ['br0', 'p0', '239.1.1.1', { source: '::1' }], { field: 'source' }],
    ['a group as a sender', ['br0', 'p0', '239.1.1.1', { source: '239.1.1.2' }], { field: 'source' }],
    ['all senders as one', ['br0', 'p0', 'ff0e::7', { source: '::' }], { field: 'source' }],
    [
      'a sender of a MAC group',
      ['br0', 'p0', '03:00:00:00:00:01', { source: '10.0.0.1' }],
      { field: 'source' },
    ],
    ['no VLAN', ['br0', 'p0', '239.1.1.1', { vlan: 4095 }], { field: 'vlan', code: 'ERANGE' }],
    ['another state', ['br0', 'p0', '239.1.1.1', { state: 'temp' as 'temporary' }], { field: 'state' }],
    ['no bridge', ['a/b', 'p0', '239.1.1.1'], { field: 'bridge' }],
    ['no port', ['br0', '', '239.1.1.1'], { field: 'port' }],
  ];
  it.each(bad)('are refused before they are sent: %s', async (_title, given, error) => {
    const { multicast } = lab.inside.bridges;
    const [bridge, port, group, options = {}] = given;
    const expected = {
      name: 'KernelError',
      code: 'EINVAL',
      hint: expect.stringMatching(/nothing was sent/),
      ...error,
    };
    await expect(multicast.add(...given)).rejects.toMatchObject({ ...expected, call: 'RTM_NEWMDB' });
    await expect(multicast.replace(...given)).rejects.toMatchObject({ ...expected, call: 'RTM_NEWMDB' });
    if (options.state === undefined)
      await expect(multicast.delete(bridge, port, group, options)).rejects.toMatchObject({
        ...expected,
        call: 'RTM_DELMDB',
      });
  });

  it('are given as what they are', async () => {
    const { multicast } = lab.inside.bridges;
    const odd = (value: unknown) => value as never;
    for (const refused of [
      multicast.add('br0', 'p0', odd(7)),
      multicast.add('br0', 'p0', odd(undefined)),
      multicast.add('br0', odd(null), '239.1.1.1'),
      multicast.add('br0', 'p0', '239.1.1.1', odd({ vid: 7 })),
      multicast.add('br0', 'p0', '239.1.1.1', odd({ vlan: '7' })),
      multicast.delete('br0', 'p0', '239.1.1.1', odd({ state: 'permanent' })),
      multicast.list(odd({ link: 'p0' })),
    ])
      await expect(refused).rejects.toThrow(TypeError);
    await expect(multicast.list({ bridge: 'a/b' })).rejects.toMatchObject({
      field: 'bridge',
      call: 'RTM_GETMDB',
    });
  });
});
