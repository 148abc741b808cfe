// host.bridges: software switches, their ports, forwarding tables, VLANs and multicast groups.
import { present } from '../build/present.js';
import { allLinks } from './all-links.js';
import {
  addPort,
  type BridgeOptions,
  checkedBridge,
  createBridge,
  deleteBridge,
  type NewBridge,
  removePort,
  setBridge,
  setPort,
} from './bridge-changes.js';
import { deviceAsked } from './device-argument.js';
import { KernelError } from './error.js';
import { ForwardingTable } from './fdb.js';
import { type Link, type LinkBase, type LinkOf, linkNamed, lookUp, notOf } from './link.js';
import { lookUpMade, madeBy } from './link-changes.js';
import { MulticastGroups } from './multicast-groups.js';
import type { BridgePortFacts, BridgePortOptions, KindFacts } from './netlink/kinds.js';
import { carryOut } from './operation.js';
import { PortVlanTable } from './port-vlans.js';
import type { Rtnetlink } from './rtnetlink.js';
import { giveBack, type TakeOverOptions, takeOver } from './take-over.js';
import { isPattern, makeUnnamed } from './unnamed.js';

const ENODEV = 19;
const EINVAL = 22;

/** A port of a bridge. */
export interface Port extends BridgePortFacts, Pick<LinkBase, 'up' | 'mac' | 'mtu'> {
  /** The link that is the port. */
  readonly name: string;
  /** Whether the link works, as far as that is known. */
  readonly link?: Link['state'];
}

/** A bridge with its ports: what `brctl show`, `brctl showstp` and `bridge link` say. */
export interface Bridge extends Pick<LinkBase, 'name' | 'index' | 'up' | 'mac' | 'mtu'> {
  /** Its identity in the spanning tree: `8000.525400000001`, its priority and its MAC address. */
  readonly id: string;
  /** Whether it takes part in the spanning tree. */
  readonly stp: boolean;
  /** What it is told and tells, times in seconds. */
  readonly options: KindFacts<'bridge'>;
  /** The links that are in it. */
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
  /** Which ports get the frames of which multicast group; `bridge mdb`. */
  readonly multicast: MulticastGroups;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
    this.fdb = new ForwardingTable(kernel);
    this.vlans = new PortVlanTable(kernel);
    this.multicast = new MulticastGroups(kernel);
  }

  /**
   * All bridges with their ports; `brctl show`, `bridge link`.
   *
   * ```ts
   * for (const { name, id, stp, ports } of await host.bridges.show())
   *   console.log(name, id, stp ? 'yes' : 'no', ports.map((port) => port.name).join(' '));
   * ```
   */
  async show(): Promise<Bridge[]>;
  /**
   * A bridge with its ports; `brctl show BRIDGE`.
   *
   * @param name its name, or one of its other names.
   * @throws KernelError with code `ENODEV` when there is no such bridge, `EINVAL` when the link of that name is none.
   */
  async show(name: string): Promise<Bridge>;
  async show(...given: [name?: string]): Promise<Bridge | Bridge[]> {
    const [name] = given;
    // A name that is undefined is one that got lost: it does not ask for all.
    if (given.length > 0) deviceAsked('show', name as string, 'bridge');
    const links = await allLinks(this.#kernel);
    if (name === undefined) {
      const bridges = links.filter((link): link is LinkOf<'bridge'> => link.kind === 'bridge');
      return bridges.map((bridge) => asBridge(bridge, links));
    }
    const found = linkNamed(links, name);
    if (found?.kind === 'bridge') return asBridge(found, links);
    throw new KernelError(
      { action: 'show', object: `bridge '${name}'`, device: name },
      {
        errno: found ? EINVAL : ENODEV,
        call: 'RTM_GETLINK',
        detail: found ? notOf(found, 'bridge') : `there is no bridge '${name}'`,
      },
    );
  }

  /**
   * Makes a bridge; `brctl addbr`, `ip link add NAME type bridge`. Either with all options and ports, or not at all.
   *
   * @param name its name, up to 15 bytes; with a pattern such as `br%d` the kernel takes the next free one.
   * @param options what it is told; times are seconds.
   * @throws KernelError with code `EEXIST` when the name is taken, `EBUSY` when a port is in another bridge.
   *
   * ```ts
   * await host.bridges.create('br0', { stp: true, forwardDelay: 4, ports: ['eth1'], up: true });
   * ```
   */
  async create(name: string, options: NewBridge = {}): Promise<LinkOf<'bridge'>> {
    if (isPattern(name)) {
      const { ports, ...own } = checkedBridge(name, options);
      const [creation] = createBridge(name, own);
      const rest = (called: string) => createBridge(called, options).slice(1);
      const called = await makeUnnamed(this.#kernel, creation, rest);
      return lookUpMade(this.#kernel, { ...madeBy(creation), name: called }, 'bridge');
    }
    const changes = createBridge(name, options);
    await carryOut(this.#kernel, changes);
    return lookUpMade(this.#kernel, madeBy(changes[0]), 'bridge');
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

  /**
   * Puts a bridge over a NIC (also a VLAN or a bond) and moves all that the NIC has to it, so that connections go on: its
   * addresses with lifetimes, labels, scopes and metrics, the routes over it of all tables, the rules that name it, what
   * was made known of neighbours. The bridge gets the MAC address and the MTU of the NIC, so that nobody on the wire
   * notices. VLANs on the NIC stay where they are. All of it is done, or all is as it was.
   *
   * All arrives at the bridge before anything leaves the NIC. What is lost are frames that come while the NIC is a port
   * already and the bridge not up yet: the spanning tree is off, because with it a port forwards nothing for twice the
   * forward delay, 30 seconds. Link-local addresses that the kernel makes stay, and over a NIC that makes none
   * (`addressGeneration`) the bridge makes none; a route that a router advertised moves with the next metric that is free,
   * until the next advertisement.
   *
   * It does not outlast a reboot, and whoever manages the network (NetworkManager, systemd-networkd, ifupdown) may undo
   * it, or give the NIC its addresses again: tell them the same. Nor does it reach what names the NIC elsewhere: rules of
   * the firewall, sockets that are bound to it, a DHCP client that goes on asking by the NIC, sysctls of
   * net.ipv4.conf.NIC and net.ipv6.conf.NIC.
   *
   * @param bridge its name, up to 15 bytes.
   * @param nic the link that becomes its port.
   * @param options what else the bridge is told.
   * @throws KernelError with code `ENODEV` when there is no such NIC, `EEXIST` when the name of the bridge is taken,
   *   `EBUSY` when the NIC is in a bridge or bond, or carries macvtap devices or VXLANs, `ELOOP` when it is a bridge, `EINVAL` when
   *   it carries no Ethernet, `EOPNOTSUPP` when a route uses a next hop object, `ENETUNREACH` when the gateway of a route
   *   is in no subnet any more, `ENOENT` when somebody took away what had been moved.
   *
   * https://wiki.libvirt.org/Networking.html#bridged-networking-aka-shared-physical-device
   *
   * ```ts
   * await host.bridges.takeOver('br0', 'eth0');
   * const network = await connection.networks.define(build.network.bridged({ name: 'office', bridge: 'br0' }));
   * ```
   */
  async takeOver(bridge: string, nic: string, options: TakeOverOptions = {}): Promise<LinkOf<'bridge'>> {
    await takeOver(this.#kernel, bridge, nic, options);
    return (await lookUp(this.#kernel, bridge)) as LinkOf<'bridge'>;
  }

  /**
   * Takes back {@link takeOver}: all that the bridge has moves to its NIC, and the bridge is deleted, or all is as it was.
   * It needs no memory of the take-over: what was added to the bridge since moves, too.
   *
   * @param options `force`: even if it has other ports, which stay without a bridge.
   * @throws KernelError with code `EBUSY` when the bridge has other ports or carries VLANs or VXLANs, `EINVAL` when the NIC is no
   *   port of it, `EEXIST` when the NIC has one of the addresses already.
   *
   * ```ts
   * await host.bridges.giveBack('br0', 'eth0');
   * ```
   */
  async giveBack(bridge: string, nic: string, options: { force?: boolean } = {}): Promise<void> {
    await giveBack(this.#kernel, bridge, nic, options);
  }
}
