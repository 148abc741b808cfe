// What a test looks at inside a lab to see what really happened: the kernel's links, the processes, the
// firewall's rules. Each function asks anew.

import type { Namespaces } from './namespaces.js';

/** A network link as `ip -json -details address` shows it; more fields than these are there. */
export interface Link {
  ifindex: number;
  ifname: string;
  flags: string[];
  mtu: number;
  /** The bridge or bond that it is a port of. */
  master?: string;
  operstate: string;
  address: string;
  linkinfo?: { info_kind?: string; info_data?: Record<string, unknown>; info_slave_kind?: string };
  addr_info: { family: 'inet' | 'inet6'; local: string; prefixlen: number; scope: string }[];
}

/** A process in the lab, with its id there. */
export interface Process {
  pid: number;
  name: string;
  arguments: string[];
}

/** The rules of the packet filters, as iptables-save, ip6tables-save and `nft list ruleset` print them. */
export interface FirewallRules {
  iptables: string;
  ip6tables: string;
  nftables: string;
}

/** Every link of the network namespace, by name. */
export async function links(inside: Namespaces): Promise<Map<string, Link>> {
  const found = await inside.runJson<Link[]>('ip', '-json', '-details', 'address', 'show');
  return new Map(found.map((link) => [link.ifname, link]));
}

const LIST_PROCESSES = `
  cd /proc
  for pid in [0-9]*; do
    { read -r name < $pid/comm && arguments=$(tr '\\0' '\\1' < $pid/cmdline); } 2>/dev/null || continue
    printf '%s\\2%s\\2%s\\3' "$pid" "$name" "$arguments"
  done`;

/** Every living process with this name (as in /proc/PID/comm), or every one; a zombie has no arguments left. */
export async function processes(inside: Namespaces, name?: string): Promise<Process[]> {
  const listing = await inside.must('bash', '-c', LIST_PROCESSES);
  return listing
    .split('\u0003')
    .filter((line) => line !== '')
    .map((line) => {
      const [pid, comm, words] = line.split('\u0002') as [string, string, string];
      return { pid: Number(pid), name: comm, arguments: words.split('\u0001').filter((word) => word !== '') };
    })
    .filter(({ name: comm, arguments: words }) => words.length > 0 && (name === undefined || comm === name));
}

/** All rules of all tables. */
export async function firewallRules(inside: Namespaces): Promise<FirewallRules> {
  const [iptables, ip6tables, nftables] = await Promise.all([
    inside.must('iptables-save'),
    inside.must('ip6tables-save'),
    inside.must('nft', 'list', 'ruleset'),
  ]);
  return { iptables, ip6tables, nftables };
}
