// What is refused before the kernel is asked: which error says so, of which field, and that all is as it was.

import { expect, it } from 'vitest';
import type { Host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';
import { stateOf } from './state.js';

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
  it.each(notVlans)('%o is no VLAN of a port, nor of a forwarding entry', async (id) => {
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
    '%o is no VLAN of a link, nor of a bridge',
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
    'à', // C3 A0
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
      // One that is too long to be its own may be another name of the master.
      ...(typeof given === 'string' && new TextEncoder().encode(given).length > 15
        ? []
        : ([['master', 'lo', links.set('lo', { master: given === null ? (7 as never) : given })]] as const)),
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
    [
      'groups that never pass',
      (h) => h.bridges.set('b', { groupForwardMask: 1 }),
      'EINVAL',
      'RTM_NEWLINK',
      'options.groupForwardMask',
    ],
    [
      'the same of a port',
      (h) => h.bridges.setPort('p', { groupForwardMask: 2 }),
      'EINVAL',
      'RTM_NEWLINK',
      'bridgePort.groupForwardMask',
    ],
    [
      'the group of the tree',
      (h) => h.bridges.create('b', { groupAddress: '01:80:c2:00:00:02' }),
      'EINVAL',
      'RTM_NEWLINK',
      'groupAddress',
    ],
    ['another kind', (h) => h.links.setKind('b', 'foo' as 'bond', {}), 'EINVAL', 'RTM_NEWLINK', 'kind'],
    [
      'sources of another mode',
      (h) => h.links.create({ kind: 'macvlan', link: 'lo', options: { macs: [] } }),
      'EINVAL',
      'RTM_NEWLINK',
      'options.mode',
    ],
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
    ['the end of a tap', (h) => h.taps.delete('a b'), 'EINVAL', 'RTM_GETLINK', 'name'],
    ['an address', (h) => h.addresses.add('lo', '10.0.0.1/33'), 'EINVAL', 'RTM_NEWADDR', 'cidr'],
    [
      'its label',
      (h) => h.addresses.add('lo', '::1', { label: 'x'.repeat(16) }),
      'ENAMETOOLONG',
      'RTM_NEWADDR',
      'label',
    ],
    ['the end of an address', (h) => h.addresses.delete('lo', '10.0.0'), 'EINVAL', 'RTM_DELADDR', 'cidr'],
    ['addresses', (h) => h.addresses.list({ link: 'a/b' }), 'EINVAL', 'RTM_GETADDR', 'link'],
    ['all of a link', (h) => h.addresses.flush('a/b'), 'EINVAL', 'RTM_GETADDR', 'link'],
    ['a subnet', (h) => h.routes.add({ destination: '10.0.0.1/8' }), 'EINVAL', 'RTM_NEWROUTE', 'destination'],
    ['a metric', (h) => h.routes.delete({ ...far, metric: -1 }), 'ERANGE', 'RTM_DELROUTE', 'metric'],
    ['its family', (h) => h.routes.replace({ ...far, family: 'ipv6' }), 'EINVAL', 'RTM_NEWROUTE', 'family'],
    ['routes', (h) => h.routes.list({ device: 'a/b' }), 'EINVAL', 'RTM_GETROUTE', 'device'],
    ['a way', (h) => h.routes.get('10.0.0.256'), 'EINVAL', 'RTM_GETROUTE', 'to'],
    ['a rule', (h) => h.rules.add({ priority: -1 }), 'ERANGE', 'RTM_NEWRULE', 'priority'],
    [
      'the end of a rule',
      (h) => h.rules.delete({ from: '10.0.0.0/8', to: '::/0' }),
      'EINVAL',
      'RTM_DELRULE',
      'to',
    ],
    ['a neighbour', (h) => h.neighbours.add('lo', '10', { mac: 'zz' }), 'EINVAL', 'RTM_NEWNEIGH', 'address'],
    [
      'the end of a neighbour',
      (h) => h.neighbours.delete('a/b', '10.0.0.1'),
      'EINVAL',
      'RTM_DELNEIGH',
      'link',
    ],
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

  it.each<[string, (inside: Host) => Promise<unknown>, string]>([
    [
      'a name of 16 bytes',
      ({ links }) => links.create({ kind: 'bridge', name: 'sixteen-bytes-is' }),
      'name: sixteen-bytes-is has 16 bytes; the kernel takes 15',
    ],
    [
      'a name with a slash',
      ({ links }) => links.create({ kind: 'bridge', name: 'a/b' }),
      "name: a/b is not the name of a network device: the kernel takes no '/', ':' and white space",
    ],
    [
      'two patterns',
      ({ links }) => links.create({ kind: 'bridge', name: 'a%d%d' }),
      `name: "a%d%d": '%d' once stands for the next free number, no other '%'`,
    ],
    [
      'a VLAN out of range',
      ({ links }) => links.create({ kind: 'vlan', link: 'lo', options: { id: 4095 } }),
      'options.id: 4095 is not a whole number from 0 to 4094',
    ],
    [
      'a VLAN on nothing',
      ({ links }) => links.create({ kind: 'vlan', options: { id: 4 } }),
      'link: missing; a vlan stands on another link',
    ],
    [
      'what an ifb stands on',
      ({ links }) => links.create({ kind: 'ifb', link: 'lo' }),
      'link: one of the kind ifb stands on no other link',
    ],
    [
      'two links that a VXLAN stands on',
      ({ links }) => links.create({ kind: 'vxlan', link: 'lo', options: { id: 7, link: 'lo2' } }),
      'link: lo is not lo2, which options.link says',
    ],
    [
      'how many queues it has',
      ({ links }) => links.set('lo', { txQueues: 7 } as never),
      'txQueues: unknown field of a link; how many queues it has is said when it is made',
    ],
    [
      'an address of mode source, and not what to do with it',
      ({ links }) => links.setKind('lo', 'macvlan', { mac: '52:54:00:00:00:01' }),
      'options.macAction: missing; say whether to add or delete the address',
    ],
    [
      'all addresses of mode source to be added',
      ({ links }) => links.setKind('lo', 'macvlan', { macAction: 'add', macs: [] }),
      'options.macs: to add takes mac',
    ],
    [
      'a misspelt option',
      ({ links }) => links.create({ kind: 'bridge', options: { priorty: 3 } as never }),
      'options.priorty: unknown field of a bridge; did you mean priority?',
    ],
    [
      'a kind that is made otherwise',
      ({ links }) => links.create({ kind: 'tun' } as never),
      'kind: tun is not one of',
    ],
    [
      'a misspelt mode',
      ({ links }) => links.create({ kind: 'macvlan', link: 'lo', options: { mode: 'brige' as never } }),
      'options.mode: brige is not one of private, vepa, bridge, passthru, source; did you mean bridge?',
    ],
    [
      'a number for a MAC address',
      ({ links }) => links.set('lo', { mac: 5 as never }),
      'mac: 5 is not a MAC address',
    ],
    [
      'an IP address of a link',
      ({ links }) => links.set('lo', { address: '10.0.0.1' } as never),
      'address: unknown field of a link',
    ],
  ])('what a link cannot be told: %s', async (_title, work, message) => {
    await expect(work(lab.inside)).rejects.toThrow(message);
  });
});
