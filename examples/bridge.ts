// The first exercise of every bridge tutorial, without libvirt and without a shell: a bridge, a tap, the tap in the
// bridge, a look at it, and all of it removed again. As root; with --netns in a network namespace.
import { host } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const options = commandLine('A bridge with a tap in it, made, shown and removed.', {
  bridge: { type: 'string', help: 'the bridge to make', default: 'vnbr0' },
  tap: { type: 'string', help: 'the tap to make', default: 'vntap0' },
  netns: { type: 'string', help: 'the network namespace to make them in' },
});

const here = options.netns === undefined ? host : host.in(options.netns);

const { kinds, tun, netAdmin } = await here.capabilities(); // lsmod | grep -e bridge -e tun
for (const { available, how } of [kinds.bridge, tun, netAdmin]) if (!available) console.log(how);

await here.bridges.create(options.bridge, { stp: true, forwardDelay: 4 }); // brctl addbr; brctl stp; brctl setfd
await here.taps.create({ name: options.tap, owner: process.getuid?.() ?? 0 }); // tunctl -t TAP -u USER
await here.bridges.addPort(options.bridge, options.tap); // brctl addif
await here.links.up(options.bridge); // ifconfig BRIDGE up
await here.links.up(options.tap);
await here.addresses.add(options.bridge, '192.168.77.1/24'); // ip addr add

const { name, id, stp, ports } = await here.bridges.show(options.bridge); // brctl show
console.log(`${name}\t${id}\t${stp ? 'yes' : 'no'}\t${ports.map((port) => port.name).join(' ')}`);

await here.bridges.removePort(options.bridge, options.tap); // brctl delif
await here.taps.delete(options.tap); // tunctl -d
await here.bridges.delete(options.bridge); // brctl delbr
console.log(`${name} is gone`);
