// Addresses: struct ifaddrmsg and IFA_… of include/uapi/linux/if_addr.h.
import { at, attributes, numbersOf, told } from './attributes.js';
import { message } from './message.js';
import { struct } from './struct.js';
import { bits, ip, named, shortText, u8, u32 } from './types.js';

/** How far an address or a route reaches (RT_SCOPE_…). */
export const scope = named(u8, { global: 0, site: 200, link: 253, host: 254, nowhere: 255 });

/** IFA_F_… */
const addressFlags = bits(u32, {
  secondary: 0x01,
  noDuplicateDetection: 0x02,
  optimistic: 0x04,
  duplicate: 0x08,
  homeAddress: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  manageTemporary: 0x100,
  noPrefixRoute: 0x200,
  multicastAutojoin: 0x400,
  stablePrivacy: 0x800,
});

/** struct ifa_cacheinfo: seconds, and 2^32 - 1 for ever. */
const lifetimes = struct({ preferred: u32, valid: u32, created: u32, updated: u32 });

export const addressMessage = message(
  struct({ family: u8, prefix: u8, flags: u8, scope, index: u32 }),
  attributes({
    address: at(1, ip),
    local: at(2, ip),
    label: at(3, shortText(15)),
    broadcast: at(4, ip),
    anycast: told(5, ip),
    lifetimes: at(6, lifetimes),
    multicast: told(7, ip),
    flags: at(8, addressFlags),
    metric: at(9, u32),
    protocol: at(11, u8),
  }),
);

/** IFA_… */
export const IFA = numbersOf(addressMessage.rows);
