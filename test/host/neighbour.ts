// A program as the neighbour of this machine on a TAP device.

import { decodeFrame, type EthernetFrame, Tap } from '../../lib/host/index.js';
import type { Netns } from './netns.js';

/** Its MAC address. */
const MAC = '02:00:00:00:00:99';

/** A device at 10.9.0.1 whose neighbour 10.9.0.2 is this program. */
export async function neighbour(netns: Netns, options: object = {}): Promise<Tap> {
  const tap = await Tap.open({ netns: netns.path, name: 'tap0', ...options });
  await netns.ip('addr add 10.9.0.1/24 dev tap0');
  await netns.ip(`neigh add 10.9.0.2 lladdr ${MAC} dev tap0 nud permanent`);
  await tap.set({ up: true });
  return tap;
}

/** A TCP segment from 10.9.0.2, which wants to connect to a port where nobody listens. */
export const syn = (destination: string, sourcePort: number): EthernetFrame => ({
  kind: 'ethernet',
  destination,
  source: MAC,
  content: {
    kind: 'ipv4',
    source: '10.9.0.2',
    destination: '10.9.0.1',
    content: {
      kind: 'tcp',
      sourcePort,
      destinationPort: 9,
      sequence: 1,
      flags: ['syn'],
      content: { kind: 'bytes', bytes: new Uint8Array() },
    },
  },
});

/** Where the answer to that goes; undefined for another frame. */
export function refusedPort(bytes: Uint8Array): number | undefined {
  const { content } = decodeFrame(bytes);
  if (content.kind !== 'ipv4' || content.content.kind !== 'tcp') return undefined;
  return content.content.flags.includes('rst') ? content.content.destinationPort : undefined;
}
