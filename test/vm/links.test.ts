// Links of the kinds that a small kernel lacks: made, read back with ip, changed, refused with the kernel's reason.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { type Host, KernelError, type NewLink } from '../../lib/host/index.js';
import { startInside } from '../host/inside.js';
import { HOST_NEEDS } from '../host/netns.js';
import { describeWith } from '../lab/have.js';
import { dataOf, ip } from './details.js';

/** The module for GRE brings links of its own into every namespace otherwise, this one's tests among them. */
const keepNamespacesEmpty = () => writeFileSync('/proc/sys/net/core/fb_tunnels_only_for_init_net', '2');

describeWith(['the system VM around it', ...HOST_NEEDS, 'kmod'], 'links of the whole kernel', () => {
  beforeAll(keepNamespacesEmpty);
  const lab = startInside();
  const dummies = async ({ links }: Host, ...names: string[]) => {
    for (const name of names)
      if (!(await links.find(name))) await links.create({ kind: 'dummy', name, mtu: 9000 });
  };

  it('a VLAN in a VLAN of the provider', async () => {
    const { inside, netns } = lab;
    await dummies(inside, 'base');
    const outer = { id: 100, protocol: '802.1ad', flags: [] } as const;
    await inside.links.create({ kind: 'vlan', name: 'outer', link: 'base', options: outer });
    await inside.links.create({ kind: 'vlan', name: 'inner', link: 'outer', options: { id: 7 } });
    expect(await ip(netns, 'outer')).toMatchObject({
      link: 'base',
      linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1ad', id: 100 } },
    });
    expect(await dataOf(netns, 'outer')).not.toHaveProperty('flags');
    expect(await dataOf(netns, 'inner')).toMatchObject({ protocol: '802.1Q', id: 7, flags: ['REORDER_HDR'] });
    // Of another number the kernel would take no notice, and say nothing.
    await expect(inside.links.setKind('inner', 'vlan', { id: 8 })).rejects.toMatchObject({
      code: 'EOPNOTSUPP',
      detail: 'id has been 7 since it was made',
    });
    await inside.links.setKind('inner', 'vlan', { id: 7, flags: ['gvrp', 'reorderHeader'] });
    expect(await dataOf(netns, 'inner')).toMatchObject({ id: 7, flags: ['REORDER_HDR', 'GVRP'] });
    // The kernel tells nothing of flags where there are none.
    const { options } = await inside.links.get('outer');
    expect(options).toMatchObject({ protocol: '802.1ad', id: 100 });
    expect(options).not.toHaveProperty('flags');
    await inside.links.delete('outer');
    expect(await inside.links.find('inner')).toBeUndefined();
  });

  it('macvlan devices that take the frames of some addresses', async () => {
    const { inside, netns } = lab;
    await dummies(inside, 'base');
    const { links } = inside;
    const macs = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
    await links.create({
      kind: 'macvlan',
      name: 'src',
      link: 'base',
      options: { mode: 'source', macAction: 'set', macs },
    });
    const sources = async () => {
      const { mode, macaddr_data: listed = [] } = ((await dataOf(netns, 'src')) ?? {}) as {
        mode?: string;
        macaddr_data?: string[];
      };
      return [mode, ...listed.toSorted()];
    };
    expect(await sources()).toEqual(['source', ...macs]);
    expect((await links.get('src')).options).toMatchObject({ mode: 'source', macCount: 2 });
    await links.setKind('src', 'macvlan', { macAction: 'add', mac: '52:54:00:00:00:03' });
    await links.setKind('src', 'macvlan', { macAction: 'delete', mac: '52:54:00:00:00:01' });
    expect(await sources()).toEqual(['source', '52:54:00:00:00:02', '52:54:00:00:00:03']);
    await links.setKind('src', 'macvlan', { macAction: 'flush' });
    expect(await sources()).toEqual(['source']);
    await links.delete('src');
  });

  it.each([
    [
      { mode: 'l2', flags: [] },
      { mode: 'l2', bridge: true },
    ],
    [
      { mode: 'l3', flags: ['private'] },
      { mode: 'l3', private: true },
    ],
    [
      { mode: 'l3s', flags: ['vepa'] },
      { mode: 'l3s', vepa: true },
    ],
  ] as const)('an ipvlan device with %j', async (options, data) => {
    const { inside, netns } = lab;
    const { links } = inside;
    const link = `under-${options.mode}`;
    const { mac } = await links.create({ kind: 'dummy', name: link });
    const made = await links.create({ kind: 'ipvlan', name: 'ipv', link, options });
    expect(made).toMatchObject({ kind: 'ipvlan', link, mac, options });
    const theirs = await ip(netns, 'ipv');
    expect(theirs).toMatchObject({ link, address: mac, linkinfo: { info_kind: 'ipvlan' } });
    expect(theirs.linkinfo.info_data).toEqual(data);
    await links.delete(link);
    expect(await links.find('ipv')).toBeUndefined();
  });

  it('a VRF with a link in it', async () => {
    const { inside, netns } = lab;
    const { links, routes, addresses } = inside;
    await links.create({ kind: 'vrf', name: 'blue', options: { table: 1010 }, up: true });
    await links.create({ kind: 'dummy', name: 'in-blue', master: 'blue', up: true });
    expect(await links.get('blue')).toMatchObject({ kind: 'vrf', options: { table: 1010 } });
    expect((await ip(netns, 'blue')).linkinfo).toMatchObject({
      info_kind: 'vrf',
      info_data: { table: 1010 },
    });
    expect(await ip(netns, 'in-blue')).toMatchObject({
      master: 'blue',
      linkinfo: { info_slave_kind: 'vrf', info_slave_data: { table: 1010 } },
    });
    // The route to what is behind the link is the VRF's.
    await addresses.add('in-blue', '10.1.0.1/24');
    expect(await netns.ipJson('route show table 1010 proto kernel type unicast')).toMatchObject([
      { dst: '10.1.0.0/24', dev: 'in-blue' },
    ]);
    const told = await routes.list({ table: 1010, device: 'in-blue', family: 'ipv4' });
    expect(told.filter(({ type }) => type === 'unicast')).toMatchObject([{ destination: '10.1.0.0/24' }]);
    for (const name of ['in-blue', 'blue']) await links.delete(name);
  });

  it('a bridge that filters VLANs', async () => {
    const { inside, netns } = lab;
    const options = {
      vlanFiltering: true,
      vlanProtocol: '802.1ad',
      vlanDefaultPvid: 7,
      vlanStats: true,
      vlanStatsPerPort: true,
    } as const;
    await inside.links.create({ kind: 'bridge', name: 'filters', options });
    expect((await inside.links.get('filters')).options).toMatchObject(options);
    expect(await dataOf(netns, 'filters')).toMatchObject({
      vlan_filtering: 1,
      vlan_protocol: '802.1ad',
      vlan_default_pvid: 7,
      vlan_stats_enabled: 1,
      vlan_stats_per_port: 1,
    });
    await inside.bridges.set('filters', { vlanFiltering: false, vlanProtocol: '802.1Q', vlanDefaultPvid: 0 });
    expect(await dataOf(netns, 'filters')).toMatchObject({
      vlan_filtering: 0,
      vlan_protocol: '802.1Q',
      vlan_default_pvid: 0,
    });
    await inside.links.delete('filters');
  });

  it('a VXLAN with its ports, and what of it can be changed', async () => {
    const { inside, netns } = lab;
    const { links } = inside;
    await links.create({
      kind: 'vxlan',
      name: 'vx',
      options: {
        id: 16777215,
        local: '10.0.0.1',
        group: '10.0.0.2',
        port: 4789,
        sourcePorts: { low: 5000, high: 6000 },
        ttl: 9,
        ageing: 60,
        limit: 100,
        learning: false,
        udpChecksum: true,
      },
    });
    const data = { id: 16777215, local: '10.0.0.1', remote: '10.0.0.2', port: 4789, ttl: 9, limit: 100 };
    expect(await dataOf(netns, 'vx')).toMatchObject({
      ...data,
      port_range: { low: 5000, high: 6000 },
      ageing: 60,
      learning: false,
    });
    await links.setKind('vx', 'vxlan', { learning: true, ageing: 30 });
    expect(await dataOf(netns, 'vx')).toMatchObject({ ...data, learning: true, ageing: 30 });
    await links.delete('vx');
  });

  it('a Geneve tunnel, and where its packets go to changed', async () => {
    const { inside, netns } = lab;
    const { links } = inside;
    const options = { id: 16777215, remote: '10.0.0.2', port: 6082, ttl: 9, tos: 8 } as const;
    const more = { udpChecksum: true, dontFragment: 'set' } as const;
    const made = await links.create({ kind: 'geneve', name: 'gn', options: { ...options, ...more } });
    expect(made.options).toMatchObject({ ...options, ...more });
    expect(made.options).not.toHaveProperty('collectMetadata');
    const data = { id: 16777215, remote: '10.0.0.2', port: 6082, ttl: 9, df: 'set' };
    expect(await dataOf(netns, 'gn')).toMatchObject(data);
    await links.setKind('gn', 'geneve', { remote: '10.0.0.3', ttl: 10 });
    expect(await dataOf(netns, 'gn')).toMatchObject({ ...data, remote: '10.0.0.3', ttl: 10 });
    await links.delete('gn');
    await links.create({ kind: 'geneve', name: 'gn', options: { collectMetadata: true } });
    expect(await dataOf(netns, 'gn')).toMatchObject({ external: true });
    expect((await links.get('gn')).options).toMatchObject({ collectMetadata: true });
    await links.delete('gn');
  });

  it.each([
    ['gre', '10.0.0.1', '10.0.0.2'],
    ['gretap', '10.0.0.1', '10.0.0.2'],
    ['ip6gre', 'fd00::1', 'fd00::2'],
    ['ip6gretap', 'fd00::1', 'fd00::2'],
  ] as const)('a tunnel of the kind %s with its keys', async (kind, local, remote) => {
    const { inside, netns } = lab;
    const { links } = inside;
    await dummies(inside, 'base');
    const options = { link: 'base', local, remote, inputKey: 7, outputKey: 8, ttl: 9 };
    const made = await links.create({ kind, name: 'gr', options });
    expect(made).toMatchObject({ kind, options: { ...options, inputFlags: ['key'], outputFlags: ['key'] } });
    // ip writes keys as addresses.
    const keyed = { local, remote, ikey: '0.0.0.7', okey: '0.0.0.8', ttl: 9 };
    expect(await dataOf(netns, 'gr')).toMatchObject(keyed);
    // Of what is not said the kernel would make what it is by itself.
    await links.setKind('gr', kind, { ttl: 10, inputFlags: ['checksum'] });
    expect(await dataOf(netns, 'gr')).toMatchObject({ ...keyed, ttl: 10, icsum: true });
    const before = await dataOf(netns, 'gr');
    const change = inside.transaction((tx) => {
      tx.links.setKind('gr', kind, { inputKey: 0, inputFlags: [], outputKey: 9 });
      tx.links.setKind('gr', kind, { ttl: 11 });
      tx.links.create({ kind: 'dummy', name: 'base' });
    });
    await expect(change).rejects.toMatchObject({ code: 'EEXIST', position: 2 });
    expect(await dataOf(netns, 'gr')).toEqual(before);
    await inside.transaction((tx) => {
      tx.links.setKind('gr', kind, { inputKey: 0, inputFlags: [], outputKey: 9 });
      tx.links.setKind('gr', kind, { ttl: 11 });
    });
    const after = await dataOf(netns, 'gr');
    expect(after).toMatchObject({ local, remote, okey: '0.0.0.9', ttl: 11 });
    expect(after).not.toHaveProperty('ikey');
    await links.delete('gr');
  });

  it.each([
    ['ipip', '10.0.0.1', '10.0.0.2', { protocol: 'any' }, { proto: 'any' }, { protocol: 'ipv4' }],
    ['sit', '10.0.0.1', '10.0.0.2', { flags: ['isatap'] }, { proto: 'ip6ip', isatap: true }, { flags: [] }],
    [
      'ip6tnl',
      'fd00::1',
      'fd00::2',
      { protocol: 'ipv4', encapsulationLimit: 3 },
      { proto: 'ipip6' },
      undefined,
    ],
  ] as const)('a tunnel of the kind %s', async (kind, local, remote, more, theirs, inborn) => {
    const { inside, netns } = lab;
    const { links } = inside;
    await dummies(inside, 'base');
    const options = { link: 'base', local, remote, ttl: 9, ...more };
    expect(await links.create({ kind, name: 'tn', options } as NewLink)).toMatchObject({ kind, options });
    const data = { local, remote, ...theirs };
    expect(await dataOf(netns, 'tn')).toMatchObject({ ...data, ttl: 9 });
    await links.setKind('tn', kind, { ...more, ttl: 10 });
    const before = await dataOf(netns, 'tn');
    expect(before).toMatchObject({ ...data, ttl: 10 });
    const change = inside.transaction((tx) => {
      tx.links.setKind('tn', kind, { ttl: 11, mark: 7 });
      tx.links.create({ kind: 'dummy', name: 'base' });
    });
    await expect(change).rejects.toMatchObject({ code: 'EEXIST', position: 1 });
    expect(await dataOf(netns, 'tn')).toEqual(before);
    if (inborn) {
      const refused = { code: 'EOPNOTSUPP', hint: expect.stringContaining('create another one') };
      await expect(links.setKind('tn', kind, { ...inborn, ttl: 11 })).rejects.toMatchObject(refused);
      expect(await dataOf(netns, 'tn')).toEqual(before);
    }
    await links.delete('tn');
  });

  it('a tunnel whose packets go in UDP besides', async () => {
    const { inside, netns } = lab;
    const { links } = inside;
    const options = { remote: '10.0.0.2', encapsulation: 'gue', encapsulationPort: 5555 } as const;
    const made = () => links.create({ kind: 'ipip', name: 'udp', options });
    await expect(made()).rejects.toMatchObject({
      code: 'EINVAL',
      hint: expect.stringContaining('modprobe fou'),
    });
    execFileSync('modprobe', ['fou']);
    expect(await made()).toMatchObject({ options });
    expect(await dataOf(netns, 'udp')).toMatchObject({ encap: { type: 'gue', dport: 5555 } });
    await links.setKind('udp', 'ipip', { ttl: 9 });
    expect(await dataOf(netns, 'udp')).toMatchObject({ ttl: 9, encap: { type: 'gue', dport: 5555 } });
    await links.delete('udp');
  });

  it('all or none of them in a transaction', async () => {
    const { inside } = lab;
    const before = (await inside.links.list()).map(({ name }) => name);
    await expect(
      inside.transaction((tx) => {
        tx.links.create({ kind: 'dummy', name: 'tx0' });
        tx.links.create({ kind: 'bond', name: 'tx1', options: { mode: 'active-backup' } });
        tx.links.set('tx0', { master: 'tx1' });
        tx.links.create({ kind: 'vlan', name: 'tx2', link: 'tx1', options: { id: 7 } });
        tx.links.create({ kind: 'vlan', name: 'tx3', link: 'tx1', options: { id: 7 } });
      }),
    ).rejects.toMatchObject({ code: 'EEXIST', device: 'tx3', position: 4 });
    expect((await inside.links.list()).map(({ name }) => name)).toEqual(before);
  });

  it.each<[string, (host: Host) => Promise<unknown>, object]>([
    [
      'a member that is up',
      async ({ links }) => {
        await links.create({
          kind: 'bond',
          name: 'refuses',
          options: { mode: 'active-backup', miimon: 100 },
        });
        await links.create({ kind: 'dummy', name: 'busy', up: true });
        await links.set('busy', { master: 'refuses' });
      },
      { code: 'EPERM', device: 'busy', hint: expect.stringContaining('links.down') },
    ],
    [
      'a primary in a mode without one',
      async ({ links }) => {
        await links.create({ kind: 'bond', name: 'xor', options: { mode: 'balance-xor' } });
        await links.setKind('xor', 'bond', { primary: 'busy' });
      },
      { device: 'xor', hint: expect.stringContaining('another mode') },
    ],
    [
      'a rate of LACP where there is none',
      ({ links }) => links.setKind('refuses', 'bond', { lacpRate: 'fast' }),
      { device: 'refuses', hint: expect.stringContaining('another mode') },
    ],
    [
      'the loopback device in a bond',
      ({ links }) => links.set('lo', { master: 'refuses' }),
      { code: expect.stringMatching(/^E(OPNOTSUPP|INVAL|PERM)$/), device: 'lo' },
    ],
    [
      'a VLAN on what takes none',
      ({ links }) => links.create({ kind: 'vlan', name: 'no', link: 'lo', options: { id: 7 } }),
      { code: 'EOPNOTSUPP', device: 'no', hint: expect.stringContaining('Ethernet') },
    ],
    [
      'a VLAN twice',
      async ({ links }) => {
        await links.create({ kind: 'vlan', name: 'one', link: 'busy', options: { id: 7 } });
        await links.create({ kind: 'vlan', name: 'no', link: 'busy', options: { id: 7 } });
      },
      { code: 'EEXIST', device: 'no', hint: expect.stringContaining('that number') },
    ],
    [
      'two VXLANs with the same number',
      async ({ links }) => {
        await links.create({ kind: 'vxlan', name: 'vx1', options: { id: 7, port: 4789 } });
        await links.create({ kind: 'vxlan', name: 'no', options: { id: 7, port: 4789 } });
      },
      { code: 'EEXIST', device: 'no', hint: expect.stringContaining('that number') },
    ],
  ])('refused with the reason: %s', async (_title, work, expected) => {
    const error = await work(lab.inside).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect(await lab.inside.links.find('no')).toBeUndefined();
  });

  it('refused before the kernel is asked: what is out of range', async () => {
    const { links } = lab.inside;
    for (const [options, detail] of [
      [{ kind: 'vlan', link: 'base', options: { id: 4095 } }, /^options\.id: 4095/],
      [
        { kind: 'vlan', link: 'base', options: { id: 7, protocol: '802.1q' } },
        /^options\.protocol: .*802\.1Q/,
      ],
      [{ kind: 'bond', options: { mode: 'lacp' } }, /^options\.mode: lacp is not one of/],
      [{ kind: 'bond', options: { resendIgmp: 256 } }, /^options\.resendIgmp: 256/],
      [{ kind: 'bond', options: { miimon: -1 } }, /^options\.miimon: -1/],
      [{ kind: 'vxlan', options: { id: 2 ** 24 } }, /^options\.id: 16777216/],
    ] as [NewLink, RegExp][])
      await expect(links.create(options)).rejects.toMatchObject({
        code: expect.stringMatching(/^(EINVAL|ERANGE)$/),
        call: 'RTM_NEWLINK',
        detail: expect.stringMatching(detail),
      });
  });
});
