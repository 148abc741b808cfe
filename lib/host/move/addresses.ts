// The addresses of a link, moved to another one with all that they are told.
import { type Address, naming, toldAddresses } from '../address.js';
import { addressAgain, isKernels } from '../again.js';
import { KernelError } from '../error.js';
import { IFA } from '../netlink/address.js';
import { NLM } from '../netlink/message.js';
import { RTM, requestName } from '../netlink/numbers.js';
import { bytesOfText, revised, type Told, textIn, with32 } from '../netlink/retold.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { lost, type Saying, type Steps, saying, type Way } from './change.js';

/** Where struct ifaddrmsg has the index. */
const INDEX = 4;

const LABEL_BYTES = 15;
const EEXIST = 17;

/** A label begins with the link's name, as ifconfig has it; where there is no room, it stays. */
function relabelled(label: Uint8Array, { from: { name }, to }: Way): Uint8Array {
  const text = textIn(label);
  if (text !== name && !text.startsWith(`${name}:`)) return label;
  const renamed = bytesOfText(`${to}${text.slice(name.length)}`);
  return renamed.length > LABEL_BYTES + 1 ? label : renamed;
}

/** What has to be said so that a link has the address. */
function giving({ header, attributes }: Told, way: Way, device: string): (index: number) => Told {
  const renamed = device === way.to ? (label: Uint8Array) => relabelled(label, way) : undefined;
  return (index) =>
    revised({ header: with32(header, INDEX, index), attributes }, renamed ? { [IFA.label]: renamed } : {});
}

/** The addresses of `from`, but for those that the kernel makes by itself. */
export async function moveAddresses(kernel: Rtnetlink, way: Way): Promise<Steps> {
  const all = await toldAddresses(kernel, {});
  const addresses = all.filter(
    ({ address: { link }, told }) => link === way.from.name && !isKernels(told(), way.from.mac),
  );
  const atTarget = all.filter(({ address }) => address.link === way.to);
  const clash = addresses.find(({ address: { cidr } }) =>
    atTarget.some(({ address }) => address.cidr === cidr),
  );
  if (clash) {
    const object = `address ${clash.address.cidr} from '${way.from.name}' to '${way.to}'`;
    throw new KernelError(
      { action: 'move', object, device: way.to },
      { errno: EEXIST, call: requestName(RTM.NEWADDR) },
    );
  }
  const v4 = addresses.filter(({ address }) => address.family === 'ipv4');
  // The kernel puts a new one of IPv6 before the others.
  const v6 = addresses.filter(({ address }) => address.family === 'ipv6').reverse();
  const moves = [...v4, ...v6].map(({ address, told: ask }) => {
    const told = ask();
    const what = `address ${address.cidr}`;
    const [first, second] = addressAgain(told);
    const given = (device: string): Saying[] => {
      const add: Saying = {
        what,
        request: RTM.NEWADDR,
        flags: NLM.create | NLM.exclusive,
        device,
        about: giving(first, way, device),
      };
      if (second === undefined) return [add];
      return [add, { ...add, flags: NLM.replace, about: giving(second, way, device) }];
    };
    const taken = (device: string): Saying => ({
      what,
      request: RTM.DELADDR,
      flags: 0,
      device,
      about: (index) => naming({ ...told, header: with32(told.header, INDEX, index) }),
    });
    const [add, unmark] = given(way.to);
    return {
      arrive: [
        saying(way, add as Saying, taken(way.to)),
        ...(unmark === undefined ? [] : [saying(way, unmark)]),
      ],
      leave: saying(way, taken(way.from.name), ...given(way.from.name)),
    };
  });
  const facts = (one: Address) => JSON.stringify([one.cidr, one.peer, one.broadcast, one.scope, one.metric]);
  return {
    arrive: moves.flatMap(({ arrive }) => arrive),
    // Backwards: what the kernel calls secondary would go with the one before it.
    leave: moves.map(({ leave }) => leave).reverse(),
    verify: async (asked) => {
      const now = await toldAddresses(asked, { link: way.to });
      const there = new Set(now.map(({ address }) => facts(address)));
      for (const { address } of addresses)
        if (!there.has(facts(address))) throw lost(way, `address ${address.cidr}`, 'RTM_NEWADDR');
    },
  };
}
