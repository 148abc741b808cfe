// The devices and interfaces of a real host. Nothing here touches a PCI device: /sys shows those of the machine.

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type NodeDevice,
  type NodeDeviceDocument,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, NICS } from '../lab/libvirtd.js';
import { take } from '../lab/take.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const NIC = NICS[0];

describeWith([...HYPERVISOR_NEEDS, 'udev'], 'the devices of a host', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost({ udev: true });
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const nodeDeviceOf = async (link: string): Promise<NodeDevice> => {
    const all = await connection.nodeDevices.list({ cap: 'net' });
    return all.find(({ name }) => name.startsWith(`net_${link}_`)) as NodeDevice;
  };
  const linkIn = ({ capabilities = [] }: NodeDeviceDocument) =>
    capabilities.map((capability) => (capability.type === 'net' ? capability.interface : undefined));

  it('are listed by what they are and whether they are there', async () => {
    const names = async (...list: Parameters<typeof connection.nodeDevices.list>) =>
      (await connection.nodeDevices.list(...list)).map(({ name }) => name).sort();
    const all = await names();
    const nets = await names({ cap: 'net' });
    expect(nets.filter((name) => name.startsWith('net_phys'))).toHaveLength(NICS.length);
    expect(await names({ cap: 'system' })).toEqual(['computer']);
    expect(await names({ cap: ['net', 'system'] })).toEqual(['computer', ...nets].sort());
    // The flag of `active` is the highest of 32 bits.
    expect(await names({ active: true })).toEqual(all);
    expect(await names({ cap: 'net', active: true })).toEqual(nets);
    expect(await names({ cap: 'net', active: false })).toEqual([]);
  });

  it('tell what they are', async () => {
    const nic = await nodeDeviceOf(NIC);
    expect(linkIn(await nic.describe())).toEqual([NIC]);
    expect(await nic.capabilities()).toEqual(['net']);
    expect([await nic.isActive(), await nic.isPersistent(), await nic.autostart()]).toEqual([
      true,
      false,
      false,
    ]);
    const parent = await nic.parent();
    expect(parent?.name).toBe('computer');
    expect(await parent?.parent()).toBeUndefined();
  });

  /** The next events of links whose names begin so: a host has others that change. */
  async function takeOf<Event extends { device: NodeDevice }>(
    stream: AsyncIterator<Event>,
    link: string,
    count: number,
  ): Promise<Event[]> {
    const events: Event[] = [];
    while (events.length < count) {
      const [event] = await take(stream, 1);
      if (event?.device.name.startsWith(`net_${link}`)) events.push(event);
    }
    return events;
  }

  it('come and go with events', async () => {
    await using stream = connection.events.watch('nodeDeviceLifecycle');
    await stream.ready;
    await lab.must('ip', 'link', 'add', 'new0', 'type', 'veth', 'peer', 'name', 'new1');
    const created = await takeOf(stream, 'new', 2);
    expect(created.map(({ type }) => type)).toEqual(['created', 'created']);
    const links = await Promise.all(created.map(async ({ device }) => linkIn(await device.describe())));
    expect(links.flat().sort()).toEqual(['new0', 'new1']);

    await lab.must('ip', 'link', 'delete', 'new0');
    const deleted = await takeOf(stream, 'new', 2);
    const names = (events: typeof created) => events.map(({ device }) => device.name).sort();
    expect(deleted.map(({ type }) => type)).toEqual(['deleted', 'deleted']);
    expect(names(deleted)).toEqual(names(created));
    await expect(deleted[0]?.device.xml()).rejects.toMatchObject({
      code: 'NO_NODE_DEVICE',
      object: expect.stringMatching(/^node device 'net_new/),
    });
  });

  it('tell of their changes', async () => {
    await using stream = connection.events.watch('nodeDeviceUpdate');
    await stream.ready;
    await lab.must('udevadm', 'trigger', '--action=change', `/sys/class/net/${NIC}`);
    const [event] = await takeOf(stream, NIC, 1);
    expect(linkIn((await event?.device.describe()) as NodeDeviceDocument)).toEqual([NIC]);
  });

  it('that are no PCI devices or no mediated ones say so', async () => {
    const nic = await nodeDeviceOf(NIC);
    const object = `node device '${nic.name}'`;
    const refusals: [() => Promise<unknown>, string, string, string][] = [
      [() => nic.reset(), 'INVALID_ARG', 'virNodeDeviceReset', 'PCI devices alone'],
      [() => nic.reattach(), 'INVALID_ARG', 'virNodeDeviceReAttach', 'PCI devices alone'],
      [() => nic.start(), 'OPERATION_INVALID', 'virNodeDeviceCreate', 'it runs already'],
      [() => nic.undefine(), 'OPERATION_INVALID', 'virNodeDeviceUndefine', 'only mediated devices'],
      [
        () => nic.autostart(true),
        'OPERATION_UNSUPPORTED',
        'virNodeDeviceSetAutostart',
        'only mediated devices',
      ],
      [() => nic.destroy(), 'CONFIG_UNSUPPORTED', 'virNodeDeviceDestroy', 'virtual ports (vHBA)'],
    ];
    for (const [call, code, name, hint] of refusals)
      await expect(call(), name).rejects.toMatchObject({
        code,
        function: name,
        object,
        hint: expect.stringContaining(hint),
      });
  });

  it('are virtual ports only of adapters that can have them', async () => {
    const WWNS = { wwnn: '2000000099990000', wwpn: '1000000099990000' };
    expect(await connection.nodeDevices.findVport(WWNS)).toBeUndefined();
    const parents: [Parameters<typeof build.nodeDevice.vport>[0]['parent'], string, string][] = [
      ['computer', 'not capable of vport operations', "nodeDevices.list({ cap: 'vports' })"],
      ['scsi_host99', 'Could not find parent device', 'the adapters that can be the parent'],
      [{ fabricWwn: WWNS.wwnn }, 'Could not find parent device', 'the adapters that can be the parent'],
    ];
    for (const [parent, why, hint] of parents)
      await expect(
        connection.nodeDevices.create(build.nodeDevice.vport({ parent, ...WWNS })),
        why,
      ).rejects.toMatchObject({
        code: 'INTERNAL_ERROR',
        function: 'virNodeDeviceCreateXML',
        object: 'a node device',
        message: expect.stringContaining(why),
        hint: expect.stringContaining(hint),
      });
    const link = `<device><capability type='net'><interface>x</interface></capability></device>`;
    await expect(connection.nodeDevices.create(link)).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      hint: expect.stringContaining('virtual ports (vHBA) and mediated devices'),
    });
  });
});

describeWith([...HYPERVISOR_NEEDS, 'udev'], 'the interfaces of a host', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost({ udev: true });
    connection = await connect(lab.uri);
    await lab.must('ip', 'link', 'set', NIC, 'master', HOST_BRIDGE);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it('are listed, but for the ports of bridges, and found', async () => {
    const [, ...others] = NICS;
    const all = await connection.hostInterfaces.list();
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['lo', HOST_BRIDGE, ...others]));
    expect(all.map(({ name }) => name)).not.toContain(NIC);
    const active = await connection.hostInterfaces.list({ active: true });
    const inactive = await connection.hostInterfaces.list({ active: false });
    expect(active.map(({ name }) => name)).toEqual(expect.arrayContaining(others));
    expect([...active, ...inactive].map(({ name }) => name).sort()).toEqual(
      all.map(({ name }) => name).sort(),
    );

    const nic = await connection.hostInterfaces.get(NICS[1]);
    expect(await nic.isActive()).toBe(true);
    expect((await connection.hostInterfaces.get({ mac: nic.mac ?? '' })).name).toBe(NICS[1]);
    for (const key of ['nope', { mac: '52:54:00:99:99:99' }])
      expect(await connection.hostInterfaces.find(key)).toBeUndefined();
  });

  it('are described', async () => {
    const bridge = await connection.hostInterfaces.get(HOST_BRIDGE);
    expect(await bridge.describe()).toMatchObject({
      type: 'bridge',
      name: HOST_BRIDGE,
      bridge: { interfaces: [{ type: 'ethernet', name: NIC }] },
    });
    expect(await bridge.xml({ inactive: true })).toContain(`name='${HOST_BRIDGE}'`);
  });

  it('of one MAC address are told apart by name', async () => {
    const { mac = '' } = await connection.hostInterfaces.get(NICS[1]);
    await lab.must('ip', 'link', 'set', NICS[2], 'address', mac);
    await expect(connection.hostInterfaces.get({ mac })).rejects.toMatchObject({
      code: 'MULTIPLE_INTERFACES',
      object: `host interface ${mac}`,
      hint: 'get() it by its name',
    });
  });

  it('are only read by the udev backend, which says so', async () => {
    const nic = await connection.hostInterfaces.get(NIC);
    const { change } = connection.hostInterfaces;
    const begun: string[] = [];
    const calls = [
      () => connection.hostInterfaces.define(build.hostInterface.bridge({ name: 'br7' })),
      () => nic.undefine(),
      () => nic.start(),
      () => nic.destroy(),
      () => change.begin(),
      () => change.commit(),
      () => change.rollback(),
      () => connection.hostInterfaces.transaction(async () => begun.push('work')),
    ];
    for (const call of calls)
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'NO_SUPPORT',
        function: expect.stringMatching(/^virInterface/),
        hint: expect.stringContaining('this libvirt reads interfaces through udev and cannot change them'),
      });
    expect(begun).toEqual([]);
    expect(await nic.isActive()).toBe(true);
  });
});
