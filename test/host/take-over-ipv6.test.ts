// What a NIC has of IPv6 for a time only: neighbours stay within reach when a bridge takes it over, and when it is given
// back.

import { expect, it } from 'vitest';
import { encodeFrame, type Host, host, Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { settled } from './nic.js';
import { Talk } from './talk.js';

/** The prefix of the cable; at ::f1 to ::f4 of it is a neighbour, who is asked for each of them once. */
const PREFIX = 'fd60::';

interface Cable extends AsyncDisposable {
  netns: Netns;
  inside: Host;
  beyond: Netns;
  /** Sends frames to the NIC. */
  router: Tap;
}

/** A NIC `eth0` that is up and has nothing, and neighbours beyond its cable. */
async function makeCable(): Promise<Cable> {
  const [netns, beyond] = [await freshNetns(), await freshNetns()];
  const inside = host.in(netns.path);
  await netns.inside.must('sysctl', 'net.ipv6.conf.default.router_solicitations=0');
  await beyond.ip('link add lan up type bridge');
  const peer = { name: 'far', netns: beyond.path };
  await inside.links.create({ kind: 'veth', name: 'eth0', up: true, options: { peer } });
  await beyond.ip('link set far master lan up');
  for (const one of ['f1', 'f2', 'f3', 'f4']) await beyond.ip(`address add ${PREFIX}${one}/64 dev lan nodad`);
  const router = await Tap.open({ netns: beyond.path, name: 'router' });
  await beyond.ip('link set router master lan up');
  await settled(inside);
  return {
    netns,
    inside,
    beyond,
    router,
    [Symbol.asyncDispose]: async () => {
      await router.close();
      await inside.close();
      await netns[Symbol.asyncDispose]();
      await beyond[Symbol.asyncDispose]();
    },
  };
}

/** A router's advertisement of itself and the prefix (RFC 4861, sections 4.2 and 4.6.2). */
function advertisement(): Uint8Array {
  const content = new Uint8Array(8 + 32);
  const view = new DataView(content.buffer);
  content.set([3, 4, 64, 0xc0], 8); // on the link, and for addresses
  view.setUint32(12, 7200);
  view.setUint32(16, 3600);
  content.set([0xfd, 0x60], 24);
  return encodeFrame({
    kind: 'ethernet',
    destination: '33:33:00:00:00:01',
    source: '02:00:00:00:00:fe',
    content: {
      kind: 'ipv6',
      source: 'fe80::fe',
      destination: 'ff02::1',
      hopLimit: 255,
      content: {
        kind: 'icmp',
        type: 134,
        code: 0,
        rest: 0x40000708, // 64 hops, for half an hour
        content: { kind: 'bytes', bytes: content },
      },
    },
  });
}

interface Dumped {
  dst: string;
  dev: string;
  metric: number;
  expires?: number;
}

const routesTo = async (netns: Netns, ...destinations: string[]): Promise<Dumped[]> =>
  (await netns.ipJson<Dumped[]>('-6 route')).filter(({ dst }) => destinations.includes(dst));

/** Asks a neighbour for an echo. */
const reach = (netns: Netns, which: string): Promise<string> =>
  netns.inside.must('busybox', 'ping6', '-c', '1', '-W', '5', `${PREFIX}${which}`);

describeWith([...HOST_NEEDS, 'busybox'], 'a bridge over a NIC with IPv6 for a time', () => {
  const addresses: [string, string[], boolean][] = [
    ['an address with a lifetime', ['fd60::1/64 dev eth0 valid_lft 4000 preferred_lft 3000'], true],
    [
      'an address with a lifetime beside one without',
      ['fd60::1/64 dev eth0', 'fd60::2/64 dev eth0 valid_lft 4000 preferred_lft 3000'],
      false,
    ],
    [
      'an address without a lifetime beside one with it',
      ['fd60::2/64 dev eth0 valid_lft 4000 preferred_lft 3000', 'fd60::1/64 dev eth0'],
      false,
    ],
    ['addresses with metrics of their own', ['fd60::1/64 dev eth0 metric 9', 'fd60::2/64 dev eth0'], false],
  ];
  it.each(addresses)('reaches neighbours that it has not met yet, with %s', async (_title, given, ends) => {
    await using cable = await makeCable();
    const { netns, inside } = cable;
    for (const address of given) await netns.ip(`address add ${address}`);
    await settled(inside);
    const before = await routesTo(netns, 'fd60::/64');
    const facts = (routes: Dumped[], device: string) =>
      routes.map(({ dev, metric, expires }) => [dev === device, metric, expires !== undefined]);
    expect(facts(before, 'eth0')).toEqual(before.map(({ metric }) => [true, metric, ends]));

    await inside.bridges.takeOver('br0', 'eth0');
    expect(facts(await routesTo(netns, 'fd60::/64'), 'br0')).toEqual(facts(before, 'eth0'));
    await reach(netns, 'f1');
    await inside.bridges.giveBack('br0', 'eth0');
    expect(facts(await routesTo(netns, 'fd60::/64'), 'eth0')).toEqual(facts(before, 'eth0'));
    await reach(netns, 'f2');
  });

  it('keeps what a router advertised, as often as it does so again, and what is connected by it', async () => {
    await using cable = await makeCable();
    const { netns, inside, beyond, router } = cable;
    await netns.inside.must('sysctl', 'net.ipv6.conf.default.use_tempaddr=2');
    await netns.inside.must('sysctl', 'net.ipv6.conf.eth0.use_tempaddr=2');
    /** Has the router advertise itself until the kernel has made a default route of its own. */
    const advertised = async (device: string) => {
      const byKernel = async () =>
        (await routesTo(netns, 'default')).some(({ dev, metric }) => dev === device && metric === 1024);
      router.write(advertisement());
      await until(`${device} has a default route`, byKernel);
    };
    const addressesOf = async (link: string) =>
      (await inside.addresses.list({ link, family: 'ipv6' })).filter(({ scope }) => scope === 'global');
    const state = async () =>
      (await routesTo(netns, 'fd60::/64', 'default')).map(({ dst, dev }) => [dst, dev]);

    await advertised('eth0');
    await until('it has a temporary address', async () => (await addressesOf('eth0')).length === 2);
    await settled(inside);
    const own = await addressesOf('eth0');
    expect(own.map(({ flags }) => flags.includes('secondary')).sort()).toEqual([false, true]);
    await using temporary = await Talk.start(
      netns.inside,
      own.find(({ flags }) => flags.includes('secondary'))?.address as string,
      beyond.inside,
    );
    await temporary.goesOn();

    await inside.bridges.takeOver('br0', 'eth0');
    expect((await addressesOf('br0')).map(({ cidr }) => cidr)).toEqual(
      expect.arrayContaining(own.map(({ cidr }) => cidr)),
    );
    expect(await addressesOf('eth0')).toEqual([]);
    expect(await state()).toEqual([
      ['fd60::/64', 'br0'],
      ['default', 'br0'],
    ]);
    await reach(netns, 'f1');
    await temporary.goesOn();

    await advertised('br0');
    await settled(inside);
    await inside.bridges.giveBack('br0', 'eth0');
    expect((await addressesOf('eth0')).map(({ cidr }) => cidr)).toEqual(
      expect.arrayContaining(own.map(({ cidr }) => cidr)),
    );
    expect(new Set((await state()).map(([, device]) => device))).toEqual(new Set(['eth0']));
    await reach(netns, 'f2');
    await temporary.goesOn();
    await advertised('eth0');
    await reach(netns, 'f3');
  });
});
