// The services beside libvirtd that some tests need, started inside a lab's namespaces.

import type { Namespaces } from './namespaces.js';

/** A udevd with a database of the links, DMI tables and, where they are writable, PCI devices. */
export async function startUdev(inside: Namespaces, ...subsystems: ('net' | 'pci')[]): Promise<void> {
  await inside.must('/lib/systemd/systemd-udevd', '--daemon');
  await inside.must('udevadm', 'trigger', '-c', 'add', ...subsystems.flatMap((name) => ['-s', name]));
  await inside.must('udevadm', 'settle', '-t', '25');
}

/** An Open vSwitch with one bridge, that forwards in userspace or by its kernel module. */
export async function startOpenVSwitch(inside: Namespaces, bridge: string, inKernel: boolean): Promise<void> {
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
  await inside.must('ovs-vswitchd', '--pidfile', '--detach', '--log-file');
  if (inKernel) await inside.must('modprobe', 'openvswitch');
  const datapath = `datapath_type=${inKernel ? 'system' : 'netdev'}`;
  await inside.must('ovs-vsctl', 'add-br', bridge, '--', 'set', 'bridge', bridge, datapath);
  await inside.must('ip', 'link', 'set', bridge, 'up');
}
