// Connections that come and go by the hundred (node --expose-gc), a quarter of them losing their daemon on the way: with
// listeners, streams of events, objects, consoles and attempts that are given up. What is left of them is said at the end.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { build, type Connection, connect } from '../../../lib/index.js';
import { emptyGuest } from '../../hypervisor/empty-guest.js';
import { startCutter } from '../../lab/cutter.js';

const [socket = '', times = ''] = process.argv.slice(2);
const uri = `qemu+unix:///system?socket=${socket}`;
await using cutter = await startCutter(socket);
await using other = await connect(uri);
const lan = await other.networks.define(build.network.isolated({ name: 'churned' }));
const guest = await other.domains.create(emptyGuest('churned'));
const gc = globalThis.gc as () => void;

process.on('unhandledRejection', (reason) => {
  console.error('unhandled', reason);
  process.exit(3);
});

async function openConsole(connection: Connection) {
  const terminal = await (await connection.domains.get('churned')).console({ force: true });
  terminal.on('error', () => {});
  terminal.resume();
  terminal.write('typed into a console that nobody reads\n');
  return terminal;
}

async function plain(round: number): Promise<void> {
  await using connection = await connect(uri);
  await connection.events.on('domainLifecycle', () => {});
  await using events = connection.events.watch('networkLifecycle');
  await events.ready;
  await connection.networks.list();
  if (round % 50 === 3) {
    await lan.start();
    await events.next();
    await lan.destroy();
  }
  if (round % 10 !== 5) return;
  const terminal = await openConsole(connection);
  if (round % 20 === 5) return;
  terminal.destroy();
  await once(terminal, 'close');
}

/** Loses its daemon, comes back, and is closed then or in the middle of the next loss. */
async function lost(round: number): Promise<void> {
  cutter.endBehind(0, 0);
  await using connection = await connect(cutter.uri, { reconnect: { first: 1, most: 5 } });
  const [network] = await connection.networks.list();
  let come: () => void = () => {};
  const back = new Promise<void>((resolve) => {
    come = resolve;
  });
  await connection.events.on('reconnected', come);
  await using events = connection.events.watch('networkLifecycle', { resync: true });
  const ending = connection.events.watch('networkLifecycle');
  await Promise.all([events.ready, ending.ready]);
  if (round % 5 === 0) await openConsole(connection);
  cutter.endBehind(round % 8, round % 3);
  cutter.cut();
  await ending.next().catch(() => {});
  await back;
  await network?.isActive().catch(() => {});
  if (round % 2 === 0) cutter.cut();
}

async function abandoned(): Promise<void> {
  const stop = new AbortController();
  cutter.endBehind(2, 1, 'silence');
  const opening = connect(cutter.uri, { signal: stop.signal, keepAlive: false });
  setImmediate(() => stop.abort());
  await opening.catch(() => {});
  cutter.endBehind(0, 0);
}

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    if (round % 4 === 0) await lost(round / 4);
    else await plain(round);
    if (round % 50 === 0) await abandoned();
  }
}

interface Held {
  threads: number;
  descriptors: number;
}
const held = (): Held => ({
  threads: readdirSync('/proc/self/task').length,
  descriptors: readdirSync('/proc/self/fd').length,
});

/** What is there when all that ends by itself has ended: half a second long nothing more has gone. */
async function settled(most?: Held): Promise<Held & { bytes: number }> {
  let { threads, descriptors } = held();
  for (let looks = 0, unchanged = 0; looks < 2000 && unchanged < 50; looks++) {
    gc();
    await delay(10);
    const now = held();
    const same = now.threads === threads && now.descriptors === descriptors;
    ({ threads, descriptors } = now);
    const ended = threads <= (most?.threads ?? threads) && descriptors <= (most?.descriptors ?? descriptors);
    unchanged = same && ended ? unchanged + 1 : 0;
  }
  // How much room V8 keeps for later is its own affair.
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return { threads, descriptors, bytes: rss - heapTotal + heapUsed };
}

// Until then caches and heaps grow.
await rounds(Number(times) * 0.3);
const before = await settled();
await rounds(Number(times));
const after = await settled(before);
await guest.destroy();
await lan.undefine();
console.log(
  JSON.stringify({
    threads: after.threads - before.threads,
    descriptors: after.descriptors - before.descriptors,
    bytesEach: Math.round((after.bytes - before.bytes) / Number(times)),
  }),
);
