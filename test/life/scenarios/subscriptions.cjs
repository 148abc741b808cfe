// Subscriptions that end in every order with their connection: none keeps the connection from ending, and none is
// heard of once it has been dropped.

const { close, load, scenario, sockets, until } = require('./common.cjs');
const { functions: f } = load();

scenario(async (uri) => {
  // libvirtd loses an event when the last subscription to its kind has just been taken back: this one stays.
  const observer = await f.virConnectOpen(uri);
  await f.virConnectNetworkEventRegisterAny(observer, null, 0, () => {});
  const none = sockets();
  const register = (connection) => f.virConnectNetworkEventRegisterAny(connection, null, 0, () => {});
  const deregister = (connection, id) =>
    f.virConnectNetworkEventDeregisterAny(connection, id).catch(() => {});
  const ways = {
    // The call that would take it back is still queued when the connection is closed.
    async droppedThenClosed(connection) {
      deregister(connection, await register(connection));
    },
    // libvirt takes the subscription after the connection was closed.
    async closedMeanwhile(connection) {
      register(connection).catch(() => {});
    },
    async droppedTwice(connection) {
      const id = await register(connection);
      await Promise.all([deregister(connection, id), deregister(connection, id)]);
    },
    // Its number is known before libvirt has taken it.
    async droppedEarly(connection) {
      const registering = register(connection).catch(() => {});
      await Promise.all([deregister(connection, 1), registering]);
    },
    async left(connection) {
      await register(connection);
    },
    async heard(connection) {
      let dropped = false;
      let heard;
      const first = new Promise((resolve) => {
        heard = resolve;
      });
      const id = await f.virConnectNetworkEventRegisterAny(connection, null, 0, () => {
        if (dropped) process.exit(9);
        heard();
      });
      const change = async () => {
        const network = await f.virNetworkDefineXML(connection, '<network><name>life-heard</name></network>');
        await f.virNetworkUndefine(network);
      };
      const changing = change();
      await first;
      // The next event is on its way, perhaps here already.
      dropped = true;
      await Promise.all([deregister(connection, id), changing]);
      await change();
    },
  };
  for (const way of Object.values(ways)) {
    for (let i = 0; i < 20; i++) {
      const connection = await f.virConnectOpen(uri);
      await way(connection);
      await close(connection);
      await close(connection);
    }
  }
  await until(() => sockets() === none);
  await close(observer);
  return { ended: Object.keys(ways) };
});
