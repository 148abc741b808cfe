import { expect, it } from 'vitest';
import {
  build,
  type Connection,
  type NodeDeviceFilter,
  type NodeDeviceLifecycleEvent,
  XmlError,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

const WWNS = { wwnn: '2000000099990000', wwpn: '1000000099990000' };

const adapter = (name: string, parent: string, inside: string) =>
  `<device><name>${name}</name><parent>${parent}</parent><capability type='scsi_host'><host>${name.slice(9)}</host>
     <capability type='fc_host'><wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn>
       <fabric_wwn>2000000043214321</fabric_wwn></capability>${inside}</capability></device>`;

const DEVICES = [
  `<device><name>computer</name><capability type='system'><hardware>
     <uuid>11111111-2222-3333-4444-555555555555</uuid></hardware></capability></device>`,
  adapter(
    'scsi_host1',
    'computer',
    "<capability type='vport_ops'><max_vports>127</max_vports><vports>1</vports></capability>",
  ),
  // The test driver makes a virtual port after the model of this one.
  adapter('scsi_host11', 'scsi_host1', ''),
  `<device><name>pci_0000_00_19_0</name><parent>computer</parent><driver><name>e1000e</name></driver>
     <capability type='pci'><domain>0</domain><bus>0</bus><slot>25</slot><function>0</function>
       <product id='0x10f5'>82567LM</product><vendor id='0x8086'>Intel</vendor></capability></device>`,
  `<device><name>net_eth0</name><parent>pci_0000_00_19_0</parent><capability type='net'>
     <interface>eth0</interface><address>00:22:68:16:73:d6</address><capability type='80203'/></capability></device>`,
];

const start = (): Promise<Connection> => connectToHost({ devices: DEVICES });
const isOlderThan = async (connection: Connection, major: number) =>
  Number.parseInt(await connection.libvirtVersion(), 10) < major;
const vport = build.nodeDevice.vport({ parent: 'scsi_host1', ...WWNS });

describeWith(DRIVER_NEEDS, 'nodeDevices.list', () => {
  it.each<[NodeDeviceFilter, string[]]>([
    [{}, ['computer', 'net_eth0', 'pci_0000_00_19_0', 'scsi_host1', 'scsi_host11']],
    [{ cap: 'net' }, ['net_eth0']],
    [{ cap: 'system' }, ['computer']],
    [{ cap: ['net', 'pci', 'net'] }, ['net_eth0', 'pci_0000_00_19_0']],
    [{ cap: 'fc_host' }, ['scsi_host1', 'scsi_host11']],
    [{ cap: 'vports' }, ['scsi_host1']],
    [{ cap: 'mdev' }, []],
  ])('%j', async (filter, expected) => {
    await using connection = await start();
    const found = await connection.nodeDevices.list(filter);
    expect(found.map(({ name }) => name).sort()).toEqual(expected);
  });

  it('filters by what is there, or says that the driver cannot', async () => {
    await using connection = await start();
    const older = await isOlderThan(connection, 10);
    const listing = connection.nodeDevices.list({ cap: 'net', active: true });
    // The test driver learnt it after 9.0.
    if (older)
      await expect(listing).rejects.toMatchObject({
        code: 'INVALID_ARG',
        hint: expect.stringContaining('does not know an option'),
      });
    else expect((await listing).map(({ name }) => name)).toEqual(['net_eth0']);
  });

  it.each([
    [{ cap: 'nic' }, RangeError, 'cap: nic is not one of system, pci, usb_device'],
    [{ cap: [] }, RangeError, 'cap: empty; at least one is needed'],
    [{ cap: ['net', 5] }, TypeError, 'cap[1]: 5 is not one of'],
    [{ caps: 'net' }, TypeError, 'caps: unknown field of a filter of node devices; did you mean cap?'],
    [{ active: 'yes' }, TypeError, 'active: yes is not true or false'],
    [null, TypeError, 'options: null is not an object'],
  ])('refuses %j', async (filter, type, message) => {
    await using connection = await connectToHost();
    const error = await connection.nodeDevices.list(filter as never).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(type);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
  });
});

describeWith(DRIVER_NEEDS, 'nodeDevices.get and find', () => {
  it('find a device by its name', async () => {
    await using connection = await start();
    expect(await connection.nodeDevices.get('net_eth0')).toMatchObject({ name: 'net_eth0', connection });
    expect(await connection.nodeDevices.find('net_eth0')).toMatchObject({ name: 'net_eth0' });
  });

  it('say that there is none', async () => {
    await using connection = await start();
    await expect(connection.nodeDevices.get('nope')).rejects.toMatchObject({
      code: 'NO_NODE_DEVICE',
      function: 'virNodeDeviceLookupByName',
      object: "node device 'nope'",
      hint: 'connection.nodeDevices.list() gives the devices that exist',
    });
    expect(await connection.nodeDevices.find('nope')).toBeUndefined();
  });

  it.each([
    ['', RangeError],
    ['a\0b', RangeError],
    [undefined, TypeError],
    [{ name: 'x' }, TypeError],
  ])('refuse the name %j', async (name, type) => {
    await using connection = await connectToHost();
    for (const method of ['get', 'find'] as const) {
      const error = await connection.nodeDevices[method](name as never).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(type);
      expect(error).toHaveProperty('message', expect.stringMatching(/^name: /));
    }
  });

  it.each([
    [{}, TypeError, 'wwnn: missing; a virtual port must have it'],
    [{ ...WWNS, wwpn: '123' }, RangeError, 'wwpn: 123 is not a world wide name'],
    [null, TypeError, 'options: null is not an object that describes a virtual port'],
  ])('findVport refuses %j', async (names, type, message) => {
    await using connection = await connectToHost();
    const error = await connection.nodeDevices.findVport(names as never).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(type);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
  });

  it('findVport says that the test driver cannot', async () => {
    await using connection = await start();
    await expect(connection.nodeDevices.findVport(WWNS)).rejects.toMatchObject({ code: 'NO_SUPPORT' });
  });
});

describeWith(DRIVER_NEEDS, 'a node device', () => {
  it('tells what it is, and what it is a part of', async () => {
    await using connection = await start();
    const nic = await connection.nodeDevices.get('net_eth0');
    expect(await nic.capabilities()).toEqual(['net']);
    expect((await nic.describe()).capabilities).toEqual([
      {
        type: 'net',
        interface: 'eth0',
        address: '00:22:68:16:73:d6',
        capabilities: [{ type: '80203' }],
      },
    ]);
    const pci = await nic.parent();
    expect(pci?.name).toBe('pci_0000_00_19_0');
    expect((await pci?.describe())?.capabilities).toMatchObject([{ type: 'pci', slot: 25 }]);
    const computer = await pci?.parent();
    expect(computer?.name).toBe('computer');
    expect(await computer?.parent()).toBeUndefined();
  });

  it('passes on what the test driver cannot do', async () => {
    await using connection = await start();
    const pci = await connection.nodeDevices.get('pci_0000_00_19_0');
    const calls = {
      virNodeDeviceDetachFlags: () => pci.detach({ driver: 'vfio' }),
      virNodeDeviceReAttach: () => pci.reattach(),
      virNodeDeviceReset: () => pci.reset(),
      virNodeDeviceCreate: () => pci.start(),
      virNodeDeviceUndefine: () => pci.undefine(),
      virNodeDeviceSetAutostart: () => pci.autostart(true),
    };
    for (const [name, call] of Object.entries(calls))
      await expect(call(), name).rejects.toMatchObject({
        code: 'NO_SUPPORT',
        function: name,
        object: "node device 'pci_0000_00_19_0'",
      });
  });

  it('describes its configuration, or says that the driver cannot', async () => {
    await using connection = await start();
    const pci = await device(connection);
    const older = await isOlderThan(connection, 10);
    const describing = pci.describe({ inactive: true });
    if (older) await expect(describing).rejects.toMatchObject({ code: 'INVALID_ARG' });
    else expect(await describing).toMatchObject({ name: pci.name });
  });

  it('is not changed by a libvirt that cannot, which is said', async () => {
    await using connection = await start();
    const pci = await device(connection);
    const code = (await isOlderThan(connection, 10)) ? 'FUNCTION_MISSING' : 'NO_SUPPORT';
    await expect(pci.update(await pci.describe(), { live: true })).rejects.toMatchObject({
      code,
      function: 'virNodeDeviceUpdate',
      object: "node device 'pci_0000_00_19_0'",
    });
  });

  it.each<[string, (connection: Connection) => Promise<unknown>, string]>([
    [
      'a driver that is none',
      async (c) => (await device(c)).detach({ driver: 5 as never }),
      'driver: 5 is not',
    ],
    ['an empty driver', async (c) => (await device(c)).detach({ driver: '' }), 'driver: "" is empty'],
    [
      'a misspelt option',
      async (c) => (await device(c)).detach({ drivr: 'vfio' } as never),
      'drivr: unknown field of how a device is detached; did you mean driver?',
    ],
    ['no truth', async (c) => (await device(c)).autostart(1 as never), 'enable: not true or false'],
    [
      'a misspelt half',
      async (c) => (await device(c)).update(vport, { liv: true } as never),
      'liv: unknown field of a change; did you mean live?',
    ],
    [
      'a network as an update',
      async (c) => (await device(c)).update({ kind: 'network', name: 'x' } as never),
      "kind: network is not 'nodeDevice'",
    ],
  ])('refuses %s', async (_, call, message) => {
    await using connection = await start();
    const error = await call(connection).catch((e: unknown) => e);
    expect(error).toSatisfy((e) => e instanceof TypeError || e instanceof RangeError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
  });

  const device = (connection: Connection) => connection.nodeDevices.get('pci_0000_00_19_0');
});

describeWith(DRIVER_NEEDS, 'a virtual port (NPIV)', () => {
  it('is made, found and destroyed, and events tell of it', async () => {
    await using connection = await start();
    await using stream = connection.events.watch('nodeDeviceLifecycle');
    await stream.ready;
    const heard: NodeDeviceLifecycleEvent[] = [];
    await connection.events.on('nodeDeviceLifecycle', (event) => heard.push(event));

    const created = await connection.nodeDevices.create(vport);
    expect(created.name).toBe('scsi_host12');
    expect((await created.describe()).capabilities).toMatchObject([
      { type: 'scsi_host', capabilities: [{ type: 'fc_host', ...WWNS }] },
    ]);
    expect((await created.parent())?.name).toBe('scsi_host1');
    await created.destroy();
    expect(await connection.nodeDevices.find('scsi_host12')).toBeUndefined();
    await expect(created.destroy()).rejects.toMatchObject({ code: 'NO_NODE_DEVICE' });

    await take(stream, 2);
    expect(heard.map(({ type }) => type)).toEqual(['created', 'deleted']);
    for (const { device } of heard) expect(device).toMatchObject({ name: 'scsi_host12', connection });
  });

  it('needs names where the host makes up none', async () => {
    await using connection = await start();
    const older = await isOlderThan(connection, 10);
    const creating = connection.nodeDevices.create(build.nodeDevice.vport({ parent: 'scsi_host1' }));
    if (older)
      await expect(creating).rejects.toMatchObject({
        code: 'INTERNAL_ERROR',
        object: 'a node device',
        message: expect.stringContaining('cannot create a node device: internal error: no WWNN supplied'),
        hint: 'this host makes up no world wide names: give wwnn and wwpn',
      });
    else expect((await creating).name).toBe('scsi_host12');
  });

  it.each([
    [5, TypeError, 'device: 5 is neither the document of a node device nor the text of one'],
    [{ kind: 'nodeDevice', parent: { name: 5 } }, TypeError, 'parent.name: 5 is not a string'],
    [
      {
        kind: 'nodeDevice',
        capabilities: [{ type: 'scsi_host', capabilities: [{ type: 'fc_host', wwnn: 'x' }] }],
      },
      RangeError,
      'capabilities[0].capabilities[0].wwnn: x is not a world wide name',
    ],
    ['vport.xml', XmlError, 'device: vport.xml is no XML; of a file its text is taken'],
    ['<network/>', XmlError, '<device> expected'],
  ])('is not made of %j', async (document, type, message) => {
    await using connection = await start();
    for (const method of ['create', 'define'] as const) {
      const error = await connection.nodeDevices[method](document as never).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(type);
      expect(error).toHaveProperty('message', expect.stringContaining(message));
    }
    await expect(connection.nodeDevices.create(vport, { valid: true } as never)).rejects.toThrow(
      'valid: unknown field of a device to be created; it has validate',
    );
  });

  it("is held against libvirt's grammar, which wants a name and a number, when that is asked", async () => {
    await using connection = await start();
    await expect(connection.nodeDevices.create(vport, { validate: true })).rejects.toMatchObject({
      code: 'XML_INVALID_SCHEMA',
    });
    const printed = await (await connection.nodeDevices.get('scsi_host11')).describe();
    expect((await connection.nodeDevices.create(printed, { validate: true })).name).toBe('scsi_host12');
  });
});
