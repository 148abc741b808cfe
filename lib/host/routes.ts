// host.routes: where packets go.
import { present } from '../build/present.js';
import { flag, record, someOf } from '../build/reader.js';
import type { Scope } from './address.js';
import { HOW } from './again.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { KernelError } from './error.js';
import { scope } from './netlink/address.js';
import { NLM } from './netlink/message.js';
import { RTM, requestName } from './netlink/numbers.js';
import { metrics, protocol, type RawNextHop, routeMessage, routeType } from './netlink/route.js';
import { ip, ranged, u8, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import { ownName } from './own-name.js';
import { address, type Family, family, familyNumber, subnet } from './prefix.js';
import {
  type NextHop,
  type Route,
  type RouteBase,
  type RouteProtocol,
  type RouteTable,
  type RouteType,
  restoreRoute,
  type ToldRoute,
  tableNumber,
  tables,
  toldRoute,
  toldRoutes,
} from './route.js';
import { type RoutedPacket, routeQuery } from './routed-packet.js';
import type { Asking, Rtnetlink } from './rtnetlink.js';
import { ofThere } from './there.js';

/** A route to be made. */
export interface NewRoute extends RouteBase {
  /** Of `default` without a gateway that tells: `ipv4` if not given. */
  readonly family?: Family;
  /** What kind of way it is: `unicast` if not given; `blackhole`, `unreachable` and `prohibit` lead nowhere. */
  readonly type?: RouteType;
  /** The table that it is in: `main` if not given. */
  readonly table?: RouteTable;
  /** Who made it: `boot` if not given, as ip does. */
  readonly protocol?: RouteProtocol;
  /** How far it reaches; by type and gateway if not given. */
  readonly scope?: Scope;
  /** Whether the gateway is reached though no subnet of the link has it. */
  readonly onLink?: boolean;
}

/** Which routes are asked for. */
export interface RouteFilter {
  /** Of this table only: `main` if not given, `all` for all. */
  table?: RouteTable | 'all';
  /** Of this family only. */
  family?: Family;
  /** By this link only. */
  device?: string;
}

const hop = record<NextHop>()('a next hop', {
  gateway: ip.input,
  device: deviceArgument,
  weight: ranged(u8, 1, 256).input,
  onLink: flag,
});

const routeFields = record<NewRoute>()(
  'a route',
  {
    destination: {
      needed: (value, path) => (value === 'default' ? ('default' as const) : subnet(value, path)),
    },
    source: subnet,
    gateway: address,
    device: deviceArgument,
    tos: ranged(u8, 1, 255).input,
    metric: u32.input,
    preferredSource: address,
    nextHops: someOf(hop),
    metrics: metrics.reader('the metrics of a route'),
    family,
    type: routeType.input,
    table: tableNumber,
    protocol: protocol.input,
    scope: scope.input,
    onLink: flag,
  },
  { via: 'the next machine on the way is the gateway', dev: 'the link is the device' },
);

const filterFields = record<RouteFilter>()('a filter of routes', {
  table: (value, path) => (value === 'all' ? ('all' as const) : tableNumber(value, path)),
  family,
  device: deviceArgument,
});

type Requested = ReturnType<typeof routeFields>;

const hopsOf = ({ nextHops, onLink: all }: Requested, version: Family): readonly RawNextHop[] | undefined =>
  nextHops?.map(({ gateway, device: by, weight = 1, onLink = all }) => ({
    weight,
    flags: onLink ? ['onLink'] : [],
    ...(by !== undefined && { device: by }),
    ...(gateway !== undefined && { [ofFamily(gateway, version) ? 'gateway' : 'via']: gateway }),
  }));

const ofFamily = (text: string, version: Family): boolean => text.includes(':') === (version === 'ipv6');

/** How far a route reaches when nobody says so, as ip has it. */
function reachOf({ type = 'unicast', gateway, nextHops }: Requested, version: Family): Scope {
  if (version === 'ipv6') return 'global';
  if (type === 'local' || type === 'nat') return 'host';
  if (type === 'unicast') return gateway || nextHops ? 'global' : 'link';
  return type === 'broadcast' || type === 'multicast' || type === 'anycast' ? 'link' : 'global';
}

const ENETUNREACH = 101;

const flagsOf = {
  add: NLM.create | NLM.exclusive,
  replace: NLM.create | NLM.replace,
  append: NLM.create | NLM.append,
};

function checkedRoute(route: NewRoute) {
  const given = routeFields(route, '');
  const { destination, gateway } = given;
  if (given.nextHops && (gateway || given.device !== undefined))
    throw new TypeError('nextHops: not together with gateway and device, which each of them has');
  const version =
    destination === 'default' ? (gateway?.family ?? given.family ?? 'ipv4') : destination.family;
  if (given.family !== undefined && given.family !== version)
    throw new RangeError(`family: ${given.family} is not that of ${route.destination}`);
  const preferred = given.preferredSource?.family ?? version;
  if (preferred !== version)
    throw new RangeError(`preferredSource: ${preferred} and ${version} are not in one route`);
  if (given.source && given.source.family !== version)
    throw new RangeError(`source: ${given.source.family} and ${version} are not in one route`);
  if (given.source && version === 'ipv4')
    throw new RangeError(
      'source: routes of IPv6 only have it; of IPv4 a rule chooses by the source: host.rules.add',
    );
  if (given.tos !== undefined && version === 'ipv6')
    throw new RangeError('tos: routes of IPv4 only have it; of IPv6 a rule chooses by it: host.rules.add');
  return { given, version };
}

function routeChange(how: 'add' | 'replace' | 'append' | 'delete', route: NewRoute): Change {
  const deleting = how === 'delete';
  const request = deleting ? RTM.DELROUTE : RTM.NEWROUTE;
  const { given, version } = checking(
    () => ({ action: how, object: `route to ${route.destination}`, device: route.device }),
    request,
    () => checkedRoute(route),
  );
  const { destination, source, gateway } = given;
  const table = given.table ?? tables.main;
  return {
    asked: { action: how, object: `route to ${route.destination}`, device: given.device },
    request,
    write: (names) =>
      routeMessage.write(
        {
          type: request,
          flags: how === 'delete' ? 0 : flagsOf[how],
          header: {
            family: familyNumber(version),
            destinationPrefix: destination === 'default' ? 0 : destination.prefix,
            sourcePrefix: source?.prefix ?? 0,
            tos: given.tos ?? 0,
            table: table > 255 ? 0 : table,
            ...(deleting
              ? {
                  scope: given.scope ?? 'nowhere',
                  ...(given.type && { type: given.type }),
                  ...(given.protocol && { protocol: given.protocol }),
                }
              : {
                  protocol: given.protocol ?? 'boot',
                  scope: given.scope ?? reachOf(given, version),
                  type: given.type ?? 'unicast',
                }),
            flags: given.onLink ? 4 : 0,
          },
          attributes: present({
            destination: destination === 'default' ? undefined : destination.address,
            source: source?.address,
            gateway: gateway?.family === version ? gateway.address : undefined,
            via: gateway && gateway.family !== version ? gateway.address : undefined,
            device: given.device,
            metric: given.metric,
            preferredSource: given.preferredSource?.address,
            metrics: given.metrics,
            nextHops: hopsOf(given, version),
            table: table > 255 ? table : undefined,
          }),
        },
        names,
      ),
    whole: true,
    undo: async (kernel) => {
      const remove = routeChange('delete', route);
      if (how === 'add' || how === 'append') return [remove];
      const all = await toldRoutes(kernel, { table, family: version });
      const key = destination === 'default' ? destination : `${destination.address}/${destination.prefix}`;
      const same = all.filter(({ route: { destination: to, tos } }) => to === key && tos === given.tos);
      if (how === 'replace') {
        const metric = given.metric ?? (version === 'ipv6' ? 1024 : 0);
        const before = same.find(({ route: one }) => (one.metric ?? 0) === metric);
        return [before === undefined ? remove : restoreRoute(before, HOW.replace)];
      }
      const before = same.find(fitting(given)) ?? same.find(fitting(await byOwnNames(kernel, given)));
      return before === undefined ? [] : [restoreRoute(before, placeOf(before, same))];
    },
  };
}

/** Whether a route is one that a deletion is about: the kernel takes the first. */
const fitting =
  (given: Requested) =>
  ({ route }: ToldRoute): boolean => {
    const keys = ['metric', 'type', 'protocol', 'scope'] as const;
    // Of several ways of IPv6 one can be deleted.
    const ways: readonly NextHop[] = [route, ...(route.nextHops ?? [])];
    const has = ({ gateway, device: by }: NextHop): boolean =>
      ways.some((way) => (gateway ?? way.gateway) === way.gateway && (by ?? way.device) === way.device);
    return (
      keys.every((key) => given[key] === undefined || given[key] === route[key]) &&
      (given.preferredSource?.address ?? route.preferredSource) === route.preferredSource &&
      has(present({ gateway: given.gateway?.address, device: given.device })) &&
      (given.nextHops?.every(has) ?? true)
    );
  };

/** The same, with the links called as the kernel tells of them. */
async function byOwnNames(kernel: Asking, given: Requested): Promise<Requested> {
  const own = async <T extends { readonly device?: string }>(way: T): Promise<T> =>
    way.device === undefined ? way : { ...way, device: await ownName(kernel, way.device) };
  const { nextHops } = given;
  return { ...(await own(given)), ...(nextHops && { nextHops: await Promise.all(nextHops.map(own)) }) };
}

/** How it comes back to where it was: before those with the same metric, behind them, or as one with them. */
function placeOf(before: ToldRoute, all: readonly ToldRoute[]): number {
  if (before.route.family === 'ipv6') return before.route.nextHops ? HOW.replace : HOW.append;
  const [first] = all.filter(({ route }) => route.metric === before.route.metric);
  return first === before ? HOW.prepend : HOW.append;
}

/** Makes a route. */
export const addRoute = (route: NewRoute): Change => routeChange('add', route);
/** Makes a route, or puts it into the place of the one to the same destination with the same metric. */
export const replaceRoute = (route: NewRoute): Change => routeChange('replace', route);
/** Makes one more route to the same destination. */
export const appendRoute = (route: NewRoute): Change => routeChange('append', route);
/** Deletes a route. */
export const deleteRoute = (route: NewRoute): Change => routeChange('delete', route);

/** Where packets go, as `ip route` shows and changes it. */
export class Routes {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * The routes of the main table, or those that a filter lets through; `ip route`. Rejects with `ENODEV` when there is
   * no such link.
   *
   * ```ts
   * const everywhere = await host.routes.list({ table: 'all', family: 'ipv6' });
   * ```
   */
  async list(filter: RouteFilter = {}): Promise<Route[]> {
    const asked = { action: 'list', object: 'routes', device: filter.device };
    const checked = checking(
      () => asked,
      RTM.GETROUTE,
      () => filterFields(filter, ''),
    );
    const { table = tables.main, ...rest } = checked;
    const all = await toldRoutes(this.#kernel, { table, ...present(rest) });
    return (await ofThere(this.#kernel, all, rest.device, asked)).map(({ route }) => route);
  }

  /**
   * The route that a packet to an address takes; `ip route get`.
   *
   * @param packet what else is known of it: where it comes from, by which link, its mark.
   * @throws KernelError with code `ENETUNREACH` when there is none, or when its source is no address of this machine and
   *   `input` does not say how it came here; `ENODEV` when there is no such link.
   *
   * ```ts
   * await host.routes.get('10.20.0.1');
   * await host.routes.get('10.20.0.1', { from: '192.168.10.7', input: 'br0' });
   * ```
   */
  async get(to: string, packet: RoutedPacket = {}): Promise<Route> {
    const asked = { action: 'find', object: `route to ${to}` };
    const query = checking(
      () => asked,
      RTM.GETROUTE,
      () => routeQuery(to, packet),
    );
    const messages = await this.#kernel.ask({ asked, ...query });
    const [found] = await this.#kernel.read(messages, ({ payload }, names) =>
      toldRoute(routeMessage.read(payload, names)),
    );
    if (!found) throw new KernelError(asked, { errno: ENETUNREACH, call: requestName(RTM.GETROUTE) });
    return found;
  }

  /**
   * Makes a route; `ip route add`.
   *
   * @throws KernelError with code `EEXIST` when there is one, `ENETUNREACH` when the gateway is in no subnet of a link.
   *
   * ```ts
   * await host.routes.add({ destination: 'default', gateway: '192.168.10.254' });
   * await host.routes.add({
   *   destination: '10.0.0.0/8',
   *   nextHops: [{ gateway: '192.168.10.2', weight: 2 }, { gateway: '192.168.10.3' }],
   *   metrics: { mtu: 1400 },
   * });
   * ```
   */
  async add(route: NewRoute): Promise<void> {
    await this.#kernel.ask(addRoute(route));
  }

  /** Makes a route, or puts it into the place of the one to the same destination with the same metric; `ip route replace`. */
  async replace(route: NewRoute): Promise<void> {
    await this.#kernel.ask(replaceRoute(route));
  }

  /** Makes one more route to the same destination; `ip route append`. */
  async append(route: NewRoute): Promise<void> {
    await this.#kernel.ask(appendRoute(route));
  }

  /** Deletes the first route that fits; `ip route delete`. Rejects with `ESRCH` when there is none. */
  async delete(route: NewRoute): Promise<void> {
    await this.#kernel.ask(deleteRoute(route));
  }
}
