import { expect, it } from 'vitest';
import { type Host, host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'addresses', () => {
  const lab = startInside();

  it('are given, told and taken', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('br0', { up: true });
    await inside.addresses.add('br0', '192.168.10.1/24', { broadcast: 'auto', label: 'br0:web' });
    await inside.addresses.add('br0', 'fd00:10::1/64', {
      noDuplicateDetection: true,
      preferredLifetime: 100,
      validLifetime: 200,
    });
    await inside.addresses.add('br0', '10.1.1.1', { peer: '10.1.1.2', scope: 'link', noPrefixRoute: true });
    const [theirs] = await netns.ipJson<{ addr_info: Record<string, unknown>[] }[]>('address show dev br0');
    const wanted = [
      {
        local: '192.168.10.1',
        prefixlen: 24,
        broadcast: '192.168.10.255',
        label: 'br0:web',
        scope: 'global',
      },
      { local: '10.1.1.1', prefixlen: 32, address: '10.1.1.2', scope: 'link', noprefixroute: true },
      { local: 'fd00:10::1', prefixlen: 64, nodad: true, preferred_life_time: expect.any(Number) },
    ];
    for (const one of wanted) expect(theirs?.addr_info).toContainEqual(expect.objectContaining(one));
    const ours = await inside.addresses.list({ link: 'br0' });
    expect(ours.map(({ address, prefix }) => `${address}/${prefix}`)).toEqual(
      theirs?.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    );
    expect(ours).toContainEqual(
      expect.objectContaining({ cidr: '192.168.10.1/24', validLifetime: Number.POSITIVE_INFINITY }),
    );
    await inside.addresses.replace('br0', 'fd00:10::1/64', { noDuplicateDetection: true });
    const replaced = (await inside.addresses.list({ family: 'ipv6' })).find(({ prefix }) => prefix === 64);
    expect(replaced).toMatchObject({ validLifetime: Number.POSITIVE_INFINITY });
    await inside.addresses.delete('br0', '192.168.10.1/24');
    // One of them finds what the other has taken away.
    await Promise.all([inside.addresses.flush('br0'), inside.addresses.flush('br0')]);
    const [after] = await netns.ipJson<{ addr_info: unknown[] }[]>('address show dev br0');
    expect(after?.addr_info).toEqual([]);
  });

  it.each([
    ['10.7.0.1/24', undefined, '10.7.0.1/24 brd +'],
    ['10.7.0.1/30', undefined, '10.7.0.1/30 brd +'],
    ['10.7.0.2/31', undefined, '10.7.0.2/31 brd +'],
    ['10.7.0.1', undefined, '10.7.0.1/32 brd +'],
    ['10.7.0.1/24', '10.8.0.1', '10.7.0.1 peer 10.8.0.1/24 brd +'],
    ['10.7.0.1/32', '10.8.0.1', '10.7.0.1 peer 10.8.0.1/32 brd +'],
  ])('have the broadcast address that ip gives them: %s, peer %s', async (cidr, peer, theirs) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    const told = async () =>
      (await netns.ipJson<{ addr_info: object[] }[]>('address show lan'))[0]?.addr_info;
    await netns.ip('link add lan type veth peer name far');
    await inside.addresses.add('lan', cidr, { broadcast: 'auto', ...(peer !== undefined && { peer }) });
    const ours = await told();
    await netns.ip('address flush dev lan');
    await netns.ip(`address add ${theirs} dev lan`);
    expect(ours).toEqual(await told());
  });

  it('are told apart by their prefixes, and deleted whatever is at the other end', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('d0');
    for (const cidr of ['10.4.0.1/24', '10.4.0.1/16', '10.4.0.2/24']) await inside.addresses.add('d0', cidr);
    const peers = ['10.5.0.2', '10.6.0.2'];
    for (const peer of peers) await inside.addresses.add('d0', '10.5.0.1', { peer });
    const theirs = async () => {
      const [link] = await netns.ipJson<{ addr_info: Record<string, unknown>[] }[]>('-4 address show dev d0');
      return link?.addr_info.map(({ local, prefixlen, address }) => [local, prefixlen, address]);
    };
    const ofPeers = peers.map((peer) => ['10.5.0.1', 32, peer]);
    await inside.addresses.delete('d0', '10.4.0.1/16');
    expect(await theirs()).toEqual([['10.4.0.1', 24, undefined], ...ofPeers, ['10.4.0.2', 24, undefined]]);
    for (const cidr of ['10.4.0.1/16', '10.4.0.1/32', '10.5.0.1/24'])
      await expect(inside.addresses.delete('d0', cidr)).rejects.toMatchObject({
        code: 'EADDRNOTAVAIL',
        device: 'd0',
      });
    for (const _ of peers) await inside.addresses.delete('d0', '10.5.0.1');
    expect(await theirs()).toEqual([
      ['10.4.0.1', 24, undefined],
      ['10.4.0.2', 24, undefined],
    ]);
    await inside.addresses.add('d0', '10.5.0.1', { peer: '10.5.0.2' });
    await inside.addresses.flush('d0');
    expect((await theirs()) ?? []).toEqual([]);
  });

  it('are preferred for as long as they are valid', async () => {
    const { inside, netns } = lab;
    await inside.addresses.add('lo', '10.7.7.7/32', { validLifetime: 5000 });
    const [link] = await netns.ipJson<{ addr_info: Record<string, unknown>[] }[]>('address show dev lo');
    const { preferred_life_time: preferred, valid_life_time: valid } =
      link?.addr_info.find(({ local }) => local === '10.7.7.7') ?? {};
    expect(valid).toBeGreaterThan(4000);
    expect(valid).toBeLessThan(5001);
    expect(preferred).toBe(valid);
    await inside.addresses.delete('lo', '10.7.7.7');
  });

  it.each<[string, (inside: Host) => Promise<unknown>, object]>([
    [
      'twice',
      async ({ addresses }) => {
        await addresses.add('lo', '10.9.9.9/32');
        await addresses.add('lo', '10.9.9.9/32');
      },
      { code: 'EEXIST', device: 'lo', object: "address 10.9.9.9/32 of 'lo'", call: 'RTM_NEWADDR' },
    ],
    [
      'taken where it is not',
      ({ addresses }) => addresses.delete('lo', '10.8.8.8/32'),
      { code: 'EADDRNOTAVAIL' },
    ],
    ...(
      [
        ({ addresses }) => addresses.flush('nope'),
        ({ addresses }) => addresses.list({ link: 'nope' }),
        ({ neighbours }) => neighbours.list({ link: 'nope' }),
        ({ routes }) => routes.list({ device: 'a-name-of-more-than-15-bytes' }),
        ({ bridges }) => bridges.fdb.list({ link: 'nope' }),
        ({ bridges }) => bridges.fdb.list({ bridge: 'nope' }),
      ] as ((inside: Host) => Promise<unknown>)[]
    ).map((work): [string, typeof work, object] => [
      `${work}`.replace(/.*=> /, ''),
      work,
      {
        code: 'ENODEV',
        device: expect.stringContaining('n'),
        hint: expect.stringContaining('host.links.list'),
      },
    ]),
    [
      'of no link',
      ({ addresses }) => addresses.add('nope', '10.8.8.8/32'),
      { code: 'ENODEV', device: 'nope' },
    ],
  ])('refuse with the reason: %s', async (_title, work, expected) => {
    const error = await work(lab.inside).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect((error as KernelError).hint).toBeTruthy();
  });

  it.each<[string, (inside: Host) => Promise<unknown>, string]>([
    [
      'no address',
      ({ addresses }) => addresses.add('lo', '10.0.0.300/24'),
      'cidr: 10.0.0.300/24 is not an IP address with a prefix length',
    ],
    [
      'a prefix too long',
      ({ addresses }) => addresses.add('lo', '10.0.0.1/33'),
      'cidr: 10.0.0.1/33 is not an IP address',
    ],
    [
      'a scope misspelt',
      ({ addresses }) => addresses.add('lo', '10.0.0.1/8', { scope: 'globl' as never }),
      'scope: globl is not one of global, site, link, host, nowhere; did you mean global?',
    ],
    [
      'bits behind a prefix',
      ({ routes }) => routes.add({ destination: '10.0.0.1/8', gateway: '10.0.0.2' }),
      'destination: 10.0.0.1/8 has bits behind its prefix; the subnet is 10.0.0.0/8',
    ],
    [
      'via',
      ({ routes }) => routes.add({ destination: 'default', via: '10.0.0.2' } as never),
      'via: unknown field of a route; the next machine on the way is the gateway',
    ],
    [
      'a weight of 0',
      ({ routes }) => routes.add({ destination: 'default', nextHops: [{ device: 'lo', weight: 0 }] }),
      'nextHops[0].weight: 0 is not a whole number from 1 to 256',
    ],
    [
      'families mixed',
      ({ rules }) => rules.add({ from: '10.0.0.0/8', to: 'fd00::/8' }),
      'to: ipv6 and ipv4 are not in one rule',
    ],
    [
      'a peer of the other family',
      ({ addresses }) => addresses.add('lo', '10.1.1.1/24', { peer: '2001:db8::9' }),
      'peer: 2001:db8::9 is not of ipv4',
    ],
    [
      'a broadcast address of the other family',
      ({ addresses }) => addresses.replace('lo', '10.1.1.1/24', { broadcast: '2001:db8::9' }),
      'broadcast: 2001:db8::9 is not of ipv4',
    ],
    [
      'a broadcast address of IPv6',
      ({ addresses }) => addresses.add('lo', 'fd00::1/64', { broadcast: 'auto' }),
      'broadcast: an address of IPv6 has none',
    ],
    [
      'a label of IPv6',
      ({ addresses }) => addresses.add('lo', 'fd00::1/64', { label: 'lo:web' }),
      'label: an address of IPv6 has none',
    ],
    [
      'a label of another link',
      ({ addresses }) => addresses.add('lo', '10.1.1.1/24', { label: 'web' }),
      'label: web does not begin with the name of its link, as lo:web does',
    ],
    [
      'a label of nothing, in a transaction',
      (inside) => inside.transaction((tx) => tx.addresses.add('lo', '10.1.1.1/24', { label: '' })),
      'does not begin with the name of its link',
    ],
    [
      'preferred for longer than valid',
      ({ addresses }) => addresses.add('lo', '10.1.1.1/24', { preferredLifetime: 60, validLifetime: 50 }),
      'preferredLifetime: longer than validLifetime',
    ],
    ['a neighbour without MAC', ({ neighbours }) => neighbours.add('lo', '10.0.0.1', {}), 'mac: missing'],
  ])('refuse input before anything is sent: %s', async (_title, work, message) => {
    const before = await lab.netns.ipJson('address show dev lo');
    await expect(work(lab.inside)).rejects.toThrow(message);
    expect(await lab.netns.ipJson('address show dev lo')).toEqual(before);
  });
});
