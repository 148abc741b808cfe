// NICs whose cable is a socket of QEMU's. libvirt plugs none into a guest that runs, but changes them and takes them away.
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
import { HOST_BRIDGE, type Libvirtd } from '../lab/libvirtd.js';
import { address, GUEST_NEEDS, nicByMac, startHost } from './host.js';

const { multicast, tcpServer, tcpClient, udp } = build.nic;
const here = (port: number) => ({ address: '127.0.0.1', port });

/** The NIC of ada, what is listed of it, and the same of bob, who is started second. */
const CABLES: readonly [
  string,
  ...(readonly [DomainInterfaceDocument, { type: string; source: string }])[],
][] = [
  [
    'a multicast group',
    [multicast({ group: '230.0.0.1', port: 5558 }), { type: 'mcast', source: '230.0.0.1:5558' }],
    [multicast({ group: '230.0.0.1', port: 5558 }), { type: 'mcast', source: '230.0.0.1:5558' }],
  ],
  [
    'TCP',
    [tcpServer({ listen: '127.0.0.1', port: 5559 }), { type: 'server', source: '127.0.0.1:5559' }],
    [tcpClient({ server: '127.0.0.1', port: 5559 }), { type: 'client', source: '127.0.0.1:5559' }],
  ],
  [
    'TCP, whose server listens on all addresses',
    [tcpServer({ port: 5560 }), { type: 'server', source: ':5560' }],
    [tcpClient({ server: '10.99.0.1', port: 5560 }), { type: 'client', source: '10.99.0.1:5560' }],
  ],
  [
    'UDP',
    [udp({ remote: here(5561), local: here(5562) }), { type: 'udp', source: '127.0.0.1:5561' }],
    [udp({ remote: here(5562), local: here(5561) }), { type: 'udp', source: '127.0.0.1:5562' }],
  ],
];

describeWith(GUEST_NEEDS, 'two guests that were started with each other', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let guests: { guest: Guest; domain: Domain }[];
  beforeAll(async () => {
    lab = await startHost();
    await lab.must('ip', 'route', 'add', '224.0.0.0/4', 'dev', HOST_BRIDGE);
    connection = await connect(lab.uri);
    guests = [];
    // One after the other: a client needs its server.
    for (const [i, name] of ['ada', 'bob'].entries()) {
      const nics = CABLES.map(([, ...ends]) => ends[i]?.[0] ?? '');
      const guest = await startGuest(lab, { name, nics, spareSlots: 1 });
      guests.push({ guest, domain: await connection.domains.get(name) });
    }
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it.each(CABLES)('talk over %s until it is pulled out, and let go of it', async (_, ...ends) => {
    const plugged: { guest: Guest; domain: Domain; mac: string; nic: string; at: string }[] = [];
    for (const [i, [, listed]] of ends.entries()) {
      const { guest, domain } = guests[i] as (typeof guests)[number];
      const found = (await domain.nics.list()).find(({ source }) => source === listed.source);
      expect(found).toMatchObject({ ...listed, model: 'virtio', link: 'up', target: undefined });
      const mac = found?.mac ?? '';
      const nic = await nicByMac(guest, mac);
      const at = `10.63.0.${i + 1}`;
      await address(guest, nic, `${at}/24`);
      plugged.push({ guest, domain, mac, nic, at });
    }
    const [ada, bob] = plugged as [(typeof plugged)[0], (typeof plugged)[0]];
    expect(await ada.guest.reaches(bob.at)).toBe(true);
    expect(await bob.guest.reaches(ada.at)).toBe(true);
    // Three of nearly the size of a frame, there and back.
    expect((await ada.guest.run(`ping -c 3 -W 5 -s 1400 ${bob.at}`)).stdout).toContain(' 0% packet loss');

    const carrier = (is: 0 | 1) =>
      bob.guest.must(`until [ "$(cat /sys/class/net/${bob.nic}/carrier)" = ${is} ]; do usleep 20000; done`);
    await bob.domain.nics.update(bob.mac, { link: { state: 'down' } });
    expect(await bob.domain.nics.list()).toContainEqual(
      expect.objectContaining({ mac: bob.mac, ...ends[1]?.[1], link: 'down' }),
    );
    await carrier(0);
    expect(await ada.guest.reaches(bob.at)).toBe(false);
    await bob.domain.nics.update(bob.mac, { link: undefined });
    await carrier(1);
    expect(await ada.guest.reaches(bob.at)).toBe(true);

    for (const { guest, domain, mac, nic } of plugged.reverse()) {
      await domain.nics.detach(mac);
      expect((await domain.nics.list()).map((each) => each.mac)).not.toContain(mac);
      expect(await guest.must('ls /sys/class/net')).not.toContain(nic);
    }
  });

  it.each(CABLES)('are refused one more over %s while they run', async (_, [document]) => {
    const { domain } = guests[0] as (typeof guests)[number];
    await expect(domain.nics.attach(document)).rejects.toMatchObject({
      code: 'OPERATION_UNSUPPORTED',
      hint: expect.stringContaining('{ live: false }'),
      done: [],
    });
    expect((await domain.nics.list()).filter(({ type }) => type === document.type)).toEqual([]);
  });
});
