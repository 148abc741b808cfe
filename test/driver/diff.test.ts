// What is different between a network that was asked for and the one that libvirt keeps: nothing.

import { expect, it } from 'vitest';
import { build, diff } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { variants } from '../unit/build/variants.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

const common = variants.filter(({ since }) => since === undefined);

describeWith(DRIVER_NEEDS, 'diff', () => {
  it.each(common.map(({ title, document }) => [title, document] as const))(
    'takes what libvirt makes of a network for what was asked for: %s',
    async (_, built) => {
      // The test driver drops these: test/hypervisor has them.
      const { dnsmasqOptions: _dropped, ...document } = built;
      await using connection = await connectToHost();
      const described = await (await connection.networks.define(document)).describe();
      expect(diff(document, described, { ignore: 'filled-in' })).toEqual([]);
      expect(diff(document, described)).not.toEqual([]);
    },
  );

  it('tells what somebody changed meanwhile', async () => {
    await using connection = await connectToHost();
    const wanted = build.network.nat({ name: 'lab', ip: { cidr: '10.0.0.1/24', dhcp: true } });
    const network = await connection.networks.define(wanted);
    await connection.networks.define({ ...(await network.describe()), mtu: { size: 9000 } });
    expect(diff(wanted, await network.describe(), { ignore: 'filled-in' })).toEqual([
      { path: 'mtu', before: undefined, after: { size: 9000 } },
    ]);
  });
});
