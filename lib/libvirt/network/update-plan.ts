// How a part of a network is added, modified or deleted: where it stands and which one is meant is told by the
// description. libvirt itself looks at little of what it is given: it takes DNS texts by their name alone, DNS hosts by
// their address or any of their names.
import { contains, type IpAddress, parseIp } from '../../build/address/index.js';
import { cidrOf } from '../../build/overlap.js';
import { LibvirtError } from '../../errors.js';
import { show } from '../../xml/fault.js';
import type {
  DhcpHost,
  DhcpRange,
  DnsHost,
  DnsSrv,
  DnsTxt,
  ForwardInterface,
  NetworkDocument,
  NetworkIp,
} from '../../xml/index.js';
import type { Half } from '../affect.js';
import { words } from '../done.js';
import type { NetworkPart, NetworkPartKeys, NetworkParts, Step } from '../network-update.js';
import { givenOf, isLike } from './alike.js';
import type { Plan, Planner } from './changes.js';

/** A part of a network, with the number of the `<ip>` that it stands in. */
interface Entry<T> {
  readonly value: T;
  readonly ip?: number;
}

/** How parts of a kind are found, and libvirt told which one to delete. */
interface Deletable<Part extends NetworkPart> {
  /** The fields of which one is needed to tell which one is meant. */
  readonly keys: readonly (NetworkPartKeys[Part] & keyof NetworkParts[Part])[];
  readonly of: (document: NetworkDocument) => readonly Entry<NetworkParts[Part]>[];
  /** What libvirt takes for this one and no other, if there is anything. */
  readonly told: (
    value: NetworkParts[Part],
    all: readonly NetworkParts[Part][],
  ) => Partial<NetworkParts[Part]> | undefined;
  /** Whether the first is taken where several could be meant. */
  readonly first?: boolean;
}

const plain = <T>(values: readonly T[] = []): Entry<T>[] => values.map((value) => ({ value }));

const inSubnets =
  <T>(of: (ip: NetworkIp) => readonly T[] | undefined) =>
  ({ ips = [] }: NetworkDocument): Entry<T>[] =>
    ips.flatMap((each, ip) => (of(each) ?? []).map((value) => ({ value, ip })));

const deletable: { readonly [Part in NetworkPart]: Deletable<Part> } = {
  dhcpHost: {
    keys: ['mac', 'id', 'name', 'ip'],
    of: inSubnets(({ dhcp }) => dhcp?.hosts),
    // An entry without a MAC address is that of any guest, and DUIDs do not count.
    told: ({ lease: _, ...host }: DhcpHost) => host,
    first: true,
  },
  dhcpRange: {
    keys: ['start', 'end'],
    of: inSubnets(({ dhcp }) => dhcp?.ranges),
    told: ({ start, end }: DhcpRange) => ({ start, end }),
  },
  dnsHost: { keys: ['ip', 'hostnames'], of: ({ dns }) => plain(dns?.hosts), told: ownOf },
  dnsTxt: {
    keys: ['name', 'value'],
    of: ({ dns }) => plain(dns?.txts),
    told: ({ name, value }: DnsTxt, all) =>
      all.find((other) => other.name === name)?.value === value ? { name } : undefined,
  },
  dnsSrv: {
    keys: ['service', 'protocol', 'domain', 'target', 'port', 'priority', 'weight'],
    of: ({ dns }) => plain(dns?.srvs),
    told: serverOf,
  },
  portGroup: {
    keys: ['name'],
    of: ({ portGroups }) => plain(portGroups),
    told: ({ name }) => ({ name }),
    first: true,
  },
  forwardInterface: {
    keys: ['dev'],
    of: ({ forward }) => plain(forward?.interfaces),
    told: ({ dev }: ForwardInterface) => ({ dev }),
    first: true,
  },
};

/** What a DNS host has alone: its address, or one of its names. */
function ownOf({ ip, hostnames }: DnsHost, all: readonly DnsHost[]): Partial<DnsHost> | undefined {
  const alone = (given: Partial<DnsHost>) =>
    all.filter((other) => isLike('dnsHost', given, other)).length < 2;
  return [{ ip }, ...hostnames.map((name) => ({ hostnames: [name] }))].find(alone);
}

/** All of a DNS service, if nobody else has what libvirt looks at. */
function serverOf(srv: DnsSrv, all: readonly DnsSrv[]): DnsSrv | undefined {
  const { service, protocol, domain, target } = srv;
  const alike = all.filter((other) => isLike('dnsSrv', { service, protocol, domain, target }, other));
  return alike.length < 2 ? srv : undefined;
}

/**
 * How a change comes about; undefined where libvirt needs to be told no more than what is given.
 *
 * @throws TypeError when nothing is given that would tell one from another.
 */
export function plannerOf({ name }: { readonly name: string }, step: Step): Planner<Plan> | undefined {
  if (step.action === 'delete') return planDeletion(`network '${name}'`, step);
  const { ip, start = ip } = step.value as Partial<DhcpHost & DhcpRange>;
  if (step.ip !== undefined || !(step.part === 'dhcpHost' || step.part === 'dhcpRange')) return undefined;
  const address = parseIp(start as string) as IpAddress;
  return (document) => ({ steps: [{ ...step, ip: placeOf(document, address, step.action) }] });
}

/**
 * The number of the `<ip>` that an address belongs to; undefined where there is none of its family. What is modified
 * is where the others are: libvirt has DHCP on one of each family.
 */
function placeOf(
  { ips = [] }: NetworkDocument,
  address: IpAddress,
  action: Step['action'],
): number | undefined {
  const fits = ({ family = 'ipv4' }: NetworkIp) => family === address.family;
  const serves = (ip: NetworkIp) => fits(ip) && ip.dhcp !== undefined;
  const has = (ip: NetworkIp) => {
    const subnet = fits(ip) ? cidrOf(ip) : undefined;
    return subnet !== undefined && contains(subnet, address);
  };
  const likely = action === 'modify' ? [serves, has] : [has, serves];
  const both = (ip: NetworkIp) => serves(ip) && has(ip);
  return [both, ...likely, fits].map((test) => ips.findIndex(test)).find((index) => index >= 0);
}

function planDeletion(network: string, step: Step): Planner<Plan> {
  const { part, value, ip } = step;
  const { keys, of, told, first = false } = deletable[part] as Deletable<'dhcpHost'>;
  const given = givenOf(value);
  if (!given.some(([field]) => (keys as readonly string[]).includes(field)))
    throw new TypeError(`value: it needs ${orOf(keys)} to tell which one is meant`);
  const meant = given
    .map(([field, its]) => `${field} ${Array.isArray(its) ? its.join(', ') : show(its)}`)
    .join(', ');
  const more = keys.filter((key) => value[key as never] === undefined);
  const refuse = (why: string, half: Half, hint: string) =>
    new LibvirtError(`cannot delete a ${part} from ${network}: ${why} ${words[half]} (${hint})`, {
      code: 'OPERATION_INVALID',
      function: 'virNetworkUpdate',
      object: network,
      hint,
      done: [],
    });
  return (document, half) => {
    const all = of(document);
    const found = all.filter(
      (entry) =>
        (ip === undefined || entry.ip === undefined || entry.ip === ip) && isLike(part, value, entry.value),
    );
    const [entry] = found;
    if (entry === undefined) throw refuse(`there is none with ${meant}`, half, lister(part, half));
    if (found.length > 1 && !first)
      throw refuse(`there are ${found.length} with ${meant}`, half, `say more of it: give ${orOf(more)} too`);
    const its = told(
      entry.value,
      all.map((other) => other.value),
    );
    if (its === undefined)
      throw refuse(
        `libvirt does not tell the one with ${meant} from another one`,
        half,
        'define() the network without it instead',
      );
    return { steps: [{ ...step, value: its, ip: entry.ip }] };
  };
}

const orOf = (keys: readonly string[]): string => keys.join(', ').replace(/, (\w+)$/, ' or $1');

function lister(part: NetworkPart, half: Half): string {
  const options = half === 'live' ? '' : '{ inactive: true }';
  return part === 'dhcpHost'
    ? `network.reservations.list(${options}) gives those that exist`
    : `network.describe(${options}) gives those that exist`;
}
