import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { host, KernelError } from '../../lib/host/index.js';
import { tryNamespace } from '../../lib/host/namespace.js';
import { namespacePath } from '../../lib/host/namespace-path.js';
import { describeWith } from '../lab/have.js';
import { startNamespaces } from '../lab/namespaces.js';
import { attempt } from './attempt.js';
import { freshNetns, HOST_NEEDS, Netns } from './netns.js';

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describeWith(HOST_NEEDS, 'another network namespace', () => {
  it('is entered without moving the process', async () => {
    const before = readlinkSync('/proc/self/ns/net');
    await using netns = await freshNetns();
    expect(readlinkSync(netns.path)).not.toBe(before);
    tryNamespace(netns.path);
    expect(readlinkSync('/proc/self/ns/net')).toBe(before);
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(before);
  });

  it('is named by a path, or by a name of /run/netns', () => {
    expect(namespacePath('blue', 'netns')).toBe('/run/netns/blue');
    expect(namespacePath('/proc/1/ns/net', 'netns')).toBe('/proc/1/ns/net');
    expect(() => namespacePath('', 'netns')).toThrow(new RangeError('netns: "" is empty'));
    expect(() => namespacePath(7, 'netns')).toThrow(TypeError);
  });

  it('is entered by the name that ip netns has given it', async () => {
    // A /run of its own: names of the machine's are nobody's to give.
    await using netns = new Netns(await startNamespaces(['/run']));
    await netns.ip('netns add blue');
    const attempts = await attempt(netns, [
      'host.in blue',
      'Tap.open blue',
      'links.create blue',
      'links.set blue',
      'host.watch blue',
    ]);
    const [byHost, byTap, ...others] = attempts;
    expect(byHost).toMatchObject({ done: ['lo', 'in-blue'] });
    expect(byTap).toMatchObject({ done: 'tap-blue' });
    for (const one of others) expect(one).not.toHaveProperty('message');
    const inBlue = await netns.ipJson<{ ifname: string; flags: string[] }[]>('-n blue link');
    expect(inBlue.map(({ ifname }) => ifname).sort()).toEqual([
      'in-blue',
      'lo',
      'moved-blue',
      'peer-blue',
      'tap-blue',
    ]);
    expect(inBlue.find(({ ifname }) => ifname === 'in-blue')?.flags).toContain('UP');
    expect(await netns.linkNames()).toEqual(['lo', 'near']);
    await netns.ip('netns delete blue');
    expect(await attempt(netns, ['host.in blue', 'Tap.open blue'])).toMatchObject([
      { code: 'ENOENT', call: 'open' },
      { code: 'ENOENT', call: 'open' },
    ]);
  });

  it.each([
    ['/run/netns/virtnet-none', 'ENOENT', 'open'],
    ['/etc/hostname', 'EINVAL', 'setns'],
  ])('that is none is refused: %s', (path, code, call) => {
    const error = thrownBy(() => tryNamespace(path));
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject({ code, call, object: `network namespace '${path}'` });
    expect((error as KernelError).hint).toMatch(/\/run\/netns/);
  });

  it('that is a FIFO is refused, without waiting for somebody who writes to it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'virtnet-netns-'));
    try {
      const fifo = join(folder, 'fifo');
      await promisify(execFile)('mkfifo', [fifo]);
      expect(thrownBy(() => tryNamespace(fifo))).toMatchObject({ code: 'EINVAL', call: 'setns' });
      await using netns = await freshNetns();
      await using inside = host.in(netns.path);
      await netns.ip('link add moved type veth peer name other');
      await expect(inside.links.set('moved', { netns: fifo })).rejects.toMatchObject({ code: 'EINVAL' });
      expect(await netns.linkNames()).toContain('moved');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
