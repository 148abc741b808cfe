import { expect, it } from 'vitest';
import { type Host, host, KernelError } from '../../lib/host/index.js';
import { runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { Talk } from './talk.js';

interface Place {
  netns: Netns;
  inside: Host;
  beyond: Netns;
}

/** Linux keeps these to itself: they come, go and count without anybody's asking. */
const NOISE = [
  'ifindex',
  'link_index',
  'qdisc',
  'operstate',
  'valid_life_time',
  'preferred_life_time',
  'expires',
  'cacheinfo',
  'tentative',
];
const CARRIER = ['linkdown', 'NO-CARRIER', 'LOWER_UP', 'M-DOWN'];

const STATE = [
  'address',
  '-4 route show table all',
  '-6 route show table all',
  '-4 rule',
  '-6 rule',
  'neighbour show nud permanent',
  'neighbour show proxy',
];

const quiet = (state: unknown) =>
  JSON.stringify(
    state,
    (key, value) =>
      NOISE.includes(key) || key.endsWith('_timer')
        ? undefined
        : Array.isArray(value)
          ? value.filter((one) => !CARRIER.includes(one))
          : value,
    1,
  );

/** Everything there is. */
async function stateOf(netns: Netns): Promise<string> {
  const state = [await netns.ipJson('link')];
  for (const command of STATE) state.push(await netns.ipJson(command));
  return quiet(state);
}

/** What the devices have, whichever of them has it; without what the kernel makes by itself on each. */
async function havingsOf(netns: Netns, ...devices: string[]): Promise<string> {
  const [links = [], ...others] = await Promise.all(STATE.map((command) => netns.ipJson(command)));
  const addresses = links
    .filter(({ ifname }) => devices.includes(String(ifname)))
    .flatMap(({ addr_info: info }) => info as Record<string, unknown>[])
    .filter(({ local }) => !/^fe80::.*ff:fe/.test(String(local)));
  const own = (entry: Record<string, unknown>) =>
    !(/^(fe80|ff00|multicast)/.test(String(entry.dst)) && entry.protocol === 'kernel');
  const all = quiet([addresses, ...others.map((list) => list.filter(own))]);
  return devices.reduce((text, device) => text.replaceAll(new RegExp(`\\b${device}\\b`, 'g'), 'NIC'), all);
}

/** Waits for the addresses that the kernel makes by itself and asks for on the wire. */
const settled = (inside: Host) =>
  until('no address is tentative', async () =>
    (await inside.addresses.list()).every(({ flags }) => !flags.includes('tentative')),
  );

/** A host with a NIC `eth0` and much on it, and another one beyond the cable; `eth1` is the host's other NIC. */
async function makePlace(): Promise<Place & AsyncDisposable> {
  const [netns, beyond] = [await freshNetns(), await freshNetns()];
  const inside = host.in(netns.path);
  for (const name of ['eth0', 'eth1']) {
    const peer = { name: `far-${name}`, netns: beyond.path };
    await inside.links.create({ kind: 'veth', name, mtu: 1400, up: true, options: { peer } });
    await beyond.ip(`link set far-${name} mtu 1400 up`);
  }
  for (const command of [
    'link set lo up',
    'address add 192.168.60.1/24 brd + dev eth0',
    'address add 192.168.60.2/24 dev eth0 label eth0:web',
    'address add 10.60.0.1/24 dev eth0 metric 77 valid_lft 4000 preferred_lft 3000',
    'address add 10.61.0.1 peer 10.61.0.9 dev eth0',
    'address add 10.62.0.1/24 dev eth0 noprefixroute scope site',
    'address add fd60::1/64 dev eth0 nodad',
    'address add fd60::2/64 dev eth0 nodad preferred_lft 0',
    'address add fd61::1/64 dev eth0 nodad noprefixroute',
    'address add fe80::60/64 dev eth0 nodad',
    'address add 192.168.60.3/24 dev eth1',
    'address add 192.168.70.1/24 dev eth1',
    'address add fd70::1/64 dev eth1 nodad',
    'route add default via 192.168.60.254',
    'route add default via 192.168.60.253 metric 100 proto dhcp src 192.168.60.1 mtu 1300',
    'route append default via 192.168.60.252 metric 100 proto dhcp',
    'route add 10.70.0.0/16 nexthop via 192.168.60.254 dev eth0 weight 3 nexthop via 192.168.70.254 dev eth1',
    'route add 10.71.0.0/16 via 192.168.60.254 table 71 src 192.168.60.2',
    'route add 10.72.0.0/16 via 172.16.0.1 dev eth0 onlink',
    'route add 10.73.0.0/16 dev eth0 metric 5 proto static',
    'route add 172.17.0.1 dev eth0 scope link',
    'route add 10.74.0.0/16 via 172.17.0.1',
    'route add 10.75.0.0/16 via inet6 fe80::fe dev eth0',
    'route add local 10.76.0.0/16 dev eth0',
    'route add 10.77.0.0/16 via 192.168.70.254 dev eth1',
    '-6 route add default via fe80::fe dev eth0 metric 50',
    '-6 route add fd71::/64 via fd60::fe src fd60::1 table 71',
    '-6 route add fd72::/64 dev eth0 metric 9',
    '-6 route append fd72::/64 dev eth1 metric 9',
    '-6 route add fd73::/64 nexthop via fd60::fe dev eth0 nexthop via fd70::fe dev eth1 weight 2',
    '-6 route add fd74::/64 via fd60::fe expires 1000',
    '-6 route add fd75::/64 via fe80::fe dev eth0 proto ra pref high',
    'rule add iif eth0 lookup 71 priority 100',
    'rule add from 10.0.0.0/8 lookup 72 priority 100',
    'rule add oif eth0 lookup 71 priority 100',
    'rule add iif eth1 lookup 73 priority 101',
    '-6 rule add not iif eth0 fwmark 7/15 lookup 71 priority 100',
    'neighbour add 192.168.60.7 lladdr 52:54:00:00:00:07 dev eth0 nud permanent',
    'neighbour add fd60::7 lladdr 52:54:00:00:00:07 dev eth0 nud permanent router',
    'neighbour add proxy 192.168.60.9 dev eth0',
  ])
    await netns.ip(command);
  for (const command of [
    'address add 192.168.60.254/24 dev far-eth0',
    'address add fd60::fe/64 dev far-eth0 nodad',
  ])
    await beyond.ip(command);
  await settled(inside);
  return {
    netns,
    inside,
    beyond,
    [Symbol.asyncDispose]: async () => {
      await inside.close();
      await netns[Symbol.asyncDispose]();
      await beyond[Symbol.asyncDispose]();
    },
  };
}

describeWith([...HOST_NEEDS, 'busybox'], 'a bridge over a NIC', () => {
  it('takes over all that the NIC has, and gives it back, while connections go on', async () => {
    await using place = await makePlace();
    const { netns, inside, beyond } = place;
    await using ipv4 = await Talk.start(netns.inside, '192.168.60.1', beyond.inside);
    await using ipv6 = await Talk.start(netns.inside, 'fd60::1', beyond.inside);
    const talks = [ipv4, ipv6];
    for (const talk of talks) await talk.goesOn();
    const before = await stateOf(netns);
    const havings = await havingsOf(netns, 'eth0');

    const bridge = await inside.bridges.takeOver('br0', 'eth0');
    for (const talk of talks) await talk.goesOn();
    const nic = await inside.links.get('eth0');
    expect(bridge).toMatchObject({ kind: 'bridge', mac: nic.mac, mtu: 1400, up: true });
    expect(bridge.options).toMatchObject({ stp: false });
    expect(nic.master).toBe('br0');
    expect(await havingsOf(netns, 'br0')).toBe(havings);
    expect((await inside.addresses.list({ link: 'eth0' })).map(({ scope }) => scope)).toEqual(['link']);
    expect(await netns.inside.must('busybox', 'ping', '-c', '1', '192.168.60.254')).toContain(
      '1 packets rec',
    );

    await inside.bridges.giveBack('br0', 'eth0');
    for (const talk of talks) await talk.goesOn();
    expect(await inside.links.find('br0')).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
  });

  /** Lets a take-over or giving back fail, after which all has to be as it was and the connection to go on. */
  async function failing(
    { netns, inside, beyond }: Place,
    work: () => Promise<unknown>,
    address = '192.168.60.1',
  ): Promise<KernelError> {
    await using talk = await Talk.start(netns.inside, address, beyond.inside);
    await talk.goesOn();
    await settled(inside);
    const before = await stateOf(netns);
    const error = await work().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(KernelError);
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
    await talk.goesOn();
    return error as KernelError;
  }

  it('leaves all as it was when a route would not be taken a second time', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    // Its gateway was in a subnet when it was made.
    await netns.ip('address add 10.90.0.1/24 dev eth0');
    await netns.ip('route add 10.91.0.0/16 via 10.90.0.9');
    await netns.ip('address del 10.90.0.1/24 dev eth0');
    const error = await failing(place, () => inside.bridges.takeOver('br0', 'eth0'));
    expect(error).toMatchObject({ code: 'ENETUNREACH', device: 'br0', call: 'RTM_NEWROUTE' });
    expect(error.message).toMatch(
      /^cannot move route to 10\.91\.0\.0\/16 from 'eth0' to 'br0': .*onLink: true/,
    );
    expect(await inside.links.find('br0')).toBeUndefined();
  });

  it('leaves all as it was when new links have no IPv6', async () => {
    await using place = await makePlace();
    await place.netns.inside.must('sysctl', 'net.ipv6.conf.default.disable_ipv6=1');
    const error = await failing(place, () => place.inside.bridges.takeOver('br0', 'eth0'));
    expect(error).toMatchObject({ code: 'EACCES', call: 'RTM_NEWADDR' });
    expect(error.hint).toContain('net.ipv6.conf.default.disable_ipv6=0');
  });

  it('leaves all as it was when an address is at the NIC already, or the bridge must stay', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    await inside.bridges.takeOver('br0', 'eth0', { alias: 'uplink', ageingTime: 60 });
    expect((await inside.links.get('br0')).alias).toBe('uplink');
    const back = (force = false) => inside.bridges.giveBack('br0', 'eth0', { force });

    await netns.ip('link add guest0 type veth peer name guest1');
    await netns.ip('link set guest0 master br0');
    const busy = await failing(place, () => back());
    expect(busy).toMatchObject({ code: 'EBUSY', detail: 'it has ports: guest0' });
    expect(busy.hint).toContain('force: true');

    await netns.ip('address add 10.60.0.1/24 dev eth0');
    const clash = await failing(place, () => back(true));
    expect(clash).toMatchObject({ code: 'EEXIST', object: "address 10.60.0.1/24 from 'br0' to 'eth0'" });
    await netns.ip('address del 10.60.0.1/24 dev eth0');

    const disable = (value: number) =>
      netns.inside.must('sysctl', `net.ipv6.conf.eth0.disable_ipv6=${value}`);
    await disable(1);
    expect(await failing(place, () => back(true))).toMatchObject({ code: 'EACCES', call: 'RTM_NEWADDR' });
    await disable(0);

    await netns.ip('link add link br0 name upon0 type macvtap mode bridge');
    expect(await failing(place, () => back(true))).toMatchObject({ code: 'EBUSY', detail: /upon0/ });
    await netns.ip('link del upon0');

    await back(true);
    expect(await netns.linkNames()).not.toContain('br0');
    expect((await netns.ipJson('link show dev guest0'))[0]).not.toHaveProperty('master');
  });

  it('is refused over what can be no port, and under a name that is taken', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    await netns.ip('link add taken type ifb');
    await netns.ip('link add other type bridge');
    await netns.ip('link add port0 master other type veth peer name port1');
    const rows: [bridge: string, nic: string, code: string, words: RegExp][] = [
      ['taken', 'eth0', 'EEXIST', /cannot create bridge 'taken'.*host\.links\.get/],
      ['br0', 'eth9', 'ENODEV', /cannot take over link 'eth9'.*host\.links\.list/],
      ['br0', 'lo', 'EINVAL', /'lo': .*it is of type loopback.*Ethernet only/],
      ['br0', 'other', 'ELOOP', /it is a bridge itself.*build\.network\.bridged/],
      ['br0', 'port0', 'EBUSY', /it is in 'other' already.*master: null/],
    ];
    for (const [bridge, nic, code, words] of rows) {
      const error = await failing(place, () => inside.bridges.takeOver(bridge, nic));
      expect(error.message).toMatch(words);
      expect(error.code).toBe(code);
    }
    for (const [bridge, nic, words] of [
      ['taken', 'eth0', /it is a ifb and not a bridge/],
      ['other', 'eth0', /'eth0': .*it is in no bridge/],
      ['other', 'eth9', /no device 'eth9'/],
      ['br9', 'eth0', /no device 'br9'/],
    ] as const)
      expect((await failing(place, () => inside.bridges.giveBack(bridge, nic))).message).toMatch(words);
    await expect(inside.bridges.takeOver('br0', 'eth0', { mtu: 9000 } as never)).rejects.toThrow(
      "options.mtu: that is the NIC's",
    );
  });

  it('is refused where macvtap devices are on the NIC, and over next hop objects', async () => {
    await using place = await makePlace();
    const { netns, inside } = place;
    await netns.ip('link add link eth0 name upon0 type macvtap mode bridge');
    const busy = await failing(place, () => inside.bridges.takeOver('br0', 'eth0'));
    expect(busy).toMatchObject({ code: 'EBUSY', hint: expect.stringContaining('macvtap') });
    await netns.ip('link del upon0');
    await netns.ip('nexthop add id 7 via 192.168.60.254 dev eth0');
    await netns.ip('route add 10.92.0.0/16 nhid 7');
    const held = await failing(place, () => inside.bridges.takeOver('br0', 'eth0'));
    expect(held).toMatchObject({ code: 'EOPNOTSUPP', detail: 'it leads to a next hop object (nhid 7)' });
  });

  it('is what examples/host-bridge.ts makes, and gives back', async () => {
    await using place = await makePlace();
    const { netns, inside, beyond } = place;
    await using talk = await Talk.start(netns.inside, '192.168.60.1', beyond.inside);
    const before = await stateOf(netns);
    const run = (...args: string[]) => runExample('examples/host-bridge.ts', '--netns', netns.path, ...args);
    const made = await run();
    expect({ stderr: made.stderr, code: made.code }).toEqual({ stderr: '', code: 0 });
    expect(made.stdout).toContain('br0 has 192.168.60.1/24\n');
    expect(made.stdout).toContain('default by 192.168.60.254 over br0\n');
    expect(made.stdout).toContain('<bridge name="br0"/>'.replaceAll('"', "'"));
    const again = await run();
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^cannot take over link 'eth0': .*it is in 'br0' already/);
    const gone = await run('--back');
    expect({ stderr: gone.stderr, code: gone.code }).toEqual({ stderr: '', code: 0 });
    expect(gone.stdout).toContain('eth0 has 192.168.60.1/24\n');
    expect(await inside.links.find('br0')).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
    await talk.goesOn();
  });
});
