// Ends the process, or a worker, while a connection is being made anew, while its daemon says nothing to calls under way,
// and while a console is read. `command` does to the daemon what the state needs: SIGKILL or SIGSTOP.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Connection, connect, type LibvirtError } from '../../../lib/index.js';
import { openSockets } from '../../lab/open-sockets.js';

interface Asked {
  way: string;
  state: string;
  uri: string;
  command: string[];
}

const threads = () => readdirSync('/proc/self/task').length;

/** Waits for what sends no event; the test that runs the scenario limits how long. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(10);
}

/** Whether the calls of a lost connection say so; any other failure is one of the scenario. */
function lost(error: LibvirtError): void {
  if (error.code !== 'CONNECTION_LOST') throw error;
}

async function loseAndWait(connection: Connection, interfere: () => void): Promise<void> {
  await using losses = connection.events.watch('closed', { resync: true });
  await losses.ready;
  const networks = connection.events.watch('networkLifecycle', { resync: true });
  await networks.ready;
  interfere();
  await losses.next();
  await connection.networks.list().catch(lost);
}

/** Each brings about its state, and resolves to what lets the process end by itself. */
const states: Record<string, (uri: string, interfere: () => void) => Promise<() => unknown>> = {
  async redialling(uri, interfere) {
    const connection = await connect(uri, { reconnect: { first: 1, most: 5 } });
    await loseAndWait(connection, interfere);
    return () => connection.close();
  },
  async redialledInVain(uri, interfere) {
    const connection = await connect(uri, {
      reconnect: { first: 1, most: 5 },
      keepAlive: { interval: 1, count: 1 },
    });
    await loseAndWait(connection, interfere);
    // The kernel takes the connection, and nobody answers. Sockets of what loads TypeScript may be closed meanwhile.
    let fewest = openSockets();
    await until(() => {
      fewest = Math.min(fewest, openSockets());
      return openSockets() > fewest;
    });
    return () => connection.close();
  },
  async unanswered(uri, interfere) {
    const connection = await connect(uri, { keepAlive: { interval: 1, count: 1 } });
    const networks = connection.events.watch('networkLifecycle');
    await networks.ready;
    interfere();
    for (let i = 0; i < 8; i++) connection.capabilities().catch(lost);
    networks.next().catch(lost);
    return () => {};
  },
  async reading(uri) {
    const connection = await connect(uri);
    const terminal = await (await connection.domains.get('ada')).console({ force: true });
    terminal.write('while :; do echo and so on; done\n');
    let bytes = 0;
    terminal.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await until(() => bytes > 20_000);
    return () => terminal.destroy();
  },
};

async function enter({ state, uri, command }: Asked): Promise<() => unknown> {
  const [program = '', ...rest] = command;
  const interfere = () => execFileSync(program, rest, { env: { PATH: process.env.PATH } });
  return (states[state] as (typeof states)[string])(uri, interfere);
}

/** At once, so that it is out when the process ends in the same breath. */
const say = (facts: object) => writeSync(1, `${JSON.stringify(facts)}\n`);
const leaving = () => say({ leaving: Date.now() });

const ways: Record<string, (asked: Asked) => Promise<void>> = {
  async exit(asked) {
    await enter(asked);
    leaving();
    process.exit(7);
  },
  async end(asked) {
    const letGo = await enter(asked);
    leaving();
    process.exitCode = 7;
    await letGo();
  },
  async killed(asked) {
    await enter(asked);
    leaving();
    process.kill(process.pid, 'SIGKILL');
  },
  async terminate(asked) {
    // What comes up once and stays: the addon, libvirt, its event loop, Node's own threads.
    await (await connect('test:///default')).close();
    const before = { threads: threads(), sockets: openSockets() };
    // Node 20 does not take TypeScript for a worker's file, whatever its parent was started with.
    const itself = JSON.stringify(import.meta.url);
    const script = `import('tsx/esm/api').then(({ register }) => (register(), import(${itself})))`;
    const worker = new Worker(script, { eval: true, workerData: asked });
    await once(worker, 'message');
    leaving();
    await worker.terminate();
    await until(() => threads() <= before.threads && openSockets() <= before.sockets);
    process.exitCode = 7;
  },
};

if (isMainThread) {
  const [way = '', state = '', uri = '', ...command] = process.argv.slice(2);
  await (ways[way] as (typeof ways)[string])({ way, state, uri, command });
} else {
  await enter(workerData as Asked);
  parentPort?.postMessage('going');
}
