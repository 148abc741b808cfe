// How a link makes addresses of IPv6 by itself.
import { expect, it } from 'vitest';
import { host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'the address generation of a link', () => {
  it('makes none when it is told so before it is up', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await inside.links.create({ kind: 'veth', name: 'gen1', options: { peer: { name: 'gen2' } } });
    await inside.links.set('gen1', { addressGeneration: 'none', up: true });
    await inside.links.up('gen2');
    await until('gen2 has made its own', async () => (await netns.ip('-6 address show dev gen2')) !== '');
    expect(await netns.ip('-6 address show dev gen1')).toBe('');
    expect((await netns.ipJson('link show dev gen1'))[0]).toMatchObject({ inet6_addr_gen_mode: 'none' });
    expect(await inside.links.get('gen1')).toMatchObject({ addressGeneration: 'none', up: true });
    expect((await inside.links.get('gen2')).addressGeneration).toBe('eui64');
    await expect(inside.links.set('gen2', { addressGeneration: 'stablePrivacy' })).rejects.toMatchObject({
      code: 'EINVAL',
      hint: expect.stringContaining('stable_secret'),
    });
    await inside.links.set('gen2', { mtu: 1000 });
    await expect(inside.links.set('gen2', { addressGeneration: 'none' })).rejects.toMatchObject({
      code: 'EAFNOSUPPORT',
      hint: expect.stringContaining('1280'),
    });
    const elsewhere = { addressGeneration: 'none', netns: netns.path } as const;
    await expect(inside.links.set('gen2', elsewhere)).rejects.toThrow(/addressGeneration: .*host\.in/);
    await expect(inside.links.create({ kind: 'bridge', addressGeneration: 'none' } as never)).rejects.toThrow(
      /addressGeneration: .*host\.links\.set/,
    );
    await inside.links.delete('gen1');
  });

  it('stays off where a bridge takes over a NIC that makes none, whoever has given it one', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await inside.links.create({ kind: 'veth', name: 'eth0', options: { peer: { name: 'far' } } });
    await inside.links.set('eth0', { addressGeneration: 'none', up: true });
    await inside.links.up('far');
    await netns.ip('address add fe80::7/64 dev eth0 nodad');
    await inside.bridges.takeOver('br0', 'eth0');
    const [bridge] = await netns.ipJson('link show dev br0');
    expect(bridge).toMatchObject({ inet6_addr_gen_mode: 'none', flags: expect.arrayContaining(['UP']) });
    const addresses = async (link: string) =>
      (await inside.addresses.list({ link })).map(({ address }) => address);
    expect(await addresses('br0')).toEqual(['fe80::7']);
    await inside.bridges.giveBack('br0', 'eth0');
    expect(await addresses('eth0')).toEqual(['fe80::7']);
    expect((await inside.links.get('eth0')).addressGeneration).toBe('none');
  });
});
