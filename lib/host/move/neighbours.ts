// What somebody has made known of neighbours on a link, made known on another one: entries that last, and addresses that
// the machine answers for.
import { neighbourAgain } from '../again.js';
import { toldNeighbours } from '../neighbour.js';
import { NLM } from '../netlink/message.js';
import { RTM } from '../netlink/numbers.js';
import { type Told, with32 } from '../netlink/retold.js';
import type { Change } from '../operation.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { type Saying, saying, type Way } from './change.js';

/** Where struct ndmsg has the index. */
const INDEX = 4;

/** Whether a MAC address is that of a group: what sends to one, the kernel makes known to itself. */
const isGroup = (mac = ''): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;

/** What was made known on `from`. */
export async function moveNeighbours(
  kernel: Rtnetlink,
  way: Way,
): Promise<{ arrive: readonly Change[]; leave: readonly Change[]; again: readonly Change[] }> {
  const link = way.from.name;
  const known = await toldNeighbours(kernel, { link });
  const answered = await toldNeighbours(kernel, { link, proxy: true });
  const lasting = known.filter(
    ({ neighbour: { state, mac } }) => state === 'permanent' || (state === 'noArp' && !isGroup(mac)),
  );
  const moves = [...lasting, ...answered].map(({ neighbour, told }) => {
    const again = neighbourAgain(told());
    const about = (on: number): Told => ({ ...again, header: with32(again.header, INDEX, on) });
    const what = `neighbour ${neighbour.address}`;
    const made = (device: string): Saying => ({
      what,
      request: RTM.NEWNEIGH,
      flags: NLM.create | NLM.exclusive,
      device,
      about,
    });
    const forgotten = (device: string): Saying => ({ ...made(device), request: RTM.DELNEIGH, flags: 0 });
    return {
      arrive: saying(way, made(way.to), forgotten(way.to)),
      leave: saying(way, forgotten(link), made(link)),
      again: saying(way, made(link)),
    };
  });
  return {
    arrive: moves.map(({ arrive }) => arrive),
    leave: moves.map(({ leave }) => leave),
    again: moves.map(({ again }) => again),
  };
}
