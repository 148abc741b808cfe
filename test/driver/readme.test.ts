// The first code that people read is run as it stands.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';

const root = join(import.meta.dirname, '../..');

describeWith(['native'], 'README.md', () => {
  it('begins with code that does what it says', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const code = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
    // Inside of the project, where 'virtnet' is the project itself.
    mkdirSync(join(root, '.cache'), { recursive: true });
    const folder = mkdtempSync(join(root, '.cache/readme-'));
    try {
      writeFileSync(join(folder, 'first.ts'), code);
      const { stdout, stderr, code: exitCode } = await runExample(relative(root, join(folder, 'first.ts')));
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      expect(stdout).toContain("<range start='192.168.10.2' end='192.168.10.254'/>");
      expect(stdout).toContain("<host mac='52:54:00:12:34:56' name='web' ip='192.168.10.20'/>");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
