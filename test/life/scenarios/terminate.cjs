// Terminates workers in the middle of what `what` says, `times` times, and looks at what is left of them.

const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
const { CLIENT, close, load, megabytes, scenario, sockets, threads, until } = require('./common.cjs');
const { functions: f } = load();

const works = {
  async calls({ uri }) {
    const connection = await f.virConnectOpen(uri);
    const [network] = await f.virConnectListAllNetworks(connection, 0);
    const call = async () => {
      for (;;) await f.virNetworkGetXMLDesc(network, 0);
    };
    for (let i = 0; i < 8; i++) call();
  },
  async lookups({ uri }) {
    const connection = await f.virConnectOpen(uri);
    const look = async () => {
      for (;;) await f.virConnectListAllNetworks(connection, 0);
    };
    for (let i = 0; i < 8; i++) look();
  },
  async events({ uri }) {
    const connection = await f.virConnectOpen(uri);
    const [network] = await f.virConnectListAllNetworks(connection, 0);
    await f.virConnectNetworkEventRegisterAny(connection, null, 0, () => {});
    for (;;) {
      // Several workers may have the same network: the other's event is as good.
      await f.virNetworkDestroy(network).catch(() => {});
      await f.virNetworkCreate(network).catch(() => {});
    }
  },
  async opens({ uri }) {
    for (;;) {
      const connection = await f.virConnectOpen(uri);
      f.virConnectClose(connection, CLIENT);
    }
  },
  async question({ uri }) {
    await new Promise((asked) => f.virConnectOpenAuth(uri, [2, 5], asked, 0));
  },
  async hanging({ uri }) {
    for (let i = 0; i < 8; i++) f.virConnectOpen(uri);
  },
};

if (!isMainThread) {
  const working = works[workerData.what](workerData);
  parentPort.postMessage('going');
  working.then(() => {});
} else {
  scenario(async (what, times, uri) => {
    // What comes up once and stays: the addon, libvirt, its event loop, Node's own threads.
    await close(await f.virConnectOpen('test:///default'));
    const alone = threads();
    const round = async (i) => {
      const worker = new Worker(__filename, { workerData: { what, uri } });
      await new Promise((going) => worker.once('message', going));
      // From at once to well within.
      if (i % 4 !== 0) await new Promise((later) => setTimeout(later, i % 8));
      await worker.terminate();
    };
    for (let i = 0; i < 5; i++) await round(i);
    await until(() => threads() <= alone);
    const before = { sockets: sockets(), rss: megabytes() };
    for (let i = 0; i < Number(times); i++) await round(i);
    // Of all that went, nothing is left: no connection, no thread in a call.
    await until(() => sockets() === before.sockets && threads() <= alone);
    return { grown: megabytes() - before.rss };
  });
}
