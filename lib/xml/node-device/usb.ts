// <capability type='usb_device'> and <capability type='usb'>: a device of the USB, and an interface of one.
// https://libvirt.org/formatnode.html#usb_device
import { form, integer, oneOf, string } from '../codec.js';
import { attribute, element, type Infer, one, required, since, text, typed } from '../schema.js';
import { product, vendor, whole } from './common.js';

const byte = integer(0, 0xff);

const usbPort = form('the numbers of ports, joined by dots', (text) => /^\d+(?:\.\d+)*$/.test(text));

const usbDeviceElement = element('capability', {
  /** `<capability type='usb_device'>` */
  type: required(attribute('type', oneOf('usb_device'))),
  /** `<bus>1</bus>` */
  bus: required(text('bus', whole)),
  /** `<device>3</device>`: the device's number on the bus. */
  device: required(text('device', whole)),
  /** `<port>1.4</port>`: the port that it is plugged into, behind those of the hubs on the way. */
  port: since('12.1.0', text('port', usbPort)),
  /** `<product id='0x0003'>Fingerprint Reader</product>` */
  product: required(one(product)),
  /** `<vendor id='0x0483'>SGS Thomson Microelectronics</vendor>` */
  vendor: required(one(vendor)),
});

/** `<capability type='usb_device'>…</capability>`: a device of the USB. */
export interface UsbDeviceCapability extends Infer<typeof usbDeviceElement> {}

/** `<capability type='usb_device'>…</capability>` */
export const usbDevice = typed<UsbDeviceCapability>(usbDeviceElement);

const usbInterfaceElement = element('capability', {
  /** `<capability type='usb'>` */
  type: required(attribute('type', oneOf('usb'))),
  /** `<number>0</number>`: 0 to 255. */
  number: required(text('number', byte)),
  /** `<class>255</class>`: 0 to 255. */
  class: required(text('class', byte)),
  /** `<subclass>255</subclass>`: 0 to 255. */
  subclass: required(text('subclass', byte)),
  /** `<protocol>0</protocol>`: 0 to 255. */
  protocol: required(text('protocol', byte)),
  /** `<description>…</description>` */
  description: text('description', string),
});

/** `<capability type='usb'>…</capability>`: an interface of a USB device. */
export interface UsbInterfaceCapability extends Infer<typeof usbInterfaceElement> {}

/** `<capability type='usb'>…</capability>` */
export const usbInterface = typed<UsbInterfaceCapability>(usbInterfaceElement);
