// Lets a NIC of a guest send with its own addresses alone: libvirt's filter clean-traffic, with the address that the
// guest has, or one that is given.
import { connect } from 'virtnet';
import { commandLine } from './shared/command-line.js';

const {
  uri,
  domain: name,
  nic,
  ip,
  off,
} = commandLine('Keeps a NIC of a guest from sending as somebody else.', {
  uri: { type: 'string', default: 'qemu:///system', help: 'the libvirt of the guest' },
  domain: { type: 'string', default: 'web', help: 'the guest' },
  nic: { type: 'string', help: 'its MAC address, alias or target; the first, if not given' },
  ip: { type: 'string', help: 'the only IPv4 address that it may use; the one it has, if not given' },
  off: { type: 'boolean', help: 'take the filter away' },
});

try {
  await using connection = await connect(uri);
  const guest = await connection.domains.get(name);
  const key = nic ?? (await guest.nics.list())[0]?.mac ?? '';
  if (off) {
    await guest.nics.update(key, { filterRef: undefined });
    console.log(`${key} of ${guest.name} may send as it likes`);
  } else {
    const address = ip ?? (await guest.waitForAddress({ family: 'ipv4', timeout: 30_000 })).address;
    await guest.nics.update(key, {
      filterRef: { filter: 'clean-traffic', parameters: [{ name: 'IP', value: address }] },
    });
    console.log(`${key} of ${guest.name} may send as ${address} and as nobody else`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
