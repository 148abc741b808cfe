// host.neighbours: which MAC address an IP address has on a link.
import { present } from '../build/present.js';
import { flag, record } from '../build/reader.js';
import { deviceArgument } from './link-changes.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { neighbourMessage } from './netlink/neighbour.js';
import { RTM } from './netlink/numbers.js';
import { device, mac, type Names, named, u8 } from './netlink/types.js';
import type { Change } from './operation.js';
import { address, type Family, family, familyName, familyNumber } from './prefix.js';
import type { Rtnetlink } from './rtnetlink.js';

const states = { permanent: 0, noArp: 1, reachable: 2, stale: 3, probe: 4 } as const;

/** What is known of a neighbour (NUD_…); `none` before it is asked for. */
export type NeighbourState = 'none' | NonNullable<ReturnType<typeof neighbourMessage.read>['state']>[number];

/** A neighbour: ARP for IPv4, neighbour discovery for IPv6. */
export interface Neighbour {
  readonly link: string;
  readonly family: Family;
  readonly address: string;
  /** Its MAC address, once it is known. */
  readonly mac?: string;
  readonly state: NeighbourState;
  /** Whether it routes, IPv6 only. */
  readonly router: boolean;
  /** Whether this machine answers for it. */
  readonly proxy: boolean;
}

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

/** Which neighbours are asked for. */
export interface NeighbourFilter {
  /** On this link only. */
  link?: string;
  /** Of this family only. */
  family?: Family;
}

const optionFields = record<NeighbourOptions>()('a neighbour', {
  mac: mac.input,
  state: named(u8, states).input,
  proxy: flag,
  router: flag,
});
const filterFields = record<NeighbourFilter>()('a filter of neighbours', { link: device.input, family });

/** The neighbour in a message; undefined for what is none, as an entry of a bridge's table. */
export function readNeighbour({ payload }: RawMessage, names: Names): Neighbour | undefined {
  const { family: number, index, state = [], flags = [], attributes } = neighbourMessage.read(payload, names);
  const version = familyName(number);
  if (version === undefined || attributes.address === undefined) return undefined;
  return Object.freeze({
    link: names.nameOf(index) ?? `#${index}`,
    family: version,
    address: attributes.address,
    ...present({ mac: attributes.mac }),
    state: state[0] ?? 'none',
    router: flags.includes('router'),
    proxy: flags.includes('proxy'),
  });
}

function neighbourChange(
  how: 'add' | 'replace' | 'delete',
  link: string,
  of: string,
  options: NeighbourOptions = {},
): Change {
  deviceArgument(link, 'link');
  const { family: version, address: own } = address(of, 'address');
  const { mac: hardware, state = 'permanent', proxy = false, router = false } = optionFields(options, '');
  if (how !== 'delete' && hardware === undefined && !proxy)
    throw new TypeError('mac: missing; a neighbour must have it, unless this machine answers for it (proxy)');
  const request = how === 'delete' ? RTM.DELNEIGH : RTM.NEWNEIGH;
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
    undo: async (kernel) => {
      const before = (await listNeighbours(kernel, { link, family: version })).find(
        (one) => one.address === own,
      );
      if (!before) return how === 'delete' ? [] : [neighbourChange('delete', link, own)];
      if (before.mac === undefined) return [];
      const restored = before.state in states ? (before.state as keyof typeof states) : 'stale';
      return [neighbourChange('replace', link, own, { mac: before.mac, state: restored })];
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

async function listNeighbours(kernel: Rtnetlink, filter: NeighbourFilter): Promise<Neighbour[]> {
  const message = neighbourMessage.write({
    type: RTM.GETNEIGH,
    flags: NLM.dump,
    header: { family: familyNumber(filter.family) },
  });
  const messages = await kernel.dump(RTM.GETNEIGH, message, { action: 'list', object: 'neighbours' });
  const all = await kernel.read(messages, readNeighbour);
  return all.filter(
    (one): one is Neighbour => one !== undefined && (filter.link === undefined || one.link === filter.link),
  );
}

/** Which MAC address an IP address has on a link, as `ip neighbour` and `arp` show and change it. */
export class Neighbours {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /** All neighbours, or those that a filter lets through; `ip neighbour`. */
  async list(filter: NeighbourFilter = {}): Promise<Neighbour[]> {
    return listNeighbours(this.#kernel, filterFields(filter, '') as NeighbourFilter);
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

  /** Forgets a neighbour; `ip neighbour delete`. Rejects with `ENOENT` when it is not known. */
  async delete(link: string, of: string, options: { proxy?: boolean } = {}): Promise<void> {
    await this.#kernel.ask(deleteNeighbour(link, of, options));
  }
}
