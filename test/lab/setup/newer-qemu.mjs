// A QEMU for the system VM that emulates a NIC with virtual functions (SR-IOV; igb, since QEMU 8.0): the machine's own,
// or else that of the release's backports.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backportsFolder, unpackBackports } from './backports.mjs';

const NAME = 'newer-qemu';
const PACKAGES = ['qemu-system-x86', 'qemu-system-data', 'seabios'];

const OWN = 'qemu-system-x86_64';
const USR = join(backportsFolder(NAME), 'usr');
const PROGRAM = join(USR, 'bin', OWN);
const FIRMWARE = ['qemu', 'seabios'].flatMap((folder) => ['-L', join(USR, 'share', folder)]);

/** Its program and first arguments; undefined when there is none. */
export function qemuWithSriov() {
  if (existsSync(PROGRAM)) return [PROGRAM, ...FIRMWARE];
  return hasIgb(OWN) ? [OWN] : undefined;
}

export async function unpackNewerQemu() {
  await unpackBackports(NAME, PACKAGES);
  if (hasIgb(PROGRAM)) return;
  const { stdout } = spawnSync('ldd', [PROGRAM], { encoding: 'utf8' });
  rmSync(backportsFolder(NAME), { recursive: true });
  throw new Error(`the QEMU of the backports emulates no igb here:\n${stdout}`);
}

function hasIgb(program) {
  // QEMU ends with 0 for a device that it does not know, too.
  return spawnSync(program, ['-device', 'igb,help'], { encoding: 'utf8' }).stdout?.includes('mac=') ?? false;
}
