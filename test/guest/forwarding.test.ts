// Networks that libvirt makes a bridge for, as guests on them see the world, and as the world sees them.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { type Guest, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { until } from '../lab/until.js';
import { address, GUEST_NEEDS, Neighbour, startHost } from './host.js';

const SERVER = '203.0.113.9';
const HOST = '203.0.113.1';
const REFUSED = 'Connection refused'; // by an ICMP message of libvirt's rules
const SILENCE = 'Terminated'; // what waits in vain is ended
const OUTSIDE = '203.0.113.0/24';
/** A port without STP forwards at once, and a dnsmasq that does not look whether an address is taken answers at once. */
const quick = (bridge: string) => ({ bridge: { name: bridge, stp: false }, dnsmasqOptions: ['no-ping'] });

const { isolated, nat, routed, open } = build.network;
const NETWORKS = [
  isolated({ name: 'island', ...quick('vnisland'), ip: { cidr: '10.41.1.1/24', dhcp: true } }),
  nat({ name: 'lan', ...quick('vnlan'), ip: { cidr: '10.41.2.1/24', dhcp: true } }),
  routed({ name: 'dmz', ...quick('vndmz'), ip: '10.41.3.1/24' }),
  open({ name: 'ci', ...quick('vnci'), ip: '10.41.4.1/24' }),
];

describeWith(GUEST_NEEDS, 'guests of networks with a bridge of their own', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let outside: Neighbour;
  let ada: Guest;
  let bob: Guest;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await lab.must('ip', 'address', 'add', `${HOST}/24`, 'dev', 'phys0');
    outside = await Neighbour.start(lab, 'outside', 'peer0', `${SERVER}/24`);
    await outside.serve();
    for (const document of NETWORKS) await connection.networks.create(document);
    const nics = () => NETWORKS.map(({ name }) => build.nic.network({ network: name }));
    [ada, bob] = await Promise.all([
      startGuest(lab, { name: 'ada', nics: nics() }),
      startGuest(lab, { name: 'bob', nics: nics() }),
    ]);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  /** What the server says who is asking, when the guest goes there by this gateway, or why nobody answered. */
  async function seenBy(guest: Guest, gateway: string): Promise<string> {
    await guest.must(`ip route replace ${OUTSIDE} via ${gateway}`);
    const { stdout, stderr, code } = await guest.run(`timeout 3 wget -q -O - http://${SERVER}/`);
    await guest.must(`ip route del ${OUTSIDE}`);
    return code === 0 ? stdout : stderr;
  }

  it('reach each other and the host, and nothing else, on an isolated one', async () => {
    await address(ada, 'eth0', '10.41.1.201/24');
    await address(bob, 'eth0', '10.41.1.202/24');
    expect(await ada.reaches('10.41.1.202')).toBe(true);
    expect(await bob.reaches('10.41.1.201')).toBe(true);
    expect(await ada.reaches('10.41.1.1')).toBe(true);
    expect(await seenBy(ada, '10.41.1.1')).toContain(REFUSED);
  });

  it('get their addresses from a nat one, and reach the world under the address of the host', async () => {
    const dhcp = 'udhcpc -i eth1 -n -q -t 10 -T 1 -s /etc/udhcpc.script';
    expect((await ada.run(dhcp)).stderr).toMatch(/lease of 10\.41\.2\.\d+ obtained from 10\.41\.2\.1/);
    const lan = await connection.networks.get('lan');
    const mac = (await ada.must('cat /sys/class/net/eth1/address')).trim();
    await until('libvirt knows the lease', async () => (await lan.leases(mac)).length === 1);
    const [lease] = await lan.leases(mac);
    expect(await ada.must('ip address show dev eth1')).toContain(`inet ${lease?.address}/24`);
    expect(await ada.must('ip route show default')).toContain('via 10.41.2.1 dev eth1');

    expect(await seenBy(ada, '10.41.2.1')).toBe(HOST);
    await outside.must('ip', 'route', 'add', '10.41.2.0/24', 'via', HOST);
    expect(await outside.reaches(lease?.address ?? '')).toBe(false);
  });

  it('reach the world under their own addresses by a routed one, and are reached from there', async () => {
    await address(ada, 'eth2', '10.41.3.201/24');
    expect(await seenBy(ada, '10.41.3.1')).toContain(SILENCE); // nobody outside knows the way back
    await outside.must('ip', 'route', 'add', '10.41.3.0/24', 'via', HOST);
    expect(await seenBy(ada, '10.41.3.1')).toBe('10.41.3.201');
    await ada.must(`ip route add ${OUTSIDE} via 10.41.3.1`);
    expect(await outside.reaches('10.41.3.201')).toBe(true);
    await ada.must(`ip route del ${OUTSIDE}`);
  });

  it('are left to the firewall of the host by an open one', async () => {
    await address(ada, 'eth3', '10.41.4.201/24');
    await outside.must('ip', 'route', 'add', '10.41.4.0/24', 'via', HOST);
    const { iptables, ip6tables } = await lab.firewall();
    expect(iptables).toContain('vndmz');
    expect(iptables + ip6tables).not.toMatch(/vnci|10\.41\.4\./);
    expect(await seenBy(ada, '10.41.4.1')).toBe('10.41.4.201');

    await lab.must('iptables', '-I', 'FORWARD', '-i', 'vnci', '-j', 'DROP');
    expect(await seenBy(ada, '10.41.4.1')).toContain(SILENCE);
  });

  it('reach no guest of another network but by a route that is open', async () => {
    await address(bob, 'eth1', '10.41.2.202/24');
    await ada.must('ip route add 10.41.2.202 via 10.41.3.1');
    expect(await ada.reaches('10.41.2.202')).toBe(false);
  });
});
