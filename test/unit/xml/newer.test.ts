import { expect, it } from 'vitest';
import { build, parseInterface } from '../../../lib/index.js';
import { newerFields } from '../../../lib/xml/newer.js';

it('finds fields that libvirt has not always had, with their paths', () => {
  expect(newerFields(build.network.isolated({ name: 'lan' }))).toEqual([]);
  expect(newerFields(build.network.isolated({ name: 'lan', title: 'LAN' }))).toEqual([
    { path: 'title', since: '9.7.0' },
  ]);
  const network = { kind: 'network', name: 'lan', dns: { forwarders: [{}, { address: '::1', port: 53 }] } };
  expect(newerFields(network)).toEqual([
    { path: 'dns.forwarders[1].port', since: expect.stringMatching(/^12\./) },
  ]);
});

it('knows a field of one variant from that of another with its name', () => {
  expect(
    newerFields(parseInterface("<interface type='direct'><source dev='eth0' mode='bridge'/></interface>")),
  ).toEqual([]);
  expect(
    newerFields(
      parseInterface(
        "<interface type='vhostuser'><backend type='passt'/><source dev='eth0'/><model type='virtio'/></interface>",
      ),
    ),
  ).toEqual([{ path: 'source.dev', since: '11.1.0' }]);
});
