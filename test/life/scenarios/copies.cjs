// The addon more than once in a process: loaded again, used from another context, and as a second file.

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { CLIENT, close, load, root, scenario } = require('./common.cjs');

function loadAgain(file) {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

async function use({ functions: f }) {
  const connection = await f.virConnectOpen('test:///default');
  const [network] = await f.virConnectListAllNetworks(connection, 0);
  let heard;
  const event = new Promise((resolve) => {
    heard = resolve;
  });
  await f.virConnectNetworkEventRegisterAny(connection, null, 0, (_network, type) => heard(type));
  await f.virNetworkDestroy(network);
  await f.virNetworkCreate(network);
  const type = await event;
  await close(connection);
  return type;
}

scenario(async (folder) => {
  const first = load();
  const file = require('node-gyp-build').resolve(root);
  const copy = path.join(folder, 'copy.node');
  fs.copyFileSync(file, copy);
  const second = loadAgain(file);
  const other = loadAgain(copy);

  const stopped = [await use(first), await use(second), await use(other)];

  // A handle of one file is none of the other's; one file's are of one kind.
  const connection = await first.functions.virConnectOpen('test:///default');
  const name = await second.functions.virConnectGetHostname(connection);
  await close(connection);

  const context = vm.createContext({ functions: first.functions, CLIENT, setInterval, clearInterval });
  const inContext = await vm.runInContext(
    `(async () => {
      const connection = await functions.virConnectOpen('test:///default');
      let thrown;
      try { functions.virConnectGetHostname({}); } catch (error) { thrown = error.message; }
      const uri = await functions.virConnectGetURI(connection);
      const alive = setInterval(() => {}, 1000);
      await functions.virConnectClose(connection, CLIENT);
      clearInterval(alive);
      return [uri, thrown];
    })()`,
    context,
  );
  return { stopped, name: name.length > 0, inContext };
});
