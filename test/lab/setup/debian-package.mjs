// Packages that are downloaded and unpacked, but never installed: kernels, and programs for guests.

import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withPackageIndex } from './packages.mjs';
import { isHere } from './probe.mjs';
import { CACHE, run } from './step.mjs';

/** Can packages be had here at all? */
export function canUnpackPackages() {
  return isHere('apt-get') && isHere('dpkg');
}

/** Makes `folder` hold what is in a package, whole or not at all. */
export async function unpackPackage(name, folder) {
  const scratch = join(CACHE, `package-${process.pid}`);
  const download = join(scratch, 'download');
  const tree = join(scratch, 'tree');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  try {
    // As root, apt would hand the work to a user who may not write here.
    const command = ['apt-get', 'download', '-q', '-o', 'APT::Sandbox::User=root', name];
    await withPackageIndex(() => run(command, { cwd: download }));
    for (const file of readdirSync(download)) await run(['dpkg', '--extract', join(download, file), tree]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(tree, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
