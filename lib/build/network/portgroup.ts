// Port groups: classes of guest connections. Which settings a class can have follows from the network's mode.
// https://libvirt.org/formatnetwork.html#portgroups
import type { PortGroup } from '../../xml/index.js';
import { type BandwidthOptions, bandwidth } from '../bandwidth.js';
import { portGroupName } from '../names.js';
import { present } from '../present.js';
import { type Elsewhere, flag, list, needed, type Reader, record, refuseDuplicates } from '../reader.js';
import {
  type OpenvswitchPortOptions,
  openvswitchFields,
  openvswitchPort,
  type VirtualPortOptions,
  virtualPort,
} from './virtualport.js';
import { singleVlan, type VlanId, type VlanOptions, vlan } from './vlan.js';

/** A class of guest connections. */
export interface PortGroupOptions {
  /** The name by which guests' NICs choose the group: ASCII letters, digits and `_.-:/`. */
  name: string;
  /** Whether NICs that choose no group get this one; at most one of a network. Default: false. */
  default?: boolean;
  /** Whether the host follows the receive filters that guests ask for. Default: that of the network. */
  trustGuestRxFilters?: boolean;
}

/** A port group of a network that libvirt manages (isolated, routed, nat, open). */
export interface ManagedPortGroupOptions extends PortGroupOptions {
  /** The limits of each NIC in the group. Default: none. */
  bandwidth?: BandwidthOptions;
}

/** A port group of a host bridge. */
export interface BridgedPortGroupOptions extends ManagedPortGroupOptions {
  /** The VLANs of each NIC in the group. Since libvirt 11.0.0. Default: that of the network. */
  vlan?: VlanOptions;
}

/** A port group of an Open vSwitch bridge. */
export interface OpenvswitchPortGroupOptions extends ManagedPortGroupOptions, OpenvswitchPortOptions {
  /** The VLANs of each NIC in the group. Default: those of the network. */
  vlan?: VlanOptions;
}

/** A port group of a macvtap network. libvirt has no bandwidth there. */
export interface MacvtapPortGroupOptions extends PortGroupOptions {
  /** How NICs of the group are presented to the switch. Default: as in the network. */
  virtualPort?: VirtualPortOptions;
}

/** A port group of virtual functions: either a VLAN, or a switch that sets it by port profile. */
export type FunctionPortGroupOptions = PortGroupOptions &
  (
    | {
        /** The VLAN of each NIC in the group. Default: that of the network. */
        vlan?: VlanId;
        virtualPort?: never;
      }
    | {
        vlan?: never;
        /** How NICs of the group are presented to the switch. Default: as in the network. */
        virtualPort?: VirtualPortOptions;
      }
  );

const common = { name: needed(portGroupName), default: flag, trustGuestRxFilters: flag };
const WHAT = 'a port group';
const NO_BANDWIDTH: Elsewhere = { bandwidth: 'libvirt limits no bandwidth in this mode of network' };
const NO_VLAN: Elsewhere = { vlan: 'libvirt tags no frames in this mode of network' };

/** The checks that concern all groups of a network. */
const groups =
  (group: Reader<PortGroup>): Reader<readonly PortGroup[]> =>
  (value, path) => {
    const all = list(group)(value, path);
    refuseDuplicates(all, path, 'the name', ({ name }) => name);
    const first = all.findIndex((group) => group.default);
    const second = all.findIndex((group, i) => group.default && i > first);
    if (second > 0)
      throw new RangeError(`${path}[${second}].default: ${path}[${first}] is the default already`);
    return all;
  };

/** Of {@link ManagedPortGroupOptions}. */
export const managedPortGroups = groups(
  record<ManagedPortGroupOptions>()(WHAT, { ...common, bandwidth }, NO_VLAN),
);

/** Of {@link BridgedPortGroupOptions}. */
export const bridgedPortGroups = groups(
  record<BridgedPortGroupOptions>()(WHAT, { ...common, bandwidth, vlan }),
);

const openvswitch = record<OpenvswitchPortGroupOptions>()(WHAT, {
  ...common,
  bandwidth,
  vlan,
  ...openvswitchFields,
});

/** Of {@link OpenvswitchPortGroupOptions}. */
export const openvswitchPortGroups = groups((value, path) => {
  const { interfaceId, profileId, ...group } = openvswitch(value, path);
  const port = present({ interfaceId, profileId });
  return Object.keys(port).length > 0 ? { ...group, virtualPort: openvswitchPort(port) } : group;
});

/** Of {@link MacvtapPortGroupOptions}. */
export const macvtapPortGroups = groups(
  record<MacvtapPortGroupOptions>()(
    WHAT,
    { ...common, virtualPort: virtualPort('802.1Qbg', '802.1Qbh') },
    { ...NO_BANDWIDTH, ...NO_VLAN },
  ),
);

/** Of {@link FunctionPortGroupOptions}, with virtual ports of the types given. */
export const functionPortGroups = (
  ...types: readonly VirtualPortOptions['type'][]
): Reader<readonly PortGroup[]> =>
  groups(
    record<FunctionPortGroupOptions>()(
      WHAT,
      { ...common, vlan: singleVlan, virtualPort: virtualPort(...types) },
      NO_BANDWIDTH,
    ),
  );

/**
 * Refuses a VLAN and a virtual port for one NIC, be it by the network or by a port group: libvirt takes a VLAN of
 * virtual functions from a port profile or from `<vlan>`, not from both.
 */
export const refuseVlanAndVirtualPort = ({
  vlan,
  virtualPort,
  portGroups = [],
}: {
  readonly vlan?: unknown;
  readonly virtualPort?: unknown;
  readonly portGroups?: readonly PortGroup[];
}): void => {
  const why = 'the port profile says which VLAN it is';
  if (vlan && virtualPort) throw new TypeError(`vlan: not possible beside virtualPort; ${why}`);
  for (const [i, group] of portGroups.entries()) {
    const both = group.virtualPort && (group.vlan ?? vlan);
    const inherited = group.vlan && virtualPort;
    if (group.virtualPort && group.vlan) {
      throw new TypeError(`portGroups[${i}].vlan: not possible beside virtualPort; ${why}`);
    }
    if (both)
      throw new TypeError(`portGroups[${i}].virtualPort: not possible beside the network's vlan; ${why}`);
    if (inherited)
      throw new TypeError(`portGroups[${i}].vlan: not possible beside the network's virtualPort; ${why}`);
  }
};
