// Builds the C++ programs of native/ with sanitizers.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const options = ['-std=c++20', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-fno-sanitize-recover=all'];
const run = promisify(execFile);

/** Builds `output` of sources and libraries, whose paths begin at the top of the repository. */
export async function compile(
  output: string,
  sanitizers: string,
  sources: readonly string[],
  compiler = 'c++',
): Promise<void> {
  await run(compiler, [...options, `-fsanitize=${sanitizers}`, '-o', output, ...sources], { cwd: root });
}
