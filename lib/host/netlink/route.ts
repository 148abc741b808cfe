// Routes: struct rtmsg, RTA_… and RTAX_… of include/uapi/linux/rtnetlink.h.
import { scope } from './address.js';
import { at, attributes, given, told } from './attributes.js';
import { aligned, type Bytes, MalformedMessage, type Writer } from './bytes.js';
import { message } from './message.js';
import { AF } from './numbers.js';
import { struct } from './struct.js';
import {
  be16,
  bits,
  device,
  ip,
  ipBytes,
  type Names,
  named,
  namedOrNumber,
  s32,
  shortText,
  u8,
  u32,
  type WireType,
} from './types.js';

/** Protocols that the kernel takes when a route is asked for (rtm_getroute_parse_ip_proto). */
export const ipProtocol = named(u8, { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 });

/** RTN_… */
export const routeType = named(u8, {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
});

/** Who made a route or a rule (RTPROT_…). */
export const protocol = namedOrNumber(u8, {
  unspecified: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  xorp: 14,
  dhcp: 16,
  keepalived: 18,
  babel: 42,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
});

/** RTNH_F_… */
const nextHopFlags = { dead: 1, pervasive: 2, onLink: 4, offload: 8, linkDown: 16, unresolved: 32 } as const;

/** RTAX_… */
export const metrics = attributes({
  /** Which of these may not be changed by what is learnt: bit of their number. */
  lock: at(1, u32),
  /** The most bytes that a packet may have on the way. */
  mtu: at(2, u32),
  /** The most bytes that TCP lets be on their way. */
  window: at(3, u32),
  /** The time of a round trip at first, in eighths of a millisecond. */
  rtt: at(4, u32),
  /** How much it varies, in quarters of a millisecond. */
  rttVariance: at(5, u32),
  /** TCP's slow start threshold. */
  slowStartThreshold: at(6, u32),
  /** TCP's congestion window. */
  congestionWindow: at(7, u32),
  /** The segment size that TCP announces. */
  advertisedMss: at(8, u32),
  /** How far packets may come out of order. */
  reordering: at(9, u32),
  /** The hop limit of packets. */
  hopLimit: at(10, u32),
  /** TCP's congestion window at first. */
  initialCongestionWindow: at(11, u32),
  /** What TCP may use. */
  features: at(12, bits(u32, { ecn: 1, sack: 2, timestamp: 4, allFragments: 8 })),
  /** The shortest time until TCP sends again, in milliseconds. */
  minimumRto: at(13, u32),
  /** The window that TCP announces at first. */
  initialReceiveWindow: at(14, u32),
  /** Whether TCP acknowledges at once: 1. */
  quickAck: at(15, u32),
  /** TCP's congestion control. */
  congestionControl: at(16, shortText(15)),
});

/** A gateway of the other family (struct rtvia). */
const via: WireType<string> = {
  read: (bytes) => {
    const family = bytes.u16(0);
    return family === AF.inet || family === AF.inet6 ? ip.read(bytes.part(2)) : undefined;
  },
  write: (out, value) => {
    out.u16(value.includes(':') ? AF.inet6 : AF.inet);
    out.bytes(ipBytes(value));
  },
  input: ip.input,
};

/** One of several ways. */
export interface RawNextHop {
  readonly device?: string | undefined;
  readonly gateway?: string | undefined;
  readonly via?: string | undefined;
  /** How much of the traffic goes here: 1 to 256. */
  readonly weight: number;
  readonly flags: readonly (keyof typeof nextHopFlags)[];
}

const hopAttributes = attributes({ gateway: at(5, ip), via: at(18, via) });
const hopFlags = bits(u8, nextHopFlags);

/** struct rtnexthop, with attributes of its own behind each. */
const nextHops: WireType<readonly RawNextHop[]> = {
  read: (bytes, names) => {
    const hops: RawNextHop[] = [];
    for (let position = 0; position + 8 <= bytes.length; ) {
      const length = bytes.u16(position);
      if (length < 8) throw new MalformedMessage(`a next hop of ${length} bytes at ${position}`);
      const hop = bytes.part(position, Math.min(length, bytes.length - position));
      hops.push({
        flags: hopFlags.read(hop.part(2), names) ?? [],
        weight: hop.u8(3) + 1,
        device: names.nameOf(hop.u32(4)),
        ...hopAttributes.read(hop.part(8), names),
      });
      position += aligned(length);
    }
    return hops;
  },
  write: (out, value, names) => {
    for (const hop of value) writeHop(out, hop, names);
  },
  input: (value) => value as readonly RawNextHop[],
};

function writeHop(out: Writer, hop: RawNextHop, names: Names): void {
  const start = out.length;
  out.u16(0);
  hopFlags.write(out, hop.flags, names);
  out.u8(hop.weight - 1);
  out.u32(hop.device === undefined ? 0 : names.indexOf(hop.device));
  hopAttributes.write(out, { gateway: hop.gateway, via: hop.via } as never, names);
  out.patch16(start, out.length - start);
}

/** Which of several routers is to be preferred (RFC 4191). */
export const preference = named(u8, { low: 3, medium: 0, high: 1 });

/** struct rta_cacheinfo, as far as it is known what it means: the end is in hundredths of seconds from now. */
const cacheInfo = struct({ clients: u32, lastUse: u32, expires: s32, error: u32 });

/**
 * The seconds that are left of those hundredths: undefined for none, which is for ever. A route goes some time after its
 * end, when none are left.
 */
export const secondsLeft = (hundredths = 0): number | undefined =>
  hundredths === 0 ? undefined : Math.max(0, Math.floor(hundredths / 100));

/** An address, as many bytes as there are: a destination without any is the default. */
const prefixAddress: WireType<string> = {
  ...ip,
  read: (bytes: Bytes) => (bytes.length === 0 ? undefined : ip.read(bytes)),
};

export const routeMessage = message(
  struct({
    family: u8,
    destinationPrefix: u8,
    sourcePrefix: u8,
    tos: u8,
    table: u8,
    protocol,
    scope,
    type: routeType,
    flags: u32,
  }),
  attributes({
    destination: at(1, prefixAddress),
    source: at(2, prefixAddress),
    from: at(3, device),
    device: at(4, device),
    gateway: at(5, ip),
    metric: at(6, u32),
    preferredSource: at(7, ip),
    metrics: at(8, metrics),
    nextHops: at(9, nextHops),
    flow: told(11, u32),
    cacheInfo: told(12, cacheInfo),
    table: at(15, u32),
    mark: at(16, u32),
    via: at(18, via),
    preference: at(20, preference),
    /** In seconds. */
    expires: given(23, u32),
    user: given(25, u32),
    ipProtocol: given(27, ipProtocol),
    sourcePort: given(28, be16),
    destinationPort: given(29, be16),
    nextHopId: told(30, u32),
  }),
);
