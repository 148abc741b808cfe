// Advice for what takes hardware or a crash to go wrong: libvirt's and QEMU's words for it, and what is to be said about
// them.

import { expect, it } from 'vitest';
import type { ErrorCode } from '../../../lib/errors.js';
import { hintFor } from '../../../lib/libvirt/hints.js';

it.each<[string, ErrorCode, string, string, string]>([
  [
    'an adapter without ports left',
    'SYSTEM_ERROR',
    'virNodeDeviceCreateXML',
    "Write of '1000000099990000:2000000099990000' to '/sys/class/fc_host//host3/vport_create' during vport " +
      'create/delete failed: Input/output error',
    'the adapter has no virtual port left',
  ],
  [
    'a host without any adapter for virtual ports',
    'INTERNAL_ERROR',
    'virNodeDeviceCreateXML',
    'internal error: Could not find any vport capable device',
    "nodeDevices.list({ cap: 'vports' }) gives those that have it",
  ],
  [
    'a device that a guest has',
    'OPERATION_INVALID',
    'virNodeDeviceReAttach',
    'Requested operation is not valid: PCI device 0000:03:10.1 is in use by driver QEMU, domain web',
    'take it out of the guest first',
  ],
  [
    'a driver that does not let go',
    'SYSTEM_ERROR',
    'virNodeDeviceDetachFlags',
    "Failed to unbind PCI device '0000:03:10.1' from e1000e: Device or resource busy",
    'its driver does not let go of it',
  ],
  [
    'an IOMMU group of which the host keeps a part',
    'INTERNAL_ERROR',
    'virDomainCreate',
    'internal error: qemu unexpectedly closed the monitor: -device vfio-pci,host=0000:03:10.1: vfio 0000:03:10.1: ' +
      'group 12 is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.',
    'guests get whole IOMMU groups',
  ],
  [
    'a host without an IOMMU',
    'ARGUMENT_UNSUPPORTED',
    'virNodeDeviceDetachFlags',
    'argument unsupported: VFIO device assignment is currently not supported on this system',
    'switch the IOMMU on',
  ],
  [
    'a guest that shares no memory, with a newer libvirt',
    'CONFIG_UNSUPPORTED',
    'virDomainAttachDeviceFlags',
    "unsupported configuration: 'vhost-user' requires shared memory",
    "<access mode='shared'/>",
  ],
  [
    'a host without mdevctl',
    'SYSTEM_ERROR',
    'virNodeDeviceDefineXML',
    "Cannot find 'mdevctl' in path: No such file or directory",
    'apt install mdevctl',
  ],
  [
    'a part of a NIC that a daemon left when it died',
    'INTERNAL_ERROR',
    'virDomainAttachDeviceFlags',
    "internal error: unable to execute QEMU command 'netdev_add': Duplicate ID 'hostnet23'",
    'left by a daemon that died',
  ],
  [
    'a NIC that a daemon left when it died',
    'INTERNAL_ERROR',
    'virDomainAttachDeviceFlags',
    "internal error: unable to execute QEMU command 'device_add': PCI: slot 26 function 0 not available for " +
      'virtio-net-pci, in use by virtio-net-pci,id=net23',
    'another address',
  ],
  [
    'a model that the machine has no bus for',
    'INTERNAL_ERROR',
    'virDomainCreateWithFlags',
    `internal error: qemu unexpectedly closed the monitor: -device {"driver":"ne2k_isa"}: Device 'ne2k_isa' can't go on PCI bus`,
    'no NIC of that model',
  ],
  [
    'a host that hands out no devices, and not of passt',
    'CONFIG_UNSUPPORTED',
    'virDomainAttachDeviceFlags',
    "unsupported configuration: host doesn't support passthrough of host PCI devices",
    'IOMMU',
  ],
  [
    'a host that has more kinds of neighbours than its libvirt knows',
    'INTERNAL_ERROR',
    'virDomainInterfaceAddresses',
    'internal error: wrong nlmsg len',
    "{ sources: ['lease', 'agent'] }",
  ],
  [
    'a NIC of a type that cannot be changed',
    'OPERATION_UNSUPPORTED',
    'virDomainUpdateDeviceFlags',
    "Operation not supported: unable to change config on 'vhostuser' network type",
    'changes nothing of that type',
  ],
  [
    'a virtual function that cannot be changed',
    'OPERATION_UNSUPPORTED',
    'virDomainUpdateDeviceFlags',
    "Operation not supported: cannot change config of 'hostdev' network type",
    'changes nothing of that type',
  ],
  [
    'a NIC that would need another device',
    'OPERATION_UNSUPPORTED',
    'virDomainUpdateDeviceFlags',
    "Operation not supported: unable to change config on 'network' network type",
    'libvirt changes no more than the link',
  ],
  [
    'a guest that does not run and is asked',
    'OPERATION_INVALID',
    'virDomainGetHostname',
    'Requested operation is not valid: domain is not running',
    'start() it first',
  ],
])('of %s', (_, code, name, message, advice) => {
  expect(hintFor(code, name, message)).toContain(advice);
  expect(hintFor('UNKNOWN', name, message)).toBeUndefined();
});
