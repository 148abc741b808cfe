import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './step.mjs';

/** Does node_modules lack a package of package-lock.json, or hold another version of one? */
export function nodeModulesAreStale() {
  const installed = packagesOf(join(ROOT, 'node_modules/.package-lock.json'));
  const locked = packagesOf(join(ROOT, 'package-lock.json'));
  return Object.entries(locked).some(([path, { version, optional }]) => {
    if (path === '') return false;
    const here = installed[path];
    return here === undefined ? !optional : here.version !== version;
  });
}

/** Without the packages' install scripts: ours would build the addon, which is a step of its own. */
export async function installNodeModules() {
  await run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}
