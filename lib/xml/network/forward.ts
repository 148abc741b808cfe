// <forward>: how a network reaches the world outside of the host.
// https://libvirt.org/formatnetwork.html#connectivity
import { ipv4Address } from '../address.js';
import { integer, oneOf, string, yesNo } from '../codec.js';
import { type PciAddress, pciAddress } from '../common/pci.js';
import {
  attribute,
  element,
  type Infer,
  type Lacking,
  many,
  one,
  required,
  since,
  typed,
} from '../schema.js';

const port = integer(1, 65535);
const connections = attribute('connections', integer(0, 0xffffffff));

const interfaceElement = element('interface', {
  /** `<interface dev='eth10'>` */
  dev: required(attribute('dev', string)),
  /** `<interface connections='2'>`: how many guests use it; libvirt writes it. */
  connections,
});

/** `<interface dev='eth10'/>`: a host device of the pool. */
export interface ForwardInterface extends Infer<typeof interfaceElement> {}

/** `<interface dev='eth10'/>` */
export const forwardInterface = typed<ForwardInterface>(interfaceElement);

const addressElement = element('address', {
  /** `<address type='pci'>` */
  type: required(attribute('type', oneOf('pci'))),
  ...pciAddress,
  /** `<address connections='1'>`: how many guests use it; libvirt writes it. */
  connections,
});

/** `<address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>`: a PCI device of the pool. */
export interface ForwardAddress extends PciAddress, Infer<typeof addressElement> {}

const natElement = element('nat', {
  /** `<nat ipv6='yes'>`: translate IPv6 as well. */
  ipv6: attribute('ipv6', yesNo),
  /** `<address start='192.0.2.10' end='192.0.2.20'/>`: the source addresses to use. */
  address: one(
    element('address', {
      /** `<address start='192.0.2.10'>` */
      start: required(attribute('start', ipv4Address)),
      /** `<address end='192.0.2.20'>` */
      end: required(attribute('end', ipv4Address)),
    }),
  ),
  /** `<port start='1024' end='65535'/>`: the source ports to use. */
  port: one(
    element('port', {
      /** `<port start='1024'>` */
      start: required(attribute('start', port)),
      /** `<port end='65535'>` */
      end: required(attribute('end', port)),
    }),
  ),
});

/** `<nat><address start='…' end='…'/><port start='1024' end='65535'/></nat>`: what addresses are translated to. */
export interface NetworkNat extends Infer<typeof natElement> {}

const forwardElement = element(
  'forward',
  {
    /** `<forward dev='eth0'>`: the only host device that traffic may leave by. */
    dev: attribute('dev', string),
    /** `<forward mode='nat'>`: `nat` when it is left out. */
    mode: attribute(
      'mode',
      oneOf('nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev'),
    ),
    /** `<forward mode='hostdev' managed='yes'>`: libvirt detaches the device from the host by itself. */
    managed: attribute('managed', yesNo),
    /** `<driver name='vfio'/>`: what hands a host device to a guest; `hostdev` mode. */
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
    /** `<nat><address start='…' end='…'/><port start='1024' end='65535'/></nat>`: what addresses are translated to. */
    nat: one(typed<NetworkNat>(natElement)),
    /** `<pf dev='eth0'/>`: the physical function whose virtual functions make the pool. */
    pf: one(
      element('pf', {
        /** `<pf dev='eth0'/>` */
        dev: required(attribute('dev', string)),
      }),
    ),
    /** `<interface dev='eth10'/>`: the pool of host devices; not beside `addresses`. */
    interfaces: many(forwardInterface),
    /** `<address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>`: the pool by PCI address. */
    addresses: many(typed<ForwardAddress>(addressElement)),
  },
  { exclusive: [['interfaces', 'addresses']] },
);

/** A {@link NetworkForward} whose pool, if it has one, is devices. */
export interface ForwardWithInterfaces extends Lacking<typeof forwardElement, 'addresses'> {}
/** A {@link NetworkForward} whose pool is PCI addresses. */
export interface ForwardWithAddresses extends Lacking<typeof forwardElement, 'interfaces'> {}

/** `<forward mode='nat'>…</forward>`: how a network reaches the world outside of the host. */
export type NetworkForward = ForwardWithInterfaces | ForwardWithAddresses;

/** `<forward mode='…'>` */
export const forward = typed<NetworkForward>(forwardElement);
