// Ends the process in the middle of things: `process.exit` at once, in a reaction, in an event's listener or in a
// question's; or at the natural end, with everything left open.

const { load, say, scenario } = require('./common.cjs');
const { functions: f } = load();

const leave = () => {
  say({ leaving: Date.now() });
  process.exit(7);
};

const ways = {
  async atOnce({ network }) {
    for (let i = 0; i < 64; i++) f.virNetworkGetXMLDesc(network, 0);
    leave();
  },
  async inReaction({ network }) {
    for (let i = 0; i < 64; i++) f.virNetworkGetXMLDesc(network, 0).then(() => i === 20 && leave());
  },
  async inListener({ connection, network }) {
    await f.virConnectNetworkEventRegisterAny(connection, null, 0, leave);
    for (let i = 0; i < 64; i++) f.virNetworkGetXMLDesc(network, 0);
    await f.virNetworkDestroy(network);
  },
  async inException({ network }) {
    process.on('uncaughtException', leave);
    for (let i = 0; i < 64; i++)
      f.virNetworkGetXMLDesc(network, 0).then(() => {
        throw new Error('not caught');
      });
  },
  async withoutClosing({ network }) {
    process.on('exit', () => {
      say({ leaving: Date.now() });
      process.exitCode = 7;
    });
    await Promise.all(Array.from({ length: 64 }, () => f.virNetworkGetXMLDesc(network, 0)));
  },
};

scenario(async (way, uri) => {
  if (way === 'whileAsked') {
    f.virConnectOpenAuth(uri, [2, 5], leave, 0);
    return;
  }
  if (way === 'whileAskedAndSilent') {
    f.virConnectOpenAuth(uri, [2, 5], () => setImmediate(leave), 0);
    return;
  }
  if (way === 'whileHanging') {
    for (let i = 0; i < 8; i++) f.virConnectOpen(uri).catch(() => {});
    setTimeout(leave, 200); // by then they have connected; a moment earlier is as good an end
    return;
  }
  const connection = await f.virConnectOpen(uri);
  const [network] = await f.virConnectListAllNetworks(connection, 0);
  await ways[way]({ connection, network });
});
