// Sends the frames of a capture once more, into a bridge.
import { createReadStream } from 'node:fs';
import { host, readCapture, Tap } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const { file, bridge, netns } = commandLine('Sends the frames of a pcapng or pcap file into a bridge.', {
  file: { type: 'string', default: 'cap0.pcapng', help: 'the file' },
  bridge: { type: 'string', default: 'br0', help: 'the bridge' },
  netns: { type: 'string', help: 'its network namespace' },
});

const here = netns === undefined ? host : host.in(netns);
await using tap = await Tap.open({ name: 'replay%d', ...(netns && { netns }) });
await here.links.set(tap.name, { master: bridge, up: true });
let sent = 0;
for await (const { bytes, link } of readCapture(createReadStream(file)))
  if (link === 'ethernet' && tap.write(bytes)) sent++;
console.log(`${sent} frames of ${file} sent into ${bridge}`);
