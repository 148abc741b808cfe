// Which bridge or bond a link is in, and who is told what of it: of a port only its bridge, of a member only its bond. The
// kernel takes the one's options for the other's.
import { KernelError } from './error.js';
import { type Link, lookUp } from './link.js';
import { kindMade, type LinkChanges } from './link-changes.js';
import { RTM, requestName } from './netlink/numbers.js';
import type { Change } from './operation.js';
import type { Asking } from './rtnetlink.js';

const EOPNOTSUPP = 95;

/** What is told of a port, and the kind of what it is a port of. */
const PORT_OPTIONS = { bridgePort: 'bridge', bondMember: 'bond' } as const;

/** What a link is in after those changes, by the name that it is put there by. */
export function masterAfter(
  { name, altNames, master }: Pick<Link, 'name' | 'altNames' | 'master'>,
  changes: readonly Change[],
): string | undefined {
  const names = [name, ...altNames];
  const last = changes.findLast(({ puts }) => puts !== undefined && names.includes(puts.link));
  return last?.puts ? (last.puts.into ?? undefined) : master;
}

/** All names of a link. */
export async function namesOf(kernel: Asking, name: string): Promise<readonly string[]> {
  const found = await lookUp(kernel, name);
  return found ? [found.name, ...found.altNames] : [name];
}

/** Why a link is in none of that kind after those changes; undefined where it is in one, or nobody knows. */
async function notIn(
  kernel: Asking,
  name: string,
  kind: string,
  earlier: readonly Change[],
): Promise<string | undefined> {
  const found = await lookUp(kernel, name);
  // Who names a link that is not there hears of that.
  if (!found && kindMade(earlier, name) === undefined) return undefined;
  const master = masterAfter(found ?? { name, altNames: [] }, earlier);
  if (master === undefined) return `it is in no ${kind}`;
  const of = kindMade(earlier, master) ?? (await lookUp(kernel, master))?.kindName ?? kind;
  return of === kind ? undefined : `it is in '${master}', which is a ${of} and not a ${kind}`;
}

/** What is told of a port is told only of a link that is one, of a master of the kind that is told. */
export function onlyOfPort(name: string, change: Change, changes: LinkChanges): Change {
  const key = (['bridgePort', 'bondMember'] as const).find((one) => changes[one] !== undefined);
  if (key === undefined) return change;
  return {
    ...change,
    check: async (kernel, earlier) => {
      const detail = await notIn(kernel, name, PORT_OPTIONS[key], earlier);
      if (detail === undefined) return;
      throw new KernelError(change.asked, { errno: EOPNOTSUPP, call: requestName(RTM.NEWLINK), detail });
    },
  };
}
