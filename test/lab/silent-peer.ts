// Peers that accept every connection and never say a word: what a hung libvirtd looks like to a client.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SilentPeer {
  /** `qemu+unix` and `qemu+tcp` addresses at which nobody answers. */
  unixUri: string;
  tcpUri: string;
  /** Settles when so many connections in all have been accepted since the start. */
  accepted(count: number): Promise<void>;
  /** Closes every connection and both listeners. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a UNIX and a TCP listener on the loopback; needs no root. */
export async function startSilentPeer(): Promise<SilentPeer> {
  const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
  const socketPath = join(folder, 'silent-sock');
  const open = new Set<Socket>();
  let count = 0;
  const silent = () =>
    createServer((socket) => {
      count += 1;
      open.add(socket);
      socket.on('error', () => {}); // the client's end is its own affair
      socket.on('close', () => open.delete(socket));
      socket.resume();
    });
  const servers = [silent().listen(socketPath), silent().listen(0, '127.0.0.1')] as const;
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const stop = async () => {
    for (const socket of open) socket.destroy();
    await Promise.all(servers.map(close));
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    unixUri: `qemu+unix:///system?socket=${socketPath}`,
    tcpUri: `qemu+tcp://127.0.0.1:${(servers[1].address() as AddressInfo).port}/system`,
    async accepted(wanted) {
      while (count < wanted) await Promise.race(servers.map((server) => once(server, 'connection')));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  await closed;
}
