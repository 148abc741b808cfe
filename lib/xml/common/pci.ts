// The attributes of a PCI address, as <address type='pci' …/> has them in networks, domains and node devices.
// https://libvirt.org/formatdomain.html#device-addresses
import { hex, onOff } from '../codec.js';
import { attribute, element, type Infer } from '../schema.js';

/** The fields of a PCI address: spread into the element that has them. */
export const pciAddress = {
  /** `<address domain='0x0000'/>`: 32 bits. */
  domain: attribute('domain', hex(4, 0xffffffff)),
  /** `<address bus='0x03'/>`: 0 to 255. */
  bus: attribute('bus', hex(2, 0xff)),
  /** `<address slot='0x10'/>`: 0 to 31. */
  slot: attribute('slot', hex(2, 0x1f)),
  /** `<address function='0x1'/>`: 0 to 7. */
  function: attribute('function', hex(1, 7)),
  /** `<address multifunction='on'/>`: the slot has more than one function. */
  multifunction: attribute('multifunction', onOff),
};

const pciAddressElement = element('address', pciAddress);

/** `<address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>`: where a PCI device is. */
export interface PciAddress extends Infer<typeof pciAddressElement> {}
