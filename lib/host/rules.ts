// host.rules: which table of routes is asked for which traffic.
import { isDeepStrictEqual } from 'node:util';
import { present } from '../build/present.js';
import { flag, type Reader, record } from '../build/reader.js';
import { checking } from './checking.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { ruleAction, ruleMessage } from './netlink/rule.js';
import { deviceName, ranged, u8, u32 } from './netlink/types.js';
import { refuseUnknown } from './newer-rules.js';
import { type Change, carryOut } from './operation.js';
import { type Family, family, familyNumber, type Prefixed, subnet } from './prefix.js';
import { type RouteProtocol, tableNumber, tables } from './route.js';
import type { Rtnetlink } from './rtnetlink.js';
import { ALL_BITS, type NewRule, NOBODY, type Rule, toldRules } from './rule.js';
import { madeRule, missingRules } from './rule-undo.js';

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
  dscp: rows.dscp.type.input,
  dscpMask: rows.dscpMask.type.input,
  flowLabel: rows.flowLabel.type.input,
  flowLabelMask: rows.flowLabelMask.type.input,
  sourcePortMask: rows.sourcePortMask.type.input,
  destinationPortMask: rows.destinationPortMask.type.input,
  users: rows.users.type.input as Reader<{ start: number; end: number }>,
  action: ruleAction.input,
  table: tableNumber,
  goto: u32.input,
  tunnelId: rows.tunnelId.type.input,
  suppressPrefix: ranged(u32, 0, NOBODY - 1).input,
  suppressGroup: ranged(u32, 0, NOBODY - 1).input,
  protocol: rows.protocol.type.input,
});

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
            dscp: given.dscp,
            flowLabel: given.flowLabel,
            flowLabelMask:
              given.flowLabelMask ?? (given.flowLabel === undefined ? undefined : ALL_BITS.flowLabelMask),
            sourcePortMask: given.sourcePortMask,
            destinationPortMask: given.destinationPortMask,
            dscpMask: given.dscpMask,
          }),
        },
        names,
      ),
    whole: true,
    check: (kernel) => refuseUnknown(kernel, asked(), request, given),
    undo: async (kernel) => {
      const before = await toldRules(kernel, version);
      if (how === 'delete') return [missingRules(asked(), version, before)];
      const fits = fitting({ ...given, family: version, action });
      return [madeRule(asked(), version, before, ({ rule: one }) => fits(one))];
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
   * Makes a rule; `ip rule add`. Rejects with `EEXIST` when it is there, with `EINVAL` when nothing is given that tells
   * it from others, and with `EOPNOTSUPP` when the kernel is too old for a field: it would make a rule without it.
   *
   * ```ts
   * await host.rules.add({ from: '192.168.10.0/24', table: 100, priority: 1000 });
   * ```
   */
  async add(rule: NewRule): Promise<void> {
    await carryOut(this.#kernel, [addRule(rule)]);
  }

  /**
   * Deletes the first rule that fits; `ip rule delete`. Rejects with `ENOENT` when none does, and with `EINVAL` when
   * nothing is given that tells it from others.
   */
  async delete(rule: NewRule): Promise<void> {
    await carryOut(this.#kernel, [deleteRule(rule)]);
  }
}
