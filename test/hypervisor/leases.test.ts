// Leases that real DHCP clients took, in a network namespace that is plugged into the network's bridge as a
// guest would be.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Lease, type Network } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { until } from '../lab/until.js';
import { dhcp, dhcpv6, plugIn } from './dhcp-client.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const WEB = '52:54:00:12:34:56';
const DB = '52:54:00:12:34:57';

describeWith([...HYPERVISOR_NEEDS, 'busybox'], 'network.leases', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let lan: Network;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    lan = await connection.networks.create(
      build.network.isolated({
        name: 'lan',
        // Without STP a port forwards at once, and dnsmasq need not look whether an address is taken.
        bridge: { name: 'vnlan', stp: false },
        dnsmasqOptions: ['no-ping'],
        ip: [
          {
            cidr: '10.31.1.1/24',
            dhcp: {
              range: '10.31.1.100-10.31.1.199',
              hosts: [
                { mac: WEB, ip: '10.31.1.20', name: 'web', lease: '2h' },
                { mac: DB, ip: '10.31.1.21', lease: 'infinite' },
              ],
            },
          },
          { cidr: 'fd00:31:1::1/64', dhcp: { range: 'fd00:31:1::100-fd00:31:1::1ff' } },
        ],
      }),
    );
    await Promise.all([plugIn(lab, 'web', WEB, 'vnlan'), plugIn(lab, 'db', DB, 'vnlan')]);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  /** The leases of one guest. dnsmasq answers the guest first, and has it noted for libvirt then. */
  async function leasesOf(mac: string, count: number): Promise<Lease[]> {
    await until(`${mac} has ${count} leases`, async () => (await lan.leases(mac)).length === count);
    return await lan.leases(mac);
  }

  it('is empty before anybody asked for an address', async () => {
    expect(await lan.leases()).toEqual([]);
  });

  it('tells who has which address, and until when', async () => {
    const earliest = Math.floor(Date.now() / 1000) + 2 * 3600;
    expect(await dhcp(lab, 'web', '-x', 'hostname:browser')).toContain('lease of 10.31.1.20 obtained');
    const [lease] = await leasesOf(WEB, 1);
    expect(lease).toEqual({
      address: '10.31.1.20',
      family: 'ipv4',
      prefix: 24,
      mac: WEB,
      hostname: 'web',
      clientId: `01:${WEB}`,
      iaid: undefined,
      expires: expect.any(Date),
      bridge: 'vnlan',
    });
    const expires = (lease?.expires?.getTime() ?? 0) / 1000;
    expect(expires).toBeGreaterThanOrEqual(earliest);
    expect(expires).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 2 * 3600);
  });

  it('gives those of one MAC address, and none that never end an end', async () => {
    expect(await dhcp(lab, 'db')).toContain('lease of 10.31.1.21 obtained');
    expect(await leasesOf(DB, 1)).toMatchObject([{ address: '10.31.1.21', mac: DB, expires: undefined }]);
    expect((await lan.leases()).map(({ address }) => address).sort()).toEqual(['10.31.1.20', '10.31.1.21']);
    expect(await lan.leases(WEB.toUpperCase())).toMatchObject([{ address: '10.31.1.20' }]);
    expect(await lan.leases('52:54:00:99:99:99')).toEqual([]);
    await expect(lan.leases('52:54:00')).rejects.toThrow('mac: 52:54:00 is not');
  });

  it('knows those of DHCPv6', async () => {
    const address = await dhcpv6(lab, 'web', WEB);
    expect(address).toMatch(/^fd00:31:1::1[0-9a-f]{2}$/);
    const leases = await leasesOf(WEB, 2);
    expect(leases.find(({ family }) => family === 'ipv6')).toEqual({
      address,
      family: 'ipv6',
      prefix: 64,
      mac: WEB,
      hostname: undefined,
      clientId: `00:03:00:01:${WEB}`,
      iaid: '1193046',
      expires: expect.any(Date),
      bridge: 'vnlan',
    });
  });

  it('are gone with the network', async () => {
    const document = await lan.describe();
    await lan.destroy();
    const again = await connection.networks.create(document);
    expect(await again.leases()).toEqual([]);
  });
});
