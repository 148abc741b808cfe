// Links that are called by their other names: what is changed so is taken back as what is changed by their own.

import { expect, it } from 'vitest';
import { type Host, host, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';
import { stateOf } from './state.js';

/** Two lengths: the kernel has one attribute for names that could be a link's own, another for longer ones. */
const OTHER_NAMES = ['uplink', 'the-uplink-of-the-whole-house'] as const;

async function prepare(netns: Netns, { links, bridges, addresses, neighbours, routes }: Host): Promise<void> {
  await netns.inside.must('sysctl', 'net.ipv6.conf.default.disable_ipv6=1');
  await links.create({ kind: 'veth', name: 'p0', up: true, options: { peer: { name: 'p1' } } });
  await bridges.create('br0', { ports: ['p0'], up: true });
  for (const name of OTHER_NAMES) await links.addAltName('p0', name);
  await addresses.add('p0', '10.0.0.1/24');
  await neighbours.add('p0', '10.0.0.2', { mac: '52:54:00:00:00:02' });
  await routes.add({ destination: '10.9.0.0/16', device: 'p0' });
  await bridges.fdb.add('p0', '52:54:00:00:00:07', { table: 'master', state: 'static' });
  await bridges.fdb.add('p0', '01:00:5e:00:00:32');
}

describeWith(HOST_NEEDS, 'a link by another name', () => {
  const changes: Record<string, (tx: Transaction, name: string) => void> = {
    'an address that is deleted': (tx, name) => tx.addresses.delete(name, '10.0.0.1/24'),
    'an address that is replaced': (tx, name) => tx.addresses.replace(name, '10.0.0.1/24', { metric: 7 }),
    'an address that is added': (tx, name) => tx.addresses.add(name, '10.0.0.3/24'),
    'a neighbour that is replaced': (tx, name) =>
      tx.neighbours.replace(name, '10.0.0.2', { mac: '52:54:00:00:00:09' }),
    'a neighbour that is deleted': (tx, name) => tx.neighbours.delete(name, '10.0.0.2'),
    'an entry of the bridge': (tx, name) =>
      tx.bridges.fdb.delete(name, '52:54:00:00:00:07', { table: 'master' }),
    'an entry of its own': (tx, name) => tx.bridges.fdb.delete(name, '01:00:5e:00:00:32'),
    'what the bridge was told of it': (tx, name) => tx.bridges.setPort(name, { isolated: true }),
    'its place in the bridge': (tx, name) => tx.bridges.removePort('br0', name),
    'the same by set': (tx, name) => tx.links.set(name, { master: null }),
    'all that goes when it is down': (tx, name) => tx.links.down(name),
  };

  it.each(
    Object.entries(changes).flatMap(([title, work]) =>
      OTHER_NAMES.map((name) => [title, name, work] as const),
    ),
  )('is as before when a later change is refused: %s, of %s', async (_title, name, work) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    // The groups that the kernel joins come and go with their link.
    const fdb = async () =>
      (await netns.bridgeJson('fdb show dev p0')).filter(({ mac }) => mac !== '01:00:5e:00:00:01');
    const state = async () => [await stateOf(netns), await fdb()];
    const before = await state();
    const refused = inside.transaction((tx) => {
      work(tx, name);
      tx.links.create({ kind: 'bridge', name: 'lo' });
    });
    await expect(refused).rejects.toMatchObject({ code: 'EEXIST', device: 'lo' });
    expect(await state()).toEqual(before);
    // There was something to take back.
    await inside.transaction((tx) => work(tx, name));
    expect(await state()).not.toEqual(before);
  });

  it('has its routes back as well', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const before = await stateOf(netns);
    const refused = inside.transaction((tx) => {
      tx.routes.delete({ destination: '10.9.0.0/16', device: 'uplink' });
      tx.links.create({ kind: 'bridge', name: 'lo' });
    });
    await expect(refused).rejects.toMatchObject({ code: 'EEXIST', device: 'lo' });
    expect(await stateOf(netns)).toBe(before);
  });

  it.each(OTHER_NAMES)('is listed with what it has, as %s', async (name) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const [link, device] = [name, name];
    expect(await inside.addresses.list({ link })).toMatchObject([{ link: 'p0', cidr: '10.0.0.1/24' }]);
    expect(await inside.neighbours.list({ link })).toMatchObject([{ link: 'p0', address: '10.0.0.2' }]);
    expect(await inside.routes.list({ device })).toHaveLength(2);
    await inside.routes.add({ destination: '10.8.0.0/16', device });
    await inside.routes.add({ destination: '10.7.0.0/16', nextHops: [{ gateway: '10.0.0.2', device }] });
    expect(await netns.ipJson('route show 10.8.0.0/16')).toMatchObject([{ dev: 'p0' }]);
    expect(await netns.ipJson('route show 10.7.0.0/16')).toMatchObject([{ dev: 'p0' }]);
    await inside.addresses.add(link, '10.0.0.5/24', { label: 'p0:web' });
    const [p0] = await netns.ipJson<{ addr_info: object[] }[]>('address show dev p0');
    expect(p0?.addr_info).toContainEqual(expect.objectContaining({ local: '10.0.0.5', label: 'p0:web' }));
    expect(await inside.bridges.fdb.list({ link })).toEqual(await inside.bridges.fdb.list({ link: 'p0' }));
    expect(await inside.bridges.vlans.list({ link })).toEqual(
      await inside.bridges.vlans.list({ link: 'p0' }),
    );
  });

  it('has ports, when it is a bridge', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    const { links, bridges } = inside;
    await links.addAltName('br0', 'house-bridge');
    const masterOf = async () => (await netns.ipJson('link show dev p0'))[0]?.master;
    const ports = await netns.ipJson<{ ifname: string }[]>('link show master br0');
    const listed = await links.list({ master: 'house-bridge' });
    expect(listed.map(({ name }) => name)).toEqual(ports.map(({ ifname }) => ifname));
    expect(await bridges.show('house-bridge')).toMatchObject({ name: 'br0', ports: [{ name: 'p0' }] });
    await bridges.removePort('house-bridge', 'uplink');
    expect(await masterOf()).toBeUndefined();
    for (const _ of ['once', 'and again']) await bridges.addPort('house-bridge', 'uplink');
    expect(await masterOf()).toBe('br0');
  });

  it.each(OTHER_NAMES)('is named by it wherever another link names it: %s', async (name) => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    const { links, bridges, taps } = inside;
    await links.create({ kind: 'veth', name: 'p0', up: true, options: { peer: { name: 'p1' } } });
    await links.addAltName('p0', name);
    const bridge = `${name}-bridge`;
    await bridges.create('br0', { ports: [name] });
    await links.addAltName('br0', bridge);
    const masterOf = async (link: string) => (await netns.ipJson(`link show dev ${link}`))[0]?.master;
    expect(await masterOf('p0')).toBe('br0');
    await bridges.addPort(bridge, 'p1', { backupPort: name });
    expect(await masterOf('p1')).toBe('br0');
    expect((await netns.ipJson('link show dev p1'))[0]).toMatchObject({
      linkinfo: { info_slave_data: { backup_port: 'p0' } },
    });
    await links.set('p1', { master: null });
    await links.set('p1', { master: bridge });
    expect(await masterOf('p1')).toBe('br0');
    await taps.create({ name: 'tap0', master: bridge });
    await taps.createAll(['tap1', 'tap2'], { master: bridge });
    await links.create({ kind: 'ifb', name: 'in-it', master: bridge });
    for (const port of ['tap0', 'tap1', 'tap2', 'in-it']) expect(await masterOf(port)).toBe('br0');
    await bridges.removePort(bridge, name);
    await links.create({ kind: 'macvlan', name: 'upon', link: name, options: { mode: 'bridge' } });
    await links.create({ kind: 'vxlan', name: 'vx', options: { id: 7, link: name, port: 4789 } });
    expect((await netns.ipJson('link show dev upon'))[0]?.link).toBe('p0');
    expect((await netns.ipJson('link show dev vx'))[0]).toMatchObject({
      linkinfo: { info_data: { link: 'p0' } },
    });
    const refused = inside.transaction((tx) => {
      tx.links.set('p1', { master: null });
      tx.links.set('p1', { master: bridge });
      tx.links.set('p1', { master: `${bridge}-that-is-not` });
    });
    await expect(refused).rejects.toMatchObject({ code: 'ENODEV', device: `${bridge}-that-is-not` });
    expect(await masterOf('p1')).toBe('br0');
  });

  it.each(['', '.', 'a b', 'a:b', 'a/b', 'a%d', 'à'])(
    'is none that it could not be called by: %j',
    async (name) => {
      await using netns = await freshNetns();
      await using inside = host.in(netns.path);
      await expect(inside.links.addAltName('lo', name)).rejects.toMatchObject({
        code: 'EINVAL',
        call: 'RTM_NEWLINKPROP',
        field: 'altName',
        device: 'lo',
      });
      expect((await netns.ipJson('link show dev lo'))[0]).not.toHaveProperty('altnames');
    },
  );

  it('loses one that others gave it, by which it cannot be called, and has it back', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await netns.ip('link set lo up');
    await netns.ip('link property add dev lo altname a:b');
    const before = await stateOf(netns);
    await refusedBehind(inside, (tx) => tx.links.deleteAltName('lo', 'a:b'));
    expect(await stateOf(netns)).toBe(before);
    await inside.links.deleteAltName('lo', 'a:b');
    expect((await netns.ipJson('link show dev lo'))[0]).not.toHaveProperty('altnames');
  });
});
