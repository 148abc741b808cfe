// The routes over a link, moved to another one. One that is the first of its kind is replaced where it stands, so that
// there is no moment without it; others are added behind, and taken away when all has arrived.

import { expiresOf, hopsAt, RTA, routeAgain } from '../again.js';
import { KernelError } from '../error.js';
import { NLM } from '../netlink/message.js';
import { RTM } from '../netlink/numbers.js';
import { bytesOf, numberIn, read32, revised, type Told, with32 } from '../netlink/retold.js';
import type { Change } from '../operation.js';
import { goesBy, isDirect, type Route, TOS, toldRoutes } from '../route.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { lost, type Saying, type Steps, saying, type Way } from './change.js';

const EOPNOTSUPP = 95;

interface Over {
  readonly route: Route;
  readonly told: Told;
  /** Whether its kernel has no others to the same destination with the same metric before it. */
  readonly first: boolean;
  /** The metric that one that a router advertised has when it has moved. */
  readonly metric?: number;
}

/** Those of the same key are one behind the other, and the first one is what NLM_F_REPLACE replaces. */
function keyOf(route: Route, told: Told): string {
  const { family, table, destination, source, metric } = route;
  // IPv6 keeps those with a gateway, which may be several ways at once, apart from the others.
  const ways = family === 'ipv6' && !isAdvertised(route, told) && !isDirect(route);
  return [family, table, destination, source, metric, told.header[TOS], ways].join();
}

const placeOf = ({ table, destination, source }: Route, metric: number | undefined): string =>
  [table, destination, source, metric].join();

/**
 * A metric after that of a route, at which there is no other one: it would be one of several ways with it. The next
 * advertisement makes a route of its own: in its place there must be none that it did not make.
 */
function freeMetric(route: Route, taken: Set<string>): number {
  let metric = (route.metric ?? 0) + 1;
  while (taken.has(placeOf(route, metric))) metric++;
  taken.add(placeOf(route, metric));
  return metric;
}

async function routesOver(kernel: Rtnetlink, { from }: Way): Promise<Over[]> {
  const keys = new Set<string>();
  const all = await toldRoutes(kernel, { table: 'all' });
  const ofIpv6 = all.filter(({ route: { family } }) => family === 'ipv6');
  const taken = new Set(ofIpv6.map(({ route }) => placeOf(route, route.metric)));
  return all.flatMap(({ route, told: ask }): Over[] => {
    const told = ask();
    const key = keyOf(route, told);
    const first = !keys.has(key);
    keys.add(key);
    if (!goesBy(route, from.name)) return [];
    return [{ route, told, first, ...(isAdvertised(route, told) && { metric: freeMetric(route, taken) }) }];
  });
}

const isLocalScope = (destination: string): boolean => /^f[ef]/.test(destination);

/** Whether a router told it to the kernel, or to who listens for it: it ends by itself. */
const isAdvertised = (route: Route, told: Told): boolean =>
  route.family === 'ipv6' && route.protocol === 'ra' && expiresOf(told) !== undefined;

const isKernels = ({ route: { protocol } }: Over): boolean => protocol === 'kernel';

/**
 * Whether it moves: the kernel makes most of its own by itself with the address. One to a subnet, replaced where it
 * stands, keeps its place before that of another link in the same subnet.
 */
function isToMove(one: Over): boolean {
  const { route, first } = one;
  if (route.protocol === 'redirect') return false;
  if (!isKernels(one)) return true;
  if (route.family === 'ipv4') return first && route.scope === 'link';
  // One of IPv6 may have no address that stands for it, and stays behind when an address leaves that has a lifetime.
  return route.type === 'unicast' && !isLocalScope(route.destination);
}

const hopsTo = (hops: Uint8Array, from: number, to: number): Uint8Array => {
  let changed = hops;
  for (const at of hopsAt(hops)) if (read32(hops, at + 4) === from) changed = with32(changed, at + 4, to);
  return changed;
};

/** The same route over the link of another number. */
function over({ told }: Over, from: number, metric?: number): (index: number) => Told {
  const again = routeAgain(told);
  return (index) =>
    revised(again, {
      [RTA.device]: (value) => (read32(value, 0) === from ? bytesOf(index) : value),
      [RTA.nextHops]: (value) => hopsTo(value, from, index),
      [RTA.metric]: (value) => (metric === undefined ? value : bytesOf(metric)),
    });
}

function movesOf(one: Over, way: Way): { arrive: Change; leave?: Change } {
  const { route, first, metric } = one;
  const { name, index } = way.from;
  const said = { what: `route to ${route.destination}`, request: RTM.NEWROUTE };
  const anew = { ...said, device: way.to, about: over(one, index, metric) };
  const old = { ...said, device: name, about: over(one, index) };
  const leaning = (change: Change): Change => ({ ...change, inOrder: true });
  if (first && metric === undefined) {
    const flags = NLM.create | NLM.replace;
    return { arrive: leaning(saying(way, { ...anew, flags }, { ...old, flags })) };
  }
  const flags = NLM.create | NLM.append;
  const gone = (it: Omit<Saying, 'flags'>): Saying => ({ ...it, request: RTM.DELROUTE, flags: 0 });
  return {
    arrive: leaning(saying(way, { ...anew, flags }, { ...old, flags }, gone(anew))),
    // Back it comes with what it leans on.
    leave: saying(way, gone(old)),
  };
}

/** What a route is, but for the order of its ways, and for how long it stays. */
const facts = (route: Route): string =>
  JSON.stringify({
    ...route,
    expires: undefined,
    nextHops: route.nextHops?.map((way) => JSON.stringify(Object.entries(way).sort())).sort(),
  });

/** The same, when it has moved. */
function moved(one: Over, { from, to }: Way): Route {
  const { route, metric } = one;
  return {
    ...route,
    ...(route.device === from.name && { device: to }),
    ...(route.nextHops && {
      nextHops: route.nextHops.map((way) => (way.device === from.name ? { ...way, device: to } : way)),
    }),
    ...(metric !== undefined && { metric }),
  };
}

/** The routes over `from`, in two parts: those of the kernel that arrive before the addresses, and the others. */
export async function moveRoutes(
  kernel: Rtnetlink,
  way: Way,
): Promise<Steps & { readonly before: readonly Change[] }> {
  const all = (await routesOver(kernel, way)).filter(isToMove);
  const held = all.find(({ told }) => numberIn(told, RTA.nextHopId) !== undefined);
  if (held !== undefined)
    throw new KernelError(
      {
        action: 'move',
        object: `route to ${held.route.destination} from '${way.from.name}' to '${way.to}'`,
        device: way.from.name,
      },
      {
        errno: EOPNOTSUPP,
        call: 'RTM_NEWROUTE',
        detail: `it leads to a next hop object (nhid ${numberIn(held.told, RTA.nextHopId)})`,
      },
    );
  const others = all.filter((one) => !isKernels(one));
  const before = all.filter(isKernels).map((one) => movesOf(one, way));
  const moves = [true, false].flatMap((direct) =>
    others.filter(({ route }) => isDirect(route) === direct).map((one) => movesOf(one, way)),
  );
  return {
    before: before.map(({ arrive }) => arrive),
    arrive: moves.map(({ arrive }) => arrive),
    leave: [...before, ...moves].flatMap(({ leave }) => leave ?? []).reverse(),
    verify: async (asked) => {
      const now = await toldRoutes(asked, { table: 'all' });
      const there = new Set(now.map(({ route }) => facts(route)));
      for (const one of all)
        if (!there.has(facts(moved(one, way))))
          throw lost(way, `route to ${one.route.destination}`, 'RTM_NEWROUTE');
    },
  };
}
