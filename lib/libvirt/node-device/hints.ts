// What to do about errors of node devices.
import type { HintRow } from '../hints.js';

const vport = ['virNodeDeviceCreateXML', 'virNodeDeviceDestroy'];
const assignment = [
  'virNodeDeviceDettach',
  'virNodeDeviceDetachFlags',
  'virNodeDeviceReAttach',
  'virNodeDeviceReset',
];

export const nodeDeviceHints: readonly HintRow[] = [
  { code: 'NO_NODE_DEVICE', hint: 'connection.nodeDevices.list() gives the devices that exist' },
  {
    code: ['INTERNAL_ERROR', 'CONFIG_UNSUPPORTED'],
    in: vport,
    words: /not capable of vport operations|find any vport capable device/,
    hint: "it takes a Fibre Channel adapter with NPIV: nodeDevices.list({ cap: 'vports' }) gives those that have it",
  },
  {
    code: ['SYSTEM_ERROR', 'INTERNAL_ERROR'],
    in: vport,
    words: /vport create\/delete failed/,
    hint:
      'the adapter has no virtual port left, the names are taken, or the switch refuses them: its capability vport_ops ' +
      'tells maxVports and vports; destroy() one that is not needed, or take another parent',
  },
  {
    code: 'INTERNAL_ERROR',
    in: vport,
    words: /find parent device/,
    hint: "nodeDevices.list({ cap: 'vports' }) gives the adapters that can be the parent",
  },
  {
    code: 'INTERNAL_ERROR',
    in: vport,
    words: /no WWNN supplied|no WWPN supplied/,
    hint: 'this host makes up no world wide names: give wwnn and wwpn',
  },
  {
    code: 'CONFIG_UNSUPPORTED',
    in: vport,
    words: /unsupported device type/i,
    hint: 'libvirt makes and removes virtual ports (vHBA) and mediated devices; other devices come and go with the hardware',
  },
  {
    code: ['SYSTEM_ERROR', 'INTERNAL_ERROR'],
    words: /mdevctl/,
    hint: 'libvirt runs mdevctl for mediated devices: apt install mdevctl',
  },
  {
    code: 'INVALID_ARG',
    in: assignment,
    words: /not a PCI device/,
    hint: "PCI devices alone are handed to guests in this way: nodeDevices.list({ cap: 'pci' }), or parent() of a NIC",
  },
  {
    code: ['OPERATION_INVALID', 'INTERNAL_ERROR'],
    in: assignment,
    words: /in use by|active device/,
    hint: 'a guest has the device: take it out of the guest first',
  },
  {
    code: ['INTERNAL_ERROR', 'SYSTEM_ERROR', 'OPERATION_FAILED'],
    in: assignment,
    words: /unbind|bind PCI device/i,
    hint: "its driver does not let go of it: take down what uses it on the host, such as the link of a NIC, and look at the kernel's log",
  },
  {
    code: ['ARGUMENT_UNSUPPORTED', 'CONFIG_UNSUPPORTED'],
    words: /VFIO device assignment/,
    hint: 'switch the IOMMU on (VT-d or AMD-Vi in the firmware, intel_iommu=on for the kernel), and modprobe vfio-pci',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED', 'CONFIG_UNSUPPORTED'],
    words: /group .*not viable|iommu_group are bound/i,
    hint: 'guests get whole IOMMU groups: detach() the other devices of its group, too; describe() of a PCI device lists them in iommuGroup',
  },
  {
    code: 'OPERATION_INVALID',
    in: 'virNodeDeviceCreate',
    words: /already active/,
    hint: 'it runs already: destroy() stops it',
  },
  {
    code: ['OPERATION_INVALID', 'OPERATION_UNSUPPORTED'],
    in: ['virNodeDeviceUndefine', 'virNodeDeviceSetAutostart', 'virNodeDeviceUpdate'],
    words: /not defined|unsupported device type/i,
    hint: 'only mediated devices have a configuration: nodeDevices.define() makes one',
  },
];
