// Networks that cannot be: what stands in the way is named, and nothing is left behind.

import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type NatNetworkOptions,
  type NetworkDocument,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd } from '../lab/libvirtd.js';
import { HYPERVISOR_NEEDS, startHost, traces } from './host.js';

const nat = (options: Partial<NatNetworkOptions> = {}): NetworkDocument =>
  build.network.nat({ name: 'new', bridge: 'vnnew', ip: '10.61.1.1/24', ...options });

describeWith(HYPERVISOR_NEEDS, 'a network that is in conflict', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await lab.must('ip', 'route', 'add', '10.62.0.0/16', 'dev', HOST_BRIDGE);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const IN_THE_WAY: [string, NetworkDocument, string, string, string][] = [
    [
      'an interface in its subnet',
      nat({ ip: '10.99.0.200/24' }),
      'INTERNAL_ERROR',
      `Network is already in use by interface ${HOST_BRIDGE}`,
      'this machine already has an interface in that subnet: choose another CIDR',
    ],
    [
      'a route to its subnet',
      nat({ ip: '10.62.0.1/16' }),
      'INTERNAL_ERROR',
      `Network is already in use by interface ${HOST_BRIDGE}`,
      'choose another CIDR',
    ],
    [
      'an option that dnsmasq does not know',
      nat({ dnsmasqOptions: ['colour=red'] }),
      'INTERNAL_ERROR',
      'dnsmasq: bad option at line',
      'this dnsmasq does not know a line of dnsmasqOptions',
    ],
  ];

  it.each(IN_THE_WAY)('with %s is refused by create and start', async (_, document, code, why, hint) => {
    const before = [...(await lab.links()).keys()];
    const refused = {
      code,
      object: "network 'new'",
      message: expect.stringContaining(why),
      hint: expect.stringContaining(hint),
    };
    await expect(connection.networks.create(document)).rejects.toMatchObject(refused);
    expect(await connection.networks.list()).toEqual([]);
    const network = await connection.networks.define(document);
    await expect(network.start()).rejects.toMatchObject({ ...refused, function: 'virNetworkCreate' });
    expect(await network.isActive()).toBe(false);
    await network.undefine();
    expect([...(await lab.links()).keys()]).toEqual(before);
    expect(await traces(lab, 'vnnew', '10.61.1.', '/new.')).toEqual([]);
  });

  it('with an interface of the name of its bridge is refused', async () => {
    // One of its own: libvirt 11.3 takes an interface away that it failed to make.
    await using host = await startHost();
    await using own = await connect(host.uri);
    await expect(own.networks.create(nat({ bridge: 'phys0' }))).rejects.toMatchObject({
      code: 'SYSTEM_ERROR',
      message: expect.stringContaining('error creating bridge interface phys0: File exists'),
      hint: expect.stringContaining('choose another name for the bridge, or build.network.bridged for a'),
    });
    expect(await own.networks.list()).toEqual([]);
    expect(await traces(host, '10.61.1.', '/new.')).toEqual([]);
  });

  it('with another DNS server on its address is refused', async () => {
    const script = `require('node:dgram').createSocket('udp4').bind(53, '0.0.0.0', () => console.log('bound'))`;
    const server = lab.inside.spawn(process.execPath, ['-e', script]);
    await once(server.stdout, 'data');
    try {
      await expect(connection.networks.create(nat())).rejects.toMatchObject({
        code: 'INTERNAL_ERROR',
        message: expect.stringContaining(
          'failed to create listening socket for 10.61.1.1: Address already in use',
        ),
        hint: expect.stringContaining('another server has that address'),
      });
      expect(await traces(lab, 'vnnew', '10.61.1.')).toEqual([]);
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });

  it('under a new name, with the UUID and the bridge of the old one, is refused, as libvirt cannot rename', async () => {
    const old = await connection.networks.define(nat());
    const document = { ...(await old.describe()), name: 'renamed' };
    await expect(connection.networks.define(document)).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      hint: expect.stringContaining('libvirt cannot rename it'),
    });
    await old.undefine();
  });

  it('with all others over the names of bridges is told to have one of its own', async () => {
    const add = async () => {
      for (let i = 0; i < 300; i++)
        await connection.networks.define(build.network.isolated({ name: `n${i}` }), { overlap: 'allow' });
    };
    await expect(add()).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      hint: expect.stringContaining("as in bridge: 'br-lan'"),
    });
    await Promise.all((await connection.networks.list()).map((network) => network.undefine()));
  });

  it('with another network of the daemon is refused before libvirt is asked', async () => {
    const lan = await connection.networks.create(nat({ name: 'lan', bridge: 'vnlan' }));
    await expect(connection.networks.create(nat({ ip: '10.61.0.1/16' }))).rejects.toMatchObject({
      code: 'OVERLAP',
      message: expect.stringContaining("network 'new' (10.61.0.0/16) overlaps network 'lan' (10.61.1.0/24)"),
    });
    await expect(
      connection.networks.define(nat({ bridge: 'vnlan', ip: '10.63.1.1/24' })),
    ).rejects.toMatchObject({
      code: 'OVERLAP',
      message: expect.stringContaining("network 'new' and network 'lan' have the same bridge, vnlan"),
    });
    // Allowed, libvirt itself finds out when it is started.
    await expect(connection.networks.create(nat(), { overlap: 'allow' })).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining('Network is already in use by interface vnlan'),
    });
    await expect(
      connection.networks.define(nat({ bridge: 'vnlan', ip: '10.63.1.1/24' }), { overlap: 'allow' }),
    ).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining("bridge name 'vnlan' already in use"),
      hint: expect.stringContaining('choose another name for the bridge'),
    });
    await lan.destroy();
  });

  it('with the name or the UUID of another is refused', async () => {
    const lan = await connection.networks.define(nat({ name: 'lan' }));
    const hint = expect.stringContaining('choose another name');
    const { uuid } = lan;
    await expect(
      connection.networks.define(nat({ name: 'lan', uuid: '11111111-2222-3333-4444-555555555555' })),
    ).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringContaining('already exists'),
      hint,
    });
    await expect(connection.networks.define(nat({ uuid, bridge: 'vnother' }))).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringContaining("network 'lan' is already defined with uuid"),
      hint,
    });
    await lan.undefine();
  });

  it('with its own state says so', async () => {
    const lan = await connection.networks.create(nat({ name: 'lan' }));
    const invalid = { code: 'OPERATION_INVALID', object: "network 'lan'" };
    await expect(lan.start()).rejects.toMatchObject({
      ...invalid,
      function: 'virNetworkCreate',
      hint: 'it runs already: destroy() stops it',
    });
    await expect(lan.autostart(true)).rejects.toMatchObject({
      ...invalid,
      hint: 'it has no configuration to be started from: define() it',
    });
    await expect(lan.undefine()).rejects.toMatchObject({
      ...invalid,
      hint: 'it has no configuration: destroy() ends it',
    });

    // What runs becomes persistent by being defined, and transient by being undefined.
    await connection.networks.define(await lan.describe());
    expect(await lan.isPersistent()).toBe(true);
    await lan.undefine();
    expect([await lan.isPersistent(), await lan.isActive()]).toEqual([false, true]);
    await connection.networks.define(await lan.describe());
    await lan.destroy();
    await expect(lan.destroy()).rejects.toMatchObject({ ...invalid, hint: 'it is stopped already' });
    await lan.undefine();
    for (const call of [() => lan.start(), () => lan.undefine(), () => lan.xml(), () => lan.leases()])
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'NO_NETWORK',
        object: "network 'lan'",
      });
  });
});

describeWith(HYPERVISOR_NEEDS, 'a host that lacks a program', () => {
  it.for<readonly [program: string, code: string, why: string, hint: string]>([
    ['dnsmasq', 'SYSTEM_ERROR', "Unable to find 'dnsmasq' binary", 'apt install dnsmasq-base'],
    ['iptables', 'INTERNAL_ERROR', 'Failed to apply firewall rules', 'apt install iptables nftables'],
  ])('such as %s is told what to install', async ([program, code, why, hint], context) => {
    await using lab = await startHost();
    const path = (await lab.must('sh', '-c', `readlink -f "$(command -v ${program})"`)).trim();
    await lab.must('mount', '--bind', '/dev/null', path);
    if (program === 'iptables' && Number.parseInt(await lab.release(), 10) >= 10)
      return context.skip('this libvirtd does not start without a firewall, and says why in its log');
    await lab.restartDaemon();
    await using connection = await connect(lab.uri);
    await expect(connection.networks.create(nat())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(why),
      hint: expect.stringContaining(hint),
    });
    expect((await lab.links()).has('vnnew')).toBe(false);
  });
});
