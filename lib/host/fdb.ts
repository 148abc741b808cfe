// host.bridges.fdb: which MAC address is behind which port of a bridge (or behind which peer of a VXLAN).
import { present } from '../build/present.js';
import { flag, record } from '../build/reader.js';
import { again, fdbAgain, HOW } from './again.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import type { Asked } from './error.js';
import { KnownNames } from './known-names.js';
import { lookUp } from './link.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { neighbourMessage } from './netlink/neighbour.js';
import { AF, RTM } from './netlink/numbers.js';
import { apart, type Told } from './netlink/retold.js';
import { be16, ip, mac, type Names, named, ranged, u8, u16, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import { ofLink } from './own-name.js';
import type { Asking, Rtnetlink } from './rtnetlink.js';
import { notThere, ofThere } from './there.js';

const states = { permanent: 0, static: 1, dynamic: 2 } as const;
const wireState = {
  permanent: ['permanent', 'noArp'],
  static: ['noArp', 'reachable'],
  dynamic: ['reachable'],
} as const;

/** An address behind a port. */
export interface FdbEntry {
  /** The MAC address; of a VXLAN, all zeros for those that have no entry. */
  readonly mac: string;
  /** The port that it is behind. */
  readonly link: string;
  /** The bridge; none for an entry of the link's own. */
  readonly master?: string;
  /** The VLAN that it is in. */
  readonly vlan?: number;
  /** `permanent`: the port's own; `static`: told; `dynamic`: learnt. */
  readonly state: keyof typeof states;
  /** Whether it is the link's own table and not its bridge's. */
  readonly self: boolean;
  /** Whether it stays on this port though it was seen elsewhere. */
  readonly sticky: boolean;
  /** The peer of a VXLAN. */
  readonly destination?: string;
  /** The port of that peer, where it is not that of the VXLAN. */
  readonly port?: number;
  /** The network number there, where it is not that of the VXLAN. */
  readonly vni?: number;
}

/** What an entry can be told. */
export interface FdbOptions {
  /** `permanent` if not given, as `bridge fdb add` has it. */
  state?: keyof typeof states;
  /** The VLAN that it is in; all if not given. */
  vlan?: number;
  /** Whether it goes into the link's own table (`self`, if not given) or into its bridge's (`master`). */
  table?: 'self' | 'master';
  /** Whether it stays on this port though it is seen elsewhere. */
  sticky?: boolean;
  /** The peer of a VXLAN that has it. */
  destination?: string;
  /** The port of that peer. */
  port?: number;
  /** The network number there. */
  vni?: number;
}

const optionFields = record<FdbOptions>()('an entry of a forwarding table', {
  state: named(u8, states).input,
  vlan: ranged(u16, 1, 4094).input,
  table: named(u8, { self: 0, master: 1 }).input,
  sticky: flag,
  destination: ip.input,
  port: be16.input,
  vni: u32.input,
});

/** The entry in a message; undefined for what is none. */
export function readFdbEntry({ payload }: RawMessage, names: Names): FdbEntry | undefined {
  const { family, index, state = [], flags = [], attributes } = neighbourMessage.read(payload, names);
  if (family !== AF.bridge || attributes.mac === undefined) return undefined;
  return Object.freeze({
    mac: attributes.mac,
    link: names.nameOf(index) ?? `#${index}`,
    ...present({
      master: attributes.master ?? undefined,
      vlan: attributes.vlan,
      destination: attributes.address,
      port: attributes.port,
      vni: attributes.vni,
    }),
    state: state.includes('permanent') ? 'permanent' : state.includes('noArp') ? 'static' : 'dynamic',
    self: flags.includes('self'),
    sticky: flags.includes('sticky'),
  });
}

function fdbChange(
  how: 'add' | 'replace' | 'append' | 'delete',
  link: string,
  of: string,
  options: FdbOptions,
): Change {
  const request = how === 'delete' ? RTM.DELNEIGH : RTM.NEWNEIGH;
  const [own, given] = checking(
    () => ({ action: how, object: `forwarding entry ${of} on '${link}'`, device: link }),
    request,
    () => {
      deviceArgument(link, 'link');
      return [mac.input(of, 'mac'), optionFields(options, '')] as const;
    },
  );
  const { state = 'permanent', vlan, table = 'self', sticky, destination, port, vni } = given;
  const flags = {
    add: NLM.create | NLM.exclusive,
    replace: NLM.create | NLM.replace,
    append: NLM.create | NLM.append,
    delete: 0,
  };
  return {
    asked: { action: how, object: `forwarding entry ${own} on '${link}'`, device: link },
    request,
    write: (names) =>
      neighbourMessage.write({
        type: request,
        flags: flags[how],
        header: {
          family: AF.bridge,
          index: names.indexOf(link),
          state: wireState[state],
          flags: [table, ...(sticky ? (['sticky'] as const) : [])],
        },
        attributes: present({ mac: own, vlan, address: destination, port, vni }),
      }),
    whole: true,
    undo: async (kernel) => {
      const remove = fdbChange('delete', link, own, present({ vlan, table, destination, port, vni }));
      const self = table === 'self';
      if (how === 'add' || (how === 'append' && self)) return [remove];
      const found = await lookUp(kernel, link);
      const bridge = self ? undefined : found?.master;
      // A VXLAN may have had it behind many peers, a bridge on another port.
      const before = (await toldFdb(kernel, {})).filter(
        ({ entry }) =>
          entry.mac === own &&
          entry.vlan === vlan &&
          entry.self === self &&
          (self || bridge === undefined ? entry.link === found?.name : entry.master === bridge),
      );
      return [...(how === 'delete' ? [] : [remove]), ...before.map(restoreFdb)];
    },
  };
}

/** Adds an entry. */
export const addFdb = (link: string, of: string, options: FdbOptions = {}): Change =>
  fdbChange('add', link, of, options);
/** Adds an entry, or puts it in the place of the one for its address. */
export const replaceFdb = (link: string, of: string, options: FdbOptions = {}): Change =>
  fdbChange('replace', link, of, options);
/** Adds one more peer of a VXLAN for an address. */
export const appendFdb = (link: string, of: string, options: FdbOptions = {}): Change =>
  fdbChange('append', link, of, options);
/** Deletes an entry. */
export const deleteFdb = (link: string, of: string, options: FdbOptions = {}): Change =>
  fdbChange('delete', link, of, options);

interface FdbFilter {
  bridge?: string;
  link?: string;
}

const filterFields = record<FdbFilter>()('a filter of forwarding entries', {
  bridge: deviceArgument,
  link: deviceArgument,
});

async function indexOf(kernel: Asking, bridge: string, asked: Asked): Promise<number> {
  const found = await lookUp(kernel, bridge);
  if (found) return found.index;
  throw notThere(asked, bridge);
}

interface ToldEntry {
  readonly entry: FdbEntry;
  readonly told: () => Told;
}

/** Adds an entry again with all that it had. */
export const restoreFdb = ({ entry: { mac: of, link }, told }: ToldEntry): Change =>
  again('NEIGH', `forwarding entry ${of} on '${link}'`, fdbAgain(told()), HOW.append, link);

/** Forwarding entries of a bridge, or of a link. */
export async function toldFdb(kernel: Asking, { bridge, link }: FdbFilter): Promise<ToldEntry[]> {
  const asked = { action: 'list', object: 'forwarding entries', device: bridge };
  const names = new KnownNames(bridge === undefined ? [] : [[bridge, await indexOf(kernel, bridge, asked)]]);
  const message = neighbourMessage.write(
    {
      type: RTM.GETNEIGH,
      flags: NLM.dump,
      header: { family: AF.bridge },
      attributes: present({ master: bridge }),
    },
    names,
  );
  const messages = await kernel.dump(RTM.GETNEIGH, message, asked);
  const all = await kernel.read(messages, (one, known): ToldEntry | undefined => {
    const entry = readFdbEntry(one, known);
    return entry && { entry, told: () => apart(one.payload, neighbourMessage) };
  });
  const told = all.filter((one) => one !== undefined);
  return ofLink(kernel, told, link, ({ entry }, own) => entry.link === own);
}

/** The forwarding tables of bridges, as `bridge fdb` and `brctl showmacs` show and change them. */
export class ForwardingTable {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All entries, or those of a bridge, or of a port; `bridge fdb show`, `brctl showmacs BRIDGE`. Rejects with `ENODEV`
   * when there is no such link.
   */
  async list(filter: { bridge?: string; link?: string } = {}): Promise<FdbEntry[]> {
    const asked = { action: 'list', object: 'forwarding entries', device: filter.bridge ?? filter.link };
    const checked = checking(
      () => asked,
      RTM.GETNEIGH,
      () => filterFields(filter, ''),
    ) as FdbFilter;
    const all = await toldFdb(this.#kernel, checked);
    return (await ofThere(this.#kernel, all, checked.link, asked)).map(({ entry }) => entry);
  }

  /**
   * Adds an entry; `bridge fdb add MAC dev LINK`.
   *
   * ```ts
   * await host.bridges.fdb.add('vnet0', '52:54:00:12:34:56', { table: 'master', state: 'static' });
   * await host.bridges.fdb.append('vxlan0', '00:00:00:00:00:00', { destination: '10.0.0.2' });
   * ```
   */
  async add(link: string, of: string, options: FdbOptions = {}): Promise<void> {
    await this.#kernel.ask(addFdb(link, of, options));
  }

  /** Adds an entry, or puts it in the place of the one for its address; `bridge fdb replace`. */
  async replace(link: string, of: string, options: FdbOptions = {}): Promise<void> {
    await this.#kernel.ask(replaceFdb(link, of, options));
  }

  /** Adds one more peer of a VXLAN for an address; `bridge fdb append`. */
  async append(link: string, of: string, options: FdbOptions = {}): Promise<void> {
    await this.#kernel.ask(appendFdb(link, of, options));
  }

  /** Deletes an entry; `bridge fdb delete`. */
  async delete(link: string, of: string, options: FdbOptions = {}): Promise<void> {
    await this.#kernel.ask(deleteFdb(link, of, options));
  }
}
