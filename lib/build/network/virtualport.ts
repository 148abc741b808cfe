// How a port is presented to the switch it plugs into.
// https://libvirt.org/formatdomain.html#direct-attachment-to-physical-interface
import { integer, oneOf } from '../../xml/codec.js';
import type { VirtualPort } from '../../xml/index.js';
import { uuid } from '../names.js';
import { present } from '../present.js';
import { checked, coded, needed, type Reader, record } from '../reader.js';

/** What tells a switch by IEEE 802.1Qbg which virtual station it has before it (virtual station interface, VSI). */
export interface VsiOptions {
  /** The database that knows the VSI type, 0 to 255. */
  managerId?: number;
  /** The VSI type, which stands for settings of the switch, 0 to 16777215. */
  typeId?: number;
  /** The version of the VSI type, 0 to 255. */
  typeIdVersion?: number;
  /** The UUID of this use of the VSI type. Default: libvirt makes one up for each NIC. */
  instanceId?: string;
}

/** A virtual station that the switch knows by IEEE 802.1Qbg: what is left out here must come from port group or NIC. */
export interface QbgOptions extends VsiOptions {
  /** IEEE 802.1Qbg, virtual Ethernet port aggregation. */
  type: '802.1Qbg';
  profileId?: never;
}

/** A port profile of a switch that speaks IEEE 802.1Qbh. */
export interface QbhOptions {
  /** IEEE 802.1Qbh, bridge port extension. */
  type: '802.1Qbh';
  /** The name of the port profile, up to 39 characters. */
  profileId?: string;
  managerId?: never;
  typeId?: never;
  typeIdVersion?: never;
  instanceId?: never;
}

/** How a port of a physical device is presented to the switch beyond. */
export type VirtualPortOptions = QbgOptions | QbhOptions;

/** What an Open vSwitch port is called. */
export interface OpenvswitchPortOptions {
  /** The UUID of the port, `external_ids:iface-id` in Open vSwitch. Default: libvirt makes one up for each NIC. */
  interfaceId?: string;
  /** The name of a port profile, `external_ids:port-profile` in Open vSwitch, up to 39 characters. Default: none. */
  profileId?: string;
}

const profileId = checked('the name of a port profile', (name) =>
  name === '' || name.length > 39
    ? `has ${name.length} characters; the name of a port profile has 1 to 39`
    : undefined,
);

const byte = coded(integer(0, 255));

/** The readers of {@link VsiOptions}. */
export const vsiFields = {
  managerId: byte,
  typeId: coded(integer(0, 0xffffff)),
  typeIdVersion: byte,
  instanceId: uuid,
};

const fields = record<VirtualPortOptions>()('a virtual port', {
  type: needed(coded(oneOf('802.1Qbg', '802.1Qbh'))),
  ...vsiFields,
  profileId,
});

/** Which parameters each type has. */
const PARAMETERS = {
  '802.1Qbg': ['managerId', 'typeId', 'typeIdVersion', 'instanceId'],
  '802.1Qbh': ['profileId'],
} as const;

/** A virtual port of one of the types given, as libvirt's `<virtualport>`. */
export const virtualPort =
  (...types: readonly VirtualPortOptions['type'][]): Reader<VirtualPort> =>
  (value, path) => {
    const { type, ...parameters } = fields(value, path);
    if (!types.includes(type))
      throw new RangeError(`${path}.type: ${type} is not possible here, only ${types.join(', ')}`);
    const known: readonly string[] = PARAMETERS[type];
    for (const key of Object.keys(parameters)) {
      if (!known.includes(key))
        throw new TypeError(`${path}.${key}: not a parameter of ${type}; it has ${known.join(', ')}`);
    }
    return Object.keys(parameters).length > 0 ? { type, parameters } : { type };
  };

/** The readers of {@link OpenvswitchPortOptions}, to be spread into the table of what has them. */
export const openvswitchFields = { interfaceId: uuid, profileId };

/** {@link OpenvswitchPortOptions} as libvirt's `<virtualport>`. */
export const openvswitchPort = ({ interfaceId, profileId }: OpenvswitchPortOptions): VirtualPort => {
  const parameters = present({ interfaceId, profileId });
  return Object.keys(parameters).length > 0 ? { type: 'openvswitch', parameters } : { type: 'openvswitch' };
};
