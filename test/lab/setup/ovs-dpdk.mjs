// The daemon of an Open vSwitch that serves vhost-user ports (DPDK): its packages are unpacked and not installed, because
// installed they would take the place of the machine's own daemon.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withPackageIndex } from './packages.mjs';
import { CACHE, run } from './step.mjs';

const PACKAGE = 'openvswitch-switch-dpdk';
/** A driver that DPDK loads by itself: that of the memory in which frames lie. */
const DRIVER = /^librte-mempool-ring\d+/m;
const TREE = join(CACHE, 'ovs-dpdk');
const DAEMON = join(TREE, 'usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk');

const IS_DRIVER = /librte_mempool_ring\.so\.\d+$/;

/** The daemon and the folder of the libraries that it needs; undefined when it is not unpacked. */
export function ovsDpdk() {
  if (!existsSync(DAEMON)) return undefined;
  const [folder] = readdirSync(join(TREE, 'usr/lib')).filter((name) => name.includes('-linux-gnu'));
  const libraries = join(TREE, 'usr/lib', folder ?? '');
  const [driver] = readdirSync(libraries, { recursive: true }).filter((name) => IS_DRIVER.test(name));
  return driver && { daemon: DAEMON, libraries, driver: join(libraries, driver) };
}

export async function unpackOvsDpdk() {
  const scratch = join(CACHE, 'ovs-dpdk.part');
  const [download, tree] = [join(scratch, 'download'), join(scratch, 'tree')];
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  await withPackageIndex(async () => {
    const options = ['--recurse', '--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks'];
    const depends = await run([
      'apt-cache',
      'depends',
      ...options,
      '--no-replaces',
      '--no-enhances',
      PACKAGE,
    ]);
    const libraries = depends.match(/^librte-\S+/gm) ?? [];
    const [driver] = DRIVER.exec(await run(['apt-cache', 'pkgnames', 'librte-mempool-ring'])) ?? [];
    const names = [PACKAGE, ...new Set(libraries), driver];
    await run(['apt-get', 'download', '-q', '-o', 'APT::Sandbox::User=root', ...names], { cwd: download });
  });
  for (const file of readdirSync(download)) await run(['dpkg', '--extract', join(download, file), tree]);
  rmSync(TREE, { recursive: true, force: true });
  renameSync(tree, TREE);
  rmSync(scratch, { recursive: true });
}
