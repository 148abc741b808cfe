// TUN/TAP by virtnet: the tasks of frames.c, and what only JavaScript has: loops, workers, timers, files.
import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { type Batch, Tap } from 'virtnet/host';

const [prefix = '', mode = 'plain', ...netns] = process.argv.slice(2);
const BURST = 256;
const SUPER_PAYLOAD = 45 * 1448;

const open = (i: number, options: object = {}) =>
  Tap.open({
    name: `${prefix}${i}`,
    ...(mode === 'plain' ? {} : { offload: mode as 'raw' | 'split' }),
    ...(netns[i] === undefined ? {} : { netns: netns[i] }),
    ...options,
  });
const multiQueue = mode === 'queues';
const [first, second] = multiQueue
  ? await Promise.all([0, 1].map((i) => Tap.open({ name: `${prefix}${i}`, multiQueue })))
  : [await open(0), await open(1)];
if (!first || !second) throw new Error('there are no taps');

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

const forward =
  (to: Tap) =>
  ({ slab, offsets, lengths, count }: Batch): void => {
    to.writeBatch(slab, offsets, lengths, count);
  };

/** Segments of one TCP connection, one after the other, as frames.c makes them. */
function segments(size: number, count: number, prefixLength: number): [Uint8Array, Uint32Array, Uint32Array] {
  const whole = prefixLength + size;
  const slab = new Uint8Array(whole * count);
  const view = new DataView(slab.buffer);
  for (let i = 0; i < count; i++) {
    const at = i * whole + prefixLength;
    slab.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6], at);
    view.setUint16(at + 16, size - 14);
    slab.set([10, 99, 0, 1, 10, 99, 0, 2], at + 26);
    view.setUint16(at + 34, 1000);
    view.setUint16(at + 36, 2000);
    view.setUint32(at + 38, i * (size - 54));
    slab.set([0x50, 0x10], at + 46);
    view.setUint16(at + 48, 500);
    if (prefixLength === 0) continue;
    const header = new DataView(slab.buffer, at - prefixLength);
    header.setUint16(0, 0x0101);
    for (const [k, value] of [54, 1448, 34, 16].entries()) header.setUint16(2 + 2 * k, value, true);
  }
  const offsets = Uint32Array.from({ length: count }, (_, i) => i * whole);
  return [slab, offsets, new Uint32Array(count).fill(whole)];
}

const made = new Map<number, ReturnType<typeof segments>>();

function write(tap: Tap, count: number, size: number, prefixLength = 0): void {
  const arrays = made.get(size) ?? segments(size, prefixLength > 0 ? 1 : BURST, prefixLength);
  // The same super-frame again and again, as in C.
  if (prefixLength > 0 && arrays[1].length === 1) {
    arrays[1] = new Uint32Array(BURST);
    arrays[2] = new Uint32Array(BURST).fill(prefixLength + size);
  }
  made.set(size, arrays);
  const each = arrays[1].length;
  for (let left = count; left > 0; left -= each) {
    const sent = tap.writeBatch(...arrays, Math.min(each, left));
    if (sent < Math.min(each, left)) throw new Error(`only ${sent} frames went`);
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
  if (answers > 0) first?.writeBatch(slab, offsets, lengths, answers);
}

/** Workers with a queue of the first tap each, which write all together as many frames as told. */
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
  const arrays = segments(1514, BURST, 0);
  const data = { name: `${prefix}0`, arrays, count: Math.floor(count / number) };
  const all = Array.from({ length: number }, () => new Worker(source, { eval: true, workerData: data }));
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
  const stop = first?.onBatch(addLengths);
  delays.enable();
  await new Promise((later) => setTimeout(later, milliseconds));
  delays.disable();
  stop?.();
  // The histogram counts the millisecond that each timer waits by itself.
  return delays.percentile(99) / 1e6 - 1;
}

/** The middle of the times that a small file takes to be read, in ms. */
async function files(count: number, reading: boolean): Promise<number> {
  const stop = reading ? first?.onBatch(addLengths) : undefined;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await readFile('/etc/hostname');
    times.push(performance.now() - start);
  }
  stop?.();
  return times.sort((a, b) => a - b)[count >> 1] as number;
}

let cpu = 0;
let base = 0;
const tasks: Record<string, (count: number, ...rest: string[]) => unknown> = {
  read: (count) => drain(count, addLengths),
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
  writeSuper: (count) => write(first, count, 54 + SUPER_PAYLOAD, 10),
  workers: (count, number) => workers(Number(number), count),
  late: (count) => late(count),
  files: (count, reading) => files(count, reading === 'reading'),
  base: () => {
    base = resident();
  },
  growth: () => resident() - base,
  cpu: () => cpu,
  forward() {
    first.onBatch(forward(second));
    second.onBatch(forward(first));
  },
  respond: () => void first.onBatch(respond),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', count] = line.split(' ');
  const [name = '', ...rest] = task.split('/');
  const used = process.cpuUsage();
  const start = process.hrtime.bigint();
  const result = await tasks[name]?.(Number(count), ...rest);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(used);
  if (name !== 'cpu') cpu = (user + system) / 1e6;
  console.log(typeof result === 'number' ? result : wall);
}
await Promise.all([first.close(), second.close()]);
