// The generated files are what `npm run generate` would write now.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { generated } from './generator/generated.js';

describeWith(['native', 'libvirt headers'], 'lib/native', () => {
  it('is as the rows and libvirt say', () => {
    for (const { path, text } of generated()) {
      const name = basename(path.pathname);
      expect(readFileSync(path, 'utf8'), `${name} is out of date: npm run generate`).toBe(text);
    }
  });
});
