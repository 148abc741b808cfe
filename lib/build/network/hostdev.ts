// Networks of virtual functions that guests get as PCI devices (SR-IOV).
import { oneOf } from '../../xml/codec.js';
import type { NetworkDocument, NetworkForward } from '../../xml/index.js';
import { deviceName, line } from '../names.js';
import { present, some } from '../present.js';
import { coded, flag, oneOrMany, type Reader, record, refuseDuplicates } from '../reader.js';
import { identityFields, type NetworkOptions, networkDocument } from './identity.js';
import { formatPciAddress, type PciAddress, type PciAddressOptions, pciAddress } from './pci.js';
import { type FunctionPortGroupOptions, functionPortGroups, refuseVlanAndVirtualPort } from './portgroup.js';
import { UNMANAGED } from './unmanaged.js';
import { type QbhOptions, virtualPort } from './virtualport.js';
import { singleVlan, type VlanId } from './vlan.js';

/** A port group of a hostdev network. */
export type HostdevPortGroupOptions = FunctionPortGroupOptions & { virtualPort?: QbhOptions };

/** How VFIO hands functions over. */
export interface VfioOptions {
  /** The VFIO variant driver to use: `'mlx5_vfio_pci'`. Since libvirt 10.0.0. Default: that which fits best. */
  model?: string;
  /** Whether to go through the kernel's iommufd. Since libvirt 12.1.0. Default: false. */
  iommufd?: boolean;
}

/** A network of virtual functions that guests get as PCI devices. */
export type HostdevNetworkOptions = NetworkOptions & {
  /** Whether libvirt takes a function from the host's driver when a guest starts, and gives it back. Default: true. */
  managed?: boolean;
  /** What hands functions over to guests; newer kernels have no kvm. Default: libvirt's, vfio where there is VFIO. */
  driver?: 'vfio' | 'kvm' | VfioOptions;
  /** Classes of guest connections. */
  portGroups?: readonly HostdevPortGroupOptions[];
} & (
    | {
        /** The physical function whose virtual functions are the pool. */
        pf: string;
        addresses?: never;
      }
    | {
        pf?: never;
        /** The PCI addresses of the virtual functions that are the pool. */
        addresses: PciAddressOptions | readonly PciAddressOptions[];
      }
  ) &
  (
    | {
        /** The VLAN of the guests. Default: none. */
        vlan?: VlanId;
        virtualPort?: never;
      }
    | {
        vlan?: never;
        /** How guests are presented to the switch beyond the device. Default: not at all. */
        virtualPort?: QbhOptions;
      }
  );

const pool: Reader<readonly PciAddress[]> = (value, path) => {
  const all = oneOrMany(pciAddress)(value, path);
  refuseDuplicates(all, path, 'the device', formatPciAddress);
  return all;
};

const driverName = coded(oneOf('vfio', 'kvm'));
const vfioFields = record<VfioOptions>()('the VFIO driver', { model: line, iommufd: flag });

/** What hands functions over, as libvirt's `<driver>`. */
export const driver: Reader<NonNullable<NetworkForward['driver']>> = (value, path) =>
  typeof value === 'object'
    ? { name: 'vfio', ...vfioFields(value, path) }
    : { name: driverName(value, path) };

const read = record<HostdevNetworkOptions>()(
  'a hostdev network',
  {
    ...identityFields,
    managed: flag,
    driver,
    pf: deviceName,
    addresses: pool,
    vlan: singleVlan,
    virtualPort: virtualPort('802.1Qbh'),
    portGroups: functionPortGroups('802.1Qbh'),
  },
  {
    ...UNMANAGED,
    dev: 'a hostdev network takes PCI addresses, or pf, the physical function',
    bridge: 'a hostdev network has no bridge',
    bandwidth: 'libvirt limits no bandwidth of PCI devices',
    address: 'did you mean addresses?',
    devices: 'did you mean addresses?',
  },
);

/**
 * A network of SR-IOV virtual functions: each guest gets one as a PCI device. The pool is all functions of one physical
 * function, or those at the addresses given.
 *
 * @example
 * ```ts
 * build.network.hostdev({ name: 'sriov', addresses: ['0000:03:10.1', '0000:03:10.3'], driver: 'vfio', vlan: 42 })
 * ```
 * ```xml
 * <network>
 *   <name>sriov</name>
 *   <forward mode='hostdev' managed='yes'>
 *     <driver name='vfio'/>
 *     <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
 *     <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x3'/>
 *   </forward>
 *   <vlan>
 *     <tag id='42'/>
 *   </vlan>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `addresses[0]: 03:20.1 is not …`
 * @see https://libvirt.org/formatnetwork.html#connectivity
 */
export const hostdev = (options: HostdevNetworkOptions): NetworkDocument => {
  const network = read(options, '');
  const { managed = true, driver, pf, addresses, vlan, virtualPort, portGroups } = network;
  if (pf && addresses) throw new TypeError('addresses: not possible beside pf; the pool is either of them');
  if (!pf && !addresses) throw new TypeError('pf: missing; a hostdev network must have it, or addresses');
  refuseVlanAndVirtualPort({ vlan, virtualPort, portGroups: portGroups ?? [] });
  return networkDocument(network, {
    forward: present({
      mode: 'hostdev',
      managed,
      driver,
      pf: pf === undefined ? undefined : { dev: pf },
      addresses: addresses?.map((address) => ({ type: 'pci' as const, ...address })),
    }),
    virtualPort,
    vlan,
    portGroups: some(portGroups),
  });
};
