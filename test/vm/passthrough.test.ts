// PCI devices that guests take over from the host: NICs behind an IOMMU.

import { existsSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { host } from '../../lib/host/index.js';
import { build, type Connection, connect, type NodeDevice } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { type Namespaces, startNamespaces } from '../lab/namespaces.js';
import { until } from '../lab/until.js';
import { callerXml, NEAR, startHostInVm, startSilent, VM_NEEDS } from './host.js';
import { Listener } from './listener.js';

describeWith([...VM_NEEDS, 'udev'], 'a NIC on PCI', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    for (const nic of NEAR) await isBack(nic);
    lab = await startHostInVm({ ofMachine: true, udev: true });
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const isBack = (nic: string) =>
    until(`${nic} is here`, async () => (await host.links.find(nic)) !== undefined);

  /** The PCI device of a network device of the host, which udev tells libvirt of soon after it is back. */
  async function deviceOf(nic: string): Promise<NodeDevice> {
    const found = async () => {
      const devices = await connection.nodeDevices.list({ cap: 'net' });
      return await devices.find(({ name }) => name.startsWith(`net_${nic}_`))?.parent();
    };
    await until(`libvirt knows ${nic}`, async () => (await found()) !== undefined);
    return (await found()) as NodeDevice;
  }

  /** Its address, as in `0000:01:00.0`. */
  const addressOf = ({ name }: NodeDevice) => name.replace(/^pci_(\w+)_(\w+)_(\w+)_(\w+)$/, '$1:$2:$3.$4');

  /** It as a device of a guest. */
  function hostdev(device: NodeDevice): string {
    const [domain, bus, slot, number] = addressOf(device).split(/[:.]/);
    const address = `domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${number}'`;
    return `<hostdev mode='subsystem' type='pci' managed='yes'><source><address ${address}/></source></hostdev>`;
  }

  function driverOf(device: NodeDevice): string | undefined {
    const link = `/sys/bus/pci/devices/${addressOf(device)}/driver`;
    return existsSync(link) ? basename(readlinkSync(link)) : undefined;
  }

  it('is listed with its device, driver and IOMMU group', async () => {
    const device = await deviceOf('eth0');
    const listed = (await connection.nodeDevices.list({ cap: 'pci' })).map(({ name }) => name);
    expect(listed).toContain(device.name);
    const xml = await device.xml();
    expect(xml).toContain('<name>e1000e</name>');
    expect(xml).toContain('<iommuGroup number=');
  });

  it('is detached from the host, reset, and given back', async () => {
    const device = await deviceOf('eth0');
    expect(driverOf(device)).toBe('e1000e');
    await device.detach();
    expect(driverOf(device)).toBe('vfio-pci');
    expect(await host.links.find('eth0')).toBeUndefined();
    await device.reset();
    await device.reattach();
    expect(driverOf(device)).toBe('e1000e');
    await isBack('eth0');
  });

  it('calls from the guest that has it, and comes back with its end', async () => {
    const device = await deviceOf('eth0');
    const { mac } = await host.links.get('eth0');
    await using beyond = await startNamespaces([]);
    await reachableBeyond(beyond, 'eth2');
    await using listener = await Listener.start(beyond, 'eth2');
    const guest = await connection.domains.create(callerXml('owner', hostdev(device)));
    expect(driverOf(device)).toBe('vfio-pci');
    expect(await listener.hears(mac ?? '')).toBe('eth2');
    await guest.destroy();
    expect(driverOf(device)).toBe('e1000e');
    await isBack('eth0');
  });

  async function reachableBeyond(beyond: Namespaces, nic: string): Promise<void> {
    await host.links.set(nic, { netns: `/proc/${beyond.holderPid}/ns/net` });
    await beyond.must('ip', 'link', 'set', nic, 'up');
  }

  it('is no virtual function, and so no NIC that libvirt configures for a guest', async () => {
    const device = await deviceOf('eth1');
    const nic = build.nic.hostdev({ device: addressOf(device) });
    await expect(startSilent(connection, 'wrong', nic)).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringMatching(/SR-IOV|Virtual Function/),
    });
    expect(driverOf(device)).toBe('e1000e');
  });

  it('is no pool of virtual functions', async () => {
    await expect(
      connection.networks.create(build.network.hostdev({ name: 'pool', pf: 'eth1' })),
    ).rejects.toMatchObject({ name: 'LibvirtError', object: "network 'pool'" });
    expect(await connection.networks.find('pool')).toBeUndefined();
  });

  it('is no member of a pool of virtual functions', async () => {
    const device = await deviceOf('eth1');
    const pool = build.network.hostdev({ name: 'members', addresses: addressOf(device) });
    await expect(connection.networks.create(pool)).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringContaining('is not an SR-IOV Virtual Function'),
      hint: expect.stringContaining('sriov_numvfs'),
    });
    expect(await connection.networks.find('members')).toBeUndefined();
    expect(driverOf(device)).toBe('e1000e');
  });

  it('is not given away while another device of its IOMMU group is in use by the host', async () => {
    const device = await deviceOf('eth3');
    const creating = connection.domains.create(callerXml('half', hostdev(device)));
    await expect(creating).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringMatching(/group .* not viable|not viable/i),
    });
    expect(driverOf(device)).toBe('e1000e');
  });
});
