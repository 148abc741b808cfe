// <virtualport>: how a port is presented to the switch it plugs into. Networks, port groups, ports and
// interfaces of domains share it. https://libvirt.org/formatnetwork.html#elementVport
import { integer, oneOf, string, uuid } from '../codec.js';
import { absent, attribute, element, type Infer, one, required, typed, union } from '../schema.js';

const vepa = {
  /** `<parameters managerid='11'>`: the database that knows the VSI type, 0 to 255. */
  managerId: attribute('managerid', integer(0, 255, { hex: true })),
  /** `<parameters typeid='1193047'>`: the VSI type, which stands for the switch's settings, 24 bits. */
  typeId: attribute('typeid', integer(0, 0xffffff, { hex: true })),
  /** `<parameters typeidversion='2'>`: the version of the VSI type, 0 to 255. */
  typeIdVersion: attribute('typeidversion', integer(0, 255, { hex: true })),
  /** `<parameters instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'>`: the UUID of this use of the VSI type. */
  instanceId: attribute('instanceid', uuid),
};

const profile = {
  /** `<parameters profileid='finance'>`: the port profile, up to 39 characters. */
  profileId: attribute('profileid', string),
};

const port = {
  /** `<parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'>`: the UUID of the port. */
  interfaceId: attribute('interfaceid', uuid),
};

const vepaElement = element('virtualport', {
  /** `<virtualport type='802.1Qbg'>` */
  type: required(attribute('type', oneOf('802.1Qbg'))),
  /** `<parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='…'/>` */
  parameters: one(element('parameters', vepa)),
});

/** `<virtualport type='802.1Qbg'>`: a port of a VEPA switch. */
export interface VepaVirtualPort extends Infer<typeof vepaElement> {}

const vnLinkElement = element('virtualport', {
  /** `<virtualport type='802.1Qbh'>` */
  type: required(attribute('type', oneOf('802.1Qbh'))),
  /** `<parameters profileid='finance'/>` */
  parameters: one(element('parameters', profile)),
});

/** `<virtualport type='802.1Qbh'>`: a port of a VN-Link switch. */
export interface VnLinkVirtualPort extends Infer<typeof vnLinkElement> {}

const openVSwitchElement = element('virtualport', {
  /** `<virtualport type='openvswitch'>` */
  type: required(attribute('type', oneOf('openvswitch'))),
  /** `<parameters interfaceid='…' profileid='…'/>` */
  parameters: one(element('parameters', { ...port, ...profile })),
});

/** `<virtualport type='openvswitch'>`: a port of an Open vSwitch bridge. */
export interface OpenVSwitchVirtualPort extends Infer<typeof openVSwitchElement> {}

const midonetElement = element('virtualport', {
  /** `<virtualport type='midonet'>` */
  type: required(attribute('type', oneOf('midonet'))),
  /** `<parameters interfaceid='…'/>` */
  parameters: required(
    one(
      element('parameters', {
        /** `<parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'>`: the UUID of the port. */
        interfaceId: required(port.interfaceId),
      }),
    ),
  ),
});

/** `<virtualport type='midonet'>`: a port of a MidoNet network. */
export interface MidonetVirtualPort extends Infer<typeof midonetElement> {}

const partialElement = element('virtualport', {
  /** `<virtualport>`: without a type. */
  type: absent(),
  /** `<parameters …/>` to be joined with those of a `<virtualport>` that has a type. */
  parameters: one(element('parameters', { ...vepa, ...port, ...profile })),
});

/** `<virtualport>` without a type: parameters to be joined with those of the network, port group or interface. */
export interface PartialVirtualPort extends Infer<typeof partialElement> {}

/** `<virtualport type='…'>`: how a port is presented to its switch, told apart by `type`. */
export type VirtualPort =
  | VepaVirtualPort
  | VnLinkVirtualPort
  | OpenVSwitchVirtualPort
  | MidonetVirtualPort
  | PartialVirtualPort;

/** `<virtualport>` with the parameters that its type has. */
export const virtualPort = typed<VirtualPort>(
  union('type', [vepaElement, vnLinkElement, openVSwitchElement, midonetElement], partialElement),
);
