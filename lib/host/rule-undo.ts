// What takes back changes of rules. Rules of one priority stand one behind the other, a new one behind the others. The
// kernel compares what a deletion says, and takes the first that fits: that may be one that has more than is said.
import { again, away, ruleAgain } from './again.js';
import type { Asked } from './error.js';
import { NLM } from './netlink/message.js';
import type { Told } from './netlink/retold.js';
import type { Change, Settling } from './operation.js';
import type { Family } from './prefix.js';
import type { Asking } from './rtnetlink.js';
import { type ToldRule, toldRules } from './rule.js';

/** Bytes that ask for nothing: those of no number, and of none where there may be one. */
const saysNothing = (value: Uint8Array): boolean =>
  value.every((byte) => byte === 0) || value.every((byte) => byte === 0xff);

/** What a deletion compares of struct fib_rule_hdr: prefixes, type of service, table and action. */
const COMPARED = [1, 2, 3, 4, 7];

/** Whether the kernel may take one rule for another that is to be deleted. */
function mayBeTakenFor({ header, attributes }: Told, one: Told): boolean {
  const has = new Map(one.attributes.map(([number, value]) => [number, value.join()]));
  return (
    COMPARED.every((at) => !header[at] || header[at] === one.header[at]) &&
    attributes.every(([number, value]) => saysNothing(value) || has.get(number) === value.join())
  );
}

/** All that a rule is, whatever of it has a name here. */
const factsOf = (told: Told): string => {
  const { header, attributes } = ruleAgain(told);
  return JSON.stringify([header.join(), ...attributes.map(([number, value]) => `${number} ${value}`)]);
};
const facts = ({ told }: ToldRule): string => factsOf(told());

const said = ({ rule: { priority } }: ToldRule): string => `rule ${priority}`;
const gone = (one: ToldRule): Change => away('RULE', said(one), ruleAgain(one.told()));
const back = (one: ToldRule): Change => again('RULE', said(one), ruleAgain(one.told()), NLM.create);

/** Those that are among others, and those that are not: of the same as many as there are. */
function parted(some: readonly ToldRule[], others: readonly ToldRule[]): [in_: ToldRule[], out: ToldRule[]] {
  const left = others.map(facts);
  const parts: [ToldRule[], ToldRule[]] = [[], []];
  for (const one of some) {
    const at = left.indexOf(facts(one));
    if (at >= 0) left.splice(at, 1);
    parts[at >= 0 ? 0 : 1].push(one);
  }
  return parts;
}

const ofPriority =
  (priority: number) =>
  ({ rule }: ToldRule): boolean =>
    rule.priority === priority;

/** Where those to be deleted begin, and before them those that might be deleted in their place. */
const startOf = (group: readonly ToldRule[], at: number): number =>
  group.slice(at).some((one) => group.slice(0, at).some((ahead) => mayBeTakenFor(one.told(), ahead.told())))
    ? 0
    : at;

/** What is missing of those of a priority, in their order. */
function missingOf(before: readonly ToldRule[], now: readonly ToldRule[]): readonly Change[] {
  const [there] = parted(now, before);
  const odd = before.findIndex((one, i) => there[i] === undefined || facts(one) !== facts(there[i]));
  if (odd < 0) return [];
  const start = startOf(there, odd);
  return [...there.slice(start).map(gone), ...before.slice(start).map(back)];
}

/** Puts back the rules of a family that were there before. */
export const missingRules = (asked: Asked, version: Family, before: readonly ToldRule[]): Settling => ({
  asked,
  settles: `rules of ${version}`,
  missing: async (kernel: Asking) => {
    const now = await toldRules(kernel, version);
    const priorities = new Set(before.map(({ rule }) => rule.priority));
    return [...priorities].flatMap((one) =>
      missingOf(before.filter(ofPriority(one)), now.filter(ofPriority(one))),
    );
  },
});

/** Takes away the one that was made, and none of those that were there before. */
export const madeRule = (
  asked: Asked,
  version: Family,
  before: readonly ToldRule[],
  isIt: (one: ToldRule) => boolean,
): Settling => ({
  asked,
  settles: Symbol('a rule'),
  missing: async (kernel: Asking) => {
    const now = await toldRules(kernel, version);
    const [, others] = parted(now, before);
    const made = others.findLast(isIt);
    if (made === undefined) return [];
    const group = now.filter(ofPriority(made.rule.priority));
    const at = group.indexOf(made);
    if (startOf(group.slice(0, at + 1), at) === at) return [gone(made)];
    return [...group.map(gone), ...group.filter((one) => one !== made).map(back)];
  },
});

/** Whether a rule is all that was said. */
export const isTold = (wanted: Told): ((one: ToldRule) => boolean) => {
  const all = factsOf(wanted);
  return (one) => facts(one) === all;
};
