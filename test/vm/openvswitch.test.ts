// Open vSwitch with the kernel's datapath: tags of port groups in its database and on the wire.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Domain } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { OVS_BRIDGE } from '../lab/libvirtd.js';
import { nicOn, startCaller, startVmHost, VM_NEEDS, type VmHost } from './host.js';
import { Listener } from './listener.js';

/** What the database says of a port. */
interface Port {
  tag: number | [];
  trunks: readonly number[];
  vlanMode: string | [];
}

describeWith([...VM_NEEDS, 'openvswitch'], 'a network of Open vSwitch in the kernel', () => {
  let vm: VmHost;
  let guest: Domain;
  beforeAll(async () => {
    vm = await startVmHost({ openvswitch: 'kernel' });
    await vm.lab.must('ovs-vsctl', 'add-port', OVS_BRIDGE, 'eth0');
    await vm.far.links.create({ kind: 'vlan', name: 'eth2.10', link: 'eth2', options: { id: 10 }, up: true });
    await vm.far.links.create({ kind: 'vlan', name: 'eth2.20', link: 'eth2', options: { id: 20 }, up: true });
    await vm.connection.networks.create(
      build.network.openvswitch({
        name: 'campus',
        bridge: OVS_BRIDGE,
        portGroups: [
          { name: 'staff', default: true, vlan: 10 },
          { name: 'guests', vlan: 20 },
          { name: 'routers', vlan: { trunk: [10, 20] } },
          { name: 'phones', vlan: { trunk: [10, 20], native: { id: 20, mode: 'tagged' } } },
          { name: 'desks', vlan: { trunk: [10, 20], native: { id: 10, mode: 'untagged' } } },
        ],
      }),
    );
  });
  afterAll(() => vm?.[Symbol.asyncDispose]());

  async function port(name: string): Promise<Port> {
    const columns = ['--format=json', '--columns=tag,trunks,vlan_mode', 'list', 'port', name];
    const { data } = await vm.lab.runJson<{ data: [[number | [], unknown, string | []]] }>(
      'ovs-vsctl',
      ...columns,
    );
    const [[tag, trunks, vlanMode]] = data;
    const list = Array.isArray(trunks) && trunks[0] === 'set' ? (trunks[1] as number[]) : [trunks as number];
    return {
      tag: Array.isArray(tag) ? [] : tag,
      trunks: list,
      vlanMode: Array.isArray(vlanMode) ? [] : vlanMode,
    };
  }

  it('moves frames in the kernel', async () => {
    expect(await vm.lab.must('ovs-vsctl', 'get', 'bridge', OVS_BRIDGE, 'datapath_type')).toContain('system');
    expect(await vm.lab.must('ovs-dpctl', 'show')).toContain('system@ovs-system');
  });

  it('tags the frames of a guest by its port group on the wire', async () => {
    await using listener = await Listener.start(vm.beyond, 'eth2', 'eth2.10', 'eth2.20');
    guest = await startCaller(vm.connection, 'ada', nicOn('campus'));
    const [nic] = await guest.nics.list();
    expect(await port(nic?.target ?? '')).toMatchObject({ tag: 10 });
    expect(await listener.hears(nic?.mac ?? '')).toBe('eth2.10');
    await guest.suspend(); // it has nothing more to say
  });

  it.each([
    ['guests', { tag: 20, trunks: [] }],
    ['routers', { tag: [], trunks: [10, 20] }],
    ['phones', { tag: 20, trunks: [10, 20], vlanMode: 'native-tagged' }],
    ['desks', { tag: 10, trunks: [10, 20], vlanMode: 'native-untagged' }],
  ])('takes a NIC that is plugged into its port group %s while the guest runs', async (group, expected) => {
    const nic = await guest.nics.attach(nicOn('campus', group));
    expect(nic).toMatchObject({ network: 'campus', portGroup: group });
    expect(await port(nic.target ?? '')).toMatchObject(expected);
    expect(await vm.lab.must('ovs-vsctl', 'port-to-br', nic.target ?? '')).toBe(`${OVS_BRIDGE}\n`);
  });
});
