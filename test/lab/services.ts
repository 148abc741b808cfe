// The services beside libvirtd that some tests need, started inside a lab's namespaces.

import type { Namespaces } from './namespaces.js';

/** A udevd with a database of the links, PCI devices and DMI tables; without its rules' side effects. */
export async function startUdev(inside: Namespaces): Promise<void> {
  await inside.must('/lib/systemd/systemd-udevd', '--daemon');
  await inside.must('udevadm', 'trigger', '-c', 'add', '-s', 'net');
  await inside.must('udevadm', 'settle', '-t', '10');
}

/** An Open vSwitch that forwards in userspace (no kernel module), with one bridge. */
export async function startOpenVSwitch(inside: Namespaces, bridge: string): Promise<void> {
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
  await inside.must('ovs-vsctl', 'add-br', bridge, '--', 'set', 'bridge', bridge, 'datapath_type=netdev');
  await inside.must('ip', 'link', 'set', bridge, 'up');
}
