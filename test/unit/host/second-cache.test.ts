// The size of the processor's second cache, from folders as the kernel's sysfs has them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { secondCache } from '../../../lib/host/tap/second-cache.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Cache = readonly [level: string, type: string, size: string];

function caches(...all: readonly Cache[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'virtnet-cache-'));
  folders.push(folder);
  writeFileSync(join(folder, 'uevent'), '');
  for (const [i, [level, type, size]] of all.entries()) {
    const index = join(folder, `index${i}`);
    mkdirSync(index);
    for (const [name, value] of Object.entries({ level, type, size }))
      writeFileSync(join(index, name), `${value}\n`);
  }
  return folder;
}

const data: Cache = ['1', 'Data', '32K'];
const instructions: Cache = ['1', 'Instruction', '64K'];
const third: Cache = ['3', 'Unified', '8192K'];

it.each<[string, readonly Cache[], number]>([
  ['of a processor with one for all', [data, instructions, ['2', 'Unified', '512K'], third], 512 * 1024],
  ['in MiB', [data, ['2', 'Unified', '2M'], third], 2 * 1024 * 1024],
  [
    'of data, where instructions have another',
    [data, ['2', 'Instruction', '256K'], ['2', 'Data', '768K']],
    768 * 1024,
  ],
])('is read %s', (_, all, bytes) => {
  expect(secondCache(caches(...all))).toBe(bytes);
});

it.each<[string, () => string]>([
  ['there is none', () => caches(data, third)],
  ['its size is not a number', () => caches(['2', 'Unified', 'unknown'])],
  ['the kernel does not say', () => '/nonexistent'],
])('is taken for 1 MiB where %s', (_, folder) => {
  expect(secondCache(folder())).toBe(1024 * 1024);
});
