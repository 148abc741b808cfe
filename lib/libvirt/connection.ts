// The connection to a hypervisor: opened once, asked many times, closed by whoever opened it.
import { record } from '../build/reader.js';
import { warnOfForgotten } from '../forgotten.js';
import { virConnectCloseReason as why } from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';
import type { Connect } from '../native/handles.js';
import { ask, formatVersion } from './ask.js';
import { Domains } from './domain/domains.js';
import { ConnectionEvents } from './events.js';
import { FilterBindings } from './filter/bindings.js';
import { Filters } from './filter/filters.js';
import { HostInterfaces } from './host-interface/host-interfaces.js';
import { Link } from './link.js';
import { Networks } from './networks.js';
import { NodeDevices } from './node-device/node-devices.js';
import { OneAfterAnother } from './one-after-another.js';
import { text } from './options.js';
import type { Redialer } from './redial.js';

/** What kind of guest to ask about. What is left out is what the hypervisor would choose. */
export interface DomainCapabilitiesOptions {
  /** The path of the emulator: `/usr/bin/qemu-system-x86_64`. */
  emulator?: string;
  /** The architecture: `x86_64`. */
  arch?: string;
  /** The machine type: `q35`. */
  machine?: string;
  /** The type of domain: `kvm`, `qemu`. */
  virtType?: string;
}

const readDomainCapabilitiesOptions = record<DomainCapabilitiesOptions>()('a kind of guest', {
  emulator: text,
  arch: text,
  machine: text,
  virtType: text,
});

/** How long `close()` waits for a peer that does not answer, in milliseconds. */
const closingPatience = 1000;

const forgotten = warnOfForgotten('connection');

/**
 * A connection to a hypervisor. It has the networks, the guests, the filters and the devices of the host, and what is
 * known of the hypervisor itself.
 *
 * Calls may be made side by side. After `close()` every call rejects with `CONNECTION_CLOSED`.
 */
export class Connection implements AsyncDisposable {
  /** What it was opened with: the URI, for messages. `uri()` asks libvirt. */
  readonly name: string;
  /** The networks of this hypervisor. */
  readonly networks: Networks;
  /** The guests of this hypervisor. */
  readonly domains: Domains;
  /** The network filters of this hypervisor. */
  readonly filters: Filters;
  /** Which filter the ports of guests have. */
  readonly filterBindings: FilterBindings;
  /** The devices of the host. */
  readonly nodeDevices: NodeDevices;
  /** The network interfaces of the host. */
  readonly hostInterfaces: HostInterfaces;
  /** What happens on this hypervisor. */
  readonly events: ConnectionEvents;
  /** What may not be changed twice at a time. @internal */
  readonly changes = new OneAfterAnother();

  #closed = false;
  #closing: Promise<void> | undefined;

  readonly #link: Link;
  readonly #redialer: Redialer | undefined;
  #redialing = false;
  /** The attempts to make it anew are used up. */
  #lost = false;

  /** @internal */
  constructor(name: string, handle: Connect, redialer?: Redialer) {
    this.name = name;
    this.#redialer = redialer;
    this.#link = new Link(handle);
    this.networks = new Networks(this);
    this.domains = new Domains(this);
    this.filters = new Filters(this);
    this.filterBindings = new FilterBindings(this);
    this.nodeDevices = new NodeDevices(this);
    this.hostInterfaces = new HostInterfaces(this);
    this.events = new ConnectionEvents(this);
    forgotten.register(this, name, this);
  }

  /** What stands for it in libvirt. @internal */
  get link(): Link {
    return this.#link;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Ends the connection: calls under way reject with `CONNECTION_CLOSED`, loops over events end, listeners
   * are removed. Resolves when libvirt has let go of it, or after a second when the peer does not answer.
   * Calling it again does nothing more.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Whether it is made anew when it was lost; no more when it was closed or the attempts are used up. */
  get reconnects(): boolean {
    return this.#redialer !== undefined && !this.#lost && !this.#closed;
  }

  /** Begins to look after itself. @internal */
  async keepUp(): Promise<void> {
    if (!this.#redialer) return;
    await this.events.onLoss(() => void this.#comeBack());
    // Who was lost before that is told by nobody.
    if (!(await this.isAlive())) void this.#comeBack();
  }

  /** Makes the connection anew, and listens on it as on the one before. */
  async #comeBack(): Promise<void> {
    if (this.#redialing || this.#closed) return;
    this.#redialing = true;
    const since = new Date();
    const lost = this.link.handle;
    try {
      await this.#redialer?.redial((handle, signal) =>
        preparing(this.name, handle, signal, async () => {
          const renewal = await this.events.renew(handle, since);
          const alive = await isAlive(this.name, handle);
          signal.throwIfAborted();
          if (!alive || renewal.heard()) throw new Error('lost again');
          // In one go, so that there is no moment in which a loss would be nobody's.
          this.link.replace(handle);
          this.#redialing = false;
          renewal.take();
        }),
      );
      // Calls that it still has are lost with it.
      release(this.name, lost, why.EOF);
    } catch {
      this.#redialing = false;
      if (this.#closed) return release(this.name, lost);
      // The attempts are used up. What listens would keep the process; calls go on to say that it is lost.
      this.#lost = true;
      this.events.lose();
      release(this.name, lost, why.EOF);
    }
  }

  async #close(): Promise<void> {
    this.#closed = true;
    this.#redialer?.stop();
    forgotten.unregister(this);
    this.events.close();
    const closed = this.#ask('close', (functions, handle) => functions.virConnectClose(handle, why.CLIENT));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closingPatience);
    });
    await Promise.race([closed, patience]).finally(() => clearTimeout(timer));
  }

  /** {@link close}, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The driver, such as `QEMU` or `Test`. */
  type(): Promise<string> {
    return this.#ask('ask the type of', (functions, handle) => functions.virConnectGetType(handle));
  }

  /** The URI that libvirt itself uses for this connection, also when none was given. */
  uri(): Promise<string> {
    return this.#ask('ask the URI of', (functions, handle) => functions.virConnectGetURI(handle));
  }

  /** The host name of the machine at the other end. */
  hostname(): Promise<string> {
    return this.#ask('ask the host name of', (functions, handle) => functions.virConnectGetHostname(handle));
  }

  /** The version of the hypervisor, such as `7.2.19`. */
  async version(): Promise<string> {
    return formatVersion(
      await this.#ask('ask the version of', (functions, handle) => functions.virConnectGetVersion(handle)),
    );
  }

  /** The version of libvirt at the other end, such as `9.0.0`. */
  async libvirtVersion(): Promise<string> {
    return formatVersion(
      await this.#ask('ask the libvirt version of', (functions, handle) =>
        functions.virConnectGetLibVersion(handle),
      ),
    );
  }

  /** What the host and the hypervisor can do, as XML: https://libvirt.org/formatcaps.html */
  capabilities(): Promise<string> {
    return this.#ask('ask the capabilities of', (functions, handle) =>
      functions.virConnectGetCapabilities(handle),
    );
  }

  /** What guests of one kind can have, as XML: https://libvirt.org/formatdomaincaps.html */
  async domainCapabilities(options: DomainCapabilitiesOptions = {}): Promise<string> {
    const {
      emulator = null,
      arch = null,
      machine = null,
      virtType = null,
    } = readDomainCapabilitiesOptions(options, '');
    return this.#ask('ask the domain capabilities of', (functions, handle) =>
      functions.virConnectGetDomainCapabilities(handle, emulator, arch, machine, virtType, 0),
    );
  }

  /** The host's SMBIOS tables, as XML. */
  sysinfo(): Promise<string> {
    return this.#ask('ask the system information of', (functions, handle) =>
      functions.virConnectGetSysinfo(handle, 0),
    );
  }

  /** How many virtual CPUs a guest may have, at most; for one type of domain when it is given. */
  async maxVcpus(type?: string): Promise<number> {
    const asked = type === undefined ? null : text(type, 'type');
    return this.#ask('ask the greatest number of CPUs of', (functions, handle) =>
      functions.virConnectGetMaxVcpus(handle, asked),
    );
  }

  /** Whether the connection works, as far as this side knows; a silent peer is noticed by keepalive. */
  async isAlive(): Promise<boolean> {
    return !this.#lost && isAlive(this.name, this.link.handle);
  }

  /** Whether what goes over the connection is encrypted. */
  isEncrypted(): Promise<boolean> {
    return this.#ask('ask the encryption of', (functions, handle) => functions.virConnectIsEncrypted(handle));
  }

  /** Whether nobody can listen: encrypted, or on this machine alone. */
  isSecure(): Promise<boolean> {
    return this.#ask('ask the security of', (functions, handle) => functions.virConnectIsSecure(handle));
  }

  #ask<T>(action: string, call: (functions: Functions, handle: Connect) => Promise<T>): Promise<T> {
    return ask({ action, object: `connection ${this.name}` }, (functions) =>
      call(functions, this.link.handle),
    );
  }
}

function isAlive(name: string, handle: Connect): Promise<boolean> {
  return ask({ action: 'ask the state of', object: `connection ${name}` }, (f) =>
    f.virConnectIsAlive(handle),
  );
}

/** Does something with a connection that is nobody's yet: it ends when that fails or is given up, which is at once. */
export async function preparing<T>(
  name: string,
  handle: Connect,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const giveUp = () => release(name, handle);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    giveUp();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Lets libvirt have a connection back that nobody uses any more: a call that does all the same is told the reason. */
function release(name: string, handle: Connect, reason: number = why.CLIENT): void {
  ask({ action: 'close', object: `connection ${name}` }, (f) => f.virConnectClose(handle, reason)).catch(
    () => {},
  );
}
