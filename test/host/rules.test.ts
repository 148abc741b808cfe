// Rules that choose a table of routes, held against ip rule.
import { expect, it } from 'vitest';
import { host, type NewRule, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { refusedBehind } from './refused-behind.js';

describeWith(HOST_NEEDS, 'rules', () => {
  const lab = startInside();

  const rules: [NewRule, object][] = [
    [
      { from: '192.168.10.0/24', table: 100, priority: 1000 },
      { priority: 1000, src: '192.168.10.0', srclen: 24, table: '100' },
    ],
    [
      { to: '10.0.0.0/8', mark: 16, markMask: 255, table: 1000, priority: 1001 },
      { dst: '10.0.0.0', dstlen: 8, fwmark: '0x10', fwmask: '0xff', table: '1000' },
    ],
    [
      { input: 'r0', not: true, action: 'prohibit', priority: 1002 },
      { iif: 'r0', not: null, action: 'prohibit' },
    ],
    [
      {
        ipProtocol: 'tcp',
        destinationPorts: { start: 80, end: 90 },
        users: { start: 0, end: 9 },
        priority: 1003,
        table: 'main',
      },
      { ipproto: 'tcp', dport_start: 80, dport_end: 90, uid_start: 0, uid_end: 9, table: 'main' },
    ],
    [
      { from: 'fd00::/8', table: 7, priority: 1004, suppressPrefix: 0 },
      { src: 'fd00::', srclen: 8, table: '7', suppress_prefixlen: 0 },
    ],
    [
      { tos: 0x10, table: 7, priority: 1005 },
      { tos: '0x10', table: '7' },
    ],
    [
      { family: 'ipv6', tos: 0x10, table: 7, priority: 1005 },
      { tos: '0x10', table: '7' },
    ],
    [
      { from: '10.0.0.0/8', realms: { from: 3, to: 4 }, table: 7, priority: 1006 },
      { flow_from: '3', flow_to: '4' },
    ],
    [{ l3mdev: true, priority: 1007 }, { l3mdev: null }],
    [
      { ipProtocol: 'gre', table: 7, priority: 1008 },
      { ipproto: 'gre', table: '7' },
    ],
    [
      { ipProtocol: 253, table: 7, priority: 1009 },
      { ipproto: 'ipproto-253', table: '7' },
    ],
    [
      { tunnelId: 2 ** 32 - 1, table: 7, priority: 1010 },
      { tun_id: 2 ** 32 - 1, table: '7' },
    ],
    [
      { from: '10.0.0.0/8', suppressGroup: 0, table: 7, priority: 1011 },
      { table: '7', suppress_ifgroup: 'default' },
    ],
    [
      { suppressGroup: 3, table: 7, priority: 1012, protocol: 77 },
      { suppress_ifgroup: '3', protocol: '77' },
    ],
  ];

  it.each(rules)('are added, listed and deleted: %j', async (rule, expected) => {
    const { inside, netns } = lab;
    await inside.rules.add(rule);
    const family = rule.family ?? (rule.from?.includes(':') ? 'ipv6' : 'ipv4');
    const command = `${family === 'ipv6' ? '-6' : '-4'} rule show pref ${rule.priority}`;
    expect(await netns.ipJson(command)).toMatchObject([expected]);
    const listed = (await inside.rules.list({ family })).find(({ priority }) => priority === rule.priority);
    expect(listed).toMatchObject(rule);
    const before = await netns.ipJson('rule show');
    await inside.rules.delete(listed as NewRule);
    expect((await netns.ipJson(command)) ?? []).toEqual([]);
    await inside.rules.add(listed as NewRule);
    expect(await netns.ipJson('rule show')).toEqual(before);
    await inside.rules.delete(rule);
    expect((await netns.ipJson(command)) ?? []).toEqual([]);
  });

  it('are told with what others made them with', async () => {
    const { inside, netns } = lab;
    for (const rule of ['ipproto 89', 'ipproto tcp', 'tun_id 5', 'suppress_ifgroup 3'])
      await netns.ip(`rule add priority 84 ${rule} table 5`);
    const told = (await inside.rules.list()).filter(({ priority }) => priority === 84);
    expect(told).toMatchObject([
      { ipProtocol: 89, table: 5 },
      { ipProtocol: 'tcp', table: 5 },
      { tunnelId: 5, table: 5 },
      { suppressGroup: 3, table: 5 },
    ]);
    for (const rule of told) await inside.rules.delete(rule);
    expect((await netns.ipJson('rule show pref 84')) ?? []).toEqual([]);
    await inside.rules.add({ ipProtocol: 6, table: 5, priority: 84 });
    await inside.rules.delete({ ipProtocol: 'tcp', table: 5, priority: 84 });
  });

  it('are found by all that is said of one, and said so where there is none', async () => {
    const { inside } = lab;
    const hint = expect.stringContaining('host.rules.list()');
    await expect(inside.rules.delete({ priority: 4711 })).rejects.toMatchObject({
      code: 'ENOENT',
      object: 'rule 4711 for all',
      hint,
    });
    await expect(inside.rules.delete({ from: '10.9.0.0/16', mark: 7, table: 5 })).rejects.toMatchObject({
      object: 'rule from 10.9.0.0/16 with mark 7 to table 5',
    });
    for (const rule of [{ ipProtocol: 0 }, { ipProtocol: 256 }, { suppressGroup: -1 }, { tunnelId: 0 }])
      await expect(inside.rules.add({ ...rule, table: 5 })).rejects.toMatchObject({ code: 'ERANGE' });
  });

  const undone: [title: string, there: readonly string[], change: (rules: Transaction['rules']) => void][] = [
    [
      'all that two deletions took that say the same',
      ['priority 86 from 10.1.0.0/16 table 5', 'priority 86 from 10.2.0.0/16 table 5', 'priority 87 table 5'],
      (rules) => {
        for (let i = 0; i < 3; i++) rules.delete({ table: 5 });
      },
    ],
    [
      'one with more selectors, which the kernel takes for the one that was made',
      ['priority 86 from 10.1.0.0/16 dport 80 ipproto tcp table 5', 'priority 86 from 10.3.0.0/16 table 6'],
      (rules) => rules.add({ priority: 86, from: '10.1.0.0/16', table: 5 }),
    ],
    [
      'one that is for all other traffic, to one that was made without a priority',
      ['not from 10.1.0.0/16 table 5'],
      (rules) => rules.add({ from: '10.1.0.0/16', table: 5 }),
    ],
    [
      'their order where the last and the first go',
      ['priority 86 from 10.1.0.0/16 table 5', 'priority 86 table 6', 'priority 86 to 10.2.0.0/16 table 5'],
      (rules) => {
        rules.delete({ priority: 86, to: '10.2.0.0/16' });
        rules.delete({ priority: 86 });
        rules.add({ priority: 86, table: 7 });
      },
    ],
  ];
  it.each(undone)('keep when a transaction is refused: %s', async (_title, there, change) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    for (const rule of there) await netns.ip(`rule add ${rule}`);
    const before = await netns.ipJson('rule show');
    await refusedBehind(inside, (tx) => change(tx.rules));
    expect(await netns.ipJson('rule show')).toEqual(before);
    await inside.transaction((tx) => change(tx.rules));
    expect(await netns.ipJson('rule show')).not.toEqual(before);
  });

  it('move with the link that they name, one that says less behind one that says more', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await netns.ip('link add eth0 up type veth peer name far');
    const rules = [
      'iif eth0 ipproto tcp dport 80',
      'from 10.1.0.0/16 dport 7',
      'from 10.1.0.0/16',
      'iif eth0',
    ];
    for (const rule of rules) await netns.ip(`rule add ${rule} table 5 priority 86`);
    const before = await netns.ip('rule show');
    await inside.bridges.takeOver('br0', 'eth0');
    expect(await netns.ip('rule show')).toBe(before.replaceAll('eth0', 'br0'));
    await inside.bridges.giveBack('br0', 'eth0');
    expect(await netns.ip('rule show')).toBe(before);
  });

  it('keep the one that leads to this machine, when nothing is said of the one to be deleted', async () => {
    const { inside, netns } = lab;
    const before = await netns.ipJson('rule show');
    const nothing: NewRule[] = [
      {},
      { priority: undefined, from: undefined } as never,
      { family: 'ipv4', action: 'table', not: true },
      { from: '0.0.0.0/0', to: '0.0.0.0/0', mark: 0 },
    ];
    for (const rule of nothing)
      for (const how of ['delete', 'add'] as const)
        await expect(inside.rules[how](rule)).rejects.toMatchObject({
          code: 'EINVAL',
          field: 'rule',
          detail: expect.stringContaining('give priority'),
        });
    expect(await netns.ipJson('rule show')).toEqual(before);
    await inside.rules.add({ priority: 0, table: 'main' });
    await expect(inside.rules.add({ priority: 0, table: 'main' })).rejects.toMatchObject({
      code: 'EEXIST',
      hint: expect.not.stringContaining('replace'),
    });
    await inside.rules.delete({ priority: 0, table: 'main' });
    expect(await netns.ipJson('rule show')).toEqual(before);
  });
});
