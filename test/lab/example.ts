// Runs scripts as a user does: each in a process of its own, on the library as it is built in dist/.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  stdout: string;
  stderr: string;
  code: number | null;
}

export class Example {
  readonly child: ChildProcessWithoutNullStreams;
  /** Settles when the process has ended and all that it printed is here. */
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  /** Starts a TypeScript file of the project. It prints to a pipe, hence without colours. */
  constructor(file: string, ...args: string[]) {
    this.child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { cwd: ROOT });
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      this.#stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code]) => ({
      stdout: this.#stdout,
      stderr: this.#stderr,
      code,
    }));
  }

  /** Settles when the process has printed these words; rejects when it ends without. */
  async printed(words: string): Promise<void> {
    while (!this.#stdout.includes(words)) {
      const next = once(this.child.stdout, 'data').then(() => undefined);
      const ended = await Promise.race([next, this.ended]);
      if (ended && !ended.stdout.includes(words))
        throw new Error(`it ended without having printed '${words}': ${ended.stdout}${ended.stderr}`);
    }
  }
}

/** Runs a TypeScript file of the project to its end. */
export function runExample(file: string, ...args: string[]): Promise<Ended> {
  return new Example(file, ...args).ended;
}
