// How NICs are named, where what runs and the configuration have different ones, and where two have one MAC address.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const BOTH = '52:54:00:00:00:01';
const LIVE = '52:54:00:00:00:02';
const CONFIG = '52:54:00:00:00:03';
const TWIN = '52:54:00:00:00:07';

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'the name of a NIC', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const lan = (mac: string) => build.nic.network({ network: 'lan', mac });
  const interfaces = async (name: string, ...options: string[]) =>
    [...(await lab.must('virsh', 'dumpxml', name, ...options)).matchAll(/<interface .*?<\/interface>/gs)].map(
      ([xml]) => xml,
    );

  it('that one half does not have is said with those that it has, and that the other has it', async () => {
    const domain = await connection.domains.define(emptyGuest('halves', [lan(BOTH)]));
    await domain.start();
    const live = await domain.nics.attach(lan(LIVE), { config: false });
    await domain.nics.attach(lan(CONFIG), { live: false });
    const [{ alias, target } = {}] = await domain.nics.list();
    const runs = `in what runs it has ${BOTH} ${alias} ${target}; ${LIVE} ${live.alias} ${live.target}, and takes`;
    const kept = `in the configuration it has ${BOTH} 0000:00:02.0; ${CONFIG} 0000:00:03.0, and takes`;
    const down = { link: 'down' } as const;
    const inConfig = `there is none of that name in the configuration (it is in what runs only; ${kept}`;
    for (const affect of [{ live: false }, { config: true }, { live: true, config: true }]) {
      await expect(domain.nics.update(LIVE, down, affect)).rejects.toThrow(inConfig);
      await expect(domain.nics.detach(live.alias ?? '', affect)).rejects.toThrow(inConfig);
    }
    for (const affect of [{ config: false }, { live: true }])
      await expect(domain.nics.update(CONFIG, down, affect)).rejects.toThrow(
        `there is none of that name in what runs (it is in the configuration only; ${runs}`,
      );
    await expect(domain.nics.update(TWIN, down)).rejects.toMatchObject({
      hint: `it has ${BOTH} ${alias} ${target}; ${LIVE} ${live.alias} ${live.target}; ${CONFIG} 0000:00:03.0, and takes the MAC address, the alias, the target or the PCI address`,
    });
    await expect(domain.nics.update(BOTH, down, { live: false, config: false })).rejects.toThrow(RangeError);
    expect((await domain.nics.list()).map(({ link }) => link)).toEqual(['up', 'up']);
    await domain.destroy();
    await domain.undefine();
  });

  it('is a place on PCI where there are two of one MAC address', async () => {
    const domain = await connection.domains.define(emptyGuest('twins', [lan(TWIN), lan(TWIN)]));
    const nics = await domain.nics.list();
    expect(nics.map(({ pciAddress }) => pciAddress)).toEqual(['0000:00:02.0', '0000:00:03.0']);
    await expect(domain.nics.detach(TWIN)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      hint: `name it by its alias, its target or its PCI address: ${TWIN} 0000:00:02.0; ${TWIN} 0000:00:03.0`,
    });
    await domain.nics.update('0000:00:03.0', { link: 'down', bandwidth: { inbound: { average: 100 } } });
    const [first, second] = await interfaces('twins');
    expect([first, second].map((xml) => xml?.includes("<link state='down'/>"))).toEqual([false, true]);
    // libvirt would read and limit the first of the two.
    for (const call of [
      () => domain.nics.setBandwidth('00:03.0', '10mbit'),
      () => domain.nics.bandwidth('00:03.0'),
    ])
      await expect(call()).rejects.toMatchObject({
        code: 'OPERATION_UNSUPPORTED',
        hint: expect.stringContaining('update() with { bandwidth }'),
      });
    expect(await interfaces('twins')).toEqual([first, second]);

    // Not every host can shape traffic.
    await domain.nics.update('0000:00:03.0', { bandwidth: undefined });
    await domain.start();
    // In both halves, by what only one of them has.
    await domain.nics.update('net0', { link: 'down' });
    await domain.nics.update('net1', { link: 'up' });
    expect((await interfaces('twins')).map((xml) => /link state='(\w+)'/.exec(xml)?.[1])).toEqual([
      'down',
      'up',
    ]);
    expect(
      (await interfaces('twins', '--inactive')).map((xml) => /link state='(\w+)'/.exec(xml)?.[1]),
    ).toEqual(['down', 'up']);
    await domain.nics.detach('0000:00:02.0', { live: false });
    expect(await interfaces('twins', '--inactive')).toEqual([expect.stringContaining("slot='0x03'")]);
    await expect(domain.nics.update('net0', { link: 'up' }, { live: false })).rejects.toThrow(
      `in the configuration it has ${TWIN} 0000:00:03.0`,
    );
    await expect(domain.nics.detach('0000:00:09.0')).rejects.toMatchObject({ code: 'DEVICE_MISSING' });
    await domain.destroy();
    await domain.undefine();
  });
});
