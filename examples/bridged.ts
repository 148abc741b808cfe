// Guests on a Linux bridge that exists already, most often one with a device of the host in it.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A network of an existing Linux bridge.', {
  uri,
  bridge: { type: 'string', help: 'the bridge', default: 'br0' },
});

const network = build.network.bridged({
  name: 'example-bridged',
  bridge: options.bridge,
  portGroups: [
    { name: 'servers', default: true },
    { name: 'visitors', bandwidth: '10mbit' },
  ],
});

await tryOut(network, options.uri);
