// PCI addresses as people write them. https://libvirt.org/formatdomain.html#device-addresses
import { integer } from '../../xml/codec.js';
import { coded, needed, type Reader, record, show } from '../reader.js';

/** The parts of a PCI address. */
export interface PciAddressParts {
  /** 0 to 65535. Default: 0. */
  domain?: number;
  /** 0 to 255. */
  bus: number;
  /** 0 to 31. */
  slot: number;
  /** 0 to 7. */
  function: number;
}

/** The address of a PCI function, as lspci writes it (`'0000:03:10.1'`, `'03:10.1'`), or in parts. */
export type PciAddressOptions = string | PciAddressParts;

/** A PCI address, complete. */
export type PciAddress = Required<PciAddressParts>;

const parts = record<PciAddressParts>()('a PCI address', {
  domain: coded(integer(0, 0xffff)),
  bus: needed(coded(integer(0, 0xff))),
  slot: needed(coded(integer(0, 0x1f))),
  function: needed(coded(integer(0, 7))),
});

const FORM = /^(?:([\da-f]{1,4}):)?([\da-f]{1,2}):([01]?[\da-f])\.([0-7])$/i;

/** The parts of a PCI address such as `0000:03:10.1` or `03:10.1`; undefined when the text is none. */
export const parsePciAddress = (text: string): PciAddress | undefined => {
  const [, domain = '0', bus, slot, fn] = FORM.exec(text) ?? [];
  if (bus === undefined || slot === undefined || fn === undefined) return undefined;
  const [d, b, s, f] = [domain, bus, slot, fn].map((digits) => Number.parseInt(digits, 16)) as [
    number,
    number,
    number,
    number,
  ];
  return { domain: d, bus: b, slot: s, function: f };
};

/** {@link PciAddressOptions}, complete. */
export const pciAddress: Reader<PciAddress> = (value, path) => {
  if (typeof value !== 'string') return { domain: 0, ...parts(value, path) };
  const address = parsePciAddress(value);
  if (!address) throw new RangeError(`${path}: ${show(value)} is not a PCI address such as '0000:03:10.1'`);
  return address;
};

/** The text of a PCI address: `0000:03:10.1`. */
export const formatPciAddress = ({ domain, bus, slot, function: fn }: PciAddress): string => {
  const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${fn}`;
};
