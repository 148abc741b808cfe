import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect, diff, toXML } from '../../lib/index.js';
import { treeOf } from '../contract/rng/tree.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { lost } from '../lab/lost.js';
import { take } from '../lab/take.js';
import { expectDnsmasq, expectFirewall, expectLink } from './evidence.js';
import { dnsmasqFile, dumpxml, HYPERVISOR_NEEDS, startHost, traces } from './host.js';
import { MANAGED_MODES } from './managed-modes.js';

describeWith(HYPERVISOR_NEEDS, 'a network for which libvirt makes a bridge', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let witness: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    witness = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await witness?.close();
    await lab?.stop();
  });

  it.each(MANAGED_MODES.map((mode) => [mode.title, mode] as const))('%s', async (_, mode) => {
    const { document, bridge, marks } = mode;
    const { name } = document;
    await using events = witness.events.watch('networkLifecycle');
    await events.ready;
    expect(await traces(lab, ...marks)).toEqual([]);

    const network = await connection.networks.define(document, { validate: true });
    expect((await lab.links()).has(bridge)).toBe(false);
    await network.start();

    expect(await network.bridgeName()).toBe(bridge);
    await expectLink(lab, mode);
    await expectDnsmasq(lab, mode);
    await expectFirewall(lab, mode);
    for (const route of mode.routes ?? []) expect(await lab.must('ip', 'route')).toContain(route);

    for (const [options, flags] of [
      [{}, []],
      [{ inactive: true }, ['--inactive']],
    ] as const) {
      const printed = await dumpxml(lab, name, ...flags);
      expect(`${await network.xml(options)}\n`).toBe(printed);
      const described = await network.describe(options);
      expect(treeOf(toXML(described))).toEqual(treeOf(printed));
      expect(lost(document, described)).toEqual([]);
      expect(diff(document, described, { ignore: 'filled-in' })).toEqual([]);
    }

    await network.destroy();
    expect((await lab.links()).has(bridge)).toBe(false);
    await network.undefine();
    expect(await traces(lab, ...marks)).toEqual([]);

    const seen = (await take(events, 4)).map(({ type, network: which }) => `${which.name} ${type}`);
    expect(seen).toEqual(['defined', 'started', 'stopped', 'undefined'].map((type) => `${name} ${type}`));
  });

  it('gives IPv6 to a bridge only where the network has it', async () => {
    const ipv6Is = (bridge: string) => lab.must('cat', `/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`);
    for (const [name, off] of [
      ['home', '1\n'],
      ['office', '0\n'],
    ] as const) {
      const mode = MANAGED_MODES.find(({ document }) => document.name === name);
      const network = await connection.networks.create(mode?.document ?? '');
      expect(await ipv6Is(mode?.bridge ?? '')).toBe(off);
      await network.destroy();
    }
    expect(await lab.must('cat', '/proc/sys/net/ipv4/ip_forward')).toBe('1\n');
  });

  it('keeps its hosts in files for dnsmasq', async () => {
    const island = MANAGED_MODES.find(({ document }) => document.name === 'island');
    const network = await connection.networks.create(island?.document ?? '');
    expect(dnsmasqFile(lab, 'island', 'hostsfile')).toBe('52:54:00:12:34:56,10.11.1.20,web,1h\n');
    expect(dnsmasqFile(lab, 'island', 'addnhosts')).toBe('10.11.1.5\tprinter\tscanner\t\n');
    expect(readFileSync(`${lab.inside.base}/run/libvirt/network/island.pid`, 'utf8')).toMatch(/^\d+\n$/);
    await network.destroy();
  });
});
