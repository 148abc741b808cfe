// Networks of an Open vSwitch bridge, as guests in its VLANs see each other.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import { type Libvirtd, OVS_BRIDGE } from '../lab/libvirtd.js';
import { address, GUEST_NEEDS, startHost } from './host.js';

describeWith([...GUEST_NEEDS, 'openvswitch'], 'guests of an Open vSwitch network', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let ada: Guest;
  let bob: Guest;
  beforeAll(async () => {
    lab = await startHost({ openvswitch: true });
    connection = await connect(lab.uri);
    await connection.networks.create(
      build.network.openvswitch({
        name: 'campus',
        bridge: OVS_BRIDGE,
        portGroups: [
          { name: 'red', default: true, vlan: 10 },
          { name: 'blue', vlan: 20 },
          { name: 'router', vlan: { trunk: [10, 20] } },
          { name: 'mixed', vlan: { trunk: [10, 20], native: { id: 20, mode: 'untagged' } } },
        ],
      }),
    );
    const on = (...groups: string[]) =>
      groups.map((portGroup) => build.nic.network({ network: 'campus', portGroup }));
    [ada, bob] = await Promise.all([
      startGuest(lab, { name: 'ada', nics: on('red', 'router', 'mixed') }),
      startGuest(lab, { name: 'bob', nics: [build.nic.network({ network: 'campus' }), ...on('blue')] }),
    ]);
    await address(bob, 'eth0', '10.61.10.2/24');
    await address(bob, 'eth1', '10.61.20.2/24');
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it('reach each other in one VLAN, and nobody of another', async () => {
    await address(ada, 'eth0', '10.61.10.1/24');
    expect(await ada.reaches('10.61.10.2')).toBe(true);
    await address(ada, 'eth0', '10.61.20.9/24');
    expect(await ada.reaches('10.61.20.2')).toBe(false);
    await ada.must('ip address flush dev eth0');
  });

  it('see every VLAN of a trunk by its tag', async () => {
    for (const vlan of [10, 20]) {
      await ada.must(`ip link add link eth1 name eth1.${vlan} type vlan id ${vlan}`);
      await ada.must(`ip link set eth1.${vlan} up`);
      await address(ada, `eth1.${vlan}`, `10.61.${vlan}.3/24`);
      expect(await ada.reaches(`10.61.${vlan}.2`)).toBe(true);
    }
    await ada.must('ip link del eth1.10; ip link del eth1.20');
    await address(ada, 'eth1', '10.61.20.3/24');
    expect(await ada.reaches('10.61.20.2')).toBe(false);
    await ada.must('ip address flush dev eth1');
  });

  it('see the native VLAN of a trunk without a tag, and the others by theirs', async () => {
    await address(ada, 'eth2', '10.61.20.4/24');
    expect(await ada.reaches('10.61.20.2')).toBe(true);
    await ada.must('ip link add link eth2 name eth2.10 type vlan id 10');
    await ada.must('ip link set eth2.10 up');
    await address(ada, 'eth2.10', '10.61.10.4/24');
    expect(await ada.reaches('10.61.10.2')).toBe(true);
  });

  it('are ports of the bridge with the tags of their port group', async () => {
    const tap = (await lab.must('virsh', '-q', 'domiflist', 'bob')).split('\n')[1]?.trim().split(/\s+/)[0];
    expect(await lab.runJson('ovs-vsctl', 'get', 'port', tap ?? '', 'tag')).toBe(20);
    expect(await lab.must('ovs-vsctl', 'port-to-br', tap ?? '')).toBe(`${OVS_BRIDGE}\n`);
  });
});
