// DHCP for IPv4 (RFC 2131 and 2132).
import { asBytes, type Reader, Writer } from './bytes.js';
import type { DhcpMessage, DhcpType } from './types.js';

const PORTS = [67, 68];
const COOKIE = 0x63825363;
const FIXED = 240;
const SERVER_NAME = { at: 44, size: 64 } as const;
const BOOT_FILE = { at: 108, size: 128 } as const;
const BROADCAST = 0x8000;
const OPTION = { pad: 0, type: 53, end: 255 } as const;
const TYPES: readonly (DhcpType | undefined)[] = [
  undefined,
  'discover',
  'offer',
  'request',
  'decline',
  'ack',
  'nak',
  'release',
  'inform',
];
const OPERATIONS = { request: 1, reply: 2 } as const;
const NOBODY = '0.0.0.0';
/** What every relay passes on (RFC 1542, section 2.1). */
const LEAST = 300;

/** Whether a datagram looks like one: its ports, and the cookie in its place. @internal */
export const isDhcp = (source: number, destination: number, { bytes }: Reader): boolean =>
  PORTS.includes(source) &&
  PORTS.includes(destination) &&
  bytes.length >= FIXED &&
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(FIXED - 4) === COOKIE;

/** Without the zeros at its end. */
function trimmed(bytes: Uint8Array): Uint8Array {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return bytes.slice(0, length);
}

/** A long option comes in pieces (RFC 3396). */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Writer('dhcp');
  for (const piece of pieces) whole.put(piece);
  return whole.done();
}

export function decodeDhcp(datagram: Reader): DhcpMessage {
  const part = datagram.part('dhcp');
  const operation = part.u8();
  if (operation !== 1 && operation !== 2) part.fail(`an operation of ${operation}`);
  const hardware = part.u8();
  const addressLength = part.u8();
  if (hardware !== 1 || addressLength !== 6) part.fail('for other hardware than Ethernet');
  const hops = part.u8();
  const transaction = part.u32();
  const seconds = part.u16();
  const broadcast = (part.u16() & BROADCAST) !== 0;
  const [clientIp, yourIp, serverIp, relayIp] = [part.ipv4(), part.ipv4(), part.ipv4(), part.ipv4()];
  const mac = part.mac();
  part.take(SERVER_NAME.at - part.at);
  const serverName = trimmed(part.take(SERVER_NAME.size));
  const bootFile = trimmed(part.take(BOOT_FILE.size));
  part.u32();
  const pieces = new Map<number, Uint8Array[]>();
  let type: DhcpType | undefined;
  while (part.left > 0) {
    const code = part.u8();
    if (code === OPTION.pad) continue;
    if (code === OPTION.end) break;
    const value = part.take(part.u8());
    const known = code === OPTION.type && value.length === 1 ? TYPES[value[0] as number] : undefined;
    if (known) {
      type = known;
      continue;
    }
    const before = pieces.get(code);
    if (before) before.push(value);
    else pieces.set(code, [value]);
  }
  return {
    kind: 'dhcp',
    operation: operation === 1 ? 'request' : 'reply',
    ...(hops > 0 && { hops }),
    transaction,
    seconds,
    broadcast,
    clientIp,
    yourIp,
    serverIp,
    relayIp,
    mac,
    ...(serverName.length > 0 && { serverName }),
    ...(bootFile.length > 0 && { bootFile }),
    ...(type && { type }),
    options: Object.fromEntries(Array.from(pieces, ([code, values]) => [code, joined(values)])),
  };
}

export function encodeDhcp(message: DhcpMessage): Uint8Array {
  const writer = new Writer('dhcp')
    .oneOf('operation', message.operation, OPERATIONS, 8)
    .number('hardware', 1, 8)
    .number('addressLength', 6, 8)
    .number('hops', message.hops ?? 0, 8)
    .number('transaction', message.transaction, 32)
    .number('seconds', message.seconds ?? 0, 16)
    .number('flags', message.broadcast ? BROADCAST : 0, 16)
    .ipv4('clientIp', message.clientIp ?? NOBODY)
    .ipv4('yourIp', message.yourIp ?? NOBODY)
    .ipv4('serverIp', message.serverIp ?? NOBODY)
    .ipv4('relayIp', message.relayIp ?? NOBODY)
    .mac('mac', message.mac);
  writer
    .skip(SERVER_NAME.at - writer.length)
    .filled('serverName', message.serverName, SERVER_NAME.size)
    .filled('bootFile', message.bootFile, BOOT_FILE.size)
    .number('cookie', COOKIE, 32);
  if (message.type !== undefined) {
    const type = TYPES.indexOf(message.type);
    if (type < 1) throw new RangeError(`dhcp.type: ${String(message.type)} is none`);
    writer.put(Uint8Array.of(OPTION.type, 1, type));
  }
  for (const [key, value] of Object.entries(message.options ?? {})) {
    const code = Number(key);
    if (!Number.isInteger(code) || code <= OPTION.pad || code >= OPTION.end)
      throw new RangeError(`dhcp.options: ${key} is not a number from 1 to 254`);
    asBytes(`dhcp.options.${key}`, value);
    for (let at = 0; at === 0 || at < value.length; at += 255) {
      const piece = value.subarray(at, at + 255);
      writer.number('option', code, 8).number('option', piece.length, 8).put(piece);
    }
  }
  writer.number('end', OPTION.end, 8);
  return writer.skip(Math.max(0, LEAST - writer.length)).done();
}
