// What a transaction took away or changed, put back when it is refused with all that it had, what virtnet has no name
// for, too.

import { expect, it } from 'vitest';
import { host, type KernelError, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';

/** Two links, and all that can be told of what is on them, as ip is told. */
const PREPARED = `
  link add lan mtu 1500 type veth peer name far
  link add wan type veth peer name away
  link set lo up
  link set lan addrgenmode none
  link set far addrgenmode none
  link set wan addrgenmode none
  link set away addrgenmode none
  link set lan up
  link set far up
  link set wan up
  link set away up
  address add 10.1.0.1/24 dev lan
  address add 10.1.0.2/24 dev lan label lan:two
  address add 10.1.0.3/24 dev lan noprefixroute
  address add 10.2.0.1 peer 10.2.0.9/32 dev lan scope link metric 7
  address add 10.3.0.1/24 brd + dev wan valid_lft 9000 preferred_lft 8000
  address add 10.3.0.1/16 dev wan
  address add 239.9.9.9/32 dev wan autojoin
  address add fd01::1/64 dev lan nodad home mngtmpaddr
  address add fd01::2/64 dev lan nodad noprefixroute metric 9
  address add fd02::1/64 dev wan nodad
  nexthop add id 7 via 10.1.0.254 dev lan
  nexthop add id 8 via 10.1.0.253 dev lan
  nexthop add id 9 group 7/8,3
  nexthop add id 16 via fd01::fe dev lan
  route add default via 10.1.0.254 tos 0x10 metric 3
  route add default via 10.1.0.254 metric 5 mtu lock 1400 advmss 1300 congctl cubic features ecn src 10.1.0.2
  route add 10.9.0.0/24 nhid 7 proto 42
  route add 10.9.1.0/24 nhid 9
  route add 10.9.2.0/24 nexthop via 10.77.0.1 dev lan onlink weight 3 nexthop via 10.1.0.9 dev lan weight 2
  route add 10.9.3.0/24 via inet6 fd01::fe dev lan
  route add 10.9.4.0/24 dev lan scope link realm 5
  route add 10.9.5.0/24 via 10.1.0.7
  route append 10.9.5.0/24 via 10.1.0.8
  route append 10.9.5.0/24 via 10.1.0.9
  route add blackhole 10.9.6.0/24 table 77
  route add 10.9.7.0/24 encap ip id 7 dst 10.1.0.9 via 10.1.0.9 dev lan
  route add fd09::/64 via fd01::fe pref high metric 12 src fd01::2
  route add fd0a::/64 nexthop via fd01::fd dev lan weight 2 nexthop via fd01::fe dev lan
  route add fd0b::/64 nhid 16
  route add fd0c::/64 dev lan expires 9000
  route add fd0d::/64 from fd01::/64 via fd01::fe
  rule add from 10.9.0.0/24 table 7 priority 70 tos 0x10
  rule add from all to 10.9.1.0/24 fwmark 0x7/0xf table 70 priority 70 suppress_prefixlength 8
  rule add from all iif lan lookup 71 priority 70 suppress_ifgroup 4 protocol 42
  rule add not from 10.9.9.0/24 ipproto tcp sport 7 dport 80-90 uidrange 7-9 table 72 priority 71 realms 3
  rule add from all tun_id 7 table 73 priority 72
  neighbour add 10.1.0.254 lladdr 52:54:00:00:00:01 dev lan nud permanent extern_learn
  neighbour add 10.1.0.253 lladdr 52:54:00:00:00:02 dev lan nud noarp protocol 42
  neighbour add proxy 10.1.0.77 dev lan
  neighbour add fd01::fe lladdr 52:54:00:00:00:03 dev lan nud permanent router
`;

async function prepared(): Promise<Netns> {
  const netns = await freshNetns();
  const input = PREPARED.trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
  await netns.inside.mustWith({ input }, 'ip', '-batch', '-');
  return netns;
}

interface Dumped {
  protocol?: string;
  addr_info?: { local: string }[];
}

/** All of it, but for lifetimes that run, and what comes and goes by itself. */
async function dumped(netns: Netns): Promise<string[]> {
  const quiet = (key: string, value: unknown) => {
    if (/life_time$|^expires$/.test(key)) return Number(value) > 4e9;
    if (Array.isArray(value)) return value.filter((one) => !/linkdown|NO-CARRIER|LOWER_UP/.test(one));
    return /^(tentative|operstate)$|_timer$/.test(key) ? undefined : value;
  };
  const all: string[] = [];
  const ofKernel: string[] = [];
  for (const command of [
    'address',
    '-4 route show table all',
    '-6 route', // the local ones follow their addresses some time later
    '-4 rule',
    '-4 neighbour show to 10.0.0.0/8 nud all',
    '-6 neighbour show nud permanent',
    'neighbour show proxy',
  ])
    for (const one of await netns.ipJson<Dumped[]>(command)) {
      // What is put back comes first or last.
      one.addr_info?.sort((a, b) => (a.local < b.local ? -1 : 1));
      const list = one.protocol === 'kernel' ? ofKernel : all;
      list.push(`${command}: ${JSON.stringify(one, quiet, 1)}`);
    }
  // It makes those of its links in their order.
  return [...all, ...ofKernel.sort()];
}

describeWith(HOST_NEEDS, 'a transaction that is refused', () => {
  const changes: [string, (tx: Transaction) => void][] = [
    ['a label', ({ addresses }) => addresses.delete('lan', '10.1.0.2/24')],
    ['no route of its own', ({ addresses }) => addresses.delete('lan', '10.1.0.3/24')],
    ['others of its subnet behind it, and routes', ({ addresses }) => addresses.delete('lan', '10.1.0.1/24')],
    ['a peer, a scope and a metric', ({ addresses }) => addresses.delete('lan', '10.2.0.1')],
    [
      'another prefix, and one that was given a peer',
      ({ addresses }) => {
        addresses.add('wan', '10.4.0.1', { peer: '10.4.0.9' });
        addresses.delete('wan', '10.3.0.1/16');
      },
    ],
    ['lifetimes', ({ addresses }) => addresses.replace('wan', '10.3.0.1/24', { metric: 12 })],
    ['a group that it joins', ({ addresses }) => addresses.delete('wan', '239.9.9.9/32')],
    ['temporary ones to manage, and a home', ({ addresses }) => addresses.delete('lan', 'fd01::1/64')],
    ['a route that it is the source of', ({ addresses }) => addresses.delete('lan', 'fd01::2/64')],
    [
      'flags that it is not told again',
      ({ addresses }) => addresses.replace('lan', 'fd01::1/64', { metric: 3 }),
    ],
    [
      'the place of another one',
      ({ addresses }) => {
        addresses.delete('wan', 'fd02::1/64');
        addresses.add('wan', 'fd02::1/64', {
          preferredLifetime: 7,
          validLifetime: 8,
          noDuplicateDetection: true,
        });
      },
    ],
    ['metrics and a source', ({ routes }) => routes.delete({ destination: 'default', metric: 5 })],
    ['a type of service of its own', ({ routes }) => routes.delete({ destination: 'default', tos: 0x10 })],
    ['a next hop object', ({ routes }) => routes.delete({ destination: '10.9.0.0/24' })],
    [
      'a group of next hop objects',
      ({ routes }) => routes.replace({ destination: '10.9.1.0/24', type: 'blackhole' }),
    ],
    ['ways of which one is on the link', ({ routes }) => routes.delete({ destination: '10.9.2.0/24' })],
    [
      'a gateway of IPv6',
      ({ routes }) => routes.replace({ destination: '10.9.3.0/24', gateway: '10.1.0.4' }),
    ],
    ['a realm', ({ routes }) => routes.delete({ destination: '10.9.4.0/24' })],
    ['others behind it', ({ routes }) => routes.delete({ destination: '10.9.5.0/24' })],
    ['others before it', ({ routes }) => routes.delete({ destination: '10.9.5.0/24', gateway: '10.1.0.9' })],
    ['a table of its own', ({ routes }) => routes.delete({ destination: '10.9.6.0/24', table: 77 })],
    ['an encapsulation', ({ routes }) => routes.delete({ destination: '10.9.7.0/24' })],
    ['a preference', ({ routes }) => routes.delete({ destination: 'fd09::/64', metric: 12 })],
    ['ways of IPv6', ({ routes }) => routes.delete({ destination: 'fd0a::/64' })],
    ['one of its ways', ({ routes }) => routes.delete({ destination: 'fd0a::/64', gateway: 'fd01::fd' })],
    ['an object of IPv6', ({ routes }) => routes.delete({ destination: 'fd0b::/64' })],
    ['an end', ({ routes }) => routes.replace({ destination: 'fd0c::/64', device: 'lan' })],
    ['a source subnet', ({ routes }) => routes.delete({ destination: 'fd0d::/64', source: 'fd01::/64' })],
    ['a type of service, and others of its priority', ({ rules }) => rules.delete({ priority: 70 })],
    ['a mark', ({ rules }) => rules.delete({ priority: 70, to: '10.9.1.0/24' })],
    ['ports, users and realms', ({ rules }) => rules.delete({ priority: 71 })],
    ['a tunnel', ({ rules }) => rules.delete({ priority: 72 })],
    ['one who learnt it', ({ neighbours }) => neighbours.delete('lan', '10.1.0.254')],
    ['a protocol', ({ neighbours }) => neighbours.replace('lan', '10.1.0.253', { mac: '52:54:00:00:00:99' })],
    ['an answer for it', ({ neighbours }) => neighbours.delete('lan', '10.1.0.77', { proxy: true })],
    ['that it routes', ({ neighbours }) => neighbours.delete('lan', 'fd01::fe')],
    ['all that goes with a link that goes down', ({ links }) => links.down('lan')],
    ['neighbours that go with a MAC address', ({ links }) => links.set('lan', { mac: '52:54:00:00:00:aa' })],
    ['neighbours that nobody is asked for', ({ links }) => links.set('lan', { arp: false })],
    [
      'flags of frames for many',
      ({ links }) => links.set('lan', { multicast: false, allMulticast: true, promiscuous: true }),
    ],
  ];

  it.each(changes)('puts back what had %s', async (title, change) => {
    await using netns = await prepared();
    await using inside = host.in(netns.path);
    // Next hop objects go with a link that goes down, and nobody here makes such.
    if (title.includes('goes down')) await netns.ip('nexthop flush');
    const before = await dumped(netns);
    await refusedBehind(inside, change);
    expect(await dumped(netns)).toEqual(before);
    await inside.transaction(change);
    expect(await dumped(netns)).not.toEqual(before);
  });

  it('puts back into the bridge whose name was to be taken by another', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    for (const command of ['lan type bridge', 'other type bridge', 'port type veth peer name far'])
      await netns.ip(`link add ${command}`);
    await netns.ip('link set port master lan');
    const before = await netns.ipJson('link show dev port');
    const error = await inside
      .transaction((tx) => {
        tx.links.set('port', { master: 'other' });
        tx.links.create({ kind: 'bridge', name: 'lan' });
      })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'EEXIST', device: 'lan', position: 1 });
    expect((error as KernelError).cause).toBeUndefined();
    expect(await netns.ipJson('link show dev port')).toEqual(before);
  });

  it('puts back all of IPv6 that goes with an MTU, on the link, on what stands on it and on its bridge', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await netns.inside.must('sysctl', 'net.ipv6.conf.default.addr_gen_mode=1');
    for (const command of [
      'link set lo up',
      'link add lan type bridge',
      'link add port type veth peer name far',
      'link add base type veth peer name away',
      'link add link base name upon mtu 1450 type macvlan',
      'link add link base name down type macvlan',
      'link set port master lan',
      ...['lan', 'port', 'far', 'base', 'away', 'upon'].map((name) => `link set ${name} up`),
      'address add fd01::1/64 dev lan nodad',
      'address add fd02::1/64 dev base nodad metric 9',
      'address add fd03::1/64 dev upon nodad',
      'address add fd04::1/64 dev down nodad',
      'route add fd09::/64 via fd01::fe',
      'route add fd0a::/64 via fd02::fe metric 7',
      'route add default via fd03::fe src fd03::1',
      'neighbour add fd02::fe lladdr 52:54:00:00:00:02 dev base nud permanent router',
      'neighbour add 10.0.0.1 lladdr 52:54:00:00:00:03 dev lan nud permanent',
    ])
      await netns.ip(command);
    const mtus = async () =>
      (await netns.ipJson<{ ifname: string; mtu: number }[]>('link')).map(({ ifname, mtu }) => [ifname, mtu]);
    const before = [await dumped(netns), await mtus()];
    const change = (tx: Transaction) => {
      tx.links.set('port', { mtu: 1000, mac: '52:54:00:00:00:aa' });
      tx.links.set('base', { mtu: 1279 });
    };
    await refusedBehind(inside, change);
    expect([await dumped(netns), await mtus()]).toEqual(before);
    await inside.transaction(change);
    expect(await netns.ip('-6 address show scope global')).toBe('');
  });

  it('has ports forward as before in a bridge that was without the spanning tree', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    for (const command of [
      'link set lo up',
      'link add br0 type bridge forward_delay 0',
      'link add br1 type bridge',
      ...['p0', 'p1', 'p2', 'p3'].map((name) => `link add ${name} master br0 type veth peer name ${name}p`),
      ...['br0', 'br1', 'p0', 'p1', 'p2', 'p3'].map((name) => `link set ${name} up`),
      ...['p0p', 'p1p', 'p2p', 'p3p'].map((name) => `link set ${name} up`),
    ])
      await netns.ip(command);
    const states = async () => {
      const ports = await netns.bridgeJson<{ ifname: string; state: string }[]>('link show');
      return ports.map(({ ifname, state }) => `${ifname} ${state}`).sort();
    };
    const options = async () =>
      (await netns.ipJson<{ linkinfo: { info_data: object } }[]>('link show br0'))[0]?.linkinfo.info_data;
    const before = await states();
    expect(before).toEqual(['p0', 'p1', 'p2', 'p3'].map((name) => `${name} forwarding`));
    expect(await options()).toMatchObject({ stp_state: 0, forward_delay: 0 });
    await refusedBehind(inside, (tx) => {
      tx.bridges.set('br0', { stp: true });
      tx.bridges.set('br0', { forwardDelay: 20 });
      tx.bridges.removePort('br0', 'p0');
      tx.links.set('p1', { master: null });
      tx.links.set('p2', { master: 'br1' });
      tx.links.down('p3');
    });
    expect(await states()).toEqual(before);
    expect(await options()).toMatchObject({ stp_state: 0, forward_delay: 0 });
  });

  it('puts back forwarding entries, of a bridge on the port that had them, of a VXLAN all of them', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    for (const command of [
      'link add name lan type bridge',
      'link add p0 master lan type veth peer name q0',
      'link add p1 master lan type veth peer name q1',
      'link add vx type vxlan id 7 dstport 4789',
    ])
      await netns.ip(command);
    const entries = [
      '52:54:00:00:00:01 dev p0 master static sticky',
      '52:54:00:00:00:02 dev p0 master static extern_learn',
      '00:00:00:00:00:00 dev vx self dst 10.0.0.1 port 4790 vni 8',
      '00:00:00:00:00:00 dev vx self dst 10.0.0.2',
    ];
    for (const entry of entries) await netns.inside.must('bridge', 'fdb', 'append', ...entry.split(' '));
    const now = async () => {
      const all = await netns.bridgeJson<{ mac: string; updated?: number; used?: number }[]>('fdb show');
      return all
        .filter(({ mac }) => /^(52:54|00:00)/.test(mac))
        .map(({ updated: _updated, used: _used, ...entry }) => JSON.stringify(entry))
        .sort();
    };
    const before = await now();
    expect(before).toHaveLength(entries.length);
    expect(await inside.bridges.fdb.list({ link: 'vx' })).toContainEqual(
      expect.objectContaining({ destination: '10.0.0.1', port: 4790, vni: 8 }),
    );
    const change = (tx: Transaction) => {
      tx.bridges.fdb.delete('p0', '52:54:00:00:00:01', { table: 'master' });
      tx.bridges.fdb.replace('p1', '52:54:00:00:00:02', { table: 'master', state: 'static' });
      tx.bridges.fdb.delete('vx', '00:00:00:00:00:00', { destination: '10.0.0.2' });
      tx.bridges.fdb.append('vx', '00:00:00:00:00:00', { destination: '10.0.0.3' });
    };
    await expect(
      inside.transaction((tx) => {
        change(tx);
        tx.links.up('lo');
        tx.addresses.add('lo', '127.0.0.1/8');
      }),
    ).rejects.toSatisfy((error) => error.code === 'EEXIST' && error.cause === undefined);
    expect(await now()).toEqual(before);
    await inside.transaction(change);
    expect(await now()).not.toEqual(before);
  });
});
