// Says who asks for an address, and what is answered, on a tap that is a port of a bridge: what goes to everybody comes
// there, too. Until Ctrl-C.
import { decodeFrame, FrameError, Tap } from 'virtnet/host';
import { commandLine } from './shared/command-line.js';

const { name, netns } = commandLine('Says what DHCP messages pass a bridge, until Ctrl-C.', {
  name: { type: 'string', default: 'sniff0', help: 'the tap; `ip link set NAME master BRIDGE` plugs it in' },
  netns: { type: 'string', help: 'its network namespace' },
});

const HOST_NAME = 12;

await using tap = await Tap.open({ name, ...(netns && { netns }) });
await tap.set({ up: true });
process.once('SIGINT', () => void tap.close());
console.log(`listening on ${tap.name}`);

for await (const bytes of tap) {
  try {
    const { content } = decodeFrame(bytes, { checksums: false });
    if (content.kind !== 'ipv4' || content.content.kind !== 'udp') continue;
    const message = content.content.content;
    if (message.kind !== 'dhcp') continue;
    const host = new TextDecoder().decode(message.options?.[HOST_NAME]);
    const given = message.operation === 'reply' ? ` ${message.yourIp}` : '';
    console.log(`${message.type ?? 'bootp'}: ${message.mac}${host && ` (${host})`}${given}`);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
  }
}
