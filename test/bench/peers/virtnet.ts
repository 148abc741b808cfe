// The library as an application uses it: its built form, its facade.
import { createInterface } from 'node:readline';
import { connect } from 'virtnet';

const [, , uri = '', name = ''] = process.argv;
const connection = await connect(uri);
const network = await connection.networks.get(name);

const tasks: Record<string, (count: number) => Promise<number>> = {
  async sequential(count) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) await (await connection.networks.get(name)).xml();
    return seconds(start);
  },

  async inFlight(count) {
    const start = process.hrtime.bigint();
    await keepInFlight(64, count, () => network.xml());
    return seconds(start);
  },

  /** How late a timer of 1 ms is at the 99th percentile, in milliseconds, while 64 calls are in flight. */
  async drift(count) {
    const lateness: number[] = [];
    let due = performance.now() + 1;
    const timer = setInterval(() => {
      const now = performance.now();
      lateness.push(now - due);
      due = now + 1;
    }, 1);
    await keepInFlight(64, count, () => network.xml());
    clearInterval(timer);
    lateness.sort((a, b) => a - b);
    return lateness[Math.floor(lateness.length * 0.99)] ?? Number.NaN;
  },

  /** How much the process grows, in MB, over many lookups whose results are dropped. */
  async growth(count) {
    const lookUp = async (times: number) => {
      for (let i = 0; i < times; i++) await connection.networks.get(name);
      for (let i = 0; i < 5; i++) {
        globalThis.gc?.();
        await new Promise(setImmediate);
      }
      return process.memoryUsage().rss;
    };
    const before = await lookUp(count / 10);
    return ((await lookUp(count)) - before) / 1e6;
  },
};

/** Starts a call for each one that ends, until `count` were made. */
async function keepInFlight(limit: number, count: number, call: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: limit }, lane));
}

function seconds(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', count] = line.split(' ');
  console.log(await tasks[task]?.(Number(count)));
}
await connection.close();
