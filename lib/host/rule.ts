// A rule as the kernel tells it.
import { present } from '../build/present.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { apart, type Told } from './netlink/retold.js';
import { ruleMessage } from './netlink/rule.js';
import type { Names } from './netlink/types.js';
import { type Family, familyName, familyNumber } from './prefix.js';
import { type RouteProtocol, type RouteTable, tableName } from './route.js';
import type { Asking } from './rtnetlink.js';

/** Which traffic a rule is for, and what becomes of it. */
export interface NewRule {
  /** The order of rules: the lowest is asked first; before the last one that is there if not given. */
  readonly priority?: number;
  /** Of a rule without addresses: `ipv4` if not given. */
  readonly family?: Family;
  /** Traffic from there only. */
  readonly from?: string;
  /** Traffic to there only. */
  readonly to?: string;
  /** Traffic that came by this link only; `lo` for that of this machine. */
  readonly input?: string;
  /** Traffic of sockets that are bound to this link only. */
  readonly output?: string;
  /** Traffic with this mark of netfilter only. */
  readonly mark?: number;
  /** Which bits of the mark count; all if not given. */
  readonly markMask?: number;
  /** Traffic with this type of service (of IPv6: traffic class) only, without the two bits of ECN: 4 to 252. */
  readonly tos?: number;
  /** Traffic with this DSCP only, the upper six bits of the type of service: 0 to 63 (Linux 6.13). Not together with `tos`. */
  readonly dscp?: number;
  /** Which of its six bits count; all if not given (Linux 6.15). */
  readonly dscpMask?: number;
  /** Traffic with this flow label only, IPv6 only: 20 bits (Linux 6.14). */
  readonly flowLabel?: number;
  /** Which of its 20 bits count; all if not given. */
  readonly flowLabelMask?: number;
  /** Whether it is for all other traffic instead. */
  readonly not?: boolean;
  /** Traffic of this protocol of IP only: by name, or by number where it has none here. */
  readonly ipProtocol?:
    | ('icmp' | 'igmp' | 'tcp' | 'udp' | 'dccp' | 'gre' | 'esp' | 'ah' | 'icmpv6' | 'sctp')
    | number;
  /** Ports at the source only, from the first to the last. */
  readonly sourcePorts?: { readonly start: number; readonly end: number };
  /** Ports at the destination only, from the first to the last. */
  readonly destinationPorts?: { readonly start: number; readonly end: number };
  /** Which bits of the port at the source count, where `sourcePorts` is one; all if not given (Linux 6.15). */
  readonly sourcePortMask?: number;
  /** Which bits of the port at the destination count, where `destinationPorts` is one; all if not given (Linux 6.15). */
  readonly destinationPortMask?: number;
  /** Sockets of these users only, by their numbers from the first to the last. */
  readonly users?: { readonly start: number; readonly end: number };
  /** Traffic only that came by a tunnel with this key or VNI. */
  readonly tunnelId?: number;
  /** What becomes of it: `table` if not given. */
  readonly action?: 'table' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';
  /** Whether the table is that of the VRF which the traffic goes through, instead of `table`. */
  readonly l3mdev?: boolean;
  /** The realms of source and destination that `tc` and the accounts of routes see, IPv4 only: 0 for that of the route. */
  readonly realms?: { readonly from: number; readonly to: number };
  /** The table to ask: `main` if not given. */
  readonly table?: RouteTable;
  /** The rule to go on with, by priority. */
  readonly goto?: number;
  /** Routes with prefixes of at most this length do not count. */
  readonly suppressPrefix?: number;
  /** Routes by links of this group do not count. */
  readonly suppressGroup?: number;
  /** Who made it; nobody if not given. */
  readonly protocol?: RouteProtocol;
}

/** A rule, as the kernel tells it. */
export interface Rule extends NewRule {
  /** Of the traffic that it is for. */
  readonly family: Family;
  /** The order of rules: the lowest is asked first. */
  readonly priority: number;
}

/** What the kernel tells where nothing is suppressed. */
export const NOBODY = 0xffffffff;

/** Masks with which all bits count: newer kernels tell them where none was given. */
export const ALL_BITS = {
  dscpMask: 0x3f,
  flowLabelMask: 0xfffff,
  sourcePortMask: 0xffff,
  destinationPortMask: 0xffff,
} as const satisfies Partial<Record<keyof NewRule, number>>;

export const MASKS = Object.keys(ALL_BITS) as (keyof typeof ALL_BITS)[];

/** Those with which some bits do not count. */
const masksOf = (given: { readonly [K in keyof typeof ALL_BITS]?: number | undefined }) =>
  Object.fromEntries(
    MASKS.filter((mask) => given[mask] !== ALL_BITS[mask]).map((mask) => [mask, given[mask]]),
  );

/** The rule in a message; undefined for one of another family. */
export function readRule({ payload }: RawMessage, names: Names): Rule | undefined {
  const raw = ruleMessage.read(payload, names);
  const { attributes } = raw;
  const version = familyName(raw.family);
  if (version === undefined) return undefined;
  const { suppressPrefix, suppressGroup } = attributes;
  const l3mdev = attributes.l3mdev || undefined;
  return Object.freeze({
    family: version,
    priority: attributes.priority ?? 0,
    ...present({
      from: attributes.source && `${attributes.source}/${raw.sourcePrefix}`,
      to: attributes.destination && `${attributes.destination}/${raw.destinationPrefix}`,
      input: attributes.input,
      output: attributes.output,
      mark: attributes.mark,
      markMask: attributes.markMask,
      tos: raw.tos || undefined,
      not: raw.flags.includes('not') || undefined,
      l3mdev,
      realms: attributes.realms,
      ipProtocol: attributes.ipProtocol,
      tunnelId: attributes.tunnelId,
      sourcePorts: attributes.sourcePorts,
      destinationPorts: attributes.destinationPorts,
      users: attributes.users,
      dscp: attributes.dscp,
      flowLabel: attributes.flowLabel,
      ...masksOf(attributes),
      action: raw.action,
      table: raw.action === 'table' && !l3mdev ? tableName(attributes.table ?? raw.table) : undefined,
      goto: attributes.goto,
      suppressPrefix: suppressPrefix === NOBODY ? undefined : suppressPrefix,
      suppressGroup: suppressGroup === NOBODY ? undefined : suppressGroup,
      protocol: attributes.protocol,
    }),
  });
}

/** A rule, and what the kernel told of it. */
export interface ToldRule {
  readonly rule: Rule;
  readonly told: () => Told;
}

/** The rules of a family, in the order in which they are asked. */
export async function toldRules(kernel: Asking, version: Family): Promise<ToldRule[]> {
  const message = ruleMessage.write({
    type: RTM.GETRULE,
    flags: NLM.dump,
    header: { family: familyNumber(version) },
  });
  const messages = await kernel.dump(RTM.GETRULE, message, { action: 'list', object: 'rules' });
  const all = await kernel.read(messages, (one, names): ToldRule | undefined => {
    const rule = readRule(one, names);
    return rule && { rule, told: () => apart(one.payload, ruleMessage) };
  });
  return all.filter((one) => one !== undefined);
}
