// Guests are reached under their own addresses: the host routes. Other routers must know that it does.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A network that the host routes.', {
  uri,
  dev: { type: 'string', help: 'the only device that traffic passes through', default: 'eth0' },
});

const network = build.network.routed({
  name: 'example-routed',
  dev: options.dev,
  ip: [{ cidr: '10.78.2.1/24', dhcp: true }, 'fd00:78:2::1/64'],
  // A subnet behind one of the guests.
  routes: [{ destination: '10.79.0.0/16', gateway: '10.78.2.2' }],
});

await tryOut(network, options.uri);
