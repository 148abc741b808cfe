// The multicast forwarding tables of bridges: RTM_NEWMDB and its like, with struct br_port_msg, struct br_mdb_entry,
// MDBA_… and MDBE_… of include/uapi/linux/if_bridge.h.
import { isMulticastMac, parseIp, parseMac } from '../../build/address/index.js';
import { show, wrongType } from '../../build/reader.js';
import { at, attributes, many, marked, repeated, told } from './attributes.js';
import { message } from './message.js';
import { protocol } from './route.js';
import { pad, struct } from './struct.js';
import { bits, ip, mac, named, seconds, u8, u16, u32, type WireType } from './types.js';

/** What a group is an address of, by the Ethernet type that stands behind it: ETH_P_IP, ETH_P_IPV6, none. */
const kinds = [
  { number: 0x0800, length: 4, type: ip },
  { number: 0x86dd, length: 16, type: ip },
  { number: 0, length: 6, type: mac },
] as const;
const ROOM = 16;

/** Whether an IP address is that of a group. */
export const isMulticastIp = (address: string): boolean => {
  const parsed = parseIp(address);
  return parsed?.family === 'ipv4' ? parsed.value >> 28n === 0xen : (parsed?.value ?? 0n) >> 120n === 0xffn;
};

/** The address of a group, IPv4, IPv6 or MAC; undefined of a kind that is not known. */
export const group: WireType<string> = {
  size: ROOM + 2,
  read: (bytes, names) => {
    const kind = kinds.find(({ number }) => number === bytes.u16(ROOM, false));
    return kind?.type.read(bytes.part(0, kind.length), names);
  },
  write: (out, value, names) => {
    const start = out.length;
    (parseMac(value) === undefined ? ip : mac).write(out, value, names);
    const written = out.length - start;
    out.bytes(new Uint8Array(ROOM - written));
    out.u16(kinds.find(({ length }) => length === written)?.number ?? 0, false);
  },
  input: (value, path) => {
    if (typeof value !== 'string') throw wrongType(path, value, 'an IP or MAC address');
    const hardware = parseMac(value);
    if (hardware === undefined && parseIp(value) === undefined)
      throw new RangeError(`${path}: ${show(value)} is neither an IP address nor a MAC address`);
    const address = hardware ?? ip.input(value, path);
    if (!(hardware === undefined ? isMulticastIp(address) : isMulticastMac(address)))
      throw new RangeError(
        `${path}: ${show(value)} is not an address of a group, as 224.0.0.0/4, ff00::/8 and 01:00:5e:00:00:00 are`,
      );
    return address;
  },
};

export const groupState = named(u8, { temporary: 0, permanent: 1 });
export const groupFlags = bits(u8, { offloaded: 1, fastLeave: 2, starExclude: 4, blocked: 8 });
/** MCAST_EXCLUDE and MCAST_INCLUDE. */
export const filterMode = named(u8, { exclude: 0, include: 1 });

const portHeader = struct({ family: u8, _gap: pad(3), index: u32 });

/** struct br_mdb_entry */
const entry = struct({
  index: u32,
  state: groupState,
  flags: groupFlags,
  vlan: u16,
  group,
  _gap: pad(2),
});

const details = attributes({
  expires: told(1, seconds(u32)),
  sources: told(2, repeated(1, attributes({ address: told(1, ip), expires: told(2, seconds(u32)) }))),
  mode: told(3, filterMode),
  source: told(4, ip),
  protocol: told(5, protocol),
  /** Of a VXLAN's table, the peer. */
  destination: told(6, ip),
});

type Info = ReturnType<typeof entry.read> & ReturnType<typeof details.read>;

/** MDBA_MDB_ENTRY_INFO: a struct with attributes behind it. */
const info: WireType<Info> = {
  read: (bytes, names) => ({
    ...entry.read(bytes, names),
    ...details.read(bytes.part(entry.size), names),
  }),
  write: (out, value, names) => entry.write(out, value, names),
  input: (value) => value as Info,
};

/** What the kernel tells: groups, each with those that want its frames. */
export const groupMessage = message(
  portHeader,
  attributes({ groups: told(1, repeated(1, attributes({ members: many(1, info) }))) }),
);

/** MDBE_ATTR_SRC_LIST, of which each member has to say that there are attributes inside. */
const sourceList = attributes({
  members: { ...many(1, attributes({ address: at(1, ip) })), marked: true },
});

/** What it is asked for. */
export const groupRequest = message(
  portHeader,
  attributes({
    entry: at(1, entry),
    details: marked(
      2,
      attributes({
        source: at(1, ip),
        sources: marked(2, sourceList),
        mode: at(3, filterMode),
        protocol: at(4, protocol),
      }),
    ),
  }),
);
