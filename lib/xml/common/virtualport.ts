// <virtualport>: how a port is presented to the switch it plugs into. Networks, port groups, ports and
// interfaces of domains share it. https://libvirt.org/formatnetwork.html#elementVport
import { integer, string, uuid } from '../codec.js';
import { attribute, element, type Infer, one, required, union } from '../schema.js';

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

/** `<virtualport type='…'>` with the parameters that its type has. */
export const virtualPort = union(
  'virtualport',
  'type',
  {
    '802.1Qbg': element('virtualport', {
      /** `<parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='…'/>` */
      parameters: one(element('parameters', vepa)),
    }),
    '802.1Qbh': element('virtualport', {
      /** `<parameters profileid='finance'/>` */
      parameters: one(element('parameters', profile)),
    }),
    openvswitch: element('virtualport', {
      /** `<parameters interfaceid='…' profileid='…'/>` */
      parameters: one(element('parameters', { ...port, ...profile })),
    }),
    midonet: element('virtualport', {
      /** `<parameters interfaceid='…'/>` */
      parameters: required(one(element('parameters', { interfaceId: required(port.interfaceId) }))),
    }),
  },
  element('virtualport', {
    /** `<parameters …/>` to be joined with those of a `<virtualport>` that has a type. */
    parameters: one(element('parameters', { ...vepa, ...port, ...profile })),
  }),
);

/**
 * `<virtualport type='openvswitch'/>`: how a port is presented to its switch, told apart by `type`.
 * The form without `type` only adds parameters to those of the network, port group or interface that has one.
 */
export type VirtualPort = Infer<typeof virtualPort>;
