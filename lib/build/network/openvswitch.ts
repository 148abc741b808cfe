// Networks of an existing Open vSwitch bridge.
import type { NetworkDocument } from '../../xml/index.js';
import { type BandwidthOptions, bandwidth } from '../bandwidth.js';
import { deviceName } from '../names.js';
import { some } from '../present.js';
import { needed, record } from '../reader.js';
import { identityFields, type NetworkOptions, networkDocument } from './identity.js';
import { type OpenvswitchPortGroupOptions, openvswitchPortGroups } from './portgroup.js';
import { UNMANAGED } from './unmanaged.js';
import { type OpenvswitchPortOptions, openvswitchFields, openvswitchPort } from './virtualport.js';
import { type VlanOptions, vlan } from './vlan.js';

/** A network of an existing Open vSwitch bridge. */
export interface OpenvswitchNetworkOptions extends NetworkOptions, OpenvswitchPortOptions {
  /** The name of the bridge, up to 15 bytes. It must exist when guests start, not before. */
  bridge: string;
  /** The VLANs of guests whose port group has none. Default: all, with their tags. */
  vlan?: VlanOptions;
  /** The limit of all guests' traffic together. Default: none. */
  bandwidth?: BandwidthOptions;
  /** Classes of guest connections. */
  portGroups?: readonly OpenvswitchPortGroupOptions[];
}

const read = record<OpenvswitchNetworkOptions>()(
  'an Open vSwitch network',
  {
    ...identityFields,
    ...openvswitchFields,
    bridge: needed(deviceName),
    vlan,
    bandwidth,
    portGroups: openvswitchPortGroups,
  },
  {
    ...UNMANAGED,
    isolatedPorts: 'libvirt isolates ports of Linux bridges only; use a VLAN or OpenFlow rules',
  },
);

/**
 * A network of an existing Open vSwitch bridge, with VLANs for all guests or by port group.
 *
 * @example
 * ```ts
 * build.network.openvswitch({
 *   name: 'campus',
 *   bridge: 'ovsbr0',
 *   portGroups: [
 *     { name: 'staff', default: true, vlan: 10, bandwidth: '100mbit' },
 *     { name: 'router', vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } } },
 *   ],
 * })
 * ```
 * ```xml
 * <network>
 *   <name>campus</name>
 *   <forward mode='bridge'/>
 *   <bridge name='ovsbr0'/>
 *   <virtualport type='openvswitch'/>
 *   <portgroup name='staff' default='yes'>
 *     <vlan>
 *       <tag id='10'/>
 *     </vlan>
 *     <bandwidth>
 *       <inbound average='12500'/>
 *       <outbound average='12500'/>
 *     </bandwidth>
 *   </portgroup>
 *   <portgroup name='router'>
 *     <vlan trunk='yes'>
 *       <tag id='1' nativeMode='untagged'/>
 *       <tag id='10'/>
 *       <tag id='20'/>
 *     </vlan>
 *   </portgroup>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `portGroups[0].vlan: 4096 is not …`
 * @see https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only
 */
export const openvswitch = (options: OpenvswitchNetworkOptions): NetworkDocument => {
  const network = read(options, '');
  return networkDocument(network, {
    forward: { mode: 'bridge' },
    bridge: { name: network.bridge },
    virtualPort: openvswitchPort(network),
    vlan: network.vlan,
    bandwidth: network.bandwidth,
    portGroups: some(network.portGroups),
  });
};
