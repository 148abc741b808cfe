// Bridges that keep VLANs apart by their ports.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Domain } from '../../lib/index.js';
import { isOlderThan, since } from '../driver/version.js';
import { describeWith } from '../lab/have.js';
import { nicOn, startSilent, startVmHost, VM_NEEDS, type VmHost } from './host.js';
import { Listener } from './listener.js';

describeWith(VM_NEEDS, 'a bridge that filters VLANs', () => {
  let vm: VmHost;
  beforeAll(async () => {
    vm = await startVmHost();
  });
  afterAll(() => vm?.[Symbol.asyncDispose]());

  const bridge = (...args: string[]) => vm.lab.must('bridge', 'vlan', ...args);

  it('takes the frames of a guest into the VLAN of its port', async () => {
    await vm.far.links.create({ kind: 'vlan', name: 'eth2.42', link: 'eth2', options: { id: 42 }, up: true });
    await using listener = await Listener.start(vm.beyond, 'eth2', 'eth2.42');
    await vm.near.links.create({ kind: 'bridge', name: 'vbr0', options: { vlanFiltering: true }, up: true });
    await vm.near.links.set('eth0', { master: 'vbr0' });
    await bridge('add', 'dev', 'eth0', 'vid', '42');
    await vm.connection.networks.create(build.network.bridged({ name: 'filtered', bridge: 'vbr0' }));
    const guest = await startSilent(vm.connection, 'filtered', nicOn('filtered'));
    const [nic] = await guest.nics.list();
    await bridge('del', 'dev', nic?.target ?? '', 'vid', '1');
    await bridge('add', 'dev', nic?.target ?? '', 'vid', '42', 'pvid', 'untagged');
    await guest.resume();
    expect(await listener.hears(nic?.mac ?? '')).toBe('eth2.42');
    await guest.destroy();
  });

  it('is what libvirt makes of a network whose MAC table it manages', async () => {
    const network = await vm.connection.networks.create(
      build.network.isolated({
        name: 'table',
        bridge: { name: 'vntable', macTableManager: 'libvirt' },
        ip: '10.91.1.1/24',
      }),
    );
    expect(await vm.near.links.get('vntable')).toMatchObject({
      kind: 'bridge',
      options: { vlanFiltering: true },
    });
    const guest = await startSilent(vm.connection, 'known', nicOn('table'));
    await guest.resume(); // the table knows it while it runs
    const [nic] = await guest.nics.list();
    const table = await vm.lab.must('bridge', 'fdb', 'show', 'dev', nic?.target ?? '');
    expect(table).toContain(`${nic?.mac} master vntable static`);
    expect((await vm.near.links.get(nic?.target ?? '')).bridgePort).toMatchObject({
      learning: false,
      flood: false,
    });
    await guest.destroy();
    await network.destroy();
  });

  // The release has an older one; npm run test:system-vm runs these once more, on a newer one.
  it.skipIf(isOlderThan('11.0.0'))(
    since('11.0.0', 'takes the VLANs of its ports from networks, port groups and NICs'),
    async () => {
      await vm.near.links.create({
        kind: 'bridge',
        name: 'vbr1',
        options: { vlanFiltering: true },
        up: true,
      });
      const network = build.network.bridged({
        name: 'tagged',
        bridge: 'vbr1',
        portGroups: [
          { name: 'staff', default: true, vlan: 42 },
          { name: 'routers', vlan: { trunk: [42, 43], native: { id: 42, mode: 'untagged' } } },
        ],
      });
      await vm.connection.networks.create(network);
      const nics = [
        nicOn('tagged'),
        nicOn('tagged', 'routers'),
        { ...nicOn('tagged'), vlan: { tags: [{ id: 44 }] } },
      ];
      const guest = await startSilent(vm.connection, 'tagged', ...nics);
      expect(await vlansOf(guest)).toEqual([
        ['42 PVID Egress Untagged'],
        ['42 PVID Egress Untagged', '43'],
        ['44 PVID Egress Untagged'],
      ]);
      await guest.destroy();
    },
  );

  /** The VLANs of each NIC's tap, as `bridge vlan` shows them. */
  async function vlansOf(guest: Domain): Promise<string[][]> {
    const vlans: string[][] = [];
    for (const { target = '' } of await guest.nics.list()) {
      const shown = await bridge('show', 'dev', target);
      vlans.push([...shown.matchAll(/^(?:\S+)?\s+(\d+.*?)\s*$/gm)].map(([, one = '']) => one));
    }
    return vlans;
  }
});
