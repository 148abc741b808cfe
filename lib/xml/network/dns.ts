// <dns>: what the network's DNS server answers. https://libvirt.org/formatnetwork.html#addressing
import { ipAddress } from '../address.js';
import { integer, oneOf, string, yesNo } from '../codec.js';
import { attribute, element, type Infer, many, required, since, texts } from '../schema.js';

const port = integer(0, 65535);

/** `<txt name='example' value='example value'/>` */
export const dnsTxt = element('txt', {
  /** `<txt name='example'>` */
  name: required(attribute('name', string)),
  /** `<txt value='example value'>` */
  value: required(attribute('value', string)),
});

/** `<srv service='ldap' protocol='tcp' …/>` */
export const dnsSrv = element('srv', {
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

/** `<host ip='192.168.122.2'>…</host>` */
export const dnsHost = element('host', {
  /** `<host ip='192.168.122.2'>` */
  ip: required(attribute('ip', ipAddress)),
  /** `<hostname>myhost</hostname>`, at least one. */
  hostnames: required(texts('hostname', string)),
});

/** `<dns>…</dns>` */
export const dns = element('dns', {
  /** `<dns enable='no'>`: no DNS server for this network; `yes` when it is left out. */
  enable: attribute('enable', yesNo),
  /** `<dns forwardPlainNames='no'>`: keep names without a domain from being asked of other servers. */
  forwardPlainNames: attribute('forwardPlainNames', yesNo),
  /** `<forwarder domain='example.com' addr='8.8.4.4'/>`: the servers to ask. */
  forwarders: many(
    element('forwarder', {
      /** `<forwarder domain='example.com'>`: ask for names of this domain only. */
      domain: attribute('domain', string),
      /** `<forwarder addr='8.8.8.8'>`: the server; without it the domain is answered by this server alone. */
      addr: attribute('addr', ipAddress),
      /** `<forwarder addr='8.8.8.8' port='5353'>` */
      port: since('12.0.0', attribute('port', integer(1, 65535))),
    }),
  ),
  /** `<txt name='example' value='example value'/>` */
  txts: many(dnsTxt),
  /** `<srv service='ldap' protocol='tcp' target='ldap.example.com' port='389'/>` */
  srvs: many(dnsSrv),
  /** `<host ip='192.168.122.2'><hostname>myhost</hostname></host>` */
  hosts: many(dnsHost),
});

/** `<dns>…</dns>`: what the network's DNS server answers and whom it asks. */
export type NetworkDns = Infer<typeof dns>;

/** `<host ip='192.168.122.2'><hostname>myhost</hostname></host>`: the names of an address. */
export type DnsHost = Infer<typeof dnsHost>;

/** `<srv service='ldap' protocol='tcp' target='ldap.example.com' port='389'/>`: where a service is. */
export type DnsSrv = Infer<typeof dnsSrv>;

/** `<txt name='example' value='example value'/>`: a text under a name. */
export type DnsTxt = Infer<typeof dnsTxt>;
