// All links of a namespace at once.
import { KnownNames } from './known-names.js';
import { type Link, readLink, readName } from './link.js';
import { linkMessage, linkSummary } from './netlink/info.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import type { Asking } from './rtnetlink.js';

/** All links. */
export async function allLinks(kernel: Asking): Promise<Link[]> {
  const message = linkMessage.write({ type: RTM.GETLINK, flags: NLM.dump });
  const messages = await kernel.dump(RTM.GETLINK, message, { action: 'list', object: 'links' });
  return kernel.read(messages, readLink, messages.map(readName));
}

/** What finds a link again. */
export interface LinkSummary {
  readonly name: string;
  readonly index: number;
  readonly group: number;
  /** The number of the link that it stands on, or of its other end; maybe in another namespace. */
  readonly lower: number | undefined;
}

/** RTEXT_FILTER_SKIP_STATS of include/uapi/linux/rtnetlink.h: the kernel need not add up what has passed. */
const SKIP_STATISTICS = 8;

/** All links, no more of each than what finds it again: far cheaper, where there are many. */
export async function linkSummaries(kernel: Pick<Asking, 'dump'>): Promise<LinkSummary[]> {
  const message = linkMessage.write({
    type: RTM.GETLINK,
    flags: NLM.dump,
    attributes: { extended: SKIP_STATISTICS },
  });
  const messages = await kernel.dump(RTM.GETLINK, message, { action: 'list', object: 'links' });
  return messages.map(({ payload }) => {
    const { index, attributes } = linkSummary.read(payload);
    const { name = '', group = 0, linkIndex: lower } = attributes;
    return { name, index, group, lower };
  });
}

/** Whether a link is the master of others. */
export async function hasPorts(kernel: Pick<Asking, 'dump'>, { name, index }: Link): Promise<boolean> {
  const message = linkMessage.write(
    { type: RTM.GETLINK, flags: NLM.dump, attributes: { master: name, extended: SKIP_STATISTICS } },
    new KnownNames([[name, index]]),
  );
  const ports = await kernel.dump(RTM.GETLINK, message, { action: 'list', object: `ports of '${name}'` });
  return ports.length > 0;
}

/** The index of each by its name, for requests that name them. */
export const indexesOf = (
  links: readonly LinkSummary[],
): readonly (readonly [name: string, index: number])[] => links.map(({ name, index }) => [name, index]);
