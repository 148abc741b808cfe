// A host with a NIC that has much, for tests of what takes it over, and how it is looked at.

import { expect } from 'vitest';
import { type Host, host, KernelError } from '../../lib/host/index.js';
import { until } from '../lab/until.js';
import { freshNetns, type Netns } from './netns.js';
import { Talk } from './talk.js';

export interface Place {
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
  'neighbour show to 192.168.60.0/24 nud noarp',
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
export async function stateOf(netns: Netns): Promise<string> {
  const state = [await netns.ipJson('link')];
  for (const command of STATE) state.push(await netns.ipJson(command));
  return quiet(state);
}

/** What the devices have, whichever of them has it; without what the kernel makes by itself on each. */
export async function havingsOf(netns: Netns, ...devices: string[]): Promise<string> {
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
export const settled = (inside: Host) =>
  until('no address is tentative', async () =>
    (await inside.addresses.list()).every(({ flags }) => !flags.includes('tentative')),
  );

/** A host with a NIC `eth0` and much on it, and another one beyond the cable; `eth1` is the host's other NIC. */
export async function makePlace(): Promise<Place & AsyncDisposable> {
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
    'address add fd60::3/64 dev eth0 metric 9',
    'address add fd62::1/64 dev eth0 valid_lft 4000 preferred_lft 3000',
    'address add fe80::60/64 dev eth0 nodad',
    'address add 192.168.60.3/24 dev eth1',
    'address add 192.168.70.1/24 dev eth1',
    'address add fd60::70/64 dev eth1 nodad',
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
    'neighbour add 192.168.60.6 lladdr 52:54:00:00:00:06 dev eth0 nud noarp',
    'neighbour add proxy 192.168.60.9 dev eth0',
  ])
    await netns.ip(command);
  for (const command of [
    'address add 192.168.60.254/24 dev far-eth0',
    'address add fd60::fe/64 dev far-eth0 nodad',
    'address add fd62::fe/64 dev far-eth0 nodad',
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

/** Lets a take-over or giving back fail, after which all has to be as it was and the connection to go on. */
export async function failing(
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
