// Many links deleted at once: the kernel waits once for all of a group, where one by one it waits for each.
import { indexesOf, type LinkSummary, linkSummaries } from './all-links.js';
import { KernelError } from './error.js';
import { deleteGroup, setLink } from './link-changes.js';
import type { Rtnetlink } from './rtnetlink.js';

const ENODEV = 19;

/** Puts links into a group of their own, and deletes that. */
export async function deleteAll(kernel: Rtnetlink, wanted: readonly string[]): Promise<void> {
  if (wanted.length === 0) return;
  const links = await linkSummaries(kernel);
  const group = freeGroup(links);
  const known = indexesOf(links);
  const before = new Map(links.map(({ name, group: own }) => [name, own]));
  const joining = wanted.map((name) => setLink(name, { group }, 'delete'));
  const outcomes = await kernel.send(joining, known);
  const refused = outcomes.findIndex(({ ending }) => ending.errno !== 0);
  const deletion = deleteGroup(group);
  const [deleted] = refused < 0 ? await kernel.send([deletion]) : [];
  if (refused < 0 && deleted?.ending.errno === 0) return;
  await kernel.send(
    wanted.map((name) => setLink(name, { group: before.get(name) ?? 0 })),
    known,
  );
  const failed = refused < 0 ? deleted : outcomes[refused];
  const { asked } = joining[refused] ?? deletion;
  const { errno = ENODEV, detail } = failed?.ending ?? {};
  throw new KernelError(asked, { errno, call: 'RTM_DELLINK', detail });
}

/** A group that no link is in. Groups are numbers that anybody may take: a random one is nobody's. */
function freeGroup(links: readonly LinkSummary[]): number {
  const taken = new Set(links.map(({ group }) => group));
  for (;;) {
    const [group = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
    if (group > 0xffff && !taken.has(group)) return group;
  }
}
