// A libvirtd of its own: in its own namespaces, with its own sockets, configuration, network links and,
// when asked for, its own udevd and Open vSwitch. The machine's libvirt and network are never touched.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCertificates } from './certificates.js';
import { type FirewallRules, firewallRules, type Link, links, type Process, processes } from './inspect.js';
import {
  type ConfigFile,
  confText,
  LOG,
  libvirtdSettings,
  QEMU_SETTINGS,
  type Settings,
  TCP_PORT,
  TLS_PORT,
} from './libvirtd-config.js';
import { type Finished, type Namespaces, startNamespaces } from './namespaces.js';
import { type Datapath, startOpenVSwitch, startUdev } from './services.js';
import { CACHE } from './setup/step.mjs';
import { forwardTcp, type TcpForward } from './tcp-forward.js';
import { until } from './until.js';

export interface LibvirtdOptions {
  /** An Open vSwitch with the bridge {@link OVS_BRIDGE}; true for one whose frames its daemon moves. */
  openvswitch?: boolean | Datapath;
  /** A udevd, which the node device and host interface drivers need. */
  udev?: boolean;
  /** Every way in but the read-only socket asks for this name and password (SCRAM-SHA-256, DIGEST-MD5). */
  sasl?: Credentials;
  /** A TCP listener, reached through {@link Libvirtd.tcpUri}. */
  tcp?: boolean;
  /** A TLS listener, reached through {@link Libvirtd.tlsUri}; certificates are made for this daemon. */
  tls?: boolean;
  /** The machine's own network and devices, without the lab's links; in a system VM only. */
  ofMachine?: boolean;
  /** More lines for the files of /etc/libvirt, or other values for those that a lab sets. */
  config?: Partial<Record<ConfigFile, Settings>>;
}

export interface Credentials {
  user: string;
  password: string;
}

/** Stand-ins for physical NICs: `phys0` is in the lab's host, `peer0` is the other end of its cable. */
export const NICS = ['phys0', 'phys1', 'phys2', 'phys3'] as const;
/** A Linux bridge of the lab's host, at 10.99.0.1/24. */
export const HOST_BRIDGE = 'hbr0';
/** An Open vSwitch bridge, there when the option `openvswitch` is. */
export const OVS_BRIDGE = 'ovsbr0';

const PRIVATE_PATHS = [
  '/run',
  '/etc/libvirt',
  '/var/lib/libvirt',
  '/var/cache/libvirt',
  '/var/log/libvirt',
  '/etc/openvswitch',
  '/var/lib/openvswitch',
  '/var/log/openvswitch',
];
/**
 * What the daemons have asked the QEMU of this machine, which takes seconds, and a processor that is emulated half a
 * minute. libvirt looks whether it still holds: for this QEMU, this libvirt, this kernel.
 */
const QEMU_CAPABILITIES = join(CACHE, 'qemu-capabilities');
const PID_FILE = '/run/libvirtd.pid';
const SOCKET = '/run/libvirt/libvirt-sock';
const SOCKET_PATH_MAX = 107; // sockaddr_un.sun_path less its final zero
/** A libvirtd ends without those of its threads that have not ended in 30 s (virNetDaemonRun). */
const DAEMON_END_MS = 40_000;

/** Starts a libvirtd and all that belongs to it; settles when the daemon takes connections. */
export async function startLibvirtd(options: LibvirtdOptions = {}): Promise<Libvirtd> {
  const paths = PRIVATE_PATHS.filter((path) => existsSync(path));
  const inside = await startNamespaces(paths, { ofMachine: options.ofMachine ?? false });
  const lab = new Libvirtd(inside, options);
  try {
    await lab.prepare();
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

export class Libvirtd {
  /** The namespaces; for what the methods here do not offer. */
  readonly inside: Namespaces;
  readonly #options: LibvirtdOptions;
  readonly #forwards: { tcp?: TcpForward; tls?: TcpForward } = {};
  #daemonRuns = false;

  constructor(inside: Namespaces, options: LibvirtdOptions) {
    this.inside = inside;
    this.#options = options;
  }

  /** The socket for read-write connections, reachable from outside of the namespaces. */
  get socket(): string {
    return join(this.inside.base, SOCKET);
  }

  /** `qemu+unix:///system` on {@link socket}; a read-only open is a matter of the call, not of the URI. */
  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  /** The same on the socket that serves nothing but read-only connections. */
  get readOnlyUri(): string {
    return `qemu+unix:///system?socket=${this.socket}-ro`;
  }

  get tcpUri(): string {
    return `qemu+tcp://127.0.0.1:${portOf(this.#forwards.tcp, 'tcp')}/system`;
  }

  get tlsUri(): string {
    return `qemu+tls://localhost:${portOf(this.#forwards.tls, 'tls')}/system?pkipath=${this.#pki}`;
  }

  /** @internal Brings up the links, the services and the daemon. */
  async prepare(): Promise<void> {
    if (Buffer.byteLength(`${this.socket}-ro`) > SOCKET_PATH_MAX) {
      throw new Error(`${this.socket} is too long for a socket: set TMPDIR to a shorter folder`);
    }
    const { openvswitch, udev, tcp, tls, ofMachine = false } = this.#options;
    await this.#writeConfiguration();
    await Promise.all([
      udev && startUdev(this.inside, 'net', ...(ofMachine ? (['pci'] as const) : [])),
      openvswitch &&
        startOpenVSwitch(this.inside, OVS_BRIDGE, openvswitch === true ? 'userspace' : openvswitch),
    ]);
    if (!ofMachine) await this.#addLinks();
    await this.startDaemon();
    if (tcp) this.#forwards.tcp = await forwardTcp(this.inside, TCP_PORT);
    if (tls) this.#forwards.tls = await forwardTcp(this.inside, TLS_PORT);
  }

  /** Runs a command in the lab to its end; `virsh` there talks to this daemon. */
  run(command: string, ...args: string[]): Promise<Finished> {
    return this.inside.run(command, ...args);
  }

  /** {@link run} for a command that has to succeed; gives its output. */
  must(command: string, ...args: string[]): Promise<string> {
    return this.inside.must(command, ...args);
  }

  /** {@link must} for a command that prints JSON. */
  runJson<T>(command: string, ...args: string[]): Promise<T> {
    return this.inside.runJson<T>(command, ...args);
  }

  /** Every link of the lab's host, by name. */
  links(): Promise<Map<string, Link>> {
    return links(this.inside);
  }

  /** The processes with this name, or all. */
  processes(name?: string): Promise<Process[]> {
    return processes(this.inside, name);
  }

  /** The dnsmasq processes that serve the daemon's networks; libvirt starts two a network, the second a helper. */
  dnsmasqs(): Promise<Process[]> {
    return this.processes('dnsmasq');
  }

  firewall(): Promise<FirewallRules> {
    return firewallRules(this.inside);
  }

  /** The daemon's version, such as `9.0.0`. */
  async release(): Promise<string> {
    return /[\d.]+\s*$/.exec(await this.must('libvirtd', '--version'))?.[0].trim() ?? '';
  }

  /** What the daemon has logged so far: warnings and errors. */
  log(): string {
    const file = join(this.inside.base, LOG);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The daemon's process id, as the lab sees it. */
  daemonPid(): number {
    return Number(readFileSync(join(this.inside.base, PID_FILE), 'utf8'));
  }

  /** Starts the daemon; settles when its sockets take connections. */
  async startDaemon(): Promise<void> {
    const { tcp, tls } = this.#options;
    const listen = tcp || tls ? ['--listen'] : [];
    const environment = { SASL_CONF_PATH: this.#sasl };
    rmSync(this.socket, { force: true }); // of one that was killed
    const daemon = await this.inside.runWith(
      { env: environment },
      'libvirtd',
      '-d',
      '-p',
      PID_FILE,
      ...listen,
    );
    if (daemon.code !== 0) {
      throw new Error(`libvirtd did not start (${daemon.code}): ${daemon.stderr}${this.log()}`);
    }
    // Newer ones go into the background before they listen.
    await until('the daemon listens', () => existsSync(this.socket));
    this.#daemonRuns = true;
  }

  /** Ends the daemon as a service manager would; networks and guests stay. */
  stopDaemon(): Promise<void> {
    return this.killDaemon('SIGTERM');
  }

  /** Sends the daemon a signal that ends it, and waits until it is gone. */
  async killDaemon(signal: NodeJS.Signals): Promise<void> {
    const pid = String(this.daemonPid());
    this.#daemonRuns = false;
    await this.must('kill', '-s', signal.replace(/^SIG/, ''), pid);
    const gone = ['tail', '-s', '0.02', `--pid=${pid}`, '-f', '/dev/null'] as const;
    await this.inside.mustWith({ timeoutMs: DAEMON_END_MS }, ...gone);
  }

  async restartDaemon(): Promise<void> {
    await this.stopDaemon();
    await this.startDaemon();
  }

  /** Ends everything in the lab; may be called again. Rejects when the daemon had ended by itself. */
  async stop(): Promise<void> {
    try {
      await this.#expectDaemon();
    } finally {
      await this.#end();
    }
  }

  async #expectDaemon(): Promise<void> {
    if (!this.#daemonRuns) return;
    this.#daemonRuns = false;
    const { code } = await this.run('kill', '-0', String(this.daemonPid()));
    if (code !== 0) throw new Error(`libvirtd has ended by itself; its log: ${this.log()}`);
  }

  async #end(): Promise<void> {
    await Promise.all(Object.values(this.#forwards).map((forward) => forward.stop()));
    delete this.#forwards.tcp;
    delete this.#forwards.tls;
    await this.inside.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #pki(): string {
    return join(this.inside.base, 'pki');
  }

  get #sasl(): string {
    return join(this.inside.base, 'sasl');
  }

  async #writeConfiguration(): Promise<void> {
    const { config = {}, sasl, tcp = false, tls = false } = this.#options;
    mkdirSync(join(this.inside.base, 'run/lock')); // for /var/lock: an open console has a lock file
    const folder = join(this.inside.base, 'etc/libvirt');
    const settings: Record<ConfigFile, Settings> = {
      libvirtd: libvirtdSettings({ sasl: sasl !== undefined, tcp, tls, pki: this.#pki }),
      qemu: QEMU_SETTINGS,
      network: {},
    };
    for (const name of Object.keys(settings) as ConfigFile[]) {
      writeFileSync(join(folder, `${name}.conf`), confText({ ...settings[name], ...config[name] }));
    }
    const filters = '/etc/libvirt/nwfilter'; // the package's filters, as the machine has them
    if (existsSync(filters)) cpSync(filters, join(folder, 'nwfilter'), { recursive: true });
    const qemuCache = join(this.inside.base, 'var/cache/libvirt/qemu');
    for (const made of [qemuCache, QEMU_CAPABILITIES]) mkdirSync(made, { recursive: true });
    symlinkSync(QEMU_CAPABILITIES, join(qemuCache, 'capabilities'));
    if (tls) {
      mkdirSync(this.#pki);
      writeCertificates(this.#pki);
    }
    if (sasl) await this.#writeSaslDatabase(sasl);
  }

  async #writeSaslDatabase({ user, password }: Credentials): Promise<void> {
    mkdirSync(this.#sasl);
    const database = join(this.#sasl, 'passwords.db');
    writeFileSync(
      join(this.#sasl, 'libvirt.conf'),
      `mech_list: scram-sha-256 digest-md5\nsasldb_path: ${database}\n`,
    );
    const create = ['saslpasswd2', '-p', '-c', '-a', 'libvirt', '-f', database, user] as const;
    await this.inside.mustWith({ input: password }, ...create);
  }

  async #addLinks(): Promise<void> {
    const cables = NICS.flatMap((nic) => {
      const peer = nic.replace('phys', 'peer');
      return [`link add ${nic} type veth peer name ${peer}`, `link set ${nic} up`, `link set ${peer} up`];
    });
    const bridge = [
      `link add ${HOST_BRIDGE} type bridge`,
      `address add 10.99.0.1/24 dev ${HOST_BRIDGE}`,
      `link set ${HOST_BRIDGE} up`,
    ];
    const input = [...cables, ...bridge, ''].join('\n');
    await this.inside.mustWith({ input }, 'ip', '-batch', '-');
  }
}

function portOf(forward: TcpForward | undefined, option: string): number {
  if (forward === undefined) throw new Error(`start the daemon with { ${option}: true }`);
  return forward.port;
}
