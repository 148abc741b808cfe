// What libvirt can change of a network without defining it anew, a row a part.
import { coded, record, wrongType } from '../build/reader.js';
import { LibvirtError } from '../errors.js';
import { virNetworkUpdateCommand, virNetworkUpdateSection } from '../native/constants.gen.js';
import { integer } from '../xml/codec.js';
import type {
  DhcpHost,
  DhcpRange,
  DnsHost,
  DnsSrv,
  DnsTxt,
  ForwardInterface,
  NetworkDocument,
  NetworkIp,
  PortGroup,
} from '../xml/index.js';
import { networkParts } from '../xml/network/parts.js';
import { writeFragment } from '../xml/write.js';
import { type Affect, affectFields, type Half } from './affect.js';
import type { Network } from './network.js';

/** The parts that can be changed by themselves, and their values. */
export interface NetworkParts {
  /** An address kept for one guest. */
  dhcpHost: DhcpHost;
  /** Addresses to lease. */
  dhcpRange: DhcpRange;
  /** Names of an address. */
  dnsHost: DnsHost;
  /** A DNS TXT record. */
  dnsTxt: DnsTxt;
  /** A DNS SRV record. */
  dnsSrv: DnsSrv;
  /** A class of guest connections, told by its name. */
  portGroup: PortGroup;
  /** A host device of a macvtap pool or of a routed network. */
  forwardInterface: ForwardInterface;
}

/** The name of a part. */
export type NetworkPart = keyof NetworkParts;

/**
 * The parts that can be changed where they are, and not only taken away and added. libvirt learnt DNS hosts and texts
 * after 9.0, which rejects them with `OPERATION_UNSUPPORTED`; 11.3 knows them.
 */
type Modifiable = 'dhcpHost' | 'portGroup' | 'dnsHost' | 'dnsTxt';

/** What can be done to a part: `add` puts it behind its like, `addFirst` before. */
export type UpdateAction<Part extends NetworkPart> =
  | 'add'
  | 'addFirst'
  | 'delete'
  | (Part extends Modifiable ? 'modify' : never);

/** Whole to add or modify; to delete, as much of it as tells which one is meant. */
export type UpdateValue<Part extends NetworkPart, Action> = Action extends 'delete'
  ? Partial<NetworkParts[Part]>
  : NetworkParts[Part];

export interface UpdateOptions extends Affect {
  /**
   * Which `<ip>` of the network the DHCP part belongs to, counted from 0. If not given, the one that has DHCP for the
   * family of the part's address.
   */
  ip?: number;
}

const commands = {
  add: virNetworkUpdateCommand.ADD_LAST,
  addFirst: virNetworkUpdateCommand.ADD_FIRST,
  modify: virNetworkUpdateCommand.MODIFY,
  delete: virNetworkUpdateCommand.DELETE,
} as const;

const sections = {
  dhcpHost: virNetworkUpdateSection.IP_DHCP_HOST,
  dhcpRange: virNetworkUpdateSection.IP_DHCP_RANGE,
  dnsHost: virNetworkUpdateSection.DNS_HOST,
  dnsTxt: virNetworkUpdateSection.DNS_TXT,
  dnsSrv: virNetworkUpdateSection.DNS_SRV,
  portGroup: virNetworkUpdateSection.PORTGROUP,
  forwardInterface: virNetworkUpdateSection.FORWARD_INTERFACE,
} as const satisfies Record<NetworkPart, number>;

/** The words for each action, with the part and the network between and behind them. */
const words = {
  add: ['add', 'to'],
  addFirst: ['add', 'to'],
  modify: ['modify', 'of'],
  delete: ['delete', 'from'],
} as const satisfies Record<keyof typeof commands, readonly [string, string]>;

const readUpdateOptions = record<UpdateOptions>()('a change', {
  ...affectFields,
  ip: coded(integer(0, 2 ** 31 - 1), 'the number of an <ip>, counted from 0'),
});

/** What virNetworkUpdate takes, and the words for what it does. */
export interface UpdateArguments {
  readonly command: number;
  readonly section: number;
  /** The number of the `<ip>`. */
  readonly ip: number | undefined;
  readonly belonging: Belonging | undefined;
  readonly xml: string;
  readonly affect: Affect;
  readonly words: string;
}

/** What virNetworkUpdate takes, checked. */
export function updateArguments(
  action: string,
  part: string,
  value: unknown,
  options: UpdateOptions,
): UpdateArguments {
  if (!Object.hasOwn(commands, action))
    throw new TypeError(`action: '${action}' is not one of ${Object.keys(commands).join(', ')}`);
  if (!Object.hasOwn(sections, part))
    throw new TypeError(`part: '${part}' is not one of ${Object.keys(sections).join(', ')}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType('value', value, `an object that describes a ${part}`);
  const { ip, ...affect } = readUpdateOptions(options, '');
  const [verb, preposition] = words[action as keyof typeof words];
  return {
    command: commands[action as keyof typeof commands],
    section: sections[part as NetworkPart],
    ip,
    belonging: belongingOf(part, value),
    xml: writeFragment(networkParts[part as NetworkPart], value, { partial: action === 'delete' }),
    affect,
    words: `${verb} a ${part} ${preposition}`,
  };
}

/** What tells to which `<ip>` a DHCP part belongs; undefined for other parts. */
interface Belonging {
  family?: 'ipv4' | 'ipv6';
  /** Of a guest of which nothing else is known. */
  name?: string;
}

function belongingOf(part: string, value: object): Belonging | undefined {
  if (part !== 'dhcpHost' && part !== 'dhcpRange') return undefined;
  const { ip, start, mac, name } = value as Partial<DhcpHost & DhcpRange>;
  const address = ip ?? start;
  if (address !== undefined) return { family: address.includes(':') ? 'ipv6' : 'ipv4' };
  if (mac !== undefined) return { family: 'ipv4' };
  return name === undefined ? undefined : { name };
}

/** The number of the `<ip>`, or -1: libvirt then takes the first with DHCP, of whichever family. */
export function indexOfIp({ ips = [] }: NetworkDocument, { family, name }: Belonging): number {
  const fits = ({ family: own = 'ipv4', dhcp }: NetworkIp) =>
    family === undefined ? dhcp?.hosts?.some((host) => host.name === name) : own === family;
  const withDhcp = ips.findIndex((ip) => ip.dhcp !== undefined && fits(ip));
  return withDhcp >= 0 ? withDhcp : ips.findIndex(fits);
}

/** The description of one half of a network: what runs, or the configuration. */
export async function describeHalf(network: Network, half: Half): Promise<NetworkDocument> {
  if (half === 'live') return network.describe();
  try {
    return await network.describe({ inactive: true });
  } catch (error) {
    // The test driver has one description only, and does not know the flag.
    if (error instanceof LibvirtError && error.code === 'INVALID_ARG') return network.describe();
    throw error;
  }
}
