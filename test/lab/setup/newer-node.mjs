// A newer Node.js than the one at hand, from npm's packages of its releases: one program, which is not installed.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, run } from './step.mjs';

/** Where the newest release of a major version is, once it is unpacked. */
const nodeFolder = (major) => join(CACHE, `node-${major}`);

/** The folder of its program; undefined where it is not unpacked yet. */
export function newerNode(major) {
  const bin = join(nodeFolder(major), 'bin');
  return existsSync(join(bin, 'node')) ? bin : undefined;
}

/** Makes {@link nodeFolder} hold it, whole or not at all. */
export async function unpackNewerNode(major) {
  const scratch = join(CACHE, `node-${major}-${process.pid}`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  try {
    const name = `node-${process.platform}-${process.arch}@${major}`;
    await run(['npm', 'pack', '--pack-destination', scratch, name]);
    const [archive] = readdirSync(scratch);
    await run(['tar', '--extract', '--file', join(scratch, archive), '--directory', scratch]);
    rmSync(nodeFolder(major), { recursive: true, force: true });
    renameSync(join(scratch, 'package'), nodeFolder(major));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
