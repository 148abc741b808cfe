// <capability type='net'> and <capability type='vdpa'>: a network link of the host, and one that a guest drives.
// https://libvirt.org/formatnode.html#net
import { oneOf, string } from '../codec.js';
import { hardwareAddress, linkState } from '../common/link-state.js';
import {
  attribute,
  element,
  type Infer,
  many,
  one,
  required,
  text,
  typed,
  union,
  values,
} from '../schema.js';

const ethernetElement = element('capability', {
  /** `<capability type='80203'>` */
  type: required(attribute('type', oneOf('80203'))),
});

/** `<capability type='80203'/>`: the link is Ethernet. */
export interface EthernetCapability extends Infer<typeof ethernetElement> {}

const wirelessElement = element('capability', {
  /** `<capability type='80211'>` */
  type: required(attribute('type', oneOf('80211'))),
});

/** `<capability type='80211'/>`: the link is wireless. */
export interface WirelessCapability extends Infer<typeof wirelessElement> {}

const netElement = element('capability', {
  /** `<capability type='net'>` */
  type: required(attribute('type', oneOf('net'))),
  /** `<interface>eth0</interface>`: the link's name on the host. */
  interface: required(text('interface', string)),
  /** `<address>00:27:13:6a:fe:00</address>` */
  address: text('address', hardwareAddress),
  /** `<link speed='1000' state='up'/>` */
  link: one(linkState),
  /** `<feature name='tso'/>`: what the hardware does by itself: rx, tx, sg, tso, gso, gro, rdma, switchdev and so on. */
  features: values('feature', 'name', string),
  /** `<capability type='80203'/>` */
  capabilities: many(
    typed<EthernetCapability | WirelessCapability>(union('type', [ethernetElement, wirelessElement])),
  ),
});

/** `<capability type='net'>…</capability>`: a network link of the host. */
export interface NetCapability extends Infer<typeof netElement> {}

/** `<capability type='net'>…</capability>` */
export const net = typed<NetCapability>(netElement);

const vdpaElement = element('capability', {
  /** `<capability type='vdpa'>` */
  type: required(attribute('type', oneOf('vdpa'))),
  /** `<chardev>/dev/vhost-vdpa-0</chardev>` */
  chardev: required(text('chardev', string)),
});

/** `<capability type='vdpa'>…</capability>`: a virtio data path in hardware, which a guest can drive. */
export interface VdpaCapability extends Infer<typeof vdpaElement> {}

/** `<capability type='vdpa'>…</capability>` */
export const vdpa = typed<VdpaCapability>(vdpaElement);
