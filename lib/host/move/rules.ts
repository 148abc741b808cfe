// The rules that name a link, with the name of another one instead. Rules of the same priority are asked in the order
// in which they were made: all of such a priority are made anew.
import { ruleAgain } from '../again.js';
import { NLM } from '../netlink/message.js';
import { AF, RTM } from '../netlink/numbers.js';
import { apart, revised, type Told } from '../netlink/retold.js';
import { ruleMessage } from '../netlink/rule.js';
import type { Change } from '../operation.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { readRule } from '../rules.js';
import { type Saying, saying, type Way } from './change.js';

/** struct fib_rule_hdr. */
const HEADER = 12;

const FRA = { input: 3, output: 17 } as const;

async function rulesOf(kernel: Rtnetlink, family: number) {
  const message = ruleMessage.write({ type: RTM.GETRULE, flags: NLM.dump, header: { family } });
  const messages = await kernel.dump(RTM.GETRULE, message, { action: 'list', object: 'rules' });
  const rules = await kernel.read(messages, readRule);
  return rules.flatMap((rule, i) => {
    const told = apart(messages[i]?.payload as never, HEADER);
    return rule === undefined ? [] : [{ rule, told: ruleAgain(told) }];
  });
}

const named = (told: Told, { from, to }: Way): Told => {
  const rename = (value: Uint8Array) =>
    new TextDecoder().decode(value).replace(/\0.*$/s, '') === from.name
      ? new TextEncoder().encode(`${to}\0`)
      : value;
  return revised(told, { [FRA.input]: rename, [FRA.output]: rename });
};

/** The rules that name `from`, of both families. */
export async function moveRules(kernel: Rtnetlink, way: Way): Promise<readonly Change[]> {
  const all = (await Promise.all([rulesOf(kernel, AF.inet), rulesOf(kernel, AF.inet6)])).flat();
  const affected = all.filter(({ rule }) => rule.input === way.from.name || rule.output === way.from.name);
  const places = new Set(affected.map(({ rule }) => `${rule.family} ${rule.priority}`));
  const anew = all.filter(({ rule }) => places.has(`${rule.family} ${rule.priority}`));
  const moves = anew.map(({ rule, told }) => {
    const said = (request: number, about: Told): Saying => ({
      what: `rule ${rule.priority}`,
      request,
      flags: request === RTM.NEWRULE ? NLM.create : 0,
      device: way.from.name,
      about: () => about,
    });
    const [old, renamed] = [told, named(told, way)];
    return {
      arrive: saying(way, said(RTM.NEWRULE, renamed), said(RTM.DELRULE, renamed)),
      leave: saying(way, said(RTM.DELRULE, old), said(RTM.NEWRULE, old)),
    };
  });
  // Of those that are the same, the first is deleted. The last first: taken back, they are in their order again.
  return [...moves.map(({ arrive }) => arrive), ...moves.map(({ leave }) => leave).reverse()];
}
