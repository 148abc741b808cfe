// Networks that libvirt manages: it makes the bridge, gives it addresses, and runs dnsmasq on it.
// https://libvirt.org/formatnetwork.html
import { integer } from '../../xml/codec.js';
import type { NetworkDocument, NetworkForward } from '../../xml/index.js';
import { randomMac } from '../address/index.js';
import { type BandwidthOptions, bandwidth } from '../bandwidth.js';
import { line } from '../names.js';
import { some } from '../present.js';
import { coded, flag, list, needed, type Reader, raw, type Values } from '../reader.js';
import { type BridgeOptions, bridge } from './bridge.js';
import { type DnsOptions, type DomainOptions, dns, domain } from './dns.js';
import { identityFields, type NetworkOptions, networkDocument } from './identity.js';
import { addresses, type IpOptions } from './ip.js';
import { mac as unicastMac } from './mac.js';
import { type ManagedPortGroupOptions, managedPortGroups } from './portgroup.js';
import { type RouteOptions, routesOf } from './route.js';

/** What a network has that libvirt manages. */
export interface ManagedNetworkOptions extends NetworkOptions {
  /** Its address or addresses, IPv4 and IPv6, and what they serve. */
  ip?: IpOptions | readonly IpOptions[];
  /** The bridge: its name, or its name and settings. Default: libvirt's next free `virbrN`, with STP. */
  bridge?: string | BridgeOptions;
  /**
   * The MAC address of the bridge, or `'random'` for one in 52:54:00. Default: libvirt makes one up in 52:54:00 when it
   * defines the network, and keeps it.
   */
  mac?: string;
  /** The MTU of the bridge and its guests in bytes, 68 to 65521, with IPv6 at least 1280. Default: the kernel's, 1500. */
  mtu?: number;
  /** The DNS domain of the guests: its name, or its name and settings. Default: none. */
  domain?: string | DomainOptions;
  /** What the network's DNS server answers and whom it asks; false for no DNS server. */
  dns?: false | DnsOptions;
  /** Subnets that the host reaches through guests of this network. */
  routes?: readonly RouteOptions[];
  /** The limit of all guests' traffic together. Default: none. */
  bandwidth?: BandwidthOptions;
  /** Whether guests are kept from reaching each other; the host and other networks stay reachable. Default: false. */
  isolatedPorts?: boolean;
  /** Classes of guest connections. */
  portGroups?: readonly ManagedPortGroupOptions[];
  /** Lines for the configuration of dnsmasq: `'cname=*.lab,web.lab'`. libvirt does not check them. */
  dnsmasqOptions?: readonly string[];
}

/** What a network has that reaches the world beyond its host through the host's routing. */
export interface ForwardedNetworkOptions extends ManagedNetworkOptions {
  /** Its address or addresses, IPv4 and IPv6, and what they serve. */
  ip: IpOptions | readonly IpOptions[];
}

const mac: Reader<string> = (value, path) => (value === 'random' ? randomMac() : unicastMac(value, path));

/** The readers of {@link ManagedNetworkOptions}. */
export const managedFields = {
  ...identityFields,
  ip: addresses,
  bridge,
  mac,
  mtu: coded(integer(68, 65521), 'IPv4 demands 68 bytes, a tap device takes 65521'),
  domain,
  dns,
  routes: raw,
  bandwidth,
  isolatedPorts: flag,
  portGroups: managedPortGroups,
  dnsmasqOptions: list(line),
};

/** The readers of {@link ForwardedNetworkOptions}. */
export const forwardedFields = { ...managedFields, ip: needed(addresses) };

/** What to say of fields that managed networks have elsewhere, or not at all. */
export const ELSEWHERE = {
  cidr: "it belongs in ip: { cidr: '192.168.10.1/24' }",
  dhcp: 'it belongs in ip: { cidr: …, dhcp: … }',
  tftp: 'it belongs in ip: { cidr: …, tftp: … }',
  vlan: 'libvirt tags no frames on a bridge of its own',
};

/** RFC 8200, section 5. A bridge with less has no IPv6, and libvirt's start of the network fails. */
const IPV6_MTU = 1280;

/** The document of a managed network. */
export const managedNetwork = (
  options: Values<typeof managedFields>,
  rest: { readonly forward?: NetworkForward; readonly ipv6?: boolean | undefined } = {},
): NetworkDocument => {
  const { ip = [], mtu, mac, isolatedPorts, routes } = options;
  if (mtu !== undefined && mtu < IPV6_MTU && ip.some(({ subnet }) => subnet.family === 'ipv6')) {
    throw new RangeError(`mtu: ${mtu} is too small for IPv6, which needs ${IPV6_MTU}`);
  }
  return networkDocument(options, {
    ...rest,
    bridge: options.bridge,
    mtu: mtu === undefined ? undefined : { size: mtu },
    mac: mac === undefined ? undefined : { address: mac },
    domain: options.domain,
    dns: options.dns,
    bandwidth: options.bandwidth,
    port: isolatedPorts === undefined ? undefined : { isolated: isolatedPorts },
    ips: some(ip.map((address) => address.ip)),
    routes: routes === undefined ? undefined : some(routesOf(routes, 'routes', ip)),
    portGroups: some(options.portGroups),
    dnsmasqOptions: some(options.dnsmasqOptions),
  });
};
