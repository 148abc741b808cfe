import { expect, it } from 'vitest';
import { type Host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS, type Netns } from './netns.js';

interface Details {
  ifname: string;
  flags: string[];
  master?: string;
  mtu: number;
  address: string;
  linkinfo: { info_data: Record<string, unknown>; info_slave_data: Record<string, unknown> };
}

const detailsOf = async (netns: Netns, name: string) =>
  (await netns.ipJson<Details[]>(`link show dev ${name}`))[0] as Details;

const veth = async (inside: Host, name: string) => {
  await inside.links.create({
    kind: 'veth',
    name,
    up: true,
    options: { peer: { name: `${name}p` } },
  });
  await inside.links.up(`${name}p`);
  return name;
};

describeWith([...HOST_NEEDS, 'bridge-utils'], 'bridges', () => {
  const lab = startInside();

  it('are made with all that they are told, and their ports', async () => {
    const { inside, netns } = lab;
    await veth(inside, 'a0');
    await veth(inside, 'a1');
    const made = await inside.bridges.create('abr', {
      stp: true,
      forwardDelay: 4,
      helloTime: 3,
      maxAge: 10,
      ageingTime: 100,
      priority: 4096,
      groupForwardMask: 8,
      multicastSnooping: false,
      groupAddress: '01:80:c2:00:00:04',
      mac: '52:54:00:00:00:01',
      mtu: 1400,
      alias: 'lab',
      ports: ['a0', 'a1'],
      up: true,
    });
    expect(made).toMatchObject({ name: 'abr', kind: 'bridge', alias: 'lab' });
    const theirs = await detailsOf(netns, 'abr');
    expect(theirs).toMatchObject({ address: '52:54:00:00:00:01', mtu: 1400, ifalias: 'lab' });
    expect(theirs.flags).toContain('UP');
    expect(theirs.linkinfo.info_data).toMatchObject({
      stp_state: 1,
      forward_delay: 400,
      hello_time: 300,
      max_age: 1000,
      ageing_time: 10000,
      priority: 4096,
      group_fwd_mask: '0x8',
      mcast_snooping: 0,
      group_addr: '01:80:c2:00:00:04',
    });
    expect((await detailsOf(netns, 'a1')).master).toBe('abr');
  });

  it('show all that brctl show and bridge link say', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('sbr', {
      ports: [await veth(inside, 's0'), await veth(inside, 's1')],
      up: true,
    });
    await inside.bridges.setPort('s1', {
      priority: 5,
      pathCost: 77,
      hairpin: true,
      isolated: true,
      learning: false,
    });
    const shown = await inside.bridges.show('sbr');
    const brctl = await netns.inside.must('brctl', 'show', 'sbr');
    const [, line = '', second = ''] = brctl.split('\n');
    expect(line.split(/\s+/)).toEqual(['sbr', shown.id, shown.stp ? 'yes' : 'no', shown.ports[0]?.name]);
    expect(second.trim()).toBe(shown.ports[1]?.name);
    const bridgeLink = await netns.bridgeJson<Record<string, unknown>[]>('link show');
    for (const port of shown.ports) {
      expect(bridgeLink.find(({ ifname }) => ifname === port.name)).toMatchObject({
        master: 'sbr',
        state: port.state,
        priority: port.priority,
        cost: port.pathCost,
        hairpin: port.hairpin,
        isolated: port.isolated,
        learning: port.learning,
        flood: port.flood,
      });
    }
    expect(shown.ports[1]).toMatchObject({
      priority: 5,
      pathCost: 77,
      hairpin: true,
      isolated: true,
      learning: false,
    });
    const stp = await netns.inside.must('brctl', 'showstp', 'sbr');
    expect(stp).toMatch(new RegExp(`forward delay\\s+${shown.options.forwardDelay?.toFixed(2)}\\s`));
    expect(stp).toMatch(new RegExp(`ageing time\\s+${shown.options.ageingTime?.toFixed(2)}\\s`));
    expect(stp).toMatch(new RegExp(`designated root\\s+${shown.options.rootId}\\s`));
    expect((await inside.bridges.show()).map(({ name }) => name)).toContain('sbr');
    await expect(inside.bridges.show(undefined as never)).rejects.toThrow(TypeError);
  });

  it('take ports and give them back', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('tbr');
    await veth(inside, 't0');
    await inside.bridges.addPort('tbr', 't0', { isolated: true, broadcastFlood: false });
    const port = await detailsOf(netns, 't0');
    expect(port.master).toBe('tbr');
    expect(port.linkinfo.info_slave_data).toMatchObject({ isolated: true, bcast_flood: false });
    await inside.bridges.set('tbr', { stp: true, ageingTime: 0 });
    expect((await detailsOf(netns, 'tbr')).linkinfo.info_data).toMatchObject({
      stp_state: 1,
      ageing_time: 0,
    });
    await inside.bridges.removePort('tbr', 't0');
    expect(await detailsOf(netns, 't0')).not.toHaveProperty('master');
    await inside.bridges.delete('tbr');
    expect(await netns.linkNames()).not.toContain('tbr');
  });

  it('learn and are told who is where', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('fbr', { ports: [await veth(inside, 'f0')], up: true });
    await inside.bridges.fdb.add('f0', '52:54:00:00:00:aa', { table: 'master', state: 'static' });
    await inside.bridges.fdb.add('f0', '52:54:00:00:00:bb', { table: 'master', state: 'dynamic' });
    await inside.bridges.fdb.add('f0', '52:54:00:00:00:cc', {
      table: 'master',
      state: 'static',
      sticky: true,
    });
    const theirs =
      await netns.bridgeJson<
        { mac: string; ifname: string; state: string; flags: string[]; master?: string }[]
      >('fdb show br fbr');
    const ours = await inside.bridges.fdb.list({ bridge: 'fbr' });
    const words = { permanent: 'permanent', static: 'static', dynamic: '' };
    const comparable = (all: { mac: string; link: string; state: string }[]) =>
      all
        // Groups come and go as the kernel joins them.
        .filter(({ mac }) => mac.startsWith('52:54'))
        .map(({ mac, link, state }) => `${mac} ${link} ${state}`)
        .sort();
    expect(comparable(ours.map(({ mac, link, state }) => ({ mac, link, state: words[state] })))).toEqual(
      comparable(theirs.map(({ mac, ifname, state }) => ({ mac, link: ifname, state }))),
    );
    expect(ours.find(({ mac }) => mac === '52:54:00:00:00:cc')).toMatchObject({
      sticky: true,
      master: 'fbr',
    });
    await inside.bridges.fdb.delete('f0', '52:54:00:00:00:aa', { table: 'master' });
    const left = async () =>
      (await netns.bridgeJson<{ mac: string }[]>('fdb show brport f0'))
        .map(({ mac }) => mac)
        .filter((mac) => mac.startsWith('52:54'))
        .sort();
    expect(await left()).toEqual(['52:54:00:00:00:bb', '52:54:00:00:00:cc']);
    await inside.bridges.set('fbr', { flush: false });
    await inside.bridges.setPort('f0', { flush: false });
    expect(await left()).toEqual(['52:54:00:00:00:bb', '52:54:00:00:00:cc']);
    await inside.bridges.set('fbr', { flush: true });
    expect(await left()).toEqual(['52:54:00:00:00:cc']);
  });

  it('say which peers a VXLAN has', async () => {
    const { inside, netns } = lab;
    await inside.links.create({ kind: 'vxlan', name: 'vx', options: { id: 7, port: 4789 } });
    await inside.bridges.fdb.append('vx', '00:00:00:00:00:00', { destination: '10.0.0.2' });
    await inside.bridges.fdb.append('vx', '00:00:00:00:00:00', { destination: '10.0.0.3' });
    const theirs = await netns.bridgeJson<{ dst?: string }[]>('fdb show dev vx');
    expect(theirs.map(({ dst }) => dst)).toEqual(['10.0.0.2', '10.0.0.3']);
    expect((await inside.bridges.fdb.list({ link: 'vx' })).map(({ destination }) => destination)).toEqual([
      '10.0.0.2',
      '10.0.0.3',
    ]);
  });

  it.each<[string, (inside: Host) => Promise<unknown>, object]>([
    [
      'a port that is in another bridge',
      async (inside) => {
        await inside.bridges.create('wbr', { ports: [await veth(inside, 'w0')] });
        await inside.bridges.create('wbr2');
        await inside.bridges.addPort('wbr2', 'w0');
      },
      {
        code: 'EBUSY',
        device: 'w0',
        detail: "it is in 'wbr' already",
        hint: expect.stringContaining('removePort'),
      },
    ],
    [
      'a port removed from another bridge',
      (inside) => inside.bridges.removePort('wbr2', 'w0'),
      { code: 'EINVAL', detail: "it is in 'wbr'" },
    ],
    [
      'a bridge in a bridge',
      (inside) => inside.bridges.addPort('wbr', 'wbr2'),
      { code: 'ELOOP', device: 'wbr2' },
    ],
    [
      'a link deleted as a bridge',
      (inside) => inside.bridges.delete('w0'),
      { code: 'EINVAL', detail: 'it is a veth and not a bridge' },
    ],
    [
      'a bridge that is not there',
      (inside) => inside.bridges.show('none'),
      { code: 'ENODEV', device: 'none' },
    ],
    [
      'a forward delay of a minute',
      async (inside) => {
        await inside.bridges.set('wbr', { stp: true });
        await inside.bridges.set('wbr', { forwardDelay: 60 });
      },
      { code: 'ERANGE', device: 'wbr' },
    ],
    [
      'a port without a bridge',
      (inside) => inside.bridges.setPort('w0p', { isolated: true }),
      { code: expect.stringMatching(/^E/), device: 'w0p' },
    ],
  ])('refuse with the reason: %s', async (_title, work, expected) => {
    const error = await work(lab.inside).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect((error as KernelError).hint).toBeTruthy();
  });

  it('are not there when one of their ports cannot be taken', async () => {
    const { inside, netns } = lab;
    const before = await netns.linkNames();
    await expect(inside.bridges.create('gone', { ports: ['lo'] })).rejects.toMatchObject({ device: 'lo' });
    await expect(inside.bridges.create('gone', { ports: ['no-such'] })).rejects.toMatchObject({
      device: 'no-such',
    });
    expect(await netns.linkNames()).toEqual(before);
  });
});
