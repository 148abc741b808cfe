// The libvirt of the release's backports. It is built for the release, so that laid over /usr it works with the
// machine's own libraries.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backportsFolder, unpackBackports } from './backports.mjs';
import { step } from './step.mjs';

/** What the tests use of it, and whatever else the daemon opens when it starts. */
const PACKAGES = [
  'libvirt0',
  'libvirt-common',
  'libvirt-clients',
  'libvirt-daemon',
  'libvirt-daemon-common',
  'libvirt-daemon-lock',
  'libvirt-daemon-log',
  'libvirt-daemon-plugin-lockd',
  ...['interface', 'network', 'nodedev', 'nwfilter', 'qemu', 'secret', 'storage'].map(
    (driver) => `libvirt-daemon-driver-${driver}`,
  ),
];

const NAME = 'newer-libvirt';

/** Where its /usr is. */
export const NEWER_USR = join(backportsFolder(NAME), 'usr');

/** Has it unpacked, where it is not yet. */
export async function haveNewerLibvirt() {
  if (existsSync(NEWER_USR)) return;
  await step('libvirt', "Debian's backports to .cache/newer-libvirt", () => unpackBackports(NAME, PACKAGES));
}
