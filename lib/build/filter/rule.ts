// Rules as sentences: what to do, which way, with what: `rule.drop.out.ip({ srcIp: '$IP', match: false })`.

import type { FilterRule } from '../../xml/index.js';
import { protocols } from '../../xml/nwfilter/protocols.js';
import { rule as ruleElement } from '../../xml/nwfilter/rule.js';
import { writeFragment } from '../../xml/write.js';
import { deepFreeze } from '../freeze.js';
import { present } from '../present.js';
import { show } from '../reader.js';

const actions = ['drop', 'reject', 'accept', 'return', 'continue'] as const;
const directions = ['in', 'out', 'inout'] as const;

type Protocol = (typeof protocols)[number];

/** What a rule says of itself, beside what it says of its protocol. */
export interface RuleOptions {
  /** When the rule's turn is, -1000 to 1000: the lower, the earlier. Default: 500. */
  priority?: number;
  /** Whether the host's firewall follows the state of connections for it. Default: true. */
  stateMatch?: boolean;
}

/**
 * The rules of one action and one direction, a function a protocol.
 *
 * @interface
 */
export type RuleProtocols = {
  readonly [P in Protocol]: (options?: NonNullable<FilterRule[P]> & RuleOptions) => FilterRule;
} & {
  /** A rule for all traffic. */
  readonly any: (options?: RuleOptions) => FilterRule;
};

/** The rules of one action. */
export type RuleDirections = {
  /** Of what comes to the guest. */
  readonly in: RuleProtocols;
  /** Of what the guest sends. */
  readonly out: RuleProtocols;
  /** Of both. */
  readonly inout: RuleProtocols;
};

/** Rules by action, direction and protocol. */
export type RuleActions = {
  /** Away with it, unheard. */
  readonly drop: RuleDirections;
  /** Away with it, and the sender is told. */
  readonly reject: RuleDirections;
  /** Lets it pass, whatever later rules say. */
  readonly accept: RuleDirections;
  /** Goes on in the filter that referred to this one. */
  readonly return: RuleDirections;
  /** Goes on with the next rule. */
  readonly continue: RuleDirections;
};

/** The protocols inside of IP that have ports for libvirt. */
const withPorts: readonly unknown[] = ['tcp', 'udp', 'sctp', 6, 17, 33, 132];

const checkPorts = (protocol: string, match: { readonly [key: string]: unknown }): void => {
  if ((protocol !== 'ip' && protocol !== 'ipv6') || withPorts.includes(match.protocol)) return;
  const port = ['srcPortStart', 'srcPortEnd', 'dstPortStart', 'dstPortEnd'].find(
    (key) => match[key] !== undefined,
  );
  if (port !== undefined)
    throw new TypeError(
      `${protocol}.${port}: ports need a protocol that has them; protocol is ${show(match.protocol)}, not tcp, udp, sctp or 33 (DCCP)`,
    );
};

const makeRule = (
  action: (typeof actions)[number],
  direction: (typeof directions)[number],
  protocol: Protocol | 'any',
  options: unknown = {},
): FilterRule => {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`options: ${show(options)} is not an object that describes a rule`);
  const { priority, stateMatch, ...match } = options as RuleOptions & { readonly [key: string]: unknown };
  const made = present({
    action,
    direction,
    priority,
    stateMatch,
    ...(protocol === 'any' ? match : { [protocol]: present(match) }),
  });
  // The schema says of each field what is wrong with it.
  writeFragment(ruleElement, made);
  checkPorts(protocol, match);
  return deepFreeze(structuredCopy(made)) as FilterRule;
};

/** A copy of plain objects and lists, so that what the caller holds stays the caller's. */
const structuredCopy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, structuredCopy(member)]));
};

const tableOf = <const K extends readonly string[], T>(
  keys: K,
  make: (key: K[number]) => T,
): { readonly [P in K[number]]: T } =>
  Object.freeze(Object.fromEntries(keys.map((key) => [key, make(key)]))) as { readonly [P in K[number]]: T };

/**
 * A rule of a filter as a sentence: what to do, which way the traffic goes (`in` is towards the guest), of which
 * protocol (`any` for all), and what to look at. A value that begins with `$` is a variable. The example is
 * `<rule action='drop' direction='out' priority='500'><ip match='no' srcipaddr='$IP'/></rule>`.
 *
 * @example
 * ```ts
 * build.rule.drop.out.ip({ srcIp: '$IP', match: false, priority: 500 })
 * // { action: 'drop', direction: 'out', priority: 500, ip: { srcIp: '$IP', match: false } }
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ip.srcIp: 10.0.0.300 is not …`
 * @see https://libvirt.org/formatnwfilter.html#supported-protocols
 */
export const rule: RuleActions = tableOf(actions, (action) =>
  tableOf(
    directions,
    (direction) =>
      tableOf(
        [...protocols, 'any'],
        (protocol) => (options?: unknown) => makeRule(action, direction, protocol, options),
      ) as RuleProtocols,
  ),
);
