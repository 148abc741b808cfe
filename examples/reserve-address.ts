// Keeps an address of a network for one guest: the guest gets it whenever it asks by DHCP. Run again, it changes what
// is otherwise, and nothing else.
import { type Connection, connect } from 'virtnet';
import { commandLine } from './shared/command-line.js';
import { inWords } from './shared/in-words.js';
import { table } from './shared/terminal.js';

const options = commandLine('Reserves an address of a network for a guest.', {
  uri: { type: 'string', help: 'the libvirt that has the network', default: 'test:///default' },
  network: { type: 'string', help: 'the network', default: 'default' },
  mac: { type: 'string', help: "the MAC address of the guest's NIC", default: '52:54:00:12:34:56' },
  ip: { type: 'string', help: 'the address, IPv4 or IPv6', default: '192.168.122.20' },
  name: { type: 'string', help: 'the name that DNS knows it by' },
  remove: { type: 'boolean', help: 'take the reservations of the guest away instead' },
});

async function reserve(connection: Connection): Promise<void> {
  const { mac, ip, name } = options;
  const { reservations } = await connection.networks.get(options.network);
  if (options.remove) {
    console.log((await reservations.remove(mac)) ? 'removed' : 'there was none');
  } else {
    console.log(await reservations.set(mac, name === undefined ? { ip } : { ip, name }));
  }
  const rows = (await reservations.list()).map((each) => [
    each.ip,
    each.mac ?? each.id ?? '-',
    each.name ?? '-',
  ]);
  console.log(table(['Address', 'Guest', 'Name'], rows));
}

await inWords(async () => {
  await using connection = await connect(options.uri);
  await reserve(connection);
});
