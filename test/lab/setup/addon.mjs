// Builds the addon through binding.gyp, incrementally, with the headers that came with the node that runs this.

import { existsSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newest } from './newest.mjs';
import { ROOT, run } from './step.mjs';

/** Of Debian's package libnode-dev. */
const DEBIAN_HEADERS = '/usr/include/nodejs';
const BINARY = join(ROOT, 'build/Release/virtnet.node');

/** Is there no addon, or an older one than its sources? */
export function addonIsStale() {
  const built = newest(BINARY);
  return ['native', 'binding.gyp'].some((source) => newest(join(ROOT, source)) > built);
}

export async function buildAddon() {
  const nodeGyp = createRequire(join(ROOT, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  await run([process.execPath, nodeGyp, 'configure', 'build', '--jobs=max', ...headersOption()]);
  utimesSync(BINARY, new Date(), new Date()); // make leaves it alone when nothing in it would change
}

/** Where the headers of this node are; without them, node-gyp downloads them from nodejs.org. */
function headersOption() {
  const prefix = dirname(dirname(process.execPath));
  if (existsSync(join(prefix, 'include/node/common.gypi'))) return [`--nodedir=${prefix}`];
  if (existsSync(join(DEBIAN_HEADERS, 'common.gypi'))) return [`--nodedir=${DEBIAN_HEADERS}`];
  return [];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildAddon().catch((error) => {
    console.error(error.log ?? error);
    process.exitCode = 1;
  });
}
