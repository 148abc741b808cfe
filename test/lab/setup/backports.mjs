// Packages of the release's backports: downloaded and unpacked, never installed. They are built for the release, and so
// work with the libraries that the machine has.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, run } from './step.mjs';

/** The folder that packages of the backports are unpacked to under this name. */
export const backportsFolder = (name) => join(CACHE, name);

/** Unpacks them there, whole or not at all. The index is its own: the machine's lists of packages stay as they are. */
export async function unpackBackports(name, packages) {
  const scratch = join(CACHE, `${name}.part`);
  const tree = join(scratch, 'tree');
  const download = join(scratch, 'download');
  rmSync(scratch, { recursive: true, force: true });
  for (const folder of [download, join(scratch, 'lists/partial')]) mkdirSync(folder, { recursive: true });
  try {
    const list = join(scratch, 'sources.list');
    writeFileSync(list, await backports());
    const options = Object.entries({
      'Dir::Etc::SourceList': list,
      'Dir::Etc::SourceParts': '-',
      'Dir::State::Lists': join(scratch, 'lists'),
      'Dir::Cache': join(scratch, 'cache'),
      'APT::Sandbox::User': 'root',
      'Acquire::Retries': '3',
    }).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    await run(['apt-get', ...options, 'update', '-q']);
    await run(['apt-get', ...options, 'download', '-q', ...packages], { cwd: download });
    for (const file of readdirSync(download)) await run(['dpkg', '--extract', join(download, file), tree]);
    rmSync(backportsFolder(name), { recursive: true, force: true });
    renameSync(tree, backportsFolder(name));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
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
