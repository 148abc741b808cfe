// The addresses of a link, moved to another one with all that they are told.
import { formatIp, networkOf, parseCidr } from '../../build/address/index.js';
import { type Address, readAddress } from '../addresses.js';
import { KernelError } from '../error.js';
import { addressMessage } from '../netlink/address.js';
import { NLM } from '../netlink/message.js';
import { AF, RTM, requestName } from '../netlink/numbers.js';
import { apart, bytesOf, numberIn, revised, type Told, with32 } from '../netlink/retold.js';
import type { Rtnetlink } from '../rtnetlink.js';
import { lost, type Saying, type Steps, saying, type Way } from './change.js';

/** struct ifaddrmsg, and where its index is. */
const HEADER = 8;
const INDEX = 4;
const FLAGS_IN_HEADER = 2;

const IFA = { address: 1, local: 2, label: 3, cacheInfo: 6, flags: 8, protocol: 11 } as const;
/** IFA_F_…: what is asked of an address, and not what became of it. */
const ASKED = 0x10 | 0x100 | 0x200 | 0x400;
const NO_DAD = 0x02;
/** Duplicate detection has not ended well yet: IFA_F_DADFAILED, IFA_F_TENTATIVE. */
const UNDECIDED = 0x08 | 0x40;
const STABLE_PRIVACY = 0x800;
/** IFAPROT_KERNEL_LL (Linux 5.18). */
const KERNEL_LL = 3;

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

const isLinkLocal = (address: Uint8Array): boolean =>
  address.length === 16 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;

/** The second half of the link-local address that goes with a MAC address (RFC 4291, appendix A). */
function interfaceId(mac: string | undefined): string {
  const [first = 0, ...rest] = (mac ?? '').split(':').map((byte) => Number.parseInt(byte, 16));
  return [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)].join();
}

/** Whether the kernel made it by itself, as it does on every link. */
function isKernels(told: Told, mac: string | undefined): boolean {
  const address = told.attributes.find(([number]) => number === IFA.address)?.[1] ?? new Uint8Array();
  if (!isLinkLocal(address)) return false;
  const maker = told.attributes.find(([number]) => number === IFA.protocol)?.[1]?.[0];
  const stable = ((numberIn(told, IFA.flags) ?? 0) & STABLE_PRIVACY) !== 0;
  return maker === KERNEL_LL || stable || address.slice(8).join() === interfaceId(mac);
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
function giving(told: Told, way: Way, device: string, noDad: boolean): (index: number) => Told {
  const flags =
    ((numberIn(told, IFA.flags) ?? told.header[FLAGS_IN_HEADER] ?? 0) & ASKED) | (noDad ? NO_DAD : 0);
  const header = told.header.slice();
  header[FLAGS_IN_HEADER] = flags & 0xff;
  const renamed = device === way.to ? (label: Uint8Array) => relabelled(label, way) : undefined;
  return (index) =>
    revised(
      { header: with32(header, INDEX, index), attributes: told.attributes },
      { [IFA.flags]: () => undefined, ...(renamed && { [IFA.label]: renamed }) },
      [[IFA.flags, bytesOf(flags)]],
    );
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
    const flags = numberIn(told, IFA.flags) ?? 0;
    // It is this machine's already: to ask for a second would leave it unused for a second.
    const decided = address.family === 'ipv6' && (flags & UNDECIDED) === 0;
    const what = `address ${address.cidr}`;
    const given = (device: string): Saying[] => {
      const add: Saying = {
        what,
        request: RTM.NEWADDR,
        flags: NLM.create | NLM.exclusive,
        device,
        about: giving(told, way, device, decided || (flags & NO_DAD) !== 0),
      };
      // What it is told for that is taken from it again, unless it had it.
      const unmark: Saying = { ...add, flags: NLM.replace, about: giving(told, way, device, false) };
      return decided && (flags & NO_DAD) === 0 ? [add, unmark] : [add];
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
