// What node devices are listed by, in rows: libvirt's name of each capability and its flag.
import { virConnectListAllNodeDeviceFlags as list } from '../../native/constants.gen.js';

/** The flag that lists the devices which have a capability, by its name. */
export const capabilityFlags = {
  system: list.CAP_SYSTEM,
  pci: list.CAP_PCI_DEV,
  usb_device: list.CAP_USB_DEV,
  usb: list.CAP_USB_INTERFACE,
  net: list.CAP_NET,
  scsi_host: list.CAP_SCSI_HOST,
  scsi_target: list.CAP_SCSI_TARGET,
  scsi: list.CAP_SCSI,
  scsi_generic: list.CAP_SCSI_GENERIC,
  storage: list.CAP_STORAGE,
  fc_host: list.CAP_FC_HOST,
  vports: list.CAP_VPORTS,
  drm: list.CAP_DRM,
  mdev: list.CAP_MDEV,
  mdev_types: list.CAP_MDEV_TYPES,
  ccw: list.CAP_CCW_DEV,
  ccwgroup: list.CAP_CCWGROUP_DEV,
  ccwgroup_member: list.CAP_CCWGROUP_MEMBER,
  css: list.CAP_CSS_DEV,
  vdpa: list.CAP_VDPA,
  ap_card: list.CAP_AP_CARD,
  ap_queue: list.CAP_AP_QUEUE,
  ap_matrix: list.CAP_AP_MATRIX,
  vpd: list.CAP_VPD,
} as const;

/**
 * What a device can be, in libvirt's names: a network link (`net`), a PCI device (`pci`), an adapter that can have
 * virtual ports (`vports`) …
 *
 * @useDeclaredType
 */
export type NodeDeviceCapabilityName = keyof typeof capabilityFlags;
