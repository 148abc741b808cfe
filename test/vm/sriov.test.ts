// Virtual functions (SR-IOV) as libvirt hands them to guests: pools of them, NICs from a pool and by address.

import { existsSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { host, type VirtualFunction } from '../../lib/host/index.js';
import { build, type Connection, connect, type NodeDevice } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { until } from '../lab/until.js';
import { SRIOV_NICS, startHostInVm, startSilent, VM_NEEDS } from './host.js';

const [PF, WITHOUT] = SRIOV_NICS;
/** What the host has set of the first function before any guest has it. */
const HOST_MAC = '52:54:00:aa:00:00';
const GUEST_MAC = '52:54:00:bb:00:01';
/** libvirt itself waits five seconds for a guest. */
const FIRMWARE_MS = 8_000;
const RESET_MS = 30_000;

describeWith([...VM_NEEDS, 'udev', 'SR-IOV'], 'a virtual function', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let addresses: string[];
  beforeAll(async () => {
    for (const nic of SRIOV_NICS)
      await until(`${nic} is here`, async () => (await host.links.find(nic)) !== undefined);
    await host.links.up(PF);
    const made = await host.virtualFunctions.create(PF, 3, { probe: false });
    addresses = made.map(({ device = '' }) => device);
    await host.virtualFunctions.set(PF, 0, { mac: HOST_MAC });
    lab = await startHostInVm({ ofMachine: true, udev: true });
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
    await host.virtualFunctions.remove(PF, { force: true });
  });

  const first = () => addresses[0] as string;
  const second = () => addresses[1] as string;
  const nodeName = (address: string) => `pci_${address.replaceAll(/[:.]/g, '_')}`;
  const functionNow = (index: number): Promise<VirtualFunction> => host.virtualFunctions.get(PF, index);

  function driverOf(address: string): string | undefined {
    const link = `/sys/bus/pci/devices/${address}/driver`;
    return existsSync(link) ? basename(readlinkSync(link)) : undefined;
  }

  /** The devices that one capability of a node device names, as addresses. */
  async function named(device: NodeDevice, capability: 'phys_function' | 'virt_functions') {
    const pci = (await device.describe()).capabilities?.find((one) => one.type === 'pci');
    const part = pci?.capabilities?.find((one) => one.type === capability);
    const list = part && ('addresses' in part ? part.addresses : 'address' in part ? [part.address] : []);
    const hex = (value = 0, digits = 2) => value.toString(16).padStart(digits, '0');
    return (list ?? []).map(
      (at) => `${hex(at?.domain, 4)}:${hex(at?.bus)}:${hex(at?.slot)}.${at?.function ?? 0}`,
    );
  }

  it('is listed with its physical function, and that one with its functions', async () => {
    const listed = (await connection.nodeDevices.list({ cap: 'pci' })).map(({ name }) => name);
    expect(listed).toEqual(expect.arrayContaining(addresses.map(nodeName)));
    const physical = (await host.links.get(PF)).parentDevice ?? '';
    const device = await connection.nodeDevices.get(nodeName(physical));
    expect(await named(device, 'virt_functions')).toEqual(addresses);
    expect(await device.xml()).toContain("type='virt_functions' maxCount='7'");
    for (const address of addresses) {
      const one = await connection.nodeDevices.get(nodeName(address));
      expect(await named(one, 'phys_function')).toEqual([physical]);
    }
  });

  it('comes to a guest from the pool of its physical function, and goes back as it was', async () => {
    const pool = await connection.networks.create(build.network.hostdev({ name: 'pool', pf: PF, vlan: 42 }));
    const described = await pool.describe();
    expect(described.forward?.addresses).toHaveLength(3);
    const guest = await startSilent(
      connection,
      'one',
      build.nic.network({ network: 'pool', mac: GUEST_MAC }),
    );
    const [nic] = await guest.nics.list();
    expect(nic).toMatchObject({ mac: GUEST_MAC, type: 'hostdev' });
    expect(await lab.must('virsh', 'dumpxml', 'one')).toContain("<interface type='hostdev' managed='yes'>");
    expect(driverOf(first())).toBe('vfio-pci');
    expect(await functionNow(0)).toMatchObject({
      mac: GUEST_MAC,
      vlan: { id: 42 },
      device: first(),
      driver: 'vfio-pci',
    });
    await expect(host.virtualFunctions.remove(PF)).rejects.toMatchObject({
      code: 'EBUSY',
      detail: `number 0 (${first()}) is kept for guests by vfio-pci`,
      hint: expect.stringContaining('force'),
    });
    await guest.destroy();
    expect(driverOf(first())).toBeUndefined();
    expect(await functionNow(0)).toMatchObject({ mac: HOST_MAC, vlan: null });
    await pool.destroy();
  });

  it('is taken by its address, with a MAC address and a VLAN of the NIC', async () => {
    const nic = build.nic.hostdev({ device: second(), mac: GUEST_MAC, vlan: 43 });
    const guest = await startSilent(connection, 'two', nic);
    expect(await functionNow(1)).toMatchObject({ mac: GUEST_MAC, vlan: { id: 43 }, driver: 'vfio-pci' });
    const other = startSilent(connection, 'thief', nic);
    await expect(other).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringContaining('in use by'),
    });
    await guest.destroy();
    expect(await functionNow(1)).toMatchObject({ vlan: null });
    expect(driverOf(second())).toBeUndefined();
  });

  it('is plugged into a guest and out again', async () => {
    const guest = await startSilent(connection, 'plugged');
    const nic = await guest.nics.attach(build.nic.hostdev({ device: first(), mac: GUEST_MAC }));
    expect(nic).toMatchObject({ mac: GUEST_MAC, type: 'hostdev' });
    expect(await functionNow(0)).toMatchObject({ mac: GUEST_MAC, driver: 'vfio-pci' });
    await guest.resume();
    // Its firmware lets go of nothing: the reset of the machine does.
    await expect(guest.nics.detach(GUEST_MAC, { timeout: FIRMWARE_MS })).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
    });
    await guest.reset();
    await until('it is out', async () => (await guest.nics.list()).length === 0, RESET_MS);
    expect(await functionNow(0)).toMatchObject({ mac: HOST_MAC });
    expect(driverOf(first())).toBeUndefined();
    await guest.destroy();
  });

  it('of a pool of addresses is there for one guest at a time', async () => {
    const pool = await connection.networks.create(
      build.network.hostdev({ name: 'single', addresses: second(), driver: 'vfio' }),
    );
    const nic = () => build.nic.network({ network: 'single' });
    const guest = await startSilent(connection, 'has', nic());
    await expect(startSilent(connection, 'has-not', nic())).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringContaining("network 'single'"),
      hint: expect.any(String),
    });
    expect(await connection.domains.find('has-not')).toBeUndefined();
    await guest.destroy();
    await pool.destroy();
  });

  it('is in no pool of a link that has none', async () => {
    const pool = build.network.hostdev({ name: 'empty', pf: WITHOUT });
    await expect(connection.networks.create(pool)).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringContaining(WITHOUT),
      hint: expect.stringContaining('sriov_numvfs'),
    });
    expect(await connection.networks.find('empty')).toBeUndefined();
    for (const refused of [
      () => build.network.hostdev({ name: 'wrong', pf: PF, vlan: 4095 }),
      () => build.nic.hostdev({ device: first(), vlan: 4095 }),
    ])
      expect(refused).toThrow(RangeError);
  });

  it('that is not there goes to no guest', async () => {
    const nic = build.nic.hostdev({ device: '0000:04:1f.6' });
    await expect(startSilent(connection, 'nothing', nic)).rejects.toMatchObject({
      name: 'LibvirtError',
      object: "domain 'nothing'",
    });
    expect(await connection.domains.find('nothing')).toBeUndefined();
  });
});
