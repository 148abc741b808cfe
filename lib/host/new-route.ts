// A route that is asked for: what can be said of it, and the request.
import { present } from '../build/present.js';
import { flag, record, someOf } from '../build/reader.js';
import type { Scope } from './address.js';
import { deviceArgument } from './device-argument.js';
import { scope } from './netlink/address.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { metrics, preference, protocol, type RawNextHop, routeMessage, routeType } from './netlink/route.js';
import { ip, type Names, ranged, u8, u32 } from './netlink/types.js';
import { address, type Family, family, familyNumber, type Prefixed, subnet } from './prefix.js';
import {
  type NextHop,
  type RouteBase,
  type RouteProtocol,
  type RouteTable,
  type RouteType,
  tableNumber,
  tables,
} from './route.js';

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

/** What is left of more does not fit in what the kernel tells it: hundredths of seconds, in 31 bits. */
const MOST_SECONDS = Math.floor((2 ** 31 - 1) / 100);

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
    preference: preference.input,
    expires: ranged(u32, 1, MOST_SECONDS).input,
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
  {
    pref: 'which of several routers is taken is the preference',
    via: 'the next machine on the way is the gateway',
    dev: 'the link is the device',
  },
);

/** What was said of a route. */
export type Requested = ReturnType<typeof routeFields>;

/** What was said of a route, and which family it is of. */
export interface CheckedRoute {
  readonly given: Requested;
  readonly version: Family;
}

const hopsOf = ({ nextHops, onLink: all }: Requested, version: Family): readonly RawNextHop[] | undefined =>
  nextHops?.map(({ gateway, device: by, weight = 1, onLink = all }) => ({
    weight,
    flags: onLink ? ['onLink'] : [],
    ...(by !== undefined && { device: by }),
    ...(gateway !== undefined && { [ofFamily(gateway, version) ? 'gateway' : 'via']: gateway }),
  }));

const ofFamily = (text: string, version: Family): boolean => text.includes(':') === (version === 'ipv6');

/** How far a route reaches when nobody says so, as ip has it. */
export function reachOf({ type = 'unicast', gateway, nextHops }: Requested, version: Family): Scope {
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

/** A subnet as the kernel tells it: that of all addresses is the default. */
const unlessAll = <T extends Prefixed | 'default'>(to: T): T | 'default' =>
  typeof to !== 'string' && to.prefix === 0 ? 'default' : to;

/** Throws where what is said of a route does not go together. */
export function checkedRoute(route: NewRoute): CheckedRoute {
  const given = routeFields(route, '');
  const { destination, source, gateway } = given;
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
  for (const field of ['preference', 'expires'] as const)
    if (given[field] !== undefined && version === 'ipv4')
      throw new RangeError(`${field}: routes of IPv6 only have it; of IPv4 the lowest metric is taken`);
  if (given.tos !== undefined && version === 'ipv6')
    throw new RangeError('tos: routes of IPv4 only have it; of IPv6 a rule chooses by it: host.rules.add');
  const { source: _source, ...rest } = given;
  const limited = source && source.prefix > 0 ? { source } : {};
  return { version, given: { ...rest, ...limited, destination: unlessAll(destination) } };
}

/** What is asked for. */
export type How = keyof typeof flagsOf | 'delete';

/** The request. */
export function routeRequest(how: How, { given, version }: CheckedRoute, names: Names): Uint8Array {
  const { destination, source, gateway } = given;
  const table = given.table ?? tables.main;
  const whose =
    how === 'delete'
      ? { scope: given.scope ?? 'nowhere', ...present({ type: given.type, protocol: given.protocol }) }
      : {
          scope: given.scope ?? reachOf(given, version),
          type: given.type ?? 'unicast',
          protocol: given.protocol ?? 'boot',
        };
  return routeMessage.write(
    {
      type: how === 'delete' ? RTM.DELROUTE : RTM.NEWROUTE,
      flags: how === 'delete' ? 0 : flagsOf[how],
      header: {
        family: familyNumber(version),
        destinationPrefix: destination === 'default' ? 0 : destination.prefix,
        sourcePrefix: source?.prefix ?? 0,
        tos: given.tos ?? 0,
        table: table > 255 ? 0 : table,
        ...whose,
        flags: given.onLink ? 4 : 0,
      },
      attributes: present({
        destination: destination === 'default' ? undefined : destination.address,
        source: source?.address,
        gateway: gateway?.family === version ? gateway.address : undefined,
        via: gateway && gateway.family !== version ? gateway.address : undefined,
        device: given.device,
        metric: given.metric,
        preference: given.preference,
        expires: given.expires,
        preferredSource: given.preferredSource?.address,
        metrics: given.metrics,
        nextHops: hopsOf(given, version),
        table: table > 255 ? table : undefined,
      }),
    },
    names,
  );
}
