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
    await taps.create({ name: 'leaf', master: 'tree' });
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
      'a route to nobody and by nothing',
      ({ routes }) => routes.add({ destination: '10.9.0.0/16' }),
      { code: 'ENODEV', call: 'RTM_NEWROUTE', object: 'route to 10.9.0.0/16' },
      /gateway/,
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
      /links\.list/,
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
      /host\.links\.get tells/,
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
    [
      'a new link in what takes no ports',
      ({ links }) => links.create({ kind: 'veth', name: 'new', master: 'base' }),
      {
        code: 'EOPNOTSUPP',
        message: expect.stringMatching(/^cannot create veth 'new' as a port of 'base': /),
      },
      /takes no ports/,
    ],
    [
      'an MTU that no veth has',
      ({ links }) => links.create({ kind: 'veth', name: 'new', mtu: 70000 }),
      { code: 'EINVAL', device: 'new' },
      /68 to 65535/,
    ],
    ...['all', 'default'].flatMap((name): Refusal[] => [
      [
        `the name ${name} for a link`,
        ({ links }) => links.create({ kind: 'ifb', name }),
        { code: 'EINVAL', device: name },
        /sysctls/,
      ],
      [
        `the name ${name} for a tap`,
        ({ taps }) => taps.create({ name }),
        { code: 'EINVAL', device: name },
        /sysctls/,
      ],
    ]),
    [
      'a rename to all',
      ({ links }) => links.rename('free', 'all'),
      { code: 'EINVAL', device: 'free' },
      /sysctls/,
    ],
    [
      'a VLAN of an entry where the bridge keeps none apart',
      ({ bridges }) => bridges.fdb.add('port', '52:54:00:00:00:01', { table: 'master', vlan: 7 }),
      { code: 'EINVAL', call: 'RTM_NEWNEIGH', device: 'port' },
      /vlanFiltering/,
    ],
    [
      'an entry of a bridge for no address',
      ({ bridges }) => bridges.fdb.add('port', '00:00:00:00:00:00', { table: 'master' }),
      { code: 'EINVAL', call: 'RTM_NEWNEIGH', device: 'port' },
      /VXLAN/,
    ],
    [
      'a peer of another family',
      ({ bridges }) => bridges.fdb.append('vx', '00:00:00:00:00:00', { destination: 'fd00::1' }),
      { code: 'EAFNOSUPPORT', device: 'vx' },
      /one family/,
    ],
    [
      'an entry that is not there deleted',
      ({ bridges }) => bridges.fdb.delete('port', '52:54:00:00:00:01', { table: 'master' }),
      { code: 'ENOENT', call: 'RTM_DELNEIGH', device: 'port' },
      /fdb\.list/,
    ],
    [
      'a port of no bridge removed',
      ({ bridges }) => bridges.removePort('br0', 'free'),
      { code: 'EINVAL', device: 'free', detail: 'it is in no bridge' },
      /bridges\.show/,
    ],
    [
      'addresses of a macvtap device that is not of the mode source',
      ({ links }) => links.setKind('upon', 'macvtap', { macs: ['52:54:00:00:00:01'] }),
      { code: 'EINVAL', device: 'upon' },
      /mode source/,
    ],
    [
      'the state of a port in a spanning tree',
      ({ bridges }) => bridges.setPort('leaf', { state: 'disabled' }),
      { code: 'EBUSY', device: 'leaf' },
      /spanning tree.*stp: false/,
    ],
    [
      'the state of a port that is down',
      ({ bridges }) => bridges.setPort('port', { state: 'forwarding' }),
      { code: 'ENETDOWN', device: 'port' },
      /links\.up/,
    ],
  ];

  it.each(refusals)('%s', async (_title, work, expected, hint) => {
    const { inside, netns } = lab;
    await prepare(inside);
    const before = await stateOf(netns);
    const error = await work(inside).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect((error as KernelError).hint).toMatch(hint);
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
  });
});
