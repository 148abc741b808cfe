// IPv4 and IPv6, and ICMP in both.
import { asBytes, checksum, FrameError, layer, pseudoHeader, type Reader, Writer } from './bytes.js';
import { decodeTcp, decodeUdp, encodeTcp, encodeUdp } from './transport.js';
import type { DecodeOptions, IcmpMessage, Ipv4Packet, Ipv6Packet, Payload, Transport } from './types.js';

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;
const PROTOCOLS = { tcp: TCP, udp: UDP } as const;

const bytesOf = (part: Reader): Payload => ({ kind: 'bytes', bytes: part.rest() });

/** The content of an IP packet, and which part of the header its checksum covers. */
interface Within {
  protocol: number;
  addresses: Uint8Array;
  version: 4 | 6;
}

function decodeIcmp(part: Reader): IcmpMessage {
  const type = part.u8();
  const code = part.u8();
  part.u16();
  return { kind: 'icmp', type, code, rest: part.u32(), content: bytesOf(part) };
}

const decoders: Readonly<
  Record<number, { layer: string; read(part: Reader, options: DecodeOptions): Transport }>
> = {
  [TCP]: { layer: 'tcp', read: decodeTcp },
  [UDP]: { layer: 'udp', read: decodeUdp },
  [ICMP]: { layer: 'icmp', read: decodeIcmp },
  [ICMP6]: { layer: 'icmp', read: decodeIcmp },
};

function decodeContent(
  reader: Reader,
  { protocol, addresses, version }: Within,
  options: DecodeOptions,
): Transport {
  const decoder = decoders[protocol];
  // The ICMP of the other version is nothing that anybody sends.
  if (!decoder || protocol === (version === 4 ? ICMP6 : ICMP)) return bytesOf(reader);
  const part = reader.part(decoder.layer);
  const { checksums = true } = options;
  const omitted = protocol === UDP && version === 4 && part.bytes[6] === 0 && part.bytes[7] === 0;
  if (checksums && !omitted && part.left >= 4) {
    const bytes = protocol === UDP ? datagramOf(part.bytes) : part.bytes;
    const covered = protocol === ICMP ? [] : [pseudoHeader(addresses, protocol, bytes.length)];
    if (checksum(...covered, bytes) !== 0) part.fail('its checksum is wrong');
  }
  return decoder.read(part, options);
}

/** A datagram may be shorter than what carries it: the rest does not count. */
const datagramOf = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(0, ((bytes[4] as number) << 8) | (bytes[5] as number));

const transport = (path: string, { content }: { readonly content: Transport }): Transport =>
  layer(`${path}.content`, content, 'icmp', 'tcp', 'udp', 'bytes');

/** The bytes of a content, with its checksum. */
function encodeContent(content: Transport, version: 4 | 6, addresses: Uint8Array): Uint8Array {
  if (content.kind === 'bytes') return content.bytes;
  if (content.kind === 'icmp') {
    const writer = new Writer('icmp')
      .number('type', content.type, 8)
      .number('code', content.code, 8)
      .skip(2)
      .number('rest', content.rest ?? 0, 32)
      .put(layer('icmp.content', content.content, 'bytes').bytes);
    const bytes = writer.done();
    const covered = version === 4 ? [] : [pseudoHeader(addresses, ICMP6, bytes.length)];
    return writer.set16(2, checksum(...covered, bytes)).done();
  }
  return content.kind === 'tcp' ? encodeTcp(content, addresses) : encodeUdp(content, addresses);
}

const protocolOf = (layer: string, content: Transport, given: number | undefined, icmp: number): number => {
  if (content.kind === 'bytes') {
    if (given === undefined)
      throw new TypeError(`${layer}.protocol: missing; content that is bytes needs it`);
    return given;
  }
  return content.kind === 'icmp' ? icmp : PROTOCOLS[content.kind];
};

export function decodeIpv4(reader: Reader, options: DecodeOptions): Ipv4Packet {
  const start = reader.at;
  const first = reader.u8();
  const headerLength = (first & 15) * 4;
  if (first >> 4 !== 4) reader.fail(`version ${first >> 4} is not 4`);
  if (headerLength < 20) reader.fail(`a header of ${headerLength} bytes`);
  const trafficClass = reader.u8();
  const length = reader.u16();
  if (length < headerLength || length > reader.bytes.length - start)
    throw new FrameError(
      'ipv4',
      reader.base + start + 2,
      `a length of ${length} bytes, here are ${reader.bytes.length - start}`,
    );
  const id = reader.u16();
  const fragment = reader.u16();
  const ttl = reader.u8();
  const protocol = reader.u8();
  reader.u16();
  const addresses = reader.bytes.subarray(start + 12, start + 20);
  const source = reader.ipv4();
  const destination = reader.ipv4();
  const ipOptions = reader.take(headerLength - 20);
  if ((options.checksums ?? true) && checksum(reader.bytes.subarray(start, start + headerLength)) !== 0)
    throw new FrameError('ipv4', reader.base + start + 10, 'its checksum is wrong');
  const content = reader.part('ipv4', length - headerLength);
  // A third flag is reserved, and nobody looks at it.
  const isFragment = (fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) !== 0;
  return {
    kind: 'ipv4',
    source,
    destination,
    ttl,
    trafficClass,
    id,
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    ...(isFragment && {
      moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
      fragmentOffset: (fragment & FRAGMENT_OFFSET) * 8,
    }),
    ...(ipOptions.length > 0 && { options: ipOptions }),
    protocol,
    content: isFragment
      ? bytesOf(content)
      : decodeContent(content, { protocol, addresses, version: 4 }, options),
  };
}

export function encodeIpv4(packet: Ipv4Packet): Uint8Array {
  const { ttl = 64, trafficClass = 0, id = 0, options = new Uint8Array(), fragmentOffset = 0 } = packet;
  asBytes('ipv4.options', options);
  if (options.length % 4 !== 0 || options.length > 40)
    throw new RangeError(`ipv4.options: ${options.length} bytes are not a multiple of 4 up to 40`);
  if (fragmentOffset % 8 !== 0 || fragmentOffset < 0 || fragmentOffset > 65528)
    throw new RangeError(`ipv4.fragmentOffset: ${fragmentOffset} is not a multiple of 8 up to 65528`);
  const addresses = new Writer('ipv4')
    .ipv4('source', packet.source)
    .ipv4('destination', packet.destination)
    .done();
  const content = encodeContent(transport('ipv4', packet), 4, addresses);
  const headerLength = 20 + options.length;
  const flags = (packet.dontFragment ? DONT_FRAGMENT : 0) | (packet.moreFragments ? MORE_FRAGMENTS : 0);
  const writer = new Writer('ipv4')
    .number('version', 0x40 | (headerLength / 4), 8)
    .number('trafficClass', trafficClass, 8)
    .number('length', headerLength + content.length, 16)
    .number('id', id, 16)
    .number('fragment', flags | (fragmentOffset / 8), 16)
    .number('ttl', ttl, 8)
    .number('protocol', protocolOf('ipv4', packet.content, packet.protocol, ICMP), 8)
    .skip(2)
    .put(addresses)
    .put(options);
  return writer.set16(10, checksum(writer.done())).put(content).done();
}

export function decodeIpv6(reader: Reader, options: DecodeOptions): Ipv6Packet {
  const start = reader.at;
  const first = reader.u32();
  if (first >>> 28 !== 6) reader.fail(`version ${first >>> 28} is not 6`);
  const length = reader.u16();
  const protocol = reader.u8();
  const hopLimit = reader.u8();
  const addresses = reader.bytes.subarray(start + 8, start + 40);
  const source = reader.ipv6();
  const destination = reader.ipv6();
  const content = reader.part('ipv6', length);
  return {
    kind: 'ipv6',
    source,
    destination,
    hopLimit,
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    protocol,
    content: decodeContent(content, { protocol, addresses, version: 6 }, options),
  };
}

export function encodeIpv6(packet: Ipv6Packet): Uint8Array {
  const { hopLimit = 64, trafficClass = 0, flowLabel = 0 } = packet;
  const addresses = new Writer('ipv6')
    .ipv6('source', packet.source)
    .ipv6('destination', packet.destination)
    .done();
  const content = encodeContent(transport('ipv6', packet), 6, addresses);
  // Checked here, since they share four bytes.
  new Writer('ipv6').number('trafficClass', trafficClass, 8).number('flowLabel', flowLabel, 32, 0xfffff);
  return new Writer('ipv6')
    .number('version', ((6 << 28) | (trafficClass << 20) | flowLabel) >>> 0, 32)
    .number('length', content.length, 16)
    .number('protocol', protocolOf('ipv6', packet.content, packet.protocol, ICMP6), 8)
    .number('hopLimit', hopLimit, 8)
    .put(addresses)
    .put(content)
    .done();
}
