// A daemon that stops answering (SIGSTOP; `stop` is a command that does it), with eight calls under way and a
// subscription. Then the connection is closed, or its keepalive gives it up, or its worker is terminated.

const { execFileSync } = require('node:child_process');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
const { close, load, scenario, sockets, threads, until } = require('./common.cjs');
const { functions: f } = load();

async function open(uri) {
  const connection = await f.virConnectOpen(uri);
  await f.virConnectNetworkEventRegisterAny(connection, null, 0, () => {});
  return connection;
}

const call = (connection) => Array.from({ length: 8 }, () => f.virConnectGetHostname(connection));

const ways = {
  async close(uri, stop) {
    const connection = await open(uri);
    stop();
    const ended = Promise.allSettled(call(connection));
    await close(connection);
    return ended;
  },
  async keepalive(uri, stop) {
    const connection = await open(uri);
    await f.virConnectSetKeepAlive(connection, 1, 1);
    stop();
    const ended = await Promise.allSettled(call(connection));
    await close(connection);
    return ended;
  },
  async terminate(uri, stop) {
    const worker = new Worker(__filename, { workerData: uri });
    await new Promise((opened) => worker.once('message', opened));
    stop();
    worker.postMessage('call');
    await new Promise((called) => worker.once('message', called));
    await worker.terminate();
    return [];
  },
};

if (isMainThread) {
  scenario(async (way, uri, ...stop) => {
    const none = sockets();
    await close(await f.virConnectOpen(uri));
    const before = threads();
    const ended = await ways[way](uri, () =>
      execFileSync(stop[0], stop.slice(1), { env: { PATH: process.env.PATH } }),
    );
    // Threads that hang would keep nothing alive, but be there for good.
    await until(() => sockets() === none && threads() <= before);
    return { reasons: ended.map(({ reason }) => reason.reason) };
  });
} else {
  open(workerData).then((connection) => {
    parentPort.once('message', () => {
      call(connection);
      parentPort.postMessage('called');
    });
    parentPort.postMessage('open');
  });
}
