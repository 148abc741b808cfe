// Changes of one guest's NICs that are asked for at the same time, and such as a guest cannot have.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const MAC = '52:54:00:00:00:01';

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'domain.nics at the same time', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let domain: Domain;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
    const nic = build.nic.network({ network: 'lan', mac: MAC, model: 'virtio' });
    domain = await connection.domains.define(emptyGuest('guest', [nic]));
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const document = async () => (await domain.nics.list())[0]?.document;

  it('loses no change, also by another object of the same guest', async () => {
    const same = await connection.domains.get('guest');
    for (let round = 0; round < 5; round++) {
      await domain.nics.update(MAC, { link: undefined, mtu: undefined, bandwidth: undefined });
      await Promise.all([
        domain.nics.update(MAC, { link: { state: 'down' } }),
        same.nics.update(MAC, { mtu: { size: 1400 } }),
        same.nics.setBandwidth(MAC, { inbound: { average: 1000 } }),
        domain.nics.update(MAC, (nic) => ({ ...nic, alias: { name: 'ua-lan' } })),
      ]);
      expect(await document()).toMatchObject({
        link: { state: 'down' },
        mtu: { size: 1400 },
        bandwidth: { inbound: { average: 1000 } },
        alias: { name: 'ua-lan' },
      });
    }
    await domain.nics.update(MAC, { bandwidth: undefined });
    expect(connection.changes.size).toBe(0);
  });

  it('goes on after a change that failed', async () => {
    const failing = domain.nics.update(MAC, () => {
      throw new Error('of the caller');
    });
    const following = domain.nics.update(MAC, { link: { state: 'up' } });
    await expect(failing).rejects.toThrow('of the caller');
    await following;
    expect(await document()).toMatchObject({ link: { state: 'up' } });
  });

  it('attaches one NIC of a MAC address', async () => {
    const nic = build.nic.network({ network: 'lan', mac: '52:54:00:00:00:02', model: 'virtio' });
    const attaching = await Promise.allSettled([1, 2, 3].map(() => domain.nics.attach(nic)));
    const taken = { reason: { code: 'OPERATION_INVALID', message: expect.stringContaining('that MAC') } };
    expect(attaching).toMatchObject([{ status: 'fulfilled' }, taken, taken]);
    expect(await domain.nics.list()).toHaveLength(2);
  });

  it('waits neither for a guest that keeps a NIC, nor for one whose removal was given up', async () => {
    await domain.start();
    const removal = new AbortController();
    const kept = domain.nics.detach(MAC, { config: false, signal: removal.signal });
    kept.catch(() => {});
    await domain.nics.update(MAC, { link: { state: 'down' } }, { config: false });
    removal.abort(new Error('given up'));
    await expect(kept).rejects.toThrow('given up');

    const before = domain.nics.update(MAC, { link: { state: 'up' } }, { config: false });
    const never = new AbortController();
    const detaching = domain.nics.detach('52:54:00:00:00:02', { signal: never.signal });
    never.abort(new Error('given up'));
    await expect(detaching).rejects.toThrow('given up');
    await before;
    await domain.nics.update(MAC, { link: { state: 'down' } }, { config: false });
    // Its turn came after it was given up.
    expect(await domain.nics.list({ inactive: true })).toHaveLength(2);
    await domain.destroy();
  });

  it('ends with its connection', async () => {
    const own = await connect(lab.uri);
    const { nics } = await own.domains.get('guest');
    const changes = Array.from({ length: 5 }, () => nics.update(MAC, { link: { state: 'up' } }));
    const settled = Promise.allSettled(changes);
    await own.close();
    expect((await settled).at(-1)).toMatchObject({ reason: { code: 'CONNECTION_CLOSED' } });
    expect(own.changes.size).toBe(0);
  });
});
