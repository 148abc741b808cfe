// The services beside libvirtd that some tests need, started inside a lab's namespaces.

import { basename } from 'node:path';
import type { Namespaces } from './namespaces.js';
import { ovsDpdk } from './setup/ovs-dpdk.mjs';

/** A udevd with a database of the links, DMI tables and, where they are writable, PCI devices. */
export async function startUdev(inside: Namespaces, ...subsystems: ('net' | 'pci')[]): Promise<void> {
  await inside.must('/lib/systemd/systemd-udevd', '--daemon');
  await inside.must('udevadm', 'trigger', '-c', 'add', ...subsystems.flatMap((name) => ['-s', name]));
  await inside.must('udevadm', 'settle', '-t', '25');
}

/** By whom an Open vSwitch moves frames: its daemon, the kernel, or a daemon that can serve vhost-user ports, too. */
export type Datapath = 'userspace' | 'kernel' | 'dpdk';

/** An Open vSwitch with one bridge. */
export async function startOpenVSwitch(
  inside: Namespaces,
  bridge: string,
  datapath: Datapath,
): Promise<void> {
  const database = '/etc/openvswitch/conf.db';
  await inside.must('mkdir', '-p', '/run/openvswitch');
  await inside.must('ovsdb-tool', 'create', database, '/usr/share/openvswitch/vswitch.ovsschema');
  await inside.must(
    'ovsdb-server',
    '--remote=punix:/run/openvswitch/db.sock',
    '--pidfile',
    '--detach',
    '--log-file',
    database,
  );
  await inside.must('ovs-vsctl', '--no-wait', 'init');
  if (datapath === 'dpdk') await startDpdk(inside);
  else await inside.must('ovs-vswitchd', '--pidfile', '--detach', '--log-file');
  if (datapath === 'kernel') await inside.must('modprobe', 'openvswitch');
  const type = `datapath_type=${datapath === 'kernel' ? 'system' : 'netdev'}`;
  await inside.must('ovs-vsctl', 'add-br', bridge, '--', 'set', 'bridge', bridge, type);
  await inside.must('ip', 'link', 'set', bridge, 'up');
}

/** Without huge pages or devices of its own; where nothing is to be done it sleeps, a tenth of a millisecond at a time. */
async function startDpdk(inside: Namespaces): Promise<void> {
  const dpdk = ovsDpdk();
  if (dpdk === undefined) throw new Error('there is no Open vSwitch with DPDK: npm run setup');
  // DPDK loads no driver from below a folder that everybody may write to, such as that of a clone in /tmp.
  const driver = `/run/openvswitch/${basename(dpdk.driver)}`;
  await inside.must('cp', dpdk.driver, driver);
  const settings = [
    'dpdk-init=true',
    `dpdk-extra="--no-huge --legacy-mem --no-pci --no-telemetry -m 256 -d ${driver}"`,
    'per-port-memory=true', // or else it wants 700 MB
    'pmd-maxsleep=100',
  ];
  const set = settings.map((setting) => `other_config:${setting}`);
  await inside.must('ovs-vsctl', '--no-wait', 'set', 'Open_vSwitch', '.', ...set);
  const env = { LD_LIBRARY_PATH: dpdk.libraries };
  const command = [dpdk.daemon, '--pidfile', '--detach', '--log-file'] as const;
  await inside.mustWith({ env }, ...command);
}
