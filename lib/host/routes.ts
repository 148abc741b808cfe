// host.routes: where packets go.
import { present } from '../build/present.js';
import { list, type Reader, record } from '../build/reader.js';
import type { Scope } from './addresses.js';
import { scope } from './netlink/address.js';
import type { Settable } from './netlink/attributes.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { metrics, protocol, type RawNextHop, routeMessage, routeType } from './netlink/route.js';
import { device, ip, type Names, named, ranged, u8, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import type { Family } from './prefix.js';
import { address, family, familyName, familyNumber, subnet } from './prefix.js';
import type { Rtnetlink } from './rtnetlink.js';

/** A table of routes: a number, or one of the names that all have. */
export type RouteTable = number | 'main' | 'local' | 'default';

/** What kind of way it is. */
export type RouteType = NonNullable<ReturnType<typeof routeType.read>>;
/** Who made a route or a rule. */
export type RouteProtocol = NonNullable<ReturnType<typeof protocol.read>>;
/** What TCP and others are told of a way: RTAX_… */
export type RouteMetrics = Readonly<Settable<(typeof metrics)['rows']>>;

/** One of several ways to the same place. */
export interface NextHop {
  /** The next machine on the way. */
  readonly gateway?: string;
  /** The link that leads there. */
  readonly device?: string;
  /** How much of the traffic goes here, in proportion to the others: 1 to 256, 1 if not given. */
  readonly weight?: number;
}

interface RouteBase {
  /** Where it leads: a subnet or an address, or `default` for everywhere else. */
  readonly destination: string;
  /** Which traffic takes it by its source, IPv6 only. */
  readonly source?: string;
  /** The next machine on the way. */
  readonly gateway?: string;
  /** The link that leads there. */
  readonly device?: string;
  /** Which of several routes is taken: the lowest. */
  readonly metric?: number;
  /** The source address of what this machine sends by it. */
  readonly preferredSource?: string;
  /** Several ways instead of one. */
  readonly nextHops?: readonly NextHop[];
  /** What TCP and others are told of the way. */
  readonly metrics?: RouteMetrics;
}

/** A route, as the kernel tells it. */
export interface Route extends RouteBase {
  readonly family: Family;
  readonly type?: RouteType;
  readonly table: RouteTable;
  readonly protocol?: RouteProtocol;
  readonly scope?: Scope;
  /** Whether the gateway is reached though no subnet of the link has it. */
  readonly onLink: boolean;
}

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

const tables = { default: 253, main: 254, local: 255 } as const;

/** The number of a table. */
export const tableNumber: Reader<number> = (value, path) =>
  typeof value === 'number' ? u32.input(value, path) : tables[named(u8, tables).input(value, path)];

/** What a table is called. */
export const tableName = (number: number): RouteTable =>
  (Object.keys(tables) as (keyof typeof tables)[]).find((name) => tables[name] === number) ?? number;

const hop = record<NextHop>()('a next hop', {
  gateway: ip.input,
  device: device.input,
  weight: ranged(u8, 1, 256).input,
});

const routeFields = record<NewRoute>()(
  'a route',
  {
    destination: {
      needed: (value, path) => (value === 'default' ? ('default' as const) : subnet(value, path)),
    },
    source: subnet,
    gateway: address,
    device: device.input,
    metric: u32.input,
    preferredSource: ip.input,
    nextHops: list(hop),
    metrics: metrics.reader('the metrics of a route'),
    family,
    type: routeType.input,
    table: tableNumber,
    protocol: protocol.input,
    scope: scope.input,
    onLink: (value, path) => {
      if (typeof value !== 'boolean') throw new TypeError(`${path}: ${String(value)} is not true or false`);
      return value;
    },
  },
  { via: 'the next machine on the way is the gateway', dev: 'the link is the device' },
);

const filterFields = record<RouteFilter>()('a filter of routes', {
  table: (value, path) => (value === 'all' ? ('all' as const) : tableNumber(value, path)),
  family,
  device: device.input,
});

const cidr = (given: string | undefined, prefix: number): string =>
  given === undefined ? 'default' : `${given}/${prefix}`;

/** The route in a message; undefined for one of another family, or one of the cache. */
export function readRoute({ payload }: RawMessage, names: Names): Route | undefined {
  const raw = routeMessage.read(payload, names);
  const { attributes } = raw;
  const version = familyName(raw.family);
  const CLONED = 0x200;
  if (version === undefined || (raw.flags & CLONED) !== 0) return undefined;
  const onLink = (raw.flags & 4) !== 0;
  return Object.freeze({
    family: version,
    destination: cidr(attributes.destination, raw.destinationPrefix),
    table: tableName(attributes.table ?? raw.table),
    onLink,
    ...present({
      type: raw.type,
      protocol: raw.protocol,
      scope: raw.scope,
      source: attributes.source && cidr(attributes.source, raw.sourcePrefix),
      gateway: attributes.gateway ?? attributes.via,
      device: attributes.device,
      metric: attributes.metric,
      preferredSource: attributes.preferredSource,
      metrics: attributes.metrics as RouteMetrics | undefined,
      nextHops: attributes.nextHops?.map(({ gateway, via, device: by, weight }) =>
        present({ gateway: gateway ?? via, device: by, weight }),
      ),
    }),
  });
}

type Requested = ReturnType<typeof routeFields>;

const hopsOf = (hops: Requested['nextHops'], version: Family): readonly RawNextHop[] | undefined =>
  hops?.map(({ gateway, device: by, weight = 1 }) => ({
    weight,
    flags: [],
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

const flagsOf = {
  add: NLM.create | NLM.exclusive,
  replace: NLM.create | NLM.replace,
  append: NLM.create | NLM.append,
};

function routeChange(how: 'add' | 'replace' | 'append' | 'delete', route: NewRoute): Change {
  const given = routeFields(route, '');
  const { destination, source, gateway } = given;
  if (given.nextHops && (gateway || given.device !== undefined))
    throw new TypeError('nextHops: not together with gateway and device, which each of them has');
  const version =
    destination === 'default' ? (gateway?.family ?? given.family ?? 'ipv4') : destination.family;
  if (given.family !== undefined && given.family !== version)
    throw new RangeError(`family: ${given.family} is not that of ${route.destination}`);
  const table = given.table ?? tables.main;
  const deleting = how === 'delete';
  const request = deleting ? RTM.DELROUTE : RTM.NEWROUTE;
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
            preferredSource: given.preferredSource,
            metrics: given.metrics,
            nextHops: hopsOf(given.nextHops, version),
            table: table > 255 ? table : undefined,
          }),
        },
        names,
      ),
    undo: (kernel) => undoRoute(kernel, how, route, table, version),
  };
}

async function undoRoute(
  kernel: Rtnetlink,
  how: 'add' | 'replace' | 'append' | 'delete',
  route: NewRoute,
  table: number,
  version: Family,
): Promise<readonly Change[]> {
  if (how === 'add' || how === 'append') return [routeChange('delete', route)];
  const destination = routeFields(route, '').destination;
  const wanted = destination === 'default' ? destination : `${destination.address}/${destination.prefix}`;
  const before = (await listRoutes(kernel, { table, family: version })).filter(
    (one) =>
      one.destination === wanted &&
      (route.metric ?? (version === 'ipv6' ? 1024 : 0)) === (one.metric ?? 0) &&
      (how === 'replace' || route.device === undefined || route.device === one.device),
  );
  const [first] = before;
  if (first) return [routeChange('replace', toNew(first))];
  return how === 'replace' ? [routeChange('delete', route)] : [];
}

const toNew = ({ family: version, ...route }: Route): NewRoute => ({
  ...route,
  ...(route.destination === 'default' && route.gateway === undefined && { family: version }),
});

async function listRoutes(
  kernel: Rtnetlink,
  filter: { table: number | 'all'; family?: Family; device?: string },
): Promise<Route[]> {
  const message = routeMessage.write({
    type: RTM.GETROUTE,
    flags: NLM.dump,
    header: { family: familyNumber(filter.family) },
  });
  const messages = await kernel.dump(RTM.GETROUTE, message, { action: 'list', object: 'routes' });
  const table = filter.table === 'all' ? 'all' : tableName(filter.table);
  return (await kernel.read(messages, readRoute)).filter(
    (one): one is Route =>
      one !== undefined &&
      (table === 'all' || one.table === table) &&
      (filter.device === undefined ||
        one.device === filter.device ||
        (one.nextHops?.some((way) => way.device === filter.device) ?? false)),
  );
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
   * The routes of the main table, or those that a filter lets through; `ip route`.
   *
   * ```ts
   * const everywhere = await host.routes.list({ table: 'all', family: 'ipv6' });
   * ```
   */
  async list(filter: RouteFilter = {}): Promise<Route[]> {
    const { table = tables.main, ...rest } = filterFields(filter, '');
    return listRoutes(this.#kernel, { table, ...present(rest) });
  }

  /**
   * The route that a packet to an address takes; `ip route get`.
   *
   * @throws KernelError with code `ENETUNREACH` when there is none.
   */
  async get(to: string): Promise<Route> {
    const { family: version, address: destination } = address(to, 'to');
    const messages = await this.#kernel.ask({
      asked: { action: 'find', object: `route to ${destination}` },
      request: RTM.GETROUTE,
      write: () =>
        routeMessage.write({
          type: RTM.GETROUTE,
          header: { family: familyNumber(version), destinationPrefix: version === 'ipv4' ? 32 : 128 },
          attributes: { destination },
        }),
    });
    const uncached = messages.map(({ payload, ...message }) => ({ ...message, payload }));
    const [found] = await this.#kernel.read(uncached, (message, names) => {
      const raw = routeMessage.read(message.payload, names);
      return present({
        family: version,
        destination: cidr(raw.attributes.destination, raw.destinationPrefix),
        table: tableName(raw.attributes.table ?? raw.table),
        onLink: (raw.flags & 4) !== 0,
        type: raw.type,
        protocol: raw.protocol,
        scope: raw.scope,
        gateway: raw.attributes.gateway ?? raw.attributes.via,
        device: raw.attributes.device,
        metric: raw.attributes.metric,
        preferredSource: raw.attributes.preferredSource,
      }) as Route;
    });
    if (!found) throw new RangeError(`to: the kernel knows no route to ${destination}`);
    return Object.freeze(found);
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
