import { expect, it } from 'vitest';
import { host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'neighbours', () => {
  it('are made known, listed and forgotten', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    for (const command of [
      'link add r0 type veth peer name r1',
      'link set r0 up',
      'link set r1 up',
      'address add 192.168.50.1/24 dev r0',
      'address add fd50::1/64 dev r0 nodad',
    ])
      await netns.ip(command);
    await inside.neighbours.add('r0', '192.168.50.20', { mac: '52:54:00:00:00:20' });
    await inside.neighbours.add('r0', 'fd50::20', {
      mac: '52:54:00:00:00:21',
      state: 'reachable',
      router: true,
    });
    const theirs =
      await netns.ipJson<{ dst: string; lladdr: string; state: string[] }[]>('neighbour show dev r0');
    const ours = await inside.neighbours.list({ link: 'r0' });
    expect(ours.map(({ address, mac, state }) => [address, mac, state.toUpperCase()])).toEqual(
      expect.arrayContaining(
        theirs
          .filter(({ dst }) => dst.endsWith('20'))
          .map(({ dst, lladdr, state }) => [dst, lladdr, state[0]]),
      ),
    );
    await inside.neighbours.replace('r0', '192.168.50.20', { mac: '52:54:00:00:00:22' });
    expect(await netns.ipJson('neighbour show 192.168.50.20')).toMatchObject([
      { lladdr: '52:54:00:00:00:22', state: ['PERMANENT'] },
    ]);
    await inside.neighbours.delete('r0', '192.168.50.20');
    await expect(inside.neighbours.delete('r0', '192.168.50.99')).rejects.toMatchObject({
      code: 'ENOENT',
      device: 'r0',
    });
    const known = async () =>
      (await netns.ipJson<{ dst: string }[]>('neighbour show dev r0'))
        .map(({ dst }) => dst)
        .filter((dst) => /[.:](3\d|20)$/.test(dst));
    await inside.neighbours.add('r0', '192.168.50.30', { mac: '52:54:00:00:00:30', state: 'stale' });
    await inside.neighbours.add('r0', '192.168.50.31', { mac: '52:54:00:00:00:31' });
    await inside.neighbours.flush('r0', 'ipv4');
    expect(await known()).toEqual(['192.168.50.31', 'fd50::20']);
    await inside.neighbours.flush('r0');
    await inside.neighbours.flush('r0');
    expect(await known()).toEqual(['192.168.50.31']);
    await expect(inside.neighbours.flush('none')).rejects.toMatchObject({ code: 'ENODEV', device: 'none' });
    await inside.neighbours.add('r0', '192.168.50.77', { proxy: true });
    expect(await netns.ipJson('neighbour show proxy')).toMatchObject([{ dst: '192.168.50.77' }]);
    expect(await inside.neighbours.list({ proxy: true })).toMatchObject([
      { link: 'r0', address: '192.168.50.77', proxy: true },
    ]);
    expect((await inside.neighbours.list()).map(({ address }) => address)).not.toContain('192.168.50.77');
    await expect(
      inside.neighbours.add('r0', '192.168.50.78', { proxy: true, mac: '52:54:00:00:00:78' }),
    ).rejects.toThrow('mac: not together with proxy');
  });
});
