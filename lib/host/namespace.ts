// Whether a network namespace can be entered.
import { addon } from '../native/addon.js';
import { asking } from './error.js';

/** Throws a KernelError when it cannot be. @internal */
export const tryNamespace = (path: string): void =>
  asking({ action: 'enter', object: `network namespace '${path}'` }, () => addon().kernel.tryNamespace(path));
