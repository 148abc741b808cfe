// Selectors of rules that ip of Debian 12 does not know: held against the kernel's own messages, which a program reads.

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { host, KernelError, type NewRule, type Rule } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';

type Told = Record<string, unknown>;

const PROGRAM = fileURLToPath(new URL('fixtures/told.py', import.meta.url));
const told = async (netns: Netns, priority?: number): Promise<Told[]> => {
  const all = await netns.inside.runJson<Told[]>('python3', PROGRAM, 'rules');
  return all.filter((one) => priority === undefined || one.priority === priority);
};

/** Whether it was refused because the kernel is older. */
const isOlder = (error: unknown): boolean =>
  error instanceof KernelError && error.code === 'EOPNOTSUPP' && (error.detail ?? '').includes('this kernel');

const PRIORITY = 85;
const rules: [rule: NewRule, told: object][] = [
  [{ dscp: 46 }, { dscp: 46 }],
  [{ family: 'ipv6', dscp: 46 }, { dscp: 46 }],
  [
    { dscp: 40, dscpMask: 0x38 },
    { dscp: 40, dscpMask: 0x38 },
  ],
  [
    { family: 'ipv6', flowLabel: 0x12345 },
    { flowLabel: 0x12345, flowLabelMask: 0xfffff },
  ],
  [
    { family: 'ipv6', flowLabel: 0x12300, flowLabelMask: 0xfff00 },
    { flowLabel: 0x12300, flowLabelMask: 0xfff00 },
  ],
  [
    { ipProtocol: 'tcp', sourcePorts: { start: 0x1200, end: 0x1200 }, sourcePortMask: 0xff00 },
    { sourcePortMask: 0xff00 },
  ],
  [
    { ipProtocol: 'udp', destinationPorts: { start: 80, end: 80 }, destinationPortMask: 0xfff0 },
    { destinationPortMask: 0xfff0 },
  ],
];

describeWith([...HOST_NEEDS, 'python3'], 'newer selectors of rules', () => {
  it.each(rules)('are added, listed, deleted, and put back: %j', async (selectors, expected) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    const rule = { ...selectors, priority: PRIORITY, table: 85 };
    const { family = 'ipv4' } = rule;
    const error: unknown = await inside.rules.add(rule).catch((reason: unknown) => reason);
    if (isOlder(error)) {
      expect(await told(netns, PRIORITY)).toEqual([]);
      return;
    }
    expect(error).toBeUndefined();
    expect(await told(netns, PRIORITY)).toMatchObject([{ family, ...expected }]);
    const listed = (await inside.rules.list({ family })).find(({ priority }) => priority === PRIORITY);
    expect(listed).toEqual({ ...rule, family, action: 'table', protocol: 'unspecified' });
    const before = await told(netns);
    await refusedBehind(inside, (tx) => tx.rules.delete({ family, priority: PRIORITY }));
    expect(await told(netns)).toEqual(before);
    await inside.rules.delete(listed as Rule);
    expect(await told(netns, PRIORITY)).toEqual([]);
  });

  it('tell one port as one port, whatever mask the kernel has for it', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await netns.ip('rule add ipproto tcp dport 80 table 85 priority 85');
    const listed = (await inside.rules.list()).find(({ priority }) => priority === PRIORITY);
    expect(listed).toEqual({
      family: 'ipv4',
      priority: PRIORITY,
      ipProtocol: 'tcp',
      destinationPorts: { start: 80, end: 80 },
      action: 'table',
      table: 85,
      protocol: 'unspecified',
    });
  });

  it('move with the link that the rule names', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await netns.ip('link add eth0 up type veth peer name far');
    const rule = { input: 'eth0', dscp: 8, priority: PRIORITY, table: 85 };
    const error: unknown = await inside.rules.add(rule).catch((reason: unknown) => reason);
    if (isOlder(error)) return;
    await inside.rules.add({ input: 'eth0', priority: PRIORITY, table: 85 });
    const before = await told(netns);
    await inside.bridges.takeOver('br0', 'eth0');
    expect(await told(netns)).toEqual(before);
    expect(await netns.ip('rule show pref 85')).toContain('iif br0');
    expect(await netns.ip('rule show pref 85')).not.toContain('eth0');
    await inside.bridges.giveBack('br0', 'eth0');
    expect(await told(netns)).toEqual(before);
  });

  it('are numbers within their bounds', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    for (const rule of [
      { dscp: 64 },
      { dscp: 1, dscpMask: 64 },
      { flowLabel: 2 ** 20 },
      { sourcePortMask: 2 ** 16 },
    ])
      await expect(inside.rules.add({ ...rule, table: 5 })).rejects.toMatchObject({ code: 'ERANGE' });
  });
});
