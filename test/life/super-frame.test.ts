// Super-frames are split and joined in C++: without a device, under the sanitizers, see native/.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';

const root = join(import.meta.dirname, '../..');
const sources = ['test/life/native/super_frame_test.cpp', 'native/kernel/super_frame.cpp'];
const options = ['-std=c++20', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-fno-sanitize-recover=all'];
const run = promisify(execFile);

describeWith(['g++'], 'a super-frame', () => {
  it('is what it was joined of when it is split, and never read past its end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    try {
      const program = join(folder, 'test');
      await run('c++', [...options, '-fsanitize=address,undefined', '-o', program, ...sources], {
        cwd: root,
      });
      expect(await run(program, [], { timeout: 120_000 })).toEqual({ stdout: '', stderr: '' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
