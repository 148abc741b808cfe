// Bonds: made in each mode, read back with ip, changed; the member that is used, and what LACP finds.

import { expect, it } from 'vitest';
import type { NewLink } from '../../lib/host/index.js';
import { startInside } from '../host/inside.js';
import { HOST_NEEDS } from '../host/netns.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { dataOf, ip } from './details.js';

const LACP_MS = 30_000;

describeWith(['the system VM around it', ...HOST_NEEDS, 'kmod'], 'bonds', () => {
  const lab = startInside();

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

  it('a bond that prefers a member, and one that it is told to use', async () => {
    const { inside, netns } = lab;
    const { links } = inside;
    await links.create({
      kind: 'bond',
      name: 'picks',
      options: { mode: 'active-backup', miimon: 100 },
      up: true,
    });
    for (const name of ['m0', 'm1']) await links.create({ kind: 'dummy', name, master: 'picks' });
    const expectChosen = async (chosen: { activeMember: string; primary?: string }) => {
      const { active_slave: activeMember, primary } = (await dataOf(netns, 'picks')) ?? {};
      expect({ activeMember, ...(primary !== undefined && { primary }) }).toEqual(chosen);
      const made = await links.get('picks');
      expect(made.options).toMatchObject(chosen);
      expect('primary' in (made.options ?? {})).toBe('primary' in chosen);
    };
    await expectChosen({ activeMember: 'm0' });
    await links.setKind('picks', 'bond', { activeMember: 'm1' });
    await expectChosen({ activeMember: 'm1' });
    await links.setKind('picks', 'bond', { primary: 'm0' });
    await expectChosen({ activeMember: 'm0', primary: 'm0' });
    await links.setKind('picks', 'bond', { activeMember: 'm1', primaryReselect: 'failure' });
    await expectChosen({ activeMember: 'm1', primary: 'm0' });
    for (const name of ['picks', 'm0', 'm1']) await links.delete(name);
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
});
