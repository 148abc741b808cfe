// The addresses that the DHCP servers of all networks have leased, as `virsh net-dhcp-leases` prints them.
import { connect } from 'virtnet';
import { commandLine } from './shared/command-line.js';
import { table } from './shared/terminal.js';

const { uri } = commandLine('Lists the DHCP leases of all networks that run.', {
  uri: {
    type: 'string',
    help: "the libvirt to ask, its own choice if not given; the test driver's has no DHCP",
  },
});

await using connection = await connect(uri);
const rows: string[][] = [];
for (const network of await connection.networks.list({ active: true })) {
  for (const { address, prefix, mac, hostname, expires } of await network.leases()) {
    const until = expires?.toLocaleString() ?? 'for ever';
    rows.push([network.name, `${address}/${prefix}`, mac ?? '-', hostname ?? '-', until]);
  }
}
console.log(table(['Network', 'Address', 'MAC', 'Name', 'Until'], rows));
