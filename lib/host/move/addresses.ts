// The addresses of a link, moved to another one with all that they are told.
import { formatIp, networkOf, parseCidr } from '../../build/address/index.js';
import { type Address, readAddress } from '../address.js';
import { addressAgain, isKernels } from '../again.js';
import { KernelError } from '../error.js';
import { addressMessage } from '../netlink/address.js';
import { NLM } from '../netlink/message.js';
import { AF, RTM, requestName } from '../netlink/numbers.js';
import { apart, revised, type Told, with32 } from '../netlink/retold.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { lost, type Saying, type Steps, saying, type Way } from './change.js';

/** struct ifaddrmsg, and where its index is. */
const HEADER = 8;
const INDEX = 4;

const IFA = { address: 1, local: 2, label: 3 } as const;

const LABEL_BYTES = 15;
const EEXIST = 17;

async function dump(kernel: Rtnetlink) {
  const message = addressMessage.write({
    type: RTM.GETADDR,
    flags: NLM.dump,
    header: { family: AF.unspec },
  });
  return kernel.dump(RTM.GETADDR, message, { action: 'list', object: 'addresses' });
}

/** A label begins with the link's name, as ifconfig has it; where there is no room, it stays. */
function relabelled(label: Uint8Array, { from: { name }, to }: Way): Uint8Array {
  const text = new TextDecoder().decode(label).replace(/\0.*$/s, '');
  if (text !== name && !text.startsWith(`${name}:`)) return label;
  const renamed = new TextEncoder().encode(`${to}${text.slice(name.length)}\0`);
  return renamed.length > LABEL_BYTES + 1 ? label : renamed;
}

/** The subnet that the kernel makes a route to with an address. */
function subnetOf({ address, peer, prefix }: Address): string[] {
  const cidr = parseCidr(`${peer ?? address}/${prefix}`);
  return cidr === undefined ? [] : [`${formatIp(networkOf(cidr))}/${prefix}`];
}

/** What has to be said so that a link has the address. */
function giving({ header, attributes }: Told, way: Way, device: string): (index: number) => Told {
  const renamed = device === way.to ? (label: Uint8Array) => relabelled(label, way) : undefined;
  return (index) =>
    revised({ header: with32(header, INDEX, index), attributes }, renamed ? { [IFA.label]: renamed } : {});
}

/** The addresses of `from`, but for those that the kernel makes by itself. */
export async function moveAddresses(
  kernel: Rtnetlink,
  way: Way,
): Promise<Steps & { readonly subnets: ReadonlySet<string> }> {
  const all = await dump(kernel);
  const messages = all.filter(({ payload }) => payload.u32(INDEX) === way.from.index);
  const known = [[way.from.name, way.from.index]] as const;
  const addresses = (await kernel.read(messages, readAddress, known)).flatMap((address, i) => {
    const told = apart(messages[i]?.payload as never, HEADER);
    return address === undefined || isKernels(told, way.from.mac) ? [] : [{ address, told }];
  });
  const atTarget = (await kernel.read(all, readAddress)).filter((one) => one?.link === way.to);
  const clash = addresses.find(({ address }) => atTarget.some((one) => one?.cidr === address.cidr));
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
  const moves = [...v4, ...v6].map(({ address, told }) => {
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
      about: (index) => ({
        header: with32(told.header, INDEX, index),
        attributes: told.attributes.filter(([number]) => number === IFA.local || number === IFA.address),
      }),
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
  const facts = (one: NonNullable<ReturnType<typeof readAddress>>) =>
    JSON.stringify([one.cidr, one.peer, one.broadcast, one.scope, one.metric]);
  const withRoute = addresses.filter(({ address }) => !address.flags.includes('noPrefixRoute'));
  return {
    subnets: new Set(withRoute.flatMap(({ address }) => subnetOf(address))),
    arrive: moves.flatMap(({ arrive }) => arrive),
    // Backwards: what the kernel calls secondary would go with the one before it.
    leave: moves.map(({ leave }) => leave).reverse(),
    verify: async (asked) => {
      const now = (await asked.read(await dump(asked), readAddress)).filter((one) => one?.link === way.to);
      const there = new Set(now.flatMap((one) => (one === undefined ? [] : [facts(one)])));
      for (const { address } of addresses)
        if (!there.has(facts(address))) throw lost(way, `address ${address.cidr}`, 'RTM_NEWADDR');
    },
  };
}
