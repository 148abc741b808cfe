// The lab that every tutorial of network namespaces builds: a namespace for each host, and cables to a switch. Asks who
// is there, as a guest on the switch would, and removes it all. As root.
import { decodeFrame, encodeFrame, FrameError, host, Tap } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const options = commandLine('Hosts in network namespaces on a switch, made, asked and removed.', {
  hosts: { type: 'string', help: 'their names, with commas between', default: 'red,blue' },
  switch: { type: 'string', help: 'the bridge that they are on', default: 'lab0' },
});
const hosts = options.hosts.split(',').map((name, i) => ({ name, ip: `10.77.0.${i + 1}` }));
const made: string[] = [];

/** A host in a namespace of its own, on the switch. */
async function plugIn(name: string, ip: string): Promise<void> {
  await host.namespaces.create(name); // ip netns add red
  made.push(name);
  await host.links.create({
    kind: 'veth', // ip link add to-red up master lab0 type veth peer eth0 netns red
    name: `to-${name}`,
    master: options.switch,
    up: true,
    options: { peer: { name: 'eth0', netns: name } },
  });
  await using inside = host.in(name);
  await inside.addresses.add('eth0', `${ip}/24`); // ip -n red address add 10.77.0.1/24 dev eth0
  await inside.links.up('eth0'); // ip -n red link set eth0 up
}

/** Who asks: not the tap, whose own address is the switch's. */
const ASKER = '52:54:00:00:00:fe';

const question = (ip: string): Uint8Array =>
  encodeFrame({
    kind: 'ethernet',
    destination: 'ff:ff:ff:ff:ff:ff',
    source: ASKER,
    content: {
      kind: 'arp',
      operation: 'request',
      senderMac: ASKER,
      senderIp: '10.77.0.254',
      targetMac: '00:00:00:00:00:00',
      targetIp: ip,
    },
  });

/** Which MAC address each IP address has, of those who answer within some seconds. */
async function whoIsThere(tap: Tap): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  // A port forwards only some time after its cable has a host at its end.
  const ask = () => {
    for (const { ip } of hosts) if (!found.has(ip)) tap.write(question(ip));
  };
  const asking = setInterval(ask, 200);
  const enough = setTimeout(() => void tap.close(), 5000);
  ask();
  for await (const bytes of tap) {
    try {
      const { content } = decodeFrame(bytes, { checksums: false });
      if (content.kind === 'arp' && content.operation === 'reply')
        found.set(content.senderIp, content.senderMac);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
    }
    if (found.size === hosts.length) break;
  }
  clearInterval(asking);
  clearTimeout(enough);
  return found;
}

await host.bridges.create(options.switch, { up: true }); // ip link add lab0 up type bridge
try {
  for (const { name, ip } of hosts) await plugIn(name, ip);
  await using tap = await Tap.open({ name: 'asker0' });
  await host.bridges.addPort(options.switch, tap.name);
  await tap.set({ up: true });
  const found = await whoIsThere(tap);
  for (const { name, ip } of hosts) console.log(`${name}\t${ip}\t${found.get(ip) ?? 'does not answer'}`);
} finally {
  for (const name of made) await host.namespaces.delete(name); // ip netns delete red; its cable goes with it
  await host.bridges.delete(options.switch, { force: true }); // ip link delete lab0
}
