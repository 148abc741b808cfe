// Guests on an Open vSwitch bridge that exists already, in VLANs that follow from their port groups.
import { build } from 'virtnet';
import { commandLine, uri } from './shared/command-line.js';
import { tryOut } from './shared/try-out.js';

const options = commandLine('A network of an existing Open vSwitch bridge.', {
  uri,
  bridge: { type: 'string', help: 'the bridge', default: 'ovsbr0' },
});

const network = build.network.openvswitch({
  name: 'example-openvswitch',
  bridge: options.bridge,
  portGroups: [
    { name: 'staff', default: true, vlan: 10 },
    { name: 'visitors', vlan: 20, bandwidth: '10mbit' },
    // Carries both VLANs tagged, and untagged frames as VLAN 1.
    { name: 'router', vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } } },
  ],
});

await tryOut(network, options.uri);
