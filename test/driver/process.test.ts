// What only a process of its own can show: what it prints, and how it does without libvirt.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { DRIVER_NEEDS } from './host.js';

async function run(script: string, args: string[] = [], env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(`fixtures/${script}`, import.meta.url));
  const node = ['--import', 'tsx', file, ...args];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, node, {
    env: { ...process.env, ...env },
  });
  return { result: JSON.parse(stdout), stderr };
}

describeWith(DRIVER_NEEDS, 'a process whose calls fail', () => {
  it('hears of it through errors alone, and exits', async () => {
    const { result, stderr } = await run('failing-calls.ts');
    expect(stderr).toBe('');
    expect(result).toEqual({
      'a bad URI': 'INTERNAL_ERROR',
      'an unknown driver': 'NO_CONNECT',
      'a host that no file describes': expect.stringMatching(/^(XML|SYSTEM)_ERROR$/), // the latter is newer
      'no daemon': 'SYSTEM_ERROR',
      'no answer': 'SYSTEM_ERROR',
      'no credentials': 'INVALID_ARG',
      'wrong credentials': 'AUTH_FAILED',
      'credentials that throw': 'RangeError',
      'a bad option': 'RangeError',
      'read-only': 'OPERATION_DENIED',
      'a closed connection': 'CONNECTION_CLOSED',
      'an unknown network': 'NO_NETWORK',
      'a bad document': 'RangeError',
      'malformed XML': 'XmlError',
      'malformed XML alone': 'XmlError',
      'what libvirt refuses': 'CONFIG_UNSUPPORTED',
      'what the grammar refuses': 'XML_INVALID_SCHEMA',
      'a network that runs': 'OPERATION_INVALID',
      'what the driver lacks': 'NO_SUPPORT',
      'what libvirt lacks': expect.stringMatching(/^(FUNCTION_MISSING|no error)$/),
      'an unknown event': 'TypeError',
      'a loop over nothing': 'CONNECTION_CLOSED',
      'a stream that nobody reads': 'no error',
      'a subscription of a closed connection': 'CONNECTION_CLOSED',
    });
  });
});

describeWith(DRIVER_NEEDS, 'a machine without libvirt', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    // What the loader finds first, and cannot load.
    writeFileSync(join(folder, 'libvirt.so.0'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('can build and read documents, and is told what to install', async () => {
    const { result, stderr } = await run('connect.ts', ['test:///default'], { LD_LIBRARY_PATH: folder });
    expect(stderr).toBe('');
    expect(result).toEqual({
      name: 'LibvirtError',
      code: 'LIBRARY_MISSING',
      hint: 'install libvirt0 (apt install libvirt0; dnf install libvirt-libs)',
      message: expect.stringMatching(
        /^cannot connect to test:\/\/\/default: .*libvirt\.so\.0.*\(install libvirt0 /,
      ),
      parsed: 'lan',
    });
  });

  it('is none where libvirt is', async () => {
    expect((await run('connect.ts', ['test:///default'])).result).toEqual({ connected: true });
  });
});
