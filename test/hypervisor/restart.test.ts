import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { expectFirewall, expectLink } from './evidence.js';
import { HYPERVISOR_NEEDS, startHost, traces } from './host.js';
import { MANAGED_MODES } from './managed-modes.js';

describeWith(HYPERVISOR_NEEDS, 'a network that runs', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it('survives a restart of the daemon, and starts with it when told to', async () => {
    const before = new Map<string, string>();
    for (const { document } of MANAGED_MODES) {
      const network = await connection.networks.define(document);
      await network.start();
      await network.autostart(document.name === 'home');
      before.set(document.name, await network.xml());
    }
    const dnsmasqs = (await lab.dnsmasqs()).map(({ pid }) => pid).sort();

    await lab.restartDaemon();
    await using again = await connect(lab.uri);
    const networks = await again.networks.list({ active: true, persistent: true });
    expect(networks.map(({ name }) => name).sort()).toEqual([...before.keys()].sort());
    for (const network of networks) expect(await network.xml()).toBe(before.get(network.name));
    for (const mode of MANAGED_MODES) {
      await expectLink(lab, mode);
      await expectFirewall(lab, mode);
    }
    expect((await lab.dnsmasqs()).map(({ pid }) => pid).sort()).toEqual(dnsmasqs);
    expect((await again.networks.list({ autostart: true })).map(({ name }) => name)).toEqual(['home']);

    for (const network of networks) await network.destroy();
    await lab.restartDaemon();
    await using third = await connect(lab.uri);
    expect(await third.networks.list()).toHaveLength(MANAGED_MODES.length);
    // A running host has autostarted once: libvirt keeps that from one daemon to the next.
    for (const network of await third.networks.list()) {
      if (await network.isActive()) await network.destroy();
      await network.undefine();
    }
    expect(await traces(lab, ...MANAGED_MODES.flatMap(({ marks }) => marks))).toEqual([]);
  });
});
