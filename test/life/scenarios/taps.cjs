// TAP devices in the middle of things: the process ends, a worker does, a listener throws, the slab goes elsewhere.
// To be run in a network namespace of its own.

const { isMainThread, parentPort, threadId, Worker, workerData } = require('node:worker_threads');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { say, scenario, until, megabytes, threads } = require('./common.cjs');
const { Tap } = require('virtnet/host');

/** An Ethernet frame to everybody. */
const frame = new Uint8Array(100).fill(255, 0, 6).fill(2, 6, 7);
frame.set([0x88, 0xb5], 12);

/** Of one that is collected before the process ends, there is a warning. */
const kept = [];
const open = async (options) => {
  const tap = await Tap.open(options);
  kept.push(tap);
  return tap;
};

/** Two TAP devices on one bridge: what is written to one is read from the other. */
async function pair(options = {}) {
  const taps = [await open(options), await open(options)];
  const bridge = `br${threadId}`;
  ip(`link add ${bridge} up type bridge`);
  for (const { name } of taps) ip(`link set ${name} master ${bridge} up`);
  return taps;
}

/** Keeps a device full of frames without an end, each with a number of its own. */
function flood(tap) {
  let number = 0;
  const numbered = frame.slice();
  const again = () => {
    if (tap.closed) return;
    for (let i = 0; i < 50; i++) {
      new DataView(numbered.buffer).setUint32(14, number++);
      tap.write(numbered);
    }
    setImmediate(again);
  };
  again();
}

const ip = (words) => execFileSync('ip', words.split(' '));

/** Of how many the kernel is to tell this process when they go, although it does not read them: EPOLLPRI is 2. */
const resting = () => {
  const told = fs.readdirSync('/proc/self/fdinfo').map((fd) => {
    try {
      return fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'ascii');
    } catch {
      return ''; // closed meanwhile
    }
  });
  const events = [...told.join('').matchAll(/^tfd:.* events:\s*([0-9a-f]+) /gm)];
  return events.filter(([, bits]) => Number.parseInt(bits, 16) & 2).length;
};

/** How many there are in this network namespace, whoever has them. */
const taps = () => fs.readFileSync('/proc/net/dev', 'utf8').match(/tap\d+:/g)?.length ?? 0;

const options = { plain: {}, thread: { thread: true }, split: { offload: 'split' } };

const ways = {
  /** process.exit with taps open and read, in a listener. */
  async exit(kind) {
    const [a, b] = await pair(options[kind]);
    flood(a);
    for (let i = 0; i < 14; i++) (await open(options[kind])).onBatch(() => {});
    let batches = 0;
    b.onBatch(() => {
      if (++batches < 20) return;
      say({ leaving: Date.now() });
      process.exit(7);
    });
  },
  /** The natural end, with devices that nobody reads and one that may be left. */
  async end(kind) {
    const [a, b] = await pair(options[kind]);
    b.unref().onBatch(() => {});
    a.write(frame);
    await until(() => resting() === 1);
    return { leaving: Date.now() };
  },
  /** The natural end, when who listened for a device to be up listens no more. */
  async unheard(kind) {
    const tap = await open(options[kind]);
    const listener = () => {};
    tap.on('up', listener).write(frame);
    tap.off('up', listener);
  },
  /** The natural end with a device that is down, when what had waited for room was given up. */
  async givenUp(kind) {
    const tap = await open({ ...options[kind], sendBuffer: 8000 });
    // What passes `hold` is charged to the tap for as long as it is held.
    ip('link add hold type veth peer name free');
    ip('link add br0 up type bridge');
    for (const port of [tap.name, 'hold', 'free']) ip(`link set ${port} up`);
    for (const port of [tap.name, 'hold']) ip(`link set ${port} master br0`);
    execFileSync('bridge', 'fdb add 02:00:00:00:00:99 dev hold master static'.split(' '));
    execFileSync('tc', 'qdisc add dev hold root tbf rate 8kbit burst 2000 limit 1000000'.split(' '));
    const large = new Uint8Array(1000);
    large.set([2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]);
    while (tap.statistics().written.waiting === 0) tap.write(large);
    await tap.set({ up: false });
    execFileSync('tc', 'qdisc del dev hold root'.split(' '));
    await until(() => {
      tap.writeBatch(new Uint8Array(), new Uint32Array(), new Uint32Array());
      return tap.statistics().written.waiting === 0;
    });
    return { down: tap.statistics().written.down };
  },
  /** A device that may be left, and then may not: the process goes on where a timer would not keep it. */
  async held(kind) {
    const [, b] = await pair(options[kind]);
    b.onBatch(() => {});
    b.unref().ref();
    const held = await new Promise((resolve) => setTimeout(resolve, 20, true).unref());
    b.unref();
    return { held };
  },
  /** A listener that throws: heard of as of any other, and reading goes on. */
  async throwing(kind) {
    const [a, b] = await pair(options[kind]);
    const heard = [];
    process.on('uncaughtException', (error) => heard.push(error.message));
    let batches = 0;
    b.onBatch(() => {
      batches++;
      throw new Error(`batch ${batches}`);
    });
    for (let i = 1; i <= 3; i++) {
      a.write(frame);
      await until(() => heard.length >= i && batches === heard.length);
    }
    await Promise.all([a.close(), b.close()]);
    return { heard: heard.slice(0, 3), still: batches >= 3 };
  },
  /** A loop within a listener: other devices are opened, written and closed meanwhile. */
  async within(kind) {
    const [a, b] = await pair(options[kind]);
    let closing;
    const done = new Promise((resolve) => {
      b.onBatch(async (batch) => {
        const { count } = batch;
        b.writeBatch(batch.slab, batch.offsets, batch.lengths, count);
        closing ??= Promise.all([a.close(), b.close(), b.close()]);
        await closing;
        resolve(count);
      });
    });
    flood(a);
    const count = await done;
    return { closed: a.closed && b.closed, read: count > 0 };
  },
  /** The slab's memory is taken, and its frames with it: the next batch has other memory. */
  async transfer(kind) {
    const [a, b] = await pair(options[kind]);
    const handed = [];
    let batches = 0;
    const seen = new Promise((resolve) => {
      b.onBatch((batch) => {
        const [{ buffer }, offset, first] = [batch.slab, batch.offsets[0], batch.copy(0)];
        const giveAway = () => {
          handed.push({ first, there: new Uint8Array(buffer.transfer(), offset, first.length) });
        };
        batches++;
        if (batches <= 8) giveAway();
        else if (batches === 12) setImmediate(giveAway);
        else if (batches === 40) resolve(first.length);
      });
    });
    flood(a);
    const length = await seen;
    // What is given away when the listener has returned is whatever came by then.
    const kept = handed.slice(0, 8).every(({ first, there }) => Buffer.compare(first, there) === 0);
    await Promise.all([a.close(), b.close()]);
    return { read: length > 0, handed: handed.length, kept };
  },
  /** Devices that nobody closes, nor reads, are collected. */
  async forgotten(kind) {
    const warned = new Promise((resolve) => process.on('warning', ({ name }) => resolve(name)));
    const held = [];
    for (let i = 0; i < 4; i++) held.push(await Tap.open(options[kind]));
    await until(() => resting() === 4);
    held.length = 0;
    await until(() => {
      globalThis.gc();
      return taps() === 0;
    });
    return { warned: await warned };
  },
  /** Many frames at once, where no descriptor is left for a ring to write them through. */
  async scarce(kind) {
    const [a, b] = await pair(options[kind]);
    const many = 100;
    const slab = new Uint8Array(many * frame.length);
    const offsets = Uint32Array.from({ length: many }, (_, i) => i * frame.length);
    for (const [i, offset] of offsets.entries()) slab.set(frame.with(14, i), offset);
    const come = [];
    b.onBatch((batch) => {
      for (const each of batch) if (each[12] === 0x88 && each[13] === 0xb5) come.push(each[14]);
    });
    const taken = [];
    try {
      for (;;) taken.push(fs.openSync('/dev/null'));
    } catch (error) {
      if (error.code !== 'EMFILE') throw error;
    }
    const sent = a.writeBatch(slab, offsets, new Uint32Array(many).fill(frame.length));
    for (const fd of taken) fs.closeSync(fd);
    await until(() => come.length === many);
    await Promise.all([a.close(), b.close()]);
    return { sent, inOrder: come.every((number, i) => number === i) };
  },
  /** Frames without an end into a process that does not grow. */
  async growth(kind, frames) {
    const [a, b] = await pair(options[kind]);
    let read = 0;
    b.onBatch((batch) => {
      read += batch.count;
    });
    const pass = async (wanted) => {
      const start = read;
      while (read - start < wanted) {
        for (let i = 0; i < 400; i++) a.write(frame);
        await new Promise((later) => setImmediate(later));
      }
    };
    await pass(20_000);
    globalThis.gc();
    const before = megabytes();
    await pass(Number(frames));
    globalThis.gc();
    const grown = megabytes() - before;
    await Promise.all([a.close(), b.close()]);
    return { grown };
  },
  /** Workers that are terminated while they read, and write. */
  async terminate(kind, times) {
    const alone = threads();
    for (let i = 0; i < Number(times); i++) {
      const worker = new Worker(__filename, { workerData: kind });
      await new Promise((going, failed) => worker.once('message', going).once('error', failed));
      if (i % 3 !== 0) await new Promise((later) => setTimeout(later, i % 5));
      await worker.terminate();
    }
    // Threads of their own close the devices, after the worker. Four more are libuv's, which come up once.
    await until(() => taps() === 0 && threads() <= alone + 4);
  },
};

if (!isMainThread) {
  pair(options[workerData]).then(async ([a, b]) => {
    // One rests, and one does not yet.
    await open(options[workerData]);
    await until(() => resting() >= 1);
    await open(options[workerData]);
    b.onBatch((batch) => a.writeBatch(batch.slab, batch.offsets, batch.lengths, batch.count));
    flood(a);
    parentPort.postMessage('going');
  });
} else {
  scenario((way, ...rest) => ways[way](...rest));
}
