// Plugs a NIC into a guest that runs, waits for the address that the guest gets on it, and unplugs it again.
import { build, connect } from 'virtnet';
import { commandLine } from './shared/command-line.js';

const {
  uri,
  domain: name,
  network,
  keep,
  timeout,
} = commandLine('Plugs a NIC into a guest that runs and waits for its address.', {
  uri: { type: 'string', default: 'qemu:///system', help: 'the libvirt of the guest' },
  domain: { type: 'string', default: 'web', help: 'the guest' },
  network: { type: 'string', default: 'default', help: 'the network to plug it into' },
  timeout: {
    type: 'string',
    default: '60',
    help: 'how long the guest may take to get an address, in seconds',
  },
  keep: { type: 'boolean', help: 'leave the NIC plugged in' },
});

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
const { signal } = interrupted;

try {
  await using connection = await connect(uri, { signal });
  const guest = await connection.domains.get(name);
  const nic = await guest.nics.attach(build.nic.network({ network, model: 'virtio' }));
  console.log(
    `${guest.name} has ${nic.alias ?? 'a NIC for its next start'}: ${nic.mac} on ${nic.target ?? network}`,
  );
  try {
    const found = await guest.waitForAddress({ mac: nic.mac, timeout: Number(timeout) * 1000, signal });
    console.log(`its address is ${found.address}/${found.prefix}, says the ${found.source}`);
  } finally {
    if (!keep) {
      await guest.nics.detach(nic.mac);
      console.log(`${guest.name} has let go of it`);
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
