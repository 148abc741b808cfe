// What a test's guests boot: Debian's kernel, and an initramfs that serves commands (test/lab/guest/init).

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileOfPackage, writeInitramfs } from './initramfs.mjs';
import { unpackedKernel } from './kernel.mjs';
import { newest } from './newest.mjs';
import { CACHE } from './step.mjs';

const SOURCES = fileURLToPath(new URL('../guest', import.meta.url));
const source = (name) => join(SOURCES, name);

export const GUEST_INITRAMFS = join(CACHE, 'guest.cpio');

/** Drivers of the NICs that libvirt has a model for, of channels and of the power button; VLANs and taps. */
const MODULES = [
  'virtio_pci',
  'virtio_net',
  'virtio_console',
  'e1000',
  'e1000e',
  'igb',
  'igbvf',
  '8139cp',
  'ne2k-pci',
  'pcnet32',
  'vmxnet3',
  'af_packet',
  '8021q',
  'button',
  'evdev',
];

/** Is there nothing to boot a guest from, or something older than its sources? */
export function guestIsStale() {
  const sources = Math.max(newest(SOURCES), newest(fileURLToPath(import.meta.url)));
  return unpackedKernel() === undefined || sources > newest(GUEST_INITRAMFS);
}

/** From the unpacked kernel. */
export async function buildGuest() {
  await writeInitramfs(GUEST_INITRAMFS, {
    modules: MODULES,
    files: {
      init: source('init'),
      'etc/udhcpc.script': source('udhcpc.script'),
      'sbin/shutdown': source('shutdown'),
    },
    programs: { 'usr/sbin/qemu-ga': await fileOfPackage('qemu-guest-agent', 'usr/sbin/qemu-ga') },
  });
}
