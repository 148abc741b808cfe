// A virtual port of a Fibre Channel adapter (NPIV): made, found among the devices of the host, and destroyed. The
// test driver has two adapters, and gives every port that it makes the name scsi_host12.
import { build, type Connection, connect, type NodeDevice, toXML } from 'virtnet';
import { commandLine } from './shared/command-line.js';
import { inWords } from './shared/in-words.js';
import { paintXml, table } from './shared/terminal.js';

const { uri, ...options } = commandLine('Makes a virtual port of a host bus adapter, and removes it.', {
  uri: { type: 'string', help: 'the libvirt that has the adapter', default: 'test:///default' },
  parent: { type: 'string', help: 'the adapter', default: 'scsi_host1' },
  wwnn: { type: 'string', help: "the new node's world wide name", default: '2000000099990000' },
  wwpn: { type: 'string', help: "the new port's world wide name", default: '1000000099990000' },
});

/** The name of a port, what it is a part of, and its world wide names. */
async function row(device: NodeDevice): Promise<string[]> {
  const { name, parent, capabilities = [] } = await device.describe();
  const ports = capabilities.flatMap((each) => (each.type === 'scsi_host' ? (each.capabilities ?? []) : []));
  const port = ports.find((each) => each.type === 'fc_host');
  return [name ?? '-', parent?.name ?? '-', port?.wwnn ?? '-', port?.wwpn ?? '-'];
}

async function makeAndRemove({ nodeDevices }: Connection): Promise<void> {
  const document = build.nodeDevice.vport(options);
  console.log(`${paintXml(toXML(document))}\n`);
  const created = await nodeDevices.create(document);
  try {
    const rows = await Promise.all((await nodeDevices.list({ cap: 'fc_host' })).map(row));
    console.log(table(['Device', 'Parent', 'WWNN', 'WWPN'], rows.sort()));
  } finally {
    await created.destroy();
  }
  console.log(`${created.name} is gone`);
}

await inWords(async () => {
  await using connection = await connect(uri);
  await makeAndRemove(connection);
});
