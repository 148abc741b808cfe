// host.neighbours: which MAC address an IP address has on a link.
import { present } from '../build/present.js';
import { flag, record } from '../build/reader.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { type Neighbour, type NeighbourFilter, restoreNeighbour, toldNeighbours } from './neighbour.js';
import { NLM } from './netlink/message.js';
import { neighbourMessage } from './netlink/neighbour.js';
import { RTM } from './netlink/numbers.js';
import { mac, named, u8 } from './netlink/types.js';
import type { Change } from './operation.js';
import { address, type Family, family, familyNumber } from './prefix.js';
import { type Rtnetlink, refuse } from './rtnetlink.js';
import { ofThere } from './there.js';

const ENOENT = 2;
const states = { permanent: 0, noArp: 1, reachable: 2, stale: 3, probe: 4 } as const;

/** What a neighbour can be told. */
export interface NeighbourOptions {
  /** Its MAC address. */
  mac?: string;
  /** How sure that is: `permanent` if not given. */
  state?: keyof typeof states;
  /** Whether this machine answers for it; without a MAC address. */
  proxy?: boolean;
  /** Whether it routes, IPv6 only. */
  router?: boolean;
}

const optionFields = record<NeighbourOptions>()('a neighbour', {
  mac: mac.input,
  state: named(u8, states).input,
  proxy: flag,
  router: flag,
});
const filterFields = record<NeighbourFilter>()('a filter of neighbours', {
  link: deviceArgument,
  family,
  proxy: flag,
});

function neighbourChange(
  how: 'add' | 'replace' | 'delete',
  link: string,
  of: string,
  options: NeighbourOptions = {},
): Change {
  const request = how === 'delete' ? RTM.DELNEIGH : RTM.NEWNEIGH;
  const [{ family: version, address: own }, given] = checking(
    () => ({ action: how, object: `neighbour ${of} on '${link}'`, device: link }),
    request,
    () => {
      deviceArgument(link, 'link');
      return [address(of, 'address'), optionFields(options, '')] as const;
    },
  );
  const { mac: hardware, state = 'permanent', proxy = false, router = false } = given;
  if (how !== 'delete' && hardware === undefined && !proxy)
    throw new TypeError('mac: missing; a neighbour must have it, unless this machine answers for it (proxy)');
  if (proxy && hardware !== undefined)
    throw new TypeError('mac: not together with proxy: this machine answers with its own');
  const flags = { add: NLM.create | NLM.exclusive, replace: NLM.create | NLM.replace, delete: 0 };
  return {
    asked: { action: how, object: `neighbour ${own} on '${link}'`, device: link },
    request,
    write: (names) =>
      neighbourMessage.write({
        type: request,
        flags: flags[how],
        header: {
          family: familyNumber(version),
          index: names.indexOf(link),
          state: [state],
          flags: [...(proxy ? (['proxy'] as const) : []), ...(router ? (['router'] as const) : [])],
        },
        attributes: present({ address: own, mac: hardware }),
      }),
    whole: true,
    undo: async (kernel) => {
      const all = await toldNeighbours(kernel, { link, family: version, proxy });
      const before = all.find(({ neighbour }) => neighbour.address === own);
      if (before) return [restoreNeighbour(before)];
      return how === 'delete' ? [] : [neighbourChange('delete', link, own, { proxy })];
    },
  };
}

/** Makes a neighbour known. */
export const addNeighbour = (link: string, of: string, options: NeighbourOptions): Change =>
  neighbourChange('add', link, of, options);
/** Makes a neighbour known, whatever was known of it. */
export const replaceNeighbour = (link: string, of: string, options: NeighbourOptions): Change =>
  neighbourChange('replace', link, of, options);
/** Forgets a neighbour. */
export const deleteNeighbour = (link: string, of: string, options: { proxy?: boolean } = {}): Change =>
  neighbourChange('delete', link, of, options);

/** Which MAC address an IP address has on a link, as `ip neighbour` and `arp` show and change it. */
export class Neighbours {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All neighbours, or those that a filter lets through; `ip neighbour`. Rejects with `ENODEV` when there is no such
   * link.
   *
   * ```ts
   * await host.neighbours.list({ link: 'br0', proxy: true }); // those that br0 answers for: ip neighbour show proxy
   * ```
   */
  async list(filter: NeighbourFilter = {}): Promise<Neighbour[]> {
    const asked = { action: 'list', object: 'neighbours', device: filter.link };
    const checked = checking(
      () => asked,
      RTM.GETNEIGH,
      () => filterFields(filter, ''),
    ) as NeighbourFilter;
    const all = await toldNeighbours(this.#kernel, checked);
    return (await ofThere(this.#kernel, all, checked.link, asked)).map(({ neighbour }) => neighbour);
  }

  /**
   * Makes a neighbour known; `ip neighbour add`.
   *
   * ```ts
   * await host.neighbours.add('br0', '192.168.10.20', { mac: '52:54:00:12:34:56' });
   * ```
   */
  async add(link: string, of: string, options: NeighbourOptions): Promise<void> {
    await this.#kernel.ask(addNeighbour(link, of, options));
  }

  /** Makes a neighbour known, whatever was known of it; `ip neighbour replace`. */
  async replace(link: string, of: string, options: NeighbourOptions): Promise<void> {
    await this.#kernel.ask(replaceNeighbour(link, of, options));
  }

  /**
   * Forgets all that was found out on a link, or of one family, so that it is asked for anew; `ip neighbour flush`. What
   * somebody has made known (`permanent`, `noArp`) stays. Rejects with `ENODEV` when there is no such link.
   */
  async flush(link: string, of?: Family): Promise<void> {
    const known = await this.list(present({ link, family: of }) as NeighbourFilter);
    const found = known.filter(({ state }) => state !== 'permanent' && state !== 'noArp');
    const deletions = found.map(({ address: which }) => deleteNeighbour(link, which));
    if (deletions.length === 0) return;
    for (const [i, outcome] of (await this.#kernel.send(deletions)).entries())
      if (outcome.ending.errno !== ENOENT) refuse(outcome, (deletions[i] as Change).asked, RTM.DELNEIGH);
  }

  /** Forgets a neighbour; `ip neighbour delete`. Rejects with `ENOENT` when it is not known. */
  async delete(link: string, of: string, options: { proxy?: boolean } = {}): Promise<void> {
    await this.#kernel.ask(deleteNeighbour(link, of, options));
  }
}
