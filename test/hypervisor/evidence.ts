// What a managed network must come to on its host, looked up in the kernel, in dnsmasq and in the packet filter.

import { expect } from 'vitest';
import type { Libvirtd } from '../lab/libvirtd.js';
import { dnsmasqFile } from './host.js';
import type { ManagedMode } from './managed-modes.js';

export async function expectLink(lab: Libvirtd, { bridge, link, addresses }: ManagedMode): Promise<void> {
  const found = (await lab.links()).get(bridge);
  expect(found).toMatchObject({
    mtu: link.mtu,
    linkinfo: { info_kind: 'bridge', info_data: { stp_state: link.stp, forward_delay: link.delay } },
  });
  expect(found?.flags).toContain('UP');
  expect(found?.address).toMatch(link.mac ?? /^52:54:00:/);
  const own = found?.addr_info.filter(({ scope }) => scope === 'global') ?? [];
  expect(own.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual(addresses);
}

export async function expectDnsmasq(
  lab: Libvirtd,
  { document: { name }, dnsmasq }: ManagedMode,
): Promise<void> {
  const running = (await lab.dnsmasqs()).filter(({ arguments: words }) =>
    words.includes(`--conf-file=/var/lib/libvirt/dnsmasq/${name}.conf`),
  );
  expect(running.length > 0).toBe(dnsmasq !== undefined);
  if (dnsmasq)
    expect(dnsmasqFile(lab, name, 'conf').split('\n')).toEqual(expect.arrayContaining([...dnsmasq]));
}

export async function expectFirewall(
  lab: Libvirtd,
  { bridge, rules, rules6 = [] }: ManagedMode,
): Promise<void> {
  const { iptables, ip6tables } = await lab.firewall();
  for (const rule of rules) expect(iptables).toContain(`-A ${rule}\n`);
  for (const rule of rules6) expect(ip6tables).toContain(`-A ${rule}\n`);
  if (rules.length === 0) expect(iptables).not.toContain(bridge);
}
