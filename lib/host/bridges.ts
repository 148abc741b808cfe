// host.bridges: software switches, their ports, forwarding tables and VLANs.
import { present } from '../build/present.js';
import { allLinks } from './all-links.js';
import {
  addPort,
  type BridgeOptions,
  createBridge,
  deleteBridge,
  type NewBridge,
  removePort,
  setBridge,
  setPort,
} from './bridge-changes.js';
import { KernelError } from './error.js';
import { ForwardingTable } from './fdb.js';
import type { Link, LinkOf } from './link.js';
import { deviceArgument, lookUp } from './link-changes.js';
import type { BridgePortFacts, BridgePortOptions, KindFacts } from './netlink/kinds.js';
import { carryOut } from './operation.js';
import { PortVlanTable } from './port-vlans.js';
import type { Rtnetlink } from './rtnetlink.js';

const ENODEV = 19;

/** A port of a bridge. */
export interface Port extends BridgePortFacts {
  /** The link that is the port. */
  readonly name: string;
  /** Whether somebody has set the link up. */
  readonly up: boolean;
  /** Whether the link works, as far as that is known. */
  readonly link?: Link['state'];
  readonly mac?: string;
  readonly mtu: number;
}

/** A bridge with its ports: what `brctl show`, `brctl showstp` and `bridge link` say. */
export interface Bridge {
  readonly name: string;
  readonly index: number;
  /** Its identity in the spanning tree: `8000.525400000001`, its priority and its MAC address. */
  readonly id: string;
  /** Whether it takes part in the spanning tree. */
  readonly stp: boolean;
  /** Whether somebody has set it up. */
  readonly up: boolean;
  readonly mac?: string;
  readonly mtu: number;
  /** What it is told and tells, times in seconds. */
  readonly options: KindFacts<'bridge'>;
  readonly ports: readonly Port[];
}

const asBridge = (bridge: LinkOf<'bridge'>, links: readonly Link[]): Bridge =>
  Object.freeze({
    name: bridge.name,
    index: bridge.index,
    id: bridge.options.bridgeId ?? '',
    stp: bridge.options.stp ?? false,
    up: bridge.up,
    ...present({ mac: bridge.mac }),
    mtu: bridge.mtu,
    options: bridge.options,
    ports: links
      .filter(({ master }) => master === bridge.name)
      .map(({ name, up, state, mac, mtu, bridgePort }) =>
        Object.freeze({ ...bridgePort, name, up, mtu, ...present({ link: state, mac }) }),
      ),
  });

/** Software switches, as `brctl`, `bridge` and `ip link … type bridge` show and change them. */
export class Bridges {
  readonly #kernel: Rtnetlink;
  /** Which MAC address is behind which port; `bridge fdb`, `brctl showmacs`. */
  readonly fdb: ForwardingTable;
  /** Which VLANs pass which port; `bridge vlan`. */
  readonly vlans: PortVlanTable;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
    this.fdb = new ForwardingTable(kernel);
    this.vlans = new PortVlanTable(kernel);
  }

  /**
   * All bridges with their ports, or one; `brctl show`, `bridge link`.
   *
   * @throws KernelError with code `ENODEV` when there is no such bridge.
   *
   * ```ts
   * for (const { name, id, stp, ports } of await host.bridges.show())
   *   console.log(name, id, stp ? 'yes' : 'no', ports.map((port) => port.name).join(' '));
   * ```
   */
  async show(): Promise<Bridge[]>;
  async show(name: string): Promise<Bridge>;
  async show(name?: string): Promise<Bridge | Bridge[]> {
    if (name !== undefined) deviceArgument(name);
    const links = await allLinks(this.#kernel);
    const bridges = links.filter((link): link is LinkOf<'bridge'> => link.kind === 'bridge');
    if (name === undefined) return bridges.map((bridge) => asBridge(bridge, links));
    const found = bridges.find((bridge) => bridge.name === name);
    if (found) return asBridge(found, links);
    throw new KernelError(
      { action: 'show', object: `bridge '${name}'`, device: name },
      { errno: ENODEV, call: 'RTM_GETLINK' },
    );
  }

  /**
   * Makes a bridge; `brctl addbr`, `ip link add NAME type bridge`. Either with all options and ports, or not at all.
   *
   * @param name its name, up to 15 bytes.
   * @param options what it is told; times are seconds.
   * @throws KernelError with code `EEXIST` when the name is taken, `EBUSY` when a port is in another bridge.
   *
   * ```ts
   * await host.bridges.create('br0', { stp: true, forwardDelay: 4, ports: ['eth1'], up: true });
   * ```
   */
  async create(name: string, options: NewBridge = {}): Promise<LinkOf<'bridge'>> {
    await carryOut(this.#kernel, createBridge(name, options));
    // One that goes to another namespace at once is not here any more.
    const made = await lookUp(this.#kernel, name);
    return (made ?? present({ name, kind: 'bridge' as const })) as LinkOf<'bridge'>;
  }

  /** Changes a bridge; `brctl stp`, `setfd`, `setageing` …, `ip link set NAME type bridge …`. */
  async set(name: string, options: BridgeOptions): Promise<void> {
    await carryOut(this.#kernel, [setBridge(name, options)]);
  }

  /**
   * Deletes a bridge; `brctl delbr`.
   *
   * @param options `force`: even if it has ports, which stay without a bridge.
   * @throws KernelError with code `EBUSY` when it has ports, `EINVAL` when it is no bridge.
   */
  async delete(name: string, options: { force?: boolean } = {}): Promise<void> {
    await carryOut(this.#kernel, [deleteBridge(name, options)]);
  }

  /**
   * Puts a link into a bridge; `brctl addif`, `ip link set PORT master BRIDGE`.
   *
   * @throws KernelError with code `EBUSY` when it is in another one, `ELOOP` when it is a bridge itself.
   *
   * ```ts
   * await host.bridges.addPort('br0', 'tap0', { isolated: true });
   * ```
   */
  async addPort(bridge: string, port: string, options: BridgePortOptions = {}): Promise<void> {
    await carryOut(this.#kernel, addPort(bridge, port, options));
  }

  /** Takes a link out of its bridge; `brctl delif`. Rejects with `EINVAL` when it is not in this one. */
  async removePort(bridge: string, port: string): Promise<void> {
    await carryOut(this.#kernel, [removePort(bridge, port)]);
  }

  /** Changes a port; `brctl setpathcost`, `setportprio`, `hairpin`, `bridge link set dev PORT …`. */
  async setPort(port: string, options: BridgePortOptions): Promise<void> {
    await carryOut(this.#kernel, [setPort(port, options)]);
  }
}
