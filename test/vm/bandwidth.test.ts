// Limits of traffic, as the kernel has them: of a network on its bridge, of a NIC on its tap.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { startSilent, startVmHost, VM_NEEDS, type VmHost } from './host.js';

describeWith(VM_NEEDS, 'a limit of traffic', () => {
  let vm: VmHost;
  beforeAll(async () => {
    vm = await startVmHost();
    await vm.connection.networks.create(
      build.network.isolated({
        name: 'slow',
        bridge: { name: 'vnslow', stp: false },
        ip: '10.92.1.1/24',
        bandwidth: {
          inbound: { average: '8mbit', peak: '16mbit', burst: '64KiB' },
          outbound: { average: '4mbit', burst: '32KiB' },
        },
      }),
    );
  });
  afterAll(() => vm?.[Symbol.asyncDispose]());

  const classes = (device: string) => vm.lab.must('tc', 'class', 'show', 'dev', device);
  const police = (device: string) => vm.lab.must('tc', 'filter', 'show', 'dev', device, 'parent', 'ffff:');

  it('of a network is on its bridge', async () => {
    expect(await classes('vnslow')).toMatch(/class htb .* rate 8Mbit ceil 16Mbit/);
    expect(await police('vnslow')).toMatch(/police .* rate 4Mbit/);
  });

  it('of a NIC is on its tap, and changes while the guest runs', async () => {
    const nic = build.nic.network({
      network: 'slow',
      bandwidth: { inbound: { average: '2mbit' }, outbound: { average: '1mbit' } },
    });
    const guest = await startSilent(vm.connection, 'slow', nic);
    const [{ mac = '', target = '' } = {}] = await guest.nics.list();
    expect(await classes(target)).toMatch(/rate 2Mbit/);
    expect(await police(target)).toMatch(/rate 1Mbit/);
    expect(await guest.nics.bandwidth(mac)).toMatchObject({
      inbound: { average: 250 },
      outbound: { average: 125 },
    });

    await guest.nics.setBandwidth(mac, { inbound: { average: 500 } });
    expect(await classes(target)).toMatch(/rate 4Mbit/);
    await guest.destroy();
  });
});
