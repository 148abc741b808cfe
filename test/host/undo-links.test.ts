// What a link or its bridge has by itself, put back when the transaction that changed the link is refused.

import { expect, it } from 'vitest';
import { host, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
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
  /^(operstate|protocol)$|life_time$/.test(key)
    ? undefined
    : Array.isArray(value)
      ? value.filter((one) => !/linkdown|NO-CARRIER|LOWER_UP/.test(one))
      : value;

const told = async (netns: Netns, ...commands: string[]): Promise<unknown[]> =>
  JSON.parse(JSON.stringify(await Promise.all(commands.map((command) => netns.ipJson(command))), quiet));

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
