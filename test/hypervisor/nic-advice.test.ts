// What is said to do about NICs that libvirt refuses.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const MAC = '52:54:00:00:00:01';

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'advice', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let domain: Domain;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
    domain = await connection.domains.define(emptyGuest('guest'));
    await domain.start();
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const lan = (mac?: string) => build.nic.network({ network: 'lan', model: 'virtio', ...(mac && { mac }) });

  it('about what cannot change while the guest runs', async () => {
    const { mac } = await domain.nics.attach(lan());
    await expect(domain.nics.update(mac, { model: { type: 'e1000' } })).rejects.toMatchObject({
      hint: expect.stringContaining('attach() another'),
      done: [],
    });
    await expect(domain.nics.update(mac, { filterRef: { filter: 'nope' } })).rejects.toMatchObject({
      hint: expect.stringContaining('connection.filters.list()'),
      done: [],
    });
    const [nic] = (await domain.nics.list({ inactive: true })).filter((each) => each.mac === mac);
    expect(nic?.document.filterRef).toBeUndefined();
  });

  it('about a guest without a configuration, and about one without a free place', async () => {
    const q35 = emptyGuest('q35', [lan(MAC)]).replace("machine='pc'", "machine='q35'");
    const guest = await connection.domains.create(q35);
    const config = { config: true };
    for (const call of [
      () => guest.nics.attach(lan(), { live: false, ...config }),
      () => guest.nics.update(MAC, { link: 'down' }, { live: false, ...config }),
      () => guest.metadata.setTitle('q35', config),
      () => guest.autostart(true),
    ])
      await expect(call()).rejects.toMatchObject({ hint: expect.stringContaining('define() it first') });
    let full: unknown;
    for (let i = 0; i < 8 && full === undefined; i++)
      full = await guest.nics.attach(lan()).then(
        () => undefined,
        (error) => error,
      );
    expect(full).toMatchObject({ hint: expect.stringContaining("model='pcie-root-port'"), done: [] });
    await guest.destroy();
  });

  it('about a boot order beside another, and about a bridge that is none', async () => {
    const boot = domain.nics.attach(build.nic.network({ network: 'lan', boot: 1 }));
    await expect(boot).rejects.toMatchObject({ hint: expect.stringContaining('leave boot out of the NIC') });
    const plain = domain.nics.attach(build.nic.bridge({ bridge: 'phys0' }), { config: false });
    await expect(plain).rejects.toMatchObject({ hint: expect.stringContaining('build.nic.direct') });
  });
});
