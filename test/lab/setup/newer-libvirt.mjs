// The libvirt of the release's backports: downloaded and unpacked, never installed. It is built for the release, so
// that laid over /usr it works with the machine's own libraries.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, run } from './step.mjs';

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

const TREE = join(CACHE, 'newer-libvirt');

/** Where its /usr is. */
export const NEWER_USR = join(TREE, 'usr');

export const isUnpacked = () => existsSync(NEWER_USR);

/** Fetches an index of its own: the machine's lists of packages stay as they are. */
export async function unpackNewerLibvirt() {
  const scratch = join(CACHE, 'newer-libvirt.part');
  const tree = join(scratch, 'tree');
  const download = join(scratch, 'download');
  rmSync(scratch, { recursive: true, force: true });
  for (const folder of [download, join(scratch, 'lists/partial')]) mkdirSync(folder, { recursive: true });
  const list = join(scratch, 'sources.list');
  writeFileSync(list, await backports());
  const options = Object.entries({
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': join(scratch, 'lists'),
    'Dir::Cache': join(scratch, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '3',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run(['apt-get', ...options, 'update', '-q']);
  await run(['apt-get', ...options, 'download', '-q', ...PACKAGES], { cwd: download });
  for (const file of readdirSync(download)) await run(['dpkg', '--extract', join(download, file), tree]);
  rmSync(TREE, { recursive: true, force: true });
  renameSync(tree, TREE);
  rmSync(scratch, { recursive: true });
}

/** The line of sources.list for the backports, from where the machine has its release. */
async function backports() {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const format = '$(CODENAME) $(ORIGIN) $(REPO_URI)';
  const targets = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const uri = new RegExp(`^${codename} Debian (\\S+)$`, 'm').exec(targets)?.[1];
  if (uri === undefined) throw new Error(`apt has no source of Debian ${codename}:\n${targets}`);
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return `deb [signed-by=${keys}] ${uri} ${codename}-backports main\n`;
}
