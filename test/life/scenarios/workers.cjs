// Two workers on one hypervisor, each with a connection and networks of its own, and the main thread beside them.

const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
const { close, load, scenario } = require('./common.cjs');
const { functions: f } = load();

async function work(uri, name, rounds) {
  const connection = await f.virConnectOpen(uri);
  const mine = [];
  const id = await f.virConnectNetworkEventRegisterAny(connection, null, 0, (network, event) => {
    if (f.virNetworkGetName(network) === name) mine.push(event);
  });
  for (let i = 0; i < rounds; i++) {
    const network = await f.virNetworkDefineXML(
      connection,
      `<network><name>${name}</name><bridge name='${name}'/></network>`,
    );
    const texts = await Promise.all(Array.from({ length: 10 }, () => f.virNetworkGetXMLDesc(network, 0)));
    if (!texts.every((text) => text.includes(name))) throw new Error(`not ${name}: ${texts}`);
    await f.virNetworkLookupByName(connection, `${name}-not-there`).catch(() => {});
    await f.virNetworkUndefine(network);
  }
  // Events come on a way of their own: the last one is here when all are.
  while (mine.length < 2 * rounds) await new Promise((later) => setTimeout(later, 5));
  await f.virConnectNetworkEventDeregisterAny(connection, id);
  await close(connection);
  return mine.length;
}

if (isMainThread) {
  scenario(async (uri, rounds) => {
    const start = (name) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(__filename, { workerData: { uri, name, rounds: Number(rounds) } });
        worker.once('message', resolve).once('error', reject);
      });
    return {
      events: await Promise.all([start('life-a'), start('life-b'), work(uri, 'life-c', Number(rounds))]),
    };
  });
} else {
  const { uri, name, rounds } = workerData;
  work(uri, name, rounds).then((events) => parentPort.postMessage(events));
}
