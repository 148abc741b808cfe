// One step of the set-up: a line with what it did and how long that took. What its commands print goes to a
// log, which is shown only when one fails.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const CACHE = join(ROOT, '.cache');

/** Runs `work` and prints its line. */
export async function step(name, what, work) {
  const start = performance.now();
  const line = `${name.padEnd(10)} ${what}`;
  if (process.stdout.isTTY) process.stdout.write(`${line} …`);
  try {
    await work();
  } finally {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${process.stdout.isTTY ? '\r' : ''}${line}  ${seconds} s`);
  }
}

/** A command that ended otherwise than with 0; `log` is what it printed. */
export class CommandFailed extends Error {
  constructor(command, code, log) {
    super(`${command.join(' ')} ended with ${code}`);
    this.log = log;
  }
}

/** Runs a command in the project's folder to its end; gives what it printed, or rejects with {@link CommandFailed}. */
export async function run(command, { env = {}, cwd = ROOT } = {}) {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `setup-${process.pid}.log`);
  const log = openSync(file, 'w');
  try {
    const child = spawn(command[0], command.slice(1), {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    });
    const [code, signal] = await once(child, 'exit');
    const printed = readFileSync(file, 'utf8');
    if (code !== 0) throw new CommandFailed(command, code ?? signal, printed);
    return printed;
  } finally {
    closeSync(log);
    rmSync(file);
  }
}
