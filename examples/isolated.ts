// A network without a way out: guests reach each other and the host, which gives them addresses and names.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A network without a way out.', { uri });

const network = build.network.isolated({
  name: 'example-isolated',
  ip: {
    cidr: '10.78.1.1/24',
    dhcp: {
      range: '10.78.1.100-10.78.1.199',
      hosts: [{ mac: '52:54:00:78:01:10', ip: '10.78.1.10', name: 'database' }],
      lease: '12h',
    },
  },
  domain: { name: 'backend.example', localOnly: true },
  dns: { hosts: [{ ip: '10.78.1.1', names: ['gateway', 'ntp'] }] },
});

await tryOut(network, options.uri);
