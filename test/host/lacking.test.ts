// What a process may not do, or a machine has not: which error says so, with what to do about it.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Capabilities, KernelError } from '../../lib/host/index.js';
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
      hint: expect.stringContaining('host.namespaces.attach'),
    });
  });

  it('is told which kinds of links it cannot find out', async () => {
    await using netns = await freshNetns();
    // Of what is loaded or installed, files tell anybody; of TUN, whose device there is, /proc/misc does.
    for (const folder of ['/sys/module', '/lib/modules'])
      await netns.inside.must('sh', '-c', `test ! -d ${folder} || mount -t tmpfs none ${folder}`);
    const kindsBehind = async (...behind: string[]) => {
      const [found] = await attempt(netns, ['capabilities'], behind);
      return Object.entries((found as Attempt & { done: Capabilities }).done.kinds);
    };
    for (const [kind, capability] of await kindsBehind(...without('net_admin')))
      expect(capability, kind).toEqual(
        kind === 'tun'
          ? { available: true }
          : { how: expect.stringMatching(/^run as root: .*CAP_NET_ADMIN/) },
      );
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
