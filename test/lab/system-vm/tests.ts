// Runs the tests of test/vm: in the system VM, or here, where they are skipped and say why.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { missing } from '../have.js';
import { newest } from '../setup/newest.mjs';
import { CACHE, ROOT } from '../setup/step.mjs';
import { SYSTEM_VM_NEEDS } from './needs.js';
import { passedOn, runInSystemVm } from './vm.js';

const VITEST = ['run', '--project', 'vm', '--no-file-parallelism', '--no-isolate'];
// Not by npx, which takes a quarter of a minute to start in the VM.
const [command = '', ...words] = [
  'node',
  'node_modules/vitest/vitest.mjs',
  ...VITEST,
  ...process.argv.slice(2),
];

const lacking = missing(...SYSTEM_VM_NEEDS) !== undefined;
const here = () =>
  spawnSync(command, words, { stdio: ['ignore', lacking ? 'inherit' : 'ignore', 'inherit'] }).status;
// What is transformed here need not be transformed on the slow processor of the VM (see vitest.config.ts).
const isTransformed = () =>
  newest(join(CACHE, 'vitest')) > Math.max(...['lib', 'test'].map((folder) => newest(join(ROOT, folder))));
const inVm = () =>
  runInSystemVm({
    command: [command, ...words].map(quoted).join(' '),
    output: process.stdout,
    env: passedOn(),
  });
if (!lacking && !isTransformed()) here();
process.exitCode = lacking ? (here() ?? 1) : await inVm();

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
