// Runs the tests of test/vm: in the system VM, or here, where they are skipped and say why. With no words of a test's name,
// those of a newer libvirt run behind them, in the same VM.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { missing } from '../have.js';
import { haveNewerLibvirt } from '../setup/newer-libvirt.mjs';
import { newest } from '../setup/newest.mjs';
import { CACHE, ROOT } from '../setup/step.mjs';
import { SYSTEM_VM_NEEDS } from './needs.js';
import { passedOn, runInSystemVm } from './vm.js';

const VITEST = ['run', '--project', 'vm', '--no-file-parallelism', '--no-isolate'];
const chosen = process.argv.slice(2);
// Not by npx, which takes a quarter of a minute to start in the VM.
const [command = '', ...words] = ['node', 'node_modules/vitest/vitest.mjs', ...VITEST, ...chosen];
/** What a bridge does with VLANs of its NICs takes libvirt 11. */
const ON_NEWER = ['node', 'test/lab/newer-libvirt.mjs', '--project', 'vm', 'vlan-filtering'];

const lacking = missing(...SYSTEM_VM_NEEDS) !== undefined;
const here = () =>
  spawnSync(command, words, { stdio: ['ignore', lacking ? 'inherit' : 'ignore', 'inherit'] }).status;
// What is transformed here need not be transformed on the slow processor of the VM (see vitest.config.ts).
const isTransformed = () =>
  newest(join(CACHE, 'vitest')) > Math.max(...['lib', 'test'].map((folder) => newest(join(ROOT, folder))));
const line = (command: readonly string[]) => command.map(quoted).join(' ');
const inVm = (...all: (readonly string[])[]) =>
  runInSystemVm({
    command: ['failed=0', ...all.map((one) => `${line(one)} || failed=1`), 'exit $failed'].join('\n'),
    output: process.stdout,
    env: passedOn(),
  });
/** In the VM there is no network to have it from, and a release may have no backports. */
async function onNewer(): Promise<(readonly string[])[]> {
  if (chosen.length > 0) return [];
  try {
    await haveNewerLibvirt();
    return [ON_NEWER];
  } catch (error) {
    console.log(`libvirt    of the backports: ${(error as Error).message}: the tests on it are skipped`);
    return [];
  }
}
if (!lacking && !isTransformed()) here();
process.exitCode = lacking ? (here() ?? 1) : await inVm([command, ...words], ...(await onNewer()));

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
