// Netlink sockets at an environment's end: workers terminated while they ask and listen, sockets forgotten, and the
// process ended with some open. It reads only, in the network namespace that it runs in.

const { isMainThread, parentPort, Worker } = require('node:worker_threads');
const { load, say, scenario, sockets, threads, until } = require('./common.cjs');
const { kernel } = load();

const ROUTE = 0;
const LINKS = 1;

/** RTM_GETLINK of all. */
function dump() {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(32, 0);
  bytes.writeUInt16LE(18, 4);
  bytes.writeUInt16LE(0x301, 6);
  return bytes;
}

async function ask(requests, times) {
  for (let i = 0; i < times; i++) await requests.exchange(dump());
}

if (!isMainThread) {
  const requests = new kernel.NetlinkRequests(ROUTE, null);
  new kernel.NetlinkEvents(ROUTE, null, [LINKS], 65536, () => {});
  for (let i = 0; i < 4; i++) ask(requests, Number.POSITIVE_INFINITY);
  parentPort.postMessage('going');
} else {
  scenario(async (way, times) => {
    const requests = new kernel.NetlinkRequests(ROUTE, null);
    await ask(requests, 10);
    if (way === 'exit') {
      new kernel.NetlinkEvents(ROUTE, null, [LINKS], 65536, () => {});
      ask(requests, Number.POSITIVE_INFINITY);
      say({ leaving: true });
      setImmediate(() => process.exit(7));
      return undefined;
    }
    requests.close();
    const round = async (i) => {
      const worker = new Worker(__filename);
      await new Promise((going) => worker.once('message', going));
      if (i % 4 !== 0) await new Promise((later) => setTimeout(later, i % 8));
      await worker.terminate();
    };
    for (let i = 0; i < 3; i++) await round(i);
    const alone = threads();
    const before = sockets();
    for (let i = 0; i < Number(times); i++) await round(i);
    for (let i = 0; i < 20; i++) await ask(new kernel.NetlinkRequests(ROUTE, '/proc/self/ns/net'), 1);
    const refused = await requests.exchange(dump()).catch(({ errno, call }) => ({ errno, call }));
    await until(() => {
      global.gc();
      return sockets() <= before && threads() <= alone + 1;
    });
    return { refused };
  });
}
