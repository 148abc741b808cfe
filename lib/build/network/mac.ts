// MAC addresses as fields of an input.
import { isMulticastMac, parseMac } from '../address/index.js';
import { type Reader, show, text } from '../reader.js';

/** The MAC address of one device, in lower case. */
export const mac: Reader<string> = text('a MAC address', (value, path) => {
  const address = parseMac(value);
  const refuse = (reason: string): RangeError => new RangeError(`${path}: ${show(value)} ${reason}`);
  if (!address) throw refuse('is not a MAC address such as 52:54:00:12:34:56');
  if (isMulticastMac(address)) throw refuse('is the address of a group of devices: its first byte is odd');
  if (address === '00:00:00:00:00:00') throw refuse('is the address of no device');
  return address;
});
