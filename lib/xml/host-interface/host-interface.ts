// The <interface> document of the host: a NIC, bridge, bond or VLAN as libvirt's interface driver defines and
// prints it, and what stands inside of a bridge or bond.
// https://libvirt.org/git/?p=libvirt.git;a=blob;f=src/conf/schemas/interface.rng
import { ipv4Address } from '../address.js';
import { decimal, integer, oneOf, onOff, string } from '../codec.js';
import { hardwareAddress, linkState } from '../common/link-state.js';
import {
  attribute,
  type Document,
  document,
  element,
  type Infer,
  type Lacking,
  many,
  one,
  required,
  typed,
  union,
} from '../schema.js';
import { protocol } from './protocol.js';

const unsigned = integer(0, 0xffffffff);

/** What only an interface that stands by itself has: what is in a bridge or bond has neither start mode nor addresses. */
const alone = {
  /** `<start mode='onboot'/>`: when the host brings it up. */
  start: one(
    element('start', {
      /** `<start mode='onboot'/>` */
      mode: required(attribute('mode', oneOf('onboot', 'none', 'hotplug'))),
    }),
  ),
  /** `<mtu size='1500'/>` */
  mtu: one(
    element('mtu', {
      /** `<mtu size='1500'/>`: bytes. */
      size: required(attribute('size', unsigned)),
    }),
  ),
  /** `<protocol family='ipv4'>…</protocol>`: addresses, at most once for each family. */
  protocols: many(protocol),
};

const name = {
  /** `<interface name='eth0'>`: the link's name on the host. */
  name: required(attribute('name', string)),
};

const nic = {
  /** `<link speed='1000' state='up'/>`: libvirt writes it. */
  link: one(linkState),
  /** `<mac address='aa:bb:cc:dd:ee:ff'/>`: which device it is; by its name when it is left out. */
  mac: one(
    element('mac', {
      /** `<mac address='aa:bb:cc:dd:ee:ff'/>` */
      address: required(attribute('address', hardwareAddress)),
    }),
  ),
};

const ethernetType = {
  /** `<interface type='ethernet'>` */
  type: required(attribute('type', oneOf('ethernet'))),
};

const ethernetPortElement = element('interface', { ...ethernetType, ...name, ...nic }, { open: true });

/** `<interface type='ethernet' name='eth0'>` inside of a bridge or bond. */
export interface HostEthernetPort extends Infer<typeof ethernetPortElement> {}

const ethernetPort = typed<HostEthernetPort>(ethernetPortElement);

const ethernetElement = element('interface', { ...ethernetType, ...name, ...alone, ...nic }, { open: true });

/** `<interface type='ethernet' name='eth0'>…</interface>`: a NIC of the host. */
export interface HostEthernet extends Infer<typeof ethernetElement> {
  /** Tells an interface of the host from other documents. */
  readonly kind: 'hostInterface';
}

const bondSettingsElement = element(
  'bond',
  {
    /** `<bond mode='active-backup'>`: how the bond shares its traffic among its NICs. */
    mode: attribute(
      'mode',
      oneOf(
        'balance-rr',
        'active-backup',
        'balance-xor',
        'broadcast',
        '802.3ad',
        'balance-tlb',
        'balance-alb',
      ),
    ),
    /** `<miimon freq='100' updelay='10' carrier='netif'/>`: watch the carrier; not beside `arpmon`. */
    miimon: one(
      element('miimon', {
        /** `<miimon freq='100'>`: how often, in milliseconds. */
        freq: required(attribute('freq', unsigned)),
        /** `<miimon downdelay='50'>`: milliseconds until a NIC counts as down. */
        downDelay: attribute('downdelay', unsigned),
        /** `<miimon updelay='10'>`: milliseconds until a NIC counts as up again. */
        upDelay: attribute('updelay', unsigned),
        /** `<miimon carrier='netif'>`: ask the NIC's registers (`ioctl`) or its driver (`netif`). */
        carrier: attribute('carrier', oneOf('ioctl', 'netif')),
      }),
    ),
    /** `<arpmon interval='100' target='192.168.50.1' validate='active'/>`: watch whether a host answers. */
    arpmon: one(
      element('arpmon', {
        /** `<arpmon interval='100'>`: how often, in milliseconds. */
        interval: required(attribute('interval', unsigned)),
        /** `<arpmon target='192.168.50.1'>`: the host that is asked. */
        target: required(attribute('target', ipv4Address)),
        /** `<arpmon validate='active'>`: of which NICs the answers are looked at. */
        validate: attribute('validate', oneOf('none', 'active', 'backup', 'all')),
      }),
    ),
    /** `<interface type='ethernet' name='eth0'/>`: the NICs, the primary one first. */
    interfaces: many(ethernetPort),
  },
  { exclusive: [['miimon', 'arpmon']], open: true },
);

/** {@link HostBondSettings} that watch the carrier, or nothing. */
export interface BondWithMiimon extends Lacking<typeof bondSettingsElement, 'arpmon'> {}
/** {@link HostBondSettings} that watch whether a host answers. */
export interface BondWithArpmon extends Lacking<typeof bondSettingsElement, 'miimon'> {}

/** `<bond mode='active-backup'>…</bond>`: the NICs of a bond, how it shares its traffic and how it watches them. */
export type HostBondSettings = BondWithMiimon | BondWithArpmon;

const bondType = {
  /** `<interface type='bond'>` */
  type: required(attribute('type', oneOf('bond'))),
};

const bond = {
  /** `<link speed='1000' state='up'/>`: libvirt writes it. */
  link: one(linkState),
  /** `<bond mode='active-backup'>…</bond>` */
  bond: required(one(typed<HostBondSettings>(bondSettingsElement))),
};

const bondPortElement = element('interface', { ...bondType, ...name, ...bond }, { open: true });

/** `<interface type='bond' name='bond0'>` inside of a bridge. */
export interface HostBondPort extends Infer<typeof bondPortElement> {}

const bondElement = element('interface', { ...bondType, ...name, ...alone, ...bond }, { open: true });

/** `<interface type='bond' name='bond0'>…</interface>`: several NICs that work as one. */
export interface HostBond extends Infer<typeof bondElement> {
  /** Tells an interface of the host from other documents. */
  readonly kind: 'hostInterface';
}

const vlanSettingsElement = element('vlan', {
  /** `<vlan tag='42'>`: 0 to 4095. */
  tag: required(attribute('tag', integer(0, 4095))),
  /** `<interface name='eth0'/>`: the link whose tagged frames these are. */
  interface: required(
    one(
      element('interface', {
        /** `<interface name='eth0'/>` */
        name: required(attribute('name', string)),
      }),
    ),
  ),
});

/** `<vlan tag='42'><interface name='eth0'/></vlan>`: the tag of a VLAN, and the link below it. */
export interface HostVlanSettings extends Infer<typeof vlanSettingsElement> {}

const vlanType = {
  /** `<interface type='vlan'>` */
  type: required(attribute('type', oneOf('vlan'))),
  /** `<interface name='eth0.42'>`: the link below it, a full stop and the tag. */
  name: attribute('name', string),
};

const vlan = {
  /** `<link state='up'/>`: libvirt writes it. */
  link: one(linkState),
  /** `<vlan tag='42'><interface name='eth0'/></vlan>` */
  vlan: required(one(typed<HostVlanSettings>(vlanSettingsElement))),
};

const vlanPortElement = element('interface', { ...vlanType, ...vlan }, { open: true });

/** `<interface type='vlan' name='bond0.42'>` inside of a bridge. */
export interface HostVlanPort extends Infer<typeof vlanPortElement> {}

const vlanElement = element('interface', { ...vlanType, ...alone, ...vlan }, { open: true });

/** `<interface type='vlan' name='eth0.42'>…</interface>`: the frames of a link that have one VLAN tag. */
export interface HostVlan extends Infer<typeof vlanElement> {
  /** Tells an interface of the host from other documents. */
  readonly kind: 'hostInterface';
}

/** What a bridge of the host can have as a port, told apart by `type`. */
export type HostBridgePort = HostEthernetPort | HostVlanPort | HostBondPort;

const bridgeSettingsElement = element(
  'bridge',
  {
    /** `<bridge stp='on'>`: spanning tree. */
    stp: attribute('stp', onOff),
    /** `<bridge delay='0.01'>`: the forward delay in seconds; what libvirt's udev driver prints is hundredths of one. */
    delay: attribute('delay', decimal(0)),
    /** `<interface type='ethernet' name='eth0'/>`: the ports. */
    interfaces: many(
      typed<HostBridgePort>(union('type', [ethernetPortElement, vlanPortElement, bondPortElement])),
    ),
  },
  { open: true },
);

/** `<bridge stp='on' delay='0.01'>…</bridge>`: the ports of a bridge, and how it forwards. */
export interface HostBridgeSettings extends Infer<typeof bridgeSettingsElement> {}

const bridgeElement = element(
  'interface',
  {
    /** `<interface type='bridge'>` */
    type: required(attribute('type', oneOf('bridge'))),
    ...name,
    ...alone,
    /** `<bridge stp='on' delay='0.01'>…</bridge>` */
    bridge: required(one(typed<HostBridgeSettings>(bridgeSettingsElement))),
  },
  { open: true },
);

/** `<interface type='bridge' name='br0'>…</interface>`: a Linux bridge of the host. */
export interface HostBridge extends Infer<typeof bridgeElement> {
  /** Tells an interface of the host from other documents. */
  readonly kind: 'hostInterface';
}

/** An interface of the host, told apart by `type`: the typed value of an `<interface>` document. */
export type HostInterfaceDocument = HostEthernet | HostBridge | HostBond | HostVlan;

/** The schema of the host's `<interface>` document. */
export const hostInterface: Document<HostInterfaceDocument> = document(
  'hostInterface',
  union('type', [ethernetElement, bridgeElement, bondElement, vlanElement]),
);
