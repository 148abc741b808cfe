// Routed, and without any firewall rules of libvirt's: what may pass is up to the host's own firewall.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A routed network without firewall rules.', { uri });

const network = build.network.open({
  name: 'example-open',
  ip: ['10.78.4.1/24', 'fd00:78:4::1/64'],
  mtu: 9000,
  bridge: { stp: false },
  dns: false,
});

await tryOut(network, options.uri);
