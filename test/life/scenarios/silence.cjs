// Opens that hang on a silent peer delay nobody else: neither other connections nor what Node does on threads.

const dns = require('node:dns/promises');
const fs = require('node:fs/promises');
const crypto = require('node:crypto');
const { promisify } = require('node:util');
const { close, load, scenario, sockets, until } = require('./common.cjs');
const { functions: f } = load();

scenario(async (silentUri, uri) => {
  const none = sockets();
  const hanging = Array.from({ length: 64 }, () => f.virConnectOpen(silentUri));
  let ended = 0;
  for (const one of hanging)
    one.catch(() => {
      ended += 1;
    });
  await until(() => sockets() - none === 64);

  const connection = await f.virConnectOpen(uri);
  const names = await Promise.all(Array.from({ length: 64 }, () => f.virConnectGetHostname(connection)));
  const file = await fs.readFile(__filename, 'utf8');
  await dns.lookup('127.0.0.1');
  await promisify(crypto.pbkdf2)('a', 'b', 1, 8, 'sha256');
  const facts = { names: names.length, file: file.length > 0, endedMeanwhile: ended };

  await close(connection);
  // A connection that is given up while it is being opened.
  await Promise.all(hanging.map(close));
  await until(() => sockets() === none);
  return { ...facts, ended };
});
