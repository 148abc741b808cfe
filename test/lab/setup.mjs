// Makes a clone ready for a goal: Debian packages, node modules, the addon, the compiled library, the addon
// under sanitizers; each only when it is missing or older than what it is made from. Needs nothing but Node.
//
//   node test/lab/setup.mjs [quickstart | test | lint | sanitize | bench]

import { join, relative } from 'node:path';
import { addonIsStale, buildAddon } from './setup/addon.mjs';
import { canUnpackPackages } from './setup/debian-package.mjs';
import { buildGuest, guestIsStale } from './setup/guest.mjs';
import { unpackedKernel, unpackKernel } from './setup/kernel.mjs';
import { qemuWithSriov, unpackNewerQemu } from './setup/newer-qemu.mjs';
import { newest } from './setup/newest.mjs';
import { installNodeModules, nodeModulesAreStale } from './setup/node-modules.mjs';
import { ovsDpdk, unpackOvsDpdk } from './setup/ovs-dpdk.mjs';
import { installPackages, missingPackages } from './setup/packages.mjs';
import { buildSanitized, SANITIZERS, sanitizedFolder, sanitizedIsStale } from './setup/sanitizer.mjs';
import { ROOT, run, step } from './setup/step.mjs';
import { buildSystemVm, systemVmIsStale } from './setup/system-vm.mjs';

/** Which packages each goal needs, by their `goal` in setup/packages.json. */
const GOALS = {
  quickstart: ['build'],
  test: ['build', 'lab'],
  lint: ['build', 'lint', 'cmake'],
  sanitize: ['build', 'lab', 'cmake', 'sanitize'],
  bench: ['build', 'lab', 'bench'],
};

const goal = process.argv[2] ?? 'test';
if (!Object.hasOwn(GOALS, goal)) {
  console.error(`${goal} is not one of the goals ${Object.keys(GOALS).join(', ')}`);
  process.exit(2);
}

try {
  await installPackages(GOALS[goal]);
  if (nodeModulesAreStale()) await step('modules', 'npm ci', installNodeModules);
  if (addonIsStale()) await makeAddon();
  if (goal === 'sanitize') await makeSanitized();
  if (goal === 'test') await makeMachines();
  if (libraryIsStale()) await step('library', 'lib/ to dist/', () => run(['npm', 'run', 'build:lib']));
} catch (error) {
  console.error(`\n${error.log ?? ''}\n${error.log === undefined ? error.stack : error.message}`);
  process.exit(1);
}

/** Where it cannot be built the tests go on, since many need no addon; nothing else can. */
async function makeAddon() {
  const lacking = missingPackages(GOALS.quickstart);
  if (lacking.length === 0) return step('addon', 'native/ to build/Release/virtnet.node', buildAddon);
  console.log(`addon      not built for want of ${lacking.join(', ')}: what needs it is skipped`);
  if (goal !== 'test') process.exitCode = 1;
}

/** Without them, the tests that have guests, vhost-user ports or the system VM are skipped. */
async function makeMachines() {
  const machines = [guestIsStale(), systemVmIsStale(), qemuWithSriov() === undefined];
  const stale = [...machines, ovsDpdk() === undefined];
  if (!stale.includes(true) || missingPackages(['lab']).length > 0) return;
  if (!canUnpackPackages()) {
    console.log(
      'machines   not made, since they are made from packages of Debian: what needs them is skipped',
    );
    return;
  }
  if (unpackedKernel() === undefined) await step('kernel', 'a package to .cache/kernel', unpackKernel);
  if (stale[0]) await step('guest', 'test/lab/guest to .cache/guest.cpio', buildGuest);
  if (stale[1]) await step('system VM', 'test/lab/system-vm to .cache/system-vm.cpio', buildSystemVm);
  if (stale[2]) await step('QEMU', "Debian's backports to .cache/newer-qemu", makeQemu);
  if (stale[3]) await step('OVS', 'packages with DPDK to .cache/ovs-dpdk', unpackOvsDpdk);
}

/** A release may have no backports, or none that can be reached: the system VM has no NICs with SR-IOV then. */
async function makeQemu() {
  try {
    await unpackNewerQemu();
  } catch (error) {
    console.log(`QEMU       of the backports: ${error.message}: the tests of SR-IOV are skipped`);
  }
}

async function makeSanitized() {
  for (const sanitizer of SANITIZERS.filter(sanitizedIsStale))
    await step('sanitizer', `native/ to ${relative(ROOT, sanitizedFolder(sanitizer))}`, () =>
      buildSanitized(sanitizer),
    );
}

function libraryIsStale() {
  return newest(join(ROOT, 'lib')) > newest(join(ROOT, 'dist/cjs/package.json'));
}
