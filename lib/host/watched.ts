// What can be watched, in rows: the messages that tell of it, how to ask for all of it, and what identifies one.
import { type Address, readAddress } from './address.js';
import { type FdbEntry, readFdbEntry } from './fdb.js';
import { type Link, readLink } from './link.js';
import { type Neighbour, readNeighbour } from './neighbour.js';
import { addressMessage } from './netlink/address.js';
import { linkMessage } from './netlink/info.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { neighbourMessage } from './netlink/neighbour.js';
import { AF, GROUP, RTM } from './netlink/numbers.js';
import { routeMessage } from './netlink/route.js';
import { ruleMessage } from './netlink/rule.js';
import type { Names } from './netlink/types.js';
import { type Route, readRoute } from './route.js';
import { type Rule, readRule } from './rules.js';

/** What can be watched, by the word for one of it. */
export interface Watchable {
  link: Link;
  address: Address;
  route: Route;
  rule: Rule;
  neighbour: Neighbour;
  fdb: FdbEntry;
}

/** A row. */
export interface Watched<T> {
  readonly groups: readonly number[];
  readonly set: number;
  readonly deleted: number;
  readonly get: number;
  /** The requests for all of it. */
  readonly all: readonly (() => Uint8Array)[];
  read(message: RawMessage, names: Names): T | undefined;
  /** What stays the same when the rest changes. */
  key(item: T): string;
}

const dump = { flags: NLM.dump };

export const watched: { readonly [K in keyof Watchable]: Watched<Watchable[K]> } = {
  link: {
    groups: [GROUP.link],
    set: RTM.NEWLINK,
    deleted: RTM.DELLINK,
    get: RTM.GETLINK,
    all: [() => linkMessage.write({ type: RTM.GETLINK, ...dump })],
    read: readLink,
    key: ({ index }) => String(index),
  },
  address: {
    groups: [GROUP.ipv4Address, GROUP.ipv6Address],
    set: RTM.NEWADDR,
    deleted: RTM.DELADDR,
    get: RTM.GETADDR,
    all: [() => addressMessage.write({ type: RTM.GETADDR, ...dump })],
    read: readAddress,
    key: ({ link, cidr }) => `${link} ${cidr}`,
  },
  route: {
    groups: [GROUP.ipv4Route, GROUP.ipv6Route],
    set: RTM.NEWROUTE,
    deleted: RTM.DELROUTE,
    get: RTM.GETROUTE,
    all: [() => routeMessage.write({ type: RTM.GETROUTE, ...dump })],
    read: readRoute,
    key: ({ family, table, destination, metric, device, gateway, nextHops }) =>
      JSON.stringify([family, table, destination, metric, device, gateway, nextHops]),
  },
  rule: {
    groups: [GROUP.ipv4Rule, GROUP.ipv6Rule],
    set: RTM.NEWRULE,
    deleted: RTM.DELRULE,
    get: RTM.GETRULE,
    all: [AF.inet, AF.inet6].map(
      (family) => () => ruleMessage.write({ type: RTM.GETRULE, ...dump, header: { family } }),
    ),
    read: readRule,
    key: (rule) => JSON.stringify(rule),
  },
  neighbour: {
    groups: [GROUP.neighbour],
    set: RTM.NEWNEIGH,
    deleted: RTM.DELNEIGH,
    get: RTM.GETNEIGH,
    all: [() => neighbourMessage.write({ type: RTM.GETNEIGH, ...dump })],
    read: readNeighbour,
    key: ({ link, address }) => `${link} ${address}`,
  },
  fdb: {
    groups: [GROUP.neighbour],
    set: RTM.NEWNEIGH,
    deleted: RTM.DELNEIGH,
    get: RTM.GETNEIGH,
    all: [() => neighbourMessage.write({ type: RTM.GETNEIGH, ...dump, header: { family: AF.bridge } })],
    read: readFdbEntry,
    key: ({ link, mac, vlan, self, destination }) => JSON.stringify([link, mac, vlan, self, destination]),
  },
};
