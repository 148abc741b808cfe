// The Debian packages that a goal needs: found missing by what they put on the machine, installed by apt as
// root, and named otherwise. Services that come with a package are not started.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isHere } from './probe.mjs';
import { CommandFailed, run, step } from './step.mjs';

const TABLE = Object.values(JSON.parse(readFileSync(new URL('packages.json', import.meta.url), 'utf8')));
const POLICY = '/usr/sbin/policy-rc.d';
const LISTS = '/var/lib/apt/lists';
const SILENT = { DEBIAN_FRONTEND: 'noninteractive' };
const OPTIONS = [
  '-q',
  '-y',
  '--no-install-recommends',
  '-o',
  'DPkg::Lock::Timeout=300',
  '-o',
  'Acquire::Retries=3',
];

/** The names of the packages of `groups` that are not here. */
export function missingPackages(groups) {
  return TABLE.filter(({ goal, probe }) => groups.includes(goal) && !isHere(probe)).map((row) => row.package);
}

/** Installs what is missing of `groups`, or says how to; gives what is still missing. */
export async function installPackages(groups) {
  const names = missingPackages(groups);
  if (names.length === 0) return [];
  const command = ['apt-get', 'install', ...OPTIONS, ...names];
  if (process.getuid() !== 0 || !isHere('apt-get')) {
    console.log(`These Debian packages are missing, or their like elsewhere:\n  ${names.join(' ')}`);
    console.log(`Install them as root:\n  apt-get install --no-install-recommends ${names.join(' ')}\n`);
    return names;
  }
  const install = () => withPackageIndex(() => run(command, { env: SILENT }));
  await step('packages', names.join(' '), () => withServicesAtRest(install));
  return missingPackages(groups);
}

/** Runs `work`, which asks apt for packages, with an index that is fetched when there is none or an outdated one. */
export async function withPackageIndex(work) {
  const update = () => run(['apt-get', 'update', '-q'], { env: SILENT });
  const fresh = !existsSync(LISTS) || !readdirSync(LISTS).some((name) => name.includes('_Packages'));
  if (fresh) await update();
  try {
    return await work();
  } catch (error) {
    if (fresh || !(error instanceof CommandFailed)) throw error;
    await update();
    return await work();
  }
}

/** Debian's way to install a service without starting it (invoke-rc.d's policy layer): a script that says 101. */
async function withServicesAtRest(work) {
  if (existsSync(POLICY)) return work();
  const restore = () => rmSync(POLICY, { force: true });
  const interrupted = () => {
    restore();
    process.exit(130);
  };
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    return await work();
  } finally {
    restore();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}
