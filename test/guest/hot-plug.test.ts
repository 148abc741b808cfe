// NICs that come and go while a guest runs, as the guest, the host and the events tell it; and the addresses that it gets.

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type Domain,
  type DomainInterfaceDocument,
} from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, OVS_BRIDGE } from '../lab/libvirtd.js';
import { take } from '../lab/take.js';
import { address, GUEST_NEEDS, startHost } from './host.js';

const DHCP = 'udhcpc -i eth0 -n -q -t 10 -T 1 -s /etc/udhcpc.script';

/** Every type that a guest can take here, and what `nics.list()` says of it. */
const TYPES: readonly [string, DomainInterfaceDocument, object][] = [
  ['a network', build.nic.network({ network: 'lan' }), { type: 'network', source: 'lan', network: 'lan' }],
  [
    'a macvtap network',
    build.nic.network({ network: 'shared' }),
    { type: 'direct', source: 'phys1', network: 'shared', target: expect.stringMatching(/^macvtap/) },
  ],
  [
    'a port group of an Open vSwitch network',
    build.nic.network({ network: 'switched', portGroup: 'red' }),
    { type: 'bridge', source: OVS_BRIDGE, network: 'switched', portGroup: 'red' },
  ],
  ['a bridge', build.nic.bridge({ bridge: HOST_BRIDGE }), { type: 'bridge', source: HOST_BRIDGE }],
  ['a macvtap', build.nic.direct({ dev: 'phys2', mode: 'bridge' }), { type: 'direct', source: 'phys2' }],
  ['a tap of nobody', build.nic.ethernet({}), { type: 'ethernet', target: expect.stringMatching(/^vnet/) }],
  ['SLIRP', build.nic.user({}), { type: 'user', target: undefined }],
];

describeWith([...GUEST_NEEDS, 'openvswitch', 'passt'], 'a guest that runs', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let guest: Guest;
  let domain: Domain;
  beforeAll(async () => {
    lab = await startHost({ openvswitch: true });
    connection = await connect(lab.uri);
    const { isolated, macvtap, openvswitch } = build.network;
    await connection.networks.create(
      isolated({
        name: 'lan',
        bridge: { name: 'lan', stp: false },
        dnsmasqOptions: ['no-ping'],
        ip: { cidr: '10.61.1.1/24', dhcp: true },
      }),
    );
    await connection.networks.create(macvtap({ name: 'shared', mode: 'bridge', dev: 'phys1' }));
    await connection.networks.create(
      openvswitch({ name: 'switched', bridge: OVS_BRIDGE, portGroups: [{ name: 'red', vlan: 10 }] }),
    );
    guest = await startGuest(lab, { name: 'ada', agent: true, spareSlots: 2 });
    domain = await connection.domains.get('ada');
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const inGuest = async () =>
    (await guest.must('ls /sys/class/net')).split(/\s+/).filter((name) => name.startsWith('eth'));

  it.each(TYPES)('takes a NIC on %s, has its link pulled, and lets go of it', async (_, document, listed) => {
    await using removed = connection.events.watch('deviceRemoved');
    await removed.ready;
    const nic = await domain.nics.attach({ ...document, model: { type: 'virtio' } });
    expect(nic).toMatchObject({
      ...listed,
      model: 'virtio',
      link: 'up',
      alias: expect.stringMatching(/^net\d+$/),
    });
    const name = (
      await guest.must(
        `until n=$(grep -l ${nic.mac} /sys/class/net/*/address); do usleep 20000; done; basename $(dirname $n)`,
      )
    ).trim();
    await guest.must(
      `ip link set ${name} up; until [ "$(cat /sys/class/net/${name}/carrier)" = 1 ]; do usleep 20000; done`,
    );
    await domain.nics.update(nic.mac, { link: { state: 'down' } });
    expect(await domain.nics.list()).toMatchObject([{ ...listed, link: 'down' }]);
    await guest.must(`until [ "$(cat /sys/class/net/${name}/carrier)" = 0 ]; do usleep 20000; done`);
    await domain.nics.update(nic.mac, { link: undefined });
    await guest.must(`until [ "$(cat /sys/class/net/${name}/carrier)" = 1 ]; do usleep 20000; done`);
    await domain.nics.detach(nic.mac);
    expect(await domain.nics.list()).toEqual([]);
    expect(await inGuest()).toEqual([]);
    expect(await take(removed, 1)).toMatchObject([{ alias: nic.alias }]);
  });

  it('takes a NIC on passt where libvirt has that, and lets go of it; or is told that it has not', async () => {
    // passt shows its guest the connection of a device that leads out of the host.
    await lab.must('ip', 'address', 'add', '10.62.1.1/24', 'dev', 'phys3');
    await lab.must('ip', 'route', 'add', 'default', 'via', '10.62.1.254', 'dev', 'phys3');
    const passt = build.nic.passt({
      model: 'virtio',
      dev: 'phys3',
      portForwards: [{ protocol: 'tcp', host: 8080, guest: 80 }],
    });
    if (Number.parseInt(await lab.release(), 10) < 10) {
      const hint = expect.stringContaining('built without passt');
      await expect(domain.nics.attach(passt)).rejects.toMatchObject({ hint, done: [] });
      return;
    }
    await expect(domain.nics.attach({ ...passt, source: { dev: HOST_BRIDGE } })).rejects.toMatchObject({
      hint: expect.stringContaining('a default route'),
      done: [],
    });
    await expect(domain.nics.attach(passt)).rejects.toMatchObject({
      hint: expect.stringContaining('passt never runs as root'),
      done: [],
    });
    // As root, which QEMU is here, it becomes nobody.
    await lab.must('chown', 'nobody', '/run/libvirt/qemu/passt');
    const nic = await domain.nics.attach(passt);
    expect(await domain.nics.list()).toMatchObject([{ type: 'user', source: 'phys3', backend: 'passt' }]);
    await guest.must(`until ip link set eth0 up; do usleep 20000; done; ${DHCP}`);
    await guest.must('mkdir /www; echo "from ada" >/www/index.html; httpd -h /www');
    expect(await lab.must('busybox', 'wget', '-q', '-O', '-', 'http://10.62.1.1:8080/')).toBe('from ada\n');
    await domain.nics.detach(nic.mac);
    expect(await domain.nics.list()).toEqual([]);
    expect(await inGuest()).toEqual([]);
  });

  it('loses its traffic with its link, and has it back', async () => {
    const { mac, target } = await domain.nics.attach(build.nic.network({ network: 'lan', model: 'virtio' }));
    await guest.must('until ip link set eth0 up; do usleep 20000; done');
    await address(guest, 'eth0', '10.61.1.201/24');
    expect(await guest.reaches('10.61.1.1')).toBe(true);
    const before = await domain.nics.stats(mac);
    await domain.nics.update(mac, { link: { state: 'down' } });
    expect(await guest.reaches('10.61.1.1')).toBe(false);
    await domain.nics.update(mac, { link: { state: 'up' } });
    expect(await guest.reaches('10.61.1.1')).toBe(true);
    const after = await domain.nics.stats(target ?? '');
    expect(after.sent.packets).toBeGreaterThan(before.sent.packets ?? 0n);
    await domain.nics.detach(mac);
  });

  it('is waited for until its agent knows an address, or its network has leased one', async () => {
    const { mac } = await domain.nics.attach(build.nic.network({ network: 'lan', model: 'virtio' }));
    await expect(domain.waitForAddress({ sources: [] })).rejects.toThrow('sources: empty');
    await expect(domain.waitForAddress({ timeout: 2000 })).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      message: expect.stringMatching(
        new RegExp(`within 2 s: agent: .+; lease: none for ${mac} on 'lan'; arp: .+`),
      ),
    });
    const waiting = domain.waitForAddress({ mac, family: 'ipv4', sources: ['lease'] });
    await guest.must(`until ip link set eth0 up; do usleep 20000; done; ${DHCP}`);
    const lease = await waiting;
    expect(lease).toEqual({
      address: expect.stringMatching(/^10\.61\.1\.\d+$/),
      family: 'ipv4',
      prefix: 24,
      mac,
      source: 'lease',
    });
    const agent = await domain.waitForAddress({ family: 'ipv4', sources: ['agent'] });
    expect(agent).toEqual({ ...lease, source: 'agent' });
    expect(await domain.addresses({ family: 'ipv4' })).toEqual(expect.arrayContaining([lease, agent]));
    expect(await domain.addresses({ sources: ['agent'], local: true })).toContainEqual(agent);
    // A lease outlasts the cable, and so it does the guest: nobody is reached by it then.
    await domain.nics.update(mac, { link: 'down' });
    expect(await domain.addresses({ sources: ['lease'] })).toEqual([lease]);
    await expect(domain.waitForAddress({ timeout: 500 })).rejects.toThrow(
      `agent: the cable is out of ${mac}; lease: the cable is out of ${mac}; arp: the cable is out of ${mac}`,
    );
    const again = domain.waitForAddress({ sources: ['lease'] });
    await domain.nics.update(mac, { link: 'up' });
    expect(await again).toEqual(lease);
    await domain.nics.detach(mac);
  });

  it('tells its name and its system by the agent', async () => {
    await guest.must('hostname ada.example');
    expect(await domain.hostname({ source: 'agent' })).toBe('ada.example');
    const info = await domain.guestInfo({ hostname: true, interfaces: true });
    expect(info).toMatchObject({ hostname: 'ada.example', 'if.count': expect.any(Number) });
  });

  it('ends the wait when it stops', async () => {
    const waiting = domain.waitForAddress({ family: 'ipv4' });
    const rejected = expect(waiting).rejects.toMatchObject({
      code: expect.stringMatching(/^(OPERATION_INVALID|NO_DOMAIN)$/),
    });
    await domain.destroy();
    await rejected;
  });
});
