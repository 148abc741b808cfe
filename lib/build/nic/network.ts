// NICs on a virtual network.
import { integer } from '../../xml/codec.js';
import type { NetworkNic } from '../../xml/index.js';
import { type NetworkNicBandwidthOptions, networkNicBandwidth } from '../bandwidth.js';
import { line, portGroupName } from '../names.js';
import { type VlanOptions, vlan } from '../network/vlan.js';
import { present } from '../present.js';
import { coded, flag, needed, record } from '../reader.js';
import { type NicDocument, nicDocument, nicMembers, wrap } from './common.js';
import {
  type HardwareOptions,
  hardwareMembers,
  type NetworkVirtioOptions,
  networkVirtioFields,
} from './hardware.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';
import { type FilteredNicOptions, filteredFields, tapMembers } from './tap.js';
import { type NetworkPortOptions, networkPort } from './virtual-port.js';

/** What a NIC on a virtual network has, whatever its port and its hardware. */
export interface NetworkNicBase extends Omit<FilteredNicOptions, 'bandwidth'> {
  /** The name of the network. */
  network: string;
  /** One of its port groups. Default: its default one. */
  portGroup?: string;
  /** The VLANs of the NIC, where the network is of Open vSwitch or of virtual functions. Default: those of the port group. */
  vlan?: VlanOptions;
  /** The limit of the NIC's traffic, and what it gets however busy others are. Default: that of the port group. */
  bandwidth?: NetworkNicBandwidthOptions;
  /** How many frames the tap gathers before it interrupts. Default: the kernel's. */
  coalesce?: number;
  /** Whether the host follows the receive filters that the guest asks for. Default: that of the port group. */
  trustGuestRxFilters?: boolean;
}

/** A NIC on a virtual network. */
export type NetworkNicOptions = NetworkNicBase &
  (
    | {
        /** Whether it is kept from reaching other isolated NICs. Default: that of the network. */
        isolatedPort?: boolean;
        virtualPort?: never;
      }
    | {
        isolatedPort?: never;
        /** How the port is presented to the switch. Default: as in the port group. */
        virtualPort?: NetworkPortOptions;
      }
  ) &
  PlaceOptions &
  HardwareOptions<NetworkVirtioOptions>;

/** A number of frames, as libvirt's `<coalesce>` has it. */
export const frames = coded(integer(0, 0xffffffff), 'frames');

/** What `<coalesce>` is of a number of frames. */
export const coalesceOf = (max: number | undefined) =>
  max === undefined ? undefined : { rx: { frames: { max } } };

const read = record<NetworkNicOptions>()(
  'a NIC on a network',
  {
    ...filteredFields,
    ...placeFields,
    ...networkVirtioFields,
    network: needed(line),
    portGroup: portGroupName,
    vlan,
    bandwidth: networkNicBandwidth,
    coalesce: frames,
    trustGuestRxFilters: flag,
    isolatedPort: flag,
    virtualPort: networkPort,
  },
  {
    source: 'name the network: network',
    bridge: 'a network knows its bridge; use build.nic.bridge for one without a network',
    managed: 'libvirt makes the device; use build.nic.ethernet for one that is there already',
  },
);

/**
 * A NIC on a virtual network: what it is plugged into follows from the network's mode.
 *
 * @example
 * ```ts
 * build.nic.network({
 *   network: 'lan',
 *   portGroup: 'staff',
 *   mac: '52:54:00:12:34:56',
 *   filter: { name: 'clean-traffic', variables: { IP: '192.168.10.20' } },
 *   bandwidth: { inbound: { average: '100mbit', floor: '10mbit' }, outbound: '20mbit' },
 *   boot: 1,
 * })
 * ```
 * ```xml
 * <interface type='network'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source network='lan' portgroup='staff'/>
 *   <bandwidth>
 *     <inbound average='12500' floor='1250'/>
 *     <outbound average='2500'/>
 *   </bandwidth>
 *   <model type='virtio'/>
 *   <filterref filter='clean-traffic'>
 *     <parameter name='IP' value='192.168.10.20'/>
 *   </filterref>
 *   <boot order='1'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `mac: 52:54:00 is not …`
 * @see https://libvirt.org/formatdomain.html#virtual-network
 */
export const network = (options: NetworkNicOptions): NicDocument<NetworkNic> => {
  const nic = read(options, '');
  if (nic.isolatedPort !== undefined && nic.virtualPort) {
    throw new TypeError(
      'isolatedPort: not possible beside virtualPort; libvirt isolates ports of Linux bridges only',
    );
  }
  return nicDocument({
    type: 'network',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    ...tapMembers(nic),
    source: present({ network: nic.network, portGroup: nic.portGroup }),
    trustGuestRxFilters: nic.trustGuestRxFilters,
    vlan: nic.vlan,
    virtualPort: nic.virtualPort,
    port: wrap('isolated', nic.isolatedPort),
    coalesce: coalesceOf(nic.coalesce),
  });
};
