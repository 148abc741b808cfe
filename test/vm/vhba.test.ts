// A virtual port of Fibre Channel (NPIV), whose adapters libvirt's test driver has.

import { expect, it } from 'vitest';
import { build, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { VM_NEEDS } from './host.js';

describeWith(VM_NEEDS, 'a virtual port of an adapter', () => {
  it('has the names that it was made with, until it is destroyed', async () => {
    await using connection = await connect('test:///default');
    const names = { wwnn: '2000000099990001', wwpn: '1000000099990001' };
    const port = await connection.nodeDevices.create(
      build.nodeDevice.vport({ parent: 'scsi_host1', ...names }),
    );
    const { parent, capabilities = [] } = await port.describe();
    expect(parent?.name).toBe('scsi_host1');
    const hosts = capabilities.flatMap((one) => (one.type === 'scsi_host' ? (one.capabilities ?? []) : []));
    expect(hosts.find(({ type }) => type === 'fc_host')).toMatchObject(names);
    await port.destroy();
    expect(await connection.nodeDevices.find(port.name)).toBeUndefined();
  });
});
