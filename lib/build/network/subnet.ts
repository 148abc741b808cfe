// Addresses as fields of an input: of a family, or in the subnet that they belong to.
import {
  type Cidr,
  contains,
  type Family,
  firstOf,
  formatCidr,
  formatIp,
  type IpAddress,
  lastOf,
  networkOf,
  parseCidr,
  parseIp,
  sameIp,
} from '../address/index.js';
import { type Reader, show, text } from '../reader.js';

const WORDS = { ipv4: 'an IPv4 address', ipv6: 'an IPv6 address' } as const;

/** An address of either family. */
export const anyAddress: Reader<IpAddress> = text('an IP address', (value, path) => {
  const address = parseIp(value);
  if (!address) throw new RangeError(`${path}: ${show(value)} is not an IP address`);
  return address;
});

const familyReader = (family: Family): Reader<IpAddress> =>
  text(WORDS[family], (value, path) => {
    const address = parseIp(value);
    if (address?.family !== family) throw new RangeError(`${path}: ${show(value)} is not ${WORDS[family]}`);
    return address;
  });

const BY_FAMILY = { ipv4: familyReader('ipv4'), ipv6: familyReader('ipv6') };

/** An address of one family. */
export const addressOf = (family: Family): Reader<IpAddress> => BY_FAMILY[family];

/** The text of an IPv4 address. */
export const ipv4Text: Reader<string> = (value, path) => formatIp(addressOf('ipv4')(value, path));

/** An address with its prefix length. */
export const cidr: Reader<Cidr> = text(
  "an address with its prefix such as '192.168.10.1/24'",
  (value, path) => {
    const parsed = parseCidr(value);
    if (parsed) return parsed;
    const address = parseIp(value);
    const advice =
      address && `; it lacks the length of the prefix (${value}/${address.family === 'ipv4' ? 24 : 64}?)`;
    throw new RangeError(
      `${path}: ${show(value)} is not an address with its prefix such as 192.168.10.1/24${advice ?? ''}`,
    );
  },
);

/** An address that a guest of the subnet can have. */
export const guestAddress = (subnet: Cidr, value: unknown, path: string): IpAddress => {
  const address = addressOf(subnet.family)(value, path);
  const refuse = (reason: string): never => {
    throw new RangeError(`${path}: ${formatIp(address)} is ${reason} ${formatCidr(networkOf(subnet))}`);
  };
  if (!contains(subnet, address)) refuse('not in');
  if (subnet.family === 'ipv4' && sameIp(address, firstOf(subnet))) refuse('the network address of');
  if (subnet.family === 'ipv4' && sameIp(address, lastOf(subnet))) refuse('the broadcast address of');
  return address;
};

/** The two ends of a text such as `192.168.10.100-192.168.10.199`. */
export const ends = (value: string, path: string, expects: string): readonly [string, string] => {
  const [start, end, ...more] = value.split('-').map((part) => part.trim());
  if (!start || !end || more.length > 0) throw new RangeError(`${path}: ${show(value)} is not ${expects}`);
  return [start, end];
};
