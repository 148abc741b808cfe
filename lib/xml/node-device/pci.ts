// <capability type='pci'>: a PCI device of the host, and what it can do.
// https://libvirt.org/formatnode.html#pci
import { decimal, hex, integer, oneOf, string } from '../codec.js';
import { attribute, body, element, type Infer, many, one, required, text, typed, union } from '../schema.js';
import {
  deviceAddress,
  type MediatedTypesCapability,
  mediatedTypes,
  product,
  unsigned,
  vendor,
} from './common.js';

const physicalFunctionElement = element('capability', {
  /** `<capability type='phys_function'>` */
  type: required(attribute('type', oneOf('phys_function'))),
  /** `<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>` */
  address: one(deviceAddress),
});

/** `<capability type='phys_function'>…</capability>`: the device is a virtual function of this physical one. */
export interface PhysicalFunctionCapability extends Infer<typeof physicalFunctionElement> {}

const virtualFunctionsElement = element('capability', {
  /** `<capability type='virt_functions'>` */
  type: required(attribute('type', oneOf('virt_functions'))),
  /** `<capability type='virt_functions' maxCount='7'>`: how many there can be. */
  maxCount: attribute('maxCount', unsigned),
  /** `<address domain='0x0000' bus='0x02' slot='0x10' function='0x0'/>`: those that there are. */
  addresses: many(deviceAddress),
});

/** `<capability type='virt_functions' maxCount='7'>…</capability>`: the device's virtual functions (SR-IOV). */
export interface VirtualFunctionsCapability extends Infer<typeof virtualFunctionsElement> {}

const pciBridgeElement = element('capability', {
  /** `<capability type='pci-bridge'>` */
  type: required(attribute('type', oneOf('pci-bridge'))),
});

/** `<capability type='pci-bridge'/>`: the device leads to another PCI bus. */
export interface PciBridgeCapability extends Infer<typeof pciBridgeElement> {}

const cardbusBridgeElement = element('capability', {
  /** `<capability type='cardbus-bridge'>` */
  type: required(attribute('type', oneOf('cardbus-bridge'))),
});

/** `<capability type='cardbus-bridge'/>`: the device leads to a CardBus. */
export interface CardbusBridgeCapability extends Infer<typeof cardbusBridgeElement> {}

const vendorField = many(
  element('vendor_field', {
    /** `<vendor_field index='A'>`: a digit or letter. */
    index: required(attribute('index', string)),
    /** `<vendor_field index='A'>text</vendor_field>` */
    value: body(string),
  }),
);

const readOnlyElement = element('fields', {
  /** `<fields access='readonly'>` */
  access: required(attribute('access', oneOf('readonly'))),
  /** `<change_level>545.10.21</change_level>` */
  changeLevel: text('change_level', string),
  /** `<manufacture_id>Example</manufacture_id>` */
  manufactureId: text('manufacture_id', string),
  /** `<part_number>77-AX</part_number>` */
  partNumber: text('part_number', string),
  /** `<serial_number>000001</serial_number>` */
  serialNumber: text('serial_number', string),
  /** `<vendor_field index='A'>text</vendor_field>` */
  vendorFields: vendorField,
});

/** `<fields access='readonly'>…</fields>`: what the maker wrote into the device. */
export interface VpdReadOnlyFields extends Infer<typeof readOnlyElement> {}

const readWriteElement = element('fields', {
  /** `<fields access='readwrite'>` */
  access: required(attribute('access', oneOf('readwrite'))),
  /** `<asset_tag>1234</asset_tag>` */
  assetTag: text('asset_tag', string),
  /** `<vendor_field index='A'>text</vendor_field>` */
  vendorFields: vendorField,
  /** `<system_field index='B'>text</system_field>` */
  systemFields: many(
    element('system_field', {
      /** `<system_field index='B'>`: a digit or letter. */
      index: required(attribute('index', string)),
      /** `<system_field index='B'>text</system_field>` */
      value: body(string),
    }),
  ),
});

/** `<fields access='readwrite'>…</fields>`: what the owner wrote into the device. */
export interface VpdReadWriteFields extends Infer<typeof readWriteElement> {}

const vpdElement = element('capability', {
  /** `<capability type='vpd'>` */
  type: required(attribute('type', oneOf('vpd'))),
  /** `<name>Example 4-port NIC</name>` */
  name: required(text('name', string)),
  /** `<fields access='readonly'>…</fields>` */
  fields: many(
    typed<VpdReadOnlyFields | VpdReadWriteFields>(union('access', [readOnlyElement, readWriteElement])),
  ),
});

/** `<capability type='vpd'>…</capability>`: the vital product data that the device keeps. */
export interface VpdCapability extends Infer<typeof vpdElement> {}

/** A capability of a PCI device, told apart by `type`. */
export type PciSubcapability =
  | PhysicalFunctionCapability
  | VirtualFunctionsCapability
  | PciBridgeCapability
  | CardbusBridgeCapability
  | MediatedTypesCapability
  | VpdCapability;

const iommuGroupElement = element('iommuGroup', {
  /** `<iommuGroup number='12'>` */
  number: required(attribute('number', unsigned)),
  /** `<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>`: all devices of the group. */
  addresses: many(deviceAddress),
});

/** `<iommuGroup number='12'>…</iommuGroup>`: the devices that a guest can have only together. */
export interface IommuGroup extends Infer<typeof iommuGroupElement> {}

const linkElement = element('link', {
  /** `<link validity='cap'>`: what the device could do (`cap`) or does (`sta`). */
  validity: required(attribute('validity', oneOf('cap', 'sta'))),
  /** `<link port='1'>` */
  port: attribute('port', unsigned),
  /** `<link speed='2.5'>`: gigatransfers per second. */
  speed: attribute('speed', decimal(0)),
  /** `<link width='4'>`: lanes. */
  width: required(attribute('width', unsigned)),
});

/** `<link validity='cap' port='1' speed='2.5' width='4'/>`: a link of a PCI Express device. */
export interface PciExpressLink extends Infer<typeof linkElement> {}

const pciElement = element('capability', {
  /** `<capability type='pci'>` */
  type: required(attribute('type', oneOf('pci'))),
  /** `<class>0x020000</class>`: class, subclass and programming interface; 24 bits. */
  class: text('class', hex(6, 0xffffff)),
  /** `<domain>0</domain>`: 32 bits. */
  domain: required(text('domain', unsigned)),
  /** `<bus>2</bus>`: 0 to 255, though libvirt takes 32 bits here and below. */
  bus: required(text('bus', unsigned)),
  /** `<slot>0</slot>`: 0 to 31. */
  slot: required(text('slot', unsigned)),
  /** `<function>0</function>`: 0 to 7. */
  function: required(text('function', unsigned)),
  /** `<product id='0x10d3'>82574L Gigabit Network Connection</product>` */
  product: required(one(product)),
  /** `<vendor id='0x8086'>Intel Corporation</vendor>` */
  vendor: required(one(vendor)),
  /** `<capability type='virt_functions' maxCount='7'>…</capability>` */
  capabilities: many(
    typed<PciSubcapability>(
      union('type', [
        physicalFunctionElement,
        virtualFunctionsElement,
        pciBridgeElement,
        cardbusBridgeElement,
        mediatedTypes,
        vpdElement,
      ]),
    ),
  ),
  /** `<iommuGroup number='12'>…</iommuGroup>` */
  iommuGroup: one(typed<IommuGroup>(iommuGroupElement)),
  /** `<numa node='0'/>` */
  numa: one(
    element('numa', {
      /** `<numa node='0'/>`: the NUMA node that the device is near to. */
      node: attribute('node', integer(-0x80000000, 0x7fffffff)),
    }),
  ),
  /** `<pci-express>…</pci-express>`: libvirt writes it. */
  pciExpress: one(
    element('pci-express', {
      /** `<link validity='cap' port='1' speed='2.5' width='4'/>` */
      links: many(typed<PciExpressLink>(linkElement)),
    }),
  ),
});

/** `<capability type='pci'>…</capability>`: a PCI device. */
export interface PciCapability extends Infer<typeof pciElement> {}

/** `<capability type='pci'>…</capability>` */
export const pci = typed<PciCapability>(pciElement);
