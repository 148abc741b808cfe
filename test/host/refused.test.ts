// What the kernel refuses: which error says so, with what to do about it, and that all is as it was.

import { expect, it } from 'vitest';
import { type Host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';
import { stateOf } from './state.js';

describeWith(HOST_NEEDS, 'the kernel refuses', () => {
  const lab = startInside();
  const prepare = async ({ bridges, links, taps }: Host) => {
    if (await links.find('br0')) return;
    await links.create({ kind: 'veth', name: 'port', options: { peer: { name: 'free' } } });
    await links.create({ kind: 'veth', name: 'base', options: { peer: { name: 'other' } } });
    await bridges.create('br0', { ports: ['port'] });
    await bridges.create('br1');
    await bridges.create('tree', { stp: true });
    await links.create({ kind: 'vxlan', name: 'vx', options: { id: 7, port: 4789 } });
    await links.create({ kind: 'macvtap', name: 'upon', link: 'base', options: { mode: 'bridge' } });
    await links.addAltName('free', 'the-other-name-of-free');
    await taps.create({ name: 'tap' });
  };

  type Refusal = [string, (host: Host) => Promise<unknown>, object, RegExp];
  const refusals: Refusal[] = [
    [
      'a link that carries macvtap devices in a bridge',
      ({ bridges }) => bridges.addPort('br0', 'base'),
      { code: 'EBUSY', device: 'base', message: expect.stringMatching(/^cannot add link 'base' to 'br0': /) },
      /macvtap.*delete those/,
    ],
    [
      'the same by set',
      ({ links }) => links.set('base', { master: 'br0', alias: 'half' }),
      { code: 'EBUSY', device: 'base' },
      /macvtap/,
    ],
    [
      'a port in a second bridge, and its options',
      ({ bridges }) => bridges.addPort('br1', 'port', { isolated: true }),
      { code: 'EBUSY', device: 'port', detail: "it is in 'br0' already" },
      /removePort/,
    ],
    [
      'a macvtap device on a port of a bridge',
      ({ links }) => links.create({ kind: 'macvtap', name: 'new', link: 'port' }),
      { code: 'EBUSY', call: 'RTM_NEWLINK', device: 'new' },
      /is in a bridge/,
    ],
    [
      'a macvtap device that has its link to itself, beside another',
      ({ links }) =>
        links.create({ kind: 'macvtap', name: 'new', link: 'base', options: { mode: 'passthru' } }),
      { code: 'EINVAL', call: 'RTM_NEWLINK', device: 'new' },
      /passthru/,
    ],
    [
      'loopback in a bridge',
      ({ bridges }) => bridges.addPort('br0', 'lo'),
      { code: 'EINVAL', device: 'lo' },
      /Ethernet only/,
    ],
    [
      'a tun in a bridge',
      ({ taps }) => taps.create({ name: 'new', mode: 'tun', master: 'br0' }),
      { code: 'EINVAL', object: "tun 'new'" },
      /make a tap/,
    ],
    [
      'a tap in what is no bridge',
      ({ taps }) => taps.create({ name: 'new', master: 'free' }),
      { code: 'EOPNOTSUPP', object: "tap 'new'" },
      /takes none/,
    ],
    [
      'taps of which one has a name in use',
      ({ taps }) => taps.createAll(['new', 'port'], { master: 'br0' }),
      { code: 'EBUSY', call: 'TUNSETIFF', device: 'port' },
      /host\.taps\.delete/,
    ],
    [
      'the settings of a port of a link that is none',
      ({ bridges }) => bridges.setPort('free', { isolated: true }),
      { code: 'EOPNOTSUPP', device: 'free', object: "port 'free'" },
      /addPort/,
    ],
    [
      'what a bridge is told of its port, of a link that is none',
      ({ links }) => links.set('free', { bridgePort: { isolated: true } }),
      { code: 'EOPNOTSUPP', device: 'free', detail: 'it is in no bridge' },
      /addPort/,
    ],
    [
      'what a bond is told of its member, of a link that is none',
      ({ links }) => links.set('free', { bondMember: { queueId: 3 } }),
      { code: 'EOPNOTSUPP', device: 'free', detail: 'it is in no bond' },
      /master: 'bond0'/,
    ],
    [
      'a master that takes no ports',
      ({ links }) => links.set('free', { master: 'base' }),
      {
        code: 'EOPNOTSUPP',
        device: 'free',
        message: expect.stringMatching(/^cannot change link 'free' to a port of 'base': /),
      },
      /takes no ports/,
    ],
    [
      'what a bridge is told, of a veth',
      ({ bridges }) => bridges.set('free', { stp: true }),
      { code: 'EOPNOTSUPP', device: 'free', detail: 'it is a veth and not a bridge' },
      /^host\.links\.get/,
    ],
    [
      'what a VXLAN is told, of a bridge',
      ({ links }) => links.setKind('br0', 'vxlan', { ttl: 7 }),
      { code: 'EOPNOTSUPP', device: 'br0', detail: 'it is a bridge and not a vxlan' },
      /^host\.links\.get/,
    ],
    [
      'another network of a VXLAN',
      ({ links }) => links.setKind('vx', 'vxlan', { id: 8 }),
      { code: 'EOPNOTSUPP', device: 'vx', detail: 'Cannot change VNI' },
      /make it anew/,
    ],
    [
      'a carrier that a driver does not set',
      ({ links }) => links.set('free', { carrier: false }),
      { code: 'EOPNOTSUPP', device: 'free' },
      /cannot change that$/,
    ],
    [
      'a forward delay that the spanning tree does not take',
      ({ bridges }) => bridges.set('tree', { forwardDelay: 60 }),
      { code: 'ERANGE', device: 'tree' },
      /2 to 30 seconds/,
    ],
    [
      'the ports of a bridge that is not there',
      ({ links }) => links.list({ master: 'nope' }),
      { code: 'ENODEV', device: 'nope', message: expect.stringMatching(/^cannot find link 'nope': /) },
      /^/,
    ],
    [
      'the VLANs of a link that is not there',
      ({ bridges }) => bridges.vlans.list({ link: 'nope' }),
      { code: 'ENODEV', device: 'nope' },
      /links\.list/,
    ],
    [
      'a forwarding entry on a link in no bridge',
      ({ bridges }) => bridges.fdb.add('free', '52:54:00:00:00:01', { table: 'master' }),
      { code: 'EOPNOTSUPP', call: 'RTM_NEWNEIGH', device: 'free' },
      /self/,
    ],
    [
      'a VLAN of a link in no bridge',
      ({ bridges }) => bridges.vlans.add('free', 7),
      { code: 'EOPNOTSUPP', call: 'RTM_SETLINK', device: 'free', object: "VLAN 7 of 'free'" },
      /vlanFiltering/,
    ],
    [
      'a bridge with ports deleted',
      ({ bridges }) => bridges.delete('br0'),
      { code: 'EBUSY', call: 'RTM_DELLINK', device: 'br0', detail: 'it has ports: port' },
      /force/,
    ],
    [
      'a name in use for a link',
      ({ links }) => links.create({ kind: 'bridge', name: 'lo', mtu: 1400, alias: 'half' }),
      { code: 'EEXIST', call: 'RTM_NEWLINK', device: 'lo', object: "bridge 'lo'" },
      /links\.get/,
    ],
    [
      'a name in use for a bridge, and what it is told',
      ({ bridges }) => bridges.create('br1', { ports: ['free'], mtu: 1400, stp: true, up: true }),
      { code: 'EEXIST', call: 'RTM_NEWLINK', device: 'br1', object: "bridge 'br1'" },
      /links\.get/,
    ],
    [
      'the name of a tap for a tap',
      ({ taps }) => taps.create({ name: 'tap', mtu: 1400, master: 'br0', up: true }),
      { code: 'EBUSY', call: 'TUNSETIFF', device: 'tap', object: "tap 'tap'" },
      /host\.taps\.delete/,
    ],
    [
      'the name of a link for a tap',
      ({ taps }) => taps.create({ name: 'port', mtu: 1400, up: true }),
      { code: 'EBUSY', call: 'TUNSETIFF', device: 'port', object: "tap 'port'" },
      /host\.taps\.delete/,
    ],
    [
      'a name in use for a rename',
      ({ links }) => links.rename('free', 'port'),
      {
        code: 'EEXIST',
        device: 'free',
        message: expect.stringMatching(/^cannot rename link 'free' to 'port': /),
      },
      /links\.get/,
    ],
    [
      'a name in use and all that is changed with it',
      ({ links }) => links.set('free', { name: 'port', mtu: 1400, alias: 'half' }),
      { code: 'EEXIST', device: 'free' },
      /links\.get/,
    ],
    [
      'a name in use for the other end of a veth',
      ({ links }) => links.create({ kind: 'veth', name: 'new', options: { peer: { name: 'port' } } }),
      { code: 'EEXIST', device: 'new' },
      /other end/,
    ],
    [
      'a number in use',
      ({ links }) => links.create({ kind: 'bridge', name: 'new', index: 1 }),
      { code: expect.stringMatching(/^E(EXIST|BUSY)$/), device: 'new' },
      /./,
    ],
    [
      'a name in use besides its own',
      ({ links }) => links.addAltName('base', 'the-other-name-of-free'),
      { code: 'EEXIST', call: 'RTM_NEWLINKPROP', device: 'base' },
      /links\.get/,
    ],
    [
      'to forget a name that it has not',
      ({ links }) => links.deleteAltName('free', 'none-of-its-names'),
      { code: 'ENOENT', call: 'RTM_DELLINKPROP', device: 'free' },
      /altNames/,
    ],
    [
      'the address of a group for a link',
      ({ links }) => links.set('free', { mac: '01:00:5e:00:00:01', alias: 'half' }),
      { code: 'EADDRNOTAVAIL', device: 'free' },
      /first byte is even/,
    ],
    [
      'a long name that no link has',
      ({ links }) => links.up('ä-name-of-none-of-them'),
      { code: 'ENODEV', call: 'RTM_GETLINK', device: 'ä-name-of-none-of-them' },
      /links\.list/,
    ],
  ];

  it.each(refusals)('%s', async (_title, work, expected, hint) => {
    const { inside, netns } = lab;
    await prepare(inside);
    const before = await stateOf(netns);
    const error = await work(inside).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect((error as KernelError).hint ?? '').toMatch(hint);
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
  });
});

/** What is refused before it is sent, as the kernel would have. */
const unsent = (code: string, call: string, field: string) => ({
  name: 'KernelError',
  code,
  call,
  field,
  detail: expect.stringMatching(new RegExp(`^${field.replaceAll(/[[\].]/g, '\\$&')}: `)),
  hint: `correct ${field}; nothing was sent to the kernel`,
});

describeWith(HOST_NEEDS, 'refused before the kernel is asked', () => {
  const lab = startInside();

  const notVlans = [0, 4095, 4096, -1, 1.5, Number.NaN, 2 ** 32 + 1, '7', null];
  it.each(notVlans)('%j is no VLAN of a port, nor of a forwarding entry', async (id) => {
    const { bridges } = lab.inside;
    const vlan = id as number;
    for (const [call, field, refused] of [
      ['RTM_SETLINK', 'vlan', bridges.vlans.add('lo', vlan)],
      ['RTM_SETLINK', 'vlan[0]', bridges.vlans.add('lo', [vlan, 7])],
      ['RTM_DELLINK', 'vlan[1]', bridges.vlans.delete('lo', [1, vlan])],
      ['RTM_NEWNEIGH', 'vlan', bridges.fdb.add('lo', '52:54:00:00:00:01', { vlan })],
    ] as const) {
      if (typeof id !== 'number') await expect(refused).rejects.toThrow(TypeError);
      else await expect(refused).rejects.toMatchObject({ ...unsent('ERANGE', call, field), device: 'lo' });
    }
  });

  it.each([4095, 4096, -1, 1.5, Number.NaN, 2 ** 32 + 1])(
    '%j is no VLAN of a link, nor of a bridge',
    async (id) => {
      const { bridges, links } = lab.inside;
      const detail = `${id} is not a whole number from 0 to 4094`;
      await expect(links.create({ kind: 'vlan', link: 'lo', options: { id } })).rejects.toMatchObject({
        ...unsent('ERANGE', 'RTM_NEWLINK', 'options.id'),
        device: 'vlan%d',
        message: `cannot create vlan 'vlan%d': Numerical result out of range: options.id: ${detail} (ERANGE, RTM_NEWLINK); correct options.id; nothing was sent to the kernel`,
      });
      await expect(bridges.set('br0', { vlanDefaultPvid: id })).rejects.toMatchObject({
        ...unsent('ERANGE', 'RTM_NEWLINK', 'options.vlanDefaultPvid'),
        device: 'br0',
        detail: `options.vlanDefaultPvid: ${detail}`,
      });
    },
  );

  it('a range of VLANs that ends before it begins, and one that is the PVID', async () => {
    const { vlans } = lab.inside.bridges;
    await expect(vlans.add('lo', [20, 10])).rejects.toThrow('vlan: 20 comes after 10');
    await expect(vlans.add('lo', [10, 20], { pvid: true })).rejects.toThrow('pvid: a port has one');
  });

  const names = [
    '',
    '.',
    '..',
    'a b',
    'a\tb',
    'a/b',
    'a:b',
    'a\0b',
    'ääääääää',
    'sixteen-bytes-is',
    '%',
    'a%s',
    'a%d%d',
    7,
    null,
  ];
  it.each(names)('%j is no name of a device', async (name) => {
    const { bridges, links, taps } = lab.inside;
    const given = name as string;
    const peer = { name: given };
    for (const [field, device, refused, call = 'RTM_NEWLINK'] of [
      ['name', given, bridges.create(given)],
      ['name', given, links.create({ kind: 'bridge', name: given })],
      ['name', given, taps.create({ name: given }), 'TUNSETIFF'],
      ['to', 'lo', links.rename('lo', given)],
      ['name', 'lo', links.set('lo', { name: given })],
      ['options.peer.name', 'x', links.create({ kind: 'veth', name: 'x', options: { peer } })],
      ['master', 'lo', links.set('lo', { master: given === null ? (7 as never) : given })],
    ] as const) {
      if (typeof name !== 'string') {
        await expect(refused, field).rejects.toThrow(TypeError);
        await expect(refused, field).rejects.toThrow(new RegExp(`^${field}: `));
        continue;
      }
      const code = expect.stringMatching(/^(EINVAL|ENAMETOOLONG)$/);
      await expect(refused, field).rejects.toMatchObject({ ...unsent(code, call, field), device });
    }
  });

  const far = { destination: '10.0.0.0/8', gateway: '10.0.0.1' };
  type Unsent = [string, (host: Host) => unknown, code: string, call: string, field: string];
  it.each<Unsent>([
    ['a filter', (h) => h.links.list({ group: -1 }), 'ERANGE', 'RTM_GETLINK', 'group'],
    ['a number', (h) => h.links.find({ index: 2 ** 32 }), 'ERANGE', 'RTM_GETLINK', 'key.index'],
    ['an MTU', (h) => h.links.set('lo', { mtu: -1 }), 'ERANGE', 'RTM_NEWLINK', 'mtu'],
    ['a MAC', (h) => h.links.set('lo', { mac: '52:54' }), 'EINVAL', 'RTM_NEWLINK', 'mac'],
    [
      'an altname',
      (h) => h.links.addAltName('lo', 'x'.repeat(128)),
      'ENAMETOOLONG',
      'RTM_NEWLINKPROP',
      'altName',
    ],
    ['a kind', (h) => h.links.create({ kind: 'bridgee' as 'bridge' }), 'EINVAL', 'RTM_NEWLINK', 'kind'],
    [
      'its option',
      (h) => h.links.setKind('b', 'bond', { miimon: -1 }),
      'ERANGE',
      'RTM_NEWLINK',
      'options.miimon',
    ],
    ['a bridge', (h) => h.bridges.show('a/b'), 'EINVAL', 'RTM_GETLINK', 'name'],
    ['a delay', (h) => h.bridges.create('b', { forwardDelay: -1 }), 'ERANGE', 'RTM_NEWLINK', 'forwardDelay'],
    ['hellos', (h) => h.bridges.set('b', { helloTime: 0 }), 'ERANGE', 'RTM_NEWLINK', 'options.helloTime'],
    ['an age', (h) => h.bridges.create('b', { maxAge: 3 }), 'ERANGE', 'RTM_NEWLINK', 'maxAge'],
    ['a port', (h) => h.bridges.addPort('b', 'a/b'), 'EINVAL', 'RTM_NEWLINK', 'port'],
    [
      'its cost',
      (h) => h.bridges.setPort('p', { pathCost: -1 }),
      'ERANGE',
      'RTM_NEWLINK',
      'bridgePort.pathCost',
    ],
    ['whose port', (h) => h.bridges.removePort('%s', 'p'), 'EINVAL', 'RTM_NEWLINK', 'bridge'],
    ['a NIC', (h) => h.bridges.takeOver('b', 'a b'), 'EINVAL', 'RTM_NEWLINK', 'nic'],
    ['the same back', (h) => h.bridges.giveBack('b', 'a b'), 'EINVAL', 'RTM_NEWLINK', 'nic'],
    ['an entry', (h) => h.bridges.fdb.append('v', 'zz'), 'EINVAL', 'RTM_NEWNEIGH', 'mac'],
    ['entries', (h) => h.bridges.fdb.list({ bridge: 'a:b' }), 'EINVAL', 'RTM_GETNEIGH', 'bridge'],
    ['VLANs', (h) => h.bridges.vlans.list({ link: 'a:b' }), 'EINVAL', 'RTM_GETLINK', 'link'],
    ['their order', (h) => h.bridges.vlans.add('p', [9, 1]), 'EINVAL', 'RTM_SETLINK', 'vlan'],
    ['a tap', (h) => h.taps.createAll(['a', 'a b']), 'EINVAL', 'TUNSETIFF', 'names[1]'],
    ['its owner', (h) => h.taps.create({ owner: -1 }), 'ERANGE', 'TUNSETIFF', 'owner'],
    ['its end', (h) => h.taps.delete('a b'), 'EINVAL', 'RTM_GETLINK', 'name'],
    ['an address', (h) => h.addresses.add('lo', '10.0.0.1/33'), 'EINVAL', 'RTM_NEWADDR', 'cidr'],
    [
      'its label',
      (h) => h.addresses.add('lo', '::1', { label: 'x'.repeat(16) }),
      'ENAMETOOLONG',
      'RTM_NEWADDR',
      'label',
    ],
    ['its end', (h) => h.addresses.delete('lo', '10.0.0'), 'EINVAL', 'RTM_DELADDR', 'cidr'],
    ['addresses', (h) => h.addresses.list({ link: 'a/b' }), 'EINVAL', 'RTM_GETADDR', 'link'],
    ['all of a link', (h) => h.addresses.flush('a/b'), 'EINVAL', 'RTM_GETADDR', 'link'],
    ['a subnet', (h) => h.routes.add({ destination: '10.0.0.1/8' }), 'EINVAL', 'RTM_NEWROUTE', 'destination'],
    ['a metric', (h) => h.routes.delete({ ...far, metric: -1 }), 'ERANGE', 'RTM_DELROUTE', 'metric'],
    ['its family', (h) => h.routes.replace({ ...far, family: 'ipv6' }), 'EINVAL', 'RTM_NEWROUTE', 'family'],
    ['routes', (h) => h.routes.list({ device: 'a/b' }), 'EINVAL', 'RTM_GETROUTE', 'device'],
    ['a way', (h) => h.routes.get('10.0.0.256'), 'EINVAL', 'RTM_GETROUTE', 'to'],
    ['a rule', (h) => h.rules.add({ priority: -1 }), 'ERANGE', 'RTM_NEWRULE', 'priority'],
    ['its end', (h) => h.rules.delete({ from: '10.0.0.0/8', to: '::/0' }), 'EINVAL', 'RTM_DELRULE', 'to'],
    ['a neighbour', (h) => h.neighbours.add('lo', '10', { mac: 'zz' }), 'EINVAL', 'RTM_NEWNEIGH', 'address'],
    ['its end', (h) => h.neighbours.delete('a/b', '10.0.0.1'), 'EINVAL', 'RTM_DELNEIGH', 'link'],
    ['neighbours', (h) => h.neighbours.list({ link: 'a/b' }), 'EINVAL', 'RTM_GETNEIGH', 'link'],
    ['a function', (h) => h.virtualFunctions.get('lo', -1), 'ERANGE', 'RTM_GETLINK', 'index'],
    ['its VLAN', (h) => h.virtualFunctions.set('lo', 0, { vlan: 4095 }), 'ERANGE', 'RTM_NEWLINK', 'vlan'],
    ['how many', (h) => h.virtualFunctions.create('lo', 0), 'ERANGE', 'sriov_numvfs', 'count'],
    ['whose', (h) => h.virtualFunctions.list('a/b'), 'EINVAL', 'RTM_GETLINK', 'pf'],
    ['a namespace', (h) => h.in(''), 'EINVAL', 'open', 'netns'],
    ['what to watch', (h) => h.watch({ of: ['linkk' as 'link'] }), 'EINVAL', 'bind', 'of[0]'],
    [
      'a change among others',
      (h) => h.transaction((tx) => tx.links.set('lo', { mtu: -1 })),
      'ERANGE',
      'RTM_NEWLINK',
      'mtu',
    ],
  ])('%s that the kernel does not take', async (_what, ask, code, call, field) => {
    const before = await stateOf(lab.netns);
    const error = await (async () => ask(lab.inside))().catch((reason: unknown) => reason);
    expect(error).toMatchObject(unsent(code, call, field));
    expect((error as Error).message).toMatch(/^cannot .*; nothing was sent to the kernel$/);
    expect(await stateOf(lab.netns)).toBe(before);
  });

  it('a rename to nothing, and a name longer than any', async () => {
    const { links } = lab.inside;
    await expect(links.rename('lo', undefined as never)).rejects.toThrow(TypeError);
    const long = 'x'.repeat(128);
    for (const refused of [links.up(long), links.get(long), links.delete(long), links.deleteAll([long])])
      await expect(refused).rejects.toMatchObject({
        code: 'ENAMETOOLONG',
        device: long,
        detail: expect.stringMatching(/^name(s\[0\])?: .* has 128 bytes; the kernel takes 127/),
      });
    expect(await links.find('y'.repeat(127))).toBeUndefined();
  });
});
