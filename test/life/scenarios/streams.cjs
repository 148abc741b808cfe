// Consoles that end in every order with their callback, their connection and their guest: what comes after is heard
// of no more, and nothing keeps the connection.

const { close, load, scenario, sockets, until } = require('./common.cjs');
const { functions: f } = load();

const [NONBLOCK, READABLE, WRITABLE, ERROR, HANGUP] = [1, 1, 2, 4, 8];

const guestXml = `<domain type='qemu'>
  <name>life-streams</name><memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os>
  <devices><serial type='pty'/><console type='pty'/><memballoon model='none'/></devices>
</domain>`;

scenario(async (uri) => {
  const observer = await f.virConnectOpen(uri);
  const guest = await f.virDomainCreateXML(observer, guestXml, 0);
  const none = sockets();
  const data = Buffer.from('typed into a console that nobody reads\n');

  const ways = {
    async aborted(connection) {
      const { stream, id } = await opened(connection);
      await f.virStreamSend(stream, data);
      await f.virStreamEventRemoveCallback(stream, id);
      await f.virStreamAbort(stream);
    },
    async abortedFirst(connection) {
      const { stream, id } = await opened(connection);
      await f.virStreamAbort(stream);
      await f.virStreamEventRemoveCallback(stream, id).catch(() => {});
    },
    async finished(connection) {
      const { stream, id } = await opened(connection);
      await f.virStreamRecv(stream, 4096);
      await f.virStreamEventRemoveCallback(stream, id);
      await f.virStreamFinish(stream);
    },
    // Everything is left to the connection's end.
    async left(connection) {
      await opened(connection);
    },
    async leftInTheMiddle(connection) {
      const { stream } = await opened(connection);
      f.virStreamSend(stream, data).catch(() => {});
      f.virStreamRecv(stream, 4096).catch(() => {});
      f.virStreamEventUpdateCallback(stream, READABLE | WRITABLE).catch(() => {});
    },
    async neverUsed(connection) {
      await f.virStreamNew(connection, NONBLOCK);
    },
  };

  async function opened(connection) {
    const domain = await f.virDomainLookupByName(connection, 'life-streams');
    const stream = await f.virStreamNew(connection, NONBLOCK);
    await f.virDomainOpenConsole(domain, null, stream, 1 /* FORCE: the one before may not be over yet */);
    let heard;
    const writable = new Promise((resolve) => {
      heard = resolve;
    });
    const id = await f.virStreamEventAddCallback(stream, WRITABLE | ERROR | HANGUP, heard);
    await writable;
    return { stream, id };
  }

  for (const way of Object.values(ways)) {
    for (let i = 0; i < 10; i++) {
      const connection = await f.virConnectOpen(uri);
      await way(connection);
      await close(connection);
    }
  }
  await until(() => sockets() === none);

  // A guest that ends says so to whoever reads its console.
  const { stream, id } = await openedForReading();
  await f.virDomainDestroy(guest);
  const end = await stream.end;
  await f.virStreamEventRemoveCallback(stream.handle, id);
  await close(observer);
  return { ended: Object.keys(ways), end };

  async function openedForReading() {
    const handle = await f.virStreamNew(observer, NONBLOCK);
    await f.virDomainOpenConsole(guest, null, handle, 1);
    const events = READABLE | ERROR | HANGUP;
    let ended;
    const end = new Promise((resolve) => {
      ended = resolve;
    });
    const subscription = await f.virStreamEventAddCallback(handle, events, async () => {
      try {
        for (;;) {
          const bytes = await f.virStreamRecv(handle, 4096);
          if (bytes === null) break;
          if (bytes.length === 0) return ended('end of the stream');
        }
        await f.virStreamEventUpdateCallback(handle, events);
      } catch (error) {
        ended(error.message);
      }
    });
    return { stream: { handle, end }, id: subscription };
  }
});
