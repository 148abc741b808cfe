// What the system VM boots: Debian's kernel, and an initramfs that finds the machine's root file system.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeInitramfs } from './initramfs.mjs';
import { unpackedKernel } from './kernel.mjs';
import { newest } from './newest.mjs';
import { CACHE } from './step.mjs';

const INIT = fileURLToPath(new URL('../system-vm/init', import.meta.url));

export const SYSTEM_VM_INITRAMFS = join(CACHE, 'system-vm.cpio');

/** Is there nothing to boot the system VM from, or something older than its sources? */
export function systemVmIsStale() {
  return unpackedKernel() === undefined || newest(INIT) > newest(SYSTEM_VM_INITRAMFS);
}

/** From the unpacked kernel. */
export async function buildSystemVm() {
  const modules = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];
  await writeInitramfs(SYSTEM_VM_INITRAMFS, { modules, files: { init: INIT } });
}
