import { expect, it } from 'vitest';
import { host, type NewRoute } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'routes', () => {
  const lab = startInside();
  const prepare = async () => {
    const { inside } = lab;
    if (await inside.links.find('r0')) return;
    await inside.links.create({
      kind: 'veth',
      name: 'r0',
      up: true,
      options: { peer: { name: 'r1' } },
    });
    await inside.links.up('r1');
    await inside.addresses.add('r0', '192.168.50.1/24');
    await inside.addresses.add('r0', 'fd50::1/64', { noDuplicateDetection: true });
  };
  const gateway = '192.168.50.254';

  const routes: [NewRoute, string, object][] = [
    [
      { destination: 'default', gateway },
      'route show default',
      { dst: 'default', gateway, dev: 'r0', protocol: 'boot' },
    ],
    [
      {
        destination: '10.1.0.0/16',
        gateway,
        metric: 50,
        protocol: 'static',
        preferredSource: '192.168.50.1',
      },
      'route show 10.1.0.0/16',
      { gateway, metric: 50, protocol: 'static', prefsrc: '192.168.50.1' },
    ],
    [{ destination: '10.2.0.0/16', device: 'r0' }, 'route show 10.2.0.0/16', { dev: 'r0', scope: 'link' }],
    [{ destination: '10.3.0.0/16', type: 'blackhole' }, 'route show 10.3.0.0/16', { type: 'blackhole' }],
    [
      {
        destination: '10.4.0.0/16',
        gateway,
        metrics: { mtu: 1400, advertisedMss: 1300, congestionControl: 'cubic' },
      },
      'route show 10.4.0.0/16',
      { metrics: [{ mtu: 1400, advmss: 1300, congestion: 'cubic' }] },
    ],
    [
      { destination: '10.5.0.0/16', nextHops: [{ gateway, weight: 3 }, { gateway: '192.168.50.253' }] },
      'route show 10.5.0.0/16',
      {
        nexthops: [
          { gateway, dev: 'r0', weight: 3, flags: [] },
          { gateway: '192.168.50.253', dev: 'r0', weight: 1, flags: [] },
        ],
      },
    ],
    [{ destination: '10.6.0.0/16', gateway, table: 1000 }, 'route show table 1000 10.6.0.0/16', { gateway }],
    [
      { destination: '10.7.0.0/16', gateway: '172.16.0.1', device: 'r0', onLink: true },
      'route show 10.7.0.0/16',
      { gateway: '172.16.0.1', flags: ['onlink'] },
    ],
    [
      {
        destination: '10.9.0.0/16',
        nextHops: [{ gateway: '172.16.0.1', device: 'r0', onLink: true }, { gateway }],
      },
      'route show 10.9.0.0/16',
      {
        nexthops: [
          { gateway: '172.16.0.1', flags: ['onlink'] },
          { gateway, flags: [] },
        ],
      },
    ],
    [
      { destination: '10.10.0.0/16', gateway, tos: 0x10 },
      'route show 10.10.0.0/16',
      { gateway, tos: '0x10' },
    ],
    [
      { destination: 'fd60::/32', gateway: 'fd50::ff' },
      '-6 route show fd60::/32',
      { gateway: 'fd50::ff', dev: 'r0' },
    ],
    [
      { destination: 'fd61::/32', gateway: 'fd50::ff', preference: 'high' },
      '-6 route show fd61::/32',
      { gateway: 'fd50::ff', pref: 'high' },
    ],
    [
      { destination: '10.8.0.0/16', gateway: 'fd50::ff', device: 'r0' },
      'route show 10.8.0.0/16',
      { via: { family: 'inet6', host: 'fd50::ff' } },
    ],
  ];

  it.each(routes)('lead to $destination', async (route, command, expected) => {
    await prepare();
    const { inside, netns } = lab;
    await inside.routes.add(route);
    const [theirs] = await netns.ipJson(command);
    expect(theirs).toMatchObject(expected);
    const ours = (await inside.routes.list({ table: 'all' })).find(
      ({ destination, family }) =>
        destination === route.destination && (family === 'ipv6') === route.destination.includes(':'),
    );
    const { nextHops: _hops, ...plain } = route;
    expect(ours).toMatchObject(plain);
    if (route.nextHops) expect(ours?.nextHops).toMatchObject(route.nextHops);
    await inside.routes.delete(ours as NewRoute);
    await inside.routes.add(ours as NewRoute);
    expect(await netns.ipJson(command)).toEqual([theirs]);
    await inside.routes.delete(route);
    expect(await netns.ipJson(command).catch(() => [])).not.toContainEqual(theirs);
  });

  it('are those of a packet, by where it comes from, by its mark, its protocol and its ports', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await netns.inside.must('sysctl', 'net.ipv4.ip_forward=1');
    for (const command of [
      'link add in0 up type veth peer name in1',
      'link add out0 up type veth peer name out1',
      'link set in1 up',
      'link set out1 up',
      'address add 10.1.0.1/24 dev in0',
      'address add 10.2.0.1/24 dev out0',
      'address add fd02::1/64 dev out0 nodad',
      'route add default via 10.2.0.254',
      'route add default via 10.2.0.7 table 7',
      'route add default via fd02::7 table 7',
      'rule add fwmark 7 table 7',
      'rule add ipproto udp dport 53 table 7',
      '-6 rule add sport 53 ipproto tcp table 7',
    ])
      await netns.ip(command);
    const way = async (...given: Parameters<typeof inside.routes.get>) => {
      const { gateway, table, device } = await inside.routes.get(...given);
      return [gateway, table, device];
    };
    const [usual, marked] = [
      ['10.2.0.254', 'main', 'out0'],
      ['10.2.0.7', 7, 'out0'],
    ];
    expect(await way('10.9.0.1')).toEqual(usual);
    expect(await way('10.9.0.1', { mark: 7 })).toEqual(marked);
    expect(await way('10.9.0.1', { from: '10.1.0.9', input: 'in0' })).toEqual(usual);
    expect(await way('10.9.0.1', { from: '10.1.0.9', input: 'in0', mark: 7 })).toEqual(marked);
    expect(await way('10.9.0.1', { ipProtocol: 'udp', destinationPort: 53 })).toEqual(marked);
    expect(await way('10.9.0.1', { ipProtocol: 'udp', destinationPort: 54, user: 1000 })).toEqual(usual);
    expect(await way('fd09::1', { ipProtocol: 'tcp', sourcePort: 53 })).toEqual(['fd02::7', 7, 'out0']);
    expect(await way('10.1.0.9', { output: 'in0' })).toEqual([undefined, 'main', 'in0']);
    const refused = (packet: object) => inside.routes.get('10.9.0.1', packet);
    const stranger = { code: 'ENETUNREACH', hint: expect.stringContaining('say input') };
    await expect(refused({ from: '10.1.0.9' })).rejects.toMatchObject(stranger);
    await expect(refused({ input: 'none' })).rejects.toMatchObject({ code: 'ENODEV', device: 'none' });
    await expect(refused({ from: 'fd02::1' })).rejects.toThrow(/not of one family/);
    await expect(refused({ mark: -1 })).rejects.toMatchObject({ code: 'ERANGE', field: 'mark' });
    await expect(refused({ iif: 'in0' })).rejects.toThrow(/iif/);
  });

  it.each<[string, string, NewRoute]>([
    ['ENODEV', 'say the device', { destination: '10.27.0.0/16', gateway: '172.16.0.1', onLink: true }],
    [
      'ENODEV',
      'say the device',
      { destination: '10.27.0.0/16', nextHops: [{ gateway: '172.16.0.1', onLink: true }, { gateway }] },
    ],
    ['EINVAL', 'say the device', { destination: 'fd27::/64', gateway: 'fe80::1' }],
    ['EINVAL', 'say the device', { destination: '10.27.0.0/16', gateway: 'fe80::1' }],
    ['EHOSTUNREACH', 'in no subnet', { destination: 'fd27::/64', gateway: 'fd28::1' }],
    ['ENODEV', 'say one of them', { destination: '10.27.0.0/16' }],
  ])('are refused with %s, and what to do: %s', async (code, advice, route) => {
    await prepare();
    const hint = expect.stringContaining(advice);
    await expect(lab.inside.routes.add(route)).rejects.toMatchObject({ code, call: 'RTM_NEWROUTE', hint });
  });

  it('lead no packet of others through a machine that does not forward, which is said', async () => {
    await prepare();
    const { inside, netns } = lab;
    await netns.inside.must('sysctl', 'net.ipv4.ip_forward=0');
    await inside.addresses.add('r1', '192.168.51.1/24');
    await expect(
      inside.routes.get('192.168.51.9', { from: '192.168.50.9', input: 'r0' }),
    ).rejects.toMatchObject({ code: 'EHOSTUNREACH', hint: expect.stringContaining('ip_forward=1') });
    await inside.addresses.delete('r1', '192.168.51.1/24');
  });

  it('are replaced, and asked for', async () => {
    await prepare();
    const { inside, netns } = lab;
    await inside.routes.add({ destination: '10.20.0.0/16', gateway });
    await inside.routes.replace({ destination: '10.20.0.0/16', gateway: '192.168.50.253' });
    expect(await netns.ipJson('route show 10.20.0.0/16')).toMatchObject([{ gateway: '192.168.50.253' }]);
    expect(await inside.routes.get('10.20.1.2')).toMatchObject({
      gateway: '192.168.50.253',
      device: 'r0',
      preferredSource: '192.168.50.1',
    });
    const nowhere = { code: 'ENETUNREACH', hint: expect.stringMatching(/^none leads there/) };
    await expect(inside.routes.get('203.0.113.1')).rejects.toMatchObject(nowhere);
    for (const [type, code] of [
      ['blackhole', 'EINVAL'],
      ['unreachable', 'EHOSTUNREACH'],
      ['prohibit', 'EACCES'],
    ] as const) {
      await inside.routes.replace({ destination: '10.23.0.0/16', type });
      const hint = expect.stringContaining(`${type} (${code})`);
      await expect(inside.routes.get('10.23.0.1')).rejects.toMatchObject({ code, hint });
    }
    await inside.routes.delete({ destination: '10.23.0.0/16' });
    await expect(
      inside.routes.add({ destination: '10.21.0.0/16', gateway: '203.0.113.1' }),
    ).rejects.toMatchObject({
      code: 'ENETUNREACH',
      call: 'RTM_NEWROUTE',
      object: 'route to 10.21.0.0/16',
      hint: expect.stringContaining('onLink'),
    });
    await expect(inside.routes.delete({ destination: '10.22.0.0/16' })).rejects.toMatchObject({
      code: 'ESRCH',
    });
  });

  it('lead all ways to gateways that are in no subnet', async () => {
    await prepare();
    const { inside, netns } = lab;
    const nextHops = ['172.16.0.1', '172.16.0.2'].map((one) => ({ gateway: one, device: 'r0' }));
    await inside.routes.add({ destination: '10.24.0.0/16', onLink: true, nextHops });
    expect(await netns.ipJson('route show 10.24.0.0/16')).toMatchObject([
      { nexthops: nextHops.map(({ gateway: one }) => ({ gateway: one, flags: ['onlink'] })) },
    ]);
    await inside.routes.delete({ destination: '10.24.0.0/16' });
  });

  it('are told with their table and metrics when they are asked for', async () => {
    await prepare();
    const { inside, netns } = lab;
    await inside.links.up('lo');
    await inside.rules.add({ to: '10.25.0.0/16', table: 1000, priority: 900 });
    await inside.routes.add({ destination: '10.25.0.0/16', gateway, table: 1000, metrics: { mtu: 1300 } });
    expect(await netns.ipJson('route get 10.25.0.1')).toMatchObject([
      { table: '1000', metrics: [{ mtu: 1300 }] },
    ]);
    expect(await inside.routes.get('10.25.0.1')).toMatchObject({ table: 1000, metrics: { mtu: 1300 } });
    expect(await inside.routes.get('127.0.0.1')).toMatchObject({
      table: 'local',
      type: 'local',
      device: 'lo',
    });
    expect(await inside.routes.get('fd50::1')).toMatchObject({ table: 'local', type: 'local' });
    await inside.rules.delete({ priority: 900 });
  });

  it.each<[string, NewRoute]>([
    ['source: ipv4 and ipv6', { destination: 'fd07::/48', gateway: 'fd50::2', source: '10.0.0.0/8' }],
    ['source: routes of IPv6 only', { destination: '10.26.0.0/16', gateway, source: '10.0.0.0/8' }],
    ['preferredSource: ipv6 and ipv4', { destination: '10.26.0.0/16', gateway, preferredSource: 'fd50::1' }],
    ['tos: routes of IPv4 only', { destination: 'fd07::/48', gateway: 'fd50::2', tos: 16 }],
    ['preference: routes of IPv6 only', { destination: '10.26.0.0/16', gateway, preference: 'low' }],
    ['expires: routes of IPv6 only', { destination: '10.26.0.0/16', gateway, expires: 60 }],
    ['nextHops: empty', { destination: '10.26.0.0/16', nextHops: [] }],
  ])('are not sent with what they cannot have: %s', async (detail, route) => {
    await expect(lab.inside.routes.add(route)).rejects.toMatchObject({
      code: 'EINVAL',
      field: detail.slice(0, detail.indexOf(':')),
      detail: expect.stringContaining(detail),
    });
  });

  it('end by themselves where they are told to, and as ip was told', async () => {
    await prepare();
    const { inside, netns } = lab;
    const [ours, theirs] = ['fd62::/32', 'fd63::/32'] as const;
    await inside.routes.add({ destination: ours, gateway: 'fd50::ff', expires: 1000 });
    await netns.ip(`-6 route add ${theirs} via fd50::ff expires 1000`);
    const told = await netns.ipJson<{ dst: string; expires?: number }[]>('-6 route show');
    for (const destination of [ours, theirs]) {
      const byIp = told.find(({ dst }) => dst === destination)?.expires;
      const byUs = (await inside.routes.list()).find((route) => route.destination === destination)?.expires;
      for (const left of [byIp, byUs]) {
        expect(left).toBeGreaterThan(900);
        expect(left).toBeLessThanOrEqual(1000);
      }
      await inside.routes.delete({ destination });
    }
    await expect(
      inside.routes.add({ destination: ours, gateway: 'fd50::ff', expires: 21_474_837 }),
    ).rejects.toMatchObject({ code: 'ERANGE', field: 'expires' });
  });

  it('are those that ip lists', async () => {
    await prepare();
    const { inside, netns } = lab;
    const theirs =
      await netns.ipJson<{ dst: string; dev?: string; protocol: string }[]>('-4 route show table all');
    const ours = await inside.routes.list({ table: 'all', family: 'ipv4' });
    const line = (dst: string, dev: string | undefined, protocol: string | number | undefined) =>
      `${dst} ${dev} ${protocol}`;
    expect(
      ours
        .map(({ destination, device, protocol }) => line(destination.replace(/\/32$/, ''), device, protocol))
        .sort(),
    ).toEqual(theirs.map(({ dst, dev, protocol }) => line(dst, dev, protocol)).sort());
  });
});
