// Builds the addon through binding.gyp, incrementally. The Node headers come from beside the node that runs
// this, or else from the package node-api-headers: nothing is downloaded.

import { copyFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newest } from './newest.mjs';
import { CACHE, ROOT, run } from './step.mjs';

const BINARY = join(ROOT, 'build/Release/virtnet.node');

/** Is there no addon, or an older one than its sources? */
export function addonIsStale() {
  const built = newest(BINARY);
  return ['native', 'binding.gyp'].some((source) => newest(join(ROOT, source)) > built);
}

export async function buildAddon() {
  const nodeGyp = createRequire(join(ROOT, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  await run([process.execPath, nodeGyp, 'configure', 'build', '--jobs=max', `--nodedir=${headersFolder()}`]);
  utimesSync(BINARY, new Date(), new Date()); // make leaves it alone when nothing in it would change
}

/** A folder whose include/node has the headers of Node-API and what node-gyp's configuration reads. */
function headersFolder() {
  const installed = dirname(dirname(process.execPath));
  if (existsSync(join(installed, 'include/node/node_api.h'))) return installed;
  const folder = join(CACHE, 'node-headers');
  const include = join(folder, 'include/node');
  const headers = createRequire(join(ROOT, 'package.json'))('node-api-headers').include_dir;
  mkdirSync(include, { recursive: true });
  for (const name of readdirSync(headers)) copyFileSync(join(headers, name), join(include, name));
  writeFileSync(join(include, 'common.gypi'), JSON.stringify(COMMON));
  writeFileSync(join(include, 'config.gypi'), JSON.stringify(process.config));
  return folder;
}

/** What an addon needs of the common.gypi that comes with Node's own headers. */
const COMMON = {
  target_defaults: {
    default_configuration: 'Release',
    cflags: ['-pthread', '-fPIC'],
    ldflags: ['-pthread'],
    configurations: { Release: { cflags: ['-O3'], defines: ['NDEBUG'] }, Debug: { cflags: ['-g', '-O0'] } },
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildAddon().catch((error) => {
    console.error(error.log ?? error);
    process.exitCode = 1;
  });
}
