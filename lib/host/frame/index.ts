// Frames as values: read and written without any dependency, for programs that answer a frame here and there. At full
// speed a program looks at the bytes of a batch itself.
import { FrameError, layer, Reader, Writer } from './bytes.js';
import { decodeIpv4, decodeIpv6, encodeIpv4, encodeIpv6 } from './ip.js';
import type {
  ArpMessage,
  DecodeOptions,
  EthernetFrame,
  FrameTag,
  Ipv4Packet,
  Ipv6Packet,
  Payload,
} from './types.js';

export { checksum, FrameError } from './bytes.js';
export type * from './types.js';

const TYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
const TAG_PROTOCOLS = [0x8100, 0x88a8];
/** A frame is this long at least, without its check sequence. */
const LEAST = 60;

const bytesOf = (part: Reader): Payload => ({ kind: 'bytes', bytes: part.rest() });

function decodeArp(part: Reader): ArpMessage | Payload {
  const whole = new Reader(part.bytes, 'arp', part.base);
  const kind = [part.u16(), part.u16(), part.u8(), part.u8()].join();
  const operation = part.u16();
  // Ethernet, IPv4, and the lengths of their addresses; anything else is nobody's here.
  if (kind !== '1,2048,6,4' || (operation !== 1 && operation !== 2)) return bytesOf(whole);
  return {
    kind: 'arp',
    operation: operation === 1 ? 'request' : 'reply',
    senderMac: part.mac(),
    senderIp: part.ipv4(),
    targetMac: part.mac(),
    targetIp: part.ipv4(),
  };
}

function decodeEthernet(reader: Reader, options: DecodeOptions): EthernetFrame {
  const destination = reader.mac();
  const source = reader.mac();
  const tags: FrameTag[] = [];
  let type = reader.u16();
  while (TAG_PROTOCOLS.includes(type)) {
    const tag = reader.u16();
    tags.push({ id: tag & 0xfff, priority: tag >> 13, dropEligible: (tag & 0x1000) !== 0, protocol: type });
    type = reader.u16();
  }
  const content =
    type === TYPE.ipv4
      ? decodeIpv4(reader.part('ipv4'), options)
      : type === TYPE.ipv6
        ? decodeIpv6(reader.part('ipv6'), options)
        : type === TYPE.arp
          ? decodeArp(reader.part('arp'))
          : bytesOf(reader);
  return { kind: 'ethernet', destination, source, ...(tags.length > 0 && { tags }), type, content };
}

const asFrame = (bytes: Uint8Array): Uint8Array => {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`a frame is a Uint8Array, not ${typeof bytes}`);
  return bytes;
};

/**
 * Reads an Ethernet frame: VLAN tags, ARP, IPv4 and IPv6, ICMP, UDP, TCP, DHCP. What it does not know is
 * `{ kind: 'bytes' }`. Bytes are copied: the frame may come from a batch.
 *
 * ```ts
 * const { source, content } = decodeFrame(batch.view(0));
 * if (content.kind === 'arp') console.log(`${source} asks for ${content.targetIp}`);
 * ```
 *
 * @throws FrameError where the bytes end too early, a length does not fit, or a checksum is wrong.
 */
export const decodeFrame = (bytes: Uint8Array, options: DecodeOptions = {}): EthernetFrame =>
  decodeEthernet(new Reader(asFrame(bytes), 'ethernet'), options);

/**
 * Reads an IP packet, as a TUN device has it.
 *
 * @throws FrameError as {@link decodeFrame}, and when it is neither IPv4 nor IPv6.
 */
export function decodePacket(bytes: Uint8Array, options: DecodeOptions = {}): Ipv4Packet | Ipv6Packet {
  const version = (asFrame(bytes)[0] ?? 0) >> 4;
  if (version === 4) return decodeIpv4(new Reader(bytes, 'ipv4'), options);
  if (version === 6) return decodeIpv6(new Reader(bytes, 'ipv6'), options);
  throw new FrameError(
    'ip',
    0,
    bytes.length === 0 ? 'there is nothing' : `version ${version} is neither 4 nor 6`,
  );
}

function encodeArp(arp: ArpMessage): Uint8Array {
  return new Writer('arp')
    .put(Uint8Array.of(0, 1, 8, 0, 6, 4))
    .oneOf('operation', arp.operation, { request: 1, reply: 2 }, 16)
    .mac('senderMac', arp.senderMac)
    .ipv4('senderIp', arp.senderIp)
    .mac('targetMac', arp.targetMac)
    .ipv4('targetIp', arp.targetIp)
    .done();
}

/**
 * Writes an IP packet, with its lengths and checksums.
 *
 * @throws RangeError, TypeError naming the field that cannot be written: `ipv4.source: 10.0.0 is not an IPv4 address`.
 */
export function encodePacket(packet: Ipv4Packet | Ipv6Packet): Uint8Array {
  layer('packet', packet, 'ipv4', 'ipv6');
  return packet.kind === 'ipv4' ? encodeIpv4(packet) : encodeIpv6(packet);
}

/**
 * Writes an Ethernet frame, with the lengths and checksums of all that is in it, filled up to the 60 bytes that a frame
 * has at least.
 *
 * ```ts
 * tap.write(encodeFrame({ kind: 'ethernet', destination: arp.senderMac, source: mac, content: answer }));
 * ```
 *
 * @throws RangeError, TypeError naming the field that cannot be written: `udp.sourcePort: 70000 is not …`.
 */
export function encodeFrame(frame: EthernetFrame): Uint8Array {
  const { destination, source, tags = [], type } = layer('frame', frame, 'ethernet');
  const content = layer('ethernet.content', frame.content, 'arp', 'ipv4', 'ipv6', 'bytes');
  const writer = new Writer('ethernet').mac('destination', destination).mac('source', source);
  for (const { id, priority = 0, dropEligible = false, protocol = 0x8100 } of tags) {
    // Checked here, since they share two bytes.
    new Writer('ethernet').number('tags.id', id, 16, 4095).number('tags.priority', priority, 8, 7);
    writer
      .number('tags.protocol', protocol, 16)
      .number('tags', (priority << 13) | (dropEligible ? 0x1000 : 0) | id, 16);
  }
  if (content.kind === 'bytes') {
    if (type === undefined) throw new TypeError('ethernet.type: missing; content that is bytes needs it');
    writer.number('type', type, 16).put(content.bytes);
  } else {
    writer.number('type', TYPE[content.kind], 16);
    writer.put(content.kind === 'arp' ? encodeArp(content) : encodePacket(content));
  }
  return writer.skip(Math.max(0, LEAST - writer.length)).done();
}
