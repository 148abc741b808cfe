// The <device> document: a device of the host as libvirt's node device driver lists, makes and prints it.
// https://libvirt.org/formatnode.html
import { oneOf, string } from '../codec.js';
import {
  attribute,
  body,
  type Document,
  document,
  element,
  type Infer,
  type Lacking,
  many,
  one,
  required,
  text,
  typed,
  union,
} from '../schema.js';
import {
  type ApCardCapability,
  type ApMatrixCapability,
  type ApQueueCapability,
  apCard,
  apMatrix,
  apQueue,
  type CcwCapability,
  type CcwGroupCapability,
  type CssCapability,
  ccw,
  ccwGroup,
  css,
} from './channel.js';
import { wwn } from './common.js';
import { type NetCapability, net, type VdpaCapability, vdpa } from './net.js';
import { type PciCapability, pci } from './pci.js';
import {
  type ScsiCapability,
  type ScsiGenericCapability,
  type ScsiHostCapability,
  type ScsiTargetCapability,
  scsi,
  scsiGeneric,
  scsiHost,
  scsiTarget,
} from './scsi.js';
import { type StorageCapability, storage } from './storage.js';
import {
  type DrmCapability,
  drm,
  type MediatedDeviceCapability,
  mediatedDevice,
  type SystemCapability,
  system,
} from './system.js';
import { type UsbDeviceCapability, type UsbInterfaceCapability, usbDevice, usbInterface } from './usb.js';

/** What a node device is, told apart by `type`. */
export type NodeDeviceCapability =
  | SystemCapability
  | PciCapability
  | UsbDeviceCapability
  | UsbInterfaceCapability
  | NetCapability
  | ScsiHostCapability
  | ScsiTargetCapability
  | ScsiCapability
  | ScsiGenericCapability
  | StorageCapability
  | DrmCapability
  | MediatedDeviceCapability
  | CcwCapability
  | CcwGroupCapability
  | CssCapability
  | VdpaCapability
  | ApCardCapability
  | ApQueueCapability
  | ApMatrixCapability;

const devnodeElement = element('devnode', {
  /** `<devnode type='dev'>`: the device file itself, or a link to it. */
  type: required(attribute('type', oneOf('dev', 'link'))),
  /** `<devnode type='dev'>/dev/sda</devnode>` */
  path: body(string),
});

/** `<devnode type='dev'>/dev/sda</devnode>`: a file in /dev. */
export interface Devnode extends Infer<typeof devnodeElement> {}

const parentElement = element(
  'parent',
  {
    /** `<parent wwnn='20000000c9831b4b'>`: beside `wwpn`. */
    wwnn: attribute('wwnn', wwn),
    /** `<parent wwpn='10000000c9831b4b'>`: beside `wwnn`. */
    wwpn: attribute('wwpn', wwn),
    /** `<parent fabric_wwn='2002000573de9a81'/>`: any adapter of this fabric. */
    fabricWwn: attribute('fabric_wwn', wwn),
    /** `<parent>pci_0000_00_1f_2</parent>` */
    name: body(string),
  },
  {
    exclusive: [
      ['name', 'wwnn'],
      ['name', 'wwpn'],
      ['name', 'fabricWwn'],
      ['wwnn', 'fabricWwn'],
      ['wwpn', 'fabricWwn'],
    ],
  },
);

/** A {@link NodeDeviceParent} by the name of its node device. */
export interface ParentByName extends Lacking<typeof parentElement, 'wwnn' | 'wwpn' | 'fabricWwn'> {}
/** A {@link NodeDeviceParent} by the world wide names of a Fibre Channel port. */
export interface ParentByPort {
  /** `<parent wwnn='20000000c9831b4b'>` */
  readonly wwnn?: string | undefined;
  /** `<parent wwpn='10000000c9831b4b'>` */
  readonly wwpn?: string | undefined;
  /** Not beside `<parent wwnn='…'>`. */
  readonly name?: undefined;
  /** Not beside `<parent wwnn='…'>`. */
  readonly fabricWwn?: undefined;
}
/** A {@link NodeDeviceParent} by the world wide name of a Fibre Channel fabric. */
export interface ParentByFabric extends Lacking<typeof parentElement, 'name' | 'wwnn' | 'wwpn'> {}

/** `<parent>pci_0000_00_1f_2</parent>`: the device that this one belongs to, by name or by world wide name. */
export type NodeDeviceParent = ParentByName | ParentByPort | ParentByFabric;

const deviceElement = element('device', {
  /** `<name>net_eth0_00_27_13_6a_fe_00</name>`: libvirt gives one to a device that it makes. */
  name: text('name', string),
  /** `<path>/sys/devices/pci0000:00/…</path>`: where sysfs has it. */
  path: text('path', string),
  /** `<devnode type='dev'>/dev/sda</devnode>` */
  devnodes: many(typed<Devnode>(devnodeElement)),
  /** `<parent>pci_0000_00_1f_2</parent>` */
  parent: one(typed<NodeDeviceParent>(parentElement)),
  /** `<driver><name>e1000e</name></driver>`: what drives it on the host. */
  driver: one(
    element('driver', {
      /** `<name>e1000e</name>` */
      name: required(text('name', string)),
    }),
  ),
  /** `<capability type='pci'>…</capability>`: what it is. */
  capabilities: many(
    typed<NodeDeviceCapability>(
      union('type', [
        system,
        pci,
        usbDevice,
        usbInterface,
        net,
        scsiHost,
        scsiTarget,
        scsi,
        scsiGeneric,
        storage,
        drm,
        mediatedDevice,
        ccw,
        ccwGroup,
        css,
        vdpa,
        apCard,
        apQueue,
        apMatrix,
      ]),
    ),
  ),
});

/** A device of the host: the typed value of a `<device>` document. */
export interface NodeDeviceDocument extends Infer<typeof deviceElement> {
  /** Tells a node device from other documents. */
  readonly kind: 'nodeDevice';
}

/** The schema of the `<device>` document. */
export const nodeDevice: Document<NodeDeviceDocument> = document('nodeDevice', deviceElement);
