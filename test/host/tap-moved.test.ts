// A device that somebody moves to another network namespace while it is open.
import { expect, it } from 'vitest';
import { host, Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';
import { collect, isOurs } from './ours.js';

const MAC = '52:54:00:00:77:01';

describeWith(HOST_NEEDS, 'a TAP device that is moved', () => {
  it.each([1, 2])('is asked and told where it is, not its namesake; queues: %i', async (queues) => {
    await using first = await freshNetns();
    await using second = await freshNetns();
    await using tap = await Tap.open({ netns: first.path, name: 'moves', queues });
    await host.in(first.path).links.set('moves', { netns: second.path });
    await expect(tap.state()).resolves.toMatchObject({ name: 'moves', up: false, mtu: 1500 });
    await first.ip('link add moves type ifb');
    const namesake = await first.ipJson('link show dev moves');

    await tap.set({ mtu: 1300, up: true, mac: MAC, txQueueLength: 77 });
    expect(await first.ipJson('link show dev moves')).toEqual(namesake);
    const [shown] = await second.ipJson('link show dev moves');
    expect(shown).toMatchObject({ mtu: 1300, address: MAC, txqlen: 77 });
    expect(shown?.flags).toContain('UP');
    const { index, dropped } = await tap.state();
    expect({ index, dropped }).toEqual({ index: shown?.ifindex, dropped: 0 });

    await second.ip('link set moves down');
    await second.ip('link set moves name renamed');
    await second.ip('link set renamed up');
    expect(await tap.state()).toMatchObject({ name: 'renamed', mac: MAC, up: true, mtu: 1300 });
    await second.ip('addr add 10.77.0.1/24 dev renamed');
    const asked = collect(tap, 1, (frame) => !isOurs(frame) && frame[12] === 8 && frame[13] === 6);
    await second.inside.run('busybox', 'arping', '-c', '1', '-w', '1', '-I', 'renamed', '10.77.0.2');
    expect(await asked).toHaveLength(1);

    await host.in(second.path).links.set('renamed', { netns: first.path });
    await tap.set({ mtu: 1280 });
    expect(await first.ipJson('link show dev renamed')).toMatchObject([{ mtu: 1280 }]);
    expect(await first.ipJson('link show dev moves')).toEqual(namesake);
  });
});
