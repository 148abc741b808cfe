// Builds of the addon under a sanitizer, through CMakeLists.txt, each in a folder that VIRTNET_PREBUILD can name.

import { utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { newest } from './newest.mjs';
import { CACHE, ROOT, run } from './step.mjs';

/** What each build watches for, in the compiler's words. */
const CHECKS = { address: 'address,undefined', thread: 'thread' };
export const SANITIZERS = Object.keys(CHECKS);

export function sanitizedFolder(sanitizer) {
  return join(CACHE, sanitizer);
}

/** Is there no such build, or an older one than its sources? */
export function sanitizedIsStale(sanitizer) {
  const built = newest(binaryOf(sanitizer));
  return ['native', 'CMakeLists.txt'].some((source) => newest(join(ROOT, source)) > built);
}

export async function buildSanitized(sanitizer) {
  const cmakeJs = dirname(createRequire(join(ROOT, 'package.json')).resolve('cmake-js/package.json'));
  const options = [`--out=${sanitizedFolder(sanitizer)}`, `--CDVIRTNET_SANITIZE=${CHECKS[sanitizer]}`];
  const parallel = `--parallel=${availableParallelism()}`;
  await run([process.execPath, join(cmakeJs, 'bin/cmake-js'), 'compile', ...options, parallel]);
  utimesSync(binaryOf(sanitizer), new Date(), new Date());
}

function binaryOf(sanitizer) {
  return join(sanitizedFolder(sanitizer), 'build/Release/virtnet.node');
}
