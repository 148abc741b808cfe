// The environment in which a child process runs the addon under a sanitizer. Node itself is not built with
// one: the runtime is preloaded, and watches the addon's own code, its heap and its locks.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Sanitizer, sanitizedFolder } from './setup/sanitizer.mjs';

export type { Sanitizer };

/** With this code a process ends in which the sanitizer found something; what it was is on stderr. */
export const SANITIZER_EXIT_CODE = 86;

const RUNTIMES: Record<Sanitizer, string> = { address: 'libasan.so', thread: 'libtsan.so' };
const SUPPRESSED_LEAKS = fileURLToPath(new URL('leaks.supp', import.meta.url));

/**
 * Variables to add to a child's environment, for a test that needs `address sanitizer` or `thread sanitizer`.
 * `leaks` makes the address sanitizer look for lost memory when the process exits.
 */
export function sanitizerEnvironment(sanitizer: Sanitizer, { leaks = false } = {}): Record<string, string> {
  const findRuntime = ['-print-file-name', RUNTIMES[sanitizer]].join('=');
  const common = `exitcode=${SANITIZER_EXIT_CODE}:halt_on_error=1`;
  return {
    VIRTNET_PREBUILD: sanitizedFolder(sanitizer),
    LD_PRELOAD: execFileSync('c++', [findRuntime], { encoding: 'utf8' }).trim(),
    ASAN_OPTIONS: `${common}:detect_leaks=${Number(leaks)}`,
    LSAN_OPTIONS: `suppressions=${SUPPRESSED_LEAKS}:print_suppressions=0`,
    TSAN_OPTIONS: common,
  };
}
