// Networks of macvtap devices on a physical NIC, in each of the four modes.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { nicOn, startCaller, startSilent, startVmHost, VM_NEEDS, type VmHost } from './host.js';
import { Listener } from './listener.js';

describeWith(VM_NEEDS, 'a macvtap network on a physical NIC', () => {
  let vm: VmHost;
  let listener: Listener;
  beforeAll(async () => {
    vm = await startVmHost();
    listener = await Listener.start(vm.beyond, 'eth2');
  });
  afterAll(async () => {
    await listener?.[Symbol.asyncDispose]();
    await vm?.[Symbol.asyncDispose]();
  });

  it.each(['bridge', 'vepa', 'private', 'passthrough'] as const)(
    'is heard beyond it in the mode %s',
    async (mode) => {
      const network = await vm.connection.networks.create(
        build.network.macvtap({ name: mode, mode, dev: 'eth0' }),
      );
      const guest = await startCaller(vm.connection, mode, nicOn(mode));
      const [nic] = await guest.nics.list();
      const device = await vm.near.links.get(nic?.target ?? '');
      expect(device).toMatchObject({
        kind: 'macvtap',
        link: 'eth0',
        mac: nic?.mac,
        options: { mode: MODES[mode] },
      });
      expect(await listener.hears(nic?.mac ?? '')).toBe('eth2');
      await guest.destroy();
      await network.destroy();
      expect(await vm.near.links.list({ kind: 'macvtap' })).toEqual([]);
    },
  );

  it('in the mode passthrough has no second place', async () => {
    await vm.connection.networks.create(
      build.network.macvtap({ name: 'one', mode: 'passthrough', dev: 'eth1' }),
    );
    await startSilent(vm.connection, 'first', nicOn('one'));
    await expect(startSilent(vm.connection, 'second', nicOn('one'))).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringContaining("network 'one'"),
    });
  });
});

/** The kernel's words. */
const MODES = { bridge: 'bridge', vepa: 'vepa', private: 'private', passthrough: 'passthru' } as const;
