// What a link or its bridge has by itself, put back when the transaction that changed the link is refused.

import { expect, it } from 'vitest';
import { host, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';

/** {@link refusedBehind}, by a host of its own. */
async function refused(netns: Netns, change: (tx: Transaction) => void): Promise<void> {
  await using inside = host.in(netns.path);
  await refusedBehind(inside, change);
}

async function prepared(...commands: string[]): Promise<Netns> {
  const netns = await freshNetns();
  await netns.inside.must('sysctl', 'net.ipv6.conf.default.addr_gen_mode=1');
  await netns.ip('link set lo up');
  for (const command of commands) await netns.ip(command);
  return netns;
}

const quiet = (key: string, value: unknown) =>
  // That the kernel made an address of a secret nobody else can say.
  /^(operstate|protocol|stable-privacy)$|life_time$/.test(key)
    ? undefined
    : Array.isArray(value)
      ? value.filter((one) => !/linkdown|NO-CARRIER|LOWER_UP/.test(one))
      : value;

const told = async (netns: Netns, ...commands: string[]): Promise<unknown[]> =>
  JSON.parse(JSON.stringify(await Promise.all(commands.map((command) => netns.ipJson(command))), quiet));

/** Waits until the kernel is done with the addresses that it asks for on the wire. */
const untilSettled = (netns: Netns): Promise<unknown> =>
  until('no address is tentative', async () => (await netns.ip('-6 address show tentative')) === '');

describeWith(HOST_NEEDS, 'a transaction about links that is refused', () => {
  const LOW = '52:54:00:00:00:01';
  const HIGH = '52:54:00:00:00:09';
  const portChanges: [string, string, (tx: Transaction) => void][] = [
    ['the only port leaves', 'port', ({ bridges }) => bridges.removePort('lan', 'port')],
    ['the only port moves', 'port', ({ links }) => links.set('port', { master: 'other' })],
    ['the first port comes', 'none', ({ bridges }) => bridges.addPort('lan', 'port')],
    ['a port with a lower address comes', 'high', ({ bridges }) => bridges.addPort('lan', 'port')],
    [
      'a port is made',
      'none',
      ({ links }) => links.create({ kind: 'veth', name: 'new', master: 'lan', options: {} }),
    ],
  ];
  it.each(portChanges)('puts back what a bridge has when %s', async (_title, has, change) => {
    await using netns = await prepared(
      'link add lan up type bridge',
      'link add other up type bridge',
      `link add port address ${LOW} type veth peer name far`,
      `link add high address ${HIGH} type veth peer name away`,
      ...['port', 'far', 'high', 'away'].map((name) => `link set ${name} up`),
      ...(has === 'none' ? [] : [`link set ${has} master lan`]),
      'address add 10.1.0.1/24 dev lan',
      'address add 10.2.0.1/24 dev other',
      'neighbour add 10.1.0.9 lladdr 52:54:00:00:00:09 dev lan nud permanent',
      'neighbour add 10.2.0.9 lladdr 52:54:00:00:00:09 dev other nud permanent',
      'neighbour add proxy 10.1.0.77 dev lan',
    );
    const now = async () => {
      const macs = (await netns.ipJson<{ ifname: string; address: string; master?: string }[]>('link')).map(
        ({ ifname, address, master }) => [ifname, address, master],
      );
      return [macs, ...(await told(netns, 'neighbour show nud permanent', 'neighbour show proxy'))];
    };
    const before = await now();
    await refused(netns, change);
    expect(await now()).toEqual(before);
  });

  it('puts back what a bridge answers for as it was made: to stay when the bridge has no carrier', async () => {
    const bridges = { lan: ['port', 'far'], other: ['high', 'away'] } as const;
    await using netns = await prepared(
      ...Object.entries(bridges).flatMap(([bridge, [port, far]], i) => [
        `link add ${bridge} up type bridge`,
        `link add ${port} up master ${bridge} type veth peer name ${far}`,
        `link set ${far} up`,
        `neighbour add proxy 10.1.0.7${i} dev ${bridge}`,
      ]),
    );
    const state = async (bridge: string) =>
      (await netns.ipJson<{ operstate: string }[]>(`link show ${bridge}`))[0]?.operstate;
    const bothAre = (wanted: string) =>
      until(`both are ${wanted}`, async () =>
        (await Promise.all(Object.keys(bridges).map(state))).every((one) => one === wanted),
      );
    await bothAre('UP');
    await refused(netns, (tx) => tx.bridges.removePort('lan', 'port'));
    for (const [, far] of Object.values(bridges)) await netns.ip(`link set ${far} down`);
    await bothAre('DOWN');
    // Older kernels leave nothing of what nobody has told anew, either.
    const [touched, untouched] = await Promise.all(
      Object.keys(bridges).map((bridge) => netns.ipJson<object[]>(`neighbour show proxy dev ${bridge}`)),
    );
    expect(touched).toHaveLength(untouched?.length ?? 0);
  });

  it('leaves the MAC address of a bridge to its ports when none could be put into it', async () => {
    await using netns = await prepared(
      'link add lan up type bridge',
      `link add port address ${LOW} type veth peer name far`,
    );
    await using inside = host.in(netns.path);
    await expect(inside.bridges.addPort('lan', 'lo')).rejects.toMatchObject({ code: 'EINVAL' });
    await netns.ip('link set port master lan');
    expect((await inside.links.get('lan')).mac).toBe(LOW);
  });

  it('puts back the labels of addresses of a link that was called otherwise, and what leans on them', async () => {
    await using netns = await prepared(
      'link add lan type veth peer name far',
      'link add wan type veth peer name away',
      ...['lan', 'far', 'wan', 'away'].map((name) => `link set ${name} up`),
      'address add 10.1.0.1/24 dev lan label lan:web valid_lft 4000 preferred_lft 3000',
      'address add 10.1.0.2/24 dev lan',
      'address add 10.1.0.3/24 dev lan label lan:mail',
      'address add 10.2.0.1/16 dev lan metric 9',
      'address add 10.3.0.1/24 dev wan',
      'route add default via 10.1.0.254 src 10.1.0.2',
      'route add 10.9.0.0/24 via 10.3.0.254 src 10.2.0.1',
      'neighbour add 10.1.0.254 lladdr 52:54:00:00:00:09 dev lan nud permanent',
    );
    const now = () => told(netns, '-4 address', '-4 route show table all', 'neighbour show nud permanent');
    const before = await now();
    await refused(netns, ({ links }) => {
      links.rename('lan', 'guests');
      links.rename('wan', 'uplink');
    });
    expect(await now()).toEqual(before);
  });

  it('puts back how a link makes addresses of IPv6', async () => {
    await using netns = await prepared(
      'link add lan type veth peer name far',
      'link set lan addrgenmode random',
    );
    const now = async () => (await netns.ipJson('link show lan'))[0]?.inet6_addr_gen_mode;
    const before = await now();
    expect(before).toBe('random');
    await refused(netns, ({ links }) => links.set('lan', { addressGeneration: 'none', up: true }));
    expect(await now()).toBe(before);
  });

  const lastsOfIpv6 = async (netns: Netns) => [
    await told(netns, '-6 address', 'token list', '-6 route show'),
    (await netns.ipJson('link')).map(({ ifname, mtu, inet6_addr_gen_mode: mode }) => [ifname, mtu, mode]),
  ];
  const modes: [generation: string, usual: number][] = [
    ['none', 0],
    ['random', 0],
    ['none', 3],
    ['eui64', 1],
  ];
  it.each(modes)(
    'puts back what IPv6 of a link was told when its MTU was too small for it: %s where new ones have %i',
    async (generation, usual) => {
      await using netns = await prepared(
        'link add lan type veth peer name far',
        'link set far addrgenmode none up',
        `link set lan addrgenmode ${generation}`,
        'link set lan up',
        'address add fd01::1/64 dev lan nodad',
        'address add fe80::7/64 dev lan nodad',
        'token set ::1:2 dev lan',
        'route add default via fd01::fe',
      );
      await netns.inside.must('sysctl', `net.ipv6.conf.default.addr_gen_mode=${usual}`);
      await untilSettled(netns);
      const before = await lastsOfIpv6(netns);
      const change = (tx: Transaction) => tx.links.set('lan', { mtu: 1279 });
      await refused(netns, change);
      await untilSettled(netns);
      expect(await lastsOfIpv6(netns)).toEqual(before);
      await using inside = host.in(netns.path);
      await inside.transaction(change);
      expect(await lastsOfIpv6(netns)).not.toEqual(before);
    },
  );

  it('says which link could not be told again what a sysctl had to allow', async () => {
    await using netns = await prepared(
      'link add lan type veth peer name far',
      'link set lan up',
      'token set ::1:2 dev lan',
    );
    await netns.inside.must('sysctl', 'net.ipv6.conf.default.accept_ra=0');
    await using inside = host.in(netns.path);
    const failed: unknown = await inside
      .transaction((tx) => {
        tx.links.set('lan', { mtu: 1000 });
        tx.addresses.add('lo', '127.0.0.1/8');
      })
      .catch((reason: unknown) => reason);
    expect(failed).toMatchObject({ code: 'EEXIST', device: 'lo' });
    const { cause } = failed as { cause: AggregateError };
    expect(cause.errors).toMatchObject([
      { message: "restore IPv6 of link 'lan'", cause: { code: 'EINVAL' } },
    ]);
  });

  it('puts back the own address of the loopback device', async () => {
    await using netns = await prepared();
    const now = () => told(netns, 'address show lo');
    const before = await now();
    expect(JSON.stringify(before)).toContain('"::1"');
    await refused(netns, ({ links }) => links.set('lo', { mtu: 1000 }));
    expect(await now()).toEqual(before);
  });

  it('puts back an address of its own that the kernel would not make again', async () => {
    await using netns = await prepared(
      'link add lan type veth peer name far',
      'link set lan addrgenmode eui64',
      'link set far up',
      'link set lan up',
    );
    await untilSettled(netns);
    await netns.ip('link set lan addrgenmode none');
    const before = await lastsOfIpv6(netns);
    expect(JSON.stringify(before)).toContain('"fe80::');
    await refused(netns, ({ links }) => links.down('lan'));
    await untilSettled(netns);
    expect(await lastsOfIpv6(netns)).toEqual(before);
  });

  it('puts back all of IPv6 of a bridge that had the MTU of a port for a while', async () => {
    await using netns = await prepared(
      'link add lan type bridge',
      'link add port mtu 1000 type veth peer name far',
      'link set lan addrgenmode none',
      'link set lan up',
      'address add fd01::1/64 dev lan nodad',
      'route add fd09::/64 via fd01::fe',
      'neighbour add fd01::fe lladdr 52:54:00:00:00:02 dev lan nud permanent',
    );
    const now = async () => [
      await lastsOfIpv6(netns),
      await told(netns, '-6 neighbour show nud permanent dev lan'),
    ];
    const before = await now();
    await refused(netns, ({ bridges }) => bridges.addPort('lan', 'port'));
    expect(await now()).toEqual(before);
    const made = { kind: 'veth', name: 'new', mtu: 1000, master: 'lan', options: {} } as const;
    await refused(netns, ({ links }) => links.create(made));
    expect(await now()).toEqual(before);
  });

  it.each([
    ['others', { macAction: 'set', macs: ['52:54:00:00:00:07'] }],
    ['none', { macAction: 'flush' }],
    ['those of others', { mode: 'bridge' }],
  ] as const)(
    'puts back the addresses that a macvlan takes frames from when it is told %s',
    async (_, changes) => {
      await using netns = await prepared(
        'link add base type veth peer name far',
        'link add src link base type macvlan mode source',
        ...['05', '06'].map((end) => `link set src type macvlan macaddr add 52:54:00:00:00:${end}`),
      );
      const now = async () =>
        (await netns.ipJson<{ linkinfo: { info_data: object } }[]>('link show src'))[0]?.linkinfo.info_data;
      const before = await now();
      expect(JSON.stringify(before)).toContain('52:54:00:00:00:06');
      await refused(netns, ({ links }) => links.setKind('src', 'macvlan', changes as never));
      expect(await now()).toEqual(before);
    },
  );
});
