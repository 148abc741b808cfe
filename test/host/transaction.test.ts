import { expect, it } from 'vitest';
import { type Host, KernelError, type Transaction } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';
import { stateOf } from './state.js';

describeWith(HOST_NEEDS, 'a transaction', () => {
  const lab = startInside();
  const prepare = async (inside: Host) => {
    if (await inside.links.find('base')) return;
    // A bridge without a MAC address of its own takes one of its ports', and forgets its neighbours with it.
    await inside.bridges.create('base', { mac: '52:54:00:00:00:01', up: true });
    await inside.links.create({
      kind: 'veth',
      name: 'port0',
      mtu: 1400,
      options: { peer: { name: 'port0p' } },
    });
    await inside.links.create({
      kind: 'veth',
      name: 'port1',
      alias: 'mine',
      up: true,
      options: { peer: { name: 'port1p' } },
    });
    await inside.addresses.add('base', '192.168.60.1/24');
    await inside.addresses.add('base', '192.168.61.1/24', { label: 'base:x' });
    await inside.routes.add({
      destination: '10.60.0.0/16',
      gateway: '192.168.60.254',
      metrics: { mtu: 1300 },
    });
    await inside.rules.add({ from: '10.60.0.0/16', input: 'base', mark: 6, table: 60, priority: 60 });
    await inside.neighbours.add('base', '192.168.60.7', { mac: '52:54:00:00:00:07' });
    await inside.bridges.addPort('base', 'port1', { pathCost: 9 });
    await inside.bridges.fdb.add('port1', '52:54:00:00:00:08', { table: 'master', state: 'static' });
  };

  it('makes all, and each change may speak of what the one before makes', async () => {
    const { inside, netns } = lab;
    await inside.transaction((tx) => {
      tx.bridges.create('tx-br', { up: true, stp: true });
      tx.links.create({ kind: 'veth', name: 'tx0', up: true, options: { peer: { name: 'tx1' } } });
      tx.bridges.addPort('tx-br', 'tx0', { isolated: true });
      tx.links.up('tx1');
      tx.addresses.add('tx-br', '10.70.0.1/24');
      tx.routes.add({ destination: '10.71.0.0/16', gateway: '10.70.0.254' });
      tx.rules.add({ from: '10.71.0.0/16', table: 71, priority: 71 });
      tx.neighbours.add('tx-br', '10.70.0.2', { mac: '52:54:00:00:00:02' });
      tx.bridges.fdb.add('tx0', '52:54:00:00:00:03', { table: 'master', state: 'static' });
    });
    expect((await netns.ipJson<{ master?: string }[]>('link show dev tx0'))[0]?.master).toBe('tx-br');
    expect(await netns.ipJson('route show 10.71.0.0/16')).toMatchObject([
      { gateway: '10.70.0.254', dev: 'tx-br' },
    ]);
    await inside.transaction((tx) => {
      tx.links.delete('tx0');
      tx.rules.delete({ priority: 71, from: '10.71.0.0/16', table: 71 });
      tx.bridges.delete('tx-br', { force: true });
    });
    const left = await netns.linkNames();
    expect(left.filter((name) => name.startsWith('tx'))).toEqual([]);
  });

  const beginnings: [string, (tx: Transaction) => void][] = [
    [
      'links made',
      (tx) => {
        tx.bridges.create('new0', { ports: ['port0'], up: true });
        tx.links.create({ kind: 'veth', name: 'new1', options: { peer: { name: 'new2' } } });
        tx.addresses.add('new0', '10.80.0.1/24');
      },
    ],
    [
      'links changed',
      (tx) => {
        tx.links.set('port0', { mtu: 1280, alias: 'theirs', mac: '52:54:00:00:00:99', up: true, group: 5 });
        tx.links.rename('port0', 'renamed');
        tx.addresses.add('port0', '10.79.0.1/24');
        tx.neighbours.add('port0', '10.79.0.2', { mac: '52:54:00:00:00:79' });
        tx.links.down('port1');
        tx.links.addAltName('base', 'another-name-for-base');
      },
    ],
    [
      'bridges and ports changed',
      (tx) => {
        tx.bridges.set('base', { stp: true, ageingTime: 7, priority: 1 });
        tx.bridges.setPort('port1', { isolated: true, pathCost: 77 });
        tx.bridges.removePort('base', 'port1');
        tx.bridges.addPort('base', 'port0');
      },
    ],
    [
      'addresses changed',
      (tx) => {
        tx.addresses.add('base', '10.81.0.1/24');
        tx.addresses.replace('base', 'fd81::1/64', { noDuplicateDetection: true });
        tx.addresses.delete('base', '192.168.61.1/24');
      },
    ],
    [
      'routes, rules and neighbours changed',
      (tx) => {
        tx.routes.add({ destination: '10.82.0.0/16', gateway: '192.168.60.253' });
        tx.routes.replace({ destination: '10.60.0.0/16', gateway: '192.168.60.252' });
        tx.rules.add({ from: '10.82.0.0/16', table: 82, priority: 82 });
        tx.neighbours.replace('base', '192.168.60.7', { mac: '52:54:00:00:00:77' });
        tx.neighbours.add('base', '192.168.60.8', { mac: '52:54:00:00:00:78' });
        tx.bridges.fdb.delete('port1', '52:54:00:00:00:08', { table: 'master' });
      },
    ],
    [
      'routes, rules and neighbours deleted',
      (tx) => {
        tx.rules.delete({ priority: 60 });
        tx.routes.delete({ destination: '10.60.0.0/16' });
        tx.neighbours.delete('base', '192.168.60.7');
      },
    ],
  ];

  it.each(beginnings)(
    'leaves all as it was when a change after others is refused: %s',
    async (_title, begin) => {
      const { inside, netns } = lab;
      await prepare(inside);
      const before = await stateOf(netns);
      let count = 0;
      const error = await inside
        .transaction((tx) => {
          begin(tx);
          tx.links.delete('port1'); // made last of all, so not at all
          tx.addresses.add('lo', '127.0.0.1/8');
          count++;
        })
        .catch((reason: unknown) => reason);
      expect(count).toBe(1);
      expect(error).toBeInstanceOf(KernelError);
      expect(error).toMatchObject({
        code: 'EEXIST',
        device: 'lo',
        object: "address 127.0.0.1/8 of 'lo'",
      });
      expect((error as KernelError).cause).toBeUndefined();
      expect((error as KernelError).position).toBeGreaterThan(0);
      expect(await stateOf(netns)).toBe(before);
    },
  );

  it('leaves a name that a link had before it was given that again', async () => {
    const { inside, netns } = lab;
    await prepare(inside);
    await inside.links.addAltName('port0', 'the-other-name-of-port0');
    const before = await stateOf(netns);
    const error = await inside
      .transaction((tx) => {
        tx.links.set('port0', { alias: 'half' });
        tx.links.addAltName('port0', 'the-other-name-of-port0');
      })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'EEXIST', call: 'RTM_NEWLINKPROP', device: 'port0', position: 1 });
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
    await inside.links.deleteAltName('port0', 'the-other-name-of-port0');
  });

  it('leaves all as it was when what is made last is refused', async () => {
    const { inside, netns } = lab;
    await prepare(inside);
    const before = await stateOf(netns);
    const error = await inside
      .transaction((tx) => {
        tx.addresses.add('base', '10.83.0.1/24');
        tx.links.delete('lo');
      })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'KernelError', device: 'lo' });
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
  });

  it.each([
    ['the first', ['lo', 'gone0', 'gone2']],
    ['the last', ['gone0', 'the-other-name-of-gone2', 'lo']],
  ])('deletes none of several links when one of them is refused: %s', async (_title, names) => {
    const { inside, netns } = lab;
    if (!(await inside.links.find('gone0'))) {
      await inside.links.create({
        kind: 'veth',
        name: 'gone0',
        group: 7,
        options: { peer: { name: 'gone1' } },
      });
      await inside.links.create({ kind: 'ifb', name: 'gone2', group: 8 });
      await inside.links.addAltName('gone2', 'the-other-name-of-gone2');
    }
    const before = await stateOf(netns);
    const error = await inside
      .transaction((tx) => {
        tx.addresses.add('lo', '10.84.0.1/24');
        for (const name of names) tx.links.delete(name);
      })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'KernelError',
      code: 'EOPNOTSUPP',
      call: 'RTM_DELLINK',
      object: "link 'lo'",
      position: names.indexOf('lo') + 1,
    });
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
  });

  const leavings: [string, (tx: Transaction) => void][] = [
    ['by removePort', (tx) => tx.bridges.removePort('from', 'the-mover')],
    ['by set', (tx) => tx.links.set('mover', { master: null })],
  ];
  it.each(leavings)('moves a port from one bridge to another: %s', async (_title, leave) => {
    const { inside, netns } = lab;
    await inside.links.create({ kind: 'veth', name: 'mover', options: { peer: { name: 'moverp' } } });
    await inside.links.addAltName('mover', 'the-mover');
    // Without a MAC address of its own a bridge has one of its ports'.
    await inside.bridges.create('from', { mac: '52:54:00:00:00:02', ports: ['mover'] });
    await inside.bridges.setPort('mover', { pathCost: 9 });
    await inside.bridges.fdb.add('mover', '52:54:00:00:00:08', { table: 'master', state: 'static' });
    await inside.bridges.create('into', { mac: '52:54:00:00:00:03', ports: ['moverp'] });
    const before = await stateOf(netns);
    const change = (tx: Transaction) => {
      leave(tx);
      tx.bridges.addPort('into', 'mover', { isolated: true });
    };
    const error = await inside
      .transaction((tx) => {
        change(tx);
        tx.bridges.create('lo');
      })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'EEXIST', device: 'lo' });
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
    await expect(
      inside.transaction((tx) => {
        change(tx);
        tx.bridges.addPort('from', 'mover');
      }),
    ).rejects.toMatchObject({ code: 'EBUSY', detail: "it is in 'into' already" });
    await expect(
      inside.transaction((tx) => {
        change(tx);
        tx.bridges.removePort('from', 'mover');
      }),
    ).rejects.toMatchObject({ code: 'EINVAL', detail: "it is in 'into'" });
    await expect(
      inside.transaction((tx) => {
        change(tx);
        tx.bridges.delete('into');
      }),
    ).rejects.toMatchObject({ code: 'EBUSY', detail: expect.stringMatching(/^it has ports: .*\bmover\b/) });
    expect(await stateOf(netns)).toBe(before);
    await inside.transaction((tx) => {
      change(tx);
      tx.bridges.delete('from');
    });
    expect((await netns.ipJson('link show mover'))[0]).toMatchObject({
      master: 'into',
      linkinfo: { info_slave_data: { isolated: true } },
    });
    await inside.links.deleteAll(['into', 'mover']);
  });

  it('deletes both ends of a veth, and what it makes itself', async () => {
    const { inside, netns } = lab;
    const before = await netns.ip('-oneline link');
    await inside.transaction((tx) => {
      tx.links.create({ kind: 'veth', name: 'end0', options: { peer: { name: 'end1' } } });
      tx.bridges.create('end2', { ports: ['end0'], group: 9 });
      tx.links.delete('end0');
      tx.links.delete('end1');
      tx.bridges.delete('end2', { force: true });
    });
    expect(await netns.ip('-oneline link')).toBe(before);
  });

  it.each([1, 2])('deletes links by the names that they had before: %i', async (count) => {
    const { inside } = lab;
    for (const name of ['name0', 'name1', 'name2']) await inside.links.create({ kind: 'ifb', name });
    await inside.transaction((tx) => {
      tx.links.rename('name0', 'name3');
      tx.links.rename('name1', 'name0');
      tx.links.delete('name0');
      if (count > 1) tx.links.delete('name2');
    });
    const left = (await inside.links.list())
      .map(({ name }) => name)
      .filter((name) => name.startsWith('name'));
    expect(left).toEqual(count > 1 ? ['name0'] : ['name0', 'name2']);
    for (const name of left) await inside.links.delete(name);
  });

  it('sends nothing when a device is not there, or a function throws', async () => {
    const { inside, netns } = lab;
    await prepare(inside);
    const before = await stateOf(netns);
    await expect(
      inside.transaction((tx) => {
        tx.links.set('port0', { mtu: 1290 });
        tx.links.up('not-there');
      }),
    ).rejects.toMatchObject({ code: 'ENODEV', device: 'not-there', position: 1 });
    await expect(
      inside.transaction((tx) => {
        // As many changes as it takes, it is one of what was asked.
        tx.links.create({
          kind: 'veth',
          name: 'new',
          alias: 'a',
          up: true,
          options: { peer: { name: 'wen' } },
        });
        tx.bridges.create('bridge', { ports: ['new'], up: true });
        tx.bridges.addPort('bridge', 'lo');
      }),
    ).rejects.toMatchObject({ code: 'EINVAL', device: 'lo', position: 2 });
    await expect(
      inside.transaction((tx) => {
        tx.links.set('port0', { mtu: 1290 });
        tx.links.set('port0', { mtu: -1 });
      }),
    ).rejects.toThrow('mtu: -1 is not a whole number');
    await expect(inside.transaction((async () => {}) as never)).rejects.toThrow('not async');
    await expect(
      inside.transaction((tx) => {
        tx.links.create({ kind: 'ifb' });
        tx.links.up('port0');
      }),
    ).rejects.toThrow('name: ifb%d is a pattern; a transaction needs the name itself');
    expect(await stateOf(netns)).toBe(before);
  });
});
