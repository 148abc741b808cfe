// Where the guest finds a NIC on its buses, and what the PCI bus knows of it.
// https://libvirt.org/formatdomain.html#device-addresses
import { hex, integer } from '../../xml/codec.js';
import type { DeviceBoot, DeviceRom, NicAddress } from '../../xml/index.js';
import { absolutePath } from '../names.js';
import { type PciAddressParts, pciAddress } from '../network/pci.js';
import { present } from '../present.js';
import { checked, coded, flag, needed, type Reader, record, show } from '../reader.js';
import { type BootOptions, boot, wrap } from './common.js';

/** A place on a PCI bus of the guest. */
export interface NicPciAddress extends PciAddressParts {
  /** The kind of bus, which need not be said. */
  type?: 'pci';
  /** Whether the slot has more than one function. Default: libvirt's, false. */
  multifunction?: boolean;
  /** What it is on s390: user-defined identifier (16 bits) and function identifier (32 bits). Default: libvirt's. */
  zpci?: {
    /** The user-defined identifier, 1 to 65535. */
    uid: number;
    /** The function identifier, 0 to 2^32-1. */
    fid: number;
  };
}

/** A place on a bus other than PCI. */
export type NicBusAddress =
  | {
      /** A channel device of an s390 guest. */
      type: 'ccw';
      /** The channel subsystem image, 0 to 254. */
      cssid: number;
      /** The subchannel set, 0 to 3. */
      ssid: number;
      /** The device number, 0 to 65535. */
      devno: number;
    }
  | {
      /** The paravirtual bus of a POWER guest. */
      type: 'spapr-vio';
      /** The register, 32 bits. */
      reg: number;
    }
  | {
      /** A USB bus, for the model `usb-net`. */
      type: 'usb';
      /** The number of the bus. */
      bus: number;
      /** The ports from the root hub down: `'1.2'`. Default: libvirt finds one. */
      port?: string;
    }
  | {
      /** The memory-mapped transport of virtio, which ARM guests without PCI have. */
      type: 'virtio-mmio';
    };

/** The boot ROM of a PCI device. */
export interface RomOptions {
  /** Whether the guest sees it. Default: QEMU's, true. */
  bar?: boolean;
  /** The ROM's file, an absolute path. Default: QEMU's own for the model. */
  file?: string;
}

/** When the guest boots from a NIC. */
export interface BootableOptions {
  /** When the guest tries to boot from the NIC: 1 is first. Default: not at all. */
  boot?: number | BootOptions;
}

/** Where on a PCI bus the guest finds a NIC, and what it has there. */
export interface PciPlaceOptions extends BootableOptions {
  /** Its place, as lspci writes it in the guest (`'0000:01:00.0'`) or in parts. Default: libvirt finds one. */
  address?: string | NicPciAddress;
  /** The boot ROM; false for none. Default: QEMU's for the model. */
  rom?: false | RomOptions;
  /** The number by which systemd names the NIC in the guest (`eno4`): 1 to 16383, unique in its domain. */
  acpiIndex?: number;
}

/** Where on a bus other than PCI the guest finds a NIC. */
export interface BusPlaceOptions extends BootableOptions {
  /** Its place. */
  address: NicBusAddress;
  rom?: never;
  acpiIndex?: never;
}

/** Where the guest finds a NIC. */
export type PlaceOptions = PciPlaceOptions | BusPlaceOptions;

const pci = record<NicPciAddress>()('a PCI address', {
  type: (value) => value as 'pci',
  domain: coded(integer(0, 0xffff)),
  bus: needed(coded(integer(0, 0xff))),
  slot: needed(coded(integer(0, 0x1f))),
  function: needed(coded(integer(0, 7))),
  multifunction: flag,
  zpci: record<NonNullable<NicPciAddress['zpci']>>()('a zPCI address', {
    uid: needed(coded(integer(1, 0xffff))),
    fid: needed(coded(integer(0, 0xffffffff))),
  }),
});

const usbPort = checked('a USB port', (port) =>
  /^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(port) ? undefined : "is not a USB port such as '1.2'",
);

const fixed = <const T extends string>(type: T) => needed((): T => type);

/** What an address has, by the type of its bus. */
const BUSES: ReadonlyMap<unknown, Reader<NicAddress>> = new Map<unknown, Reader<NicAddress>>([
  ['pci', (value, path) => ({ domain: 0, ...pci(value, path), type: 'pci' })],
  [
    'ccw',
    record<NicBusAddress & { type: 'ccw' }>()('a CCW address', {
      type: fixed('ccw'),
      cssid: needed(coded(hex(1, 0xfe))),
      ssid: needed(coded(hex(1, 3))),
      devno: needed(coded(hex(4, 0xffff))),
    }),
  ],
  [
    'spapr-vio',
    record<NicBusAddress & { type: 'spapr-vio' }>()('a spapr-vio address', {
      type: fixed('spapr-vio'),
      reg: needed(coded(hex(8, 0xffffffff))),
    }),
  ],
  [
    'usb',
    record<NicBusAddress & { type: 'usb' }>()('a USB address', {
      type: fixed('usb'),
      bus: needed(coded(integer(0, 0xfff))),
      port: usbPort,
    }),
  ],
  [
    'virtio-mmio',
    record<NicBusAddress & { type: 'virtio-mmio' }>()('a virtio-mmio address', {
      type: fixed('virtio-mmio'),
    }),
  ],
]);

const address: Reader<NicAddress> = (value, path) => {
  if (typeof value === 'string') return { type: 'pci', ...pciAddress(value, path) };
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : 'pci';
  const read = BUSES.get(type);
  if (!read)
    throw new RangeError(`${path}.type: ${show(type)} is not one of ${[...BUSES.keys()].join(', ')}`);
  return read(value, path);
};

const romFields = record<RomOptions>()('a boot ROM', { bar: flag, file: absolutePath });

const rom: Reader<DeviceRom> = (value, path) =>
  value === false ? { enabled: false } : romFields(value, path);

/** The readers of {@link PlaceOptions}. */
export const placeFields = {
  boot,
  address,
  rom,
  acpiIndex: coded(integer(1, 16383)),
};

interface Read {
  readonly boot?: DeviceBoot;
  readonly address?: NicAddress;
  readonly rom?: DeviceRom;
  readonly acpiIndex?: number;
}

/** The members of a document that {@link PlaceOptions} stand for. */
export const placeMembers = ({ boot, address, rom, acpiIndex }: Read) => {
  if (address && address.type !== 'pci') {
    for (const [field, value] of Object.entries(present({ rom, acpiIndex }))) {
      if (value !== undefined)
        throw new TypeError(`${field}: not possible with an address of type ${address.type}, only with PCI`);
    }
  }
  return { boot, address, rom, acpi: wrap('index', acpiIndex) };
};
