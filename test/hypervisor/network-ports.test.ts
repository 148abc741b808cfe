// Ports of networks that run, without a guest: libvirt decides what they are plugged into all the same.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Network, type NetworkPortDocument } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { type Libvirtd, NICS } from '../lab/libvirtd.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const NO_UUID = '11111111-2222-3333-4444-555555555555';

const port = (more: Partial<NetworkPortDocument> = {}): NetworkPortDocument => ({
  kind: 'networkPort',
  uuid: randomUUID(),
  owner: { name: 'web', uuid: NO_UUID },
  mac: { address: '52:54:00:12:34:56' },
  ...more,
});

describeWith(HYPERVISOR_NEEDS, 'network.ports', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let lan: Network;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    lan = await connection.networks.define(
      build.network.isolated({
        name: 'lan',
        bridge: 'vnlan',
        portGroups: [{ name: 'slow', bandwidth: '1mbit' }],
      }),
    );
    await lan.start();
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it('are created, listed, found and deleted', async () => {
    expect(await lan.ports.list()).toEqual([]);
    const created = await lan.ports.create(port({ uuid: NO_UUID, group: 'slow' }));
    expect(created).toMatchObject({ uuid: NO_UUID, network: lan });
    expect(await created.describe()).toEqual({
      ...port({ uuid: NO_UUID, group: 'slow' }),
      bandwidth: { inbound: { average: 125 }, outbound: { average: 125 } },
      plug: { type: 'network', bridge: 'vnlan' },
    });
    expect(await lab.must('virsh', 'net-port-list', 'lan')).toContain(NO_UUID);
    expect((await lan.ports.list()).map(({ uuid }) => uuid)).toEqual([NO_UUID]);
    for (const uuid of [NO_UUID, NO_UUID.replaceAll('-', '')]) {
      expect((await lan.ports.get({ uuid })).uuid).toBe(NO_UUID);
      expect((await lan.ports.find({ uuid }))?.uuid).toBe(NO_UUID);
    }

    await created.delete();
    expect(await lan.ports.find({ uuid: NO_UUID })).toBeUndefined();
    for (const call of [() => created.delete(), () => created.xml(), () => created.bandwidth()])
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'NO_NETWORK_PORT',
        object: `port ${NO_UUID} of network 'lan'`,
        hint: expect.stringContaining('network.ports.list() gives the ports that exist'),
      });
  });

  it('have a device of a pool each, as long as there are any', async () => {
    const pool = await connection.networks.create(
      build.network.macvtap({ name: 'pool', mode: 'passthrough', dev: [NICS[0], NICS[1]] }),
    );
    const ports = [await pool.ports.create(port()), await pool.ports.create(port())];
    const plugs = await Promise.all(ports.map(async (each) => (await each.describe()).plug));
    expect(plugs).toEqual(
      expect.arrayContaining([
        { type: 'direct', dev: NICS[0], mode: 'passthrough' },
        { type: 'direct', dev: NICS[1], mode: 'passthrough' },
      ]),
    );
    await expect(pool.ports.create(port())).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining("network 'pool' requires exclusive access to interfaces"),
    });
    await ports[0]?.delete();
    await pool.ports.create(port());
    await pool.destroy();
  });

  it('tell and take their bandwidth', async () => {
    const created = await lan.ports.create(port());
    expect(await created.bandwidth()).toEqual({});
    await created.bandwidth({
      inbound: { average: '8mbit', peak: '16mbit', burst: '64kb' },
      outbound: '4mbit',
    });
    expect(await created.bandwidth()).toEqual({
      inbound: { average: 1000, peak: 2000, burst: 64 },
      outbound: { average: 500 },
    });
    expect((await created.describe()).bandwidth).toMatchObject({ inbound: { average: 1000 } });
    await created.bandwidth({ outbound: '8mbit' });
    expect(await created.bandwidth()).toEqual({ outbound: { average: 1000 } });
    await created.bandwidth(null);
    expect(await created.bandwidth()).toEqual({});

    await expect(created.bandwidth({ inbound: { average: 10, floor: 5 } })).rejects.toMatchObject({
      code: 'OPERATION_UNSUPPORTED',
      hint: expect.stringContaining('give the network a bandwidth with an inbound average'),
    });
    await expect(created.bandwidth({ inbound: '10mb' } as never)).rejects.toThrow(
      /^limits\.inbound: 10mb is not/,
    );
    await expect(created.bandwidth({ inbound: 2 ** 33 })).rejects.toThrow(
      `limits.inbound: ${2 ** 33} is more than 4294967295 of libvirt's kilobytes per second`,
    );
    await expect(created.bandwidth({} as never)).rejects.toThrow('limits: neither inbound nor outbound');
    expect(await created.bandwidth()).toEqual({});
    await created.delete();
  });

  it('need a UUID of their own', async () => {
    const created = await lan.ports.create(port());
    const { uuid } = created;
    await expect(lan.ports.create(port({ uuid }))).rejects.toMatchObject({
      code: 'NETWORK_PORT_EXIST',
      object: `port ${uuid} of network 'lan'`,
      hint: 'choose another UUID, or delete() the port that has it',
    });
    await created.delete();
  });

  it('need a network that runs', async () => {
    const resting = await connection.networks.define(build.network.isolated({ name: 'resting' }));
    const hint = 'a network has ports while it runs: start() it first';
    const calls = [() => resting.ports.list(), () => resting.ports.create(port())];
    for (const call of calls)
      await expect(call(), String(call)).rejects.toMatchObject({ code: 'OPERATION_INVALID', hint });
    await resting.undefine();
  });

  it('say that there is none', async () => {
    await expect(lan.ports.get({ uuid: NO_UUID })).rejects.toMatchObject({
      code: 'NO_NETWORK_PORT',
      function: 'virNetworkPortLookupByUUIDString',
      object: `port ${NO_UUID} of network 'lan'`,
    });
    expect(await lan.ports.find({ uuid: NO_UUID })).toBeUndefined();
  });

  it.each([
    [NO_UUID, 'key: not { uuid }'],
    [{}, 'key: not { uuid }'],
    [null, 'key: not { uuid }'],
    [{ uuid: 'x' }, "uuid: 'x' is not a UUID"],
  ])('refuse the key %j', async (key, message) => {
    for (const method of ['get', 'find'] as const)
      await expect(lan.ports[method](key as never)).rejects.toThrow(new TypeError(message));
  });

  it.each([
    [5, {}, 'port: 5 is neither the document of a network port nor the text of one'],
    [{ kind: 'networkPort' }, {}, 'uuid: is missing'],
    [{ ...port(), mac: { address: 'x' } }, {}, 'mac.address: x is not a unicast MAC address'],
    ['<networkport/>', {}, '<uuid>'],
    [port(), { reclam: true }, 'reclam: unknown field of a port; did you mean reclaim?'],
  ])('are not made of %j with %j', async (document, options, message) => {
    await expect(lan.ports.create(document as never, options as never)).rejects.toThrow(message);
    expect(await lan.ports.list()).toEqual([]);
  });
});
