// What of rules not all kernels know. One that does not takes no notice of it, and makes or deletes a rule that is for
// more traffic: it is asked before.
import { type Asked, KernelError } from './error.js';
import { writeAttribute } from './netlink/attributes.js';
import { Bytes } from './netlink/bytes.js';
import { framed } from './netlink/message.js';
import { AF, RTM, requestName } from './netlink/numbers.js';
import { ruleMessage } from './netlink/rule.js';
import type { Asking } from './rtnetlink.js';
import { MASKS } from './rule.js';

/** What kernels do not know that are older than virtnet: they take no notice of it, and make a rule without it. */
const NEWER = ['dscp', 'flowLabel', ...MASKS] as const;

/** A prefix that no address has: what says so is refused, whatever else it says. */
const NO_PREFIX = 255;
const [ERANGE, EOPNOTSUPP] = [34, 95];

/** Throws where the kernel does not know what is said of a rule: what it knows, it does not take without a value. */
export async function refuseUnknown(
  kernel: Asking,
  asked: Asked,
  call: number,
  given: object,
): Promise<void> {
  const newer = NEWER.filter((name) => name in given);
  if (newer.length === 0) return;
  const tried = newer.map((name) => ({
    asked,
    request: RTM.DELRULE,
    write: () => {
      const header = { family: AF.inet, sourcePrefix: NO_PREFIX };
      const whole = Bytes.of(ruleMessage.write({ type: RTM.DELRULE, header }));
      return framed(RTM.DELRULE, 0, (out) => {
        out.bytes(whole.part(whole.length - ruleMessage.size).toArray());
        writeAttribute(out, ruleMessage.rows[name].number, () => {});
      });
    },
  }));
  const outcomes = await kernel.send(tried);
  const at = outcomes.findIndex(({ ending }) => ending.errno !== ERANGE);
  if (at < 0) return;
  const field = newer[at];
  throw new KernelError(asked, {
    errno: EOPNOTSUPP,
    call: requestName(call),
    detail: `this kernel has no ${field} of rules`,
    field,
  });
}
