// Neighbours, and the forwarding tables of bridges, which the kernel has in the same form: struct ndmsg and NDA_… of
// include/uapi/linux/neighbour.h.
import { at, attributes, told } from './attributes.js';
import { message } from './message.js';
import { pad, struct } from './struct.js';
import { be16, bits, deviceOrNone, ip, mac, ranged, s32, u8, u16, u32 } from './types.js';

/** NUD_… */
export const neighbourState = bits(u16, {
  incomplete: 0x01,
  reachable: 0x02,
  stale: 0x04,
  delay: 0x08,
  probe: 0x10,
  failed: 0x20,
  noArp: 0x40,
  permanent: 0x80,
});

/** NTF_… */
export const neighbourFlags = bits(u8, {
  use: 0x01,
  self: 0x02,
  master: 0x04,
  proxy: 0x08,
  externLearned: 0x10,
  offloaded: 0x20,
  sticky: 0x40,
  router: 0x80,
});

export const neighbourMessage = message(
  struct({
    family: u8,
    _gap: pad(3),
    index: s32,
    state: neighbourState,
    flags: neighbourFlags,
    type: u8,
  }),
  attributes({
    address: at(1, ip),
    mac: at(2, mac),
    /** struct nda_cacheinfo: hundredths of seconds since it was confirmed, used and updated. */
    ages: told(3, struct({ confirmed: u32, used: u32, updated: u32, references: u32 })),
    probes: told(4, u32),
    vlan: at(5, ranged(u16, 0, 4094)),
    port: at(6, be16),
    vni: at(7, u32),
    outgoing: at(8, deviceOrNone),
    master: at(9, deviceOrNone),
    protocol: told(12, u8),
  }),
);
