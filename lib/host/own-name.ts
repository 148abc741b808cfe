// Links by any of their names: what the kernel tells of a link speaks of it by its own.
import { linkSummary } from './netlink/info.js';
import { RTM } from './netlink/numbers.js';
import { type Asking, byName } from './rtnetlink.js';

/** The own name of a link that may be called by another one; the same when there is none. */
export async function ownName(kernel: Pick<Asking, 'send'>, name: string): Promise<string> {
  const asked = { action: 'look for', object: `link '${name}'`, device: name };
  const [outcome] = await kernel.send([{ asked, request: RTM.GETLINK, write: () => byName(name) }]);
  const [message] = outcome?.messages ?? [];
  return (message && linkSummary.read(message.payload).attributes.name) ?? name;
}

/** Those of a link, or all when none is named. It is looked up only where its name is none that the kernel tells. */
export async function ofLink<T>(
  kernel: Pick<Asking, 'send'>,
  all: T[],
  link: string | undefined,
  isOf: (one: T, link: string) => boolean,
): Promise<T[]> {
  if (link === undefined) return all;
  const its = all.filter((one) => isOf(one, link));
  if (its.length > 0) return its;
  const own = await ownName(kernel, link);
  return own === link ? its : all.filter((one) => isOf(one, own));
}
