// Plugs a NIC of whichever kind into a guest: on a network or one of its port groups, on a bridge, on a device of the
// host by macvtap, or behind SLIRP, which needs no privileges at all (--uri qemu:///session).
import { build, connect, type DomainInterfaceDocument } from 'virtnet';
import { commandLine } from './shared/command-line.js';

const {
  uri,
  domain: name,
  detach,
  ...where
} = commandLine('Plugs a NIC into a guest, or unplugs one.', {
  uri: { type: 'string', default: 'qemu:///system', help: 'the libvirt of the guest' },
  domain: { type: 'string', default: 'web', help: 'the guest' },
  network: { type: 'string', default: 'default', help: 'the network to plug it into' },
  'port-group': { type: 'string', help: 'the port group of the network, with its VLAN and its limits' },
  bridge: { type: 'string', help: 'a bridge of the host in place of a network' },
  dev: { type: 'string', help: 'a device of the host in place of a network: by macvtap, as on one switch' },
  slirp: { type: 'boolean', help: "in place of a network, the connections of the guest's process" },
  detach: { type: 'string', help: 'the MAC address, alias or target of a NIC to be unplugged' },
});

try {
  await using connection = await connect(uri);
  const { nics } = await connection.domains.get(name);
  if (detach === undefined) {
    const { mac, source, target, alias } = await nics.attach(nicOf(where));
    console.log([mac, source, target, alias].filter(Boolean).join(' '));
  } else {
    await nics.detach(detach);
    console.log(`${name} has let go of ${detach}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function nicOf({
  network,
  'port-group': portGroup,
  bridge,
  dev,
  slirp,
}: typeof where): DomainInterfaceDocument {
  const model = 'virtio';
  if (slirp) return build.nic.user({ model });
  if (dev !== undefined) return build.nic.direct({ dev, mode: 'bridge', model });
  if (bridge !== undefined) return build.nic.bridge({ bridge, model });
  return build.nic.network({ network, model, ...(portGroup !== undefined && { portGroup }) });
}
