// Deletions of several links as one, which the kernel makes all or none: they are put into a link group of their own,
// which can be taken back, and then the group is deleted. It waits once for all of them, where one by one it waits for
// each.
import { type LinkSummary, linkSummaries } from './all-links.js';
import type { Asked } from './error.js';
import { lookUp } from './link.js';
import { linkMessage } from './netlink/info.js';
import { RTM } from './netlink/numbers.js';
import type { Change } from './operation.js';
import type { Asking } from './rtnetlink.js';

/** Puts a link into a group. */
const setGroup = (name: string, group: number, asked: Asked): Change => ({
  asked,
  request: RTM.NEWLINK,
  write: (names) =>
    linkMessage.write({
      type: RTM.NEWLINK,
      header: { index: names.indexOf(name) },
      attributes: { group },
    }),
});

/** Deletes all links of a group. */
export const deleteGroup = (group: number): Change => ({
  asked: { action: 'delete', object: `the links of group ${group}` },
  request: RTM.DELLINK,
  write: () => linkMessage.write({ type: RTM.DELLINK, attributes: { group } }),
});

/** Deletions as one. */
export interface Together {
  /** What puts each of the links into the group, in their order. */
  readonly joining: readonly Change[];
  readonly deletion: Change;
}

/** Several deletions of links as one. */
export async function together(kernel: Asking, deletions: readonly Change[]): Promise<Together> {
  const links = await linkSummaries(kernel);
  const group = freeGroup(links);
  const groups = new Map(links.map(({ name, group: own }) => [name, own]));
  const joining = deletions.map(({ asked, deletes }): Change => {
    const name = deletes as string;
    return {
      ...setGroup(name, group, asked),
      whole: true,
      undo: async () => {
        // One of its other names is in no list of all.
        const before = groups.get(name) ?? (await lookUp(kernel, name))?.group;
        return before === undefined ? [] : [setGroup(name, before, { ...asked, action: 'restore' })];
      },
    };
  });
  return { joining, deletion: deleteGroup(group) };
}

/**
 * Which of some deletions is the one for which the kernel refused all: the first of a link that was made by no driver of
 * a kind, and is a part of the machine.
 */
export async function refusedOf(kernel: Asking, deletions: readonly Change[]): Promise<Change | undefined> {
  for (const deletion of deletions) {
    const found = await lookUp(kernel, deletion.deletes as string).catch(() => undefined);
    if (found && found.kindName === undefined) return deletion;
  }
  return deletions[0];
}

/** A group that no link is in. Groups are numbers that anybody may take: a random one is nobody's. */
function freeGroup(links: readonly LinkSummary[]): number {
  const taken = new Set(links.map(({ group }) => group));
  for (;;) {
    const [group = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
    if (group > 0xffff && !taken.has(group)) return group;
  }
}
