// Subscriptions that end in every order with their connection: none keeps the connection from ending.

const { close, load, scenario, sockets, until } = require('./common.cjs');
const { functions: f } = load();

scenario(async (uri) => {
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
  return { ended: Object.keys(ways).length };
});
