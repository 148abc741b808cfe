// TUN/TAP by virtnet: the tasks of frames.c, and what only JavaScript has: loops, workers, timers, files.
import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { type Batch, type DeviceOptions, encodeFrame, Tap } from 'virtnet/host';

const [prefix = '', mode = 'plain', ...netns] = process.argv.slice(2);
const BURST = 256;
/** A super-frame of 45 segments. */
const SUPER_SIZE = 54 + 45 * 1448;

const modes: Record<string, Omit<DeviceOptions, 'name'>> = {
  plain: {},
  raw: { offload: 'raw' },
  split: { offload: 'split' },
  queues: { multiQueue: true },
};
const open = (i: number) =>
  Tap.open({
    name: `${prefix}${i}`,
    ...modes[mode],
    ...(netns[i] === undefined ? {} : { netns: netns[i] }),
  });
const first = await open(0);
const second = await open(1);

/** So that what is read is of use. */
export let sum = 0;

/** Reads as many frames as told and does `work` with each batch. */
const drain = (count: number, work: (batch: Batch) => void): Promise<void> =>
  new Promise((resolve) => {
    let left = count;
    const stop = first.onBatch((batch) => {
      left -= batch.count;
      work(batch);
      if (left > 0) return;
      stop();
      resolve();
    });
  });

const addLengths = ({ lengths, count }: Batch): void => {
  for (let i = 0; i < count; i++) sum += lengths[i] as number;
};

/** What counts of a task's time: all of it, or what its clock ran for. In seconds. */
const clock = {
  wall: 0,
  cpu: 0,
  reset(): void {
    this.wall = 0;
    this.cpu = 0;
  },
  run(runs: boolean): void {
    const sign = runs ? -1 : 1;
    if (!runs) this.wall += performance.now() / 1e3;
    const { user, system } = process.cpuUsage();
    this.cpu += sign * ((user + system) / 1e6);
    if (runs) this.wall -= performance.now() / 1e3;
  },
};

/**
 * Reads frames soon after they came, while they are in the processor's caches: a bridge hands on to the first tap what
 * is written to the second, `portion` at a time. The clock stands while they are written.
 */
function fresh(count: number, portion: number, size: number): Promise<void> {
  let left = count;
  let waiting = 0;
  const more = (): void => {
    clock.run(false);
    waiting = Math.min(portion, left);
    left -= waiting;
    write(second, waiting, size);
    clock.run(true);
  };
  more();
  return drain(count, (batch) => {
    addLengths(batch);
    waiting -= batch.count;
    if (waiting <= 0 && left > 0) more();
  });
}

const forward =
  (to: Tap) =>
  ({ slab, offsets, lengths, count }: Batch): void => {
    to.writeBatch(slab, offsets, lengths, count);
  };

/** A segment of a TCP connection, as frames.c makes it. */
const segment = (size: number, number: number, connection: number): Uint8Array =>
  encodeFrame({
    kind: 'ethernet',
    destination: '02:00:00:00:00:02',
    source: '02:00:00:00:00:01',
    content: {
      kind: 'ipv4',
      source: '10.99.0.1',
      destination: '10.99.0.2',
      dontFragment: true,
      content: {
        kind: 'tcp',
        sourcePort: 1000 + connection,
        destinationPort: 2000,
        sequence: number * (size - 54),
        acknowledgement: 0,
        flags: ['ack'],
        window: 500,
        content: { kind: 'bytes', bytes: new Uint8Array(size - 54) },
      },
    },
  });

/** Memory that begins with a page, as that of frames.c does: WebAssembly's always does, and no type here knows it. */
const { Memory } = (
  globalThis as unknown as {
    WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } };
  }
).WebAssembly;
const memory = (bytes: number): Uint8Array =>
  new Uint8Array(new Memory({ initial: Math.ceil(bytes / 65_536) }).buffer, 0, bytes);

/**
 * As many frames of a connection as there are in a batch: segments one after the other, or the same super-frame again and
 * again.
 */
function framesOf(
  size: number,
  connection = 0,
): [slab: Uint8Array, offsets: Uint32Array, lengths: Uint32Array] {
  const isSuper = size === SUPER_SIZE;
  const header = isSuper
    ? Uint8Array.of(1, 1, 54, 0, 1448 & 0xff, 1448 >> 8, 34, 0, 16, 0)
    : new Uint8Array();
  const different = isSuper ? 1 : BURST;
  const whole = header.length + size;
  const slab = memory(whole * different);
  for (let i = 0; i < different; i++) {
    slab.set(header, i * whole);
    slab.set(segment(size, i, connection), i * whole + header.length);
  }
  const offsets = Uint32Array.from({ length: BURST }, (_, i) => (i % different) * whole);
  return [slab, offsets, new Uint32Array(BURST).fill(whole)];
}

const made = new Map<number, ReturnType<typeof framesOf>>();

function write(tap: Tap, count: number, size: number): void {
  const arrays = made.get(size) ?? framesOf(size);
  made.set(size, arrays);
  for (let left = count; left > 0; left -= BURST) {
    const sent = tap.writeBatch(...arrays, Math.min(BURST, left));
    if (sent < Math.min(BURST, left)) throw new Error(`only ${sent} frames went`);
  }
}

function respond({ slab, offsets, lengths, count }: Batch): void {
  let answers = 0;
  for (let i = 0; i < count; i++) {
    const at = offsets[i] as number;
    if ((lengths[i] as number) < 42 || slab[at + 12] !== 8 || slab[at + 23] !== 1 || slab[at + 34] !== 8)
      continue;
    for (let k = at; k < at + 6; k++) {
      const swap = slab[k] as number;
      slab[k] = slab[k + 6] as number;
      slab[k + 6] = swap;
    }
    for (let k = at + 26; k < at + 30; k++) {
      const swap = slab[k] as number;
      slab[k] = slab[k + 4] as number;
      slab[k + 4] = swap;
    }
    // The checksum grows by what the type lost.
    const sum = ((slab[at + 36] as number) << 8) + (slab[at + 37] as number) + 0x800;
    const folded = (sum & 0xffff) + (sum >> 16);
    slab[at + 34] = 0;
    slab[at + 36] = folded >> 8;
    slab[at + 37] = folded & 0xff;
    offsets[answers] = at;
    lengths[answers++] = lengths[i] as number;
  }
  if (answers > 0) first.writeBatch(slab, offsets, lengths, answers);
}

/**
 * Workers with a queue of the first tap each, which write all together as many frames as told, each those of its own
 * connection: the kernel moves one that comes from two queues to and fro between them.
 */
async function workers(number: number, count: number): Promise<number> {
  const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    const { Tap } = require('virtnet/host');
    (async () => {
      const { name, arrays, count } = workerData;
      const tap = await Tap.open({ name, multiQueue: true, existing: true });
      parentPort.postMessage('ready');
      await new Promise((go) => parentPort.once('message', go));
      for (let left = count; left > 0; left -= 256) tap.writeBatch(...arrays, Math.min(256, left));
      parentPort.postMessage('done');
      await tap.close();
    })();`;
  const all = Array.from({ length: number }, (_, connection) => {
    const arrays = framesOf(1514, connection);
    const workerData = { name: `${prefix}0`, arrays, count: Math.floor(count / number) };
    return new Worker(source, { eval: true, workerData });
  });
  const each = (event: string) =>
    Promise.all(all.map((one) => new Promise((resolve) => one.once(event, resolve))));
  // Awaited from the beginning: one may be gone before the other is done.
  const gone = each('exit');
  await each('message');
  const start = process.hrtime.bigint();
  const done = each('message');
  for (const one of all) one.postMessage('go');
  await done;
  const time = Number(process.hrtime.bigint() - start) / 1e9;
  await gone;
  return time;
}

const resident = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

/** How late a timer comes while frames are read, in ms at the 99th of 100. */
async function late(milliseconds: number): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const stop = first.onBatch(addLengths);
  delays.enable();
  await new Promise((later) => setTimeout(later, milliseconds));
  delays.disable();
  stop();
  // The histogram counts the millisecond that each timer waits by itself.
  return delays.percentile(99) / 1e6 - 1;
}

/** The middle of the times that a small file takes to be read, in ms. */
async function files(count: number, reading: boolean): Promise<number> {
  const stop = reading ? first.onBatch(addLengths) : undefined;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await readFile('/etc/hostname');
    times.push(performance.now() - start);
  }
  stop?.();
  return times.sort((a, b) => a - b)[count >> 1] as number;
}

let base = 0;
const tasks: Record<string, (count: number, ...rest: string[]) => unknown> = {
  read: (count) => drain(count, addLengths),
  fresh: (count, portion, size) => fresh(count, Number(portion), Number(size)),
  view: (count) =>
    drain(count, (batch) => {
      for (let i = 0; i < batch.count; i++) sum += batch.view(i).length;
    }),
  copy: (count) =>
    drain(count, (batch) => {
      for (let i = 0; i < batch.count; i++) sum += batch.copy(i).length;
    }),
  async iterate(count) {
    let left = count;
    for await (const frame of first) {
      sum += frame.length;
      if (--left === 0) break;
    }
  },
  loop: (count) => drain(count, forward(second)),
  write: (count, size) => write(first, count, Number(size)),
  workers: (count, number) => workers(Number(number), count),
  late: (count) => late(count),
  files: (count, reading) => files(count, reading === 'reading'),
  base: () => {
    base = resident();
  },
  growth: () => resident() - base,
  forward() {
    first.onBatch(forward(second));
    second.onBatch(forward(first));
  },
  respond: () => void first.onBatch(respond),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', count] = line.split(' ');
  const [name = '', ...rest] = task.split('/');
  if (name === 'cpu') {
    console.log(clock.cpu);
    continue;
  }
  clock.reset();
  clock.run(true);
  const result = await tasks[name]?.(Number(count), ...rest);
  clock.run(false);
  console.log(typeof result === 'number' ? result : clock.wall);
}
await Promise.all([first.close(), second.close()]);
