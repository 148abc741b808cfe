// Real DHCP clients, in network namespaces that are plugged into the bridge of a network as guests would be.

import { readFileSync } from 'node:fs';
import type { Libvirtd } from '../lab/libvirtd.js';

const DHCPV6_CLIENT = readFileSync(new URL('fixtures/dhcpv6-client.cjs', import.meta.url), 'utf8');
const DHCP_CLIENT = 'busybox udhcpc -i eth0 -n -q -f -t 20 -T 1 -s /bin/true'.split(' ');

/** Plugs the namespace `name` with the link eth0 into a bridge. */
export async function plugIn(lab: Libvirtd, name: string, mac: string, bridge: string): Promise<void> {
  const ip = (words: string) => lab.must('ip', ...words.split(' '));
  await ip(`netns add ${name}`);
  await ip(`link add ${name} type veth peer name eth0 address ${mac} netns ${name}`);
  await ip(`link set ${name} master ${bridge} up`);
  await ip(`netns exec ${name} ip link set eth0 up`);
}

/** Asks for an IPv4 address; gives what the client says about it. */
export async function dhcp(lab: Libvirtd, name: string, ...options: string[]): Promise<string> {
  const { stderr } = await lab.run('ip', 'netns', 'exec', name, ...DHCP_CLIENT, ...options);
  return stderr;
}

/** Asks for an IPv6 address with the DUID that is made of a MAC address, and gives it. */
export async function dhcpv6(lab: Libvirtd, name: string, mac: string): Promise<string> {
  const client = [process.execPath, '-e', DHCPV6_CLIENT, 'eth0', mac];
  return (await lab.must('ip', 'netns', 'exec', name, ...client)).trim();
}
