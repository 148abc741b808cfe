// Every address behind a TUN device answers to ping, over IPv4 and IPv6: `ip addr add 10.99.0.1/24 dev echo0`, then
// `ping 10.99.0.2`. Until Ctrl-C.
import { decodePacket, encodePacket, FrameError, Tun } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const { netns } = commandLine('Answers to ping for every address behind a TUN device, until Ctrl-C.', {
  netns: { type: 'string', help: 'the network namespace of the device' },
});

/** The type of an echo request, and of its answer. */
const ECHO = { ipv4: [8, 0], ipv6: [128, 129] } as const;

await using tun = await Tun.open({ name: 'echo0', ...(netns && { netns }) });
await tun.set({ up: true });
process.once('SIGINT', () => void tun.close());
console.log(`answering on ${tun.name}`);

for await (const bytes of tun) {
  try {
    const packet = decodePacket(bytes);
    const { source, destination, content } = packet;
    const [request, reply] = ECHO[packet.kind];
    if (content.kind !== 'icmp' || content.type !== request) continue;
    const answer = {
      ...packet,
      source: destination,
      destination: source,
      content: { ...content, type: reply },
    };
    tun.write(encodePacket(answer));
    console.log(`${source} asked for ${destination}`);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
  }
}
