// What the kernel tells of the VLANs of a bridge's ports when they change: RTM_NEWVLAN and its like, with struct
// br_vlan_msg and BRIDGE_VLANDB_… of include/uapi/linux/if_bridge.h.
import { attributes, many, told } from './attributes.js';
import { message } from './message.js';
import { vlanInfo } from './port-vlan.js';
import { pad, struct } from './struct.js';
import { u8, u16, u32 } from './types.js';

export const bridgeVlanMessage = message(
  struct({ family: u8, _gap: pad(3), index: u32 }),
  attributes({ entries: many(1, attributes({ info: told(1, vlanInfo), last: told(2, u16) })) }),
);
