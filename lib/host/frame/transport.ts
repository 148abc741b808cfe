// TCP and UDP.
import { wrongType } from '../../build/reader.js';
import { asBytes, checksum, layer, pseudoHeader, type Reader, Writer } from './bytes.js';
import { decodeDhcp, encodeDhcp, isDhcp } from './dhcp.js';
import type { DecodeOptions, Payload, TcpFlag, TcpSegment, UdpDatagram } from './types.js';

const TCP = 6;
const UDP = 17;
/** By their bits, from the lowest. */
const FLAGS: readonly TcpFlag[] = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'];

const bytesOf = (part: Reader): Payload => ({ kind: 'bytes', bytes: part.rest() });

export function decodeTcp(part: Reader): TcpSegment {
  const sourcePort = part.u16();
  const destinationPort = part.u16();
  const sequence = part.u32();
  const acknowledgement = part.u32();
  const headerLength = (part.u8() >> 4) * 4;
  const bits = part.u8();
  const window = part.u16();
  part.u16();
  const urgent = part.u16();
  if (headerLength < 20) part.fail(`a header of ${headerLength} bytes`);
  const options = part.take(headerLength - 20);
  return {
    kind: 'tcp',
    sourcePort,
    destinationPort,
    sequence,
    acknowledgement,
    flags: FLAGS.filter((_, bit) => (bits >> bit) & 1),
    window,
    urgent,
    ...(options.length > 0 && { options }),
    content: bytesOf(part),
  };
}

export function encodeTcp(segment: TcpSegment, addresses: Uint8Array): Uint8Array {
  const { acknowledgement = 0, window = 65535, urgent = 0, options = new Uint8Array() } = segment;
  const padded = new Writer('tcp').put(asBytes('tcp.options', options)).pad(4).done();
  if (padded.length > 40) throw new RangeError(`tcp.options: ${options.length} bytes are more than 40`);
  if (!Array.isArray(segment.flags))
    throw wrongType('tcp.flags', segment.flags, `a list of ${FLAGS.join(', ')}`);
  const bits = segment.flags.reduce((sum, flag) => {
    const bit = FLAGS.indexOf(flag);
    if (bit < 0) throw new RangeError(`tcp.flags: ${String(flag)} is not one of ${FLAGS.join(', ')}`);
    return sum | (1 << bit);
  }, 0);
  const writer = new Writer('tcp')
    .number('sourcePort', segment.sourcePort, 16)
    .number('destinationPort', segment.destinationPort, 16)
    .number('sequence', segment.sequence, 32)
    .number('acknowledgement', acknowledgement, 32)
    .number('options', (5 + padded.length / 4) << 4, 8)
    .number('flags', bits, 8)
    .number('window', window, 16)
    .skip(2)
    .number('urgent', urgent, 16)
    .put(padded)
    .put(layer('tcp.content', segment.content, 'bytes').bytes);
  const bytes = writer.done();
  return writer.set16(16, checksum(pseudoHeader(addresses, TCP, bytes.length), bytes)).done();
}

export function decodeUdp(part: Reader, _: DecodeOptions): UdpDatagram {
  const sourcePort = part.u16();
  const destinationPort = part.u16();
  const length = part.u16();
  part.u16();
  if (length < 8 || length - 8 > part.left)
    part.fail(`a length of ${length} bytes, here are ${part.left + 8}`);
  const content = part.part('udp', length - 8);
  return {
    kind: 'udp',
    sourcePort,
    destinationPort,
    content: isDhcp(sourcePort, destinationPort, content) ? decodeDhcp(content) : bytesOf(content),
  };
}

export function encodeUdp(datagram: UdpDatagram, addresses: Uint8Array): Uint8Array {
  const content = layer('udp.content', datagram.content, 'dhcp', 'bytes');
  const bytes = content.kind === 'dhcp' ? encodeDhcp(content) : content.bytes;
  const writer = new Writer('udp')
    .number('sourcePort', datagram.sourcePort, 16)
    .number('destinationPort', datagram.destinationPort, 16)
    .number('length', 8 + bytes.length, 16)
    .skip(2)
    .put(bytes);
  const whole = writer.done();
  // Zero would mean that there is none.
  return writer.set16(6, checksum(pseudoHeader(addresses, UDP, whole.length), whole) || 0xffff).done();
}
