// What a message about a route tells beyond the route in it. Routes of one group (the same destination, source, type
// of service and metric in a table) stand one behind the other: the kernel tells which route came, and not whose place
// it took; of several ways of IPv6 it tells all when one is added, and the one when one goes.
import { NLM } from './netlink/message.js';
import { isDirect, type NextHop, type Route } from './route.js';

/** What became of one of a group. */
export interface News<T> {
  readonly change: 'set' | 'deleted';
  readonly item: T;
  /** Whether it stands before those that were there. */
  readonly first?: boolean;
}

/** What makes several routes a group. */
export const routeGroup = ({ family, table, destination, source, tos, metric }: Route): string =>
  JSON.stringify([family, table, destination, source, tos, metric]);

/** What tells one of a group from others. */
export const routeKey = (route: Route): string => {
  const { type, protocol, preferredSource, device, gateway, nextHops } = route;
  return JSON.stringify([routeGroup(route), type, protocol, preferredSource, device, gateway, nextHops]);
};

const waysOf = (route: Route): readonly NextHop[] => route.nextHops ?? (isDirect(route) ? [] : [route]);

const isWay =
  ({ gateway, device }: NextHop) =>
  (way: NextHop): boolean =>
    way.gateway === gateway && way.device === device;

/** Those of a group that are no more when one is told. */
function goneFor(route: Route, flags: number, group: readonly Route[]): readonly Route[] {
  if (group.some((one) => routeKey(one) === routeKey(route))) return [];
  const ways = waysOf(route);
  const replaced = (flags & NLM.replace) !== 0;
  if (route.family === 'ipv4') return replaced ? group.slice(0, 1) : [];
  // Of IPv6 one with a gateway takes the place of one with a gateway, where there is such.
  const place = group.find((one) => isDirect(one) === isDirect(route)) ?? group[0];
  const isIn = (one: Route): boolean => !isDirect(one) && waysOf(one).every((way) => ways.some(isWay(way)));
  return group.filter((one) => (replaced && one === place) || isIn(one));
}

/** A route of several ways without one of them. */
function without(route: Route, gone: Route): Route {
  const { nextHops = [], ...rest } = route;
  const left = nextHops.filter((way) => !isWay(gone)(way));
  const [only] = left;
  if (only === undefined || left.length > 1) return Object.freeze({ ...rest, nextHops: left });
  const { gateway, device, onLink = route.onLink } = only;
  return Object.freeze({
    ...rest,
    onLink,
    ...(gateway !== undefined && { gateway }),
    ...(device !== undefined && { device }),
  });
}

/** All that a message about a route tells, by what was told of its group. */
export function routeNews(
  { change, item }: News<Route>,
  flags: number,
  group: readonly Route[],
): readonly News<Route>[] {
  const gone = (one: Route): News<Route> => ({ change: 'deleted', item: one });
  if (change === 'set') {
    const first = (flags & (NLM.append | NLM.exclusive | NLM.replace)) === 0 || (flags & NLM.replace) !== 0;
    return [
      ...goneFor(item, flags, group).map(gone),
      { change, item, first: first && item.family === 'ipv4' },
    ];
  }
  const whole = group.find((one) => one.nextHops?.some(isWay(item)));
  if (item.family === 'ipv4' || item.nextHops || whole === undefined) return [{ change, item }];
  return [gone(whole), { change: 'set', item: without(whole, item) }];
}
