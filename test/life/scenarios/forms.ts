// The library as an ES module and as CommonJS in one process: two copies of it on one addon.

import { createRequire } from 'node:module';
import * as esm from '../../../lib/index.js';

const commonjs: typeof esm = createRequire(import.meta.url)('../../../lib/index.ts');
const uri = process.argv[2] as string;

const connections = await Promise.all([esm.connect(uri), commonjs.connect(uri)]);
const heard: string[] = [];
let done = () => {};
const both = new Promise<void>((resolve) => {
  done = resolve;
});
for (const connection of connections)
  await connection.events.on('networkLifecycle', ({ type }) => {
    heard.push(type);
    if (heard.length === 2) done();
  });
const networks = await Promise.all(connections.map((connection) => connection.networks.get('default')));
await networks[0]?.destroy();
await both;
const error = await connections[1].networks.get('no such network').catch((reason) => reason);
console.log(
  JSON.stringify({
    distinct: esm.LibvirtError !== commonjs.LibvirtError,
    names: networks.map(({ name }) => name),
    instance: error instanceof esm.LibvirtError && error instanceof commonjs.LibvirtError,
    heard,
  }),
);
await Promise.all(connections.map((connection) => connection.close()));
