// The VLANs of a bridge's ports: RTM_SETLINK, RTM_DELLINK and RTM_GETLINK of the family AF_BRIDGE, with
// IFLA_BRIDGE_… of include/uapi/linux/if_bridge.h.
import { at, attributes, many, told } from './attributes.js';
import { bridgePort } from './bridge.js';
import { ifinfo } from './link.js';
import { message } from './message.js';
import { struct } from './struct.js';
import { bits, deviceName, deviceOrNone, u16, u32 } from './types.js';

/** struct bridge_vlan_info: a VLAN, or the first or last of a range. */
export const vlanInfo = struct({
  flags: bits(u16, {
    master: 0x1,
    pvid: 0x2,
    untagged: 0x4,
    rangeBegin: 0x8,
    rangeEnd: 0x10,
    bridge: 0x20,
  }),
  id: u16,
});

export const portVlanMessage = message(
  ifinfo,
  attributes({
    name: told(3, deviceName),
    master: told(10, deviceOrNone),
    port: told(12, bridgePort),
    spec: at(26, attributes({ flags: at(0, u16), mode: at(1, u16), vlans: many(2, vlanInfo) })),
    extended: at(29, u32),
  }),
);

/** RTEXT_FILTER_BRVLAN_COMPRESSED: ranges rather than each VLAN. */
export const COMPRESSED_VLANS = 0x4;
