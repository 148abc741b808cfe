// Networks of an existing Linux bridge.
import type { NetworkDocument } from '../../xml/index.js';
import { type BandwidthOptions, bandwidth } from '../bandwidth.js';
import { deviceName } from '../names.js';
import { present, some } from '../present.js';
import { flag, needed, record } from '../reader.js';
import { macTableManager } from './bridge.js';
import { identityFields, type NetworkOptions, networkDocument } from './identity.js';
import { type BridgedPortGroupOptions, bridgedPortGroups } from './portgroup.js';
import { UNMANAGED } from './unmanaged.js';
import { type VlanOptions, vlan } from './vlan.js';

/** A network of an existing Linux bridge. */
export interface BridgedNetworkOptions extends NetworkOptions {
  /** The name of the bridge, up to 15 bytes. It must exist when guests start, not before. */
  bridge: string;
  /**
   * Who fills the bridge's table of MAC addresses: `'libvirt'` from the guests' definitions, or the kernel.
   * Default: `'kernel'`.
   */
  macTableManager?: 'kernel' | 'libvirt';
  /** The VLANs of the guests, on a bridge that filters VLANs. Since libvirt 11.0.0. Default: the bridge's own. */
  vlan?: VlanOptions;
  /** The limit of all guests' traffic together. Default: none. */
  bandwidth?: BandwidthOptions;
  /** Whether guests are kept from reaching each other; everybody else stays reachable. Default: false. */
  isolatedPorts?: boolean;
  /** Classes of guest connections. */
  portGroups?: readonly BridgedPortGroupOptions[];
}

const read = record<BridgedNetworkOptions>()(
  'a bridged network',
  {
    ...identityFields,
    bridge: needed(deviceName),
    macTableManager,
    vlan,
    bandwidth,
    isolatedPorts: flag,
    portGroups: bridgedPortGroups,
  },
  {
    ...UNMANAGED,
    dev: 'name the bridge that the device is plugged into, or use build.network.macvtap',
    interfaceId: 'it is a setting of Open vSwitch; use build.network.openvswitch',
  },
);

/**
 * A network of an existing Linux bridge, most often one that a device of the host is plugged into: the guests are
 * machines of that device's network. libvirt does not touch the bridge.
 *
 * @example
 * ```ts
 * build.network.bridged({ name: 'office', bridge: 'br0' })
 * ```
 * ```xml
 * <network>
 *   <name>office</name>
 *   <forward mode='bridge'/>
 *   <bridge name='br0'/>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `bridge: bridge-to-the-office is not …`
 * @see https://libvirt.org/formatnetwork.html#using-an-existing-host-bridge
 */
export const bridged = (options: BridgedNetworkOptions): NetworkDocument => {
  const { bridge: name, macTableManager, isolatedPorts, ...network } = read(options, '');
  return networkDocument(network, {
    forward: { mode: 'bridge' },
    bridge: present({ name, macTableManager }),
    vlan: network.vlan,
    bandwidth: network.bandwidth,
    port: isolatedPorts === undefined ? undefined : { isolated: isolatedPorts },
    portGroups: some(network.portGroups),
  });
};
