// The environment in which a child process runs the addon under a sanitizer. Node itself is not built with
// one: the runtime is preloaded, and watches the addon's own code, its heap and its locks.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Sanitizer, sanitizedFolder } from './setup/sanitizer.mjs';

export type { Sanitizer };

/** With this code a process ends in which the sanitizer found something; what it was is on stderr. */
export const SANITIZER_EXIT_CODE = 86;

const RUNTIMES: Record<Sanitizer, string> = { address: 'libasan.so', thread: 'libtsan.so' };
/**
 * libvirt's library for XDR. The runtimes put their own functions in front of it and look for the real ones
 * when the process starts: it has to be there by then.
 */
const XDR = 'libtirpc.so.3';
/**
 * The runtimes of GCC 12 take the 16 bytes in front of a module's thread-local block for glibc's own note of its
 * size wherever the block happens to begin 16 bytes into a page, and clear as much memory as they find there: at
 * times 541 TB, of which they die. What the allocator does with such a block they see in any case.
 */
const THREAD_LOCALS = 'intercept_tls_get_addr=0';
const suppressions = (name: string) =>
  `suppressions=${fileURLToPath(new URL(`${name}.supp`, import.meta.url))}:print_suppressions=0`;

/**
 * Variables to add to a child's environment, for a test that needs `address sanitizer` or `thread sanitizer`.
 * `leaks` makes the address sanitizer look for lost memory when the process exits.
 */
export function sanitizerEnvironment(sanitizer: Sanitizer, { leaks = false } = {}): Record<string, string> {
  const findRuntime = ['-print-file-name', RUNTIMES[sanitizer]].join('=');
  const runtime = execFileSync('c++', [findRuntime], { encoding: 'utf8' }).trim();
  const common = `exitcode=${SANITIZER_EXIT_CODE}:halt_on_error=1:${THREAD_LOCALS}`;
  return {
    VIRTNET_PREBUILD: sanitizedFolder(sanitizer),
    LD_PRELOAD: `${runtime}:${XDR}`,
    ASAN_OPTIONS: `${common}:detect_leaks=${Number(leaks)}`,
    UBSAN_OPTIONS: `${common}:print_stacktrace=1`,
    LSAN_OPTIONS: suppressions('leaks'),
    TSAN_OPTIONS: `${common}:${suppressions('races')}:atexit_sleep_ms=50`,
  };
}

/** The thread sanitizer of GCC 12 finds no room where the kernel scatters memory more than this. */
const BITS_OF_RANDOMNESS = 28;

/** A command through which node is to be run with this sanitizer. */
export function sanitizerCommand(sanitizer: Sanitizer): string[] {
  const scattered = Number(readFileSync('/proc/sys/vm/mmap_rnd_bits', 'utf8')) > BITS_OF_RANDOMNESS;
  return sanitizer === 'thread' && scattered ? ['setarch', '-R'] : [];
}
