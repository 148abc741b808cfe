// A NIC of every type, as libvirt takes it in a guest's <devices> or from `virsh attach-device`.
import { build, type DomainInterfaceDocument, toXML } from 'virtnet';
import { commandLine } from './shared/command-line.js';
import { bold, paintXml } from './shared/terminal.js';

const { nic } = build;

const nics: Record<keyof typeof nic, DomainInterfaceDocument> = {
  network: nic.network({
    network: 'default',
    filter: { name: 'clean-traffic', variables: { IP: '192.168.122.20' } },
    bandwidth: { inbound: '100mbit', outbound: '20mbit' },
    boot: 1,
  }),
  bridge: nic.bridge({ bridge: 'br0', isolatedPort: true, queues: 4 }),
  openvswitch: nic.openvswitch({
    bridge: 'ovsbr0',
    vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } },
  }),
  direct: nic.direct({ dev: 'eth0', mode: 'bridge' }),
  hostdev: nic.hostdev({ device: '0000:03:10.1', vlan: 42 }),
  ethernet: nic.ethernet({ target: 'tap7', managed: false }),
  user: nic.user({ model: 'e1000e' }),
  passt: nic.passt({ portForwards: [{ protocol: 'tcp', host: 8080, guest: 80 }] }),
  vhostUser: nic.vhostUser({ path: '/run/vhost0.sock', mode: 'client', reconnect: { timeout: 5 } }),
  vdpa: nic.vdpa({ dev: '/dev/vhost-vdpa-0' }),
  multicast: nic.multicast({ group: '230.0.0.1', port: 5558 }),
  tcpServer: nic.tcpServer({ port: 5558 }),
  tcpClient: nic.tcpClient({ server: '192.0.2.1', port: 5558 }),
  udp: nic.udp({
    remote: { address: '192.0.2.2', port: 11115 },
    local: { address: '192.0.2.1', port: 11116 },
  }),
  internal: nic.internal({ name: 'intnet' }),
  vds: nic.vds({
    switchId: '12345678-1234-1234-1234-123456789abc',
    portId: 6,
    portGroupId: 'pg-4321',
    connectionId: 12345,
  }),
  null: nic.null({ model: 'e1000' }),
};

const types = Object.keys(nics);
const { type } = commandLine('NICs of guests as libvirt takes them.', {
  type: { type: 'string', help: `only this one: ${types.join(', ')}` },
});

if (type !== undefined && !types.includes(type)) {
  console.error(`--type ${type} is none of ${types.join(', ')}`);
  process.exitCode = 2;
}
for (const [name, document] of Object.entries(nics)) {
  if (type !== undefined && type !== name) continue;
  if (type === undefined) console.log(bold(`build.nic.${name}`));
  // Alone it is the plain XML, for a file: npx tsx examples/nics.ts --type passt > nic.xml
  console.log(type === undefined ? `${paintXml(toXML(document))}\n` : toXML(document).trimEnd());
}
