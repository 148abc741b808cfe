// How a NIC's port is presented to the switch beyond the host. A NIC that is not on a network has nothing else to take
// parameters from: they are complete there. https://libvirt.org/formatdomain.html#direct-attachment-to-physical-interface
import { oneOf } from '../../xml/codec.js';
import type { VirtualPort } from '../../xml/index.js';
import {
  type OpenvswitchPortOptions,
  openvswitchFields,
  type QbgOptions,
  type QbhOptions,
  type VsiOptions,
  virtualPort,
  vsiFields,
} from '../network/virtualport.js';
import { coded, type Reader, record } from '../reader.js';

/** A virtual station that the switch knows by IEEE 802.1Qbg. */
export interface NicQbgOptions extends QbgOptions {
  /** The database that knows the VSI type, 0 to 255. */
  managerId: number;
  /** The VSI type, which stands for settings of the switch, 0 to 16777215. */
  typeId: number;
  /** The version of the VSI type, 0 to 255. */
  typeIdVersion: number;
}

/** A port profile of a switch that speaks IEEE 802.1Qbh. */
export interface NicQbhOptions extends QbhOptions {
  /** The name of the port profile, up to 39 characters. */
  profileId: string;
}

/** How the port of a NIC on a macvtap is presented to the switch beyond. */
export type NicVirtualPortOptions = NicQbgOptions | NicQbhOptions;

/** Parameters of a port whose type the port group or the network says: they may be of several types. */
export interface UntypedPortOptions extends VsiOptions, OpenvswitchPortOptions {
  type?: never;
}

/**
 * How the port of a NIC on a network is presented to the switch. What is left out comes from the port group and the network;
 * without a type, so does the type, and parameters of several may be given.
 */
export type NetworkPortOptions =
  | (QbgOptions & { interfaceId?: never })
  | (QbhOptions & { interfaceId?: never })
  | (OpenvswitchPortOptions & {
      /** A port of an Open vSwitch bridge. */
      type: 'openvswitch';
      managerId?: never;
      typeId?: never;
      typeIdVersion?: never;
      instanceId?: never;
    })
  | UntypedPortOptions;

/** What libvirt demands of a NIC that is not on a network. */
const COMPLETE = {
  '802.1Qbg': ['managerId', 'typeId', 'typeIdVersion'],
  '802.1Qbh': ['profileId'],
} as const;

/** A virtual port of one of the types given, with all that it needs, as libvirt's `<virtualport>`. */
export const completeVirtualPort = (...types: readonly (keyof typeof COMPLETE)[]): Reader<VirtualPort> => {
  const read = virtualPort(...types);
  return (value, path) => {
    const port = read(value, path);
    const parameters: { readonly [key: string]: unknown } = port.parameters ?? {};
    const missing = COMPLETE[port.type as keyof typeof COMPLETE].find((key) => parameters[key] === undefined);
    if (missing)
      throw new TypeError(`${path}.${missing}: missing; the ${port.type} port of a NIC must have it`);
    return port;
  };
};

const PARAMETERS = {
  '802.1Qbg': ['managerId', 'typeId', 'typeIdVersion', 'instanceId'],
  '802.1Qbh': ['profileId'],
  openvswitch: ['interfaceId', 'profileId'],
} as const;

const fields = record<NetworkPortOptions>()('a virtual port', {
  type: coded(oneOf('802.1Qbg', '802.1Qbh', 'openvswitch')),
  ...vsiFields,
  ...openvswitchFields,
});

/** {@link NetworkPortOptions} as libvirt's `<virtualport>`. */
export const networkPort: Reader<VirtualPort> = (value, path) => {
  const { type, ...parameters } = fields(value, path);
  const given = Object.keys(parameters);
  if (type === undefined) {
    if (given.length === 0) throw new TypeError(`${path}: neither type nor parameter is there`);
    return { parameters };
  }
  const known: readonly string[] = PARAMETERS[type];
  const wrong = given.find((key) => !known.includes(key));
  if (wrong) throw new TypeError(`${path}.${wrong}: not a parameter of ${type}; it has ${known.join(', ')}`);
  return given.length > 0 ? { type, parameters } : { type };
};
