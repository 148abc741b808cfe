// One guest. What it is is asked of libvirt each time: nothing here can be out of date.
import type { Duplex } from 'node:stream';
import type { Functions } from '../../native/functions.gen.js';
import type { Domain as DomainHandle } from '../../native/handles.js';
import { type DomainDocument, parseDomain } from '../../xml/index.js';
import { ask, askNow } from '../ask.js';
import type { Connection } from '../connection.js';
import { Found } from '../link.js';
import {
  type ListAddressesOptions,
  listAddresses,
  type WaitForAddressOptions,
  waitForAddress,
} from './address-wait.js';
import { openStream } from './console.js';
import { DomainMetadata } from './domain-metadata.js';
import {
  type ConsoleOptions,
  consoleFlags,
  type DescribeDomainOptions,
  type DestroyOptions,
  type DomainStartOptions,
  destroyFlags,
  type GuestInfoOptions,
  guestInfoTypes,
  type HostnameOptions,
  hostnameFlags,
  readConsoleOptions,
  type ShutdownOptions,
  shutdownFlags,
  startFlags,
  type UndefineOptions,
  undefineFlags,
  xmlFlags,
} from './domain-options.js';
import { type DomainState, readState } from './domain-state.js';
import type { GuestAddress } from './guest-address.js';
import { GuestNics } from './guest-nics.js';
import { type ParameterValue, readParameters } from './typed-parameters.js';

/** Calls libvirt with the guest's handle; the action is the verb of the error. @internal */
export type AskDomain = <T>(
  action: string,
  call: (functions: Functions, handle: DomainHandle) => Promise<T>,
) => Promise<T>;

/**
 * A guest of a hypervisor. It stays usable until its connection is closed.
 *
 * Every method rejects with a LibvirtError; `NO_DOMAIN` when the guest has gone meanwhile.
 *
 * @see https://libvirt.org/formatdomain.html
 */
export class Domain {
  /** Its name, unique on its host. */
  readonly name: string;
  /** Its UUID, with hyphens and in lower case. */
  readonly uuid: string;
  /** Its title, its description and the elements that applications keep with it. */
  readonly metadata: DomainMetadata;
  /** Its NICs. */
  readonly nics: GuestNics;

  readonly #connection: Connection;
  readonly #found: Found<DomainHandle>;

  /** @internal */
  constructor(connection: Connection, handle: DomainHandle) {
    this.#connection = connection;
    this.#found = new Found(connection.link, handle, (f, link) =>
      f.virDomainLookupByUUIDString(link, this.uuid),
    );
    const asked = { action: 'name', object: 'a domain' };
    this.name = askNow(asked, (functions) => functions.virDomainGetName(handle));
    this.uuid = askNow(asked, (functions) => functions.virDomainGetUUIDString(handle));
    const asking: AskDomain = (action, call) => this.#ask(action, call);
    this.metadata = new DomainMetadata(this, asking);
    this.nics = new GuestNics(this, asking);
  }

  /** The connection it was found on. */
  get connection(): Connection {
    return this.#connection;
  }

  /** The number that it has while it runs; undefined when it does not. */
  async id(): Promise<number | undefined> {
    // A handle keeps the number that the guest had when the handle was made.
    const handle = await this.#connection.domains.lookup('ask the number of', { uuid: this.uuid });
    const asked = { action: 'ask the number of', object: `domain '${this.name}'` };
    return askNow(asked, (functions) => functions.virDomainGetID(handle)) ?? undefined;
  }

  /** What it does, and why. */
  async state(): Promise<DomainState> {
    return readState(await this.#ask('ask the state of', (f, handle) => f.virDomainGetState(handle, 0)));
  }

  /** Boots it, or goes on where its state was saved. */
  async start(options: DomainStartOptions = {}): Promise<void> {
    const flags = startFlags(options, '');
    await this.#ask('start', (f, handle) => f.virDomainCreateWithFlags(handle, flags));
  }

  /** Asks the guest to end; it may take its time, or refuse. `domainLifecycle` tells when it has stopped. */
  async shutdown(options: ShutdownOptions = {}): Promise<void> {
    const flags = shutdownFlags(options, '');
    await this.#ask('shut down', (f, handle) => f.virDomainShutdownFlags(handle, flags));
  }

  /** Asks the guest to reboot. */
  async reboot(options: ShutdownOptions = {}): Promise<void> {
    const flags = shutdownFlags(options, '');
    await this.#ask('reboot', (f, handle) => f.virDomainReboot(handle, flags));
  }

  /** Resets it as its button does, without asking the guest. */
  reset(): Promise<void> {
    return this.#ask('reset', (f, handle) => f.virDomainReset(handle, 0));
  }

  /** Stops its CPUs; it keeps its memory and its devices. */
  suspend(): Promise<void> {
    return this.#ask('suspend', (f, handle) => f.virDomainSuspend(handle));
  }

  /** Lets it run again after `suspend()` or a start that was `paused`. */
  resume(): Promise<void> {
    return this.#ask('resume', (f, handle) => f.virDomainResume(handle));
  }

  /** Ends it at once, as pulling its plug does. A transient guest is gone then. */
  async destroy(options: DestroyOptions = {}): Promise<void> {
    const flags = destroyFlags(options, '');
    await this.#ask('stop', (f, handle) => f.virDomainDestroyFlags(handle, flags));
  }

  /** Removes its configuration. A guest that runs goes on until it is stopped. */
  async undefine(options: UndefineOptions = {}): Promise<void> {
    const flags = undefineFlags(options, '');
    await this.#ask('undefine', (f, handle) => f.virDomainUndefineFlags(handle, flags));
  }

  /** Whether it is started together with the daemon. */
  autostart(): Promise<boolean>;
  /** Makes it start together with the daemon, or not. */
  autostart(enable: boolean): Promise<void>;
  async autostart(enable?: boolean): Promise<unknown> {
    if (enable === undefined)
      return (await this.#ask('ask the autostart of', (f, handle) => f.virDomainGetAutostart(handle))) !== 0;
    if (typeof enable !== 'boolean') throw new TypeError('enable: not true or false');
    return this.#ask('set the autostart of', (f, handle) => f.virDomainSetAutostart(handle, enable ? 1 : 0));
  }

  /** Whether it runs, or is paused. */
  isActive(): Promise<boolean> {
    return this.#ask('ask the state of', (f, handle) => f.virDomainIsActive(handle));
  }

  /** Whether it has a configuration that survives its end. */
  isPersistent(): Promise<boolean> {
    return this.#ask('ask the persistence of', (f, handle) => f.virDomainIsPersistent(handle));
  }

  /** libvirt's own description of it, as text. */
  async xml(options: DescribeDomainOptions = {}): Promise<string> {
    const flags = xmlFlags(options, '');
    return this.#ask('describe', (f, handle) => f.virDomainGetXMLDesc(handle, flags));
  }

  /**
   * libvirt's own description of it, typed as far as its NICs. Changed with a spread, it can be defined again: the rest
   * goes along as it is. For that `{ inactive: true }` is the one to take, the configuration. Of what runs libvirt tells
   * more: the bridge, VLANs and limits that a network has given a NIC. `define` puts such a NIC on its network again, with
   * those as its own.
   *
   * ```ts
   * const before = await domain.describe({ inactive: true });
   * await connection.domains.define({ ...before, nics: [...(before.nics ?? []), build.nic.network({ network: 'lan' })] });
   * ```
   */
  async describe(options: DescribeDomainOptions = {}): Promise<DomainDocument> {
    return parseDomain(await this.xml(options));
  }

  /**
   * The addresses that it is known to have at this moment, from everybody who answers: the guest agent, the DHCP leases
   * of its networks, the host's ARP table. None is not an error.
   *
   * ```ts
   * for (const { address, source } of await domain.addresses({ family: 'ipv4' })) console.log(address, source);
   * ```
   *
   * @throws LibvirtError `DEVICE_MISSING` when it has no NIC of that `mac`.
   */
  addresses(options: ListAddressesOptions = {}): Promise<readonly GuestAddress[]> {
    return listAddresses(this, (action, call) => this.#ask(action, call), options);
  }

  /**
   * Waits until it has an address that others can reach, and resolves to that: IPv4 before IPv6, of several leases the
   * newest. All sources are asked, side by side and again and again; `source` says which of them knew. A NIC whose cable
   * is out has no such address.
   *
   * A lease outlives its guest, and so does what the host's ARP table knows: of a guest that was just started anew, with
   * the MAC address of an earlier run, these two tell at once what it had then, and libvirt does not say from when that
   * is. The agent alone knows what it has now. A DHCP server mostly gives it the same address again.
   *
   * ```ts
   * const { address } = await domain.waitForAddress({ family: 'ipv4', timeout: 60_000 });
   * await domain.waitForAddress({ sources: ['agent'] }); // of this run, whatever it had in an earlier one
   * ```
   *
   * @throws LibvirtError `OPERATION_TIMEOUT` after two minutes, or the `timeout`, with what each source has answered;
   *   `OPERATION_INVALID` when the guest does not run or stops; `DEVICE_MISSING` when it has no NIC of that `mac`.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses
   */
  waitForAddress(options: WaitForAddressOptions = {}): Promise<GuestAddress> {
    return waitForAddress(this, (action, call) => this.#ask(action, call), options);
  }

  /**
   * Its console, as a stream: what is written is typed there, what is read was printed. It ends when the guest does;
   * `end()` and `destroy()` leave the console to others.
   *
   * What the guest does not read stays with the daemon, which then takes no more calls of this connection than it lets a
   * client have at once (`max_client_requests`, 5): they wait. For a guest that may not read, take a connection of its own.
   *
   * ```ts
   * const console = await domain.console();
   * process.stdin.pipe(console).pipe(process.stdout);
   * ```
   *
   * @throws LibvirtError `OPERATION_INVALID` when the guest does not run, `OPERATION_FAILED` when somebody has it
   *   (`force` takes it), `INTERNAL_ERROR` when there is no such device.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainOpenConsole
   */
  async console(options: ConsoleOptions = {}): Promise<Duplex> {
    const { device = null, ...which } = readConsoleOptions(options, '');
    const flags = consoleFlags(which, '');
    return openStream(this.#connection, `console of domain '${this.name}'`, (functions, stream) =>
      this.#found.use(functions, (_, handle) =>
        functions.virDomainOpenConsole(handle, device, stream, flags),
      ),
    );
  }

  /**
   * The name that the guest gives itself.
   *
   * @throws LibvirtError `NO_HOSTNAME` when nobody knows it, `AGENT_UNRESPONSIVE` when the guest agent does not run.
   */
  async hostname(options: HostnameOptions = {}): Promise<string> {
    const flags = hostnameFlags(options, '');
    return this.#ask('ask the host name of', (f, handle) => f.virDomainGetHostname(handle, flags));
  }

  /**
   * What the guest agent tells, by libvirt's names.
   *
   * ```ts
   * (await domain.guestInfo({ os: true }))['os.pretty-name']; // 'Debian GNU/Linux 13 (trixie)'
   * ```
   *
   * @throws LibvirtError `AGENT_UNRESPONSIVE` when it does not run.
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetGuestInfo
   */
  async guestInfo(options: GuestInfoOptions = {}): Promise<Readonly<Record<string, ParameterValue>>> {
    const types = guestInfoTypes(options, '');
    return readParameters(
      await this.#ask('ask the guest agent of', (f, handle) => f.virDomainGetGuestInfo(handle, types, 0)),
    );
  }

  /** The handle that it has on the connection as it is now. @internal */
  handle(functions: Functions): Promise<DomainHandle> {
    return this.#found.use(functions, async (_, handle) => handle);
  }

  #ask<T>(action: string, call: (functions: Functions, handle: DomainHandle) => Promise<T>): Promise<T> {
    return ask({ action, object: `domain '${this.name}'` }, (functions) => this.#found.use(functions, call));
  }
}
