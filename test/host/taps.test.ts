import { expect, it } from 'vitest';
import { type Host, KernelError } from '../../lib/host/index.js';
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
    const { inside } = lab;
    const names = [
      await inside.taps.create(),
      await inside.taps.create({ name: 'vnet%d' }),
      await inside.taps.create({ mode: 'tun' }),
    ];
    expect(names.map(({ name }) => name)).toEqual(['tap0', 'vnet0', 'tun0']);
    await inside.links.deleteAll(['tap0', 'vnet0', 'tun0']);
    expect(await inside.taps.list()).toEqual([]);
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
    expect(await lab.inside.links.find('half')).toBeUndefined();
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
