// Virtual functions of a NIC by virtnet/host: what the kernel makes of it, read back with ip.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { host } from '../../lib/host/index.js';
import { Talk } from '../host/talk.js';
import { runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { type Namespaces, startNamespaces } from '../lab/namespaces.js';
import { until } from '../lab/until.js';
import { SRIOV_NICS, VM_NEEDS } from './host.js';

const [PF, OTHER] = SRIOV_NICS;
const NO_MAC = '00:00:00:00:00:00';
const MACS = ['52:54:00:12:34:50', '52:54:00:12:34:51', '52:54:00:12:34:52'] as const;

/** What `ip -j link` says of a virtual function. */
interface VfInfo {
  address: string;
  vlan_list: { vlan?: number; qos?: number; protocol?: string }[];
  rate?: { max_tx: number };
  spoofchk: boolean;
  trust: boolean;
}

describeWith([...VM_NEEDS, 'SR-IOV'], 'the virtual functions of a NIC', () => {
  let elsewhere: Namespaces;
  const functions = host.virtualFunctions;
  beforeAll(async () => {
    for (const nic of SRIOV_NICS)
      await until(`${nic} is here`, async () => (await host.links.find(nic)) !== undefined);
    elsewhere = await startNamespaces([], { ofMachine: true });
  });
  afterAll(async () => {
    await functions.remove(PF);
    await elsewhere?.stop();
  });

  async function vfinfo(): Promise<VfInfo[]> {
    const command = ['-j', '-d', 'link', 'show', PF] as const;
    const [link] = await elsewhere.runJson<{ vfinfo_list: VfInfo[] }[]>('ip', ...command);
    return link?.vfinfo_list ?? [];
  }

  it('are as many as the card can have, or none', async () => {
    expect(await functions.capacity(PF)).toMatchObject({ total: 7, count: 0 });
    expect(await functions.list(PF)).toEqual([]);
    for (const link of ['eth0', 'lo'])
      expect(await functions.capacity(link)).toEqual({ total: 0, count: 0, probe: false });
    await expect(functions.capacity('eth99')).rejects.toMatchObject({ code: 'ENODEV', device: 'eth99' });
  });

  it('are made, each a device of its own without a driver where they are for guests', async () => {
    const made = await functions.create(PF, 3, { probe: false });
    expect(await functions.capacity(PF)).toEqual({ total: 7, count: 3, probe: false });
    expect(made).toEqual(await functions.list(PF));
    expect(made).toEqual(
      [0, 1, 2].map((index) => ({
        index,
        mac: NO_MAC,
        vlan: null,
        spoofCheck: true,
        trust: false,
        linkState: 'auto',
        minTxRate: 0,
        maxTxRate: 0,
        device: expect.stringMatching(/^0000:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/),
      })),
    );
    expect(new Set(made.map(({ device }) => device)).size).toBe(3);
    const [counted] = await functions.list(PF, { statistics: true });
    expect(counted?.statistics).toMatchObject({ rxPackets: 0n, txDropped: 0n });
    expect(await vfinfo()).toMatchObject(MACS.map(() => ({ address: NO_MAC, spoofchk: true })));
  });

  it('are not made in another number while there are some, nor more than the card can have', async () => {
    expect(await functions.create(PF, 3)).toHaveLength(3);
    await expect(functions.create(PF, 2)).rejects.toMatchObject({
      name: 'KernelError',
      code: 'EBUSY',
      device: PF,
      message: `cannot create the virtual functions of '${PF}': Device or resource busy: it has 3 already (EBUSY, sriov_numvfs); remove them first: host.virtualFunctions.remove`,
    });
    await expect(functions.create(OTHER, 8)).rejects.toMatchObject({
      code: 'ERANGE',
      device: OTHER,
      detail: 'it can have 7 and not 8',
      hint: expect.stringContaining('capacity'),
    });
    await expect(functions.create(OTHER, 0)).rejects.toThrow(/: count: 0 is not a whole number from 1/);
    await expect(functions.create('eth0', 1)).rejects.toMatchObject({
      code: 'EOPNOTSUPP',
      detail: expect.stringMatching(/^the device 0000:.* has no SR-IOV$/),
      hint: expect.stringContaining('lspci'),
    });
    await expect(functions.create('lo', 1)).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
    expect(await functions.capacity(OTHER)).toEqual({ total: 7, count: 0, probe: true });
    expect(await functions.list(PF)).toHaveLength(3);
  });

  it('are told their MAC address, VLAN and rights', async () => {
    await host.links.up(PF);
    for (const [index, mac] of MACS.entries()) await functions.set(PF, index, { mac });
    await functions.set(PF, 0, { vlan: 42 });
    await functions.set(PF, 1, { vlan: { id: 43, qos: 3 }, spoofCheck: false, trust: true });
    expect(await vfinfo()).toMatchObject([
      { address: MACS[0], vlan_list: [{ vlan: 42 }], spoofchk: true, trust: false },
      { address: MACS[1], vlan_list: [{ vlan: 43, qos: 3 }], spoofchk: false, trust: true },
      { address: MACS[2] },
    ]);
    expect(await functions.list(PF)).toMatchObject([
      { mac: MACS[0], vlan: { id: 42, qos: 0, protocol: '802.1Q' } },
      { mac: MACS[1], vlan: { id: 43, qos: 3, protocol: '802.1Q' }, spoofCheck: false, trust: true },
      { mac: MACS[2], vlan: null },
    ]);
    await functions.set(PF, 1, { vlan: null, spoofCheck: true, trust: false });
    await functions.set(PF, 2, { mac: NO_MAC });
    expect(await functions.get(PF, 1)).toMatchObject({ vlan: null, spoofCheck: true, trust: false });
    expect(await functions.get(PF, 2)).toMatchObject({ mac: NO_MAC });
  });

  it('are as before when their driver refuses a part', async () => {
    const before = await functions.list(PF);
    const change = { mac: '52:54:00:99:99:99', vlan: 99, linkState: 'disable' } as const;
    await expect(functions.set(PF, 0, change)).rejects.toMatchObject({
      code: 'EOPNOTSUPP',
      object: `virtual function 0 of '${PF}'`,
      device: PF,
      call: 'RTM_NEWLINK',
      hint: expect.stringContaining("card's driver"),
    });
    expect(await functions.list(PF)).toEqual(before);
  });

  it('are changed in a transaction with other things, or not at all', async () => {
    const before = await functions.list(PF);
    const failing = host.transaction((tx) => {
      tx.links.create({ kind: 'dummy', name: 'beside' });
      tx.virtualFunctions.set(PF, 1, { vlan: 77, mac: '52:54:00:99:99:99' });
      tx.addresses.add('beside', '10.93.0.1/24');
      tx.addresses.add('beside', '10.93.0.1/24');
    });
    await expect(failing).rejects.toMatchObject({ code: 'EEXIST', position: 3 });
    expect(await functions.list(PF)).toEqual(before);
    expect(await host.links.find('beside')).toBeUndefined();
  });

  it('are refused a VLAN that is none, and there is no function but those', async () => {
    await expect(functions.set(PF, 0, { vlan: 4095 })).rejects.toMatchObject({
      code: 'ERANGE',
      call: 'RTM_NEWLINK',
      device: PF,
      detail: 'vlan: 4095 is not a whole number from 1 to 4094',
    });
    await expect(functions.set(PF, 0, { minTxRate: 10 })).rejects.toThrow(/^maxTxRate: missing/);
    await expect(functions.set(PF, 0, {})).rejects.toThrow(TypeError);
    for (const asking of [functions.set(PF, 3, { vlan: 7 }), functions.get(PF, 3)])
      await expect(asking).rejects.toMatchObject({
        code: 'ENODEV',
        object: `virtual function 3 of '${PF}'`,
        detail: 'it has 3, from 0 to 2',
        hint: expect.stringContaining('host.virtualFunctions.list'),
      });
    await expect(functions.set('lo', 0, { vlan: 7 })).rejects.toMatchObject({ detail: 'it has none' });
  });

  it('are found and removed in another network namespace, whose names /sys does not have here', async () => {
    await using beyond = await startNamespaces([]);
    const netns = `/proc/${beyond.holderPid}/ns/net`;
    const devices = (await functions.list(PF)).map(({ device }) => device);
    await host.links.set(PF, { netns, name: 'uplink' });
    await using there = host.in(netns);
    expect((await there.virtualFunctions.list('uplink')).map(({ device }) => device)).toEqual(devices);
    await there.virtualFunctions.remove('uplink');
    expect(await there.virtualFunctions.capacity('uplink')).toMatchObject({ total: 7, count: 0 });
    await there.virtualFunctions.remove('uplink'); // there are none: nothing to do
    await there.links.set('uplink', { netns: '/proc/self/ns/net', name: PF });
    expect(await functions.list(PF)).toEqual([]);
  });

  it('carry a connection over the wire, from their MAC address and in their VLAN', async () => {
    await host.links.up(PF); // else the driver of its functions does not reach it
    await elsewhere.must('modprobe', '--remove', 'igbvf'); // else it takes the function before that has its MAC address
    await functions.create(PF, 1, { probe: true });
    await functions.set(PF, 0, { mac: MACS[0], vlan: 42 });
    await elsewhere.must('modprobe', 'igbvf');
    const { device, driver } = await functions.get(PF, 0);
    expect(driver).toBe('igbvf');
    const ofFunction = (await host.links.list()).filter(({ parentDevice }) => parentDevice === device);
    expect(ofFunction).toMatchObject([{ mac: MACS[0] }]);
    const [{ name = '' } = {}] = ofFunction;
    {
      await using near = await startNamespaces([]);
      await using far = await startNamespaces([]);
      const ip = (where: Namespaces, command: string) => where.must('ip', ...command.split(' '));
      await host.links.set(name, { netns: `/proc/${near.holderPid}/ns/net` });
      await host.links.set(OTHER, { netns: `/proc/${far.holderPid}/ns/net` });
      await ip(near, `address add 10.94.0.1/24 dev ${name}`);
      await ip(near, `link set ${name} up`);
      await ip(far, `link add link ${OTHER} name tagged type vlan id 42`);
      await ip(far, 'address add 10.94.0.2/24 dev tagged');
      for (const link of [OTHER, 'tagged']) await ip(far, `link set ${link} up`);
      await using talk = await Talk.start(near, '10.94.0.1', far);
      await talk.goesOn(10);
      expect(await far.runJson('ip', '-j', 'neighbour', 'show', 'dev', 'tagged')).toMatchObject([
        { dst: '10.94.0.1', lladdr: MACS[0] },
      ]);
    }
    // NICs come back when the network that they were in has ended.
    await until(`${OTHER} is back`, async () => (await host.links.find(OTHER)) !== undefined);
    await functions.remove(PF);
  });

  it('are made, shown and removed by examples/virtual-functions.ts', async () => {
    const { stdout, stderr, code } = await runExample('examples/virtual-functions.ts', '--pf', PF);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^eth4 can have 7 virtual functions and has 0$/m);
    expect(stdout).toMatch(/^ *0 .*0000:.* 52:54:00:12:34:56 .* 42 /m);
    expect(stdout).toMatch(/<interface type='hostdev' managed='yes'>[\s\S]*they are gone\n$/);
    expect(await functions.capacity(PF)).toMatchObject({ count: 0 });
  });
});
