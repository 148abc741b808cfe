// A network namespace of this machine's kernel, with what is in it.
import { Links } from './links.js';
import { namespacePath } from './namespace-path.js';
import { Rtnetlink } from './rtnetlink.js';

/** The network of one namespace: links, addresses, routes. */
export class Host {
  readonly #kernel: Rtnetlink;
  /** Network devices. */
  readonly links: Links;

  /** @internal */
  constructor(netns?: string) {
    this.#kernel = new Rtnetlink(netns);
    this.links = new Links(this.#kernel);
  }

  /** The file of the network namespace; undefined for that of the process. */
  get netns(): string | undefined {
    return this.#kernel.netns;
  }

  /**
   * The network of another namespace. The process stays where it is: only the sockets are opened there, by a thread
   * that ends at once.
   *
   * @param netns the path of its file (`/proc/PID/ns/net`), or its name in /run/netns.
   *
   * ```ts
   * await using blue = host.in('blue');
   * await blue.links.up('lo');
   * ```
   */
  in(netns: string): Host {
    return new Host(namespacePath(netns, 'netns'));
  }

  /** Closes its sockets; what is called afterwards rejects with `EBADF`. */
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
