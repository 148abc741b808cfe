// Guests reach the world under the host's address; the world does not reach them.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A network behind network address translation.', { uri });

const network = build.network.nat({
  name: 'example-nat',
  ip: [
    { cidr: '10.78.3.1/24', dhcp: true },
    { cidr: 'fd00:78:3::1/64', dhcp: { range: 'fd00:78:3::100-fd00:78:3::1ff' } },
  ],
  nat: { ports: { start: 1024, end: 65535 }, ipv6: true },
  domain: 'guests.example',
});

await tryOut(network, options.uri);
