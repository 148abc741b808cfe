// The configuration files of a private libvirtd, as values: what differs from libvirt's own defaults so
// that the daemon needs neither systemd, polkit, cgroups nor a security driver.

import { randomUUID } from 'node:crypto';

/** Lines of one of libvirt's .conf files: `name = value`. */
export type Settings = Record<string, string | number | readonly string[]>;

/** The files of /etc/libvirt that a lab writes. */
export type ConfigFile = 'libvirtd' | 'qemu' | 'network';

export const LOG = '/var/log/libvirt/libvirtd.log';
export const TCP_PORT = 16509;
export const TLS_PORT = 16514;

/** The ways into the daemon besides its two UNIX sockets, and who may come in. */
export interface Access {
  sasl: boolean;
  tcp: boolean;
  tls: boolean;
  pki: string;
}

/** The daemon's own settings; listening addresses are those of its network namespace. */
export function libvirtdSettings({ sasl, tcp, tls, pki }: Access): Settings {
  const authentication = sasl ? 'sasl' : 'none';
  return {
    auth_unix_rw: authentication,
    auth_unix_ro: 'none',
    auth_tcp: authentication,
    auth_tls: authentication,
    unix_sock_group: 'root',
    unix_sock_ro_perms: '0777',
    unix_sock_rw_perms: '0770',
    listen_addr: '127.0.0.1',
    listen_tcp: Number(tcp),
    listen_tls: Number(tls),
    tcp_port: String(TCP_PORT),
    tls_port: String(TLS_PORT),
    ca_file: `${pki}/cacert.pem`,
    cert_file: `${pki}/servercert.pem`,
    key_file: `${pki}/serverkey.pem`,
    host_uuid: randomUUID(),
    log_filters: '3:object 3:event',
    log_outputs: `3:file:${LOG}`,
  };
}

export const QEMU_SETTINGS: Settings = {
  user: 'root',
  group: 'root',
  dynamic_ownership: 0,
  remember_owner: 0,
  security_driver: 'none',
  namespaces: [],
  cgroup_controllers: [],
  stdio_handler: 'file',
};

/** libvirt's .conf syntax is close enough to JSON for strings, numbers and lists of strings. */
export function confText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join('');
}
