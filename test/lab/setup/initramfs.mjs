// The root file system that a kernel starts with: busybox, kernel modules in the order in which they load, and
// files. It is not compressed, because an emulated processor would take longer to unpack it than to copy it.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unpackPackage } from './debian-package.mjs';
import { moduleFiles } from './kernel.mjs';
import { CACHE, run } from './step.mjs';

const FOLDERS = [
  'bin',
  'dev',
  'etc',
  'modules',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr/sbin',
  'var',
];

/** A file of a Debian package, which is unpacked for it when it is not yet. */
export async function fileOfPackage(name, path) {
  const folder = join(CACHE, 'packages', name);
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    await unpackPackage(name, folder);
  }
  return join(folder, path);
}

/**
 * Writes an initramfs with /bin/busybox, /modules and, in /modules/order, the names of the files there. `files`
 * are copied: where to, and what from. A program comes with the libraries that it is linked with.
 */
export async function writeInitramfs(target, { modules, files, programs = {} }) {
  mkdirSync(dirname(target), { recursive: true });
  const tree = mkdtempSync(`${target}-`);
  const add = (from, to) => cpSync(from, join(tree, to), { dereference: true });
  try {
    for (const folder of FOLDERS) mkdirSync(join(tree, folder), { recursive: true });
    add(await fileOfPackage('busybox-static', 'bin/busybox'), 'bin/busybox');
    const loaded = await moduleFiles(modules);
    for (const file of loaded) add(file, join('modules', basename(file)));
    writeFileSync(join(tree, 'modules/order'), loaded.map((file) => `${basename(file)}\n`).join(''));
    for (const [to, from] of Object.entries(files)) add(from, to);
    for (const [to, from] of Object.entries(programs)) {
      add(from, to);
      for (const library of await librariesOf(from)) add(library, library);
    }
    const archive = `find . | busybox cpio -o -H newc -R 0:0 >"$0" && mv "$0" "$1"`;
    await run(['sh', '-c', archive, `${tree}.cpio`, target], { cwd: tree });
  } finally {
    rmSync(tree, { recursive: true });
    rmSync(`${tree}.cpio`, { force: true });
  }
}

async function librariesOf(program) {
  const printed = await run(['ldd', program]);
  return [...printed.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library);
}
