import { readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KernelError } from '../../lib/host/index.js';
import { tryNamespace } from '../../lib/host/namespace.js';
import { namespacePath } from '../../lib/host/namespace-path.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

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

  it.each([
    ['/run/netns/virtnet-none', 'ENOENT', 'open'],
    ['/etc/hostname', 'EINVAL', 'setns'],
  ])('that is none is refused: %s', (path, code, call) => {
    const error = thrownBy(() => tryNamespace(path));
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject({ code, call, object: `network namespace '${path}'` });
    expect((error as KernelError).hint).toMatch(/\/run\/netns/);
  });
});
