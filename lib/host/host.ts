// A network namespace of this machine's kernel, with what is in it.
import type { EventStream } from '../event-stream.js';
import { Addresses } from './addresses.js';
import { Bridges } from './bridges.js';
import { type Capabilities, capabilities } from './capabilities.js';
import { checking } from './checking.js';
import { Links } from './links.js';
import { namespacePath } from './namespace-path.js';
import { NetworkNamespaces } from './namespaces.js';
import { Neighbours } from './neighbours.js';
import { carryOut } from './operation.js';
import { Routes } from './routes.js';
import { Rtnetlink } from './rtnetlink.js';
import { Rules } from './rules.js';
import { Taps } from './taps.js';
import { gather, type Transaction } from './transaction.js';
import { VirtualFunctions } from './virtual-functions.js';
import { type Change, type WatchedType, type WatchOptions, watch } from './watch.js';

/** The network of one namespace: its links and bridges, addresses and routes. Its sockets open when they are needed. */
export class Host {
  readonly #kernel: Rtnetlink;
  /** Network devices; `ip link`. */
  readonly links: Links;
  /** Software switches; `brctl`, `bridge`. */
  readonly bridges: Bridges;
  /** TUN/TAP devices that stay; `ip tuntap`, `tunctl`. */
  readonly taps: Taps;
  /** IP addresses; `ip address`, `ifconfig`. */
  readonly addresses: Addresses;
  /** Where packets go; `ip route`. */
  readonly routes: Routes;
  /** Which table of routes is asked; `ip rule`. */
  readonly rules: Rules;
  /** Which MAC address an IP address has; `ip neighbour`, `arp`. */
  readonly neighbours: Neighbours;
  /** Virtual functions of NICs (SR-IOV); `ip link set … vf`. */
  readonly virtualFunctions: VirtualFunctions;
  /** Network namespaces that have names; `ip netns`. */
  readonly namespaces: NetworkNamespaces;

  /** @internal */
  constructor(netns?: string) {
    this.#kernel = new Rtnetlink(netns);
    this.links = new Links(this.#kernel);
    this.bridges = new Bridges(this.#kernel);
    this.taps = new Taps(this.#kernel);
    this.addresses = new Addresses(this.#kernel);
    this.routes = new Routes(this.#kernel);
    this.rules = new Rules(this.#kernel);
    this.neighbours = new Neighbours(this.#kernel);
    this.virtualFunctions = new VirtualFunctions(this.#kernel);
    this.namespaces = new NetworkNamespaces(this.#kernel);
  }

  /** The file of the network namespace; undefined for that of the process. */
  get netns(): string | undefined {
    return this.#kernel.netns;
  }

  /**
   * The network of another namespace. The process stays where it is: only sockets are opened there, by a thread that
   * ends at once. They stay in that namespace whatever becomes of its file.
   *
   * @param netns the path of its file (`/proc/PID/ns/net`), or its name in /run/netns.
   *
   * ```ts
   * await using blue = host.in('blue');
   * await blue.links.up('lo');
   * ```
   */
  in(netns: string): Host {
    const path = checking(
      () => ({ action: 'enter', object: `network namespace '${netns}'` }),
      'open',
      () => namespacePath(netns, 'netns'),
    );
    return new Host(path);
  }

  /**
   * What this machine can do: privileges, /dev/net/tun, eBPF, kinds of links; what to do where it cannot. The answer to
   * `lsmod | grep -e tun -e bridge`.
   *
   * ```ts
   * const { tun, kinds } = await host.capabilities();
   * if (!kinds.vlan.available) console.log(kinds.vlan.how);
   * ```
   */
  async capabilities(): Promise<Capabilities> {
    return capabilities(this.#kernel);
  }

  /**
   * Makes many changes, all or none: they go to the kernel in one call, and when one is refused what the others did is
   * taken back with all that it had. What cannot be: of addresses their place among others; of a link that went down its
   * next hop objects. With an MTU below 1280 the kernel takes IPv6 away from a link: its addresses, routes, neighbours,
   * token and address generation come back then, and not its next hop objects, its sysctls (net.ipv6.conf.NAME and
   * net.ipv6.neigh.NAME are as those of new links), what routers advertised until they do so again, and the groups that
   * sockets have joined on it. What needs such a sysctl cannot be told again either (a token takes accept_ra,
   * `stablePrivacy` its secret), and `cause` says so. A port that comes back into a bridge with the spanning tree listens first. A
   * link that went to another network namespace (`netns`) stays there, and `cause` says so.
   *
   * Links that are made get numbers of their own, so that the next change can already speak of them: from 2 ** 30 on, where
   * nobody else takes them meanwhile. Deletions of links cannot be taken back, and are made when all else has been, all of
   * them at once. Each link goes by the name that it has before the transaction.
   *
   * @param work asks for the changes, by the names that the methods of `host` have; not async.
   * @throws KernelError of the first change that was refused, `position` says which; its `cause` tells when something
   *   could not be taken back.
   *
   * ```ts
   * await host.transaction((tx) => {
   *   tx.bridges.create('br0', { up: true });
   *   tx.links.create({ kind: 'veth', name: 'veth0', options: { peer: { name: 'veth1' } } });
   *   tx.bridges.addPort('br0', 'veth0');
   *   tx.addresses.add('br0', '192.168.10.1/24');
   * });
   * ```
   */
  async transaction(work: (transaction: Transaction) => void): Promise<void> {
    if (typeof work !== 'function') throw new TypeError('work: not a function');
    await carryOut(this.#kernel, gather(work));
  }

  /**
   * Changes as they happen, by whomever; `ip monitor`, `bridge monitor`. Leaving the loop or aborting the signal ends it.
   * When they come faster than the kernel keeps them, all is asked anew and the differences are told: nothing is missed but
   * states in between, and of a route that ends by itself that this was put off. A route whose place another one took is told as deleted before that one. Routes that go with a
   * link that is set down or with an address, of which the kernel tells nothing, are told a moment later. Rejects with
   * `EINTR` when what is asked anew kept changing for seconds while it was read.
   *
   * ```ts
   * for await (const { type, change, item } of host.watch({ of: ['link', 'address'], signal })) {
   *   if (type === 'link') console.log(change, item.name, item.state);
   * }
   * ```
   */
  watch<T extends WatchedType = WatchedType>(options: WatchOptions<T> = {}): EventStream<Change<T>> {
    return watch(this.#kernel, options) as EventStream<Change<T>>;
  }

  /**
   * Closes its sockets; what is called afterwards rejects with `EBADF`. What is made all or none and is under way is
   * either done, or taken back. A `watch` goes on.
   */
  async close(): Promise<void> {
    this.#kernel.close();
  }

  /** {@link close}, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * The network that the process is in.
 *
 * ```ts
 * import { host } from 'virtnet/host';
 *
 * for (const { name, kind, mtu } of await host.links.list()) console.log(name, kind, mtu);
 * ```
 */
export const host: Host = new Host();
