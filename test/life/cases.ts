// A C++ program of native/ that has cases, built with the sanitizers and run once for each case.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, type Need } from '../lab/have.js';
import { sanitizerCommand, sanitizerEnvironment } from '../lab/sanitizer.js';
import { compile } from './compile.js';

const root = join(import.meta.dirname, '../..');
const checks = { thread: 'thread', address: 'address,undefined' } as const;
const kinds = Object.keys(checks) as (keyof typeof checks)[];
const run = promisify(execFile);

/** Tests of `native/PROGRAM`, which needs `sources` of the addon, and what they need besides a compiler. */
export function describeCases(
  name: string,
  program: string,
  sources: readonly string[],
  needs: readonly Need[],
): void {
  const source = `test/life/native/${program}`;
  // As the program itself lists them, which must be built for that.
  const cases = [...readFileSync(join(root, source), 'utf8').matchAll(/^ {4}\{"([^"]+)", \w+\},$/gm)].map(
    ([, name = '']) => name,
  );

  describeWith(['g++', ...needs], name, () => {
    let folder: string;
    const built = (kind: string) => join(folder, kind);
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
      const all = [source, ...sources, '-ldl'];
      await Promise.all(kinds.map((kind) => compile(built(kind), checks[kind], all)));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('is tested in all cases', async () => {
      const { stdout } = await run(built('address'));
      expect(stdout.trim().split('\n')).toEqual(cases);
    });

    it.each(kinds.flatMap((kind) => cases.map((name) => [name, kind] as const)))(
      '%s (%s)',
      async (name, kind) => {
        const { ASAN_OPTIONS, TSAN_OPTIONS } = sanitizerEnvironment(kind, { leaks: true });
        const [command = '', ...args] = [...sanitizerCommand(kind), built(kind), name];
        const ended = await run(command, args, { env: { ASAN_OPTIONS, TSAN_OPTIONS }, timeout: 60_000 });
        expect(ended).toMatchObject({ stdout: '', stderr: '' });
      },
    );
  });
}
