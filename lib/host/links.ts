// host.links: network devices of all kinds.
import { present } from '../build/present.js';
import { record } from '../build/reader.js';
import { allLinks } from './all-links.js';
import { changeLink } from './bridge-changes.js';
import { checking } from './checking.js';
import { describe, deviceArgument, deviceAsked } from './device-argument.js';
import { type Link, type LinkOf, lookUp, readLink } from './link.js';
import {
  altName,
  createLink,
  deleteLink,
  type LinkChanges,
  lookUpMade,
  madeBy,
  renameLink,
  setKind,
  setLink,
} from './link-changes.js';
import { linkMessage } from './netlink/info.js';
import { type KindOptions, kindTables, type LinkKind } from './netlink/kinds.js';
import { RTM } from './netlink/numbers.js';
import { named, u8, u32 } from './netlink/types.js';
import type { CreatableKind, NewLink } from './new-link.js';
import { type Change, carryOut, takingBack } from './operation.js';
import type { Rtnetlink } from './rtnetlink.js';
import { notThere } from './there.js';
import { echoed, isPattern, makeUnnamed } from './unnamed.js';

/** Which links are asked for. */
export interface LinkFilter {
  /** Of this kind only. */
  kind?: LinkKind;
  /** In this bridge or bond only, by any of its names. */
  master?: string;
  /** Of this group only. */
  group?: number;
  /** Set up, or not. */
  up?: boolean;
}

/** The name of a link, or its number. */
export type LinkKey = string | { readonly index: number };

const filterFields = record<LinkFilter>()('a filter of links', {
  kind: named(u8, Object.fromEntries(Object.keys(kindTables).map((kind, i) => [kind, i]))).input,
  master: deviceArgument,
  group: u32.input,
  up: (value, path) => {
    if (typeof value !== 'boolean') throw new TypeError(`${path}: ${String(value)} is not true or false`);
    return value;
  },
});

const keyFields = record<{ index: number }>()('a link', { index: { needed: u32.input } });

/** Network devices, as `ip link` shows and changes them. */
export class Links {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All links, or those that a filter lets through; `ip link`.
   *
   * @throws KernelError with code `ENODEV` when there is no such master; TypeError for a filter that is none.
   *
   * ```ts
   * const ports = await host.links.list({ master: 'br0' });
   * ```
   */
  async list(filter: LinkFilter = {}): Promise<Link[]> {
    const checked = checking(
      () => ({ action: 'list', object: 'links' }),
      RTM.GETLINK,
      () => filterFields(filter, ''),
    );
    const { master } = checked;
    const wanted = Object.entries(
      master === undefined ? checked : { ...checked, master: (await this.get(master)).name },
    );
    const links = await allLinks(this.#kernel);
    return links.filter((link) => wanted.every(([key, value]) => link[key as keyof Link] === value));
  }

  /**
   * One link; `ip link show NAME`.
   *
   * @param key its name, another name of it, or `{ index }`.
   * @throws KernelError with code `ENODEV` when there is none.
   */
  async get(key: LinkKey): Promise<Link> {
    const found = await this.find(key);
    if (found) return found;
    const [object, which] = typeof key === 'string' ? [describe(key), key] : [`link ${key.index}`, key.index];
    throw notThere({ action: 'find', object }, which);
  }

  /** One link; undefined when there is none. */
  async find(key: LinkKey): Promise<Link | undefined> {
    if (typeof key === 'string') return lookUp(this.#kernel, deviceAsked('look for', key));
    const { index } = checking(
      () => ({ action: 'look for', object: `link ${key.index}` }),
      RTM.GETLINK,
      () => keyFields(key, 'key'),
    );
    const asked = { action: 'look for', object: `link ${index}` };
    const [outcome] = await this.#kernel.send([
      {
        asked,
        request: RTM.GETLINK,
        write: () => linkMessage.write({ type: RTM.GETLINK, header: { index } }),
      },
    ]);
    if (outcome?.ending.errno !== 0) return undefined;
    const [found] = await this.#kernel.read(outcome.messages, readLink);
    return found;
  }

  /**
   * Makes a link; `ip link add`.
   *
   * @param options what to make; without a name, or with a pattern such as `veth%d`, the kernel takes the next free one. In
   *   another network namespace (`netns`) that is looked up, for which the process has to be allowed to enter it. In a
   *   transaction with other changes a link needs the name itself.
   * @returns the link, with the name that it got; its name and kind alone where it is in a namespace that the process may
   *   not enter.
   * @throws KernelError with code `EEXIST` when the name is taken, `EOPNOTSUPP` when the kernel has no links of the kind,
   *   `ERANGE`, `EINVAL` or `ENAMETOOLONG` for a value that it does not take. TypeError for options that are none.
   *
   * ```ts
   * await host.links.create({ kind: 'vlan', name: 'eth0.10', link: 'eth0', options: { id: 10 }, up: true });
   * await host.links.create({ kind: 'veth', name: 'veth0', options: { peer: { name: 'veth1', netns: 'blue' } } });
   * await host.links.create({ kind: 'bond', name: 'bond0', options: { mode: '802.3ad', miimon: 100, lacpRate: 'fast' } });
   * ```
   */
  async create<const O extends NewLink>(options: O): Promise<LinkOf<O['kind']>> {
    const changes = createLink(options);
    const [creation, afterwards] = changes;
    const asked = madeBy(creation);
    if (isPattern(asked.name)) {
      const rest = (name: string) => createLink({ ...options, name } as NewLink).slice(1);
      const name = await makeUnnamed(this.#kernel, creation, rest);
      return lookUpMade(this.#kernel, { ...asked, name }, options.kind) as Promise<LinkOf<O['kind']>>;
    }
    if (asked.netns !== undefined) {
      await carryOut(this.#kernel, changes);
      return lookUpMade(this.#kernel, asked, options.kind) as Promise<LinkOf<O['kind']>>;
    }
    const answers = await this.#kernel.ask(echoed(creation));
    const [told] = await this.#kernel.read(answers, readLink);
    if (afterwards) await this.#finish(asked.name, afterwards);
    else if (told) return told as LinkOf<O['kind']>;
    return lookUpMade(this.#kernel, asked, options.kind) as Promise<LinkOf<O['kind']>>;
  }

  /** What a new link is told when it is there; without it, it is not to be there. */
  async #finish(name: string, change: Change): Promise<void> {
    try {
      await this.#kernel.ask(change);
    } catch (error) {
      await takingBack(this.#kernel, error, (kernel) => kernel.ask(deleteLink(name)));
    }
  }

  /**
   * Changes a link; `ip link set`. Either all of it is changed, or it is as before.
   *
   * To another network namespace (`netns`) it goes when it has been told the rest. There it gets its `name`, and is down
   * unless it is set `up`; where one of these two is refused it stays there, and `cause` says so if that was not all.
   *
   * @throws KernelError with code `ENODEV` when there is no such link, `EBUSY` when it must not be changed now.
   *
   * ```ts
   * await host.links.set('eth1', { master: 'br0', mtu: 9000, up: true });
   * await host.links.set('vnet0', { bridgePort: { isolated: true } });
   * ```
   */
  async set(name: string, changes: LinkChanges): Promise<void> {
    const all = changeLink(name, changes);
    const { netns, name: to, up, ...rest } = changes;
    if (netns === undefined || Object.keys(rest).length === 0) return carryOut(this.#kernel, all);
    // It cannot be called back from there, and the kernel moves a link before it looks at what else it is told.
    const move = setLink(name, present({ netns, name: to, up }));
    await carryOut(this.#kernel, changeLink(name, rest), async () => {
      await this.#kernel.ask(move);
    });
  }

  /**
   * Changes what a link is told of its kind; `ip link set NAME type KIND …`. Rejects with `EOPNOTSUPP` when it is of another
   * kind, or when that is told only when it is made, as the number of a VLAN: the kernel itself would take no notice.
   *
   * ```ts
   * await host.links.setKind('vxlan0', 'vxlan', { learning: false });
   * ```
   */
  async setKind<K extends CreatableKind>(name: string, kind: K, options: KindOptions<K>): Promise<void> {
    await carryOut(this.#kernel, [setKind(name, kind, options)]);
  }

  /** Sets it up; `ip link set NAME up`. */
  async up(name: string): Promise<void> {
    await this.#kernel.ask(setLink(name, { up: true }, 'set up'));
  }

  /** Sets it down; `ip link set NAME down`. */
  async down(name: string): Promise<void> {
    await this.#kernel.ask(setLink(name, { up: false }, 'set down'));
  }

  /**
   * Gives it another name; `ip link set NAME name NEW`. Some kernels take that only while it is down.
   *
   * @throws KernelError with code `EEXIST` when a link has that name, `ENODEV` when there is no such link.
   */
  async rename(name: string, to: string): Promise<void> {
    await this.#kernel.ask(renameLink(name, to));
  }

  /** Gives it one more name, of up to 127 bytes; `ip link property add dev NAME altname OTHER`. */
  async addAltName(name: string, other: string): Promise<void> {
    await this.#kernel.ask(altName(name, other, 'add'));
  }

  /** Takes one of its other names; `ip link property del dev NAME altname OTHER`. */
  async deleteAltName(name: string, other: string): Promise<void> {
    await this.#kernel.ask(altName(name, other, 'delete'));
  }

  /**
   * Deletes a link, and what stands on it; `ip link delete NAME`.
   *
   * @throws KernelError with code `ENODEV` when there is none, `EOPNOTSUPP` for a physical one.
   */
  async delete(name: string): Promise<void> {
    await this.#kernel.ask(deleteLink(name));
  }

  /**
   * Deletes many links at once: the kernel waits once for all of them, where one by one it waits for each. They are put
   * into a link group of their own first, which has no other link in it. All are deleted, or none is.
   *
   * @throws KernelError with code `ENODEV` when one of them is not there, `EOPNOTSUPP` when one is a physical one.
   */
  async deleteAll(names: readonly string[]): Promise<void> {
    if (!Array.isArray(names)) throw new TypeError('names: not a list');
    const deletions = new Map(names.map((name, i) => [name, deleteLink(name, 'link', `names[${i}]`)]));
    await carryOut(this.#kernel, [...deletions.values()]);
  }
}
