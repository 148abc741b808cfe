// A daemon that is killed amid changes: every call comes to an end, and the next daemon knows what is.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain, LibvirtError } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const GUESTS = ['ada', 'bob', 'cy', 'dot', 'eve'];
const CALLS = 50;

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'a daemon that is killed', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it('ends every attaching and detaching, and its successor knows the NICs that there are', async () => {
    const nic = () => build.nic.network({ network: 'lan', model: 'virtio' });
    const guests: Domain[] = [];
    for (const name of GUESTS) guests.push(await connection.domains.create(emptyGuest(name, [nic()])));
    const first = await Promise.all(guests.map(async ({ nics }) => (await nics.list())[0]?.mac ?? ''));

    const calls = Array.from({ length: CALLS }, (_, i) => {
      const { nics } = guests[i % guests.length] as Domain;
      return i % 2 === 0 ? nics.attach(nic()) : nics.detach(first[i % guests.length] ?? '');
    });
    const settled = Promise.allSettled(calls);
    // The daemon is in the middle of it when one of them is done.
    await Promise.any(calls);
    await lab.killDaemon('SIGKILL');
    const results = await settled;
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(failures.length).toBeGreaterThan(0);
    for (const error of failures) expect(error).toBeInstanceOf(LibvirtError);
    expect(failures.map(({ code }) => code)).toContain('CONNECTION_LOST');
    await expect(connection.domains.list()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });

    await lab.startDaemon();
    await using again = await connect(lab.uri);
    expect((await again.domains.list({ state: 'running' })).map(({ name }) => name).sort()).toEqual(GUESTS);
    for (const domain of await again.domains.list()) {
      const listed = await domain.nics.list();
      expect(listed.length).toBeGreaterThan(0);
      for (const { target } of listed) expect((await lab.links()).has(target ?? '')).toBe(true);
    }
  });
});
