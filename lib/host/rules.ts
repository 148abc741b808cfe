// host.rules: which table of routes is asked for which traffic.
import { isDeepStrictEqual } from 'node:util';
import { present } from '../build/present.js';
import { flag, type Reader, record } from '../build/reader.js';
import { again, away, ruleAgain } from './again.js';
import { checking } from './checking.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { apart, type Told } from './netlink/retold.js';
import { ruleAction, ruleMessage } from './netlink/rule.js';
import { deviceName, type Names, ranged, u8, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import { type Family, family, familyName, familyNumber, type Prefixed, subnet } from './prefix.js';
import { type RouteProtocol, type RouteTable, tableName, tableNumber, tables } from './route.js';
import type { Asking, Rtnetlink } from './rtnetlink.js';

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
const NOBODY = 0xffffffff;

const rows = ruleMessage.rows;
const fields = record<NewRule>()('a rule', {
  priority: u32.input,
  family,
  from: subnet,
  to: subnet,
  input: deviceName.input,
  output: deviceName.input,
  mark: u32.input,
  markMask: u32.input,
  tos: ranged(u8, 1, 255).input,
  not: flag,
  l3mdev: flag,
  realms: rows.realms.type.input as Reader<{ from: number; to: number }>,
  ipProtocol: rows.ipProtocol.type.input,
  sourcePorts: rows.sourcePorts.type.input as Reader<{ start: number; end: number }>,
  destinationPorts: rows.destinationPorts.type.input as Reader<{ start: number; end: number }>,
  users: rows.users.type.input as Reader<{ start: number; end: number }>,
  action: ruleAction.input,
  table: tableNumber,
  goto: u32.input,
  tunnelId: rows.tunnelId.type.input,
  suppressPrefix: ranged(u32, 0, NOBODY - 1).input,
  suppressGroup: ranged(u32, 0, NOBODY - 1).input,
  protocol: rows.protocol.type.input,
});

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
      action: raw.action,
      table: raw.action === 'table' && !l3mdev ? tableName(attributes.table ?? raw.table) : undefined,
      goto: attributes.goto,
      suppressPrefix: suppressPrefix === NOBODY ? undefined : suppressPrefix,
      suppressGroup: suppressGroup === NOBODY ? undefined : suppressGroup,
      protocol: attributes.protocol,
    }),
  });
}

function checkedRule(rule: NewRule) {
  const given = fields(rule, '');
  const { from, to } = given;
  const version = from?.family ?? to?.family ?? given.family ?? 'ipv4';
  for (const [name, one] of Object.entries({ from: from?.family, to: to?.family, family: given.family })) {
    if (one !== undefined && one !== version)
      throw new RangeError(`${name}: ${one} and ${version} are not in one rule`);
  }
  if (!Object.entries(given).some(([name, value]) => (says[name] ?? always)(value as never)))
    throw new RangeError(
      'rule: says nothing of which rule it is; give priority, table, from, to, mark, input, output or another of its fields',
    );
  return { given, version };
}

const always = () => true;
const never = () => false;

/** Whether a value tells one rule from others: the kernel takes the first of all where none does. */
const says: Readonly<Record<string, (value: never) => boolean>> = {
  family: never,
  not: never,
  l3mdev: (is: boolean) => is,
  from: ({ prefix }: Prefixed) => prefix > 0,
  to: ({ prefix }: Prefixed) => prefix > 0,
  mark: (mark: number) => mark !== 0,
  markMask: (mask: number) => mask !== 0,
  action: (action: NewRule['action']) => action !== 'table',
  table: (table: number) => table !== 0,
  protocol: (protocol: RouteProtocol) => protocol !== 'unspecified',
};

/** What of a rule tells people which one it is. */
const WORDS = {
  from: 'from',
  to: 'to',
  input: 'in by',
  output: 'out by',
  mark: 'with mark',
  table: 'to table',
} as const satisfies Partial<Record<keyof NewRule, string>>;

function worded(rule: NewRule): string {
  const words = (Object.keys(WORDS) as (keyof typeof WORDS)[])
    .filter((name) => rule[name] !== undefined)
    .map((name) => `${WORDS[name]} ${rule[name]}`);
  return ['rule', rule.priority ?? [], words.length > 0 ? words : 'for all'].flat(2).join(' ');
}

function ruleChange(how: 'add' | 'delete', rule: NewRule): Change {
  const request = how === 'add' ? RTM.NEWRULE : RTM.DELRULE;
  const asked = () => ({ action: how, object: worded(rule) });
  const { given, version } = checking(asked, request, () => checkedRule(rule));
  const { from, to } = given;
  const { action = given.goto === undefined ? 'table' : 'goto' } = given;
  const table = given.table ?? (action === 'table' && how === 'add' && !given.l3mdev ? tables.main : 0);
  return {
    asked: asked(),
    request,
    write: (names) =>
      ruleMessage.write(
        {
          type: request,
          flags: how === 'add' ? NLM.create | NLM.exclusive : 0,
          header: {
            family: familyNumber(version),
            destinationPrefix: to?.prefix ?? 0,
            sourcePrefix: from?.prefix ?? 0,
            tos: given.tos ?? 0,
            table: table > 255 ? 0 : table,
            action,
            flags: given.not ? ['not'] : [],
          },
          attributes: present({
            destination: to?.address,
            source: from?.address,
            input: given.input,
            goto: given.goto,
            priority: given.priority,
            mark: given.mark,
            realms: given.realms,
            tunnelId: given.tunnelId,
            suppressGroup: given.suppressGroup,
            suppressPrefix: given.suppressPrefix,
            table: table > 255 ? table : undefined,
            markMask: given.markMask,
            output: given.output,
            l3mdev: given.l3mdev || undefined,
            users: given.users,
            protocol: given.protocol,
            ipProtocol: given.ipProtocol,
            sourcePorts: given.sourcePorts,
            destinationPorts: given.destinationPorts,
          }),
        },
        names,
      ),
    whole: true,
    undo: async (kernel) => {
      if (how === 'add') return [deleteRule(rule)];
      const all = await toldRules(kernel, version);
      // Of those that are the same, the first is deleted.
      const fits = fitting({ ...given, family: version, action });
      const first = all.findIndex(({ rule: one }) => fits(one));
      const before = all[first];
      if (before === undefined) return [];
      // It comes back behind those of its priority, which are made anew behind it.
      const after = all.slice(first + 1).filter(({ rule: one }) => one.priority === before.rule.priority);
      const said = ({ rule: { priority } }: ToldRule) => `rule ${priority}`;
      return [
        ...after.map((one) => away('RULE', said(one), ruleAgain(one.told()))),
        ...[before, ...after].map((one) => again('RULE', said(one), ruleAgain(one.told()), NLM.create)),
      ];
    },
  };
}

/** Whether a rule is all that was given. */
const fitting = (given: object) => (rule: Rule) => {
  const all = new Map<string, unknown>(Object.entries(fields(rule, '')));
  return Object.entries(given).every(
    ([key, value]) => value === false || isDeepStrictEqual(all.get(key), value),
  );
};

/** A rule, and what the kernel told of it. */
interface ToldRule {
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

/** Makes a rule. */
export const addRule = (rule: NewRule): Change => ruleChange('add', rule);
/** Deletes the first rule that fits. */
export const deleteRule = (rule: NewRule): Change => ruleChange('delete', rule);

/** Which table of routes is asked for which traffic, as `ip rule` shows and changes it. */
export class Rules {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /** All rules of a family, in the order in which they are asked: `ipv4` if not given; `ip rule`. */
  async list(filter: { family?: Family } = {}): Promise<Rule[]> {
    const { family: version = 'ipv4' } = record<{ family?: Family }>()('a filter of rules', { family })(
      filter,
      '',
    );
    return (await toldRules(this.#kernel, version)).map(({ rule }) => rule);
  }

  /**
   * Makes a rule; `ip rule add`. Rejects with `EEXIST` when it is there, and with `EINVAL` when nothing is given that
   * tells it from others.
   *
   * ```ts
   * await host.rules.add({ from: '192.168.10.0/24', table: 100, priority: 1000 });
   * ```
   */
  async add(rule: NewRule): Promise<void> {
    await this.#kernel.ask(addRule(rule));
  }

  /**
   * Deletes the first rule that fits; `ip rule delete`. Rejects with `ENOENT` when none does, and with `EINVAL` when
   * nothing is given that tells it from others.
   */
  async delete(rule: NewRule): Promise<void> {
    await this.#kernel.ask(deleteRule(rule));
  }
}
