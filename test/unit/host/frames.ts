// One frame of each kind, and random ones.
import type { EthernetFrame, Transport } from '../../../lib/host/frame/index.js';

const ends = { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01' };
const bytes = (...values: number[]) => ({ kind: 'bytes', bytes: Uint8Array.from(values) }) as const;
const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const ipv4 = (content: Transport, more: object = {}): EthernetFrame => ({
  kind: 'ethernet',
  ...ends,
  content: { kind: 'ipv4', source: '192.0.2.1', destination: '192.0.2.2', content, ...more },
});
const ipv6 = (content: Transport, more: object = {}): EthernetFrame => ({
  kind: 'ethernet',
  ...ends,
  content: { kind: 'ipv6', source: '2001:db8::1', destination: '2001:db8::2', content, ...more },
});

const udp = { kind: 'udp', sourcePort: 50000, destinationPort: 50001, content: bytes(1, 2, 3) } as const;
const tcp = {
  kind: 'tcp',
  sourcePort: 50000,
  destinationPort: 50001,
  sequence: 4_000_000_000,
  acknowledgement: 7,
  flags: ['psh', 'ack'],
  window: 512,
  content: bytes(1, 2, 3, 4, 5),
} as const;
const echo = { kind: 'icmp', type: 8, code: 0, rest: 0x00010002, content: bytes(9, 8, 7) } as const;

/** By what they are. */
export const frames: Readonly<Record<string, EthernetFrame>> = {
  arp: {
    kind: 'ethernet',
    ...ends,
    content: {
      kind: 'arp',
      operation: 'request',
      senderMac: ends.source,
      senderIp: '192.0.2.1',
      targetMac: '00:00:00:00:00:00',
      targetIp: '192.0.2.2',
    },
  },
  'arp in two VLANs': {
    kind: 'ethernet',
    ...ends,
    tags: [{ id: 100, priority: 5, dropEligible: true, protocol: 0x88a8 }, { id: 7 }],
    content: {
      kind: 'arp',
      operation: 'reply',
      senderMac: ends.source,
      senderIp: '192.0.2.1',
      targetMac: ends.destination,
      targetIp: '192.0.2.2',
    },
  },
  'udp over ipv4': ipv4(udp),
  'udp over ipv6': ipv6(udp, { hopLimit: 9, trafficClass: 0xb8, flowLabel: 0x12345 }),
  'tcp over ipv4': ipv4(tcp, { id: 77, dontFragment: true, ttl: 9, trafficClass: 0x10 }),
  'tcp with options over ipv6': ipv6({
    ...tcp,
    flags: ['syn'],
    acknowledgement: 0,
    options: Uint8Array.of(2, 4, 5, 0xb4),
  }),
  'icmp over ipv4': ipv4(echo),
  'icmp over ipv6': ipv6({ ...echo, type: 128 }),
  'a fragment': ipv4(bytes(...Array(24).keys()), { protocol: 17, moreFragments: true, fragmentOffset: 8 }),
  'ipv4 with options': ipv4(udp, { options: Uint8Array.of(148, 4, 0, 0) }),
  'a protocol that is not known': ipv6(bytes(1, 2, 3, 4), { protocol: 253 }),
  'a type that is not known': {
    kind: 'ethernet',
    ...ends,
    type: 0x88b5,
    content: bytes(...Array(50).keys()),
  },
  dhcp: {
    kind: 'ethernet',
    destination: 'ff:ff:ff:ff:ff:ff',
    source: ends.source,
    content: {
      kind: 'ipv4',
      source: '0.0.0.0',
      destination: '255.255.255.255',
      content: {
        kind: 'udp',
        sourcePort: 68,
        destinationPort: 67,
        content: {
          kind: 'dhcp',
          operation: 'request',
          transaction: 0x12345678,
          broadcast: true,
          mac: ends.source,
          type: 'discover',
          options: {
            12: letters('guest'),
            55: Uint8Array.of(1, 3, 6),
          },
        },
      },
    },
  },
  'dhcp by a relay': {
    kind: 'ethernet',
    ...ends,
    content: {
      kind: 'ipv4',
      source: '192.0.2.1',
      destination: '192.0.2.2',
      content: {
        kind: 'udp',
        sourcePort: 67,
        destinationPort: 67,
        content: {
          kind: 'dhcp',
          operation: 'reply',
          hops: 2,
          transaction: 7,
          yourIp: '192.0.2.9',
          serverIp: '192.0.2.1',
          relayIp: '192.0.2.2',
          mac: ends.source,
          serverName: letters('boot.example'),
          bootFile: letters('pxelinux.0'),
          type: 'offer',
          options: { 54: Uint8Array.of(192, 0, 2, 1) },
        },
      },
    },
  },
};
