// SR-IOV: each guest gets a virtual function of a network card as a PCI device of its own.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A pool of SR-IOV virtual functions.', {
  uri,
  pf: { type: 'string', help: 'the physical function whose virtual functions are the pool', default: 'eth0' },
});

const network = build.network.hostdev({
  name: 'example-hostdev',
  pf: options.pf, // or addresses: ['0000:03:10.1', '0000:03:10.3']
  driver: 'vfio',
  vlan: 42,
});

await tryOut(network, options.uri);
