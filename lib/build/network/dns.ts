// What the network's DNS server answers, and whom it asks. https://libvirt.org/formatnetwork.html#addressing
import { integer, oneOf } from '../../xml/codec.js';
import type { NetworkDns, NetworkDocument } from '../../xml/index.js';
import { formatIp } from '../address/index.js';
import { dnsName, line } from '../names.js';
import { present, some } from '../present.js';
import {
  checked,
  coded,
  flag,
  list,
  needed,
  oneOrMany,
  type Reader,
  record,
  refuseDuplicates,
} from '../reader.js';
import { anyAddress } from './subnet.js';

/** A server to ask: its address, or for one domain only the address and the domain. */
export type DnsForwarderOptions =
  | string
  | {
      /** The address of the server to ask. */
      addr: string;
      /** The port that it listens on, 1 to 65535. Since libvirt 12.0.0. Default: 53. */
      port?: number;
      /** Ask it for names in this domain only. Default: for all names. */
      domain?: string;
    }
  | {
      addr?: never;
      port?: never;
      /** Names in this domain go the host's own way, whatever other forwarders there are. */
      domain: string;
    };

/** Names of one address. */
export interface DnsHostOptions {
  /** The address. */
  ip: string;
  /** Its name or names. */
  names: string | readonly string[];
}

/** A TXT record. */
export interface DnsTxtOptions {
  /** The name that is asked for. */
  name: string;
  /** The answer: one text, or several with commas between. */
  value: string;
}

/** A SRV record (RFC 2782): where a service is to be found. Without a target, that there is no such service. */
export type DnsSrvOptions = {
  /** The service without its underscore: `'ldap'`. */
  service: string;
  /** The protocol. */
  protocol: 'tcp' | 'udp';
  /** The domain that offers it. Default: the network's own. */
  domain?: string;
} & (
  | {
      /** The host that runs the service. */
      target: string;
      /** Its port, 1 to 65535. Default: 1. */
      port?: number;
      /** Among several targets the lowest is tried first, 0 to 65535. Default: 0. */
      priority?: number;
      /** Among targets of one priority the share of requests, 0 to 65535. Default: 0. */
      weight?: number;
    }
  | { target?: never; port?: never; priority?: never; weight?: never }
);

/** What the network's DNS server answers, and whom it asks. */
export interface DnsOptions {
  /** Whether names without a dot are asked of other servers. Default: true. */
  forwardPlainNames?: boolean;
  /** The servers to ask: one or many. Default: those of the host. */
  forwarders?: DnsForwarderOptions | readonly DnsForwarderOptions[];
  /** Names of addresses, beside those that DHCP knows. */
  hosts?: readonly DnsHostOptions[];
  /** TXT records. */
  txt?: readonly DnsTxtOptions[];
  /** SRV records. */
  srv?: readonly DnsSrvOptions[];
}

/** The DNS domain of the guests. */
export interface DomainOptions {
  /** Its name: `'lab.example'`. */
  name: string;
  /** Whether this server alone answers for the domain, and asks no other. Default: false. */
  localOnly?: boolean;
  /** Whether the host learns of the domain, through systemd-resolved. Since libvirt 10.1.0. Default: false. */
  register?: boolean;
}

const address: Reader<string> = (value, path) => formatIp(anyAddress(value, path));

const port = coded(integer(1, 65535));

const forwarderFields = record<Exclude<DnsForwarderOptions, string>>()('a DNS forwarder', {
  addr: address,
  port,
  domain: dnsName,
});

const forwarder: Reader<ReturnType<typeof forwarderFields>> = (value, path) => {
  if (typeof value === 'string') return { addr: address(value, path) };
  const fields = forwarderFields(value, path);
  if (!fields.addr && !fields.domain) throw new TypeError(`${path}: neither addr nor domain is there`);
  if (!fields.addr && fields.port) throw new TypeError(`${path}.port: not possible without an addr`);
  return fields;
};

const host = record<DnsHostOptions>()('a DNS host', {
  ip: needed(address),
  names: needed(oneOrMany(dnsName)),
});

const txt = record<DnsTxtOptions>()('a TXT record', { name: needed(dnsName), value: needed(line) });

const service = checked('the name of a service', (name) => {
  if (name.startsWith('_')) return 'begins with an underscore, which libvirt puts there by itself';
  if (name.length > 62) return 'is too long: a service has at most 62 characters';
  return /^[\w\-+/*]+$/.test(name)
    ? undefined
    : "is not the name of a service: letters, digits and '_-+/*' only";
});

/** A target is a host's name, or `.` to say that there is no such service. */
const target: Reader<string> = (value, path) => (value === '.' ? value : dnsName(value, path));

const word = coded(integer(0, 65535));

const srvFields = record<DnsSrvOptions>()('a SRV record', {
  service: needed(service),
  protocol: needed(coded(oneOf('tcp', 'udp'))),
  domain: dnsName,
  target,
  port,
  priority: word,
  weight: word,
});

const srv: Reader<ReturnType<typeof srvFields>> = (value, path) => {
  const fields = srvFields(value, path);
  const alone = (['port', 'priority', 'weight'] as const).find((key) => fields[key] !== undefined);
  if (alone && fields.target === undefined)
    throw new TypeError(`${path}.${alone}: not possible without a target`);
  return fields;
};

const fields = record<DnsOptions>()(
  'the DNS settings',
  {
    forwardPlainNames: flag,
    forwarders: oneOrMany(forwarder),
    hosts: list(host),
    txt: list(txt),
    srv: list(srv),
  },
  { enable: 'dns: false turns the DNS server off' },
);

/** {@link DnsOptions}, or false for no DNS server, as libvirt's `<dns>`. */
export const dns: Reader<NetworkDns> = (value, path) => {
  if (value === false) return { enable: false };
  const { forwardPlainNames, forwarders, hosts, txt, srv } = fields(value, path);
  if (hosts) refuseDuplicates(hosts, `${path}.hosts`, 'the address', ({ ip }) => ip);
  return present({
    forwardPlainNames,
    forwarders,
    txts: some(txt),
    srvs: some(srv),
    hosts: some(hosts?.map(({ ip, names }) => ({ ip, hostnames: names }))),
  });
};

const domainFields = record<DomainOptions>()('a DNS domain', {
  name: needed(dnsName),
  localOnly: flag,
  register: flag,
});

/** A domain's name, or {@link DomainOptions}, as libvirt's `<domain>`. */
export const domain: Reader<NonNullable<NetworkDocument['domain']>> = (value, path) =>
  typeof value === 'string' ? { name: dnsName(value, path) } : domainFields(value, path);
