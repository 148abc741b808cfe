// What the kernel drops along with an address, or with what a link is told: addresses, routes and neighbours. It comes
// back after what it leans on.
import { present } from '../build/present.js';
import { naming, restoreAddress, said, type ToldAddress, toldAddresses } from './address.js';
import { away, HOW } from './again.js';
import { hasPorts, linkSummaries } from './all-links.js';
import { describe } from './device-argument.js';
import { ipv6Again } from './ipv6-again.js';
import { type Link, lookUp } from './link.js';
import type { LinkChanges } from './link-changes.js';
import { setMessage } from './link-message.js';
import { restoreNeighbour, toldNeighbours } from './neighbour.js';
import { standing } from './netlink/kinds.js';
import type { Change, Undo } from './operation.js';
import type { Family, Prefixed } from './prefix.js';
import { goesBy, isDirect, restoreRoute, type ToldRoute, toldRoutes } from './route.js';
import type { Asking } from './rtnetlink.js';

/** Those that nobody makes by himself: neither the kernel with an address, nor a router that advertises itself. */
const isMade = ({ route: { protocol } }: ToldRoute): boolean =>
  protocol !== 'kernel' && protocol !== 'ra' && protocol !== 'redirect';

/** The routes over a link: first those that gateways of others are reached by. */
export async function routesOver(kernel: Asking, device: string, family: Family): Promise<Change[]> {
  const all = (await toldRoutes(kernel, { table: 'all', device, family })).filter(isMade);
  return [...all.filter(({ route }) => isDirect(route)), ...all.filter(({ route }) => !isDirect(route))].map(
    (one) => restoreRoute(one, HOW.append),
  );
}

/** What somebody made known of neighbours on a link, and what the machine answers for. */
export async function neighboursOn(kernel: Asking, link: string, family: Family): Promise<Change[]> {
  const known = await toldNeighbours(kernel, { link, family });
  const answered = await toldNeighbours(kernel, { link, family, proxy: true });
  const told = known.filter(({ neighbour: { state } }) => state === 'permanent' || state === 'noArp');
  return [...told, ...answered].map(restoreNeighbour);
}

/** What leans on an address of a link: of IPv4 all over the link may, since it goes with the last one. */
export async function leaningOn(kernel: Asking, link: string, own: Prefixed): Promise<Change[]> {
  if (own.family === 'ipv4')
    return [...(await routesOver(kernel, link, 'ipv4')), ...(await neighboursOn(kernel, link, 'ipv4'))];
  // It stays, but without its source address.
  const all = await toldRoutes(kernel, { table: 'all', family: 'ipv6' });
  return all
    .filter((one) => isMade(one) && one.route.preferredSource === own.address)
    .map((one) => restoreRoute(one, HOW.replace));
}

const ofDone = (change: Change): Change => ({ ...change, ofDone: true });

/**
 * The addresses of a link whose labels do not outlast that it is called otherwise for a while: the kernel gives the
 * first one its name and numbers others without a label of their own. To label one is to give it anew, and all that
 * goes with it.
 */
export async function labelsAgain(kernel: Asking, link: string): Promise<Change[]> {
  const all = await toldAddresses(kernel, { link, family: 'ipv4' });
  const lasts = ({ address: { label = '' } }: ToldAddress, i: number) =>
    i === 0 ? label === link : label.startsWith(`${link}:`);
  if (all.every(lasts)) return [];
  const own = all.map(({ address: { address } }) => address);
  const routes = await toldRoutes(kernel, { table: 'all', family: 'ipv4' });
  const leaning = routes.filter(
    (one) => isMade(one) && !goesBy(one.route, link) && own.includes(one.route.preferredSource ?? ''),
  );
  return [
    ...all.map(({ address, told }) => ofDone(away('ADDR', said(address), naming(told())))).reverse(),
    ...all.flatMap((one) => restoreAddress(one)),
    ...(await routesOver(kernel, link, 'ipv4')),
    ...leaning.map((one) => restoreRoute(one, HOW.append)),
    ...(await neighboursOn(kernel, link, 'ipv4')),
  ];
}

/** The addresses of IPv6 of a link: whether the kernel makes its own again depends on what it is told by then. */
async function addressesOfIpv6(kernel: Asking, link: string): Promise<Change[]> {
  const addresses = await toldAddresses(kernel, { link, family: 'ipv6' });
  const lasting = addresses.filter(({ address }) => !address.flags.includes('secondary'));
  // The kernel puts a new one before the others.
  return lasting.reverse().flatMap((one) => restoreAddress(one));
}

/** What goes with a link that is set down, and does not come back with it: unless a sysctl says so, addresses of IPv6, too. */
const goingDown = async (kernel: Asking, link: Link): Promise<Change[]> => [
  ...(await addressesOfIpv6(kernel, link.name)),
  ...(await routesOver(kernel, link.name, 'ipv4')),
  ...(await routesOver(kernel, link.name, 'ipv6')),
  ...(await neighbours(kernel, link)),
];

/** All of IPv6 on a link. */
const ofIpv6 = async (kernel: Asking, link: Link): Promise<Undo[]> => [
  ...(await addressesOfIpv6(kernel, link.name)),
  ...(await routesOver(kernel, link.name, 'ipv6')),
  ...(await neighboursOn(kernel, link.name, 'ipv6')),
  ...(await ipv6Again(kernel, link)),
];

const neighbours = async (kernel: Asking, { name }: Link): Promise<Change[]> => [
  ...(await neighboursOn(kernel, name, 'ipv4')),
  ...(await neighboursOn(kernel, name, 'ipv6')),
];

/** What a link is told that others may lean on. */
type Footing = Pick<LinkChanges, 'up' | 'mtu' | 'mac' | 'arp' | 'master'>;

/** The least MTU of IPv6 (RFC 8200, section 5): the kernel takes IPv6 away from a link that has less. */
const LEAST_MTU_OF_IPV6 = 1280;

/** When the kernel drops something of a link, and what that is. */
const losses: readonly {
  when: (link: Link, told: Footing) => boolean;
  what: (kernel: Asking, link: Link) => Promise<Undo[]>;
}[] = [
  { when: (link, { up }) => link.up && up === false, what: goingDown },
  {
    when: (link, { mtu = link.mtu }) => mtu < LEAST_MTU_OF_IPV6 && link.mtu >= LEAST_MTU_OF_IPV6,
    what: ofIpv6,
  },
  { when: (link, { mac = link.mac }) => mac !== link.mac, what: neighbours },
  { when: (link, { arp }) => arp === link.flags.includes('noArp'), what: neighbours },
];

/** Links that stand on one, and on those: their MTU is never larger than its own, and a VLAN goes down with it. */
async function standingOn(kernel: Asking, { name, index }: Link): Promise<Link[]> {
  const all: Link[] = [];
  for (const { name: upper, lower } of await linkSummaries(kernel)) {
    // The other end of a veth is called the same.
    if (lower !== index) continue;
    const found = await lookUp(kernel, upper);
    if (found?.link === name && standing.has(found.kind ?? ''))
      all.push(found, ...(await standingOn(kernel, found)));
  }
  return all;
}

async function goingFrom(kernel: Asking, link: Link, told: Footing): Promise<Undo[]> {
  const shrinks = (told.mtu ?? link.mtu) < link.mtu;
  if (!shrinks && !losses.some(({ when }) => when(link, told))) return [];
  const upon = await standingOn(kernel, link);
  const lost: Undo[] = upon.map(({ name: device, index, up, mtu }) =>
    setMessage({ action: 'restore', object: describe(device), device }, { mtu, up }, index),
  );
  for (const one of [link, ...upon])
    for (const { when, what } of losses) if (when(one, told)) lost.push(...(await what(kernel, one)));
  return lost;
}

/**
 * What goes when a link is told something, and does not come back when it is told what it was: on the link, on those that
 * stand on it, and on its bridges, which may have its MTU and its MAC address.
 */
export async function goingWith(kernel: Asking, before: Link, told: Footing): Promise<Undo[]> {
  const { up: _up, arp: _arp, ...frames } = told;
  const bridge = before.bridgePort && before.master ? await lookUp(kernel, before.master) : undefined;
  return [
    ...(await goingFrom(kernel, before, told)),
    ...(bridge ? await goingFrom(kernel, bridge, frames) : []),
    ...(bridge && told.master !== undefined ? await goingWithoutPort(kernel, bridge, before) : []),
    ...(told.master ? await goingWithPort(kernel, told.master, { ...before, ...present(told) }) : []),
  ];
}

// The MAC address of a bridge that was told none is the lowest of its ports'. Once it has none of them, it is all zeros.

/** What a bridge has that goes as a port leaves whose MAC address may be its own. */
const goingWithoutPort = async (kernel: Asking, bridge: Link, port: Link): Promise<Change[]> =>
  bridge.mac === port.mac ? neighbours(kernel, bridge) : [];

/** What a bridge has that goes as a link becomes its port: it may get its MTU and its MAC address. */
export async function goingWithPort(
  kernel: Asking,
  name: string,
  port: Pick<LinkChanges, 'mac' | 'mtu'>,
): Promise<Undo[]> {
  const bridge = await lookUp(kernel, name);
  if (bridge?.kind !== 'bridge') return [];
  const smaller = port.mtu === undefined ? [] : await goingFrom(kernel, bridge, { mtu: port.mtu });
  return [...smaller, ...(await goingWithMac(kernel, bridge, port))];
}

/** A MAC address that nobody knows yet may be the lowest. */
async function goingWithMac(
  kernel: Asking,
  bridge: Link,
  { mac = '' }: Pick<LinkChanges, 'mac'>,
): Promise<Change[]> {
  if (bridge.mac === undefined) return [];
  const first = !(await hasPorts(kernel, bridge));
  if (!first && mac >= bridge.mac) return [];
  const { name: device, index } = bridge;
  const asked = { action: 'restore', object: describe(device, 'bridge'), device };
  // A MAC address that it is told is its own from then on, whatever its ports have.
  const own = first && bridge.mac !== NO_MAC ? [ofDone(setMessage(asked, { mac: bridge.mac }, index))] : [];
  return [...own, ...(await neighbours(kernel, bridge))];
}

const NO_MAC = '00:00:00:00:00:00';
