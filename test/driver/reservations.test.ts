import { expect, it } from 'vitest';
import { build, type Connection, type Network } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

const WEB = '52:54:00:12:34:56';
const DB = '52:54:00:12:34:57';
/** The DUID that is made of a MAC address alone. */
const duidOf = (mac: string) => `00:03:00:01:${mac}`;
/** The one that the same guest has with a time in it, and one that tells no MAC address. */
const WEB_LLT = `00:01:00:01:2b:9a:41:7c:${WEB}`;
const OPAQUE = '00:02:00:00:ab:11:de:ad:be:ef';

async function start(connection: Connection): Promise<Network> {
  return connection.networks.create(
    build.network.nat({
      name: 'lan',
      ip: [
        { cidr: '192.168.10.1/24', dhcp: { range: '192.168.10.100-192.168.10.199' } },
        { cidr: 'fd00:10::1/64', dhcp: { range: 'fd00:10::100-fd00:10::1ff' } },
      ],
    }),
  );
}

/** The entries of both subnets, as the network has them. */
const hosts = async (network: Network) =>
  ((await network.describe()).ips ?? []).map(({ dhcp }) => dhcp?.hosts ?? []);

describeWith(DRIVER_NEEDS, 'reservations.set', () => {
  it('adds, changes and does nothing', async () => {
    await using connection = await connectToHost();
    const { reservations } = await start(connection);
    const steps = [
      [{ ip: '192.168.10.20' }, 'added'],
      [{ ip: '192.168.10.20' }, 'unchanged'],
      [{ ip: '192.168.10.20', name: 'web' }, 'changed'],
      [{ ip: '192.168.10.20', name: 'web', lease: '2h' }, 'changed'],
      [{ ip: '192.168.10.20', name: 'web', lease: '120m' }, 'unchanged'],
      [{ ip: '192.168.10.21', name: 'web' }, 'changed'],
      [{ ip: '192.168.10.21', name: 'www' }, 'changed'],
      [{ ip: '192.168.10.21', name: 'www', lease: 'infinite' }, 'changed'],
      [{ ip: '192.168.10.22' }, 'changed'],
    ] as const;
    for (const [reservation, outcome] of steps) {
      expect(await reservations.set(WEB, reservation), JSON.stringify(reservation)).toBe(outcome);
      expect(await reservations.set(WEB.toUpperCase(), reservation)).toBe('unchanged');
    }
    expect(await reservations.list()).toMatchObject([{ mac: WEB, ip: '192.168.10.22', family: 'ipv4' }]);
  });

  it('does the same for IPv6, where a guest is known by its DUID', async () => {
    await using connection = await connectToHost();
    const { reservations } = await start(connection);
    const steps = [
      [{ ip: 'fd00:10::20' }, 'added'],
      [{ ip: 'fd00:10:0:0::20' }, 'unchanged'],
      [{ ip: 'fd00:10::20', name: 'web' }, 'changed'],
      [{ ip: 'fd00:10::21', name: 'web' }, 'changed'],
      [{ ip: 'fd00:10::21', name: 'www' }, 'changed'],
      [{ ip: 'fd00:10::22', lease: '1h' }, 'changed'],
    ] as const;
    for (const [reservation, outcome] of steps) {
      expect(await reservations.set(WEB, reservation), JSON.stringify(reservation)).toBe(outcome);
      expect(await reservations.set({ id: duidOf(WEB) }, reservation)).toBe('unchanged');
    }
    const lease = { expiry: 1, unit: 'hours' };
    expect(await reservations.list()).toEqual([
      { ip: 'fd00:10::22', family: 'ipv6', mac: WEB, id: duidOf(WEB), name: undefined, lease },
    ]);
  });

  it('puts each family into its own subnet, and leaves other guests alone', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    await network.reservations.set(WEB, { ip: '192.168.10.20', name: 'web' });
    await network.reservations.set(DB, { ip: 'fd00:10::21', name: 'db' });
    await network.reservations.set(DB, { ip: '192.168.10.21', name: 'db' });
    await network.reservations.set(WEB, { ip: 'fd00:10::20', name: 'web' });
    await network.reservations.set(DB, { ip: '192.168.10.31', name: 'db' });
    expect(await hosts(network)).toEqual([
      [
        { mac: WEB, name: 'web', ip: '192.168.10.20' },
        { mac: DB, name: 'db', ip: '192.168.10.31' },
      ],
      [
        { id: duidOf(DB), name: 'db', ip: 'fd00:10::21' },
        { id: duidOf(WEB), name: 'web', ip: 'fd00:10::20' },
      ],
    ]);
  });

  it('knows a guest by the MAC address in its DUID, and keeps the DUID', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    await network.reservations.set(
      { id: WEB_LLT.toUpperCase().replaceAll('00:', '0:') },
      { ip: 'fd00:10::20' },
    );
    expect(await network.reservations.set(WEB, { ip: 'fd00:10::21' })).toBe('changed');
    expect(await network.reservations.set({ id: WEB_LLT }, { ip: 'fd00:10::21' })).toBe('unchanged');
    expect((await hosts(network))[1]).toHaveLength(1);
    expect(await network.reservations.get(WEB)).toMatchObject({ mac: WEB, ip: 'fd00:10::21' });

    await network.reservations.set({ id: OPAQUE }, { ip: 'fd00:10::30' });
    expect(await network.reservations.get({ id: OPAQUE })).toMatchObject({ mac: undefined, id: OPAQUE });
  });

  it('leaves one where libvirt let a guest have several', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    for (const ip of ['fd00:10::20', 'fd00:10::21'])
      await network.update('add', 'dhcpHost', { id: duidOf(WEB), ip });
    expect(await network.reservations.set(WEB, { ip: 'fd00:10::21' })).toBe('changed');
    expect((await hosts(network))[1]).toEqual([{ id: duidOf(WEB), ip: 'fd00:10::21' }]);
  });

  it.each([
    ['192.168.10.21', 'db', '192.168.10.21 is reserved for 52:54:00:12:34:57'],
    ['192.168.10.22', 'db', 'the name db is reserved for 52:54:00:12:34:57'],
    ['192.168.10.22', 'DB', 'the name DB is reserved for 52:54:00:12:34:57'],
    ['fd00:10:0::0:21', 'six', `fd00:10::21 is reserved for ${OPAQUE}`],
    ['192.168.10.23', 'nameless', '192.168.10.23 is reserved for the guest named any'],
  ])('does not take %s and the name %s of another guest', async (ip, name, message) => {
    await using connection = await connectToHost();
    const network = await start(connection);
    await network.reservations.set(WEB, { ip: '192.168.10.20', name: 'web' });
    await network.reservations.set(DB, { ip: '192.168.10.21', name: 'db' });
    await network.reservations.set({ id: OPAQUE }, { ip: 'fd00:10::21' });
    await network.update('add', 'dhcpHost', { ip: '192.168.10.23', name: 'any' });
    const before = await network.xml();
    await expect(network.reservations.set(WEB, { ip, name })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      object: "network 'lan'",
      message: expect.stringContaining(`cannot reserve an address for ${WEB} in network 'lan': ${message}`),
      hint: 'choose another one, or remove() that reservation first',
      done: [],
    });
    expect(await network.xml()).toBe(before);
  });

  it('makes the changes that it is asked for at the same time one after another', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const ips = [20, 21, 22, 23].map((last) => `192.168.10.${last}`);
    const setting = ips.map((ip) => network.reservations.set(WEB, { ip }));
    expect(await Promise.all(setting)).toEqual(['added', 'changed', 'changed', 'changed']);
    const two = [WEB, DB].map((guest) => network.reservations.set(guest, { ip: '192.168.10.30' }));
    const [web, db] = await Promise.allSettled(two);
    expect(web).toMatchObject({ value: 'changed' });
    expect(db).toMatchObject({ reason: { message: expect.stringContaining(`reserved for ${WEB}`) } });
    expect(connection.changes.size).toBe(0);
  });

  /** Has somebody else do something between the look at the network and the change. */
  function whileItLooks(network: Network, faster: (send: Network['send']) => Promise<void>, times = 1): void {
    const send = network.send.bind(network);
    let left = times;
    network.send = async (step, affected) => {
      if (left-- > 0) await faster(send);
      return send(step, affected);
    };
  }
  const add = (value: object, ip: number) => ({ action: 'add', part: 'dhcpHost', value, ip }) as const;

  it('changes nothing when somebody else was faster and took the address', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    await network.reservations.set(WEB, { ip: 'fd00:10::20', name: 'web' });
    const faster = { id: OPAQUE, ip: 'fd00:10::21' };
    whileItLooks(network, (send) => send(add(faster, 1), ['live']));
    await expect(network.reservations.set(WEB, { ip: 'fd00:10::21' })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringContaining(`fd00:10::21 is reserved for ${OPAQUE}`),
      done: [],
    });
    expect((await hosts(network))[1]).toEqual([{ id: duidOf(WEB), name: 'web', ip: 'fd00:10::20' }, faster]);
  });

  it('looks once more when somebody else was faster with a reservation of the same guest', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const faster = { mac: WEB, ip: '192.168.10.20' };
    whileItLooks(network, (send) => send(add(faster, 0), ['live']));
    expect(await network.reservations.set(WEB, { ip: faster.ip })).toBe('unchanged');
    whileItLooks(network, (send) => send({ ...add(faster, 0), action: 'delete' }, ['live']));
    expect(await network.reservations.set(WEB, { ip: '192.168.10.21' })).toBe('added');
    whileItLooks(network, (send) => send({ ...add({ mac: WEB }, 0), action: 'delete' }, ['live']));
    expect(await network.reservations.remove(WEB)).toBe(false);
  });

  it('gives up when somebody else is faster each time', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    let times = 0;
    whileItLooks(
      network,
      async (send) => {
        times++;
        const has = (await network.reservations.find(WEB)) !== undefined;
        await send({ ...add({ mac: WEB, ip: '192.168.10.20' }, 0), action: has ? 'delete' : 'add' }, [
          'live',
        ]);
      },
      100,
    );
    await expect(network.reservations.set(WEB, { ip: '192.168.10.21' })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      function: 'virNetworkUpdate',
    });
    expect(times).toBe(5);
  });

  it.each<[string, unknown, unknown, unknown, string]>([
    ['a MAC address that is none', '52:54', { ip: '192.168.10.20' }, {}, 'guest: 52:54 is not a MAC address'],
    [
      'a group',
      '01:00:5e:00:00:01',
      { ip: '192.168.10.20' },
      {},
      'guest: 01:00:5e:00:00:01 is the address of a',
    ],
    ['no guest', undefined, { ip: '192.168.10.20' }, {}, 'guest: undefined is not a MAC address or { id }'],
    ['a DUID that is none', { id: '00:09' }, { ip: 'fd00:10::20' }, {}, 'guest.id: 00:09 is not a DUID'],
    ['a DUID for IPv4', { id: OPAQUE }, { ip: '192.168.10.20' }, {}, 'guest: a DUID is for IPv6'],
    ['no address', WEB, {}, {}, 'ip: missing; a reservation must have it'],
    ['nothing', WEB, undefined, {}, 'options: undefined is not an object that describes a reservation'],
    ['what is no address', WEB, { ip: '192.168.10.300' }, {}, 'ip: 192.168.10.300 is not an IP address'],
    ['an address elsewhere', WEB, { ip: '10.0.0.5' }, {}, 'ip: 10.0.0.5 is not in 192.168.10.0/24'],
    ['one elsewhere of IPv6', WEB, { ip: 'fd01::5' }, {}, 'ip: fd01::5 is not in fd00:10::/64'],
    ["the network's own", WEB, { ip: '192.168.10.1' }, {}, "ip: 192.168.10.1 is the network's own address"],
    [
      'the broadcast address',
      WEB,
      { ip: '192.168.10.255' },
      {},
      'ip: 192.168.10.255 is the broadcast address',
    ],
    ['a name that is none', WEB, { ip: '192.168.10.20', name: 'a b' }, {}, 'name: "a b" is not a DNS name'],
    ['a short lease', WEB, { ip: '192.168.10.20', lease: '5s' }, {}, 'lease: 5s is too short'],
    [
      'a MAC address twice',
      WEB,
      { ip: '192.168.10.20', mac: WEB },
      {},
      'mac: unknown field of a reservation; the guest',
    ],
    [
      'a guest with its reservation in one',
      { mac: WEB, ip: '192.168.10.20' },
      undefined,
      {},
      'guest.mac: unknown field of a guest; what is kept for the guest comes after it: set(mac, { ip })',
    ],
    ['a misspelt option', WEB, { ip: '192.168.10.20' }, { liv: true }, 'liv: unknown field of a change'],
    [
      'no half',
      WEB,
      { ip: '192.168.10.20' },
      { live: false, config: false },
      'live, config: nothing is to be',
    ],
  ])('refuses %s', async (_, guest, reservation, options, message) => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const before = await network.xml();
    const error = await network.reservations
      .set(guest as never, reservation as never, options as never)
      .catch((e: unknown) => e);
    expect(error).toSatisfy((e) => e instanceof TypeError || e instanceof RangeError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(await network.xml()).toBe(before);
  });

  it('makes a DHCP server of a subnet that has none, and refuses a family that there is not', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.create(
      build.network.isolated({ name: 'bare', ip: ['10.1.1.1/24', '10.2.1.1/24'] }),
    );
    expect(await network.reservations.set(WEB, { ip: '10.2.1.20' })).toBe('added');
    expect(await hosts(network)).toEqual([[], [{ mac: WEB, ip: '10.2.1.20' }]]);
    await expect(network.reservations.set(DB, { ip: 'fd00::20' })).rejects.toThrow(
      new RangeError("ip: fd00::20 is of no use in network 'bare': it has no IPv6 address"),
    );
  });
});

describeWith(DRIVER_NEEDS, 'reservations.list, get, find and remove', () => {
  async function startWithGuests(connection: Connection): Promise<Network> {
    const network = await start(connection);
    await network.reservations.set(WEB, { ip: 'fd00:10::20', name: 'web' });
    await network.reservations.set(WEB, { ip: '192.168.10.20', name: 'web' });
    await network.reservations.set(DB, { ip: '192.168.10.21', lease: '90m' });
    return network;
  }

  it('tell what is kept for whom', async () => {
    await using connection = await connectToHost();
    const { reservations } = await startWithGuests(connection);
    const all = await reservations.list();
    expect(all.map(({ ip }) => ip)).toEqual(['192.168.10.20', '192.168.10.21', 'fd00:10::20']);
    expect((await reservations.list({ family: 'ipv6' })).map(({ ip }) => ip)).toEqual(['fd00:10::20']);
    expect(await reservations.list({ inactive: true })).toEqual(all);
    expect(Object.isFrozen(all[0])).toBe(true);

    expect(await reservations.get(WEB)).toMatchObject({
      ip: '192.168.10.20',
      mac: WEB,
      id: undefined,
      name: 'web',
    });
    expect(await reservations.get(WEB, { family: 'ipv6' })).toMatchObject({
      ip: 'fd00:10::20',
      id: duidOf(WEB),
    });
    expect(await reservations.get({ id: duidOf(WEB) })).toMatchObject({ ip: 'fd00:10::20', mac: WEB });
    expect((await reservations.find(DB.toUpperCase()))?.lease).toEqual({ expiry: 90, unit: 'minutes' });
  });

  it('say that there is none', async () => {
    await using connection = await connectToHost();
    const { reservations } = await startWithGuests(connection);
    await expect(reservations.get(DB, { family: 'ipv6' })).rejects.toMatchObject({
      code: 'NO_RESERVATION',
      object: "network 'lan'",
      message: `cannot get the reservation of ${DB} in network 'lan': there is none (network.reservations.list() gives those that exist)`,
    });
    expect(await reservations.find({ id: OPAQUE })).toBeUndefined();
    for (const filter of [{ family: 'ipv5' }, { famly: 'ipv4' }, { inactive: 1 }, null])
      for (const call of [
        () => reservations.list(filter as never),
        () => reservations.get(WEB, filter as never),
      ])
        await expect(call()).rejects.toThrow(/^(family|famly|inactive|options): /);
  });

  it('take away what a guest has, once', async () => {
    await using connection = await connectToHost();
    const { reservations } = await startWithGuests(connection);
    expect(await reservations.remove(WEB, { family: 'ipv6' })).toBe(true);
    expect(await reservations.remove(WEB, { family: 'ipv6' })).toBe(false);
    expect((await reservations.list()).map(({ mac }) => mac)).toEqual([WEB, DB]);
    expect(await reservations.remove(WEB)).toBe(true);
    expect(await reservations.remove(WEB)).toBe(false);
    await reservations.set(WEB, { ip: 'fd00:10::20' });
    await reservations.set(WEB, { ip: '192.168.10.20' });
    expect(await reservations.remove(WEB)).toBe(true);
    expect(await reservations.list()).toMatchObject([{ mac: DB }]);
    await expect(reservations.remove(DB, { family: 'both' } as never)).rejects.toThrow(
      'family: both is not one of',
    );
    await expect(reservations.remove('x')).rejects.toThrow('guest: x is not a MAC address');
  });

  it('take away what is kept for a name alone, so that another guest can have its address', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const { reservations } = network;
    const ip = '192.168.10.60';
    await reservations.set(DB, { ip: '192.168.10.61', name: 'db' });
    await network.update('add', 'dhcpHost', { name: 'byname', ip });
    await expect(reservations.set(WEB, { ip })).rejects.toThrow('reserved for the guest named byname');
    expect(await reservations.remove({ name: 'db' })).toBe(false);
    expect(await reservations.remove({ name: 'ByName' })).toBe(true);
    expect(await reservations.set(WEB, { ip })).toBe('added');
    expect((await reservations.list()).map(({ mac }) => mac)).toEqual([DB, WEB]);
    await expect(reservations.remove({ name: 7 } as never)).rejects.toThrow('guest.name: ');
  });

  it('take away that guest alone, where libvirt let two have one address', async () => {
    await using connection = await connectToHost();
    const both = [WEB, DB].map((mac) => `<host mac='${mac}' ip='192.168.10.20'/>`).join('');
    const subnet = `<ip address='192.168.10.1' prefix='24'><dhcp>${both}</dhcp></ip>`;
    const network = await connection.networks.create(networkXml('lan', subnet));
    expect(await network.reservations.remove(DB)).toBe(true);
    expect(await hosts(network)).toEqual([[{ mac: WEB, ip: '192.168.10.20' }]]);
  });
});
