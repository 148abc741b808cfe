// All links of a namespace at once.
import { type Link, readLink, readName } from './link.js';
import { linkMessage } from './netlink/info.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import type { Asking } from './rtnetlink.js';

/** All links. */
export async function allLinks(kernel: Asking): Promise<Link[]> {
  const message = linkMessage.write({ type: RTM.GETLINK, flags: NLM.dump });
  const messages = await kernel.dump(RTM.GETLINK, message, { action: 'list', object: 'links' });
  return kernel.read(messages, readLink, messages.map(readName));
}
