// The protocols of Ethernet frames that a rule can be for: <mac>, <vlan>, <stp>, <arp> and <rarp>.
// https://libvirt.org/formatnwfilter.html#mac-ethernet
import { attribute, element, type Infer, typed } from '../schema.js';
import {
  type AnyMatch,
  comment,
  type MacsMatch,
  type MaskedSourceMacMatch,
  macs,
  maskedSourceMac,
  match,
} from './groups.js';
import {
  arpOpcode,
  etherType,
  ipv4,
  ipv4Mask,
  mac as macValue,
  trueFalse,
  uint8,
  uint16,
  uint32,
  vlanId,
} from './values.js';

const macElement = element('mac', {
  ...match,
  ...macs,
  /** `<mac protocolid='arp'/>`: the protocol inside, by name or by its number from 1536 to 65535. */
  protocolId: attribute('protocolid', etherType),
  ...comment,
});

/** `<mac srcmacaddr='$MAC' protocolid='arp'/>`: Ethernet frames. */
export interface MacMatch extends AnyMatch, MacsMatch, Infer<typeof macElement> {}

/** `<mac>` */
export const mac = typed<MacMatch>(macElement);

const vlanElement = element('vlan', {
  ...match,
  ...macs,
  /** `<vlan vlanid='42'/>`: the VLAN, 0 to 4095. */
  vlanId: attribute('vlanid', vlanId),
  /** `<vlan encap-protocol='ipv4'/>`: the protocol inside, by name or by its number from 1536 to 65535. */
  encapProtocol: attribute('encap-protocol', etherType),
  ...comment,
});

/** `<vlan vlanid='42' encap-protocol='ipv4'/>`: frames with a VLAN tag. */
export interface VlanMatch extends AnyMatch, MacsMatch, Infer<typeof vlanElement> {}

/** `<vlan>` */
export const vlan = typed<VlanMatch>(vlanElement);

const stpElement = element('stp', {
  ...match,
  ...maskedSourceMac,
  /** `<stp type='0x00'/>`: the type of the bridge protocol data unit, 0 to 255. */
  type: attribute('type', uint8),
  /** `<stp flags='0x01'/>`: its flags, 0 to 255. */
  flags: attribute('flags', uint8),
  /** `<stp root-priority='0x8000'/>`: the priority of the root bridge, or the lowest of a range. */
  rootPriority: attribute('root-priority', uint16),
  /** `<stp root-priority-hi='0x9000'/>`: the highest of that range. */
  rootPriorityHi: attribute('root-priority-hi', uint16),
  /** `<stp root-address='52:54:00:12:34:56'/>`: the MAC address of the root bridge. */
  rootAddress: attribute('root-address', macValue),
  /** `<stp root-address-mask='ff:ff:ff:00:00:00'/>`: the bits of `rootAddress` that count. */
  rootAddressMask: attribute('root-address-mask', macValue),
  /** `<stp root-cost='4'/>`: the cost of the path to the root, or the lowest of a range. */
  rootCost: attribute('root-cost', uint32),
  /** `<stp root-cost-hi='19'/>`: the highest of that range. */
  rootCostHi: attribute('root-cost-hi', uint32),
  /** `<stp sender-priority='0x8000'/>`: the priority of the sending bridge, or the lowest of a range. */
  senderPriority: attribute('sender-priority', uint16),
  /** `<stp sender-priority-hi='0x9000'/>`: the highest of that range. */
  senderPriorityHi: attribute('sender-priority-hi', uint16),
  /** `<stp sender-address='52:54:00:12:34:56'/>`: the MAC address of the sending bridge. */
  senderAddress: attribute('sender-address', macValue),
  /** `<stp sender-address-mask='ff:ff:ff:00:00:00'/>`: the bits of `senderAddress` that count. */
  senderAddressMask: attribute('sender-address-mask', macValue),
  /** `<stp port='0x8001'/>`: the port of the sending bridge, or the lowest of a range. */
  port: attribute('port', uint16),
  /** `<stp port-hi='0x8004'/>`: the highest of that range. */
  portHi: attribute('port-hi', uint16),
  /** `<stp age='256'/>`: the age of the message, or the lowest of a range, in 1/256 s. */
  age: attribute('age', uint16),
  /** `<stp age-hi='512'/>`: the highest of that range. */
  ageHi: attribute('age-hi', uint16),
  /** `<stp max-age='5120'/>`: the age at which it is dropped, or the lowest of a range, in 1/256 s. */
  maxAge: attribute('max-age', uint16),
  /** `<stp max-age-hi='10240'/>`: the highest of that range. */
  maxAgeHi: attribute('max-age-hi', uint16),
  /** `<stp hello-time='512'/>`: the time between two messages, or the lowest of a range, in 1/256 s. */
  helloTime: attribute('hello-time', uint16),
  /** `<stp hello-time-hi='1024'/>`: the highest of that range. */
  helloTimeHi: attribute('hello-time-hi', uint16),
  /** `<stp forward-delay='3840'/>`: the delay before ports forward, or the lowest of a range, in 1/256 s. */
  forwardDelay: attribute('forward-delay', uint16),
  /** `<stp forward-delay-hi='7680'/>`: the highest of that range. */
  forwardDelayHi: attribute('forward-delay-hi', uint16),
  ...comment,
});

/** `<stp root-priority='0x8000' root-priority-hi='0x9000'/>`: what bridges tell each other of their spanning tree. */
export interface StpMatch extends AnyMatch, MaskedSourceMacMatch, Infer<typeof stpElement> {}

/** `<stp>` */
export const stp = typed<StpMatch>(stpElement);

const arpFields = {
  ...match,
  ...macs,
  /** `<arp hwtype='1'/>`: the kind of hardware addresses, 0 to 65535; Ethernet's is 1. */
  hwType: attribute('hwtype', uint16),
  /** `<arp protocoltype='0x800'/>`: the protocol whose addresses are asked for, 0 to 65535; IPv4's is 2048. */
  protocolType: attribute('protocoltype', uint16),
  /** `<arp opcode='Request'/>`: what the packet is for, by name or by number. */
  opcode: attribute('opcode', arpOpcode),
  /** `<arp arpsrcmacaddr='$MAC'/>`: the MAC address that the sender says it has. */
  arpSrcMac: attribute('arpsrcmacaddr', macValue),
  /** `<arp arpdstmacaddr='$MAC'/>`: the MAC address that it says the receiver has. */
  arpDstMac: attribute('arpdstmacaddr', macValue),
  /** `<arp arpsrcipaddr='$IP'/>`: the IPv4 address that the sender says it has. */
  arpSrcIp: attribute('arpsrcipaddr', ipv4),
  /** `<arp arpsrcipmask='24'/>`: the bits of `arpSrcIp` that count; libvirt takes it, though its grammar has it not. */
  arpSrcIpMask: attribute('arpsrcipmask', ipv4Mask),
  /** `<arp arpdstipaddr='10.0.0.1'/>`: the IPv4 address that it says the receiver has, or that it looks for. */
  arpDstIp: attribute('arpdstipaddr', ipv4),
  /** `<arp arpdstipmask='24'/>`: the bits of `arpDstIp` that count; libvirt takes it, though its grammar has it not. */
  arpDstIpMask: attribute('arpdstipmask', ipv4Mask),
  /** `<arp gratuitous='true'/>`: the sender tells its own address unasked. */
  gratuitous: attribute('gratuitous', trueFalse),
  ...comment,
};

const arpElement = element('arp', arpFields);

/** `<arp opcode='Reply' arpsrcmacaddr='$MAC' arpsrcipaddr='$IP'/>`: who has which address; `<rarp>` has the same. */
export interface ArpMatch extends AnyMatch, MacsMatch, Infer<typeof arpElement> {}

/** `<arp>` */
export const arp = typed<ArpMatch>(arpElement);
/** `<rarp>` */
export const rarp = typed<ArpMatch>(element('rarp', arpFields));
