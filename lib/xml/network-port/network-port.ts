// The <networkport> document: what plugs a NIC of a guest into a virtual network, as libvirt makes and prints it.
// https://libvirt.org/formatnetworkport.html
import { macAddress, oneOf, string, uuid, yesNo } from '../codec.js';
import { bandwidth } from '../common/bandwidth.js';
import { type PciAddress, pciAddress } from '../common/pci.js';
import { virtualPort } from '../common/virtualport.js';
import { vlan } from '../common/vlan.js';
import {
  attribute,
  type Document,
  document,
  element,
  type Infer,
  one,
  required,
  since,
  text,
  typed,
  union,
} from '../schema.js';

const macTableManager = oneOf('kernel', 'libvirt');

const bridgePlugElement = element('plug', {
  /** `<plug type='bridge'>`: a bridge of the network's own (`network`), or one of the host. */
  type: required(attribute('type', oneOf('network', 'bridge'))),
  /** `<plug bridge='virbr0'>` */
  bridge: required(attribute('bridge', string)),
  /** `<plug macTableManager='libvirt'>`: who fills the bridge's table of MAC addresses. */
  macTableManager: attribute('macTableManager', macTableManager),
});

/** `<plug type='bridge' bridge='virbr0'/>`: plugged into a bridge. */
export interface BridgePlug extends Infer<typeof bridgePlugElement> {}

const directPlugElement = element('plug', {
  /** `<plug type='direct'>` */
  type: required(attribute('type', oneOf('direct'))),
  /** `<plug dev='eth0'>`: the device of the host. */
  dev: required(attribute('dev', string)),
  /** `<plug mode='vepa'>`: how guests on one device reach each other. */
  mode: required(attribute('mode', oneOf('bridge', 'passthrough', 'private', 'vepa'))),
});

/** `<plug type='direct' dev='eth0' mode='vepa'/>`: a macvtap of a device of the host. */
export interface DirectPlug extends Infer<typeof directPlugElement> {}

const plugAddressElement = element('address', { ...pciAddress });

/** `<address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>`: the PCI device that is plugged in. */
export interface PlugAddress extends PciAddress, Infer<typeof plugAddressElement> {}

const hostdevPlugElement = element('plug', {
  /** `<plug type='hostdev-pci'>` */
  type: required(attribute('type', oneOf('hostdev-pci'))),
  /** `<plug type='hostdev-pci' managed='yes'>`: libvirt detaches the device from the host by itself. */
  managed: attribute('managed', yesNo),
  /** `<driver name='vfio'/>`: what hands the device to the guest. */
  driver: one(
    element('driver', {
      /** `<driver name='vfio'/>` */
      name: attribute('name', oneOf('kvm', 'vfio', 'xen')),
      /** `<driver model='mlx5_vfio_pci'/>`: the VFIO variant driver of the device. */
      model: since('10.0.0', attribute('model', string)),
      /** `<driver iommufd='yes'/>`: hand the device over through iommufd. */
      iommufd: since('12.1.0', attribute('iommufd', yesNo)),
    }),
  ),
  /** `<address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>` */
  address: required(one(typed<PlugAddress>(plugAddressElement))),
});

/** `<plug type='hostdev-pci' managed='yes'><address …/></plug>`: a PCI device of the host. */
export interface HostdevPlug extends Infer<typeof hostdevPlugElement> {}

/** `<plug type='bridge' bridge='virbr0'/>`: what a port is on the host, told apart by `type`. */
export type NetworkPortPlug = BridgePlug | DirectPlug | HostdevPlug;

const ownerElement = element('owner', {
  /** `<name>guest1</name>` */
  name: required(text('name', string)),
  /** `<uuid>12c8fb6b-8e07-4d5c-8c7c-b6d1c1e5a6d2</uuid>` */
  uuid: required(text('uuid', uuid)),
});

/** `<owner><name>guest1</name><uuid>12c8fb6b-…</uuid></owner>`: the domain whose NIC it is. */
export interface NetworkPortOwner extends Infer<typeof ownerElement> {}

const networkPortElement = element('networkport', {
  /** `<uuid>5ae4e6e0-1a2b-4ab3-9f1b-5d1a1e7d2c3b</uuid>` */
  uuid: required(text('uuid', uuid)),
  /** `<owner><name>guest1</name><uuid>12c8fb6b-…</uuid></owner>` */
  owner: required(one(typed<NetworkPortOwner>(ownerElement))),
  /** `<group>engineering</group>`: the port group. */
  group: text('group', string),
  /** `<mac address='52:54:00:7b:35:93'/>` */
  mac: required(
    one(
      element('mac', {
        /** `<mac address='52:54:00:7b:35:93'/>`: the MAC address of the guest's NIC. */
        address: required(attribute('address', macAddress)),
      }),
    ),
  ),
  /** `<virtualport type='802.1Qbg'><parameters managerid='11' …/></virtualport>` */
  virtualPort: one(virtualPort),
  /** `<bandwidth classID='3'><inbound average='1000'/></bandwidth>` */
  bandwidth: one(bandwidth),
  /** `<vlan><tag id='42'/></vlan>` */
  vlan: one(vlan),
  /** `<rxfilters trustGuest='yes'/>` */
  rxFilters: one(
    element('rxfilters', {
      /** `<rxfilters trustGuest='yes'/>`: take over the receive filters that the guest asks for. */
      trustGuest: required(attribute('trustGuest', yesNo)),
    }),
  ),
  /** `<port isolated='yes'/>` */
  port: one(
    element('port', {
      /** `<port isolated='yes'/>`: no traffic between this port and others that are isolated. */
      isolated: attribute('isolated', yesNo),
    }),
  ),
  /** `<plug type='bridge' bridge='virbr0'/>` */
  plug: one(
    typed<NetworkPortPlug>(union('type', [bridgePlugElement, directPlugElement, hostdevPlugElement])),
  ),
});

/** A port of a virtual network: the typed value of a `<networkport>` document. */
export interface NetworkPortDocument extends Infer<typeof networkPortElement> {
  /** Tells a port of a network from other documents. */
  readonly kind: 'networkPort';
}

/** The schema of the `<networkport>` document. */
export const networkPort: Document<NetworkPortDocument> = document('networkPort', networkPortElement);
