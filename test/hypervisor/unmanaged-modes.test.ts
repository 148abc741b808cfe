// Networks of bridges and devices that the host has: libvirt makes nothing, and says to each guest where to plug in.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, diff, type NetworkDocument, toXML } from '../../lib/index.js';
import { treeOf } from '../contract/rng/tree.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, OVS_BRIDGE } from '../lab/libvirtd.js';
import { lost } from '../lab/lost.js';
import { take } from '../lab/take.js';
import { dumpxml, HYPERVISOR_NEEDS, startHost, traces } from './host.js';
import { plug } from './port.js';

interface UnmanagedMode {
  title: string;
  document: NetworkDocument;
  /** Undefined where there is none. */
  bridge?: string;
  /** What guests get, one after the other: a part of the port's description, by port group. */
  ports: readonly { group?: string; gets: readonly string[] }[];
  /** Why one more guest gets no port. */
  exhausted?: string;
}

const { bridged, macvtap, openvswitch } = build.network;
const direct = (dev: string, mode: string) => ({
  gets: [`<plug type='direct' dev='${dev}' mode='${mode}'/>`],
});

const MODES: readonly UnmanagedMode[] = [
  {
    title: 'bridged',
    document: bridged({
      name: 'hall',
      bridge: HOST_BRIDGE,
      isolatedPorts: true,
      portGroups: [{ name: 'slow', bandwidth: '1mbit' }, { name: 'any' }],
    }),
    bridge: HOST_BRIDGE,
    ports: [
      { gets: [`<plug type='bridge' bridge='${HOST_BRIDGE}'/>`, "<port isolated='yes'/>"] },
      { group: 'slow', gets: ["<inbound average='125'/>", "<outbound average='125'/>"] },
    ],
  },
  {
    title: 'openvswitch',
    document: openvswitch({
      name: 'campus',
      bridge: OVS_BRIDGE,
      portGroups: [
        { name: 'staff', default: true, vlan: 10 },
        { name: 'router', vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } } },
      ],
    }),
    bridge: OVS_BRIDGE,
    ports: [
      { gets: ["<virtualport type='openvswitch'>", "<tag id='10'/>", `bridge='${OVS_BRIDGE}'`] },
      {
        group: 'router',
        gets: ["<vlan trunk='yes'>", "<tag id='1' nativeMode='untagged'/>", "<tag id='20'/>"],
      },
    ],
  },
  {
    title: 'macvtap bridge, of a pool',
    document: macvtap({ name: 'pool', mode: 'bridge', dev: ['phys0', 'phys1'] }),
    ports: [direct('phys0', 'bridge'), direct('phys1', 'bridge'), direct('phys0', 'bridge')],
  },
  {
    title: 'macvtap vepa',
    document: macvtap({ name: 'vepa', mode: 'vepa', dev: 'phys2' }),
    ports: [direct('phys2', 'vepa')],
  },
  {
    title: 'macvtap private',
    document: macvtap({ name: 'private', mode: 'private', dev: 'phys2' }),
    ports: [direct('phys2', 'private'), direct('phys2', 'private')],
  },
  {
    title: 'macvtap passthrough, one guest a device',
    document: macvtap({ name: 'through', mode: 'passthrough', dev: ['phys2', 'phys3'] }),
    ports: [direct('phys2', 'passthrough'), direct('phys3', 'passthrough')],
    exhausted: "network 'through' requires exclusive access to interfaces, but none are available",
  },
];

describeWith([...HYPERVISOR_NEEDS, 'openvswitch'], 'a network of what the host has', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let witness: Connection;
  beforeAll(async () => {
    lab = await startHost({ openvswitch: true });
    connection = await connect(lab.uri);
    witness = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await witness?.close();
    await lab?.stop();
  });

  it.each(MODES.map((mode) => [mode.title, mode] as const))('%s', async (_, mode) => {
    const { document, bridge, ports, exhausted } = mode;
    const { name } = document;
    const linksBefore = [...(await lab.links()).keys()];
    await using events = witness.events.watch('networkLifecycle');
    await events.ready;

    const network = await connection.networks.define(document, { validate: true });
    await network.start();
    expect([...(await lab.links()).keys()]).toEqual(linksBefore);
    expect(await lab.dnsmasqs()).toEqual([]);
    expect(await network.leases()).toEqual([]);
    expect(await network.info()).toMatchObject({ name, active: true, persistent: true, bridge });
    if (bridge) expect(await network.bridgeName()).toBe(bridge);
    else await expect(network.bridgeName()).rejects.toThrow('macvtap and hostdev have none');

    for (const { group, gets } of ports) {
      const { xml } = await plug(lab, name, group);
      for (const part of gets) expect(xml).toContain(part);
    }
    if (exhausted) await expect(plug(lab, name)).rejects.toThrow(exhausted);

    const printed = await dumpxml(lab, name);
    const described = await network.describe();
    expect(`${await network.xml()}\n`).toBe(printed);
    expect(treeOf(toXML(described))).toEqual(treeOf(printed));
    expect(lost(document, described)).toEqual([]);
    expect(diff(document, described, { ignore: 'filled-in' })).toEqual([]);
    expect(described.connections).toBe(ports.length);
    const { connections } = await network.describe({ inactive: true });
    expect(connections).toBeUndefined();

    await network.destroy();
    await network.undefine();
    expect([...(await lab.links()).keys()]).toEqual(linksBefore);
    expect(await traces(lab, `/${name}.`)).toEqual([]);
    const seen = (await take(events, 4)).map(({ type, network: which }) => `${which.name} ${type}`);
    expect(seen).toEqual(['defined', 'started', 'stopped', 'undefined'].map((type) => `${name} ${type}`));
  });

  it('tells how many guests each device of a pool has', async () => {
    const network = await connection.networks.create(
      macvtap({ name: 'counted', mode: 'bridge', dev: ['phys0', 'phys1'] }),
    );
    const first = await plug(lab, 'counted');
    await plug(lab, 'counted');
    await first.unplug();
    await plug(lab, 'counted');
    await plug(lab, 'counted');
    expect((await network.describe()).forward?.interfaces).toEqual([
      { dev: 'phys0', connections: 2 },
      { dev: 'phys1', connections: 1 },
    ]);
    await network.destroy();
  });
});

describeWith(HYPERVISOR_NEEDS, 'a hostdev network on a host without virtual functions', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const hint = expect.stringContaining('a hostdev network needs a card with virtual functions');

  it('by physical function is defined, described and undefined, and refused when it is started', async () => {
    const document = build.network.hostdev({ name: 'sriov', pf: 'phys0', driver: 'vfio', vlan: 42 });
    const network = await connection.networks.define(document, { validate: true });
    expect(lost(document, await network.describe())).toEqual([]);
    expect(diff(document, await network.describe(), { ignore: 'filled-in' })).toEqual([]);
    await expect(network.start()).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      function: 'virNetworkCreate',
      object: "network 'sriov'",
      message: expect.stringContaining("No usable Vf's present on SRIOV PF phys0"),
      hint,
    });
    expect(await network.isActive()).toBe(false);
    await network.undefine();
    expect(await connection.networks.list()).toEqual([]);
  });

  it('by PCI addresses is refused when it is defined', async () => {
    const document = build.network.hostdev({ name: 'sriov', addresses: ['ffff:03:10.1', 'ffff:03:10.3'] });
    await expect(connection.networks.define(document)).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining('is not an SR-IOV Virtual Function'),
      hint,
    });
    expect(await connection.networks.list()).toEqual([]);
  });
});
