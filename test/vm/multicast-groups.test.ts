// Multicast groups of a bridge that filters VLANs: without a VLAN they are told in all of the port's.

import { expect, it } from 'vitest';
import { startInside } from '../host/inside.js';
import { briefly, prepare } from '../host/mdb.js';
import { HOST_NEEDS } from '../host/netns.js';
import { refusedBehind } from '../host/refused-behind.js';
import { describeWith } from '../lab/have.js';

describeWith(['the system VM around it', ...HOST_NEEDS, 'kmod'], 'multicast groups in VLANs', () => {
  const lab = startInside();

  it('are told in one, or in all of the port', async () => {
    const { netns, inside } = lab;
    const { bridges } = inside;
    await prepare(netns, inside);
    await bridges.set('br0', { vlanFiltering: true });
    await bridges.vlans.add('p0', [10, 11]);
    const permanent = { state: 'permanent' } as const;

    await bridges.multicast.add('br0', 'p0', '239.1.1.1', { ...permanent, vlan: 10 });
    expect(await briefly(netns)).toEqual(['p0 239.1.1.1 vid 10 permanent']);
    await bridges.multicast.add('br0', 'p0', '239.1.1.2', permanent);
    const inAll = ['1', '10', '11'].map((vlan) => `p0 239.1.1.2 vid ${vlan} permanent`);
    const both = ['p0 239.1.1.1 vid 10 permanent', ...inAll];
    expect(await briefly(netns)).toEqual(both);

    // What is refused is taken back in each of them.
    await inside.links.up('lo');
    await refusedBehind(inside, (tx) => tx.bridges.multicast.add('br0', 'p0', '239.1.1.3'));
    expect(await briefly(netns)).toEqual(both);
    await refusedBehind(inside, (tx) => tx.bridges.multicast.delete('br0', 'p0', '239.1.1.2'));
    expect(await briefly(netns)).toEqual(both);

    await bridges.multicast.delete('br0', 'p0', '239.1.1.2');
    await bridges.multicast.delete('br0', 'p0', '239.1.1.1', { vlan: 10 });
    expect(await briefly(netns)).toEqual([]);
  });
});
