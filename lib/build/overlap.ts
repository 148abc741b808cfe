// Networks that cannot both run on one host: they share addresses, a route, or the bridge that libvirt makes for one.
import type { NetworkDocument, NetworkIp, Route } from '../xml/index.js';
import {
  BITS,
  type Cidr,
  classfulPrefix,
  contains,
  formatCidr,
  networkOf,
  overlaps,
  parseCidr,
  parseIp,
  prefixOf,
  sameIp,
} from './address/index.js';

/** What two networks have in common that only one can have. */
export interface Overlap {
  /**
   * - `subnet`: subnets with addresses in common: guests of one would not be reached;
   * - `route`: a route of one leads to the very subnet, or has the very destination, of the other;
   * - `bridge`: the same bridge, which libvirt would have to make for one of them.
   */
  readonly kind: 'subnet' | 'route' | 'bridge';
  /** The names of the two networks. */
  readonly networks: readonly [string, string];
  /** What each of them has: a subnet, or the name of the bridge. */
  readonly parts: readonly [string, string];
}

/** Link-local addresses mean something else on every link (RFC 4291, section 2.5.6): they are in nobody's way. */
const LINK_LOCAL = parseCidr('fe80::/10') as Cidr;

/** The address of an `<ip>` or `<route>` with the prefix that libvirt takes, also when there is neither netmask nor prefix. */
export const cidrOf = ({ address, netmask, prefix }: NetworkIp | Route): Cidr | undefined => {
  const ip = address === undefined ? undefined : parseIp(address);
  if (!ip) return undefined;
  const mask = netmask === undefined ? undefined : parseIp(netmask);
  // libvirt takes a prefix of 0 for none, except for the address of all zeros.
  const length = prefix || (mask ? prefixOf(mask) : classfulPrefix(ip));
  return length === undefined || length > BITS[ip.family] ? undefined : { ...ip, prefix: length };
};

/** The subnet that an `<ip>` or `<route>` claims. */
const subnetOf = (part: NetworkIp | Route): Cidr | undefined => {
  const cidr = cidrOf(part);
  return cidr && !contains(LINK_LOCAL, cidr) ? networkOf(cidr) : undefined;
};

const subnetsOf = (parts: readonly (NetworkIp | Route)[] = []): Cidr[] =>
  parts.map(subnetOf).filter((subnet) => subnet !== undefined);

const same = (a: Cidr, b: Cidr): boolean => sameIp(a, b) && a.prefix === b.prefix;

const MAKES_BRIDGE: ReadonlySet<string> = new Set(['nat', 'route', 'open']);

/** Whether libvirt makes the network's bridge by itself: without `<forward>`, too. */
const makesBridge = ({ forward }: NetworkDocument): boolean =>
  forward === undefined || MAKES_BRIDGE.has(forward.mode ?? 'nat');

/** A network with what it can share, worked out once for all pairs. */
const claimsOf = (document: NetworkDocument) => ({
  document,
  subnets: subnetsOf(document.ips),
  routes: subnetsOf(document.routes),
});

type Claims = ReturnType<typeof claimsOf>;

const between = (one: Claims, other: Claims): Overlap[] => {
  const networks = [one.document.name, other.document.name] as const;
  const pairs = (
    kind: Overlap['kind'],
    a: Cidr[],
    b: Cidr[],
    meet: (a: Cidr, b: Cidr) => boolean,
  ): Overlap[] =>
    a.flatMap((mine) =>
      b
        .filter((its) => meet(mine, its))
        .map((its) => ({ kind, networks, parts: [formatCidr(mine), formatCidr(its)] as const })),
    );
  const bridge = one.document.bridge?.name;
  const shared =
    bridge !== undefined &&
    bridge === other.document.bridge?.name &&
    (makesBridge(one.document) || makesBridge(other.document));
  return [
    ...pairs('subnet', one.subnets, other.subnets, overlaps),
    // Of routes the one with the longest prefix wins, so only those of the same destination are in each other's way.
    ...pairs('route', one.routes, [...other.subnets, ...other.routes], same),
    ...pairs('route', one.subnets, other.routes, same),
    ...(shared ? [{ kind: 'bridge', networks, parts: [bridge, bridge] } as const] : []),
  ];
};

/**
 * What a network has in common with others that only one of them can have.
 *
 * @param document a network, built or read from libvirt.
 * @param others networks of the same host. One of the same name or UUID is the network itself, and left out.
 * @returns one entry for each pair of subnets, routes or bridges; none when all can run together.
 *
 * @example
 * ```ts
 * findOverlaps(build.network.nat({ name: 'a', ip: '192.168.10.1/24' }), [build.network.nat({ name: 'b', ip: '192.168.0.1/16' })])
 * // [{ kind: 'subnet', networks: ['a', 'b'], parts: ['192.168.10.0/24', '192.168.0.0/16'] }]
 * ```
 */
export const findOverlaps = (
  document: NetworkDocument,
  others: readonly NetworkDocument[],
): readonly Overlap[] => {
  const own = claimsOf(document);
  const itself = ({ name, uuid }: NetworkDocument): boolean =>
    name === document.name || (uuid !== undefined && uuid === document.uuid);
  return others.filter((other) => !itself(other)).flatMap((other) => between(own, claimsOf(other)));
};

/** An overlap in words: `network 'a' (192.168.10.0/24) overlaps network 'b' (192.168.0.0/16)`. */
export const overlapMessage = ({ kind, networks, parts }: Overlap): string => {
  const [one, other] = networks;
  const [mine, its] = parts;
  if (kind === 'bridge') return `network '${one}' and network '${other}' have the same bridge, ${mine}`;
  if (kind === 'route')
    return `network '${one}' and network '${other}' have routes to the same subnet, ${mine}`;
  return `network '${one}' (${mine}) overlaps network '${other}' (${its})`;
};
