// A way to a libvirtd that can be cut at any message: losing a daemon costs a millisecond there, and happens where a
// test wants it to. It counts what the daemon says; each message of libvirt's begins with its length in bytes.

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
    const end = () => {
      ends.delete(end);
      client.destroy();
      daemon.destroy();
    };
    ends.add(end);
    for (const each of [client, daemon]) each.on('error', end).on('close', end);
    client.pipe(daemon);
    const count = messageCounter();
    daemon.on('data', (bytes) => {
      const length = count(bytes, left);
      left -= length.messages;
      if (mine === accepted) said += length.messages;
      client.write(bytes.subarray(0, length.bytes), () => left <= 0 && how === 'cut' && end());
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

/** Tells how many bytes of what comes belong to the next `most` messages, and how many messages end among them. */
function messageCounter(): (bytes: Buffer, most: number) => { bytes: number; messages: number } {
  let header = Buffer.alloc(0);
  let rest = 0;
  return (bytes, most) => {
    let at = 0;
    let messages = 0;
    while (at < bytes.length && messages < most) {
      if (rest === 0) {
        const more = bytes.subarray(at, at + 4 - header.length);
        header = Buffer.concat([header, more]);
        at += more.length;
        if (header.length < 4) break;
        rest = header.readUInt32BE() - 4;
        header = Buffer.alloc(0);
      }
      const taken = Math.min(rest, bytes.length - at);
      rest -= taken;
      at += taken;
      if (rest === 0) messages++;
    }
    return { bytes: at, messages };
  };
}
