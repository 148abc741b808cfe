// What several capabilities of node devices have in common. https://libvirt.org/formatnode.html
import { form, hex, integer, oneOf, string } from '../codec.js';
import { attribute, body, element, type Infer, many, required, text, typed } from '../schema.js';

/** 32 bits. */
export const unsigned = integer(0, 0xffffffff);

/** A whole number that JavaScript holds exactly. */
export const whole = integer(0, Number.MAX_SAFE_INTEGER);

/** A world wide name of Fibre Channel: `20000000c9831b4b`. */
export const wwn = form('a world wide name of 16 hexadecimal digits', (text) =>
  /^(?:0x)?[0-9a-f]{16}$/i.test(text),
);

const idFields = {
  /** `<vendor id='0x8086'>`: 16 bits. */
  id: required(attribute('id', hex(4, 0xffffffff, { bare: true }))),
  /** `<vendor id='0x8086'>Intel Corporation</vendor>`: its name in words. */
  name: body(string),
};

const vendorElement = element('vendor', idFields);

/** `<vendor id='0x8086'>Intel Corporation</vendor>`: a number of a PCI or USB device, and its name in words. */
export interface HardwareId extends Infer<typeof vendorElement> {}

/** `<vendor id='0x8086'>Intel Corporation</vendor>` */
export const vendor = typed<HardwareId>(vendorElement);

/** `<product id='0x10d3'>82574L Gigabit Network Connection</product>` */
export const product = typed<HardwareId>(element('product', idFields));

const deviceAddressElement = element('address', {
  /** `<address domain='0x0000'>`: 32 bits. */
  domain: required(attribute('domain', hex(4, 0xffffffff))),
  /** `<address bus='0x03'>`: 0 to 255. */
  bus: required(attribute('bus', hex(2, 0xff))),
  /** `<address slot='0x10'>`: 0 to 31. */
  slot: required(attribute('slot', hex(2, 0x1f))),
  /** `<address function='0x1'>`: 0 to 7. */
  function: required(attribute('function', hex(1, 7))),
});

/** `<address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>`: a PCI device of the host. */
export interface PciFunctionAddress extends Infer<typeof deviceAddressElement> {}

/** `<address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>` */
export const deviceAddress = typed<PciFunctionAddress>(deviceAddressElement);

const mediatedTypeElement = element('type', {
  /** `<type id='nvidia-11'>` */
  id: required(attribute('id', string)),
  /** `<name>GRID M60-0B</name>` */
  name: text('name', string),
  /** `<deviceAPI>vfio-pci</deviceAPI>`: how a guest sees such a device. */
  deviceApi: required(text('deviceAPI', oneOf('vfio-pci', 'vfio-ccw', 'vfio-ap'))),
  /** `<availableInstances>16</availableInstances>`: how many more can be made. */
  availableInstances: required(text('availableInstances', unsigned)),
});

/** `<type id='nvidia-11'>…</type>`: a type of mediated device that a device can make. */
export interface MediatedType extends Infer<typeof mediatedTypeElement> {}

const mediatedTypesElement = element('capability', {
  /** `<capability type='mdev_types'>` */
  type: required(attribute('type', oneOf('mdev_types'))),
  /** `<type id='nvidia-11'>…</type>` */
  types: many(typed<MediatedType>(mediatedTypeElement)),
});

/** `<capability type='mdev_types'>…</capability>`: the device can be shared among guests as mediated devices. */
export interface MediatedTypesCapability extends Infer<typeof mediatedTypesElement> {}

/** `<capability type='mdev_types'>…</capability>` */
export const mediatedTypes = typed<MediatedTypesCapability>(mediatedTypesElement);
