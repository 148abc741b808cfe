// A process that makes calls to libvirt and says how long they took: virtnet, libvirt-python or plain C.
// They take one task a line and answer it with one number.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

export class Peer implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: NodeJS.WritableStream;

  constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.#process;
    if (!stdin || !stdout) throw new Error(`${command} has no pipes`);
    this.#input = stdin;
    const lines: Interface = createInterface({ input: stdout });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Does a task and gives its figure: seconds, unless the task says otherwise. */
  async ask(task: string, count: number): Promise<number> {
    return Number(await this.tell(task, count));
  }

  /** Does a task and gives its answer, a line. */
  async tell(task: string, count: number): Promise<string> {
    this.#input.write(`${task} ${count}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnargs.join(' ')} ended at the task ${task}`);
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#input.end();
    if (this.#process.exitCode === null) await ended;
  }
}
