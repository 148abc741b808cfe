// NICs on a macvtap of a device of the host.
import { oneOf } from '../../xml/codec.js';
import type { DirectNic } from '../../xml/index.js';
import { deviceName } from '../names.js';
import { singleVlan, type VlanId } from '../network/vlan.js';
import { coded, flag, needed, record } from '../reader.js';
import { type NicDocument, nicDocument, nicMembers } from './common.js';
import { type HardwareOptions, hardwareMembers, type TapVirtioOptions, tapVirtioFields } from './hardware.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';
import { type DeviceNicOptions, deviceFields, tapMembers } from './tap.js';
import { completeVirtualPort, type NicVirtualPortOptions } from './virtual-port.js';

/** A NIC on a macvtap of a device of the host. */
export type DirectNicOptions = DeviceNicOptions & {
  /** The device of the host, up to 15 bytes. */
  dev: string;
  /** Whether the host follows the MAC address and receive filters that a virtio guest asks for. Default: false. */
  trustGuestRxFilters?: boolean;
} & (
    | {
        /**
         * How guests on one device reach each other: directly (`'bridge'`), through a switch that sends frames back
         * (`'vepa'`), or not at all (`'private'`).
         */
        mode: 'bridge' | 'vepa' | 'private';
        vlan?: never;
        /** How the port is presented to the switch beyond the device. Default: not at all. */
        virtualPort?: NicVirtualPortOptions;
      }
    | {
        /** The guest has the device for itself. */
        mode: 'passthrough';
        /** The VLAN of the NIC, when the device is a virtual function. Default: none. */
        vlan?: VlanId;
        virtualPort?: never;
      }
    | {
        /** The guest has the device for itself. */
        mode: 'passthrough';
        vlan?: never;
        /** How the port is presented to the switch beyond the device. Default: not at all. */
        virtualPort?: NicVirtualPortOptions;
      }
  ) &
  PlaceOptions &
  HardwareOptions<TapVirtioOptions>;

const read = record<DirectNicOptions>()(
  'a NIC on a macvtap',
  {
    ...deviceFields,
    ...placeFields,
    ...tapVirtioFields,
    dev: needed(deviceName),
    mode: needed(coded(oneOf('bridge', 'vepa', 'private', 'passthrough'))),
    trustGuestRxFilters: flag,
    vlan: singleVlan,
    virtualPort: completeVirtualPort('802.1Qbg', '802.1Qbh'),
  },
  {
    source: 'name the device: dev',
    mtu: 'a macvtap has the MTU of its device; libvirt does not set it',
    filter: 'libvirt filters no frames of a macvtap',
    isolatedPort: "use mode: 'private'",
    coalesce: 'libvirt sets it on taps only',
    tapDevice: 'a macvtap is a device of its own',
    bridge: 'a macvtap has no bridge; use build.nic.bridge, or dev for the device',
  },
);

/**
 * A NIC on a macvtap of a device of the host: the guest is a machine of that device's network, without a bridge. The host
 * itself does not reach it over that device.
 *
 * @example
 * ```ts
 * build.nic.direct({
 *   dev: 'eth0',
 *   mode: 'vepa',
 *   mac: '52:54:00:12:34:56',
 *   virtualPort: { type: '802.1Qbg', managerId: 11, typeId: 1193047, typeIdVersion: 2 },
 * })
 * ```
 * ```xml
 * <interface type='direct'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source dev='eth0' mode='vepa'/>
 *   <virtualport type='802.1Qbg'>
 *     <parameters managerid='11' typeid='1193047' typeidversion='2'/>
 *   </virtualport>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `virtualPort.typeId: missing; …`
 * @see https://libvirt.org/formatdomain.html#direct-attachment-to-physical-interface
 */
export const direct = (options: DirectNicOptions): NicDocument<DirectNic> => {
  const nic = read(options, '');
  const { dev, mode, vlan, virtualPort } = nic;
  if (vlan && mode !== 'passthrough')
    throw new TypeError(`vlan: not possible with mode: '${mode}', only with 'passthrough'`);
  if (vlan && virtualPort)
    throw new TypeError('vlan: not possible beside virtualPort; the port profile says which VLAN it is');
  return nicDocument({
    type: 'direct',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    ...tapMembers(nic),
    source: { dev, mode },
    trustGuestRxFilters: nic.trustGuestRxFilters,
    vlan,
    virtualPort,
  });
};
