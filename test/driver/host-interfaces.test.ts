import { expect, it } from 'vitest';
import {
  build,
  type Connection,
  type HostInterfaceFilter,
  type HostInterfaceKey,
  XmlError,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

const MAC = '52:54:00:12:34:56';
const NIC = `<interface type='ethernet' name='eth0'><start mode='onboot'/><mac address='${MAC}'/></interface>`;

/** A host with the NIC eth0, which runs, and the bridge br0, which does not. */
async function connectToBridgedHost(): Promise<Connection> {
  const connection = await connectToHost({ interfaces: [NIC] });
  await connection.hostInterfaces.define(build.hostInterface.bridge({ name: 'br0' }));
  return connection;
}

const names = async (connection: Connection, filter?: HostInterfaceFilter) =>
  (await connection.hostInterfaces.list(filter)).map(({ name }) => name).sort();

describeWith(DRIVER_NEEDS, 'hostInterfaces.list', () => {
  it.each<[HostInterfaceFilter, string[]]>([
    [{}, ['br0', 'eth0']],
    [{ active: true }, ['eth0']],
    [{ active: false }, ['br0']],
  ])('%j', async (filter, expected) => {
    await using connection = await connectToBridgedHost();
    expect(await names(connection, filter)).toEqual(expected);
  });

  it.each([
    [{ activ: true }, 'activ: unknown field of a filter of host interfaces; did you mean active?'],
    [{ active: 1 }, 'active: 1 is not true or false'],
    [null, 'options: null is not an object that describes a filter of host interfaces'],
  ])('refuses %j', async (filter, message) => {
    await using connection = await connectToHost();
    await expect(connection.hostInterfaces.list(filter as never)).rejects.toThrow(new TypeError(message));
  });
});

describeWith(DRIVER_NEEDS, 'hostInterfaces.get and find', () => {
  it('find an interface by its name and by its MAC address, in either case', async () => {
    await using connection = await connectToHost({ interfaces: [NIC] });
    for (const key of ['eth0', { mac: MAC }, { mac: MAC.toUpperCase() }]) {
      expect(await connection.hostInterfaces.get(key)).toMatchObject({ name: 'eth0', mac: MAC });
      expect(await connection.hostInterfaces.find(key)).toMatchObject({ name: 'eth0', connection });
    }
  });

  it.each<[HostInterfaceKey, string, string]>([
    ['nope', "host interface 'nope'", 'virInterfaceLookupByName'],
    [{ mac: '52:54:00:99:99:99' }, 'host interface 52:54:00:99:99:99', 'virInterfaceLookupByMACString'],
  ])('say that there is no %j', async (key, object, name) => {
    await using connection = await connectToHost();
    await expect(connection.hostInterfaces.get(key)).rejects.toMatchObject({
      code: 'NO_INTERFACE',
      function: name,
      object,
      hint: 'connection.hostInterfaces.list() gives the interfaces that exist',
    });
    expect(await connection.hostInterfaces.find(key)).toBeUndefined();
  });

  it('say that several have the MAC address', async () => {
    await using connection = await connectToHost({ interfaces: [NIC, NIC.replace('eth0', 'eth1')] });
    for (const method of ['get', 'find'] as const)
      await expect(connection.hostInterfaces[method]({ mac: MAC })).rejects.toMatchObject({
        code: 'MULTIPLE_INTERFACES',
        hint: 'get() it by its name',
      });
  });

  it.each([
    ['', RangeError, 'name: "" is empty'],
    [5, TypeError, 'key: neither a name nor { mac }'],
    [null, TypeError, 'key: neither a name nor { mac }'],
    [{}, TypeError, 'key: neither a name nor { mac }'],
    [{ mac: '52:54' }, RangeError, 'mac: 52:54 is not a MAC address'],
    [{ mac: '01:00:5e:00:00:01' }, RangeError, 'mac: 01:00:5e:00:00:01 is the address of a group'],
  ])('refuse the key %j', async (key, type, message) => {
    await using connection = await connectToHost();
    for (const method of ['get', 'find'] as const) {
      const error = await connection.hostInterfaces[method](key as never).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(type);
      expect(error).toHaveProperty('message', expect.stringContaining(message));
    }
  });
});

describeWith(DRIVER_NEEDS, 'a host interface', () => {
  it('is defined, started, stopped and undefined', async () => {
    await using connection = await connectToHost();
    const document = build.hostInterface.bridge({ name: 'br0', start: 'onboot', ports: ['eth0'] });
    const br0 = await connection.hostInterfaces.define(document, { validate: true });
    expect(br0).toMatchObject({ name: 'br0', mac: undefined });
    expect(await br0.isActive()).toBe(false);
    await br0.start();
    expect(await br0.isActive()).toBe(true);
    await br0.destroy();
    await br0.undefine();
    await expect(br0.xml()).rejects.toMatchObject({ code: 'NO_INTERFACE', object: "host interface 'br0'" });
  });

  it('is described, changed with a spread, and defined again', async () => {
    await using connection = await connectToHost({ interfaces: [NIC] });
    const eth0 = await connection.hostInterfaces.get('eth0');
    const document = await eth0.describe();
    expect(document).toEqual({
      kind: 'hostInterface',
      type: 'ethernet',
      name: 'eth0',
      start: { mode: 'onboot' },
      mac: { address: MAC },
    });
    await connection.hostInterfaces.define({ ...document, mtu: { size: 9000 } });
    expect(await eth0.xml()).toContain("<mtu size='9000'/>");
    expect(await names(connection)).toEqual(['eth0']);
  });

  it('says what its state does not allow', async () => {
    await using connection = await connectToBridgedHost();
    const [eth0, br0] = [
      await connection.hostInterfaces.get('eth0'),
      await connection.hostInterfaces.get('br0'),
    ];
    const invalid = { code: 'OPERATION_INVALID' };
    await expect(eth0.start()).rejects.toMatchObject({ ...invalid, hint: 'it runs already' });
    await expect(br0.destroy()).rejects.toMatchObject({ ...invalid, hint: 'it is stopped already' });
    await expect(eth0.xml({ inactive: 1 } as never)).rejects.toThrow('inactive: 1 is not true or false');
  });

  it.each([
    [5, 'interface: 5 is neither the document of a host interface nor the text of one'],
    [{ kind: 'network', name: 'x' }, "kind: network is not 'hostInterface'"],
    [
      { kind: 'hostInterface', type: 'vlan', vlan: { tag: 5000, interface: { name: 'eth0' } } },
      'vlan.tag: 5000 is not a whole number',
    ],
  ])('is not defined by %j', async (document, message) => {
    await using connection = await connectToHost();
    const error = await connection.hostInterfaces.define(document as never).catch((e: unknown) => e);
    expect(error).toSatisfy((e) => e instanceof TypeError || e instanceof RangeError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(await names(connection)).toEqual([]);
  });

  it('is not defined by text that is something else', async () => {
    await using connection = await connectToHost();
    await expect(connection.hostInterfaces.define('<network/>')).rejects.toThrow(XmlError);
    await expect(
      connection.hostInterfaces.define(NIC.replace('<start', '<colour/><start'), { validate: true }),
    ).rejects.toMatchObject({ code: 'XML_INVALID_SCHEMA', object: "host interface 'eth0'" });
  });
});

describeWith(DRIVER_NEEDS, 'hostInterfaces.transaction', () => {
  it('keeps what it did when it succeeds, and gives what its work gives', async () => {
    await using connection = await connectToHost({ interfaces: [NIC] });
    const br0 = await connection.hostInterfaces.transaction(() =>
      connection.hostInterfaces.define(build.hostInterface.bridge({ name: 'br0', ports: ['eth0'] })),
    );
    expect(br0.name).toBe('br0');
    expect(await names(connection)).toEqual(['br0', 'eth0']);
    await expect(connection.hostInterfaces.change.rollback()).rejects.toThrow('no transaction running');
  });

  it('takes back what it did when it fails', async () => {
    await using connection = await connectToHost({ interfaces: [NIC] });
    const failure = new Error('the host is cut off');
    const failing = connection.hostInterfaces.transaction(async () => {
      await (await connection.hostInterfaces.get('eth0')).undefine();
      expect(await names(connection)).toEqual([]);
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(await names(connection)).toEqual(['eth0']);
    await connection.hostInterfaces.transaction(async () => {});
  });

  it('is one at a time', async () => {
    await using connection = await connectToHost();
    const inner = connection.hostInterfaces.transaction(async () => {
      await expect(connection.hostInterfaces.transaction(async () => {})).rejects.toMatchObject({
        code: 'OPERATION_INVALID',
        function: 'virInterfaceChangeBegin',
        hint: expect.stringContaining('one change at a time'),
      });
    });
    await inner;
  });

  it('says both when it could not take back what it did', async () => {
    await using connection = await connectToHost();
    const failure = new Error('first');
    const failing = connection.hostInterfaces.transaction(async () => {
      await connection.hostInterfaces.change.commit();
      throw failure;
    });
    const error = await failing.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^a change of host interfaces failed and was not taken back: cannot roll/,
      ),
      cause: failure,
      errors: [failure, { code: 'OPERATION_INVALID', function: 'virInterfaceChangeRollback' }],
    });
  });

  it('can be done in steps', async () => {
    await using connection = await connectToHost({ interfaces: [NIC] });
    const { change } = connection.hostInterfaces;
    await change.begin();
    await (await connection.hostInterfaces.get('eth0')).undefine();
    await change.rollback();
    expect(await names(connection)).toEqual(['eth0']);
    for (const step of ['commit', 'rollback'] as const)
      await expect(change[step]()).rejects.toMatchObject({
        code: 'OPERATION_INVALID',
        hint: expect.stringContaining('begin() comes first'),
      });
  });

  it.each([undefined, null, {}, Promise.resolve()])('refuses %j as its work', async (work) => {
    await using connection = await connectToHost();
    await expect(connection.hostInterfaces.transaction(work as never)).rejects.toThrow(
      new TypeError('work: not a function'),
    );
    await connection.hostInterfaces.transaction(async () => {});
  });
});
