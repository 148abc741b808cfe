// Debian's kernel for virtual machines: downloaded and unpacked, never installed. It has the drivers of every
// NIC that QEMU emulates, and what the kernel of a container's host may lack: VLANs, bonds, Open vSwitch, VFIO.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPackage } from './debian-package.mjs';
import { withPackageIndex } from './packages.mjs';
import { CACHE, run } from './step.mjs';

/** Depends on the newest kernel of the release. */
const NEWEST = 'linux-image-amd64';
const KERNEL = join(CACHE, 'kernel');
const UNCOMPRESSED = join(KERNEL, 'boot/vmlinux');
const MODULES = join(KERNEL, 'lib/modules');

/** The unpacked kernel: its image, the folder of its modules, its version; undefined when there is none. */
export function unpackedKernel() {
  const [version] = existsSync(MODULES) ? readdirSync(MODULES) : [];
  if (version === undefined) return undefined;
  const images = [UNCOMPRESSED, join(KERNEL, 'boot', `vmlinuz-${version}`)];
  return { version, image: images.find(existsSync), modules: join(MODULES, version) };
}

export async function unpackKernel() {
  const depends = await withPackageIndex(() => run(['apt-cache', 'depends', NEWEST]));
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (name === undefined) throw new Error(`apt-cache knows no kernel that ${NEWEST} depends on:\n${depends}`);
  await unpackPackage(name, KERNEL);
  const kernel = unpackedKernel();
  if (kernel === undefined) throw new Error(`the package ${name} has no modules`);
  await run(['depmod', '--basedir', KERNEL, kernel.version]);
  await uncompress(kernel.image);
}

/**
 * An emulated processor takes some seconds to uncompress a kernel, at every boot. Where the image lies in the
 * file: https://docs.kernel.org/arch/x86/boot.html
 */
async function uncompress(file) {
  const bytes = readFileSync(file);
  const start = (bytes.readUInt8(0x1f1) + 1) * 512 + bytes.readUInt32LE(0x248);
  const payload = bytes.subarray(start, start + bytes.readUInt32LE(0x24c) - 4); // without its size at the end
  if (!payload.subarray(1, 5).equals(Buffer.from('7zXZ'))) return; // it boots as it is, later
  writeFileSync(`${UNCOMPRESSED}.xz`, payload);
  await run(['xz', '--decompress', `${UNCOMPRESSED}.xz`]);
}

/** The files of these modules and of what they need, each after what it needs; what is built in has none. */
export async function moduleFiles(names) {
  const { version } = unpackedKernel();
  const options = ['--dirname', KERNEL, '--set-version', version, '--show-depends', '--all'];
  const printed = await run(['modprobe', ...options, ...names]);
  const files = [...printed.matchAll(/^insmod (\S+)/gm)].map(([, file]) => file);
  return [...new Set(files)];
}
