// Networks of bridges and devices that the host has, as guests on them see each other, the host and the world.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd } from '../lab/libvirtd.js';
import { address, GUEST_NEEDS, Neighbour, startHost } from './host.js';

const { bridged, macvtap } = build.network;
const NETWORKS = [
  bridged({ name: 'office', bridge: HOST_BRIDGE }),
  macvtap({ name: 'shared', mode: 'bridge', dev: 'phys1' }),
  macvtap({ name: 'apart', mode: 'private', dev: 'phys2' }),
  macvtap({ name: 'switched', mode: 'vepa', dev: 'phys3' }),
];

describeWith(GUEST_NEEDS, 'guests on what the host has', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let ada: Guest;
  let bob: Guest;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    for (const document of NETWORKS) await connection.networks.create(document);
    const nics = () => NETWORKS.map(({ name }) => build.nic.network({ network: name }));
    [ada, bob] = await Promise.all([
      startGuest(lab, { name: 'ada', nics: nics() }),
      startGuest(lab, { name: 'bob', nics: nics() }),
    ]);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  /** Gives the same NIC of both guests addresses in one subnet. */
  async function addresses(nic: string, subnet: string): Promise<void> {
    await address(ada, nic, `${subnet}.201/24`);
    await address(bob, nic, `${subnet}.202/24`);
  }

  it('talk to each other and to the host by its bridge', async () => {
    await addresses('eth0', '10.99.0');
    expect(await ada.reaches('10.99.0.202')).toBe(true);
    expect(await ada.reaches('10.99.0.1')).toBe(true);
  });

  it('talk to each other and to the world by a shared device, and not to the host', async () => {
    await addresses('eth1', '10.51.1');
    await Neighbour.start(lab, 'east', 'peer1', '10.51.1.9/24');
    await lab.must('ip', 'address', 'add', '10.51.1.1/24', 'dev', 'phys1');
    expect(await ada.reaches('10.51.1.9')).toBe(true);
    expect(await ada.reaches('10.51.1.202')).toBe(true);
    expect(await ada.reaches('10.51.1.1')).toBe(false);
  });

  it('talk to the world by a private device, and not to each other', async () => {
    await addresses('eth2', '10.51.2');
    await Neighbour.start(lab, 'west', 'peer2', '10.51.2.9/24');
    expect(await ada.reaches('10.51.2.9')).toBe(true);
    expect(await bob.reaches('10.51.2.9')).toBe(true);
    expect(await ada.reaches('10.51.2.202')).toBe(false);
  });

  it('talk to each other by the switch beyond their device, when it sends frames back', async () => {
    await addresses('eth3', '10.51.3');
    await lab.must('ip', 'link', 'add', 'switch', 'type', 'bridge');
    await lab.must('ip', 'link', 'set', 'switch', 'up');
    await lab.must('ip', 'link', 'set', 'peer3', 'master', 'switch');
    expect(await ada.reaches('10.51.3.202')).toBe(false);
    await lab.must('bridge', 'link', 'set', 'dev', 'peer3', 'hairpin', 'on');
    expect(await ada.reaches('10.51.3.202')).toBe(true);
  });
});
