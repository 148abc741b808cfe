// What the kernel told of something, as the request that makes it again with all that it had: without what became of
// it, as states and ages, which the kernel does not take.
import { IFA } from './netlink/address.js';
import { aligned } from './netlink/bytes.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { bytesOf, numberIn, read16, read32, request, revised, type Told, with32 } from './netlink/retold.js';
import { secondsLeft } from './netlink/route.js';
import type { Change } from './operation.js';

/** Drops an attribute. */
const gone = () => undefined;

// --- addresses: struct ifaddrmsg

const ADDRESS_FLAGS = 2;
/** IFA_F_…: what is asked of an address, and not what became of it. */
const ASKED = 0x10 | 0x100 | 0x200 | 0x400;
const NO_DAD = 0x02;
const NO_PREFIX_ROUTE = 0x200;
/** Duplicate detection has not ended well yet: IFA_F_DADFAILED, IFA_F_TENTATIVE. */
const UNDECIDED = 0x08 | 0x40;
/** struct ndmsg and rtmsg begin with their family, as this does. */
const familyOf = ({ header }: Told): number | undefined => header[0];
const AF_INET6 = 10;

const addressFlags = (told: Told): number => numberIn(told, IFA.flags) ?? told.header[ADDRESS_FLAGS] ?? 0;

const withFlags = (told: Told, flags: number): Told => {
  const header = told.header.slice();
  header[ADDRESS_FLAGS] = flags & 0xff;
  return revised({ header, attributes: told.attributes }, { [IFA.flags]: gone }, [
    [IFA.flags, bytesOf(flags)],
  ]);
};

/**
 * An address. One of IPv6 that is this machine's already is not asked for a second time, which would leave it unused for
 * a second: what it is told for that is taken from it again by the other request, which replaces it. The route to its
 * subnet comes with that one, unless the address is told `instead` of itself: to change the route of an address, the
 * kernel deletes the first to the subnet, which may be that of another one.
 */
export function addressAgain(told: Told, instead = false): readonly [add: Told, ...replace: Told[]] {
  const flags = addressFlags(told);
  const asked = flags & (ASKED | NO_DAD);
  const decided = familyOf(told) === AF_INET6 && (flags & (UNDECIDED | NO_DAD)) === 0;
  const first = asked | NO_DAD | (instead ? 0 : NO_PREFIX_ROUTE);
  return decided ? [withFlags(told, first), withFlags(told, asked)] : [withFlags(told, asked)];
}

const STABLE_PRIVACY = 0x800;
/** IFAPROT_KERNEL_LL (Linux 5.18). */
const KERNEL_LL = 3;

const isLinkLocal = (address: Uint8Array): boolean =>
  address.length === 16 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;

/** The second half of the link-local address that goes with a MAC address (RFC 4291, appendix A). */
function interfaceId(mac: string | undefined): string {
  const [first = 0, ...rest] = (mac ?? '').split(':').map((byte) => Number.parseInt(byte, 16));
  return [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)].join();
}

/** Whether the kernel made an address by itself, as it does on every link. */
export function isKernels(told: Told, mac: string | undefined): boolean {
  const address = told.attributes.find(([number]) => number === IFA.address)?.[1] ?? new Uint8Array();
  if (!isLinkLocal(address)) return false;
  const maker = told.attributes.find(([number]) => number === IFA.protocol)?.[1]?.[0];
  const stable = (addressFlags(told) & STABLE_PRIVACY) !== 0;
  return maker === KERNEL_LL || stable || address.slice(8).join() === interfaceId(mac);
}

// --- routes: struct rtmsg

export const RTA = {
  device: 4,
  gateway: 5,
  metric: 6,
  nextHops: 9,
  cacheInfo: 12,
  via: 18,
  encapsulationType: 21,
  encapsulation: 22,
  expires: 23,
  nextHopId: 30,
} as const;
const ROUTE_FLAGS = 8;
const ON_LINK = 4;
/** In struct rta_cacheinfo. */
const EXPIRES_AT = 8;

/** Seconds until a route ends by itself; undefined when it does not. */
export const expiresOf = (told: Told): number | undefined =>
  secondsLeft((numberIn(told, RTA.cacheInfo, EXPIRES_AT) ?? 0) | 0);

/** Where each of several ways begins (struct rtnexthop). */
export function* hopsAt(hops: Uint8Array): Generator<number> {
  const SIZE = 8;
  for (let at = 0; at + SIZE <= hops.length; at += aligned(read16(hops, at))) {
    if (read16(hops, at) < SIZE) return;
    yield at;
  }
}

/** Of the flags of each way only that is asked for. */
const hopsAgain = (hops: Uint8Array): Uint8Array => {
  const changed = hops.slice();
  for (const at of hopsAt(hops)) changed[at + 2] = (changed[at + 2] ?? 0) & ON_LINK;
  return changed;
};

/** A route; of one that leads to a next hop object, that object and not what is in it. */
export function routeAgain(told: Told): Told {
  const expires = expiresOf(told);
  // With none left it would be one that stays.
  const left = expires === undefined ? [] : [[RTA.expires, bytesOf(Math.max(1, expires))] as const];
  const byObject = numberIn(told, RTA.nextHopId) !== undefined;
  const flags = byObject ? 0 : read32(told.header, ROUTE_FLAGS) & ON_LINK;
  const ofObject = [RTA.device, RTA.gateway, RTA.via, RTA.encapsulation, RTA.encapsulationType];
  return revised(
    { header: with32(told.header, ROUTE_FLAGS, flags), attributes: told.attributes },
    {
      [RTA.cacheInfo]: gone,
      [RTA.nextHops]: byObject ? gone : hopsAgain,
      ...(byObject && Object.fromEntries(ofObject.map((number) => [number, gone]))),
    },
    left,
  );
}

// --- neighbours and forwarding entries: struct ndmsg

const NDA = { cacheInfo: 3, probes: 4, master: 9 } as const;
const STATE = 8;
const NEIGHBOUR_FLAGS = 10;
const NUD = { reachable: 0x02, stale: 0x04, permanent: 0x80 } as const;
/** States that can be told: reachable, stale, probe, noArp, permanent. */
const TELLABLE = 0xd6;
const NTF = { self: 0x02, master: 0x04, proxy: 0x08, offloaded: 0x20 } as const;

const withState = (header: Uint8Array, state: number, flags: number): Uint8Array => {
  const changed = header.slice();
  new Uint16Array(changed.buffer, STATE, 1)[0] = state;
  changed[NEIGHBOUR_FLAGS] = flags;
  return changed;
};

/**
 * The state to tell again. Of what this machine answers for the kernel tells none, and newer ones forget it with the
 * carrier unless it was made permanent, as ip makes it.
 */
function stateAgain(state: number, flags: number): number {
  if ((flags & NTF.proxy) !== 0) return NUD.permanent;
  return state === 0 || (state & TELLABLE) !== 0 ? state : NUD.stale;
}

/** A neighbour, or what this machine answers for. */
export function neighbourAgain({ header, attributes }: Told): Told {
  const [state, flags = 0] = [read16(header, STATE), header[NEIGHBOUR_FLAGS]];
  return revised(
    { header: withState(header, stateAgain(state, flags), flags & ~NTF.offloaded), attributes },
    { [NDA.cacheInfo]: gone, [NDA.probes]: gone },
  );
}

/** An entry of a forwarding table, the bridge's or the link's own. */
export function fdbAgain({ header, attributes }: Told): Told {
  const [state, flags = 0] = [read16(header, STATE), header[NEIGHBOUR_FLAGS] ?? 0];
  const table = (flags & NTF.self) === 0 ? NTF.master : 0;
  return revised(
    {
      header: withState(
        header,
        state === NUD.stale ? NUD.reachable : state,
        (flags & ~NTF.offloaded) | table,
      ),
      attributes,
    },
    { [NDA.cacheInfo]: gone, [NDA.master]: gone },
  );
}

// --- rules: struct fib_rule_hdr

const RULE_FLAGS = 8;
/** FIB_RULE_INVERT, which alone is asked for. */
const INVERT = 2;
const FRA_PAD = 18;

/** A rule. */
export const ruleAgain = ({ header, attributes }: Told): Told =>
  revised(
    { header: with32(header, RULE_FLAGS, read32(header, RULE_FLAGS) & INVERT), attributes },
    { [FRA_PAD]: gone },
  );

// --- all

/** How something comes back beside others of its kind. */
export const HOW = {
  /** Behind them, unless it is there. */
  append: NLM.create | NLM.append,
  /** Before them, unless it is there. */
  prepend: NLM.create,
  /** In the place of what is there. */
  replace: NLM.create | NLM.replace,
} as const;

type Kind = 'ADDR' | 'ROUTE' | 'NEIGH' | 'RULE';

/** Makes something again, or nothing where it is there: that is no failure. */
export const again = (
  kind: Kind,
  object: string,
  told: Told,
  flags: number = HOW.append,
  device?: string,
): Change => ({
  asked: { action: 'restore', object, device },
  request: RTM[`NEW${kind}`],
  whole: true,
  write: () => request(RTM[`NEW${kind}`], flags, told),
});

/** Takes away what was told of. */
export const away = (kind: Kind, object: string, told: Told): Change => ({
  asked: { action: 'remove', object },
  request: RTM[`DEL${kind}`],
  whole: true,
  write: () => request(RTM[`DEL${kind}`], 0, told),
});
