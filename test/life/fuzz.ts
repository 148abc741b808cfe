// A C++ program of native/ that libFuzzer feeds, built with the sanitizers.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Need } from '../lab/have.js';
import { compile } from './compile.js';

const run = promisify(execFile);

export const FUZZ_NEEDS = ['clang', 'libFuzzer'] as const satisfies Need[];
/** The first that is reached ends it; the same inputs in every run. */
const BOUNDS = ['-runs=200000', '-max_total_time=60', '-max_len=2000', '-seed=1'];

/** Feeds `native/PROGRAM`, which needs `sources` of the addon, beginning with these inputs. */
export async function fuzz(
  program: string,
  sources: readonly string[],
  seeds: readonly Uint8Array[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
  try {
    const built = join(folder, 'fuzz');
    const all = [`test/life/native/${program}`, ...sources];
    await compile(built, 'fuzzer,address,undefined', all, 'clang++-19');
    const corpus = join(folder, 'corpus');
    mkdirSync(corpus);
    for (const [i, seed] of seeds.entries()) writeFileSync(join(corpus, `${i}`), seed);
    const { stderr } = await run(built, [...BOUNDS, '-use_value_profile=1', corpus], {
      cwd: folder,
      timeout: 120_000,
      maxBuffer: 1 << 24,
    });
    expect(stderr).toMatch(/Done \d+ runs/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
