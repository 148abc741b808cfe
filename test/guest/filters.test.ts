// Filters on the NICs of guests that send what they should not.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { GUEST_NEEDS, startHost } from './host.js';

const clean = { name: 'clean-traffic', variables: { IP: '10.71.1.2' } };

describeWith(GUEST_NEEDS, 'a guest whose NIC has the filter clean-traffic', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let guest: Guest;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(
      build.network.isolated({ name: 'lan', bridge: { name: 'vnlan', stp: false }, ip: '10.71.1.1/24' }),
    );
    const nics = [{ filter: clean }, {}].map((more) => build.nic.network({ network: 'lan', ...more }));
    guest = await startGuest(lab, { name: 'mallory', nics });
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  async function speaksAs(nic: string, address: string): Promise<boolean> {
    await guest.must(`ip address replace ${address}/24 dev ${nic}`);
    const heard = await guest.reaches('10.71.1.1', nic);
    await guest.must(`ip address flush dev ${nic}`);
    return heard;
  }

  it('is heard under the address that it was given', async () => {
    expect(await speaksAs('eth0', '10.71.1.2')).toBe(true);
  });

  it('is not heard under another address', async () => {
    expect(await speaksAs('eth0', '10.71.1.3')).toBe(false);
    expect(await speaksAs('eth1', '10.71.1.3')).toBe(true);
  });

  it('is not heard under another MAC address', async () => {
    const change = (mac: string) =>
      guest.must(`ip link set eth0 down; ip link set eth0 address ${mac}; ip link set eth0 up`);
    const own = (await guest.must('cat /sys/class/net/eth0/address')).trim();
    await change('52:54:00:66:66:66');
    expect(await speaksAs('eth0', '10.71.1.2')).toBe(false);
    await change(own);
    expect(await speaksAs('eth0', '10.71.1.2')).toBe(true);
  });
});
