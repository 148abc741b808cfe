// NICs that a switch serves through the guest's memory: an Open vSwitch with DPDK, in both directions of who connects.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain } from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import { type Libvirtd, OVS_BRIDGE } from '../lab/libvirtd.js';
import { address, GUEST_NEEDS, nicByMac, startHost, unplugged } from './host.js';

const HOST = '10.65.0.1';
const GUEST = '10.65.0.2';

describeWith(
  [...GUEST_NEEDS, 'openvswitch', 'Open vSwitch with DPDK'],
  'a guest that runs beside a vhost-user switch',
  () => {
    let lab: Libvirtd;
    let connection: Connection;
    let guest: Guest;
    let domain: Domain;
    beforeAll(async () => {
      lab = await startHost({ openvswitch: 'dpdk' });
      await lab.must('ip', 'address', 'add', `${HOST}/24`, 'dev', OVS_BRIDGE);
      connection = await connect(lab.uri);
      guest = await startGuest(lab, { name: 'ada', sharedMemory: true, spareSlots: 2 });
      domain = await connection.domains.get('ada');
    });
    afterAll(async () => {
      await connection?.close();
      await lab?.stop();
    });

    it.each([
      ['connects to the switch', 'client', 'dpdkvhostuser', '/run/openvswitch/client0', []],
      [
        'waits for the switch',
        'server',
        'dpdkvhostuserclient',
        '/run/server0.sock',
        ['options:vhost-server-path=/run/server0.sock'],
      ],
    ] as const)('takes a NIC for which QEMU %s, and lets go of it', async (_, mode, type, path, options) => {
      const port = `${mode}0`;
      const setPort = ['--', 'set', 'interface', port, `type=${type}`, ...options];
      await lab.must('ovs-vsctl', 'add-port', OVS_BRIDGE, port, ...setPort);
      const nic = await domain.nics.attach(
        build.nic.vhostUser(mode === 'client' ? { path, mode } : { path, mode }),
      );
      expect(nic).toMatchObject({
        type: 'vhostuser',
        source: path,
        model: 'virtio',
        target: port,
        link: 'up',
        alias: 'net0',
      });
      expect(await domain.nics.list()).toEqual([nic]);
      const name = await nicByMac(guest, nic.mac);
      await guest.must(`ip link set ${name} up`);
      await address(guest, name, `${GUEST}/24`);
      expect(await guest.reaches(HOST)).toBe(true);
      // What libvirt cannot change of it while the guest runs, and changes not at all.
      await expect(domain.nics.update(nic.mac, { link: { state: 'down' } })).rejects.toMatchObject({
        code: 'OPERATION_UNSUPPORTED',
        hint: expect.stringContaining('detach()'),
        done: [],
      });
      expect(await domain.nics.list()).toEqual([nic]);
      expect(await guest.reaches(HOST)).toBe(true);

      await domain.nics.detach(port);
      expect(await domain.nics.list()).toEqual([]);
      await unplugged(guest);
    });

    it('is refused a NIC whose switch is not there, and keeps nothing of it', async () => {
      const nic = build.nic.vhostUser({ path: '/run/nobody.sock', mode: 'client' });
      await expect(domain.nics.attach(nic)).rejects.toMatchObject({
        message: expect.stringContaining('/run/nobody.sock'),
        done: [],
      });
      expect(await domain.nics.list()).toEqual([]);
    });
  },
);
