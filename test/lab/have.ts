// What this machine has of what a test needs, and how to get the rest, so that a skipped test can say so.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { guestIsStale } from './setup/guest.mjs';
import { ovsDpdk } from './setup/ovs-dpdk.mjs';
import packages from './setup/packages.json' with { type: 'json' };
import { isHere } from './setup/probe.mjs';
import { sanitizedIsStale } from './setup/sanitizer.mjs';
import { systemVmIsStale } from './setup/system-vm.mjs';

/** Something that a test may need: an entry of packages.json or of {@link CONDITIONS}. */
export type Need = keyof typeof packages | keyof typeof CONDITIONS;

const BUILD = fileURLToPath(new URL('../../build/Release', import.meta.url));

const CONDITIONS = {
  root: { met: isRoot, how: 'run as root' },
  // Only root can have them, and who is not root has been told so.
  namespaces: { met: () => !isRoot() || canUnshare(), how: 'allow CAP_SYS_ADMIN (docker run --privileged)' },
  native: { met: hasAddon, how: 'npm run build:native' },
  eBPF: {
    met: () => existsSync('/proc/sys/kernel/unprivileged_bpf_disabled'),
    how: 'a kernel with CONFIG_BPF_SYSCALL, as that of npm run system-vm',
  },
  'io_uring of Linux 6.14': {
    met: () => isLinux(6, 14) && readFileSync('/proc/sys/kernel/io_uring_disabled', 'utf8').trim() === '0',
    how: 'a newer kernel, and sysctl kernel.io_uring_disabled=0',
  },
  guest: { met: () => !guestIsStale(), how: 'npm run setup' },
  'Open vSwitch with DPDK': { met: () => ovsDpdk() !== undefined, how: 'npm run setup' },
  'system VM': { met: () => !systemVmIsStale(), how: 'npm run setup' },
  'the system VM around it': {
    met: () => process.env.VIRTNET_SYSTEM_VM !== undefined,
    how: 'npm run test:system-vm',
  },
  'SR-IOV': {
    met: () => isHere('/sys/bus/pci/devices/*/sriov_totalvfs'),
    how: 'npm run setup, for a QEMU with igb (8.0 or newer; Debian 12 has it in its backports)',
  },
  'address sanitizer': { met: () => !sanitizedIsStale('address'), how: 'npm run setup -- sanitize' },
  'thread sanitizer': { met: () => !sanitizedIsStale('thread'), how: 'npm run setup -- sanitize' },
} as const;

/** All that {@link startLibvirtd} needs without options. */
export const LIBVIRTD_NEEDS = [
  'root',
  'namespaces',
  'libvirtd',
  'virsh',
  'dnsmasq',
  'iptables',
  'nftables',
  'iproute2',
] as const satisfies Need[];

/** What is missing of `needs` and how to get it, as one sentence; undefined when all is there. */
export function missing(...needs: readonly Need[]): string | undefined {
  const lacking = needs.filter((need) => !isMet(need));
  if (lacking.length === 0) return undefined;
  return `needs ${lacking.join(', ')}: ${[...howToGet(lacking)].join('; ')}`;
}

/** `describe` where all of `needs` is met; elsewhere a skipped one whose name says what is missing. */
export function describeWith(needs: readonly Need[], name: string, tests: () => void): void {
  const reason = missing(...needs);
  describe.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (${reason})`, tests);
}

const known = new Map<Need, boolean>();

function isMet(need: Need): boolean {
  const met = known.get(need) ?? (isCondition(need) ? CONDITIONS[need].met() : isHere(packages[need].probe));
  known.set(need, met);
  return met;
}

function isLinux(major: number, minor: number): boolean {
  const [here = 0, below = 0] = release().split('.').map(Number);
  return here > major || (here === major && below >= minor);
}

function* howToGet(needs: readonly Need[]): Generator<string> {
  const named = needs.filter((need) => !isCondition(need)) as (keyof typeof packages)[];
  if (named.length > 0) yield `apt-get install ${named.map((need) => packages[need].package).join(' ')}`;
  yield* new Set(needs.filter(isCondition).map((need) => CONDITIONS[need].how));
}

function isCondition(need: Need): need is keyof typeof CONDITIONS {
  return need in CONDITIONS;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true'], {
      stdio: 'ignore',
      timeout: 5_000,
    });
    return true;
  } catch {
    return false;
  }
}

function hasAddon(): boolean {
  return existsSync(BUILD) && readdirSync(BUILD).some((name) => name.endsWith('.node'));
}
