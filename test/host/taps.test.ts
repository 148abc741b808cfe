import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Host, host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';

interface IpTap {
  ifname: string;
  flags: string[];
  user?: number;
  group?: number;
}
interface IpLink {
  ifname: string;
  flags: string[];
  mtu: number;
  address: string;
  master?: string;
  linkinfo: { info_kind: string; info_data: Record<string, unknown> };
}

/** Opens two queues of a tap and holds them until its input ends. */
const HOLDS_TWO_QUEUES = `
import fcntl, struct, sys
IFF_TAP, IFF_NO_PI, IFF_MULTI_QUEUE, TUNSETIFF = 2, 0x1000, 0x100, 0x400454ca
queues = [open('/dev/net/tun', 'r+b', buffering=0) for _ in range(2)]
for queue in queues:
    flags = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE
    fcntl.ioctl(queue, TUNSETIFF, struct.pack('16sH22x', sys.argv[1].encode(), flags))
print('ready', flush=True)
sys.stdin.read()
`;

/** The number that a process has in its own namespace of processes, where ip sees it. */
const numberInside = async (pid: number): Promise<number> =>
  Number(/^NSpid:.*\t(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);

describeWith(HOST_NEEDS, 'taps', () => {
  const lab = startInside();

  it('are made as ip tuntap makes them', async () => {
    const { inside, netns } = lab;
    await inside.bridges.create('br0');
    const made = await inside.taps.create({
      name: 'tap7',
      owner: 1234,
      users: 4321,
      multiQueue: true,
      vnetHeader: true,
      mac: '52:54:00:00:00:07',
      mtu: 1400,
      master: 'br0',
      up: true,
    });
    await inside.taps.create({ name: 'tun7', mode: 'tun', packetInformation: true });
    const theirs = await netns.ipJson<IpTap[]>('tuntap list');
    expect(theirs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ifname: 'tap7', user: 1234, group: 4321 }),
        expect.objectContaining({ ifname: 'tun7' }),
      ]),
    );
    const [link] = await netns.ipJson<IpLink[]>('link show dev tap7');
    expect(link).toMatchObject({
      address: '52:54:00:00:00:07',
      mtu: 1400,
      master: 'br0',
      linkinfo: {
        info_kind: 'tun',
        info_data: {
          type: 'tap',
          pi: false,
          vnet_hdr: true,
          multi_queue: true,
          persist: true,
          user: 1234,
          group: 4321,
        },
      },
    });
    expect(link?.flags).toContain('UP');
    expect(made.options).toMatchObject({
      mode: 'tap',
      owner: 1234,
      group: 4321,
      vnetHeader: true,
      persist: true,
    });
    const listed = await inside.taps.list();
    expect(listed.map(({ name, options }) => [name, options.mode, options.packetInformation])).toEqual([
      ['tap7', 'tap', false],
      ['tun7', 'tun', true],
    ]);
    await inside.taps.delete('tap7');
    await inside.taps.delete('tun7');
    expect((await netns.ipJson<IpTap[] | null>('tuntap list')) ?? []).toEqual([]);
  });

  it('get a name where they have none', async () => {
    const { inside, netns } = lab;
    const names = [
      await inside.taps.create(),
      await inside.taps.create({ name: 'vnet%d' }),
      await inside.taps.create({ mode: 'tun' }),
    ];
    expect(names.map(({ name }) => name)).toEqual(['tap0', 'vnet0', 'tun0']);
    expect(await netns.linkNames()).toEqual(expect.arrayContaining(['tap0', 'vnet0', 'tun0']));
    await inside.links.deleteAll(['tap0', 'vnet0', 'tun0']);
    expect(await inside.taps.list()).toEqual([]);
    expect(await netns.ipJson('tuntap list')).toEqual([]);
  });

  it.each<[string, (inside: Host) => Promise<unknown>, object]>([
    [
      'a tap of that name',
      async ({ taps }) => {
        await taps.create({ name: 'twice' });
        await taps.create({ name: 'twice' });
      },
      {
        code: 'EBUSY',
        call: 'TUNSETIFF',
        device: 'twice',
        object: "tap 'twice'",
        hint: expect.stringContaining('taps.delete'),
      },
    ],
    [
      'another link of that name',
      async ({ taps }) => taps.create({ name: 'lo' }),
      { code: 'EBUSY', device: 'lo' },
    ],
    [
      'a bridge deleted as a tap',
      async ({ taps }) => taps.delete('br0'),
      { code: 'EINVAL', detail: 'it is a bridge and not a tap' },
    ],
    ['none of that name', async ({ taps }) => taps.delete('none'), { code: 'ENODEV', device: 'none' }],
    [
      'no such bridge',
      async ({ taps }) => taps.create({ name: 'half', master: 'none' }),
      { code: 'ENODEV', device: 'none' },
    ],
  ])('refuse with the reason: %s', async (_title, work, expected) => {
    const error = await work(lab.inside).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject(expected);
    expect(await lab.netns.linkNames()).not.toContain('half');
  });

  it('are not made after close', async () => {
    const closed = host.in(lab.netns.path);
    await closed.close();
    for (const refused of [
      closed.taps.create({ name: 'late' }),
      closed.taps.create({ name: 'late', up: true }),
      closed.taps.createAll(['late']),
    ])
      await expect(refused).rejects.toMatchObject({
        code: 'EBADF',
        device: 'late',
        detail: 'this host was closed',
        hint: expect.stringContaining('host.in'),
      });
    expect(await lab.netns.linkNames()).not.toContain('late');
  });

  it('tell who has them open, as ip does', async () => {
    const { inside, netns } = lab;
    for (const name of ['held', 'alone']) await inside.taps.create({ name, multiQueue: true });
    const holder = netns.inside.spawn('python3', ['-c', HOLDS_TWO_QUEUES, 'held']);
    await once(holder.stdout, 'data');
    const processes = await inside.taps.processes();
    expect(processes.has('alone')).toBe(false);
    const [only, ...others] = processes.get('held') ?? [];
    expect(others).toEqual([]);
    // ip has the process once for each queue; what it prints of it as JSON is none.
    const line = `${only?.command}(${await numberInside(only?.pid ?? 0)})`;
    const theirs = /^held:.*\n\s*Attached to processes:\s*(.*)$/m.exec(
      await netns.ip('-details tuntap list'),
    );
    expect(theirs?.[1]?.split(/\s+|(?<=\))/).filter(Boolean)).toEqual([line, line]);
    holder.stdin.end();
    await once(holder, 'exit');
    expect((await inside.taps.processes()).has('held')).toBe(false);
    for (const name of ['held', 'alone']) await inside.taps.delete(name);
  });

  it.each<[string, object, string]>([
    ['a name of 16 bytes', { name: 'sixteen-bytes-is' }, 'name: sixteen-bytes-is has 16 bytes'],
    ['persist', { persist: true }, 'persist: unknown field of a tap; it always stays until it is deleted'],
    ['a user by name', { owner: 'ada' }, 'owner: ada is not a number'],
    ['a user below 0', { owner: -1 }, 'owner: -1 is not a whole number'],
    ['packet information of a tap', { packetInformation: true }, 'packetInformation: a frame of a tap'],
  ])('refuse input before anything is made: %s', async (_title, options, message) => {
    await expect(lab.inside.taps.create(options)).rejects.toThrow(message);
  });
});
