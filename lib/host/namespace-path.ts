// Network namespaces by path or name.
import { constants } from 'node:fs';
import { checked, type Reader } from '../build/reader.js';

/** Where `ip netns add` keeps the namespaces that have names. */
export const NAMED = '/run/netns';

/** How such a file is opened: it may be a FIFO, of which opening waits for whoever writes to it. */
export const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

const nameOrPath = checked('the path or the name of a network namespace', (text) =>
  text === '' ? 'is empty' : text.includes('\0') ? 'has a NUL character' : undefined,
);

/** The file of a namespace: a path as it is, a name below /run/netns. */
export const namespacePath: Reader<string> = (value, path) => {
  const name = nameOrPath(value, path);
  return name.includes('/') ? name : `${NAMED}/${name}`;
};
