// Writes what passes a tap to a file that Wireshark and tshark open. Until Ctrl-C.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Tap } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const { name, file, netns } = commandLine('Captures a tap to a pcapng file, until Ctrl-C.', {
  name: { type: 'string', default: 'cap0', help: 'the tap; `ip link set NAME master BRIDGE` plugs it in' },
  file: { type: 'string', default: 'cap0.pcapng', help: 'the file' },
  netns: { type: 'string', help: 'its network namespace' },
});

await using tap = await Tap.open({ name, ...(netns && { netns }) });
await tap.set({ up: true });
const capture = tap.capture();
process.once('SIGINT', () => capture.finish());
console.log(`capturing ${tap.name} to ${file}`);
await pipeline(capture, createWriteStream(file));
const { frames, bytes } = tap.statistics().read;
console.log(`${frames} frames, ${bytes} bytes`);
