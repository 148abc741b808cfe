// NICs that are a device of the host: virtual functions (SR-IOV), handed over as PCI devices.
import type { HostdevNic } from '../../xml/index.js';
import { driver as networkDriver, type VfioOptions } from '../network/hostdev.js';
import { type PciAddressOptions, pciAddress } from '../network/pci.js';
import { singleVlan, type VlanId } from '../network/vlan.js';
import { flag, needed, record } from '../reader.js';
import {
  type CommonNicOptions,
  type NicDocument,
  nicDocument,
  nicFields,
  nicMembers,
  type TransientTeamingOptions,
  transientTeaming,
} from './common.js';
import { type PciPlaceOptions, placeFields, placeMembers } from './place.js';
import { completeVirtualPort, type NicQbhOptions } from './virtual-port.js';

/** A virtual function of the host, given to the guest as a PCI device. */
export type HostdevNicOptions = CommonNicOptions &
  PciPlaceOptions & {
    /** The PCI address of the function on the host: `'0000:03:10.1'`, or in parts. */
    device: PciAddressOptions;
    /** Whether libvirt takes the function from the host's driver when the guest starts, and gives it back. Default: true. */
    managed?: boolean;
    /** What hands the function over; newer kernels have no kvm. Default: libvirt's, vfio where there is VFIO. */
    driver?: 'vfio' | 'kvm' | VfioOptions;
    /** The NIC that takes over while this one is unplugged for a migration. */
    teaming?: TransientTeamingOptions;
  } & (
    | {
        /** The VLAN of the NIC. Default: none. */
        vlan?: VlanId;
        virtualPort?: never;
      }
    | {
        vlan?: never;
        /** How the port is presented to the switch beyond the device. Default: not at all. */
        virtualPort?: NicQbhOptions;
      }
  );

const { address: readAddress, ...place } = placeFields;

const NO_TAP = 'the frames of a PCI device do not pass the host';

const read = record<HostdevNicOptions>()(
  'a NIC that is a PCI device',
  {
    ...nicFields,
    ...place,
    address: (value, path) => {
      const address = readAddress(value, path);
      if (address.type !== 'pci')
        throw new RangeError(`${path}.type: ${address.type} is not possible here, only pci`);
      return address;
    },
    device: needed(pciAddress),
    managed: flag,
    driver: networkDriver,
    teaming: transientTeaming,
    vlan: singleVlan,
    virtualPort: completeVirtualPort('802.1Qbh'),
  },
  {
    source: "give the function's address: device",
    model: 'the guest sees the hardware that it is',
    link: 'the cable is that of the device',
    bandwidth: 'libvirt limits no bandwidth of PCI devices',
    mtu: NO_TAP,
    filter: NO_TAP,
    target: NO_TAP,
    queues: NO_TAP,
    offloads: NO_TAP,
    isolatedPort: NO_TAP,
  },
);

/**
 * A NIC that is a virtual function of the host's (SR-IOV), given to the guest as a PCI device.
 *
 * @example
 * ```ts
 * build.nic.hostdev({
 *   device: '0000:03:10.1',
 *   mac: '52:54:00:12:34:56',
 *   vlan: 42,
 *   teaming: { persistent: 'ua-backup' },
 * })
 * ```
 * ```xml
 * <interface type='hostdev' managed='yes'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source>
 *     <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
 *   </source>
 *   <vlan>
 *     <tag id='42'/>
 *   </vlan>
 *   <teaming type='transient' persistent='ua-backup'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `device: 03:20.1 is not …`
 * @see https://libvirt.org/formatdomain.html#pci-passthrough
 */
export const hostdev = (options: HostdevNicOptions): NicDocument<HostdevNic> => {
  const nic = read(options, '');
  const { device, managed = true, driver, teaming, vlan, virtualPort } = nic;
  if (vlan && virtualPort)
    throw new TypeError('vlan: not possible beside virtualPort; the port profile says which VLAN it is');
  return nicDocument({
    type: 'hostdev',
    ...nicMembers(nic),
    ...placeMembers(nic),
    managed,
    driver,
    source: { address: { type: 'pci' as const, ...device } },
    vlan,
    virtualPort,
    teaming,
  });
};
