// A libvirtd of a test's own, and what a network leaves in it: the evidence that a network runs, or has gone.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIBVIRTD_NEEDS, type Need } from '../lab/have.js';
import { type Libvirtd, type LibvirtdOptions, startLibvirtd } from '../lab/libvirtd.js';

export const HYPERVISOR_NEEDS = [...LIBVIRTD_NEEDS, 'native', 'libvirt'] as const satisfies Need[];

/** Newer releases of libvirt choose nftables where they find it; the tests read iptables' rules. */
export function startHost(options: LibvirtdOptions = {}): Promise<Libvirtd> {
  return startLibvirtd({
    ...options,
    config: { network: { firewall_backend: 'iptables' }, ...options.config },
  });
}

/** The file of this network's dnsmasq: `conf`, `hostsfile` (DHCP) or `addnhosts` (DNS). */
export function dnsmasqFile(lab: Libvirtd, name: string, kind: 'conf' | 'hostsfile' | 'addnhosts'): string {
  return readFileSync(join(lab.inside.base, `var/lib/libvirt/dnsmasq/${name}.${kind}`), 'utf8');
}

/** What virsh prints of a network. */
export function dumpxml(lab: Libvirtd, name: string, ...options: string[]): Promise<string> {
  return lab.must('virsh', 'net-dumpxml', name, ...options);
}

const FOLDERS = ['var/lib/libvirt/dnsmasq', 'etc/libvirt/qemu/networks'];

/** Where any of the words occurs: links, dnsmasq processes, firewall rules, routes and files of libvirt. */
export async function traces(lab: Libvirtd, ...words: string[]): Promise<string[]> {
  const [links, dnsmasqs, { iptables, ip6tables }, routes, routes6] = await Promise.all([
    lab.links(),
    lab.dnsmasqs(),
    lab.firewall(),
    lab.must('ip', 'route', 'show', 'table', 'all'),
    lab.must('ip', '-6', 'route', 'show', 'table', 'all'),
  ]);
  const lines = [
    ...[...links.keys()].map((name) => `link ${name}`),
    ...dnsmasqs.map(({ arguments: words }) => words.join(' ')),
    ...[iptables, ip6tables, routes, routes6].flatMap((text) => text.split('\n')),
    ...FOLDERS.flatMap((folder) => filesIn(join(lab.inside.base, folder))),
  ];
  return lines.filter((line) => words.some((word) => line.includes(word)));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `file /${name}`);
}
