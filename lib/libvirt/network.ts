// One network. What it is is asked of libvirt each time: nothing here can be out of date.
import { mac as unicastMac } from '../build/network/mac.js';
import { flag, record } from '../build/reader.js';
import { virNetworkXMLFlags } from '../native/constants.gen.js';
import type { Functions } from '../native/functions.gen.js';
import type { Network as NetworkHandle } from '../native/handles.js';
import { type NetworkDocument, parseNetwork } from '../xml/index.js';
import { flagsOf, type Half, halves } from './affect.js';
import { ask, askNow } from './ask.js';
import type { Connection } from './connection.js';
import { type Lease, readLease } from './lease.js';
import { Found } from './link.js';
import { changeParts } from './network/changes.js';
import { NetworkPorts } from './network/ports.js';
import { Reservations } from './network/reservations.js';
import { plannerOf } from './network/update-plan.js';
import { NetworkMetadata } from './network-metadata.js';
import {
  type NetworkPart,
  readUpdate,
  type Step,
  type UpdateAction,
  type UpdateOptions,
  type UpdateValue,
  updateArguments,
} from './network-update.js';

/** Which description of a network. */
export interface DescribeOptions {
  /** The configuration kept for the next start, instead of what runs now. */
  inactive?: boolean;
}

/** What a network is at the moment. */
export interface NetworkInfo {
  /** Its name. */
  readonly name: string;
  /** Its UUID. */
  readonly uuid: string;
  /** Whether it runs. */
  readonly active: boolean;
  /** Whether it has a configuration that survives a stop. */
  readonly persistent: boolean;
  /** Whether it is started together with the daemon. */
  readonly autostart: boolean;
  /** The bridge that its guests are plugged into; undefined when it has none, as macvtap and hostdev networks. */
  readonly bridge: string | undefined;
}

const readDescribeOptions = record<DescribeOptions>()('a description', { inactive: flag });

/**
 * A network of a hypervisor. It stays usable until its connection is closed.
 *
 * Every method rejects with a LibvirtError; `NO_NETWORK` when the network has gone meanwhile.
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export class Network {
  /** Its name, unique on its host. */
  readonly name: string;
  /** Its UUID, with hyphens and in lower case. */
  readonly uuid: string;
  /** Its title, its description and the elements that applications keep with it. */
  readonly metadata: NetworkMetadata;
  /** What the NICs of guests are plugged into, while it runs. */
  readonly ports: NetworkPorts;
  /** The addresses that its DHCP server keeps for single guests. */
  readonly reservations: Reservations;

  readonly #connection: Connection;
  readonly #found: Found<NetworkHandle>;

  /** @internal */
  constructor(connection: Connection, handle: NetworkHandle) {
    this.#connection = connection;
    this.#found = new Found(connection.link, handle, (f, link) =>
      f.virNetworkLookupByUUIDString(link, this.uuid),
    );
    const asked = { action: 'name', object: 'a network' };
    this.name = askNow(asked, (functions) => functions.virNetworkGetName(handle));
    this.uuid = askNow(asked, (functions) => functions.virNetworkGetUUIDString(handle));
    this.metadata = new NetworkMetadata(this, (action, call) => this.#ask(action, call));
    this.ports = new NetworkPorts(this, this.#found);
    this.reservations = new Reservations(this);
  }

  /** The connection it was found on. */
  get connection(): Connection {
    return this.#connection;
  }

  /** Starts it: the bridge, its addresses, DHCP, DNS and firewall rules are made. */
  start(): Promise<void> {
    return this.#ask('start', (functions, handle) => functions.virNetworkCreate(handle));
  }

  /** Stops it at once; guests lose the connection. A transient network is gone then. */
  destroy(): Promise<void> {
    return this.#ask('stop', (functions, handle) => functions.virNetworkDestroy(handle));
  }

  /** Removes its configuration. A network that runs goes on until it is stopped. */
  undefine(): Promise<void> {
    return this.#ask('undefine', (functions, handle) => functions.virNetworkUndefine(handle));
  }

  /** Whether it is started together with the daemon. */
  autostart(): Promise<boolean>;
  /** Makes it start together with the daemon, or not. */
  autostart(enable: boolean): Promise<void>;
  async autostart(enable?: boolean): Promise<unknown> {
    if (enable === undefined)
      return (await this.#ask('ask the autostart of', (f, handle) => f.virNetworkGetAutostart(handle))) !== 0;
    if (typeof enable !== 'boolean') throw new TypeError('enable: not true or false');
    return this.#ask('set the autostart of', (f, handle) => f.virNetworkSetAutostart(handle, enable ? 1 : 0));
  }

  /** Whether it runs. */
  isActive(): Promise<boolean> {
    return this.#ask('ask the state of', (functions, handle) => functions.virNetworkIsActive(handle));
  }

  /** Whether it has a configuration that survives a stop. */
  isPersistent(): Promise<boolean> {
    return this.#ask('ask the persistence of', (functions, handle) =>
      functions.virNetworkIsPersistent(handle),
    );
  }

  /**
   * The bridge that its guests are plugged into, such as `virbr0`.
   *
   * @throws LibvirtError when it has none: macvtap and hostdev networks; `info()` tells it without an error.
   */
  bridgeName(): Promise<string> {
    return this.#ask('ask the bridge of', (functions, handle) => functions.virNetworkGetBridgeName(handle));
  }

  /**
   * What `virsh net-info` prints.
   *
   * ```ts
   * (await network.info()).bridge; // 'virbr0'
   * ```
   */
  async info(): Promise<NetworkInfo> {
    const [active, persistent, autostart, { bridge }] = await Promise.all([
      this.isActive(),
      this.isPersistent(),
      this.autostart(),
      // The function for the name has no code of its own for a network without a bridge.
      this.describe(),
    ]);
    return { name: this.name, uuid: this.uuid, active, persistent, autostart, bridge: bridge?.name };
  }

  /** libvirt's own description of it, as text. */
  async xml(options: DescribeOptions = {}): Promise<string> {
    const { inactive = false } = readDescribeOptions(options, '');
    const flags = inactive ? virNetworkXMLFlags.INACTIVE : 0;
    return this.#ask('describe', (functions, handle) => functions.virNetworkGetXMLDesc(handle, flags));
  }

  /**
   * libvirt's own description of it, typed. Changed with a spread, it can be defined again: what the type
   * does not know goes along, except into copies by JSON or `structuredClone`.
   *
   * ```ts
   * const document = await network.describe({ inactive: true });
   * await connection.networks.define({ ...document, mtu: { size: 9000 } });
   * ```
   */
  async describe(options: DescribeOptions = {}): Promise<NetworkDocument> {
    return parseNetwork(await this.xml(options));
  }

  /**
   * Changes one part of it: a DHCP reservation or range, a DNS record, a port group, a forward interface.
   * Without options what runs is changed when it is active, and the configuration when it has one. Changes of a network
   * that are made through one connection come one after another.
   *
   * What is to be deleted has all that is given, in each half. It is the only one, or of DHCP hosts the first.
   *
   * ```ts
   * await network.update('add', 'dhcpHost', { mac: '52:54:00:12:34:56', ip: '192.168.10.20', name: 'web' });
   * await network.update('delete', 'dhcpHost', { mac: '52:54:00:12:34:56' });
   * ```
   *
   * @throws LibvirtError `OPERATION_UNSUPPORTED` or `NO_SUPPORT` for a part that libvirt cannot change alone;
   *   `OPERATION_INVALID` for an entry that exists already, or that does not, or when several could be meant.
   * @throws TypeError or RangeError naming the field that cannot be.
   * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
   */
  async update<Part extends NetworkPart, Action extends UpdateAction<Part>>(
    action: Action,
    part: Part,
    value: UpdateValue<Part, Action>,
    options: UpdateOptions = {},
  ): Promise<void> {
    const { affect, ...step } = readUpdate(action, part, value, options);
    const planner = plannerOf(this, step);
    return this.oneAfterAnother(async () => {
      if (planner) await changeParts(this, affect, planner);
      else await this.send(step, await halves(this, affect));
    });
  }

  /** Has libvirt make a change of a part in some halves. @internal */
  send(step: Step, affected: readonly Half[]): Promise<void> {
    const { command, section, index, xml, words } = updateArguments(step);
    return this.#ask(words, (functions, handle) =>
      functions.virNetworkUpdate(handle, command, section, index, xml, flagsOf(affected)),
    );
  }

  /** Changes it when the changes that were asked for before are made. @internal */
  oneAfterAnother<T>(change: () => Promise<T>): Promise<T> {
    return this.#connection.changes.run(`network ${this.uuid}`, change);
  }

  /** The addresses that its DHCP server has leased; those of one MAC address when it is given. */
  async leases(mac?: string): Promise<Lease[]> {
    const only = mac === undefined ? null : unicastMac(mac, 'mac');
    const leases = await this.#ask('ask the leases of', (functions, handle) =>
      functions.virNetworkGetDHCPLeases(handle, only, 0),
    );
    return leases.map(readLease);
  }

  #ask<T>(action: string, call: (functions: Functions, handle: NetworkHandle) => Promise<T>): Promise<T> {
    return ask({ action, object: `network '${this.name}'` }, (functions) => this.#found.use(functions, call));
  }
}
