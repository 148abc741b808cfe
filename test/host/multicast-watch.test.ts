// Multicast groups as they are watched, told and learnt.

import { expect, it } from 'vitest';
import { type Change, host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { addPort, briefly, isOurs, prepare } from './mdb.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

/** The next changes of the groups of these tests, and not of those that the kernel joins by itself. */
async function told(changes: AsyncIterator<Change>, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const [one] = await take(changes, 1);
    if (one?.type !== 'multicastGroup' || !isOurs(one.item.group)) continue;
    const { bridge, port, group, source, vlan, state } = one.item;
    found.push([one.change, bridge, port, group, source, vlan, state].filter(Boolean).join(' '));
  }
  return found;
}

describeWith(HOST_NEEDS, 'multicast groups that are watched', () => {
  it('are told as others change them', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    await using changes = inside.watch({ of: ['multicastGroup'] });
    await changes.ready;
    const mdb = (words: string) => netns.inside.must('bridge', 'mdb', ...words.split(' '));
    await mdb('add dev br0 port p0 grp 239.1.1.1 permanent');
    expect(await told(changes, 1)).toEqual(['set br0 p0 239.1.1.1 permanent']);
    await mdb('add dev br0 port p0 grp ff0e::7 src 2001:db8::1 vid 7');
    expect(await told(changes, 1)).toEqual(['set br0 p0 ff0e::7 2001:db8::1 7 temporary']);
    await mdb('del dev br0 port p0 grp 239.1.1.1');
    expect(await told(changes, 1)).toEqual(['deleted br0 p0 239.1.1.1 permanent']);
    await inside.bridges.multicast.add('br0', 'br0', '239.1.1.2');
    expect(await told(changes, 1)).toEqual(['set br0 br0 239.1.1.2 temporary']);
    await netns.ip('link set p0 nomaster');
    expect(await told(changes, 1)).toEqual(['deleted br0 p0 ff0e::7 2001:db8::1 7 temporary']);
    // Of what goes with a bridge the kernel says nothing.
    await netns.ip('link delete br0');
    expect(await told(changes, 1)).toEqual(['deleted br0 br0 239.1.1.2 temporary']);
  });

  it('are told as they are learnt and forgotten', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    await using changes = inside.watch({ of: ['multicastGroup'] });
    await changes.ready;
    await netns.ip('address add 239.2.2.2/32 dev q0 autojoin');
    expect(await told(changes, 1)).toEqual(['set br0 p0 239.2.2.2 temporary']);
    await inside.bridges.set('br0', { multicastSnooping: false });
    for (;;) {
      const [last] = await told(changes, 1);
      if (last === 'deleted br0 p0 239.2.2.2 temporary') break;
      expect(last).toBe('set br0 p0 239.2.2.2 temporary');
    }
  });

  it('are told when the kernel had no room for them, and only those that are others', async () => {
    await using netns = await freshNetns();
    await using inside = host.in(netns.path);
    await prepare(netns, inside);
    await addPort(netns, inside, 'p1', 'q1');
    await inside.bridges.multicast.add('br0', 'p1', '239.9.9.9');
    await using changes = inside.watch({ of: ['multicastGroup'], kernelBuffer: 1024, buffer: 100_000 });
    await changes.ready;
    const script = Array.from(
      { length: 500 },
      (_, i) => `mdb add dev br0 port p0 grp 239.0.${i >> 8}.${i & 255}`,
    );
    const child = netns.inside.runWith({ input: script.join('\n') }, 'bridge', '-batch', '-');
    // Nothing is read meanwhile: this thread is busy.
    const busy = performance.now() + 300;
    while (performance.now() < busy);
    expect((await child).code).toBe(0);
    // What waits when all is asked anew is told once more; of those that were there before, only the seconds until they go
    // are others.
    const known = new Set<string>();
    const next = async (): Promise<string> => {
      const [one = ''] = await told(changes, 1);
      expect(one).toMatch(/^(set|deleted) br0 p0 239\.0\./);
      return one;
    };
    while (known.size < script.length) known.add(await next());
    await netns.inside.must('bridge', ...'mdb del dev br0 port p0 grp 239.0.0.0'.split(' '));
    while ((await next()) !== 'deleted br0 p0 239.0.0.0 temporary');
    const there = (await briefly(netns)).filter((one) => one.startsWith('p0'));
    expect(there).toHaveLength(script.length - 1);
  });
});
