// NICs on bridges of the host: of the kernel and of Open vSwitch.
import type { BridgeNic } from '../../xml/index.js';
import { deviceName, line, uuid } from '../names.js';
import { type OpenvswitchPortOptions, openvswitchFields, openvswitchPort } from '../network/virtualport.js';
import { type VlanOptions, vlan } from '../network/vlan.js';
import { flag, needed, record } from '../reader.js';
import { type NicDocument, nicDocument, nicMembers, wrap } from './common.js';
import { type HardwareOptions, hardwareMembers, type TapVirtioOptions, tapVirtioFields } from './hardware.js';
import { coalesceOf, frames } from './network.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';
import { type FilteredNicOptions, filteredFields, type TapNicOptions, tapFields, tapMembers } from './tap.js';

/** A NIC on a Linux bridge of the host. */
export type BridgeNicOptions = FilteredNicOptions & {
  /** The name of the bridge, up to 15 bytes. It must exist when the guest starts. */
  bridge: string;
  /** How many frames the tap gathers before it interrupts. Default: the kernel's. */
  coalesce?: number;
  /** The domain that the bridge is in; Xen only. Default: the host. */
  backendDomain?: string;
} & (
    | {
        /** Whether it is kept from reaching other isolated NICs. Default: false. */
        isolatedPort?: boolean;
        /** The VLANs of the NIC, on a bridge that filters VLANs. Since libvirt 11.0.0. Default: the bridge's own. */
        vlan?: VlanOptions;
        midonetPort?: never;
      }
    | {
        isolatedPort?: never;
        vlan?: never;
        /** The UUID of the port of a MidoNet network, whose bridge this is. */
        midonetPort: string;
      }
  ) &
  PlaceOptions &
  HardwareOptions<TapVirtioOptions>;

/** A NIC on a bridge of Open vSwitch. */
export type OpenvswitchNicOptions = TapNicOptions &
  OpenvswitchPortOptions & {
    /** The name of the bridge, up to 15 bytes. It must exist when the guest starts. */
    bridge: string;
    /** The VLANs of the NIC. Default: all, with their tags. */
    vlan?: VlanOptions;
    /** How many frames the tap gathers before it interrupts. Default: the kernel's. */
    coalesce?: number;
  } & PlaceOptions &
  HardwareOptions<TapVirtioOptions>;

const NO_SOURCE = { source: 'name the bridge: bridge' };

const readBridge = record<BridgeNicOptions>()(
  'a NIC on a bridge',
  {
    ...filteredFields,
    ...placeFields,
    ...tapVirtioFields,
    bridge: needed(deviceName),
    coalesce: frames,
    isolatedPort: flag,
    vlan,
    midonetPort: uuid,
    backendDomain: line,
  },
  {
    ...NO_SOURCE,
    interfaceId: 'it is a setting of Open vSwitch; use build.nic.openvswitch',
    profileId: 'it is a setting of Open vSwitch; use build.nic.openvswitch',
    virtualPort: 'a Linux bridge has none; use build.nic.openvswitch',
    macTableManager: 'libvirt drops it there; it is a setting of networks',
  },
);

const readOpenvswitch = record<OpenvswitchNicOptions>()(
  'a NIC on a bridge of Open vSwitch',
  {
    ...tapFields,
    ...placeFields,
    ...tapVirtioFields,
    ...openvswitchFields,
    bridge: needed(deviceName),
    vlan,
    coalesce: frames,
  },
  {
    ...NO_SOURCE,
    filter: "frames on Open vSwitch do not pass the host's firewall; use OpenFlow rules",
    isolatedPort: 'libvirt isolates ports of Linux bridges only; use a VLAN or OpenFlow rules',
    virtualPort: 'interfaceId and profileId stand beside bridge',
  },
);

/**
 * A NIC on a Linux bridge of the host, most often one that a device of the host is plugged into.
 *
 * @example
 * ```ts
 * build.nic.bridge({ bridge: 'br0', mac: '52:54:00:12:34:56', isolatedPort: true })
 * ```
 * ```xml
 * <interface type='bridge'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source bridge='br0'/>
 *   <port isolated='yes'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `bridge: bridge-to-the-office is not …`
 * @see https://libvirt.org/formatdomain.html#bridge-to-lan
 */
export const bridge = (options: BridgeNicOptions): NicDocument<BridgeNic> => {
  const nic = readBridge(options, '');
  const { midonetPort, isolatedPort, vlan } = nic;
  if (midonetPort !== undefined) {
    for (const [field, value] of Object.entries({ isolatedPort, vlan }))
      if (value !== undefined) throw new TypeError(`${field}: not possible beside midonetPort`);
  }
  return nicDocument({
    type: 'bridge',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    ...tapMembers(nic),
    source: { bridge: nic.bridge },
    vlan,
    virtualPort:
      midonetPort === undefined
        ? undefined
        : { type: 'midonet' as const, parameters: { interfaceId: midonetPort } },
    port: wrap('isolated', isolatedPort),
    backendDomain: wrap('name', nic.backendDomain),
    coalesce: coalesceOf(nic.coalesce),
  });
};

/**
 * A NIC on a bridge of Open vSwitch.
 *
 * @example
 * ```ts
 * build.nic.openvswitch({
 *   bridge: 'ovsbr0',
 *   mac: '52:54:00:12:34:56',
 *   vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } },
 *   interfaceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
 * })
 * ```
 * ```xml
 * <interface type='bridge'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source bridge='ovsbr0'/>
 *   <vlan trunk='yes'>
 *     <tag id='1' nativeMode='untagged'/>
 *     <tag id='10'/>
 *     <tag id='20'/>
 *   </vlan>
 *   <virtualport type='openvswitch'>
 *     <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
 *   </virtualport>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `vlan: 4096 is not …`
 * @see https://libvirt.org/formatdomain.html#bridge-to-lan
 */
export const openvswitch = (options: OpenvswitchNicOptions): NicDocument<BridgeNic> => {
  const nic = readOpenvswitch(options, '');
  return nicDocument({
    type: 'bridge',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    ...tapMembers(nic),
    source: { bridge: nic.bridge },
    vlan: nic.vlan,
    virtualPort: openvswitchPort(nic),
    coalesce: coalesceOf(nic.coalesce),
  });
};
