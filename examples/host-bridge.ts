// A bridge over the NIC of this host, which keeps its addresses, routes and connections; then guests can be put on it.
// As root. It does not outlast a reboot; with --back the NIC gets all of it back.
import { build, connect, toXML } from 'virtnet';
import { host, KernelError } from 'virtnet/host';
import { commandLine, uri } from './shared/command-line.js';

const { nic, bridge, back, netns, ...options } = commandLine(
  'A bridge over a NIC, without losing the connection.',
  {
    uri,
    nic: { type: 'string', help: 'the NIC, also a VLAN or a bond', default: 'eth0' },
    bridge: { type: 'string', help: 'the bridge to make', default: 'br0' },
    back: { type: 'boolean', help: 'give all back to the NIC, and delete the bridge' },
    netns: { type: 'string', help: 'the network namespace that they are in' },
  },
);

const here = netns === undefined ? host : host.in(netns);
const network = build.network.bridged({ name: `on-${bridge}`, bridge });

try {
  if (back) await here.bridges.giveBack(bridge, nic);
  else await here.bridges.takeOver(bridge, nic);
} catch (error) {
  if (!(error instanceof KernelError)) throw error;
  console.error(error.message); // all is as it was
  process.exit(1);
}

const holder = back ? nic : bridge;
for (const { cidr } of await here.addresses.list({ link: holder })) console.log(`${holder} has ${cidr}`);
for (const { destination, gateway } of await here.routes.list({ device: holder }))
  if (gateway !== undefined) console.log(`${destination} by ${gateway} over ${holder}`);

if (!back) {
  console.log(toXML(network));
  if (options.uri !== undefined) {
    await using connection = await connect(options.uri);
    await connection.networks.define(network);
  }
}
