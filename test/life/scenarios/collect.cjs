// Handles that nobody closes (node --expose-gc): networks by the thousand, and connections.

const { close, delay, load, megabytes, scenario, sockets, until } = require('./common.cjs');
const { functions: f } = load();

async function lookUp(connection, name, times) {
  for (let i = 0; i < times; i += 50)
    await Promise.all(Array.from({ length: 50 }, () => f.virNetworkLookupByName(connection, name)));
  global.gc();
  await delay(50); // what was collected is released on another thread
}

async function openAndForget(uri, count) {
  for (let i = 0; i < count; i++) {
    const connection = await f.virConnectOpen(uri);
    await f.virConnectListAllNetworks(connection, 0);
  }
}

scenario(async (uri, times) => {
  const none = sockets();
  const connection = await f.virConnectOpen(uri);
  const name = 'life-collected';
  const network = await f.virNetworkDefineXML(connection, `<network><name>${name}</name></network>`);
  await lookUp(connection, name, Number(times) / 10);
  const before = megabytes();
  await lookUp(connection, name, Number(times));
  const grown = megabytes() - before;
  await f.virNetworkUndefine(network);
  await close(connection);

  await openAndForget(uri, 10);
  await until(() => {
    global.gc();
    return sockets() === none;
  });
  return { grown };
});
