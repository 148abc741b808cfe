// What somebody has made known of neighbours on a link, made known on another one: permanent entries, and addresses
// that the machine answers for.
import { neighbourAgain } from '../again.js';
import { NLM } from '../netlink/message.js';
import { neighbourMessage } from '../netlink/neighbour.js';
import { AF, RTM } from '../netlink/numbers.js';
import { apart, type Told, with32 } from '../netlink/retold.js';
import type { Change } from '../operation.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { type Saying, saying, type Way } from './change.js';

/** struct ndmsg, and where its index is. */
const HEADER = 12;
const INDEX = 4;

async function told(kernel: Rtnetlink, flags: readonly 'proxy'[]) {
  const message = neighbourMessage.write({
    type: RTM.GETNEIGH,
    flags: NLM.dump,
    header: { family: AF.unspec, flags },
  });
  return kernel.dump(RTM.GETNEIGH, message, { action: 'list', object: 'neighbours' });
}

/** What was made known on `from`. */
export async function moveNeighbours(
  kernel: Rtnetlink,
  way: Way,
): Promise<{ arrive: readonly Change[]; leave: readonly Change[]; again: readonly Change[] }> {
  const all = [...(await told(kernel, [])), ...(await told(kernel, ['proxy']))];
  const moves = all.flatMap(({ payload }) => {
    const { family, index, state = [], flags = [], attributes } = neighbourMessage.read(payload);
    if (index !== way.from.index || (family !== AF.inet && family !== AF.inet6)) return [];
    if (!state.includes('permanent') && !flags.includes('proxy')) return [];
    const known = neighbourAgain(apart(payload, HEADER));
    const about = (on: number): Told => ({ ...known, header: with32(known.header, INDEX, on) });
    const what = `neighbour ${attributes.address ?? ''}`;
    const made = (device: string): Saying => ({
      what,
      request: RTM.NEWNEIGH,
      flags: NLM.create | NLM.exclusive,
      device,
      about,
    });
    const forgotten = (device: string): Saying => ({ ...made(device), request: RTM.DELNEIGH, flags: 0 });
    const { from, to } = way;
    return [
      {
        arrive: saying(way, made(to), forgotten(to)),
        leave: saying(way, forgotten(from.name), made(from.name)),
        again: saying(way, made(from.name)),
      },
    ];
  });
  return {
    arrive: moves.map(({ arrive }) => arrive),
    leave: moves.map(({ leave }) => leave),
    again: moves.map(({ again }) => again),
  };
}
