// Codecs of IP addresses. They check form by hand: a document has many addresses, and reading one
// must not cost a dozen alternatives of a regular expression.
import { form, oneOf } from './codec.js';

const isIpv4 = (text: string): boolean => {
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) {
      // A leading zero reads as octal to some parsers and as decimal to others: libvirt's grammar has none.
      if (octet === 0) return false;
      octet = octet < 0 ? c - 48 : octet * 10 + c - 48;
      if (octet > 255) return false;
    } else if (c === 46 && octet >= 0) {
      dots++;
      octet = -1;
    } else return false;
  }
  return dots === 3 && octet >= 0;
};

const isHexDigit = (c: number): boolean =>
  (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);

const isIpv6 = (text: string): boolean => {
  let groups = 0;
  let digits = 0;
  let compressed = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isHexDigit(c)) {
      if (++digits > 4) return false;
    } else if (c === 58) {
      if (digits > 0) {
        groups++;
        digits = 0;
      } else if (text.charCodeAt(i + 1) === 58 && i === 0) {
        continue;
      } else if (compressed || i === 0 || text.charCodeAt(i - 1) !== 58) {
        return false;
      } else {
        compressed = true;
      }
      start = i + 1;
    } else if (c === 46) {
      return (compressed ? groups <= 5 : groups === 6) && isIpv4(text.slice(start));
    } else return false;
  }
  if (digits > 0) groups++;
  else if (!compressed || text.charCodeAt(text.length - 2) !== 58) return false;
  return compressed ? groups <= 7 : groups === 8;
};

/** `ipv4` or `ipv6`. */
export const addressFamily = oneOf('ipv4', 'ipv6');

/** An IPv4 address: `192.168.122.1`. */
export const ipv4Address = form('an IPv4 address', isIpv4);

/** An IPv6 address: `2001:db8::1`. */
export const ipv6Address = form('an IPv6 address', isIpv6);

/** An IPv4 or IPv6 address. */
export const ipAddress = form('an IP address', (text) => isIpv4(text) || isIpv6(text));
