// What takes back a change of routes. Routes of one group (the same destination, type of service and metric in a
// table) stand one behind the other: the kernel replaces the first of them, and deletes the first that fits.
import { isDeepStrictEqual } from 'node:util';
import { present } from '../build/present.js';
import { away, HOW, RTA, routeAgain } from './again.js';
import { RTM } from './netlink/numbers.js';
import { type CheckedRoute, type How, type Requested, reachOf, routeRequest } from './new-route.js';
import type { Change, Settling, Undo } from './operation.js';
import { ownName } from './own-name.js';
import { isDirect, type NextHop, restoreRoute, type ToldRoute, tables, toldRoutes } from './route.js';
import type { Asking } from './rtnetlink.js';

/** IP6_RT_PRIO_USER: of routes of IPv6 that are given none. */
const USUAL_METRIC = 1024;
const REJECTING: readonly unknown[] = ['blackhole', 'unreachable', 'prohibit', 'throw'];

/** The metric that it gets. */
const metricOf = ({ given: { metric = 0 }, version }: CheckedRoute): number =>
  version === 'ipv6' ? metric || USUAL_METRIC : metric;

/** The same, with what it gets where nothing is said: a deletion finds it then, and no other one. */
function exactly(checked: CheckedRoute): CheckedRoute {
  const { given, version } = checked;
  const { type = 'unicast', protocol = 'boot', scope = reachOf(given, version), nextHops } = given;
  const all = { ...given, metric: metricOf(checked), type, protocol, scope };
  if (version === 'ipv4' || nextHops) return { version, given: all };
  // Without a gateway the kernel would take one that has one, too; what leads nowhere is on the loopback device.
  const { gateway = { family: version, address: '::' } } = given;
  return { version, given: { ...all, gateway, ...(REJECTING.includes(type) && { device: 'lo' }) } };
}

const removal = (object: string, checked: CheckedRoute): Change => ({
  asked: { action: 'delete', object, device: checked.given.device },
  request: RTM.DELROUTE,
  write: (names) => routeRequest('delete', checked, names),
  whole: true,
});

/** Where it leads, as the kernel tells it, and in which table. */
function placeOf({ given: { table = tables.main, destination, source, tos } }: CheckedRoute) {
  const key = (to: typeof destination | undefined) =>
    typeof to === 'object' ? `${to.address}/${to.prefix}` : to;
  return [table, key(destination), key(source), tos] as const;
}

/** Those to the same destination, of one table, in the kernel's order. */
async function beside(checked: CheckedRoute, kernel: Asking): Promise<ToldRoute[]> {
  const [table, destination, source, tos] = placeOf(checked);
  const all = await toldRoutes(kernel, { table, family: checked.version });
  return all.filter(
    ({ route }) => route.destination === destination && route.source === source && route.tos === tos,
  );
}

/** What a deletion compares, unless it is one of the words for any; of IPv6 not the rest of what it is told. */
const COMPARED = {
  ipv4: ['metric', 'type', 'protocol', 'scope'],
  ipv6: ['metric', 'protocol'],
} as const;
const ANY: readonly unknown[] = [undefined, 0, 'unspecified', 'nowhere'];

/** Whether a route is one that a deletion is about. */
const fitting =
  ({ given, version }: CheckedRoute) =>
  ({ route }: ToldRoute): boolean => {
    const { metrics = {}, preferredSource, nextHops = [] } = given;
    const all = route.nextHops ?? [route];
    // Of several ways of IPv6 one can be deleted; of IPv4 all go with the first.
    const ways: readonly NextHop[] = version === 'ipv6' || nextHops.length > 0 ? all : all.slice(0, 1);
    const has = ({ gateway, device }: NextHop): boolean =>
      ways.some((way) => (gateway ?? way.gateway) === way.gateway && (device ?? way.device) === way.device);
    return (
      COMPARED[version].every((key) => ANY.includes(given[key]) || given[key] === route[key]) &&
      (version === 'ipv6' ||
        ((preferredSource?.address ?? route.preferredSource) === route.preferredSource &&
          Object.entries(metrics).every(([name, value]) =>
            isDeepStrictEqual(route.metrics?.[name as keyof typeof metrics], value),
          ))) &&
      has(present({ gateway: given.gateway?.address, device: given.device })) &&
      nextHops.every(has)
    );
  };

/** The same, with the links called as the kernel tells of them. */
async function byOwnNames(kernel: Asking, { given, version }: CheckedRoute): Promise<CheckedRoute> {
  const own = async <T extends { readonly device?: string }>(way: T): Promise<T> =>
    way.device === undefined ? way : { ...way, device: await ownName(kernel, way.device) };
  const { nextHops } = given;
  const named: Requested = {
    ...(await own(given)),
    ...(nextHops && { nextHops: await Promise.all(nextHops.map(own)) }),
  };
  return { version, given: named };
}

const ofMetric = (metric: number | undefined) => (one: ToldRoute) =>
  (one.route.metric ?? 0) === (metric ?? 0);

/** Takes it to the end of its group. */
const toTheEnd = (one: ToldRoute): readonly Change[] => [
  away('ROUTE', `route to ${one.route.destination}`, routeAgain(one.told())),
  restoreRoute(one, HOW.append),
];

/** All that a route was told, but for the time that it has left. */
const factsOf = ({ told }: ToldRoute): string => {
  const { header, attributes } = routeAgain(told());
  return JSON.stringify([...header, ...attributes.filter(([number]) => number !== RTA.expires)].map(String));
};

/** Those of some that are among others, too. */
const among = (some: readonly ToldRoute[], others: readonly ToldRoute[]): readonly ToldRoute[] => {
  const facts = new Set(others.map(factsOf));
  return some.filter((one) => facts.has(factsOf(one)));
};

/** What is missing of a group of IPv4, in its order. */
function missingIpv4(before: readonly ToldRoute[], now: readonly ToldRoute[]): readonly Change[] {
  const there = among(now, before).map(factsOf);
  const wanted = before.map(factsOf);
  const first = wanted.length - there.length;
  // Where the last ones are left, those before them come back without a moment in which there is none.
  if (isDeepStrictEqual(wanted.slice(first), there))
    return before
      .slice(0, first)
      .map((one) => restoreRoute(one, HOW.prepend))
      .reverse();
  const odd = wanted.findIndex((one, i) => one !== there[i]);
  return before
    .slice(odd)
    .flatMap((one) => (there.includes(factsOf(one)) ? toTheEnd(one) : [restoreRoute(one, HOW.append)]));
}

/** What is missing of a group of IPv6: of several ways some may be left. */
function missingIpv6(before: readonly ToldRoute[], now: readonly ToldRoute[]): readonly Change[] {
  const there = among(before, now);
  const someWays = now.some(({ route }) => !isDirect(route));
  return before
    .filter((one) => !there.includes(one))
    .map((one) => restoreRoute(one, one.route.nextHops && someWays ? HOW.replace : HOW.append));
}

/** What is missing of those to one place, where several changes may have taken some. */
function missingOf(before: readonly ToldRoute[], now: readonly ToldRoute[]): readonly Change[] {
  const metrics = new Set(before.map(({ route }) => route.metric ?? 0));
  return [...metrics].flatMap((metric) => {
    const [group, left] = [before, now].map((some) => some.filter(ofMetric(metric))) as [
      ToldRoute[],
      ToldRoute[],
    ];
    return group[0]?.route.family === 'ipv6' ? missingIpv6(group, left) : missingIpv4(group, left);
  });
}

/** What puts back the one whose place was taken. */
function unreplaced(remove: Change, checked: CheckedRoute, group: readonly ToldRoute[]): readonly Change[] {
  const { given, version } = checked;
  const direct = given.gateway === undefined && given.nextHops === undefined;
  // Of IPv6 one with a gateway takes the place of one with a gateway, where there is such.
  const alike = version === 'ipv4' ? group[0] : group.find(({ route }) => isDirect(route) === direct);
  const before = alike ?? group[0];
  if (before === undefined) return [remove];
  return alike ? [restoreRoute(before, HOW.replace)] : [remove, restoreRoute(before, HOW.append)];
}

/** Puts back what deletions took of those to one place: which one each of them takes, those before it decide. */
const missingAgain = (object: string, checked: CheckedRoute, before: readonly ToldRoute[]): Settling => ({
  asked: { action: 'delete', object, device: checked.given.device },
  settles: JSON.stringify(['routes', checked.version, ...placeOf(checked)]),
  missing: async (kernel) => missingOf(before, await beside(checked, kernel)),
});

/** What takes back a change of routes: to be asked before it is made. */
export async function undoRoute(
  how: How,
  object: string,
  checked: CheckedRoute,
  kernel: Asking,
): Promise<readonly Undo[]> {
  const exact = exactly(checked);
  const remove = removal(object, exact);
  // The kernel has refused it if there is one in its group.
  if (how === 'add') return [remove];
  const all = await beside(checked, kernel);
  const firstOf = async (some: readonly ToldRoute[], of: CheckedRoute): Promise<ToldRoute | undefined> =>
    some.find(fitting(of)) ?? some.find(fitting(await byOwnNames(kernel, of)));
  if (how === 'delete') return [missingAgain(object, checked, all)];
  const group = all.filter(ofMetric(exact.given.metric));
  if (how === 'replace') return unreplaced(remove, checked, group);
  // It is the last of its group: where others fit as well, it has to be the first.
  const others = checked.version === 'ipv4' && (await firstOf(group, exact)) ? group : [];
  return [...others.flatMap(toTheEnd), remove];
}
