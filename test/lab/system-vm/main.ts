// Runs a command in the system VM: npm run system-vm -- COMMAND…

import { missing } from '../have.js';
import { SYSTEM_VM_NEEDS } from './needs.js';
import { passedOn, runInSystemVm } from './vm.js';

const command = process.argv.slice(2).join(' ');
const reason =
  command === '' ? 'takes a command: npm run system-vm -- uname -a' : missing(...SYSTEM_VM_NEEDS);
if (reason === undefined) {
  process.exitCode = await runInSystemVm({ command, output: process.stdout, env: passedOn() });
} else {
  console.error(`the system VM ${reason}`);
  process.exitCode = 2;
}
