// Every document that the builders can make, through libvirt's own parser and printer.

import { expect, it } from 'vitest';
import { type NetworkDocument, parseNetwork, toXML, untyped } from '../../lib/index.js';
import { treeOf } from '../contract/rng/tree.js';
import { describeWith } from '../lab/have.js';
import { lost } from '../lab/lost.js';
import { variants } from '../unit/build/variants.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

/** What 9.0 knows; newer elements are dropped by an older libvirt's parser. */
const common = variants.filter(({ since }) => since === undefined);

describeWith(DRIVER_NEEDS, 'a network of the builders', () => {
  it.each(common.map(({ title, document }) => [title, document] as const))('%s', async (_, built) => {
    // The test driver does not know these, and drops them: test/hypervisor has them.
    const { dnsmasqOptions: _dropped, ...document } = built;
    await using connection = await connectToHost();
    const network = await connection.networks.define(document, { validate: true });
    const printed = await network.xml();
    const described = await network.describe();

    expect(untyped(described)).toEqual([]);
    expect(treeOf(toXML(described))).toEqual(treeOf(printed));
    expect(lost(document, described)).toEqual([]);

    await connection.networks.define(described, { validate: true });
    expect(await network.xml()).toBe(printed);
  });
});

describeWith(DRIVER_NEEDS, 'a network of other hands', () => {
  it('keeps what this library does not know as it is handed to libvirt', async () => {
    await using connection = await connectToHost();
    const text = `<network>
      <name>lan</name>
      <metadata>
        <inv:owner xmlns:inv='https://example.com/inventory' since='2024'>web team</inv:owner>
      </metadata>
      <bridge name='virbr3' stp='on' delay='0'/>
    </network>`;
    const network = await connection.networks.define(text);
    const changed: NetworkDocument = { ...(await network.describe()), mtu: { size: 9000 } };
    await connection.networks.define(changed);
    const printed = await network.xml();
    expect(printed).toContain("<mtu size='9000'/>");
    expect(printed).toMatch(
      /<inv:owner xmlns:inv=.https:\/\/example.com\/inventory. since=.2024.>web team<\/inv:owner>/,
    );
    expect(parseNetwork(printed).bridge).toEqual({ name: 'virbr3', stp: true, delay: 0 });
  });
});
