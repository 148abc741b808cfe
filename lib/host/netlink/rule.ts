// Rules that say which table of routes is asked: struct fib_rule_hdr and FRA_… of include/uapi/linux/fib_rules.h.
import { at, attributes } from './attributes.js';
import { message } from './message.js';
import { protocol } from './route.js';
import { pad, struct, wholeStruct } from './struct.js';
import {
  be32,
  bits,
  ip,
  named,
  namedOrNumber,
  ranged,
  shortText,
  truth,
  u8,
  u16,
  u32,
  type WireType,
} from './types.js';

/** FR_ACT_… */
export const ruleAction = named(u8, {
  table: 1,
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
});

const range = <T extends typeof u16 | typeof u32>(type: T, what: string) =>
  wholeStruct(what, { start: type, end: type });

/** Both in one number, that of the source in its upper half. */
const realms: WireType<{ readonly from: number; readonly to: number }> = {
  read: (bytes) => ({ from: bytes.u32(0) >>> 16, to: bytes.u32(0) & 0xffff }),
  write: (out, { from, to }) => out.u32(((from << 16) | to) >>> 0),
  input: wholeStruct('the realms of a rule', { from: u16, to: u16 }).input,
};

/** The key or VNI of a tunnel: 64 bits in network byte order, of which tunnels use 32. */
const tunnelId: WireType<number> = {
  read: (bytes) => bytes.u32(0, false) * 2 ** 32 + bytes.u32(4, false),
  write: (out, value) => {
    out.u32(0);
    out.u32(value, false);
  },
  input: ranged(u32, 1, u32.most).input,
};

/** IPPROTO_… */
const ipProtocol = namedOrNumber(ranged(u8, 1, 255), {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
});

const dscp = ranged(u8, 0, 0x3f);
const flowLabel = ranged(be32, 0, 0xfffff);

export const ruleMessage = message(
  struct({
    family: u8,
    destinationPrefix: u8,
    sourcePrefix: u8,
    tos: u8,
    table: u8,
    _gap: pad(2),
    action: ruleAction,
    flags: bits(u32, { permanent: 1, not: 2, inDetached: 8, outDetached: 16 }),
  }),
  attributes({
    destination: at(1, ip),
    source: at(2, ip),
    input: at(3, shortText(15)),
    goto: at(4, u32),
    priority: at(6, u32),
    mark: at(10, u32),
    realms: at(11, realms),
    tunnelId: at(12, tunnelId),
    suppressGroup: at(13, u32),
    suppressPrefix: at(14, u32),
    table: at(15, u32),
    markMask: at(16, u32),
    output: at(17, shortText(15)),
    l3mdev: at(19, truth()),
    users: at(20, range(u32, 'a range of user ids')),
    protocol: at(21, protocol),
    ipProtocol: at(22, ipProtocol),
    sourcePorts: at(23, range(u16, 'a range of ports')),
    destinationPorts: at(24, range(u16, 'a range of ports')),
    dscp: at(25, dscp),
    flowLabel: at(26, flowLabel),
    flowLabelMask: at(27, flowLabel),
    sourcePortMask: at(28, u16),
    destinationPortMask: at(29, u16),
    dscpMask: at(30, dscp),
  }),
);
