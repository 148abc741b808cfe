// Devices of IBM Z: the channel subsystem and the adjunct processors for cryptography.
// https://libvirt.org/formatnode.html#ccw
import { hex, oneOf, string } from '../codec.js';
import {
  attribute,
  body,
  element,
  type Infer,
  many,
  one,
  required,
  since,
  text,
  typed,
  union,
  wrapped,
} from '../schema.js';
import { mediatedTypes } from './common.js';

const address = {
  /** `<cssid>0x0</cssid>`: the channel subsystem, 0 to 254. */
  cssid: required(text('cssid', hex(1, 0xfe))),
  /** `<ssid>0x0</ssid>`: the subchannel set, 0 to 3. */
  ssid: required(text('ssid', hex(1, 3))),
  /** `<devno>0x0052</devno>`: the number of the device or subchannel, 16 bits. */
  devno: required(text('devno', hex(4, 0xffff))),
};

const channelAddressElement = element('channel_dev_addr', address);

/** `<channel_dev_addr>…</channel_dev_addr>`: the device behind a subchannel. */
export interface ChannelAddress extends Infer<typeof channelAddressElement> {}

const state = oneOf('online', 'offline');

const groupMemberElement = element('capability', {
  /** `<capability type='ccwgroup_member'>` */
  type: required(attribute('type', oneOf('ccwgroup_member'))),
  /** `<group_device>ccwgroup_0_0_bd00</group_device>`: the group's node device. */
  groupDevice: required(text('group_device', string)),
});

/** `<capability type='ccwgroup_member'>…</capability>`: the device belongs to a group. */
export interface CcwGroupMemberCapability extends Infer<typeof groupMemberElement> {}

const ccwElement = element('capability', {
  /** `<capability type='ccw'>` */
  type: required(attribute('type', oneOf('ccw'))),
  /** `<state>online</state>` */
  state: since('10.5.0', text('state', state)),
  ...address,
  /** `<capability type='ccwgroup_member'>…</capability>` */
  capability: since('11.1.0', one(typed<CcwGroupMemberCapability>(groupMemberElement))),
});

/** `<capability type='ccw'>…</capability>`: a device of the channel subsystem. */
export interface CcwCapability extends Infer<typeof ccwElement> {}

/** `<capability type='ccw'>…</capability>` */
export const ccw = typed<CcwCapability>(ccwElement);

const cssElement = element('capability', {
  /** `<capability type='css'>` */
  type: required(attribute('type', oneOf('css'))),
  ...address,
  /** `<channel_dev_addr>…</channel_dev_addr>` */
  channelDevAddr: one(typed<ChannelAddress>(channelAddressElement)),
  /** `<capability type='mdev_types'>…</capability>` */
  capability: one(mediatedTypes),
});

/** `<capability type='css'>…</capability>`: a subchannel. */
export interface CssCapability extends Infer<typeof cssElement> {}

/** `<capability type='css'>…</capability>` */
export const css = typed<CssCapability>(cssElement);

const qeth = {
  /** `<card_type>OSD_1000</card_type>` */
  cardType: required(since('11.1.0', text('card_type', string))),
  /** `<chpid>0x5a</chpid>`: the channel path. */
  chpid: required(since('11.1.0', text('chpid', string))),
};

const qethGenericElement = element('capability', {
  /** `<capability type='qeth_generic'>` */
  type: required(attribute('type', oneOf('qeth_generic'))),
  ...qeth,
});

/** `<capability type='qeth_generic'>…</capability>`: a network adapter without a layer yet. */
export interface QethGenericCapability extends Infer<typeof qethGenericElement> {}

const qethLayer2Element = element('capability', {
  /** `<capability type='qeth_layer2'>` */
  type: required(attribute('type', oneOf('qeth_layer2'))),
  ...qeth,
});

/** `<capability type='qeth_layer2'>…</capability>`: a network adapter that forwards frames. */
export interface QethLayer2Capability extends Infer<typeof qethLayer2Element> {}

const qethLayer3Element = element('capability', {
  /** `<capability type='qeth_layer3'>` */
  type: required(attribute('type', oneOf('qeth_layer3'))),
  ...qeth,
});

/** `<capability type='qeth_layer3'>…</capability>`: a network adapter that forwards IP packets. */
export interface QethLayer3Capability extends Infer<typeof qethLayer3Element> {}

/** The network adapter that a group of channel devices makes, told apart by `type`. */
export type QethCapability = QethGenericCapability | QethLayer2Capability | QethLayer3Capability;

const memberElement = element('ccw_device', {
  /** `<ccw_device ref='cdev0'>`: what the device is in the group. */
  ref: required(attribute('ref', string)),
  /** `<ccw_device ref='cdev0'>ccw_0_0_bd00</ccw_device>`: its node device. */
  name: body(string),
});

/** `<ccw_device ref='cdev0'>ccw_0_0_bd00</ccw_device>`: a device of a group. */
export interface CcwGroupMember extends Infer<typeof memberElement> {}

const ccwGroupElement = element('capability', {
  /** `<capability type='ccwgroup'>` */
  type: required(attribute('type', oneOf('ccwgroup'))),
  /** `<state>online</state>` */
  state: since('11.1.0', text('state', state)),
  ...address,
  /** `<members><ccw_device ref='cdev0'>ccw_0_0_bd00</ccw_device></members>` */
  members: since('11.1.0', wrapped('members', many(typed<CcwGroupMember>(memberElement)))),
  /** `<capability type='qeth_layer2'>…</capability>` */
  capability: since(
    '11.1.0',
    one(typed<QethCapability>(union('type', [qethGenericElement, qethLayer2Element, qethLayer3Element]))),
  ),
});

/** `<capability type='ccwgroup'>…</capability>`: devices of the channel subsystem that work as one; since 11.1.0. */
export interface CcwGroupCapability extends Infer<typeof ccwGroupElement> {}

/** `<capability type='ccwgroup'>…</capability>` */
export const ccwGroup = typed<CcwGroupCapability>(ccwGroupElement);

const apCardElement = element('capability', {
  /** `<capability type='ap_card'>` */
  type: required(attribute('type', oneOf('ap_card'))),
  /** `<ap-adapter>0x05</ap-adapter>`: 0 to 255. */
  adapter: required(text('ap-adapter', hex(2, 0xff))),
});

/** `<capability type='ap_card'>…</capability>`: a card of adjunct processors. */
export interface ApCardCapability extends Infer<typeof apCardElement> {}

/** `<capability type='ap_card'>…</capability>` */
export const apCard = typed<ApCardCapability>(apCardElement);

const apQueueElement = element('capability', {
  /** `<capability type='ap_queue'>` */
  type: required(attribute('type', oneOf('ap_queue'))),
  /** `<ap-adapter>0x05</ap-adapter>`: 0 to 255. */
  adapter: required(text('ap-adapter', hex(2, 0xff))),
  /** `<ap-domain>0x000a</ap-domain>`: 16 bits. */
  domain: required(text('ap-domain', hex(4, 0xffff))),
});

/** `<capability type='ap_queue'>…</capability>`: one domain of a card. */
export interface ApQueueCapability extends Infer<typeof apQueueElement> {}

/** `<capability type='ap_queue'>…</capability>` */
export const apQueue = typed<ApQueueCapability>(apQueueElement);

const apMatrixElement = element('capability', {
  /** `<capability type='ap_matrix'>` */
  type: required(attribute('type', oneOf('ap_matrix'))),
  /** `<capability type='mdev_types'>…</capability>` */
  capability: one(mediatedTypes),
});

/** `<capability type='ap_matrix'>…</capability>`: what shares cards and domains among guests. */
export interface ApMatrixCapability extends Infer<typeof apMatrixElement> {}

/** `<capability type='ap_matrix'>…</capability>` */
export const apMatrix = typed<ApMatrixCapability>(apMatrixElement);
