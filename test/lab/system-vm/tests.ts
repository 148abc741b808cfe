// Runs the tests of test/vm: in the system VM, or here, where they are skipped and say why.

import { spawnSync } from 'node:child_process';
import { missing } from '../have.js';
import { SYSTEM_VM_NEEDS } from './needs.js';
import { passedOn, runInSystemVm } from './vm.js';

const VITEST = ['vitest', 'run', '--project', 'vm', '--no-file-parallelism', '--no-isolate'];
const [command = '', ...words] = ['npx', ...VITEST, ...process.argv.slice(2)];

// What is transformed here need not be transformed on the slow processor of the VM (see vitest.config.ts).
const lacking = missing(...SYSTEM_VM_NEEDS) !== undefined;
const { status } = spawnSync(command, words, {
  stdio: ['ignore', lacking ? 'inherit' : 'ignore', 'inherit'],
});
const inVm = () =>
  runInSystemVm({
    command: [command, ...words].map(quoted).join(' '),
    output: process.stdout,
    env: passedOn(),
  });
process.exitCode = lacking ? (status ?? 1) : await inVm();

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
