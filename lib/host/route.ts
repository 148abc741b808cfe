// A route as the kernel tells it.
import { present } from '../build/present.js';
import type { Reader } from '../build/reader.js';
import type { Scope } from './address.js';
import { again, routeAgain } from './again.js';
import type { Told as Facts } from './netlink/attributes.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { apart, type Told } from './netlink/retold.js';
import {
  type metrics,
  type preference,
  type protocol,
  routeMessage,
  type routeType,
  secondsLeft,
} from './netlink/route.js';
import { type Names, named, u8, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import { ofLink } from './own-name.js';
import { type Family, familyName, familyNumber } from './prefix.js';
import type { Asking } from './rtnetlink.js';

/** A table of routes: a number, or one of the names that all have. */
export type RouteTable = number | 'main' | 'local' | 'default';

/**
 * What kind of way it is: RTN_… of linux/rtnetlink.h.
 *
 * @useDeclaredType
 */
export type RouteType = NonNullable<ReturnType<typeof routeType.read>>;

/**
 * Who made a route or a rule: RTPROT_… of linux/rtnetlink.h, or a number that has no name there.
 *
 * @useDeclaredType
 */
export type RouteProtocol = NonNullable<ReturnType<typeof protocol.read>>;

/**
 * Which of several routers is to be preferred: RFC 4191.
 *
 * @useDeclaredType
 */
export type RoutePreference = NonNullable<ReturnType<typeof preference.read>>;

/**
 * What TCP and others are told of a way: RTAX_… of linux/rtnetlink.h.
 *
 * @interface
 */
export type RouteMetrics = Facts<(typeof metrics)['rows']>;

/** One of several ways to the same place. */
export interface NextHop {
  /** The next machine on the way. */
  readonly gateway?: string;
  /** The link that leads there. */
  readonly device?: string;
  /** How much of the traffic goes here, in proportion to the others: 1 to 256, 1 if not given. */
  readonly weight?: number;
  /** Whether the gateway is reached though no subnet of the link has it; as the route says if not given. */
  readonly onLink?: boolean;
}

export interface RouteBase {
  /** Where it leads: a subnet or an address, or `default` for everywhere else. */
  readonly destination: string;
  /** Which traffic takes it by its source, IPv6 only. */
  readonly source?: string;
  /** The next machine on the way. */
  readonly gateway?: string;
  /** The link that leads there. */
  readonly device?: string;
  /** Traffic with this type of service only, without the two bits of ECN, IPv4 only: 4 to 252. */
  readonly tos?: number;
  /** Which of several routes is taken: the lowest. */
  readonly metric?: number;
  /**
   * Which of several routes of one metric is taken, as routers say it (RFC 4191), IPv6 only: `low`, `medium` or `high`;
   * `medium` if not given.
   */
  readonly preference?: RoutePreference;
  /** Seconds until it goes by itself, IPv6 only; it stays if not given. */
  readonly expires?: number;
  /** The source address of what this machine sends by it. */
  readonly preferredSource?: string;
  /** Several ways instead of one. */
  readonly nextHops?: readonly NextHop[];
  /** What TCP and others are told of the way. */
  readonly metrics?: RouteMetrics;
}

/** A route, as the kernel tells it. */
export interface Route extends RouteBase {
  /** Of its destination; which of the two a `default` is. */
  readonly family: Family;
  /** What kind of way it is; none where the kernel has a number that has no name here. */
  readonly type?: RouteType;
  /** The table that it is in. */
  readonly table: RouteTable;
  /** Who made it. */
  readonly protocol?: RouteProtocol;
  /** How far it reaches; none where the kernel has a number that has no name here. */
  readonly scope?: Scope;
  /** Whether the gateway is reached though no subnet of the link has it. */
  readonly onLink: boolean;
}

export const tables = { default: 253, main: 254, local: 255 } as const;

/** The number of a table. */
export const tableNumber: Reader<number> = (value, path) =>
  typeof value === 'number' ? u32.input(value, path) : tables[named(u8, tables).input(value, path)];

/** What a table is called. */
export const tableName = (number: number): RouteTable =>
  (Object.keys(tables) as (keyof typeof tables)[]).find((name) => tables[name] === number) ?? number;

/** A subnet, as people write it. */
export const cidr = (given: string | undefined, prefix: number): string =>
  given === undefined ? 'default' : `${given}/${prefix}`;

const CLONED = 0x200;
const ON_LINK = 4;

/** The route in a message; undefined for one of another family, or one of the cache. */
export function readRoute(message: RawMessage, names: Names): Route | undefined {
  const raw = routeMessage.read(message.payload, names);
  return (raw.flags & CLONED) === 0 ? toldRoute(raw) : undefined;
}

/** The route in an answer, which may be one of the cache; undefined for one of another family. */
export function toldRoute(raw: ReturnType<typeof routeMessage.read>): Route | undefined {
  const { attributes } = raw;
  const version = familyName(raw.family);
  if (version === undefined) return undefined;
  return Object.freeze({
    family: version,
    destination: cidr(attributes.destination, raw.destinationPrefix),
    table: tableName(attributes.table ?? raw.table),
    onLink: (raw.flags & ON_LINK) !== 0,
    ...present({
      type: raw.type,
      protocol: raw.protocol,
      scope: raw.scope,
      source: attributes.source && cidr(attributes.source, raw.sourcePrefix),
      gateway: attributes.gateway ?? attributes.via,
      device: attributes.device,
      tos: raw.tos || undefined,
      metric: attributes.metric,
      preference: attributes.preference === 'medium' ? undefined : attributes.preference,
      expires: secondsLeft(attributes.cacheInfo?.expires),
      preferredSource: attributes.preferredSource,
      metrics: attributes.metrics as RouteMetrics | undefined,
      nextHops: attributes.nextHops?.map(({ gateway, via, device: by, weight, flags }) =>
        present({
          gateway: gateway ?? via,
          device: by,
          weight,
          onLink: flags.includes('onLink') || undefined,
        }),
      ),
    }),
  });
}

/** Where struct rtmsg has the type of service. */
export const TOS = 3;

/** A route, and what the kernel told of it. */
export interface ToldRoute {
  readonly route: Route;
  /** Taken apart when it is asked for: of most that are listed nobody does. */
  readonly told: () => Told;
}

/** All routes that a filter lets through. */
export async function toldRoutes(
  kernel: Asking,
  filter: { table: number | 'all'; family?: Family; device?: string },
): Promise<ToldRoute[]> {
  const message = routeMessage.write({
    type: RTM.GETROUTE,
    flags: NLM.dump,
    header: { family: familyNumber(filter.family) },
  });
  const messages = await kernel.dump(RTM.GETROUTE, message, { action: 'list', object: 'routes' });
  const table = filter.table === 'all' ? 'all' : tableName(filter.table);
  const all = await kernel.read(messages, (message, names): ToldRoute | undefined => {
    const route = readRoute(message, names);
    return route && { route, told: () => apart(message.payload, routeMessage) };
  });
  const told = all
    .filter((one) => one !== undefined)
    .filter(({ route }) => table === 'all' || route.table === table);
  return ofLink(kernel, told, filter.device, ({ route }, own) => goesBy(route, own));
}

/** Whether it leads to no gateway: it may lead to the gateways of others. */
export const isDirect = ({ gateway, nextHops }: Route): boolean => (gateway ?? nextHops) === undefined;

/** Whether it leads over a link, alone or among others. */
export const goesBy = (route: Route, device: string): boolean =>
  route.device === device || (route.nextHops?.some((way) => way.device === device) ?? false);

/** Makes a route again with all that it had. */
export const restoreRoute = ({ route, told }: ToldRoute, flags: number): Change =>
  again('ROUTE', `route to ${route.destination}`, routeAgain(told()), flags, route.device);
