// What the kernel refuses: which error says so, with what to do about it, and that all is as it was.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Capabilities, type Host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startNamespaces } from '../lab/namespaces.js';
import { type Attempt, attempt, without } from './attempt.js';
import { startInside } from './inside.js';
import { freshNetns, HOST_NEEDS, Netns } from './netns.js';
import { stateOf } from './state.js';

describeWith(HOST_NEEDS, 'a process without CAP_NET_ADMIN', () => {
  const calls = {
    'taps.create': 'TUNSETIFF',
    'taps.createAll': 'TUNSETIFF',
    'taps.delete': 'RTM_DELLINK',
    'Tap.open': 'TUNSETIFF',
    'Tap.open there': 'SIOCSIFMTU',
    'tap.set mac': 'SIOCSIFMTU',
    'tap.set up': 'SIOCSIFFLAGS',
    'links.create': 'RTM_NEWLINK',
    'links.set': 'RTM_NEWLINK',
    'links.rename': 'RTM_NEWLINK',
    'links.addAltName': 'RTM_NEWLINKPROP',
    'links.delete': 'RTM_DELLINK',
    'links.deleteAll': 'RTM_DELLINK',
    'bridges.create': 'RTM_NEWLINK',
    'bridges.addPort': 'RTM_NEWLINK',
    'bridges.set': 'RTM_NEWLINK',
    'bridges.delete': 'RTM_DELLINK',
    'bridges.takeOver': 'RTM_NEWLINK',
    'fdb.add': 'RTM_NEWNEIGH',
    'vlans.add': 'RTM_SETLINK',
    'addresses.add': 'RTM_NEWADDR',
    'routes.add': 'RTM_NEWROUTE',
    'rules.add': 'RTM_NEWRULE',
    'neighbours.add': 'RTM_NEWNEIGH',
    transaction: 'RTM_NEWLINK',
  };
  const withoutDevice = ['rules.add'];

  it('is refused each change by name, and changes nothing', async () => {
    await using netns = await freshNetns();
    await netns.ip('tuntap add there mode tap');
    await netns.ip('link add bridge type bridge');
    const before = await stateOf(netns);
    const refused = await attempt(netns, Object.keys(calls), without('net_admin'));
    expect(refused.map(({ attempt: name, call }) => [name, call])).toEqual(Object.entries(calls));
    for (const one of refused) {
      expect(one).toMatchObject({
        name: 'KernelError',
        code: 'EPERM',
        errno: 1,
        hint: expect.stringMatching(/CAP_NET_ADMIN.*run as root/),
      });
      expect(one.message).toMatch(/^cannot [a-z]+ .*: Operation not permitted \(EPERM, /);
      if (!withoutDevice.includes(one.attempt))
        expect(one.device, one.attempt).toMatch(/^(new|there|bridge|lo)$/);
    }
    expect(await stateOf(netns)).toBe(before);
  });

  it('is told so by the capabilities, and what it cannot find out', async () => {
    await using netns = await freshNetns();
    // Nor that of tracing processes that have more, as process 1 has.
    const [found, entered] = await attempt(
      netns,
      ['capabilities', 'host.in'],
      without('net_admin', 'sys_ptrace'),
    );
    expect(found?.done).toMatchObject({
      netAdmin: { available: false, how: expect.stringContaining('cap_net_admin+ep') },
      sysAdmin: { available: true },
    });
    expect(entered).toMatchObject({
      code: 'EACCES',
      call: 'open',
      hint: expect.stringContaining('ip netns attach'),
    });
  });

  it('is told which kinds of links it cannot find out', async () => {
    await using netns = await freshNetns();
    // Of what is loaded or installed, files tell anybody.
    for (const folder of ['/sys/module', '/lib/modules'])
      await netns.inside.must('sh', '-c', `test ! -d ${folder} || mount -t tmpfs none ${folder}`);
    const kindsBehind = async (...behind: string[]) => {
      const [found] = await attempt(netns, ['capabilities'], behind);
      return Object.entries((found as Attempt & { done: Capabilities }).done.kinds);
    };
    for (const [kind, capability] of await kindsBehind(...without('net_admin')))
      expect(capability, kind).toEqual({ how: expect.stringMatching(/^run as root: .*CAP_NET_ADMIN/) });
    for (const [kind, { available }] of await kindsBehind()) expect(available, kind).toBeTypeOf('boolean');
    expect(await netns.linkNames()).toEqual(['lo']);
  });
});

describeWith([...HOST_NEEDS, 'eBPF'], 'eBPF programs of a tap', () => {
  it.each<[string, string[], boolean]>([
    ['with all rights', [], true],
    ['with CAP_BPF and no other', without('sys_admin'), true],
    ['with CAP_SYS_ADMIN', without('bpf'), true],
    ['with neither', without('bpf', 'sys_admin'), false],
    ['as root of a user namespace', ['unshare', '--user', '--map-root-user', '--net'], false],
  ])('are there as the capabilities say: %s', async (_title, behind, expected) => {
    await using netns = await freshNetns();
    const [found, set] = await attempt(netns, ['capabilities', 'tap.set ebpfFilter'], behind);
    const { ebpf } = (found as Attempt).done as Capabilities;
    const forAll = readFileSync('/proc/sys/kernel/unprivileged_bpf_disabled', 'utf8').trim() === '0';
    expect(ebpf.available).toBe(expected || forAll);
    if (ebpf.available) expect(set).toEqual({ attempt: 'tap.set ebpfFilter' });
    else {
      expect(ebpf.how).toMatch(/CAP_BPF|descriptor/);
      expect(set).toMatchObject({
        code: 'EPERM',
        call: 'BPF_PROG_LOAD',
        device: 'new',
        hint: expect.stringContaining('CAP_BPF'),
      });
    }
  });
});

describeWith(HOST_NEEDS, 'a machine without /dev/net/tun', () => {
  const MAKE_IT = 'mknod -m 666 /dev/net/tun c 10 200';
  it.each<[string, string, object, string]>([
    [
      'it is missing',
      'true',
      { code: 'ENOENT', call: 'open /dev/net/tun', hint: expect.stringContaining('modprobe tun') },
      MAKE_IT,
    ],
    [
      'no driver is behind it',
      'mknod /dev/net/tun c 10 201',
      { code: 'ENODEV', call: 'open /dev/net/tun', hint: expect.stringContaining('modprobe tun') },
      MAKE_IT,
    ],
    [
      'it is another file',
      'touch /dev/net/tun',
      {
        code: 'ENOTTY',
        call: 'TUNSETIFF',
        hint: expect.stringContaining(MAKE_IT),
      },
      MAKE_IT,
    ],
    [
      'its mode keeps others out',
      'mknod -m 600 /dev/net/tun c 10 200 && chown 1234 /dev/net/tun',
      {
        code: 'EACCES',
        call: 'open /dev/net/tun',
        hint: expect.stringContaining('chmod 666 /dev/net/tun'),
      },
      'chmod 666 /dev/net/tun',
    ],
  ])('says so, and makes no device: %s', async (_title, prepare, expected, how) => {
    await using netns = new Netns(await startNamespaces(['/dev/net']));
    await netns.inside.must('sh', '-c', prepare);
    const before = await stateOf(netns);
    // With that capability root may open what its mode keeps from all but another user.
    const [found, ...refused] = await attempt(
      netns,
      ['capabilities', 'taps.create', 'taps.createAll', 'Tap.open'],
      without('dac_override'),
    );
    expect(found?.done).toMatchObject({
      netAdmin: { available: true },
      tun: { available: false, how: expect.stringContaining(how) },
    });
    for (const one of refused)
      expect(one).toMatchObject({ name: 'KernelError', device: 'new', object: "tap 'new'", ...expected });
    expect(await stateOf(netns)).toBe(before);
  });
});

describeWith(HOST_NEEDS, 'what a kernel may not have', () => {
  const lab = startInside();

  it.each(['vlan', 'bond', 'dummy'] as const)(
    'a %s is made where the capabilities have it, and refused with the reason elsewhere',
    async (kind) => {
      const { inside, netns } = lab;
      if (!(await inside.links.find('below'))) await inside.links.create({ kind: 'ifb', name: 'below' });
      const before = await stateOf(netns);
      const { available, how } = (await inside.capabilities()).kinds[kind];
      const making = inside.links.create(
        kind === 'vlan' ? { kind, name: 'made', link: 'below', options: { id: 7 } } : { kind, name: 'made' },
      );
      if (available) {
        expect(await making).toMatchObject({ name: 'made', kind });
        await inside.links.delete('made');
      } else {
        expect(how).toMatch(/no module .*: install one/);
        const error = await making.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(KernelError);
        expect(error).toMatchObject({
          code: 'EOPNOTSUPP',
          call: 'RTM_NEWLINK',
          device: 'made',
          object: `${kind} 'made'`,
          hint: expect.stringContaining('host.capabilities()'),
        });
      }
      expect(await stateOf(netns)).toBe(before);
    },
  );
});

describeWith(HOST_NEEDS, 'the kernel refuses', () => {
  const lab = startInside();
  const prepare = async ({ bridges, links, taps }: Host) => {
    if (await links.find('br0')) return;
    await links.create({ kind: 'veth', name: 'port', options: { peer: { name: 'free' } } });
    await links.create({ kind: 'veth', name: 'base', options: { peer: { name: 'other' } } });
    await bridges.create('br0', { ports: ['port'] });
    await bridges.create('br1');
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

describeWith(HOST_NEEDS, 'refused before the kernel is asked', () => {
  const lab = startInside();

  const notVlans = [0, 4095, 4096, -1, 1.5, Number.NaN, 2 ** 32 + 1, '7', null];
  it.each(notVlans)('%j is no VLAN of a port, nor of a forwarding entry', async (id) => {
    const { bridges } = lab.inside;
    const kind = typeof id === 'number' ? RangeError : TypeError;
    for (const refused of [
      bridges.vlans.add('lo', id as number),
      bridges.vlans.add('lo', [id as number, 7]),
      bridges.vlans.delete('lo', [1, id as number]),
      bridges.fdb.add('lo', '52:54:00:00:00:01', { vlan: id as number }),
    ]) {
      await expect(refused).rejects.toThrow(kind);
      await expect(refused).rejects.toThrow(/^vlan(\[[01]\])?: /);
    }
  });

  it.each([4095, 4096, -1, 1.5, Number.NaN, 2 ** 32 + 1])(
    '%j is no VLAN of a link, nor of a bridge',
    async (id) => {
      const { bridges, links } = lab.inside;
      const message = `${id} is not a whole number from 0 to 4094`;
      await expect(links.create({ kind: 'vlan', link: 'lo', options: { id } })).rejects.toThrow(
        new RangeError(`options.id: ${message}`),
      );
      await expect(bridges.set('br0', { vlanDefaultPvid: id })).rejects.toThrow(
        new RangeError(`options.vlanDefaultPvid: ${message}`),
      );
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
    const kind = typeof name === 'string' ? RangeError : TypeError;
    const given = name as string;
    for (const [path, refused] of [
      ['name', bridges.create(given)],
      ['name', links.create({ kind: 'bridge', name: given })],
      ['name', taps.create({ name: given })],
      ['to', links.rename('lo', given)],
      ['name', links.set('lo', { name: given })],
      ['options.peer.name', links.create({ kind: 'veth', name: 'x', options: { peer: { name: given } } })],
      ['master', links.set('lo', { master: given === null ? (7 as never) : given })],
    ] as const) {
      await expect(refused, path).rejects.toThrow(kind);
      await expect(refused, path).rejects.toThrow(new RegExp(`^${path}: `));
    }
  });

  it('a rename to nothing, and a name longer than any', async () => {
    const { links } = lab.inside;
    await expect(links.rename('lo', undefined as never)).rejects.toThrow(TypeError);
    const long = 'x'.repeat(128);
    for (const refused of [links.up(long), links.get(long), links.delete(long), links.deleteAll([long])])
      await expect(refused).rejects.toThrow(/^name(s\[0\])?: .* has 128 bytes; the kernel takes 127/);
    expect(await links.find('y'.repeat(127))).toBeUndefined();
  });
});
