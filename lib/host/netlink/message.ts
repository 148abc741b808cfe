// Whole messages: the header of all (struct nlmsghdr), the header of the kind, attributes. And the three that every
// answer may hold: an error or acknowledgement with the kernel's words, the end of a dump, nothing.
// https://docs.kernel.org/userspace-api/netlink/intro.html
import { attributes, type Rows, type Table, told, type Values } from './attributes.js';
import { aligned, Bytes, MalformedMessage, Writer } from './bytes.js';
import type { Fields, Struct, StructOf } from './struct.js';
import { type Names, text, u32 } from './types.js';

const HEADER = 16;

/** Flags of a request (NLM_F_…). */
export const NLM = {
  request: 0x1,
  ack: 0x4,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  append: 0x800,
  /** Of RTM_DELLINK and its like: all that fit. */
  bulk: 0x200,
} as const;

const CAPPED = 0x100;
const ACK_TLVS = 0x200;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;

/** One message, of whatever kind. */
export interface RawMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Bytes;
}

/** The messages in some bytes. Throws a MalformedMessage when they do not fit. */
export function* messagesOf(bytes: Uint8Array): Generator<RawMessage> {
  const all = Bytes.of(bytes);
  for (let at = 0; at < all.length; ) {
    const length = all.u32(at);
    if (length < HEADER) throw new MalformedMessage(`a message of ${length} bytes at ${at}`);
    yield {
      type: all.u16(at + 4),
      flags: all.u16(at + 6),
      sequence: all.u32(at + 8),
      payload: all.part(at + HEADER, length - HEADER),
    };
    at += aligned(length);
  }
}

/** How a request ended: 0, or what went wrong. */
export interface Ending {
  readonly sequence: number;
  readonly errno: number;
  /** The kernel's words, where it has any. */
  readonly detail?: string | undefined;
}

/** NLMSGERR_ATTR_…: what the kernel says beside the number. */
const extendedAck = attributes({ message: told(1, text), offset: told(2, u32), missing: told(6, u32) });

/** How a request ended, when that is what a message tells. */
export const endingOf = ({ type, flags, sequence, payload }: RawMessage): Ending | undefined => {
  if (type !== NLMSG_ERROR && type !== NLMSG_DONE) return undefined;
  const errno = payload.length < 4 ? 0 : 0 - payload.s32(0);
  if ((flags & ACK_TLVS) === 0) return { sequence, errno };
  // An error repeats the request's header, and unless it is capped the request itself.
  const echoed = type === NLMSG_DONE ? 0 : (flags & CAPPED) !== 0 || errno === 0 ? HEADER : payload.u32(4);
  const start = Math.min(4 + aligned(echoed), payload.length);
  return { sequence, errno, detail: extendedAck.read(payload.part(start)).message };
};

/** A kind of message: a header and attributes. */
export interface MessageKind<H extends object, R extends Rows> {
  read(payload: Bytes, names?: Names): H & { readonly attributes: Values<R> };
  /** The rows of its attributes. */
  readonly rows: R;
  /** How many bytes its header has. */
  readonly size: number;
  /** The bytes of a request. Members of the header that are not given are 0. */
  write(request: Request<H, R>, names?: Names): Uint8Array;
}

/** What a request says. */
export interface Request<H extends object, R extends Rows> {
  readonly type: number;
  readonly flags?: number;
  readonly header?: Partial<H>;
  readonly attributes?: Values<R>;
}

/** The bytes of a request, with what is written behind the header of all. */
export function framed(type: number, flags: number, rest: (out: Writer) => void): Uint8Array {
  const out = new Writer();
  out.u32(0);
  out.u16(type);
  out.u16(flags | NLM.request);
  out.u32(0);
  out.u32(0);
  rest(out);
  out.patch32(0, out.length);
  return out.done();
}

export function message<F extends Fields, R extends Rows>(
  header: Struct<F>,
  table: Table<R>,
): MessageKind<StructOf<F>, R> {
  const size = aligned(header.size);
  return {
    rows: table.rows,
    size,
    read: (payload, names) => ({
      ...header.read(payload, names),
      attributes: table.read(payload.part(Math.min(size, payload.length)), names),
    }),
    write: ({ type, flags = 0, header: fields = {}, attributes: values }, names) =>
      framed(type, flags, (out) => {
        header.fill(out, fields, names);
        out.align();
        if (values) table.write(out, values, names);
      }),
  };
}

/** Messages one after the other, for one sendmsg. */
export const joined = (messages: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(messages.reduce((sum, { length }) => sum + aligned(length), 0));
  let at = 0;
  for (const one of messages) {
    all.set(one, at);
    at += aligned(one.length);
  }
  return all;
};
