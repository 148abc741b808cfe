// What can be watched, in rows: the messages that tell of it, how to ask for all of it, and what identifies one.
import { type Address, readAddress } from './address.js';
import { type BridgeVlan, readBridgeVlans } from './bridge-vlan.js';
import { type FdbEntry, readFdbEntry } from './fdb.js';
import { type Link, readLink } from './link.js';
import { allGroups, groupKey, type MulticastGroup, readGroups } from './multicast-groups.js';
import { type Neighbour, readNeighbour } from './neighbour.js';
import { addressMessage } from './netlink/address.js';
import { bridgeVlanMessage } from './netlink/bridge-vlan.js';
import { linkMessage, linkSummary } from './netlink/info.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { neighbourMessage } from './netlink/neighbour.js';
import { AF, GROUP, RTM } from './netlink/numbers.js';
import { routeMessage } from './netlink/route.js';
import { ruleMessage } from './netlink/rule.js';
import type { Names } from './netlink/types.js';
import { type Route, readRoute } from './route.js';
import { type News, routeGroup, routeKey, routeNews } from './route-news.js';
import { type Rule, readRule } from './rule.js';

/** What can be watched, by the word for one of it. */
export interface Watchable {
  /** Network devices. */
  link: Link;
  /** IP addresses of links. */
  address: Address;
  /** Routes. */
  route: Route;
  /** Rules that choose a table of routes. */
  rule: Rule;
  /** What is known of neighbours. */
  neighbour: Neighbour;
  /** Which port of a bridge an address is behind. */
  fdb: FdbEntry;
  /** Since Linux 5.6, where it has CONFIG_BRIDGE_VLAN_FILTERING. */
  vlan: BridgeVlan;
  /** Which port of a bridge gets the frames of a multicast group. */
  multicastGroup: MulticastGroup;
}

/** A row. */
export interface Watched<T> {
  readonly groups: readonly number[];
  readonly set: number;
  readonly deleted: number;
  readonly get: number;
  /** The requests for all of it. */
  readonly all: readonly (() => Uint8Array)[];
  /** What a message tells: of some there are several in one, and of some none. */
  read(message: RawMessage, names: Names): readonly T[];
  /** What stays the same when the rest changes. */
  key(item: T): string;
  /** When it was told how long it lasts, by the kernel's clock, where the kernel tells that. */
  since?(message: RawMessage): number | undefined;
  /** What those have in common that depend on each other. */
  group?(item: T): string;
  /** All that a message tells with one item, by what was told of its group; that item alone if not given. */
  news?(told: News<T>, flags: number, group: readonly T[]): readonly News<T>[];
  /** Whether some of these go with what another message tells, of which the kernel says nothing. */
  goWith?(message: RawMessage): boolean;
  /** Whether kernels may know nothing of it, and refuse to be asked (EOPNOTSUPP): then there is none. */
  readonly optional?: true;
}

const one =
  <T>(read: (message: RawMessage, names: Names) => T | undefined): Watched<T>['read'] =>
  (message, names) => {
    const item = read(message, names);
    return item === undefined ? [] : [item];
  };

/** Whether a link was set down: the routes of IPv4 that lead by it go. */
const wentDown = ({ type, payload }: RawMessage): boolean => {
  if (type !== RTM.NEWLINK) return false;
  const { flags, change } = linkSummary.read(payload);
  return change.includes('up') && !flags.includes('up');
};

/** Whether a bridge went: what it had joined itself goes. */
const bridgeWent = ({ type, payload }: RawMessage): boolean =>
  type === RTM.DELLINK && linkMessage.read(payload).attributes.info?.kind === 'bridge';

/** Whether an address of IPv4 went: with the last one of a link its routes go, and with each those that it is the source of. */
const lostAddress = ({ type, payload }: RawMessage): boolean =>
  type === RTM.DELADDR && addressMessage.read(payload).family === AF.inet;

const dump = { flags: NLM.dump };

export const watched: { readonly [K in keyof Watchable]: Watched<Watchable[K]> } = {
  link: {
    groups: [GROUP.link],
    set: RTM.NEWLINK,
    deleted: RTM.DELLINK,
    get: RTM.GETLINK,
    all: [() => linkMessage.write({ type: RTM.GETLINK, ...dump })],
    read: one(readLink),
    key: ({ index }) => String(index),
  },
  address: {
    groups: [GROUP.ipv4Address, GROUP.ipv6Address],
    set: RTM.NEWADDR,
    deleted: RTM.DELADDR,
    get: RTM.GETADDR,
    all: [() => addressMessage.write({ type: RTM.GETADDR, ...dump })],
    read: one(readAddress),
    key: ({ link, cidr }) => `${link} ${cidr}`,
    since: ({ payload }) => addressMessage.read(payload).attributes.lifetimes?.updated,
  },
  route: {
    groups: [GROUP.ipv4Route, GROUP.ipv6Route, GROUP.ipv4Address],
    set: RTM.NEWROUTE,
    deleted: RTM.DELROUTE,
    get: RTM.GETROUTE,
    all: [() => routeMessage.write({ type: RTM.GETROUTE, ...dump })],
    read: one(readRoute),
    key: routeKey,
    group: routeGroup,
    news: routeNews,
    goWith: (message) => wentDown(message) || lostAddress(message),
  },
  rule: {
    groups: [GROUP.ipv4Rule, GROUP.ipv6Rule],
    set: RTM.NEWRULE,
    deleted: RTM.DELRULE,
    get: RTM.GETRULE,
    all: [AF.inet, AF.inet6].map(
      (family) => () => ruleMessage.write({ type: RTM.GETRULE, ...dump, header: { family } }),
    ),
    read: one(readRule),
    key: (rule) => JSON.stringify(rule),
  },
  neighbour: {
    groups: [GROUP.neighbour],
    set: RTM.NEWNEIGH,
    deleted: RTM.DELNEIGH,
    get: RTM.GETNEIGH,
    all: [() => neighbourMessage.write({ type: RTM.GETNEIGH, ...dump })],
    read: one(readNeighbour),
    key: ({ link, address }) => `${link} ${address}`,
  },
  fdb: {
    groups: [GROUP.neighbour],
    set: RTM.NEWNEIGH,
    deleted: RTM.DELNEIGH,
    get: RTM.GETNEIGH,
    all: [() => neighbourMessage.write({ type: RTM.GETNEIGH, ...dump, header: { family: AF.bridge } })],
    read: one(readFdbEntry),
    key: ({ link, mac, vlan, self, destination }) => JSON.stringify([link, mac, vlan, self, destination]),
  },
  vlan: {
    groups: [GROUP.bridgeVlan],
    set: RTM.NEWVLAN,
    deleted: RTM.DELVLAN,
    get: RTM.GETVLAN,
    all: [() => bridgeVlanMessage.write({ type: RTM.GETVLAN, ...dump, header: { family: AF.bridge } })],
    read: readBridgeVlans,
    key: ({ link, id }) => `${link} ${id}`,
    group: ({ link }) => link,
    // Untagged frames are in one VLAN of a port.
    news: (told, _flags, group) => {
      const others = group.filter(({ id, pvid }) => pvid && id !== told.item.id);
      const without = others.map(
        (one) => ({ change: 'set', item: Object.freeze({ ...one, pvid: false }) }) as const,
      );
      return told.change === 'set' && told.item.pvid ? [told, ...without] : [told];
    },
    optional: true,
  },
  multicastGroup: {
    groups: [GROUP.multicastGroup],
    set: RTM.NEWMDB,
    deleted: RTM.DELMDB,
    get: RTM.GETMDB,
    all: [allGroups],
    read: readGroups,
    key: groupKey,
    goWith: bridgeWent,
    optional: true,
  },
};
