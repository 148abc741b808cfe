// The <interface> document of a domain: a NIC of a guest, by its type. https://libvirt.org/formatdomain.html#network-interfaces
import { oneOf, yesNo } from '../codec.js';
import { virtualPort } from '../common/virtualport.js';
import {
  attribute,
  type Document,
  document,
  element,
  type Infer,
  one,
  required,
  typed,
  union,
} from '../schema.js';
import { identity, type NicOptions, options, tags } from './options.js';
import {
  bridgeSource,
  directSource,
  ethernetSource,
  hostdevSource,
  internalSource,
  networkSource,
  serverSource,
  socketSource,
  udpSource,
  userSource,
  vdpaSource,
  vdsSource,
  vhostUserSource,
} from './source.js';

const networkElement = element('interface', {
  /** `<interface type='network'>` */
  type: required(attribute('type', oneOf('network'))),
  ...identity,
  /** `<source network='default' portgroup='engineering'/>` */
  source: required(one(networkSource)),
  ...tags,
  /** `<virtualport type='openvswitch'/>`: joined with that of the network and the port group. */
  virtualPort: one(virtualPort),
  ...options,
});

/** `<interface type='network'><source network='default'/></interface>`: a NIC on a virtual network. */
export interface NetworkNic extends NicOptions, Infer<typeof networkElement> {}

const bridgeElement = element('interface', {
  /** `<interface type='bridge'>` */
  type: required(attribute('type', oneOf('bridge'))),
  ...identity,
  /** `<source bridge='br0'/>` */
  source: one(bridgeSource),
  ...tags,
  /** `<virtualport type='openvswitch'/>`: what the bridge is, when it is not one of the kernel. */
  virtualPort: one(virtualPort),
  ...options,
});

/** `<interface type='bridge'><source bridge='br0'/></interface>`: a NIC on a bridge of the host. */
export interface BridgeNic extends NicOptions, Infer<typeof bridgeElement> {}

const ethernetElement = element('interface', {
  /** `<interface type='ethernet'>` */
  type: required(attribute('type', oneOf('ethernet'))),
  ...identity,
  /** `<source><ip address='192.168.122.6' prefix='24'/></source>`: addresses of the host's end. */
  source: one(ethernetSource),
  ...tags,
  ...options,
});

/** `<interface type='ethernet'><target dev='tap7'/></interface>`: a NIC on a tap that a script or the user plugs in. */
export interface EthernetNic extends NicOptions, Infer<typeof ethernetElement> {}

const directElement = element('interface', {
  /** `<interface type='direct'>` */
  type: required(attribute('type', oneOf('direct'))),
  ...identity,
  /** `<source dev='eth0' mode='bridge'/>` */
  source: required(one(directSource)),
  ...tags,
  /** `<virtualport type='802.1Qbg'/>`: how the port is presented to the switch. */
  virtualPort: one(virtualPort),
  ...options,
});

/** `<interface type='direct'><source dev='eth0' mode='bridge'/></interface>`: a NIC on a macvtap of a host device. */
export interface DirectNic extends NicOptions, Infer<typeof directElement> {}

const { driver, ...undriven } = options;

const hostdevElement = element('interface', {
  /** `<interface type='hostdev'>` */
  type: required(attribute('type', oneOf('hostdev'))),
  /** `<interface type='hostdev' managed='yes'>`: libvirt detaches the device from the host by itself. */
  managed: attribute('managed', yesNo),
  ...identity,
  /** `<driver name='vfio'/>`: what hands the device to the guest; libvirt prints it before the source here. */
  driver,
  /** `<source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/></source>` */
  source: required(one(hostdevSource)),
  ...tags,
  /** `<virtualport type='802.1Qbh'/>`: how the port is presented to the switch. */
  virtualPort: one(virtualPort),
  ...undriven,
});

/** `<interface type='hostdev' managed='yes'><source>…</source></interface>`: a device of the host given to the guest. */
export interface HostdevNic extends NicOptions, Infer<typeof hostdevElement> {}

const userElement = element('interface', {
  /** `<interface type='user'>` */
  type: required(attribute('type', oneOf('user'))),
  ...identity,
  /** `<source dev='eth0'/>`: passt only. */
  source: one(userSource),
  ...tags,
  ...options,
});

/** `<interface type='user'><backend type='passt'/></interface>`: a NIC whose connections a process of the user makes. */
export interface UserNic extends NicOptions, Infer<typeof userElement> {}

const vhostUserElement = element('interface', {
  /** `<interface type='vhostuser'>` */
  type: required(attribute('type', oneOf('vhostuser'))),
  ...identity,
  /** `<source type='unix' path='/tmp/vhost0.sock' mode='client'/>`: passt needs none. */
  source: one(vhostUserSource),
  ...tags,
  ...options,
});

/** `<interface type='vhostuser'><source type='unix' …/></interface>`: a NIC that another process serves through shared memory. */
export interface VhostUserNic extends NicOptions, Infer<typeof vhostUserElement> {}

const internalElement = element('interface', {
  /** `<interface type='internal'>` */
  type: required(attribute('type', oneOf('internal'))),
  ...identity,
  /** `<source name='internal'/>` */
  source: required(one(internalSource)),
  ...tags,
  ...options,
});

/** `<interface type='internal'><source name='…'/></interface>`: a NIC on a network inside the hypervisor; VirtualBox. */
export interface InternalNic extends NicOptions, Infer<typeof internalElement> {}

const mcastElement = element('interface', {
  /** `<interface type='mcast'>` */
  type: required(attribute('type', oneOf('mcast'))),
  ...identity,
  /** `<source address='230.0.0.1' port='5558'/>`: the group. */
  source: required(one(socketSource)),
  ...tags,
  ...options,
});

/** `<interface type='mcast'><source address='230.0.0.1' port='5558'/></interface>`: a NIC on a network of all in a multicast group. */
export interface MulticastNic extends NicOptions, Infer<typeof mcastElement> {}

const serverElement = element('interface', {
  /** `<interface type='server'>` */
  type: required(attribute('type', oneOf('server'))),
  ...identity,
  /** `<source address='192.168.0.1' port='5558'/>`: where to listen. */
  source: required(one(serverSource)),
  ...tags,
  ...options,
});

/** `<interface type='server'><source port='5558'/></interface>`: a NIC that waits for the NIC of another guest over TCP. */
export interface ServerNic extends NicOptions, Infer<typeof serverElement> {}

const clientElement = element('interface', {
  /** `<interface type='client'>` */
  type: required(attribute('type', oneOf('client'))),
  ...identity,
  /** `<source address='192.168.0.1' port='5558'/>`: the server. */
  source: required(one(socketSource)),
  ...tags,
  ...options,
});

/** `<interface type='client'><source address='192.168.0.1' port='5558'/></interface>`: a NIC connected to a server over TCP. */
export interface ClientNic extends NicOptions, Infer<typeof clientElement> {}

const udpElement = element('interface', {
  /** `<interface type='udp'>` */
  type: required(attribute('type', oneOf('udp'))),
  ...identity,
  /** `<source address='127.0.0.1' port='11115'><local address='127.0.0.1' port='11116'/></source>` */
  source: required(one(udpSource)),
  ...tags,
  ...options,
});

/** `<interface type='udp'><source …><local …/></source></interface>`: a NIC at one end of a UDP tunnel. */
export interface UdpNic extends NicOptions, Infer<typeof udpElement> {}

const vdpaElement = element('interface', {
  /** `<interface type='vdpa'>` */
  type: required(attribute('type', oneOf('vdpa'))),
  ...identity,
  /** `<source dev='/dev/vhost-vdpa-0'/>` */
  source: required(one(vdpaSource)),
  ...tags,
  ...options,
});

/** `<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>`: a NIC on a vDPA device of the host. */
export interface VdpaNic extends NicOptions, Infer<typeof vdpaElement> {}

const vdsElement = element('interface', {
  /** `<interface type='vds'>` */
  type: required(attribute('type', oneOf('vds'))),
  ...identity,
  /** `<source switchid='…' portid='6' portgroupid='pg-4321' connectionid='12345'/>` */
  source: required(one(vdsSource)),
  ...tags,
  ...options,
});

/** `<interface type='vds'><source switchid='…'/></interface>`: a NIC on a distributed switch of VMware. */
export interface VdsNic extends NicOptions, Infer<typeof vdsElement> {}

const nullElement = element('interface', {
  /** `<interface type='null'>` */
  type: required(attribute('type', oneOf('null'))),
  ...identity,
  ...tags,
  ...options,
});

/** `<interface type='null'>`: a NIC that is plugged into nothing; bhyve. libvirt 9.0's QEMU driver crashes on it. */
export interface NullNic extends NicOptions, Infer<typeof nullElement> {}

/** `<interface type='…'>…</interface>`: a NIC of a guest, told apart by `type`. */
export type Nic =
  | NetworkNic
  | BridgeNic
  | EthernetNic
  | DirectNic
  | HostdevNic
  | UserNic
  | VhostUserNic
  | InternalNic
  | MulticastNic
  | ServerNic
  | ClientNic
  | UdpNic
  | VdpaNic
  | VdsNic
  | NullNic;

/** `<interface type='…'>` of a domain */
export const nic = typed<Nic>(
  union('type', [
    networkElement,
    bridgeElement,
    ethernetElement,
    directElement,
    hostdevElement,
    userElement,
    vhostUserElement,
    internalElement,
    mcastElement,
    serverElement,
    clientElement,
    udpElement,
    vdpaElement,
    vdsElement,
    nullElement,
  ]),
);

/** A NIC of a guest: the typed value of a domain's `<interface>`, told apart by `type`. */
export type DomainInterfaceDocument = {
  /** Tells a NIC from other documents. */
  readonly kind: 'domainInterface';
} & Nic;

/** The schema of a domain's `<interface>`. */
export const domainInterface: Document<DomainInterfaceDocument> = document('domainInterface', nic);
