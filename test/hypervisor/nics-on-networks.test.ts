// NICs on networks that are more than a bridge of libvirt's: changed, and described as they run, they stay on them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type DomainInterfaceDocument,
  parseInterface,
  toXML,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, OVS_BRIDGE } from '../lab/libvirtd.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const NETWORKS = ['lan', 'office', 'uplink', 'campus'] as const;
const MACS = ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:00:00:00:03', '52:54:00:00:00:04'] as const;

describeWith([...HYPERVISOR_NEEDS, 'qemu', 'openvswitch'], 'a NIC on a network', () => {
  let lab: Libvirtd;
  let connection: Connection;
  /** Whether libvirt leaves a macvtap on its network that it is told of as it is: else that has one device here. */
  let keeps: boolean;
  beforeAll(async () => {
    lab = await startHost({ openvswitch: true });
    connection = await connect(lab.uri);
    keeps = (await lab.release()).startsWith('9.0.');
    const { bridged, isolated, macvtap, openvswitch } = build.network;
    for (const network of [
      isolated({ name: 'lan' }),
      bridged({ name: 'office', bridge: HOST_BRIDGE }),
      // The network gives each macvtap the device that has the fewest.
      macvtap({ name: 'uplink', mode: 'bridge', dev: keeps ? ['phys1', 'phys2'] : ['phys1'] }),
      openvswitch({ name: 'campus', bridge: OVS_BRIDGE, portGroups: [{ name: 'staff', vlan: 10 }] }),
    ])
      await connection.networks.create(network);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const nics = () =>
    NETWORKS.map((network, i) =>
      build.nic.network({ network, mac: MACS[i] ?? '', ...(network === 'campus' && { portGroup: 'staff' }) }),
    );

  /** What virsh says of the NICs: the networks that they are on, and their links. */
  const seen = async (name: string, ...options: string[]) => {
    const xml = await lab.must('virsh', 'dumpxml', name, ...options);
    return Array.from(xml.matchAll(/<interface .*?<\/interface>/gs), ([nic]) => [
      /<source [^>]*network='(\w+)'/.exec(nic)?.[1],
      /<link state='(\w+)'/.exec(nic)?.[1] ?? 'up',
    ]);
  };
  const all = (link: 'up' | 'down') => NETWORKS.map((network) => [network, link]);

  /** How many ports each network has. */
  const ports = async () => {
    const lists = NETWORKS.map((network) => lab.must('virsh', 'net-port-list', network));
    return (await Promise.all(lists)).map((list) => list.match(/[\da-f]{8}-[\da-f-]{27}/g)?.length ?? 0);
  };

  it('has its link set, by fields and by a function, and stays on the network', async () => {
    const domain = await connection.domains.define(emptyGuest('linked', nics()));
    await domain.start();
    for (const mac of MACS) await domain.nics.update(mac, { link: 'down' });
    expect(await seen('linked')).toEqual(all('down'));
    expect(await seen('linked', '--inactive')).toEqual(all('down'));
    for (const mac of MACS)
      await domain.nics.update(mac, (nic): DomainInterfaceDocument => ({ ...nic, link: { state: 'up' } }));
    expect(await seen('linked')).toEqual(all('up'));
    expect(await seen('linked', '--inactive')).toEqual(all('up'));
    expect(await ports()).toEqual([1, 1, 1, 1]);
    const filtered = (nic: DomainInterfaceDocument) => ({ ...nic, filterRef: { filter: 'clean-traffic' } });
    await domain.nics.update(MACS[1], filtered);
    expect(await seen('linked')).toEqual(all('up'));
    expect(await ports()).toEqual([1, 1, 1, 1]);
    // Another device of the network would have to be plugged in.
    if (keeps)
      await expect(domain.nics.update(MACS[2], { trustGuestRxFilters: true })).rejects.toMatchObject({
        code: 'OPERATION_UNSUPPORTED',
        hint: expect.stringContaining('no more than the link'),
        done: [],
      });
    await domain.destroy();
    await domain.undefine();
  });

  it('is on it again where it is attached or defined as it was described while it ran', async () => {
    const running = await connection.domains.create(emptyGuest('running', nics()));
    const other = await connection.domains.create(emptyGuest('other'));
    for (const { document } of await running.nics.list()) {
      const { address, alias, target, mac, ...copy } = document;
      const nic = await other.nics.attach(copy as DomainInterfaceDocument);
      // Also as text.
      const text = toXML({ ...copy, mac: { address: nic.mac.replace('52:54:00', '52:54:01') } } as never);
      await other.nics.attach(text);
    }
    expect(await seen('other')).toEqual(
      NETWORKS.flatMap((network) => [
        [network, 'up'],
        [network, 'up'],
      ]),
    );
    expect(await ports()).toEqual([3, 3, 3, 3]);
    await other.destroy();

    const described = await running.describe();
    await connection.domains.define(described);
    expect(await seen('running', '--inactive')).toEqual(all('up'));
    expect(await lab.must('virsh', 'dumpxml', '--inactive', 'running')).toContain("portgroup='staff'");
    await running.destroy();
    await (await connection.domains.get('running')).undefine();
    const again = await connection.domains.create(described);
    expect(await seen('running')).toEqual(all('up'));
    expect(await ports()).toEqual([1, 1, 1, 1]);
    await again.destroy();
  });

  it('is none where it is described without the network', async () => {
    const domain = await connection.domains.create(emptyGuest('plain'));
    const nic = parseInterface(`<interface type='bridge'><source bridge='${HOST_BRIDGE}'/></interface>`);
    expect(await domain.nics.attach(nic)).toMatchObject({
      type: 'bridge',
      source: HOST_BRIDGE,
      network: undefined,
    });
    await domain.destroy();
  });
});
