// Links: RTM_NEWLINK and its like, struct ifinfomsg and IFLA_… of include/uapi/linux/if_link.h.
import { at, attributes, given, many, marked, type Settable, type Told, told, within } from './attributes.js';
import { AF } from './numbers.js';
import { pad, struct } from './struct.js';
import {
  bits,
  device,
  deviceName,
  deviceOrNone,
  mac,
  named,
  namespace,
  openText,
  otherName,
  ranged,
  s32,
  text,
  truth,
  u8,
  u16,
  u32,
  type WireType,
} from './types.js';

/** IFF_… of include/uapi/linux/if.h. */
export const linkFlags = bits(u32, {
  up: 0x1,
  broadcast: 0x2,
  debug: 0x4,
  loopback: 0x8,
  pointToPoint: 0x10,
  noTrailers: 0x20,
  running: 0x40,
  noArp: 0x80,
  promiscuous: 0x100,
  allMulticast: 0x200,
  master: 0x400,
  slave: 0x800,
  multicast: 0x1000,
  dynamic: 0x8000,
  lowerUp: 0x10000,
  dormant: 0x20000,
});

/** struct ifinfomsg. */
export const ifinfo = struct({
  family: u8,
  _gap: pad(1),
  type: u16,
  index: s32,
  flags: linkFlags,
  change: linkFlags,
});

/** What has passed a link since it was made. Source: struct rtnl_link_stats64 of linux/if_link.h. */
export type LinkStatistics = {
  /** Packets received. */
  readonly rxPackets: bigint;
  /** Packets sent. */
  readonly txPackets: bigint;
  /** Bytes received. */
  readonly rxBytes: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Packets received with an error of any kind. */
  readonly rxErrors: bigint;
  /** Packets that could not be sent for an error of any kind. */
  readonly txErrors: bigint;
  /** Packets received and dropped, because there was no room or nobody wanted them. */
  readonly rxDropped: bigint;
  /** Packets dropped instead of being sent. */
  readonly txDropped: bigint;
  /** Multicast packets received. */
  readonly multicast: bigint;
  /** Collisions while packets were sent. */
  readonly collisions: bigint;
  /** Packets received of a length that cannot be. */
  readonly rxLengthErrors: bigint;
  /** Packets that overran the buffers of the device. */
  readonly rxOverErrors: bigint;
  /** Packets received with a wrong checksum (CRC). */
  readonly rxCrcErrors: bigint;
  /** Packets received that were not whole bytes. */
  readonly rxFrameErrors: bigint;
  /** Packets lost because the queue of the device was full. */
  readonly rxFifoErrors: bigint;
  /** Packets lost because the host was too slow. */
  readonly rxMissedErrors: bigint;
  /** Packets given up while they were sent. */
  readonly txAbortedErrors: bigint;
  /** Packets not sent for want of a carrier. */
  readonly txCarrierErrors: bigint;
  /** Packets not sent because the queue of the device ran empty or over. */
  readonly txFifoErrors: bigint;
  /** Packets sent without the heartbeat of old Ethernet. */
  readonly txHeartbeatErrors: bigint;
  /** Packets not sent because of late collisions. */
  readonly txWindowErrors: bigint;
  /** Compressed packets received. */
  readonly rxCompressed: bigint;
  /** Compressed packets sent. */
  readonly txCompressed: bigint;
};

/** struct rtnl_link_stats64, the part that all kernels have. */
const counters = [
  'rxPackets',
  'txPackets',
  'rxBytes',
  'txBytes',
  'rxErrors',
  'txErrors',
  'rxDropped',
  'txDropped',
  'multicast',
  'collisions',
  'rxLengthErrors',
  'rxOverErrors',
  'rxCrcErrors',
  'rxFrameErrors',
  'rxFifoErrors',
  'rxMissedErrors',
  'txAbortedErrors',
  'txCarrierErrors',
  'txFifoErrors',
  'txHeartbeatErrors',
  'txWindowErrors',
  'rxCompressed',
  'txCompressed',
] as const satisfies readonly (keyof LinkStatistics)[];

const statistics: WireType<LinkStatistics> = {
  read: (bytes) => {
    const values: Partial<Record<(typeof counters)[number], bigint>> = {};
    for (let i = 0; i < counters.length; i++)
      values[counters[i] as (typeof counters)[number]] = bytes.u64(8 * i);
    return values as LinkStatistics;
  },
  write: (out, value) => {
    for (const name of counters) out.u64(value[name]);
  },
  input: (value) => value as LinkStatistics,
};

/** IF_OPER_… of RFC 2863. */
const operationalState = named(u8, {
  unknown: 0,
  notPresent: 1,
  down: 2,
  lowerLayerDown: 3,
  testing: 4,
  dormant: 5,
  up: 6,
});

/** Other names of a link (IFLA_PROP_LIST). */
const otherNames: WireType<{ readonly names?: readonly string[] }> = attributes({
  names: many(53, otherName),
});

/** How a link makes an IPv6 address by itself (IN6_ADDR_GEN_MODE_…), where it has IPv6. */
const addressGeneration = within(
  AF.inet6,
  within(8, named(u8, { eui64: 0, none: 1, stablePrivacy: 2, random: 3 })),
);

/** What a link can be told whatever its kind, and what the kernel tells of all. */
export const linkRows = {
  /** Its MAC address. */
  mac: at(1, mac),
  /** The address of all on its network. */
  broadcast: at(2, mac),
  /** Its name: up to 15 bytes. */
  name: at(3, deviceName),
  /** The most bytes that a frame carries, without the header of Ethernet. */
  mtu: at(4, u32),
  /** The link that it stands on, where it stands on one of the same namespace. */
  link: given(5, device),
  /** The index of that link, maybe in another namespace. */
  linkIndex: told(5, u32),
  /** Its traffic control. */
  qdisc: told(6, text),
  /** The bridge or bond that it is in; null takes it out. */
  master: at(10, deviceOrNone),
  /** How many frames wait to be sent at most. */
  txQueueLength: at(13, u32),
  /** Whether it works, as far as that is known. */
  state: told(16, operationalState),
  /** A text of up to 255 bytes for people. */
  alias: at(20, openText(255)),
  /** How many virtual functions it has. */
  virtualFunctions: told(21, u32),
  /** What has passed. */
  statistics: told(23, statistics),
  /**
   * How it makes addresses of IPv6 by itself: of its MAC address (`eui64`), not at all, or of a secret. What it has made
   * stays, so that it is told before it is set up, also by one call.
   */
  addressGeneration: at(26, addressGeneration),
  /** The group that it is in: 0 if not given. */
  group: at(27, u32),
  /** The network namespace to be moved to: a path, or a name of /run/netns. */
  netns: given(28, namespace),
  /** What else is asked for (RTEXT_FILTER_…). */
  extended: given(29, u32),
  /** How many want it promiscuous. */
  promiscuity: told(30, u32),
  /** How many queues it can send by. */
  txQueues: at(31, u32),
  /** How many queues it can receive by. */
  rxQueues: at(32, u32),
  /** Whether there is a carrier; some links can be told. */
  carrier: at(33, truth()),
  /** How often that changed. */
  carrierChanges: told(35, u32),
  /** The namespace of `linkIndex`, by the kernel's number. */
  linkNetnsId: told(37, s32),
  /** Whether it is kept down. */
  protocolDown: at(39, truth()),
  /** The largest packet of segmentation offload. */
  gsoMaxSize: at(41, u32),
  /** Where it has gone, by the kernel's number for the namespace. */
  newNetnsId: told(45, s32),
  /** The index that it has there. */
  newIndex: told(49, u32),
  /** The least MTU that it takes. */
  minMtu: told(50, u32),
  /** The largest MTU that it takes; 0 for no limit. */
  maxMtu: told(51, u32),
  /** Other names of it. */
  altNames: marked(52, otherNames),
  /** One of its other names. */
  altName: given(53, otherName),
  /** The MAC address that it was made with. */
  permanentMac: told(54, mac),
  /** The device of the bus that it belongs to. */
  parentDevice: told(56, text),
  /** The name of that bus. */
  parentBus: told(57, text),
} as const;

/** The rows of {@link linkRows} by themselves, for a link within a link. */
export const plainLink = attributes(linkRows);

/** The number that a link is to have. */
export const linkIndex = ranged(u32, 1, 0x7fffffff);

/**
 * What a link can be told whatever its kind. Source: IFLA_… of linux/if_link.h.
 *
 * @interface
 */
export type LinkSettings = Settable<typeof linkRows>;
export type LinkFacts = Told<typeof linkRows>;

/**
 * What is set of a link: IFF_… of linux/if.h.
 *
 * @useDeclaredType
 */
export type LinkFlag = NonNullable<ReturnType<typeof linkFlags.read>>[number];
