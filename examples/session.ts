// Runs a guest of your own on qemu:///session, without root, and waits for the address that it gets. Its NIC is on the
// network that QEMU plays for it; with --forward passt makes its connections, and a port of the host leads to it.
import { readFile } from 'node:fs/promises';
import { build, connect, parseDomain } from 'virtnet';
import { commandLine } from './shared/command-line.js';

const { uri, file, forward, dev, timeout, keep } = commandLine('Runs a guest of your own, without root.', {
  uri: { type: 'string', default: 'qemu:///session', help: 'your libvirt, started when it does not run' },
  file: {
    type: 'string',
    default: 'guest.xml',
    help: 'the domain, with a guest agent; its NICs are replaced',
  },
  forward: {
    type: 'string',
    help: 'a TCP port of the host and one of the guest, 8080:80 (libvirt with passt)',
  },
  dev: {
    type: 'string',
    help: 'the device of the host that passt follows, if not that of the default route',
  },
  timeout: { type: 'string', default: '60', help: 'how long the guest may take, in seconds' },
  keep: { type: 'boolean', help: 'leave the guest running' },
});

const [host, inside] = (forward ?? '').split(':').map(Number);
const nic =
  host && inside
    ? build.nic.passt({ ...(dev && { dev }), portForwards: [{ protocol: 'tcp', host, guest: inside }] })
    : build.nic.user();

try {
  await using connection = await connect(uri);
  const domain = parseDomain(await readFile(file, 'utf8'));
  const guest = await connection.domains.create({ ...domain, nics: [nic] });
  try {
    const [{ mac, model } = {}] = await guest.nics.list();
    console.log(`${guest.name} runs with ${model} ${mac}`);
    const { address, prefix, source } = await guest.waitForAddress({
      family: 'ipv4',
      timeout: Number(timeout) * 1000,
    });
    console.log(`its address is ${address}/${prefix}, says the ${source}`);
    if (forward) console.log(`port ${host} of this host leads to its port ${inside}`);
  } finally {
    if (!keep) await guest.destroy();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
