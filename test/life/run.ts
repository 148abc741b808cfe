// Runs a scenario in a process of its own, to its end. One that does not end is killed, and fails its test.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';

const SCENARIOS = join(import.meta.dirname, 'scenarios');
/** For a hang, not for a slow machine. */
const LIMIT_S = 60;

/** An option of node: gives Node 20 the `transfer` of an ArrayBuffer. */
export const TRANSFER = 'transfer' in ArrayBuffer.prototype ? [] : ['--harmony-rab-gsab-transfer'];

export interface RunOptions {
  /** Options of node itself. */
  node?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** A command that runs the one behind it. */
  through?: readonly string[];
  /** How long it may take, in seconds, if not a minute. */
  limit?: number;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  /** The last line that it said. */
  facts: Record<string, unknown>;
  /** When it was over, in ms since 1970. */
  at: number;
}

/** Runs `scenarios/SCRIPT` with these arguments. */
export async function run(
  script: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ending> {
  const { node = [], env = {}, through = [], limit = LIMIT_S } = options;
  const tsx = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const command = [...through, process.execPath, ...tsx, ...node, join(SCENARIOS, script), ...args];
  const child = spawn(command[0] as string, command.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  let endless = false;
  const timer = setTimeout(() => {
    endless = true;
    child.kill('SIGKILL');
  }, limit * 1000);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const at = Date.now();
  clearTimeout(timer);
  if (endless)
    throw new Error(`${script} ${args.join(' ')} had not ended after ${limit} s: ${stdout}${stderr}`);
  const said = stdout.trimEnd().split('\n').at(-1);
  return { code, signal, stderr, facts: said ? JSON.parse(said) : {}, at };
}

/** {@link run} for a scenario that has to end with `code` and nothing on stderr; gives what it said. */
export async function pass(
  script: string,
  args: readonly string[] = [],
  { code = 0, ...options }: RunOptions & { code?: number } = {},
): Promise<Ending> {
  const ending = await run(script, args, options);
  const { facts, stderr, signal } = ending;
  expect({ code: ending.code, signal, stderr, facts }).toEqual({ code, signal: null, stderr: '', facts });
  return ending;
}
