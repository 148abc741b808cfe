import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith, LIBVIRTD_NEEDS } from './have.js';
import { until } from './until.js';

const OWNER = fileURLToPath(new URL('fixtures/own-a-lab.ts', import.meta.url));

describeWith([...LIBVIRTD_NEEDS, 'openvswitch'], 'a lab whose test process is killed', () => {
  let folder: string;
  let owner: ChildProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-owner-'));
  });
  afterEach(() => {
    owner.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function startOwner(...args: string[]): ChildProcess {
    const node = ['--import', 'tsx', OWNER, ...args];
    const env = { ...process.env, TMPDIR: folder };
    return spawn(process.execPath, node, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it('ends with all its processes and leaves no file', async () => {
    owner = startOwner();
    const [line] = (await once(owner.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const { socket, holderPid } = JSON.parse(String(line)) as { socket: string; holderPid: number };
    const client = connect(socket);
    await once(client, 'connect');
    client.on('error', () => {}); // a reset is as good an end as any
    const daemonIsGone = new Promise((resolve) => client.on('close', resolve));

    owner.kill('SIGKILL');

    await daemonIsGone;
    await until('the namespaces are gone', () => !existsSync(`/proc/${holderPid}/exe`));
    await until('the folder is empty', () => labFolders().length === 0);
  });

  it('ends even when that happens during the start', async () => {
    owner = startOwner('early');
    expect(await once(owner, 'exit')).toEqual([null, 'SIGKILL']);
    await until('the folder is empty', () => labFolders().length === 0);
  });

  function labFolders(): string[] {
    return readdirSync(folder).filter((name) => !name.startsWith('tsx-'));
  }
});
