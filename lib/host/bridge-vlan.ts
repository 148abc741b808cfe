// VLANs of bridges' ports, one by one: as their changes are told.
import { bridgeVlanMessage } from './netlink/bridge-vlan.js';
import type { RawMessage } from './netlink/message.js';
import type { Names } from './netlink/types.js';
import { LAST_VLAN, type PortVlan } from './port-vlans.js';

/** A VLAN of a port, or of the bridge itself. */
export interface BridgeVlan extends PortVlan {
  /** The port, or the bridge. */
  readonly link: string;
}

/** The VLANs in a message: the kernel tells those together that follow each other and are alike. */
export function readBridgeVlans({ payload }: RawMessage, names: Names): BridgeVlan[] {
  const { index, attributes } = bridgeVlanMessage.read(payload, names);
  const link = names.nameOf(index) ?? `#${index}`;
  const vlans: BridgeVlan[] = [];
  for (const { info, last = info?.id } of attributes.entries ?? []) {
    if (info === undefined) continue;
    const [pvid, untagged] = [info.flags.includes('pvid'), info.flags.includes('untagged')];
    for (let id = info.id; id <= Math.min(last as number, LAST_VLAN); id++)
      vlans.push(Object.freeze({ link, id, pvid, untagged }));
  }
  return vlans;
}
