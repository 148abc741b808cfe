// <address> of a NIC: where the guest finds it on its buses.
// https://libvirt.org/formatdomain.html#device-addresses
import { form, hex, integer, oneOf } from '../codec.js';
import { type PciAddress, pciAddress } from '../common/pci.js';
import { attribute, element, type Infer, one, required, typed, union } from '../schema.js';

const index = integer(0, 0xffffffff);
/** Of USB libvirt reads decimal and hexadecimal numbers, and writes decimal ones. */
const usbNumber = integer(0, 0xfff, { hex: true });

const zpciElement = element('zpci', {
  /** `<zpci uid='0x0001'>`: the user-defined identifier, 16 bits. */
  uid: attribute('uid', hex(4, 0xffff)),
  /** `<zpci fid='0x00000000'>`: the function identifier, 32 bits. */
  fid: attribute('fid', hex(8, 0xffffffff)),
});

/** `<zpci uid='0x0001' fid='0x00000000'/>`: what a PCI device is on s390. */
export interface ZpciAddress extends Infer<typeof zpciElement> {}

const pciElement = element('address', {
  /** `<address type='pci'>` */
  type: required(attribute('type', oneOf('pci'))),
  ...pciAddress,
  /** `<zpci uid='0x0001' fid='0x00000000'/>`: s390 only. */
  zpci: one(typed<ZpciAddress>(zpciElement)),
});

/** `<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>`: a device on a PCI bus of the guest. */
export interface PciDeviceAddress extends PciAddress, Infer<typeof pciElement> {}

const driveElement = element('address', {
  /** `<address type='drive'>` */
  type: required(attribute('type', oneOf('drive'))),
  /** `<address controller='0'>`: the index of the controller. */
  controller: attribute('controller', index),
  /** `<address bus='0'>` */
  bus: attribute('bus', index),
  /** `<address target='0'>` */
  target: attribute('target', index),
  /** `<address unit='0'>` */
  unit: attribute('unit', index),
});

/** `<address type='drive' controller='0' bus='0' target='0' unit='0'/>`: a drive on a controller. */
export interface DriveAddress extends Infer<typeof driveElement> {}

const virtioSerialElement = element('address', {
  /** `<address type='virtio-serial'>` */
  type: required(attribute('type', oneOf('virtio-serial'))),
  /** `<address controller='0'>`: the index of the controller. */
  controller: required(attribute('controller', index)),
  /** `<address bus='0'>` */
  bus: attribute('bus', index),
  /** `<address port='1'>` */
  port: attribute('port', index),
});

/** `<address type='virtio-serial' controller='0' bus='0' port='1'/>`: a port of a virtio serial controller. */
export interface VirtioSerialAddress extends Infer<typeof virtioSerialElement> {}

const ccidElement = element('address', {
  /** `<address type='ccid'>` */
  type: required(attribute('type', oneOf('ccid'))),
  /** `<address controller='0'>`: the index of the controller. */
  controller: required(attribute('controller', index)),
  /** `<address slot='0'>` */
  slot: attribute('slot', index),
});

/** `<address type='ccid' controller='0' slot='0'/>`: a slot of a smart card controller. */
export interface CcidAddress extends Infer<typeof ccidElement> {}

const usbElement = element('address', {
  /** `<address type='usb'>` */
  type: required(attribute('type', oneOf('usb'))),
  /** `<address bus='0'>`: 0 to 4095; libvirt reads hexadecimal numbers too. */
  bus: required(attribute('bus', usbNumber)),
  /** `<address port='1.2'>`: the ports from the root hub down, at most four. */
  port: attribute(
    'port',
    form('one to four numbers with dots between them', (text) =>
      /^(?:(?:0x)?[0-9a-f]{1,3}\.){0,3}(?:0x)?[0-9a-f]{1,3}$/i.test(text),
    ),
  ),
});

/** `<address type='usb' bus='0' port='1.2'/>`: a port of a USB bus. */
export interface UsbAddress extends Infer<typeof usbElement> {}

const spaprVioElement = element('address', {
  /** `<address type='spapr-vio'>` */
  type: required(attribute('type', oneOf('spapr-vio'))),
  /** `<address reg='0x00001000'>`: the register, 32 bits. */
  reg: attribute('reg', hex(8, 0xffffffff)),
});

/** `<address type='spapr-vio' reg='0x00001000'/>`: a device of the paravirtual bus of POWER guests. */
export interface SpaprVioAddress extends Infer<typeof spaprVioElement> {}

const ccwElement = element('address', {
  /** `<address type='ccw'>` */
  type: required(attribute('type', oneOf('ccw'))),
  /** `<address cssid='0xfe'>`: the channel subsystem image, 0 to 254. */
  cssid: attribute('cssid', hex(1, 0xfe)),
  /** `<address ssid='0x0'>`: the subchannel set, 0 to 3. */
  ssid: attribute('ssid', hex(1, 3)),
  /** `<address devno='0x0001'>`: the device number, 16 bits. */
  devno: attribute('devno', hex(4, 0xffff)),
});

/** `<address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>`: a channel device of an s390 guest. */
export interface CcwAddress extends Infer<typeof ccwElement> {}

const isaElement = element('address', {
  /** `<address type='isa'>` */
  type: required(attribute('type', oneOf('isa'))),
  /** `<address iobase='0x505'>`: 16 bits. */
  ioBase: attribute('iobase', hex(1, 0xffff)),
  /** `<address irq='0x1'>`: 0 to 15. */
  irq: attribute('irq', hex(1, 0xf)),
});

/** `<address type='isa' iobase='0x505' irq='0x1'/>`: an ISA device. */
export interface IsaAddress extends Infer<typeof isaElement> {}

const virtioMmioElement = element('address', {
  /** `<address type='virtio-mmio'>` */
  type: required(attribute('type', oneOf('virtio-mmio'))),
});

/** `<address type='virtio-mmio'/>`: a device of the memory-mapped virtio transport, as ARM guests without PCI have it. */
export interface VirtioMmioAddress extends Infer<typeof virtioMmioElement> {}

const dimmElement = element('address', {
  /** `<address type='dimm'>` */
  type: required(attribute('type', oneOf('dimm'))),
  /** `<address slot='0'>` */
  slot: attribute('slot', index),
  /** `<address base='0x100000000'>`: where in memory it begins. */
  base: attribute('base', hex(1, Number.MAX_SAFE_INTEGER)),
});

/** `<address type='dimm' slot='0' base='0x100000000'/>`: a slot of a memory module. */
export interface DimmAddress extends Infer<typeof dimmElement> {}

const unassignedElement = element('address', {
  /** `<address type='unassigned'>` */
  type: required(attribute('type', oneOf('unassigned'))),
});

/** `<address type='unassigned'/>`: the guest does not see the device. */
export interface UnassignedAddress extends Infer<typeof unassignedElement> {}

/**
 * `<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>`: where the guest finds a device, told
 * apart by `type`. NICs are on PCI, CCW, USB, spapr-vio and virtio-mmio buses; the others are those of other devices.
 */
export type NicAddress =
  | PciDeviceAddress
  | DriveAddress
  | VirtioSerialAddress
  | CcidAddress
  | UsbAddress
  | SpaprVioAddress
  | CcwAddress
  | IsaAddress
  | VirtioMmioAddress
  | DimmAddress
  | UnassignedAddress;

/** `<address type='…'>` of a device */
export const nicAddress = typed<NicAddress>(
  union('type', [
    pciElement,
    driveElement,
    virtioSerialElement,
    ccidElement,
    usbElement,
    spaprVioElement,
    ccwElement,
    isaElement,
    virtioMmioElement,
    dimmElement,
    unassignedElement,
  ]),
);
