// Network namespaces by path or name.
import { checked, type Reader } from '../build/reader.js';
import { addon } from '../native/addon.js';
import { asking } from './error.js';

/** Where `ip netns add` keeps the namespaces that have names. */
const NAMED = '/run/netns';

/** The file of a namespace: a path as it is, a name below /run/netns. */
export const namespacePath: Reader<string> = (value, path) => {
  const name = checked('the path or the name of a network namespace', (text) =>
    text === '' ? 'is empty' : text.includes('\0') ? 'has a NUL character' : undefined,
  )(value, path);
  return name.includes('/') ? name : `${NAMED}/${name}`;
};

/** Throws a KernelError when a namespace cannot be entered. @internal */
export const tryNamespace = (path: string): void =>
  asking({ action: 'enter', object: `network namespace '${path}'` }, () => addon().kernel.tryNamespace(path));
