// Rules that say which table of routes is asked: struct fib_rule_hdr and FRA_… of include/uapi/linux/fib_rules.h.
import { record } from '../../build/reader.js';
import { at, attributes, told } from './attributes.js';
import { message } from './message.js';
import { protocol } from './route.js';
import { pad, struct } from './struct.js';
import { bits, ip, named, shortText, truth, u8, u16, u32 } from './types.js';

/** FR_ACT_… */
export const ruleAction = named(u8, {
  table: 1,
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
});

const range = <T extends typeof u16 | typeof u32>(type: T, what: string) => ({
  ...struct({ start: type, end: type }),
  input: record<{ start: number; end: number }>()(what, {
    start: { needed: type.input },
    end: { needed: type.input },
  }),
});

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
    flow: told(11, u32),
    suppressGroup: at(13, u32),
    suppressPrefix: at(14, u32),
    table: at(15, u32),
    markMask: at(16, u32),
    output: at(17, shortText(15)),
    l3mdev: at(19, truth()),
    users: at(20, range(u32, 'a range of user ids')),
    protocol: at(21, protocol),
    ipProtocol: at(22, named(u8, { icmp: 1, tcp: 6, udp: 17, dccp: 33, icmpv6: 58, sctp: 132 })),
    sourcePorts: at(23, range(u16, 'a range of ports')),
    destinationPorts: at(24, range(u16, 'a range of ports')),
  }),
);
