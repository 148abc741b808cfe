// <source> of a NIC: what it is plugged into on the host, by the NIC's type.
// https://libvirt.org/formatdomain.html#network-interfaces
import { ipAddress } from '../address.js';
import { bigInteger, hex, integer, oneOf, string, uuid, yesNo } from '../codec.js';
import { type PciAddress, pciAddress } from '../common/pci.js';
import { route } from '../common/route.js';
import {
  absent,
  attribute,
  element,
  type Infer,
  type Lacking,
  many,
  one,
  required,
  since,
  typed,
  union,
} from '../schema.js';
import { nicIp } from './ip.js';

const port = integer(0, 65535);
const long = bigInteger(-(2n ** 63n), 2n ** 63n - 1n);
const macTableManager = oneOf('kernel', 'libvirt');

const networkElement = element('source', {
  /** `<source network='default'>`: the name of the virtual network. */
  network: required(attribute('network', string)),
  /** `<source portgroup='engineering'>`: a port group of the network. */
  portGroup: attribute('portgroup', string),
  /** `<source portid='ad9d9a3a-…'>`: the network's port; libvirt writes it while the guest runs. */
  portId: attribute('portid', uuid),
  /** `<source bridge='virbr0'>`: the bridge of the network; libvirt writes it while the guest runs. */
  bridge: attribute('bridge', string),
  /** `<source macTableManager='libvirt'>`: who fills the bridge's table of MAC addresses; libvirt writes it. */
  macTableManager: attribute('macTableManager', macTableManager),
});

/** `<source network='default' portgroup='engineering'/>`: a virtual network. */
export interface NetworkSource extends Infer<typeof networkElement> {}

/** `<source network='default'/>` */
export const networkSource = typed<NetworkSource>(networkElement);

const bridgeElement = element('source', {
  /** `<source network='default'>`: the network that the bridge is of; libvirt writes it while the guest runs. */
  network: attribute('network', string),
  /** `<source portgroup='engineering'>`: the network's port group; libvirt writes it while the guest runs. */
  portGroup: attribute('portgroup', string),
  /** `<source portid='ad9d9a3a-…'>`: the network's port; libvirt writes it while the guest runs. */
  portId: attribute('portid', uuid),
  /** `<source bridge='br0'>`: the bridge of the host. */
  bridge: required(attribute('bridge', string)),
  /** `<source macTableManager='libvirt'>`: who fills the bridge's table of MAC addresses; libvirt writes it while the guest runs. */
  macTableManager: attribute('macTableManager', macTableManager),
});

/** `<source bridge='br0'/>`: a bridge of the host. */
export interface BridgeSource extends Infer<typeof bridgeElement> {}

/** `<source bridge='br0'/>` */
export const bridgeSource = typed<BridgeSource>(bridgeElement);

const ethernetElement = element('source', {
  /** `<ip address='192.168.122.6' prefix='24'/>`: the addresses of the host's end. */
  ips: many(nicIp),
  /** `<route address='192.168.222.0' prefix='24' gateway='192.168.122.5'/>`: the routes of the host's end. */
  routes: many(route),
});

/** `<source><ip address='192.168.122.6' prefix='24'/></source>`: addresses and routes of the host's end. */
export interface EthernetSource extends Infer<typeof ethernetElement> {}

/** `<source><ip …/></source>` */
export const ethernetSource = typed<EthernetSource>(ethernetElement);

const directElement = element('source', {
  /** `<source network='macvtap'>`: the network that the device is of; libvirt writes it while the guest runs. */
  network: attribute('network', string),
  /** `<source portgroup='engineering'>`: the network's port group; libvirt writes it while the guest runs. */
  portGroup: attribute('portgroup', string),
  /** `<source portid='ad9d9a3a-…'>`: the network's port; libvirt writes it while the guest runs. */
  portId: attribute('portid', uuid),
  /** `<source dev='eth0'>`: the device of the host. */
  dev: required(attribute('dev', string)),
  /** `<source dev='eth0' mode='bridge'>`: how guests on one device reach each other; `vepa` when it is left out. */
  mode: attribute('mode', oneOf('vepa', 'bridge', 'private', 'passthrough')),
});

/** `<source dev='eth0' mode='bridge'/>`: a device of the host to attach a macvtap to. */
export interface DirectSource extends Infer<typeof directElement> {}

/** `<source dev='eth0' mode='bridge'/>` */
export const directSource = typed<DirectSource>(directElement);

const userElement = element('source', {
  /** `<source dev='eth0'>`: the device of the host whose addresses passt takes over. */
  dev: required(attribute('dev', string)),
});

/** `<source dev='eth0'/>`: the device of the host that passt follows. */
export interface UserSource extends Infer<typeof userElement> {}

/** `<source dev='eth0'/>` */
export const userSource = typed<UserSource>(userElement);

const internalElement = element('source', {
  /** `<source name='internal'>`: the name of the network inside the hypervisor. */
  name: required(attribute('name', string)),
});

/** `<source name='internal'/>`: a network inside the hypervisor. */
export interface InternalSource extends Infer<typeof internalElement> {}

/** `<source name='internal'/>` */
export const internalSource = typed<InternalSource>(internalElement);

const socketElement = element('source', {
  /** `<source address='230.0.0.1'>`: the multicast group, or the server to connect to. */
  address: required(attribute('address', ipAddress)),
  /** `<source address='230.0.0.1' port='5558'>` */
  port: required(attribute('port', port)),
});

/** `<source address='230.0.0.1' port='5558'/>`: an address and a port. */
export interface SocketSource extends Infer<typeof socketElement> {}

/** `<source address='230.0.0.1' port='5558'/>` */
export const socketSource = typed<SocketSource>(socketElement);

const serverElement = element('source', {
  /** `<source address='192.168.0.1' port='5558'>`: the address to listen on; all when it is left out. */
  address: attribute('address', ipAddress),
  /** `<source port='5558'>` */
  port: required(attribute('port', port)),
});

/** `<source address='192.168.0.1' port='5558'/>`: where to listen. */
export interface ServerSource extends Infer<typeof serverElement> {}

/** `<source port='5558'/>` */
export const serverSource = typed<ServerSource>(serverElement);

const udpElement = element('source', {
  /** `<source address='127.0.0.1'>`: where to send to. */
  address: required(attribute('address', ipAddress)),
  /** `<source address='127.0.0.1' port='11115'>` */
  port: required(attribute('port', port)),
  /** `<local address='127.0.0.1' port='11116'/>`: where to receive. */
  local: required(
    one(
      element('local', {
        /** `<local address='127.0.0.1'>` */
        address: required(attribute('address', ipAddress)),
        /** `<local port='11116'>` */
        port: required(attribute('port', port)),
      }),
    ),
  ),
});

/** `<source address='127.0.0.1' port='11115'><local address='127.0.0.1' port='11116'/></source>`: both ends of a UDP tunnel. */
export interface UdpSource extends Infer<typeof udpElement> {}

/** `<source address='…' port='…'><local …/></source>` */
export const udpSource = typed<UdpSource>(udpElement);

const reconnectElement = element(
  'reconnect',
  {
    /** `<reconnect enabled='yes'>` */
    enabled: attribute('enabled', yesNo),
    /** `<reconnect enabled='yes' timeout='10'>`: seconds between attempts. */
    timeout: attribute('timeout', integer(0, 0xffffffff)),
    /** `<reconnect delay='10'>`: seconds; of disks, which share the element in libvirt's grammar. */
    delay: since('9.1.0', attribute('delay', integer(0, 0xffffffff))),
  },
  { exclusive: [['enabled', 'delay']] },
);

/** A {@link VhostUserReconnect} that tries again. */
export interface ReconnectByTimeout extends Lacking<typeof reconnectElement, 'delay'> {}
/** A {@link VhostUserReconnect} of a disk. */
export interface ReconnectByDelay extends Lacking<typeof reconnectElement, 'enabled'> {}

/** `<reconnect enabled='yes' timeout='10'/>`: whether and when a client tries again. */
export type VhostUserReconnect = ReconnectByTimeout | ReconnectByDelay;

const vhostUserElement = element('source', {
  /** `<source type='unix'>` */
  type: attribute('type', oneOf('unix')),
  /** `<source type='unix' path='/tmp/vhost0.sock'>`: an absolute path. */
  path: attribute('path', string),
  /** `<source type='unix' mode='client'>`: whether QEMU listens or connects. */
  mode: attribute('mode', oneOf('server', 'client')),
  /** `<source dev='eth0'>`: the device of the host whose addresses passt takes over. */
  dev: since('11.1.0', attribute('dev', string)),
  /** `<reconnect enabled='yes' timeout='10'/>`: of a client. */
  reconnect: one(typed<VhostUserReconnect>(reconnectElement)),
});

/** `<source type='unix' path='/tmp/vhost0.sock' mode='client'/>`: the socket of a vhost-user switch. */
export interface VhostUserSource extends Infer<typeof vhostUserElement> {}

/** `<source type='unix' path='…' mode='…'/>` */
export const vhostUserSource = typed<VhostUserSource>(vhostUserElement);

const vdpaElement = element('source', {
  /** `<source dev='/dev/vhost-vdpa-0'>`: the character device. */
  dev: required(attribute('dev', string)),
});

/** `<source dev='/dev/vhost-vdpa-0'/>`: a vDPA device of the host. */
export interface VdpaSource extends Infer<typeof vdpaElement> {}

/** `<source dev='/dev/vhost-vdpa-0'/>` */
export const vdpaSource = typed<VdpaSource>(vdpaElement);

const vdsElement = element('source', {
  /** `<source switchid='12345678-1234-1234-1234-123456789abc'>`: the UUID of the switch. */
  switchId: required(attribute('switchid', uuid)),
  /** `<source portid='6'>`: 64 bits; a bigint beyond 2^53. */
  portId: attribute('portid', long),
  /** `<source portgroupid='pg-4321'>` */
  portGroupId: attribute('portgroupid', string),
  /** `<source connectionid='12345'>`: 64 bits; a bigint beyond 2^53. */
  connectionId: attribute('connectionid', long),
});

/** `<source switchid='…' portid='6' portgroupid='pg-4321' connectionid='12345'/>`: a port of a distributed switch of VMware. */
export interface VdsSource extends Infer<typeof vdsElement> {}

/** `<source switchid='…'/>` */
export const vdsSource = typed<VdsSource>(vdsElement);

const usbNumber = integer(0, 0xfff, { hex: true });

const hostPciElement = element('address', {
  /** `<address type='pci'>` */
  type: required(attribute('type', oneOf('pci'))),
  ...pciAddress,
});

/** `<address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>`: a PCI device of the host. */
export interface HostPciAddress extends PciAddress, Infer<typeof hostPciElement> {}

const hostUsbElement = element('address', {
  /** `<address type='usb'>` */
  type: required(attribute('type', oneOf('usb'))),
  /** `<address bus='2'>`: 0 to 4095. */
  bus: required(attribute('bus', usbNumber)),
  /** `<address device='3'>`: 0 to 4095. */
  device: required(attribute('device', usbNumber)),
});

/** `<address type='usb' bus='2' device='3'/>`: a USB device of the host. */
export interface HostUsbAddress extends Infer<typeof hostUsbElement> {}

const hostUsbProductElement = element('address', {
  /** `<address>`: without a type, beside vendor and product. */
  type: absent(),
  /** `<address bus='2'>`: 0 to 4095. */
  bus: required(attribute('bus', usbNumber)),
  /** `<address device='3'>`: 0 to 4095. */
  device: required(attribute('device', usbNumber)),
});

/** `<address bus='2' device='3'/>`: which of several USB devices of one product. */
export interface HostUsbProductAddress extends Infer<typeof hostUsbProductElement> {}

/** `<address type='pci' …/>`: where a device of the host is, told apart by `type`. */
export type HostAddress = HostPciAddress | HostUsbAddress | HostUsbProductAddress;

const hostdevElement = element('source', {
  /** `<source missing='yes'>`: libvirt writes it when the device is gone. */
  missing: attribute('missing', yesNo),
  /** `<vendor id='0x1234'/>`: USB only. */
  vendor: one(
    element('vendor', {
      /** `<vendor id='0x1234'/>`: 16 bits. */
      id: required(attribute('id', hex(4, 0xffff))),
    }),
  ),
  /** `<product id='0xbeef'/>`: USB only. */
  product: one(
    element('product', {
      /** `<product id='0xbeef'/>`: 16 bits. */
      id: required(attribute('id', hex(4, 0xffff))),
    }),
  ),
  /** `<address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>` */
  address: one(typed<HostAddress>(union('type', [hostPciElement, hostUsbElement], hostUsbProductElement))),
});

/** `<source><address type='pci' …/></source>`: a device of the host, most often a virtual function. */
export interface HostdevSource extends Infer<typeof hostdevElement> {}

/** `<source><address type='pci' …/></source>` */
export const hostdevSource = typed<HostdevSource>(hostdevElement);
