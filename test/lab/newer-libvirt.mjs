// `npm run test:newer`: the tests that talk to libvirt, on the newer libvirt of Debian's backports. It is laid over
// /usr in a mount namespace, in which the tests then run: nothing is installed, and nobody else sees it. With
// `--project NAME` those of other folders.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { haveNewerLibvirt, NEWER_USR } from './setup/newer-libvirt.mjs';
import { isHere } from './setup/probe.mjs';
import { ROOT } from './setup/step.mjs';

const lacking = whatIsLacking();
if (lacking !== undefined) {
  console.log(`Not run: ${lacking}.`);
  process.exit(0);
}
await haveNewerLibvirt();

const script = `set -e
mount -t overlay overlay -o "lowerdir=$1:/usr" /usr
# Modules of the installed version that the newer one does not have would be loaded, too.
mount --bind "$2" "$3"
shift 3
libvirtd --version
exec "$@"`;
const [folder] = readdirSync(join(NEWER_USR, 'lib')).filter((name) => name.includes('-linux-gnu'));
const modules = join('lib', folder, 'libvirt');
const words = process.argv.slice(2);
/** Files of these folders that ask no libvirt anything, or the test driver what others ask a daemon. */
const SAME = [
  ...['diff', 'documents-random', 'domain-random', 'xml-docs'].map((name) => `test/contract/${name}.test.ts`),
  ...['examples', 'xml-example'].map((name) => `test/driver/${name}.test.ts`),
];
const selection = words.includes('--project')
  ? []
  : [
      ...['driver', 'hypervisor', 'contract', 'guest'].flatMap((name) => ['--project', name]),
      ...SAME.flatMap((file) => ['--exclude', file]),
    ];
// Not by npx, which takes a quarter of a minute to start in the system VM.
const vitest = [process.execPath, join(ROOT, 'node_modules/vitest/vitest.mjs')];
const tests = [...vitest, 'run', ...selection, ...words];
const namespace = ['unshare', '--mount', '--propagation', 'private'];
const overlay = ['sh', '-c', script, 'sh', NEWER_USR, join(NEWER_USR, modules), join('/usr', modules)];
const { status } = spawnSync(namespace[0], [...namespace.slice(1), ...overlay, ...tests], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exit(status ?? 1);

function whatIsLacking() {
  if (process.getuid() !== 0) return 'only root can lay one libvirt over another';
  if (!isHere('apt-get') || !isHere('dpkg')) return 'the newer libvirt is made from packages of Debian';
  return undefined;
}
