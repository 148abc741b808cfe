// Guests on a device of the host without a bridge: they are machines of its network. The host itself does not
// reach them through that device.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A network of macvtap devices.', {
  uri,
  dev: { type: 'string', help: 'the device that the guests share', default: 'eth0' },
});

const network = build.network.macvtap({
  name: 'example-macvtap',
  mode: 'bridge', // or vepa, private, passthrough
  dev: options.dev,
});

await tryOut(network, options.uri);
