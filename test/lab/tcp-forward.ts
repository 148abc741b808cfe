// Makes a TCP port on the loopback of a lab reachable from the test process, which is outside of the lab's
// network namespace: each connection to a port of the machine's loopback is carried in by one small process.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Namespaces } from './namespaces.js';

const CARRIER = `
  const inside = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
  process.stdin.pipe(inside).pipe(process.stdout);
  process.stdin.on('end', () => process.exit(0));
  inside.on('error', () => process.exit(1));
  inside.on('close', () => process.exit(0));
`;

export interface TcpForward {
  /** The port on 127.0.0.1 of the machine. */
  port: number;
  /** Ends the listener and every connection through it. */
  stop(): Promise<void>;
}

/** Listens on a free port of the machine's loopback for the lab's 127.0.0.1:`insidePort`. */
export async function forwardTcp(inside: Namespaces, insidePort: number): Promise<TcpForward> {
  const ends = new Set<() => void>();
  const server = createServer((socket) => {
    const carrier = inside.spawn(process.execPath, ['-e', CARRIER, String(insidePort)]);
    const end = () => {
      ends.delete(end);
      socket.destroy();
      carrier.stdin.destroy();
    };
    ends.add(end);
    for (const stream of [socket, carrier.stdin, carrier.stdout]) stream.on('error', end);
    for (const closing of [socket, carrier]) closing.on('close', end);
    socket.pipe(carrier.stdin);
    carrier.stdout.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const end of [...ends]) end();
      await closed;
    },
  };
}
