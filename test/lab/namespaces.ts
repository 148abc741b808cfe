// A set of Linux namespaces (network, mount, PID, IPC, UTS) of their own for one test file, and the means
// to run commands in them. Everything lives below one temporary folder and ends with stop() or, at the
// latest, with the test process: process 1 (init.sh) ends when the pipe to the test process does.

import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a command said and how it ended; `code` is 128 + the signal's number when a signal ended it. */
export interface Finished {
  stdout: string;
  stderr: string;
  code: number;
}

/** A command that is bounded in time; the default is 30 seconds. */
export interface RunOptions {
  input?: string;
  timeoutMs?: number;
  env?: Record<string, string>;
}

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));
const START_MS = 10_000;
const STOP_MS = 5_000;
const COMMAND_MS = 30_000;

export interface NamespacesOptions {
  /** The machine's own network and devices instead of a network without devices; in a system VM only. */
  ofMachine?: boolean;
}

/**
 * Starts namespaces in which each of `privatePaths` (absolute folders that exist on this machine) is an
 * empty folder of their own, found from outside below `base`. Needs root.
 */
export async function startNamespaces(
  privatePaths: readonly string[],
  { ofMachine = false }: NamespacesOptions = {},
): Promise<Namespaces> {
  if (ofMachine && process.env.VIRTNET_SYSTEM_VM === undefined) {
    throw new Error('a lab touches the network and the devices of no machine but a system VM');
  }
  const base = mkdtempSync(join(tmpdir(), 'virtnet-'));
  for (const path of privatePaths) mkdirSync(join(base, path), { recursive: true });
  const holder = spawn(
    'unshare',
    [
      ...(ofMachine ? [] : ['--net']),
      '--mount',
      '--pid',
      '--ipc',
      '--uts',
      '--fork',
      '--kill-child',
      '--mount-proc',
      INIT,
      base,
    ].concat(privatePaths),
    { env: environment(base, ofMachine ? { LAB_DEVICES: 'writable' } : {}) },
  );
  const namespaces = new Namespaces(base, holder);
  try {
    await namespaces.ready();
  } catch (error) {
    await namespaces.stop();
    throw error;
  }
  return namespaces;
}

export class Namespaces {
  /** The folder below which everything of these namespaces lives, as the machine sees it. */
  readonly base: string;
  readonly #holder: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  readonly #complaints: Promise<string>;

  constructor(base: string, holder: ChildProcessWithoutNullStreams) {
    this.base = base;
    this.#holder = holder;
    this.#ended = new Promise((resolve) => holder.on('exit', resolve).on('error', resolve));
    this.#complaints = text(holder.stderr);
    holder.stdin.on('error', () => {}); // written to an end that is gone: `#ended` tells
  }

  /** The process that holds the namespaces; process 1 is its child. */
  get holderPid(): number {
    const { pid } = this.#holder;
    if (pid === undefined) throw new Error('the namespaces never started');
    return pid;
  }

  /** @internal Settles when process 1 has prepared everything, or with its complaint. */
  async ready(): Promise<void> {
    const said = once(this.#holder.stdout, 'data').then(() => 'ready' as const);
    const outcome = await within(START_MS, 'the namespaces to start', Promise.race([said, this.#ended]));
    if (outcome === 'ready') return;
    throw new Error(`the namespaces did not start: ${outcome} ${await this.#complaints}`);
  }

  /** Starts a command inside; killing the child that this returns kills the command. */
  spawn(
    command: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): ChildProcessWithoutNullStreams {
    const enter = [
      `--target=${this.holderPid}`,
      '--net',
      '--mount',
      '--ipc',
      '--uts',
      `--pid=/proc/${this.holderPid}/ns/pid_for_children`,
      '--wd=/',
    ];
    const dieTogether = ['setpriv', '--pdeathsig=KILL'];
    return spawn('nsenter', [...enter, '--', ...dieTogether, command, ...args], {
      env: environment(this.base, env),
    });
  }

  /** Runs a command inside to its end. */
  run(command: string, ...args: string[]): Promise<Finished> {
    return this.runWith({}, command, ...args);
  }

  /** {@link run} with input, environment or another limit; rejects when the limit is reached. */
  async runWith(options: RunOptions, command: string, ...args: string[]): Promise<Finished> {
    const child = this.spawn(command, args, options.env);
    child.stdin.on('error', () => {}); // a command may end without having read its input
    child.stdin.end(options.input ?? '');
    const finished = Promise.all([text(child.stdout), text(child.stderr), exitCode(child)]);
    try {
      const limit = options.timeoutMs ?? COMMAND_MS;
      const [stdout, stderr, code] = await within(limit, [command, ...args].join(' '), finished);
      return { stdout, stderr, code };
    } catch (error) {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      throw error;
    }
  }

  /** {@link run} for a command that has to succeed; gives its output. */
  must(command: string, ...args: string[]): Promise<string> {
    return this.mustWith({}, command, ...args);
  }

  /** {@link must} with input, environment or another limit. */
  async mustWith(options: RunOptions, command: string, ...args: string[]): Promise<string> {
    const { stdout, stderr, code } = await this.runWith(options, command, ...args);
    if (code === 0) return stdout;
    throw new Error(`${[command, ...args].join(' ')} ended with ${code}: ${stderr || stdout}`);
  }

  /** {@link must} for a command that prints JSON. */
  async runJson<T>(command: string, ...args: string[]): Promise<T> {
    return JSON.parse((await this.must(command, ...args)) || 'null') as T;
  }

  /** Ends every process inside and removes the folder; may be called again. */
  async stop(): Promise<void> {
    this.#holder.stdin.end();
    try {
      await within(STOP_MS, 'the namespaces to end', this.#ended);
    } catch {
      this.#holder.kill('SIGKILL'); // unshare --kill-child takes process 1 along
      await this.#ended;
    }
    rmSync(this.base, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Settles as `promise` does, or rejects when `ms` have passed. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function exitCode(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

function environment(base: string, more: Record<string, string>): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    HOME: base,
    ...more,
  };
}
