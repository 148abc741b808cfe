import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { build } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

describeWith(DRIVER_NEEDS, 'a network', () => {
  it('is started, stopped and undefined', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(networkXml('lan'));
    await network.start();
    expect(await network.isActive()).toBe(true);
    await network.destroy();
    expect(await network.isActive()).toBe(false);
    await network.undefine();
    expect(await connection.networks.find('lan')).toBeUndefined();
  });

  it('starts with the daemon or not', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(networkXml('lan'));
    expect(await network.autostart()).toBe(false);
    await network.autostart(true);
    expect(await network.autostart()).toBe(true);
    await network.autostart(false);
    expect(await network.autostart()).toBe(false);
    await expect(network.autostart('yes' as never)).rejects.toThrow(
      new TypeError('enable: not true or false'),
    );
  });

  it('tells its bridge, or that it has none', async () => {
    await using connection = await connectToHost();
    const lan = await connection.networks.define(build.network.isolated({ name: 'lan', bridge: 'virbr7' }));
    expect(await lan.bridgeName()).toBe('virbr7');
    const uplink = build.network.macvtap({ name: 'uplink', mode: 'bridge', dev: 'eth0' });
    await expect((await connection.networks.define(uplink)).bridgeName()).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining("network 'uplink' does not have a bridge name"),
      hint: 'networks of the modes macvtap and hostdev have none; describe().forward tells their devices',
    });
  });

  it('tells what virsh net-info prints, with or without a bridge', async () => {
    await using connection = await connectToHost();
    const lan = await connection.networks.create(build.network.isolated({ name: 'lan', bridge: 'virbr7' }));
    expect(await lan.info()).toEqual({
      name: 'lan',
      uuid: lan.uuid,
      active: true,
      persistent: false,
      autostart: false,
      bridge: 'virbr7',
    });
    const uplink = await connection.networks.define(
      build.network.macvtap({ name: 'uplink', mode: 'bridge', dev: 'eth0' }),
    );
    await uplink.autostart(true);
    expect(await uplink.info()).toEqual({
      name: 'uplink',
      uuid: uplink.uuid,
      active: false,
      persistent: true,
      autostart: true,
      bridge: undefined,
    });
  });

  it('is described as text and as a document', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(
      build.network.nat({ name: 'lan', ip: { cidr: '192.168.10.1/24', dhcp: true } }),
    );
    expect(await network.xml()).toContain("<ip address='192.168.10.1' netmask='255.255.255.0'>");
    expect(await network.describe()).toMatchObject({
      kind: 'network',
      name: 'lan',
      uuid: network.uuid,
      forward: { mode: 'nat' },
      ips: [
        { address: '192.168.10.1', dhcp: { ranges: [{ start: '192.168.10.2', end: '192.168.10.254' }] } },
      ],
    });
  });

  it('has one description only in this driver', async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const network = await connection.networks.get('lan');
    expect(await network.xml({ inactive: false })).toBe(await network.xml());
    await expect(network.describe({ inactive: true })).rejects.toMatchObject({
      code: 'INVALID_ARG',
      message: expect.stringContaining('unsupported flags'),
      hint: expect.stringContaining('does not know an option of this call'),
    });
    await expect(network.describe({ inactiv: true } as never)).rejects.toThrow('did you mean inactive?');
    await expect(network.xml({ inactive: 1 } as never)).rejects.toThrow('inactive: 1 is not true or false');
  });

  it.each([
    ['start', 'it runs already: destroy() stops it'],
    ['undefine', 'destroy() it first'],
  ] as const)('cannot %s while it runs', async (method, hint) => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const network = await connection.networks.get('lan');
    await expect(network[method]()).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      object: "network 'lan'",
      message: expect.stringContaining(`running (${hint})`),
      hint,
    });
  });

  it('says so when it has gone meanwhile', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(networkXml('lan'));
    await (await connection.networks.get('lan')).undefine();
    const calls = [
      () => network.start(),
      () => network.xml(),
      () => network.isActive(),
      () => network.isPersistent(),
      () => network.autostart(),
      () => network.update('add', 'dnsTxt', { name: 'a', value: 'b' }),
    ];
    for (const call of calls)
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'NO_NETWORK',
        object: "network 'lan'",
      });
  });

  it('says which driver has no leases', async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const network = await connection.networks.get('lan');
    await expect(network.leases()).rejects.toMatchObject({
      code: 'NO_SUPPORT',
      function: 'virNetworkGetDHCPLeases',
      hint: 'the driver behind this connection does not have this function (connection.type() names it)',
    });
    await expect(network.leases('zz')).rejects.toThrow('mac: zz is not');
  });

  it('is printed as what it is', async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const network = await connection.networks.get('lan');
    expect(inspect(network)).toMatch(
      /^Network \{\s+name: 'lan',\s+uuid: '[\w-]+',\s+metadata: NetworkMetadata \{\},\s+ports: NetworkPorts \{\},\s+reservations: Reservations \{\}\s+\}$/,
    );
  });
});
