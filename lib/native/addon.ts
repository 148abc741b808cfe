// The addon, loaded at the first call of it: documents can be read, built and written without one.
import load from './binary.cjs';
import type { Functions } from './functions.gen.js';
import type { Kernel } from './kernel.js';

interface Addon {
  functions: Functions;
  kernel: Kernel;
  /** What the binder knows of each row; for the generator of functions.gen.ts. */
  signatures: Record<
    string,
    { arguments: { type: string; name?: string; position?: number }[]; result: string }
  >;
}

let loaded: Addon | undefined;

/**
 * The compiled part of virtnet.
 *
 * @throws Error when there is no binary for this platform and none was built.
 */
export function addon(): Addon {
  loaded ??= load() as Addon;
  return loaded;
}
