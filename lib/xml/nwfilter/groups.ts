// The attributes that the protocols of rules have in common, each group declared once.
// https://libvirt.org/formatnwfilter.html#supported-protocols
import { type Codec, integer, string, yesNo } from '../codec.js';
import { attribute, element, type Infer } from '../schema.js';
import {
  connectionState,
  dscp,
  ipSetFlags,
  ipSetName,
  ipv4,
  ipv4Mask,
  ipv6,
  ipv6Mask,
  mac,
  uint16,
  variableOr,
} from './values.js';

/** What stands first in every protocol. */
export const match = {
  /** `<ip match='no'>`: the rule is for what differs from this in any attribute; `yes` when it is left out. */
  match: attribute('match', yesNo),
};

/** What stands last in every protocol. */
export const comment = {
  /** `<tcp comment='web'>`: a note, up to 256 characters, that the packet filter keeps beside the rule. */
  comment: attribute('comment', string),
};

const anyElement = element('any', { ...match, ...comment });

/** What a rule can say of any protocol. */
export interface AnyMatch extends Infer<typeof anyElement> {}

/** Who sent a frame. */
export const sourceMac = {
  /** `<tcp srcmacaddr='$MAC'>`: the MAC address of the sender. */
  srcMac: attribute('srcmacaddr', mac),
};

const sourceMacElement = element('source', sourceMac);

/** The MAC address of the sender. */
export interface SourceMacMatch extends Infer<typeof sourceMacElement> {}

/** Who sent a frame, and which bits of the address count. */
export const maskedSourceMac = {
  ...sourceMac,
  /** `<mac srcmacmask='ff:ff:ff:00:00:00'>`: the bits of `srcMac` that count. */
  srcMacMask: attribute('srcmacmask', mac),
};

const maskedSourceMacElement = element('source', maskedSourceMac);

/** The MAC address of the sender with its mask. */
export interface MaskedSourceMacMatch extends Infer<typeof maskedSourceMacElement> {}

/** Who sent a frame to whom. */
export const macs = {
  ...maskedSourceMac,
  /** `<mac dstmacaddr='ff:ff:ff:ff:ff:ff'>`: the MAC address of the receiver. */
  dstMac: attribute('dstmacaddr', mac),
  /** `<mac dstmacmask='01:00:00:00:00:00'>`: the bits of `dstMac` that count. */
  dstMacMask: attribute('dstmacmask', mac),
};

const macsElement = element('macs', macs);

/** The MAC addresses of a frame. */
export interface MacsMatch extends Infer<typeof macsElement> {}

const addressFields = <A, M>(address: Codec<A>, mask: Codec<M>) => ({
  /** `<ip srcipaddr='$IP'>`: the IP address of the sender. */
  srcIp: attribute('srcipaddr', address),
  /** `<ip srcipmask='24'>`: the bits of `srcIp` that count, by number or as an address. */
  srcIpMask: attribute('srcipmask', mask),
  /** `<ip dstipaddr='10.0.0.1'>`: the IP address of the receiver. */
  dstIp: attribute('dstipaddr', address),
  /** `<ip dstipmask='255.255.255.0'>`: the bits of `dstIp` that count, by number or as an address. */
  dstIpMask: attribute('dstipmask', mask),
});

/** IPv4 addresses. */
export const ipv4Addresses = addressFields(ipv4, ipv4Mask);
/** IPv6 addresses. */
export const ipv6Addresses = addressFields(ipv6, ipv6Mask);

const addressesElement = element('addresses', ipv4Addresses);

/** The IP addresses of a packet. */
export interface AddressesMatch extends Infer<typeof addressesElement> {}

const rangeFields = <A>(address: Codec<A>) => ({
  /** `<tcp srcipfrom='10.0.0.1'>`: the first address of a range that the sender is in. */
  srcIpFrom: attribute('srcipfrom', address),
  /** `<tcp srcipto='10.0.0.9'>`: the last address of that range. */
  srcIpTo: attribute('srcipto', address),
  /** `<tcp dstipfrom='10.0.0.1'>`: the first address of a range that the receiver is in. */
  dstIpFrom: attribute('dstipfrom', address),
  /** `<tcp dstipto='10.0.0.9'>`: the last address of that range. */
  dstIpTo: attribute('dstipto', address),
});

/** Ranges of IPv4 addresses. */
export const ipv4Ranges = rangeFields(ipv4);
/** Ranges of IPv6 addresses. */
export const ipv6Ranges = rangeFields(ipv6);

const rangesElement = element('ranges', ipv4Ranges);

/** The ranges that the IP addresses of a packet are in. */
export interface RangesMatch extends Infer<typeof rangesElement> {}

/** The class of a packet. */
export const service = {
  /** `<ip dscp='0x2e'>`: the differentiated services code point, 0 to 63. */
  dscp: attribute('dscp', dscp),
};

/** The connection of a packet. libvirt takes these for IPv6 too, though its grammar has them for IPv4 alone. */
export const connection = {
  /** `<tcp connlimit-above='10'>`: more connections than this, 0 to 65535. */
  connLimitAbove: attribute('connlimit-above', variableOr(integer(0, 0xffff, { hex: true }))),
  /** `<tcp state='NEW,ESTABLISHED'>`: the state of the connection; an empty list is `NONE`. */
  state: attribute('state', connectionState),
  /** `<all ipset='blocked'>`: a set of addresses, by name. */
  ipSet: attribute('ipset', ipSetName),
  /** `<all ipsetflags='src,dst'>`: which address of the packet each part of the set's entries is compared with. */
  ipSetFlags: attribute('ipsetflags', ipSetFlags),
};

const connectionElement = element('connection', { ...service, ...connection });

/** The class and the connection of a packet. */
export interface ConnectionMatch extends Infer<typeof connectionElement> {}

const serviceElement = element('service', service);

/** The class of a packet. */
export interface ServiceMatch extends Infer<typeof serviceElement> {}

/** Ports. */
export const ports = {
  /** `<tcp srcportstart='1024'>`: the port of the sender, or the first of a range, 0 to 65535. */
  srcPortStart: attribute('srcportstart', uint16),
  /** `<tcp srcportend='65535'>`: the last port of that range. */
  srcPortEnd: attribute('srcportend', uint16),
  /** `<tcp dstportstart='22'>`: the port of the receiver, or the first of a range, 0 to 65535. */
  dstPortStart: attribute('dstportstart', uint16),
  /** `<tcp dstportend='23'>`: the last port of that range. */
  dstPortEnd: attribute('dstportend', uint16),
};

const portsElement = element('ports', ports);

/** The ports of a packet. */
export interface PortsMatch extends Infer<typeof portsElement> {}
