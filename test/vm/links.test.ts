// Links of the kinds that a small kernel lacks: made, read back with ip, changed, refused with the kernel's reason.

import { expect, it } from 'vitest';
import { type Host, KernelError, type NewLink } from '../../lib/host/index.js';
import { startInside } from '../host/inside.js';
import { HOST_NEEDS, type Netns } from '../host/netns.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';

const LACP_MS = 30_000;

interface IpLink {
  ifname: string;
  flags: string[];
  mtu: number;
  link?: string;
  master?: string;
  linkinfo: {
    info_kind: string;
    info_data?: Record<string, unknown>;
    info_slave_data?: Record<string, unknown>;
  };
}

const ip = async (netns: Netns, name: string) =>
  (await netns.ipJson<IpLink[]>(`link show dev ${name}`))[0] as IpLink;
const dataOf = async (netns: Netns, name: string) => (await ip(netns, name)).linkinfo.info_data;

describeWith(['the system VM around it', ...HOST_NEEDS, 'kmod'], 'links of the whole kernel', () => {
  const lab = startInside();
  const dummies = async ({ links }: Host, ...names: string[]) => {
    for (const name of names)
      if (!(await links.find(name))) await links.create({ kind: 'dummy', name, mtu: 9000 });
  };

  type Bond = Extract<NewLink, { kind: 'bond' }>['options'];
  const bonds: [NonNullable<NonNullable<Bond>['mode']>, Bond, object][] = [
    ['balance-rr', { packetsPerMember: 7, resendIgmp: 3 }, { packets_per_slave: 7, resend_igmp: 3 }],
    [
      'active-backup',
      { primaryReselect: 'failure', failOverMac: 'active', peerNotifications: 3 },
      { primary_reselect: 'failure', fail_over_mac: 'active', num_peer_notif: 3 },
    ],
    [
      'balance-xor',
      { transmitHashPolicy: 'layer3+4', minLinks: 2 },
      { xmit_hash_policy: 'layer3+4', min_links: 2 },
    ],
    ['broadcast', { upDelay: 200, downDelay: 300 }, { updelay: 200, downdelay: 300 }],
    [
      '802.3ad',
      { lacpRate: 'fast', adSelect: 'count', adActorSystemPriority: 7, adUserPortKey: 9, lacpActive: false },
      {
        ad_lacp_rate: 'fast',
        ad_select: 'count',
        ad_actor_sys_prio: 7,
        ad_user_port_key: 9,
        ad_lacp_active: 'off',
      },
    ],
    ['balance-tlb', { tlbDynamic: false }, { tlb_dynamic_lb: 0 }],
    ['balance-alb', { learningInterval: 5 }, { lp_interval: 5 }],
  ];

  it.each(bonds)('a bond of mode %s with its options', async (mode, options, data) => {
    const { inside, netns } = lab;
    const name = `b-${mode.replace('.', '')}`;
    const made = await inside.links.create({
      kind: 'bond',
      name,
      options: { mode, miimon: 100, ...options },
      up: true,
    });
    expect(made).toMatchObject({ kind: 'bond', options: { mode, miimon: 100, ...options } });
    const theirs = await ip(netns, name);
    expect(theirs.linkinfo).toMatchObject({ info_kind: 'bond', info_data: { mode, miimon: 100, ...data } });
    expect(theirs.flags).toContain('UP');
    await inside.links.setKind(name, 'bond', { miimon: 200 });
    expect(await dataOf(netns, name)).toMatchObject({ mode, miimon: 200 });
    await inside.links.delete(name);
    expect(await inside.links.find(name)).toBeUndefined();
  });

  it('a bond that probes by ARP', async () => {
    const { inside, netns } = lab;
    const arpIpTargets = ['10.0.0.1', '10.0.0.2'];
    const options = { mode: 'active-backup', arpInterval: 500, arpIpTargets, missedMax: 4 } as const;
    const answers = { arpValidate: 'backup', arpAllTargets: 'all' } as const;
    const made = await inside.links.create({
      kind: 'bond',
      name: 'probes',
      options: { ...options, ...answers },
    });
    expect(made).toMatchObject({ options: { ...options, ...answers, miimon: 0 } });
    expect(await dataOf(netns, 'probes')).toMatchObject({
      arp_interval: 500,
      arp_ip_target: arpIpTargets,
      arp_missed_max: 4,
      arp_validate: 'backup',
      arp_all_targets: 'all',
    });
    await inside.links.setKind('probes', 'bond', { arpIpTargets: ['10.0.0.3'] });
    expect(await dataOf(netns, 'probes')).toMatchObject({ arp_ip_target: ['10.0.0.3'] });
    await inside.links.delete('probes');
  });

  it('two bonds that find each other by LACP, and lose a member', async () => {
    const { inside, netns } = lab;
    const { links } = inside;
    const members = { near: ['n0', 'n1'], far: ['f0', 'f1'] } as const;
    for (const i of [0, 1] as const)
      await links.create({
        kind: 'veth',
        name: members.near[i],
        options: { peer: { name: members.far[i] } },
      });
    for (const [name, own] of Object.entries(members)) {
      await links.create({ kind: 'bond', name, options: { mode: '802.3ad', miimon: 100, lacpRate: 'fast' } });
      for (const member of own) await links.set(member, { master: name });
      await links.up(name);
    }
    const lacpOf = async (name: string) => {
      const bond = await links.get(name);
      return bond.kind === 'bond' ? bond.options.lacp : undefined;
    };
    const { mac } = await links.get('far');
    const isFound = async () => {
      const { partnerMac, ports } = (await lacpOf('near')) ?? {};
      return partnerMac === mac && ports === 2;
    };
    await until('both members are of one group', isFound, LACP_MS);
    const theirs = async () => (await ip(netns, 'near')).linkinfo.info_data?.ad_info;
    expect(await theirs()).toMatchObject({ partner_mac: mac, num_ports: 2 });

    await links.set('n1', { bondMember: { queueId: 3 } });
    const memberOf = async (name: string) => (await links.get(name)).bondMember;
    await until('it is in use', async () => (await memberOf('n1'))?.state === 'active', LACP_MS);
    expect(await memberOf('n1')).toMatchObject({ miiStatus: 'up', queueId: 3 });
    expect((await ip(netns, 'n1')).linkinfo.info_slave_data).toMatchObject({ queue_id: 3, mii_status: 'UP' });
    await links.down('f1');
    await until('one is left', async () => (await lacpOf('near'))?.ports === 1, LACP_MS);
    expect(await memberOf('n1')).toMatchObject({ miiStatus: 'down', linkFailures: 1 });
    await links.set('n1', { master: null });
    expect((await links.list({ master: 'near' })).map(({ name }) => name)).toEqual(['n0']);
    for (const name of ['near', 'far', 'n0', 'n1']) await links.delete(name);
  });

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
    for (const [options, message] of [
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
      await expect(links.create(options)).rejects.toThrow(message);
  });
});
