// The <network> document: a virtual network as libvirt defines, prints and updates it.
// https://libvirt.org/formatnetwork.html
import { integer, macAddress, oneOf, onOff, string, uuid, yesNo } from '../codec.js';
import { bandwidth } from '../common/bandwidth.js';
import { route } from '../common/route.js';
import { virtualPort } from '../common/virtualport.js';
import { vlan } from '../common/vlan.js';
import {
  attribute,
  content,
  type Document,
  document,
  element,
  type Infer,
  many,
  one,
  required,
  since,
  text,
  typed,
  values,
  wrapped,
} from '../schema.js';
import { dns } from './dns.js';
import { forward } from './forward.js';
import { ip } from './ip.js';

const bridgeElement = element('bridge', {
  /** `<bridge name='virbr0'>`: libvirt makes up `virbrN` when it is left out. */
  name: attribute('name', string),
  /** `<bridge zone='trusted'>`: the firewalld zone. */
  zone: attribute('zone', string),
  /** `<bridge stp='on'>`: spanning tree; `on` when it is left out. */
  stp: attribute('stp', onOff),
  /** `<bridge delay='0'>`: the forward delay in seconds. */
  delay: attribute('delay', integer(0, Number.MAX_SAFE_INTEGER)),
  /** `<bridge macTableManager='libvirt'>`: who fills the bridge's table of MAC addresses. */
  macTableManager: attribute('macTableManager', oneOf('kernel', 'libvirt')),
});

/** `<bridge name='virbr0' stp='on' delay='0'/>`: the bridge that the network's guests are plugged into. */
export interface NetworkBridge extends Infer<typeof bridgeElement> {}

const portGroupElement = element(
  'portgroup',
  {
    /** `<portgroup name='engineering'>` */
    name: required(attribute('name', string)),
    /** `<portgroup default='yes'>`: for guests that name no port group. */
    default: attribute('default', yesNo),
    /** `<portgroup trustGuestRxFilters='yes'>`: take over the receive filters that guests ask for. */
    trustGuestRxFilters: attribute('trustGuestRxFilters', yesNo),
    /** `<vlan><tag id='42'/></vlan>` */
    vlan: one(vlan),
    /** `<virtualport type='802.1Qbh'><parameters profileid='test'/></virtualport>` */
    virtualPort: one(virtualPort),
    /** `<bandwidth><inbound average='1000'/></bandwidth>` */
    bandwidth: one(bandwidth),
  },
  { open: true },
);

/** `<portgroup name='engineering'>…</portgroup>`: a class of guest connections with settings of its own. */
export interface PortGroup extends Infer<typeof portGroupElement> {}

/** `<portgroup name='…'>…</portgroup>` */
export const portGroup = typed<PortGroup>(portGroupElement);

const networkElement = element('network', {
  /** `<network connections='2'>`: how many guests are connected; libvirt writes it. */
  connections: attribute('connections', integer(0, 0xffffffff)),
  /** `<network ipv6='yes'>`: guests may talk IPv6 with each other on a network without an IPv6 address. */
  ipv6: attribute('ipv6', yesNo),
  /** `<network trustGuestRxFilters='yes'>`: take over the receive filters that guests ask for. */
  trustGuestRxFilters: attribute('trustGuestRxFilters', yesNo),
  /** `<name>default</name>` */
  name: required(text('name', string)),
  /** `<uuid>3e3fce45-4f53-4fa7-bb32-11f34168b82b</uuid>`: libvirt makes one up when it is left out. */
  uuid: text('uuid', uuid),
  /** `<title>Test network</title>`: one line for people. */
  title: since('9.7.0', text('title', string)),
  /** `<description>…</description>`: any text for people. */
  description: since('9.7.0', text('description', string)),
  /** `<metadata>…</metadata>`: what is between the tags, as XML text; applications keep their own elements there. */
  metadata: wrapped('metadata', content()),
  /** `<forward mode='nat'>…</forward>`: how the network reaches the world outside; isolated without it. */
  forward: one(forward),
  /** `<bridge name='virbr0' stp='on' delay='0'/>` */
  bridge: one(typed<NetworkBridge>(bridgeElement)),
  /** `<mtu size='9000'/>` */
  mtu: one(
    element('mtu', {
      /** `<mtu size='9000'/>`: bytes; 0 to 65535. */
      size: required(attribute('size', integer(0, 65535))),
    }),
  ),
  /** `<mac address='52:54:00:9c:52:c3'/>` */
  mac: one(
    element('mac', {
      /** `<mac address='52:54:00:9c:52:c3'/>`: the MAC address of the bridge. */
      address: required(attribute('address', macAddress)),
    }),
  ),
  /** `<domain name='example.com' localOnly='yes'/>`: the DNS domain of the guests. */
  domain: one(
    element('domain', {
      /** `<domain name='example.com'>` */
      name: required(attribute('name', string)),
      /** `<domain localOnly='yes'>`: never ask other servers for names of the domain. */
      localOnly: attribute('localOnly', yesNo),
      /** `<domain register='yes'>`: make the domain known to systemd-resolved. */
      register: since('10.1.0', attribute('register', yesNo)),
    }),
  ),
  /** `<dns>…</dns>` */
  dns: one(dns),
  /** `<vlan trunk='yes'><tag id='42'/></vlan>` */
  vlan: one(vlan),
  /** `<bandwidth><inbound average='1000'/></bandwidth>` */
  bandwidth: one(bandwidth),
  /** `<port isolated='yes'/>` */
  port: one(
    element('port', {
      /** `<port isolated='yes'/>`: guests cannot reach each other. */
      isolated: attribute('isolated', yesNo),
    }),
  ),
  /** `<ip address='192.168.122.1' prefix='24'>…</ip>` */
  ips: many(ip),
  /** `<route address='192.168.222.0' prefix='24' gateway='192.168.122.10'/>` */
  routes: many(route),
  /** `<virtualport type='openvswitch'/>` */
  virtualPort: one(virtualPort),
  /** `<portgroup name='engineering' default='yes'>…</portgroup>` */
  portGroups: many(portGroup),
  /** `<dnsmasq:options><dnsmasq:option value='foo=bar'/></dnsmasq:options>`: lines for dnsmasq's configuration. */
  dnsmasqOptions: wrapped('dnsmasq:options', values('dnsmasq:option', 'value', string)),
});

/** A virtual network: the typed value of a `<network>` document. */
export interface NetworkDocument extends Infer<typeof networkElement> {
  /** Tells a network from other documents. */
  readonly kind: 'network';
}

/** The schema of the `<network>` document. */
export const network: Document<NetworkDocument> = document('network', networkElement, {
  dnsmasq: 'http://libvirt.org/schemas/network/dnsmasq/1.0',
});
