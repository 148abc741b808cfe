// Networks bridged to physical NICs: directly, by a VLAN, by a bond, by a VLAN of a bond.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Domain } from '../../lib/index.js';
import { Talk } from '../host/talk.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { FAR, NEAR, startCaller, startVmHost, VM_NEEDS, type VmHost } from './host.js';
import { Listener } from './listener.js';

/** An emulated link takes some seconds to come up. */
const LINK_MS = 30_000;

const GUEST_MAC = '52:54:00:cc:00:01';

describeWith(VM_NEEDS, 'a network bridged', () => {
  let vm: VmHost;
  /** One for all networks, that its NIC goes to in turn: to start another takes libvirt ten seconds in here. */
  let guest: Domain | undefined;
  beforeAll(async () => {
    vm = await startVmHost();
    // What is beyond: a switch, and VLAN 123 of it.
    await vm.far.links.create({ kind: 'bridge', name: 'switch', up: true });
    await vm.far.links.create({
      kind: 'vlan',
      name: 'switch.123',
      link: 'switch',
      options: { id: 123 },
      up: true,
    });
    for (const nic of FAR) await vm.far.links.set(nic, { master: 'switch' });
  });
  afterAll(() => vm?.[Symbol.asyncDispose]());

  /** Puts the guest on this network, and lets it call from its start. */
  async function callOn(network: string): Promise<string> {
    if (guest === undefined)
      guest = await startCaller(vm.connection, 'caller', build.nic.network({ network, mac: GUEST_MAC }));
    else await guest.nics.update(GUEST_MAC, { source: { network } });
    const [{ target = '' } = {}] = await guest.nics.list();
    expect(await vm.near.links.get(target)).toMatchObject({ kind: 'tun', master: 'br0' });
    return await hearCall(guest);
  }

  /** Where the guest is heard after its firmware has begun anew. */
  async function hearCall(caller: Domain): Promise<string> {
    await using listener = await Listener.start(vm.beyond, 'switch', 'switch.123');
    await caller.reset();
    return await listener.hears(GUEST_MAC);
  }

  /** Puts a bridge with a network on a device; gives where a guest of it is heard, and where after a change. */
  async function callBy(port: string, change?: () => Promise<void>): Promise<string[]> {
    const name = port.replace('.', '-');
    await vm.near.links.create({ kind: 'bridge', name: 'br0', up: true });
    await vm.near.links.set(port, { master: 'br0', up: true });
    const network = await vm.connection.networks.create(build.network.bridged({ name, bridge: 'br0' }));
    try {
      const heard = [await callOn(name)];
      if (change !== undefined && guest !== undefined) {
        await change();
        heard.push(await hearCall(guest));
      }
      return heard;
    } finally {
      await network.destroy();
      await vm.near.links.delete('br0');
    }
  }

  async function makeBond(): Promise<void> {
    const options = { mode: 'active-backup', miimon: 100, primary: 'eth0' } as const;
    await vm.near.links.create({ kind: 'bond', name: 'bond0', options });
    for (const nic of NEAR) {
      await vm.near.links.down(nic); // a bond takes no link that is up
      await vm.near.links.set(nic, { master: 'bond0' });
    }
    await vm.near.links.up('bond0');
    await until('the bond uses it', async () => (await activeMember()) === 'eth0', LINK_MS);
  }

  async function activeMember(): Promise<string | undefined> {
    const bond = await vm.near.links.get('bond0');
    return bond.kind === 'bond' ? (bond.options.activeMember ?? undefined) : undefined;
  }

  async function makeVlan(link: string): Promise<void> {
    await vm.near.links.create({ kind: 'vlan', name: `${link}.123`, link, options: { id: 123 } });
  }

  it('to a NIC sends the frames of guests as they are', async () => {
    expect(await callBy('eth0')).toEqual(['switch']);
  });

  it('to a VLAN of a NIC sends them with its tag', async () => {
    await makeVlan('eth0');
    expect(await callBy('eth0.123')).toEqual(['switch.123']);
    await vm.near.links.delete('eth0.123');
  });

  it('to a bond goes on by the second NIC when the first one fails', async () => {
    await makeBond();
    const fail = async () => {
      await vm.near.links.down('eth0');
      await until('the bond has noticed', async () => (await activeMember()) === 'eth1', LINK_MS);
    };
    expect(await callBy('bond0', fail)).toEqual(['switch', 'switch']);
    await vm.near.links.delete('bond0');
  });

  it('to a VLAN of a bond sends them with its tag', async () => {
    await makeBond();
    await makeVlan('bond0');
    expect(await callBy('bond0.123')).toEqual(['switch.123']);
    await vm.near.links.delete('bond0');
  });

  /** Takes a device over that carries a connection, and has `giveBack` give it back. */
  async function takeOver(nic: string, far: string, giveBack: () => Promise<void>): Promise<void> {
    const { lab, near, beyond } = vm;
    const ip = (where: typeof beyond, command: string) => where.must('ip', ...command.split(' '));
    const having = async (device: string) => {
      const routes = await near.routes.list({ device, family: 'ipv4' });
      const addresses = await near.addresses.list({ link: device, family: 'ipv4' });
      return JSON.stringify([addresses, routes]).replaceAll(`"${device}"`, '"NIC"');
    };
    const vlan = `${nic}.77`;
    await near.links.up(nic);
    await near.links.create({ kind: 'vlan', name: vlan, link: nic, options: { id: 77 }, up: true });
    await ip(lab.inside, `address add 10.123.0.1/24 dev ${nic}`);
    await ip(lab.inside, `address add 10.77.0.1/24 dev ${vlan}`);
    await ip(beyond, `address add 10.123.0.2/24 dev ${far}`);
    await ip(lab.inside, 'route add default via 10.123.0.2 metric 7');
    try {
      await using talk = await Talk.start(lab.inside, '10.123.0.1', beyond);
      await talk.goesOn(10);
      const before = await having(nic);
      const bridge = await near.bridges.takeOver('br0', nic);
      expect(bridge).toMatchObject({ up: true, mac: (await near.links.get(nic)).mac });
      expect(await having('br0')).toBe(before);
      await talk.goesOn(10);
      expect(await near.addresses.list({ link: vlan, family: 'ipv4' })).toMatchObject([
        { cidr: '10.77.0.1/24' },
      ]);
      await giveBack();
      expect(await near.links.find('br0')).toBeUndefined();
      expect(await having(nic)).toBe(before);
      await talk.goesOn(10);
    } finally {
      await near.links.delete(vlan);
      await near.addresses.flush(nic);
      await ip(beyond, `address del 10.123.0.2/24 dev ${far}`);
    }
  }

  it('takes a NIC over with its connections, and gives it back', async () => {
    await takeOver('eth0', 'switch', async () => {
      const over = build.network.bridged({ name: 'over', bridge: 'br0' });
      const network = await vm.connection.networks.create(over);
      expect(await callOn('over')).toBe('switch');
      await network.destroy();
      await expect(vm.near.bridges.giveBack('br0', 'eth0')).rejects.toMatchObject({ code: 'EBUSY' });
      await vm.near.bridges.giveBack('br0', 'eth0', { force: true }); // the guest stays without a bridge
    });
  });

  it('takes a VLAN over', async () => {
    await makeVlan('eth0');
    await takeOver('eth0.123', 'switch.123', () => vm.near.bridges.giveBack('br0', 'eth0.123'));
    await vm.near.links.delete('eth0.123');
  });

  it('takes a bond over, but none of its members', async () => {
    await makeBond();
    await expect(vm.near.bridges.takeOver('br0', 'eth0')).rejects.toMatchObject({
      code: 'EBUSY',
      detail: "it is in 'bond0' already",
    });
    await takeOver('bond0', 'switch', () => vm.near.bridges.giveBack('br0', 'bond0'));
    await vm.near.links.delete('bond0');
    for (const nic of NEAR) await vm.near.links.up(nic);
  });

  it('to what stands on a bond cannot be built from a NIC that is up, or one that is not there', async () => {
    await vm.near.links.create({ kind: 'bond', name: 'bond1', options: { mode: 'active-backup' } });
    await vm.near.links.create({ kind: 'dummy', name: 'busy', up: true });
    await expect(vm.near.links.set('busy', { master: 'bond1' })).rejects.toMatchObject({
      name: 'KernelError',
      code: 'EPERM',
      message: expect.stringMatching(/'busy'.* while up/),
    });
    await expect(vm.near.links.set('eth9', { master: 'bond1' })).rejects.toMatchObject({ code: 'ENODEV' });
    expect((await vm.near.links.get('busy')).master).toBeUndefined();
    await expect(
      vm.near.links.create({ kind: 'vlan', name: 'busy.4095', link: 'busy', options: { id: 4095 } }),
    ).rejects.toThrow(/options\.id: 4095/);
    expect(await vm.near.links.find('busy.4095')).toBeUndefined();
  });
});
