import { expect, it } from 'vitest';
import type { Change } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { until } from '../lab/until.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';

/** Reads until one fits. */
async function untilChange(
  changes: AsyncIterator<Change>,
  fits: (change: Change) => boolean,
): Promise<Change> {
  for (;;) {
    const [change] = await take(changes, 1);
    if (change && fits(change)) return change;
  }
}

describeWith(HOST_NEEDS, 'what is watched', () => {
  const lab = startInside();

  it('tells what others change, in the order in which they do', async () => {
    const { inside, netns } = lab;
    await using changes = inside.watch();
    await changes.ready;
    await netns.ip('link add w0 type veth peer name w1');
    expect(
      await untilChange(changes, ({ type, item }) => type === 'link' && item.name === 'w0'),
    ).toMatchObject({
      change: 'set',
      item: { kind: 'veth', up: false },
    });
    await netns.ip('link set w0 up');
    expect(
      await untilChange(changes, ({ type, item }) => type === 'link' && item.name === 'w0' && item.up),
    ).toMatchObject({ change: 'set' });
    await netns.ip('address add 10.90.0.1/24 dev w0');
    expect(await untilChange(changes, ({ type }) => type === 'address')).toMatchObject({
      item: { link: 'w0', cidr: '10.90.0.1/24' },
    });
    await netns.ip('route add 10.91.0.0/16 via 10.90.0.254 dev w0');
    expect(
      await untilChange(changes, ({ type, item }) => type === 'route' && item.destination === '10.91.0.0/16'),
    ).toMatchObject({ change: 'set', item: { gateway: '10.90.0.254', device: 'w0' } });
    await netns.ip('neighbour add 10.90.0.9 lladdr 52:54:00:00:00:09 dev w0');
    expect(await untilChange(changes, ({ type }) => type === 'neighbour')).toMatchObject({
      item: { address: '10.90.0.9', mac: '52:54:00:00:00:09', link: 'w0' },
    });
    await netns.ip('rule add from 10.91.0.0/16 table 91');
    expect(await untilChange(changes, ({ type }) => type === 'rule')).toMatchObject({
      change: 'set',
      item: { from: '10.91.0.0/16', table: 91 },
    });
    await netns.ip('link delete w0');
    const last = await untilChange(
      changes,
      ({ type, change, item }) => type === 'link' && change === 'deleted' && item.name === 'w0',
    );
    expect(last).toMatchObject({ type: 'link', item: { kind: 'veth' } });
  });

  const deletions: [type: Change['type'], what: string, item: object][] = [
    ['address', 'ip address % 10.92.0.5/32 dev d0', { link: 'd0', cidr: '10.92.0.5/32' }],
    ['address', 'ip address % fd92::5/128 dev d0 nodad', { link: 'd0', cidr: 'fd92::5/128' }],
    ['route', 'ip route % 10.93.0.0/16 dev d0', { device: 'd0', destination: '10.93.0.0/16' }],
    ['route', 'ip -6 route % fd93::/64 dev d0', { device: 'd0', destination: 'fd93::/64' }],
    ['rule', 'ip rule % from 10.93.0.0/16 table 93', { from: '10.93.0.0/16', table: 93 }],
    ['rule', 'ip -6 rule % from fd93::/64 table 93', { from: 'fd93::/64', table: 93 }],
    [
      'neighbour',
      'ip neighbour % 10.93.0.9 lladdr 52:54:00:00:00:09 dev d0',
      { link: 'd0', address: '10.93.0.9' },
    ],
    ['fdb', 'bridge fdb % 52:54:00:00:00:bb dev d0 master static', { link: 'd0', mac: '52:54:00:00:00:bb' }],
  ];
  it.each(deletions)('tells what others delete: %s, %s', async (type, what, item) => {
    const { inside, netns } = lab;
    if ((await inside.links.find('d0')) === undefined) {
      await inside.bridges.create('dbr', { up: true });
      await inside.links.create({ kind: 'veth', name: 'd0', master: 'dbr', up: true });
    }
    await using changes = inside.watch({ of: [type] });
    await changes.ready;
    for (const verb of ['add', 'del']) {
      const [command = '', ...args] = what.split(' ').map((word) => (word === '%' ? verb : word));
      await netns.inside.must(command, ...args);
    }
    const asAdded = expect.objectContaining(item);
    const told = await untilChange(
      changes,
      (one) => one.change === 'deleted' && asAdded.asymmetricMatch(one.item),
    );
    expect(told).toMatchObject({ type, change: 'deleted', item });
  });

  it('can be a part of all', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('p0', { up: true });
    await inside.links.create({ kind: 'veth', name: 'p1', up: true, options: { peer: { name: 'p2' } } });
    await using changes = inside.watch({ of: ['fdb'] });
    await changes.ready;
    await netns.ip('link set p1 master p0');
    await netns.inside.must('bridge', 'fdb', 'add', '52:54:00:00:00:aa', 'dev', 'p1', 'master', 'static');
    const told = await untilChange(changes, ({ item }) => 'mac' in item && item.mac === '52:54:00:00:00:aa');
    expect(told).toMatchObject({ type: 'fdb', item: { link: 'p1', master: 'p0', state: 'static' } });
  });

  it('tells the state of a port with its link', async () => {
    const { inside, netns } = lab;
    await inside.links.create({ kind: 'veth', name: 's1', up: true, options: { peer: { name: 's2' } } });
    await inside.bridges.create('s0', { ports: ['s1'], up: true });
    await using changes = inside.watch({ of: ['link'] });
    await changes.ready;
    await netns.inside.must('bridge', 'link', 'set', 'dev', 's1', 'cost', '77');
    expect(
      await untilChange(changes, ({ type, item }) => type === 'link' && item.bridgePort?.pathCost === 77),
    ).toMatchObject({ item: { name: 's1', master: 's0' } });
  });

  it('catches up with what the kernel had no room for, again and again', async () => {
    const { inside, netns } = lab;
    const names = Array.from({ length: 150 }, (_, i) => `many${i}`);
    await using changes = inside.watch({ of: ['link'], kernelBuffer: 4096, buffer: 100_000 });
    await changes.ready;
    for (const [command, change] of [
      ['link add % type bridge', 'set'],
      ['link delete %', 'deleted'],
    ] as const) {
      const script = names.map((name) => command.replace('%', name)).join('\n');
      const child = netns.inside.runWith({ input: script }, 'ip', '-batch', '-');
      // Nothing is read meanwhile: this thread is busy.
      const busy = performance.now() + 300;
      while (performance.now() < busy);
      expect((await child).code).toBe(0);
      const missing = new Set(names);
      while (missing.size > 0) {
        const told = await untilChange(changes, (one) => one.type === 'link' && one.change === change);
        if (told.type === 'link') missing.delete(told.item.name);
      }
      const bridges = (await netns.ipJson<{ ifname: string }[]>('link show type bridge')) ?? [];
      const left = bridges.filter(({ ifname }) => names.includes(ifname));
      expect(left).toHaveLength(change === 'set' ? names.length : 0);
    }
  });

  it('tells of what was lost no time that has run down, but that it was set anew', async () => {
    const { inside, netns } = lab;
    await netns.ip('link add l0 up type veth peer name l1');
    await netns.ip('link set l1 up');
    const lasts = (address: string, seconds: number) =>
      `address replace ${address} dev l0 valid_lft ${seconds} preferred_lft ${seconds}`;
    const stays = ['10.94.0.1/24', 'fd94::1/64'];
    const renewed = ['10.94.0.2/24', 'fd94::2/64'];
    for (const address of [...stays, ...renewed]) await netns.ip(lasts(address, 5000));
    await netns.ip('-6 route add fd95::/64 dev l0 expires 5000');
    await until(
      'no address is tentative',
      async () => (await netns.ip('address show tentative dev l0')) === '',
    );
    await using changes = inside.watch({ of: ['address', 'route'], kernelBuffer: 4096, buffer: 100_000 });
    await changes.ready;
    const flood = Array.from({ length: 200 }, (_, i) => `address add 10.96.0.${i + 1}/32 dev l0`);
    const input = [...flood, ...renewed.map((address) => lasts(address, 5000))].join('\n');
    const child = netns.inside.runWith({ input }, 'ip', '-batch', '-');
    // Nothing is read meanwhile, and seconds pass.
    const busy = performance.now() + 1500;
    while (performance.now() < busy);
    expect((await child).code).toBe(0);
    const told: string[] = [];
    const missing = new Set([...renewed, ...flood.map((line) => line.split(' ')[2] ?? '')]);
    while (missing.size > 0) {
      const [one] = await take(changes, 1);
      if (one?.type === 'route') told.push(one.item.destination);
      if (one?.type !== 'address') continue;
      told.push(one.item.cidr);
      missing.delete(one.item.cidr);
    }
    await netns.ip('address add 10.97.0.1/32 dev l0');
    await untilChange(changes, (one) => {
      if (one.type === 'address' || one.type === 'route')
        told.push(one.type === 'route' ? one.item.destination : one.item.cidr);
      return one.type === 'address' && one.item.cidr === '10.97.0.1/32';
    });
    expect(told.filter((one) => [...stays, 'fd95::/64'].includes(one))).toEqual([]);
  });

  it('ends with its loop, its signal, or with an error when nobody takes it', async () => {
    const { inside, netns } = lab;
    const controller = new AbortController();
    const changes = inside.watch({ signal: controller.signal });
    await changes.ready;
    controller.abort(new Error('enough'));
    await expect(changes.next()).rejects.toThrow('enough');
    const small = inside.watch({ of: ['link'], buffer: 1 });
    await small.ready;
    await netns.ip('link add e0 type veth peer name e1');
    await netns.ip('link set e0 up');
    await expect(
      (async () => {
        for (;;) {
          await netns.ip('link set e0 alias x');
          await take(small, 1);
          await netns.ip('link set e0 alias y');
          await netns.ip('link set e0 alias z');
        }
      })(),
    ).rejects.toMatchObject({
      name: 'KernelError',
      code: 'ENOBUFS',
      hint: expect.stringContaining('larger buffer'),
    });
    expect(() => inside.watch({ of: [] })).toThrow('of: is empty');
    expect(() => inside.watch({ of: ['lnk' as never] })).toThrow('of[0]: lnk is not one of link, address');
  });

  it('is there in no namespace that is none', async () => {
    const { inside } = lab;
    const changes = inside.in('no-such-namespace').watch();
    await expect(changes.ready).rejects.toMatchObject({ code: 'ENOENT', call: 'open' });
    await expect(changes.next()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describeWith(HOST_NEEDS, 'capabilities', () => {
  const lab = startInside();

  it('are those that ip link add finds', async () => {
    const { inside, netns } = lab;
    const { kinds, netAdmin, sysAdmin, tun } = await inside.capabilities();
    expect({ netAdmin, sysAdmin }).toEqual({ netAdmin: { available: true }, sysAdmin: { available: true } });
    expect(typeof tun.available).toBe('boolean');
    await inside.links.create({ kind: 'ifb', name: 'below' });
    for (const [kind, { available, how }] of Object.entries(kinds)) {
      if (kind === 'tun') {
        expect(available).toBe((await netns.inside.run('ip', 'tuntap', 'add', 'mode', 'tun')).code === 0);
        continue;
      }
      const { code, stderr } = await netns.inside.run(
        'ip',
        ...['link', 'add', 'link', 'below', 'name', `try-${kind}`, 'type', kind],
        ...(kind === 'vlan'
          ? ['id', '7']
          : kind === 'vxlan'
            ? ['id', '7', 'dstport', '4789']
            : kind === 'vrf'
              ? ['table', '7']
              : []),
      );
      const unknown = /Unknown device type|Operation not supported/.test(stderr);
      expect([kind, available]).toEqual([kind, code === 0 || !unknown]);
      if (!available) expect(how).toContain('no module');
    }
    expect(await netns.linkNames()).not.toContain('virtnet-probe');
  });
});
