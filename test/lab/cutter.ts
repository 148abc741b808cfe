// A way to a libvirtd that can be cut at any message: losing a daemon costs a millisecond there, and happens where a
// test wants it to. It counts what the daemon says.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Cutter {
  /** `qemu+unix:///system` by this way. */
  uri: string;
  /** How many connections there have been so far. */
  readonly accepted: number;
  /** How many there are now. */
  readonly open: number;
  /** How many messages the daemon has sent to the newest of them. */
  readonly said: number;
  /** Cuts all there are. */
  cut(): void;
  /** The next `times` connections end right behind so many messages of the daemon's; or it goes silent there. */
  endBehind(messages: number, times: number, how?: 'cut' | 'silence'): void;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

// libvirt's src/rpc/virnetprotocol.x: length, program, version, procedure, type, serial and status, of 4 bytes each.
const HEADER_BYTES = 28;
const TYPE_AT = 16;
const CALLS = [0, 4]; // VIR_NET_CALL, VIR_NET_CALL_WITH_FDS
const REPLIES = [1, 5]; // VIR_NET_REPLY, VIR_NET_REPLY_WITH_FDS
const ANSWER_MS = 5000;

/** Listens on a UNIX socket of its own for the daemon at `socket`. */
export async function startCutter(socket: string): Promise<Cutter> {
  const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
  const path = join(folder, 'sock');
  const ends = new Set<() => void>();
  let accepted = 0;
  let said = 0;
  let behind = { messages: 0, times: 0, how: 'cut' };
  const server = createServer((client) => {
    const mine = ++accepted;
    said = 0;
    const { how } = behind;
    let left = behind.times-- > 0 ? behind.messages : Number.POSITIVE_INFINITY;
    const daemon = connect(socket);
    const calls = messageReader();
    const answers = messageReader();
    let unanswered = 0;
    let ending = false;
    const gone = () => {
      ends.delete(end);
      client.destroy();
      daemon.destroy();
    };
    // A libvirtd whose client leaves while it registers an event for it forgets that event too early, and may end of
    // it (9.0.0 did, in one of some 1,500 cuts).
    const end = () => {
      client.destroy();
      if (!ending) setTimeout(gone, ANSWER_MS).unref();
      ending = true;
      if (unanswered === 0) gone();
    };
    ends.add(end);
    client.on('error', end).on('close', end);
    daemon.on('error', gone).on('close', gone);
    client.on('data', (bytes) => {
      if (ending) return;
      unanswered += calls(bytes).filter(({ type }) => CALLS.includes(type)).length;
      daemon.write(bytes);
    });
    daemon.on('data', (bytes) => {
      const messages = answers(bytes);
      unanswered -= messages.filter(({ type }) => REPLIES.includes(type)).length;
      if (ending) return end();
      const passed = messages.slice(0, left);
      left -= passed.length;
      if (mine === accepted) said += passed.length;
      const length = left > 0 ? bytes.length : (passed.at(-1)?.end ?? 0);
      client.write(bytes.subarray(0, length), () => left <= 0 && how === 'cut' && end());
    });
    if (left <= 0 && how === 'cut') end();
  });
  server.listen(path);
  await once(server, 'listening');
  const stop = async () => {
    for (const end of [...ends]) end();
    if (server.listening) {
      const closed = once(server, 'close');
      server.close();
      await closed;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    uri: `qemu+unix:///system?socket=${path}`,
    get accepted() {
      return accepted;
    },
    get open() {
      return ends.size;
    },
    get said() {
      return said;
    },
    cut() {
      for (const end of [...ends]) end();
    },
    endBehind(messages, times, how = 'cut') {
      behind = { messages, times, how };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Reads a stream piece by piece: which messages end in a piece, and at which of its bytes. */
function messageReader(): (piece: Buffer) => { end: number; type: number }[] {
  let header = Buffer.alloc(0);
  let rest = 0;
  return (piece) => {
    const messages = [];
    let at = 0;
    while (at < piece.length) {
      if (rest === 0) {
        const more = piece.subarray(at, at + HEADER_BYTES - header.length);
        header = Buffer.concat([header, more]);
        at += more.length;
        if (header.length < HEADER_BYTES) break;
        rest = header.readUInt32BE() - HEADER_BYTES;
      }
      const taken = Math.min(rest, piece.length - at);
      rest -= taken;
      at += taken;
      if (rest > 0) break;
      messages.push({ end: at, type: header.readUInt32BE(TYPE_AT) });
      header = Buffer.alloc(0);
    }
    return messages;
  };
}
