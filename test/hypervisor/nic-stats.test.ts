// What has gone through the NICs of many guests, asked at once.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain, type TargetStats } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd } from '../lab/libvirtd.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const RUNNING = ['ada', 'bob', 'cy'];

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'domains.nicStats', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
    const nics = () => [
      build.nic.network({ network: 'lan' }),
      build.nic.user({ model: 'e1000' }),
      build.nic.bridge({ bridge: HOST_BRIDGE }),
    ];
    for (const name of RUNNING) await connection.domains.create(emptyGuest(name, nics()));
    await connection.domains.define(emptyGuest('off', nics()));
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const named = async (of?: Parameters<typeof connection.domains.nicStats>[0]) => {
    const stats = await connection.domains.nicStats(of);
    return Object.fromEntries(
      stats.map(({ domain, nics }) => [domain.name, nics.map(({ target }) => target)]),
    );
  };
  const targets = async (domain: Domain) =>
    (await domain.nics.list()).flatMap(({ target }) => (target === undefined ? [] : [target]));

  it('tells the traffic of every NIC that is a device of the host', async () => {
    // The firmware has sent nothing; the host sends a frame to everybody on its bridge.
    await lab.run('busybox', 'arping', '-c', '3', '-w', '3', '-I', HOST_BRIDGE, '10.99.0.77');
    const stats = await connection.domains.nicStats({ active: true });
    expect(stats.map(({ domain }) => domain.name).sort()).toEqual(RUNNING);
    for (const { domain, nics } of stats) {
      expect(nics.map(({ target }) => target)).toEqual(await targets(domain));
      const counter = expect.any(BigInt);
      const traffic = { bytes: counter, packets: counter, errors: counter, drops: counter };
      for (const nic of nics) expect(nic).toMatchObject({ received: traffic, sent: traffic });
      const onBridge = nics.at(-1) as TargetStats;
      expect(onBridge.received.packets).toBeGreaterThan(0n);
      const alone = await domain.nics.stats(onBridge.target);
      expect(alone.sent).toEqual(onBridge.sent);
      expect(alone.received.packets).toBeGreaterThanOrEqual(onBridge.received.packets ?? 0n);
    }
  });

  it('says which NICs have no counters', async () => {
    const ada = await connection.domains.get('ada');
    const user = (await ada.nics.list()).find(({ type }) => type === 'user');
    await expect(ada.nics.stats(user?.mac ?? '')).rejects.toMatchObject({
      function: 'virDomainInterfaceStats',
      hint: expect.stringContaining('without a device on the host'),
    });
  });

  it('measures those that fit, or those of a list', async () => {
    expect(Object.keys(await named()).sort()).toEqual([...RUNNING, 'off']);
    expect(await named({ active: false })).toEqual({ off: [] });
    expect(await named({ persistent: true })).toEqual({ off: [] });
    expect(Object.keys(await named({ state: 'paused' }))).toEqual([]);
    const [cy, ada] = [await connection.domains.get('cy'), await connection.domains.get('ada')];
    expect(await named([cy, ada])).toEqual({ cy: await targets(cy), ada: await targets(ada) });
    expect(await named([])).toEqual({});
    await ada.destroy();
    expect(Object.keys(await named([cy, ada]))).toEqual(['cy']);
  });

  it('does not wait for a guest that is suspended', async () => {
    const bob = await connection.domains.get('bob');
    await bob.suspend();
    expect(Object.keys(await named({ state: 'paused' }))).toEqual(['bob']);
    expect(await named([bob])).toEqual({ bob: await targets(bob) });
    await bob.resume();
  });

  it('refuses what is no guest of its connection', async () => {
    await using other = await connect(lab.uri);
    const cy = await other.domains.get('cy');
    await expect(connection.domains.nicStats([cy])).rejects.toThrow(/^\[0\]: not a guest of connection/);
    await expect(connection.domains.nicStats(['cy' as never])).rejects.toThrow(TypeError);
    await expect(connection.domains.nicStats({ activ: true } as never)).rejects.toThrow(
      'did you mean active?',
    );
  });
});
