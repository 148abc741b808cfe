// The rules that name a link, with the name of another one instead. Rules of the same priority are asked in the order
// in which they were made: all of such a priority are made anew.
import { ruleAgain } from '../again.js';
import { numbersOf } from '../netlink/attributes.js';
import { NLM } from '../netlink/message.js';
import { RTM } from '../netlink/numbers.js';
import { bytesOfText, revised, type Told, textIn } from '../netlink/retold.js';
import { ruleMessage } from '../netlink/rule.js';
import type { Change, Settling } from '../operation.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { toldRules } from '../rule.js';
import { isTold, madeRule, missingRules } from '../rule-undo.js';
import { type Saying, saying, type Way } from './change.js';

const FRA = numbersOf(ruleMessage.rows);

/** Whether it is one of the names of the link that is left: the kernel keeps the one that it was told. */
const isOf = ({ from }: Way, name: string | undefined): boolean =>
  name !== undefined && (name === from.name || from.altNames.includes(name));

const named = (told: Told, way: Way): Told => {
  const rename = (value: Uint8Array) => (isOf(way, textIn(value)) ? bytesOfText(way.to) : value);
  return revised(told, { [FRA.input]: rename, [FRA.output]: rename });
};

/** The rules that name `from`, of both families. */
export async function moveRules(kernel: Rtnetlink, way: Way): Promise<readonly Change[]> {
  const all = (await Promise.all([toldRules(kernel, 'ipv4'), toldRules(kernel, 'ipv6')])).flat();
  const affected = all.filter(({ rule }) => isOf(way, rule.input) || isOf(way, rule.output));
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
    const old = ruleAgain(told());
    const renamed = named(old, way);
    const { family } = rule;
    const before = all.filter((one) => one.rule.family === family);
    const undone = (change: Change, undo: Settling): Change => ({ ...change, undo: async () => [undo] });
    const asked = { action: 'move', object: `rule ${rule.priority}`, device: way.from.name };
    return {
      arrive: undone(
        saying(way, said(RTM.NEWRULE, renamed)),
        madeRule(asked, family, before, isTold(renamed)),
      ),
      leave: undone(saying(way, said(RTM.DELRULE, old)), missingRules(asked, family, before)),
    };
  });
  // The kernel deletes the first that fits: each is the first of its priority when it is its turn.
  return [...moves.map(({ arrive }) => arrive), ...moves.map(({ leave }) => leave)];
}
