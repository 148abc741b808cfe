// Fields that the libvirt in use does not know yet.
import { expect, it } from 'vitest';
import { build, connect, toXML } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { writeTestNode } from '../lab/test-node.js';

describeWith(['native'], 'a document with a field newer than libvirt', () => {
  const titled = build.network.isolated({ name: 'titled', title: 'A title' });
  const forwarding = build.network.isolated({
    name: 'forwarding',
    ip: '10.20.0.1/24',
    dns: { forwarders: [{ addr: '10.20.0.2' }, { addr: '10.20.0.3', port: 5353 }] },
  });

  it.each([
    [titled, 'title', '9.7.0'],
    [forwarding, 'dns.forwarders[1].port', '12.0.0'],
  ])('is refused with the path, or kept', async (document, path, since) => {
    await using node = await writeTestNode({ networks: [] });
    await using connection = await connect(node.uri);
    const version = await connection.libvirtVersion();
    for (const network of [document, toXML(document)]) {
      const defining = connection.networks.define(network);
      if (version.localeCompare(since, 'en', { numeric: true }) >= 0) {
        const defined = await defining;
        expect(toXML(await defined.describe())).toContain(toXML(document).match(/title>.*|port='\d+'/)?.[0]);
        await defined.undefine();
      } else {
        await expect(defining).rejects.toMatchObject({
          code: 'FIELD_TOO_NEW',
          message: `cannot define network '${document.name}': ${path} needs libvirt >= ${since}, the one there is ${version} and would drop it (leave the field out, or let a newer libvirt run there)`,
        });
        expect(await connection.networks.find(document.name)).toBeUndefined();
      }
    }
  });
});
