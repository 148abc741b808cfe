// What libvirt can change of a network without defining it anew, a row a part.
import { coded, record, wrongType } from '../build/reader.js';
import { virNetworkUpdateCommand, virNetworkUpdateSection } from '../native/constants.gen.js';
import { integer } from '../xml/codec.js';
import type {
  DhcpHost,
  DhcpRange,
  DnsHost,
  DnsSrv,
  DnsTxt,
  ForwardInterface,
  PortGroup,
} from '../xml/index.js';
import { networkParts } from '../xml/network/parts.js';
import { writeFragment } from '../xml/write.js';
import { type Affect, affectFields } from './affect.js';

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

/** The fields of each part that tell one from the others. */
export interface NetworkPartKeys {
  dhcpHost: 'mac' | 'id' | 'name' | 'ip';
  dhcpRange: 'start' | 'end';
  dnsHost: 'ip' | 'hostnames';
  dnsTxt: 'name' | 'value';
  dnsSrv: 'service' | 'protocol' | 'domain' | 'target' | 'port' | 'priority' | 'weight';
  portGroup: 'name';
  forwardInterface: 'dev';
}

/** Whole to add or modify; to delete, as much of it as tells which one is meant: one of its keys at least. */
export type UpdateValue<Part extends NetworkPart, Action> = Part extends NetworkPart
  ? Action extends 'delete'
    ? Partial<NetworkParts[Part]> &
        {
          [Key in NetworkPartKeys[Part] & keyof NetworkParts[Part]]: Required<Pick<NetworkParts[Part], Key>>;
        }[NetworkPartKeys[Part] & keyof NetworkParts[Part]]
    : NetworkParts[Part]
  : never;

export interface UpdateOptions extends Affect {
  /**
   * Which `<ip>` of the network the DHCP part belongs to, counted from 0. If not given, the one whose subnet has the
   * part's address, or else the one that has DHCP for its family; what is deleted is looked for in all.
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

/** One change of a part. */
export interface Step {
  readonly action: keyof typeof commands;
  readonly part: NetworkPart;
  readonly value: object;
  /** The number of the `<ip>`. */
  readonly ip: number | undefined;
}

/** What virNetworkUpdate takes, and the words for what it does. */
export interface UpdateArguments {
  readonly command: number;
  readonly section: number;
  readonly index: number;
  readonly xml: string;
  readonly words: string;
}

/** A change as it was asked for, checked. */
export function readUpdate(
  action: string,
  part: string,
  value: unknown,
  options: UpdateOptions,
): Step & { affect: Affect } {
  if (!Object.hasOwn(commands, action))
    throw new TypeError(`action: '${action}' is not one of ${Object.keys(commands).join(', ')}`);
  if (!Object.hasOwn(sections, part))
    throw new TypeError(`part: '${part}' is not one of ${Object.keys(sections).join(', ')}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType('value', value, `an object that describes a ${part}`);
  const { ip, ...affect } = readUpdateOptions(options, '');
  const step = { action: action as Step['action'], part: part as NetworkPart, value, ip };
  updateArguments(step);
  return { ...step, affect };
}

/** A change as virNetworkUpdate takes it. Throws, naming the field, for a value that cannot be. */
export function updateArguments({ action, part, value, ip = -1 }: Step): UpdateArguments {
  const [verb, preposition] = words[action];
  return {
    command: commands[action],
    section: sections[part],
    index: ip,
    xml: writeFragment(networkParts[part], value, { partial: action === 'delete' }),
    words: `${verb} a ${part} ${preposition}`,
  };
}
