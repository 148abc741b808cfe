// Reservations of a network that runs: what dnsmasq is told, what both descriptions say, and what a guest gets.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { build, type Connection, connect, type Network } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { dhcp, dhcpv6, plugIn } from './dhcp-client.js';
import { dnsmasqFile, HYPERVISOR_NEEDS, startHost } from './host.js';

const WEB = '52:54:00:12:34:56';
const DB = '52:54:00:12:34:57';
const WEB_ID = `00:03:00:01:${WEB}`;

describeWith([...HYPERVISOR_NEEDS, 'busybox'], 'network.reservations', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let lan: Network;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    lan = await connection.networks.define(
      build.network.isolated({
        name: 'lan',
        // Without STP a port forwards at once, and dnsmasq need not look whether an address is taken.
        bridge: { name: 'vnlan', stp: false },
        dnsmasqOptions: ['no-ping'],
        ip: [
          { cidr: '10.31.1.1/24', dhcp: { range: '10.31.1.100-10.31.1.199' } },
          { cidr: 'fd00:31:1::1/64', dhcp: { range: 'fd00:31:1::100-fd00:31:1::1ff' } },
        ],
      }),
    );
    await lan.start();
    await plugIn(lab, 'web', WEB, 'vnlan');
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });
  beforeEach(async () => {
    for (const guest of [WEB, DB]) {
      await lan.reservations.remove(guest, { config: false });
      await lan.reservations.remove(guest, { live: false });
    }
  });

  const told = () => dnsmasqFile(lab, 'lan', 'hostsfile').split('\n').filter(Boolean).sort();
  /** The addresses that are kept for a guest now, and from the next start. */
  const both = async (mac: string) =>
    Promise.all(
      [false, true].map(async (inactive) =>
        (await lan.reservations.list({ inactive })).filter((each) => each.mac === mac).map(({ ip }) => ip),
      ),
    );

  it('give a guest the address that is kept for it, of each family', async () => {
    await lan.reservations.set(WEB, { ip: '10.31.1.20', name: 'web' });
    await lan.reservations.set(WEB, { ip: 'fd00:31:1::20', name: 'web' });
    expect(told()).toEqual([`${WEB},10.31.1.20,web`, `id:${WEB_ID},web,[fd00:31:1::20]`]);
    expect(await dhcp(lab, 'web')).toContain('lease of 10.31.1.20 obtained');
    expect(await dhcpv6(lab, 'web', WEB)).toBe('fd00:31:1::20');

    expect(await lan.reservations.set(WEB, { ip: '10.31.1.21', name: 'web' })).toBe('changed');
    expect(await dhcp(lab, 'web')).toContain('lease of 10.31.1.21 obtained');
  });

  it('hold now and from the next start', async () => {
    expect(await lan.reservations.set(WEB, { ip: '10.31.1.20' })).toBe('added');
    expect(await both(WEB)).toEqual([['10.31.1.20'], ['10.31.1.20']]);
    expect(await lan.reservations.set(WEB, { ip: '10.31.1.20' })).toBe('unchanged');
    expect(await lan.reservations.remove(WEB)).toBe(true);
    expect(await both(WEB)).toEqual([[], []]);
    expect(told()).toEqual([]);
  });

  it('bring both halves to the same, whatever each was', async () => {
    await lan.reservations.set(WEB, { ip: '10.31.1.20' }, { config: false });
    expect(await both(WEB)).toEqual([['10.31.1.20'], []]);
    expect(await lan.reservations.set(WEB, { ip: '10.31.1.20' })).toBe('added');
    expect(await both(WEB)).toEqual([['10.31.1.20'], ['10.31.1.20']]);

    await lan.reservations.set(WEB, { ip: '10.31.1.30' }, { live: false });
    expect(await both(WEB)).toEqual([['10.31.1.20'], ['10.31.1.30']]);
    expect(await lan.reservations.set(WEB, { ip: '10.31.1.30' })).toBe('changed');
    expect(await both(WEB)).toEqual([['10.31.1.30'], ['10.31.1.30']]);

    await lan.reservations.remove(WEB, { live: false });
    expect(await lan.reservations.remove(WEB)).toBe(true);
    expect(await both(WEB)).toEqual([[], []]);
  });

  it('refuse before they begin what one half has for another guest', async () => {
    await lan.reservations.set(DB, { ip: '10.31.1.20' }, { config: false });
    await expect(lan.reservations.set(WEB, { ip: '10.31.1.20' })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringContaining(`10.31.1.20 is reserved for ${DB}`),
      done: [],
    });
    expect(await both(WEB)).toEqual([[], []]);
  });

  it('are set and removed by two connections at once', async () => {
    await using other = await connect(lab.uri);
    const both = [lan, await other.networks.get('lan')];
    const at = <T>(change: (network: Network) => Promise<T>) => Promise.all(both.map(change));
    for (let round = 0; round < 10; round++) {
      const reservation = { ip: `10.31.1.${20 + round}`, name: `web${round}` };
      const set = await at(({ reservations }) => reservations.set(WEB, reservation));
      expect(set.toSorted()).toEqual(['added', 'unchanged']);
      const removed = await at(({ reservations }) => reservations.remove(WEB));
      expect(removed.toSorted()).toEqual([false, true]);
      expect(told()).toEqual([]);
    }
  });

  it('say which half was done when the other one failed', async () => {
    await lan.reservations.set(WEB, { ip: '10.31.1.20' }, { config: false });
    // Somebody stops the network between the two.
    const { send } = lan;
    lan.send = async (...given) => {
      lan.send = send;
      await lan.send(...given);
      await lan.destroy();
    };
    await expect(lan.reservations.set(WEB, { ip: '10.31.1.30' })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringContaining('in the configuration it was done'),
      done: ['config'],
    });
    await lan.start();
    expect(await both(WEB)).toEqual([['10.31.1.30'], ['10.31.1.30']]);
  });

  it('are set on a network that rests', async () => {
    await lan.destroy();
    expect(await lan.reservations.set(WEB, { ip: '10.31.1.40' })).toBe('added');
    expect((await lan.reservations.get(WEB)).ip).toBe('10.31.1.40');
    await lan.start();
    expect(told()).toEqual([`${WEB},10.31.1.40`]);
  });

  it('are of a network that passes where it runs, and no more', async () => {
    const passing = await connection.networks.create(
      build.network.isolated({ name: 'passing', ip: { cidr: '10.32.1.1/24', dhcp: true } }),
    );
    expect(await passing.reservations.set(WEB, { ip: '10.32.1.20' })).toBe('added');
    expect(dnsmasqFile(lab, 'passing', 'hostsfile')).toBe(`${WEB},10.32.1.20\n`);
    await expect(passing.reservations.set(WEB, { ip: '10.32.1.21' }, { config: true })).rejects.toMatchObject(
      {
        code: 'OPERATION_INVALID',
      },
    );
    await passing.destroy();
  });
});
