// <dns>: what the network's DNS server answers. https://libvirt.org/formatnetwork.html#addressing
import { ipAddress } from '../address.js';
import { integer, oneOf, string, yesNo } from '../codec.js';
import { attribute, element, type Infer, many, required, since, texts, typed } from '../schema.js';

const port = integer(0, 65535);

const txtElement = element('txt', {
  /** `<txt name='example'>` */
  name: required(attribute('name', string)),
  /** `<txt value='example value'>` */
  value: required(attribute('value', string)),
});

/** `<txt name='example' value='example value'/>`: a text under a name. */
export interface DnsTxt extends Infer<typeof txtElement> {}

/** `<txt name='example' value='example value'/>` */
export const dnsTxt = typed<DnsTxt>(txtElement);

const srvElement = element('srv', {
  /** `<srv service='ldap'>`: without the underscore. */
  service: required(attribute('service', string)),
  /** `<srv protocol='tcp'>` */
  protocol: required(attribute('protocol', oneOf('tcp', 'udp'))),
  /** `<srv domain='example.com'>`: the network's own domain when it is left out. */
  domain: attribute('domain', string),
  /** `<srv target='ldap.example.com'>`: without a target the service is said not to exist. */
  target: attribute('target', string),
  /** `<srv port='389'>` */
  port: attribute('port', port),
  /** `<srv priority='1'>` */
  priority: attribute('priority', port),
  /** `<srv weight='10'>` */
  weight: attribute('weight', port),
});

/** `<srv service='ldap' protocol='tcp' target='ldap.example.com' port='389'/>`: where a service is. */
export interface DnsSrv extends Infer<typeof srvElement> {}

/** `<srv service='ldap' protocol='tcp' …/>` */
export const dnsSrv = typed<DnsSrv>(srvElement);

const hostElement = element('host', {
  /** `<host ip='192.168.122.2'>` */
  ip: required(attribute('ip', ipAddress)),
  /** `<hostname>myhost</hostname>`, at least one. */
  hostnames: required(texts('hostname', string)),
});

/** `<host ip='192.168.122.2'><hostname>myhost</hostname></host>`: the names of an address. */
export interface DnsHost extends Infer<typeof hostElement> {}

/** `<host ip='192.168.122.2'>…</host>` */
export const dnsHost = typed<DnsHost>(hostElement);

const forwarderElement = element('forwarder', {
  /** `<forwarder domain='example.com'>`: ask for names of this domain only. */
  domain: attribute('domain', string),
  /** `<forwarder addr='8.8.8.8'>`: the server; without it the domain is answered by this server alone. */
  addr: attribute('addr', ipAddress),
  /** `<forwarder addr='8.8.8.8' port='5353'>` */
  port: since('12.0.0', attribute('port', integer(1, 65535))),
});

/** `<forwarder domain='example.com' addr='8.8.4.4'/>`: a server to ask. */
export interface DnsForwarder extends Infer<typeof forwarderElement> {}

const dnsElement = element('dns', {
  /** `<dns enable='no'>`: no DNS server for this network; `yes` when it is left out. */
  enable: attribute('enable', yesNo),
  /** `<dns forwardPlainNames='no'>`: keep names without a domain from being asked of other servers. */
  forwardPlainNames: attribute('forwardPlainNames', yesNo),
  /** `<forwarder domain='example.com' addr='8.8.4.4'/>`: the servers to ask. */
  forwarders: many(typed<DnsForwarder>(forwarderElement)),
  /** `<txt name='example' value='example value'/>` */
  txts: many(dnsTxt),
  /** `<srv service='ldap' protocol='tcp' target='ldap.example.com' port='389'/>` */
  srvs: many(dnsSrv),
  /** `<host ip='192.168.122.2'><hostname>myhost</hostname></host>` */
  hosts: many(dnsHost),
});

/** `<dns>…</dns>`: what the network's DNS server answers and whom it asks. */
export interface NetworkDns extends Infer<typeof dnsElement> {}

/** `<dns>…</dns>` */
export const dns = typed<NetworkDns>(dnsElement);
