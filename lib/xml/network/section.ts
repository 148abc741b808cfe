// The parts of a network that virNetworkUpdate takes one at a time, each with the element that it wants.
// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdateSection
import type { Infer } from '../schema.js';
import { writeFragment } from '../write.js';
import { dnsHost, dnsSrv, dnsTxt } from './dns.js';
import { forwardInterface } from './forward.js';
import { dhcpHost, dhcpRange } from './ip.js';
import { portGroup } from './network.js';

const sections = {
  /** VIR_NETWORK_SECTION_IP_DHCP_HOST: `<host mac='…' name='…' ip='…'/>` */
  dhcpHost,
  /** VIR_NETWORK_SECTION_IP_DHCP_RANGE: `<range start='…' end='…'/>` */
  dhcpRange,
  /** VIR_NETWORK_SECTION_FORWARD_INTERFACE: `<interface dev='…'/>` */
  forwardInterface,
  /** VIR_NETWORK_SECTION_PORTGROUP: `<portgroup name='…'>…</portgroup>` */
  portGroup,
  /** VIR_NETWORK_SECTION_DNS_HOST: `<host ip='…'><hostname>…</hostname></host>` */
  dnsHost,
  /** VIR_NETWORK_SECTION_DNS_TXT: `<txt name='…' value='…'/>` */
  dnsTxt,
  /** VIR_NETWORK_SECTION_DNS_SRV: `<srv service='…' protocol='…' …/>` */
  dnsSrv,
} as const;

/** A part of a network that can be changed while the network runs. */
export type NetworkSection = keyof typeof sections;

/** The value of each part: an element of the network document. */
export type NetworkSectionValue<S extends NetworkSection> = Infer<(typeof sections)[S]>;

/**
 * Writes one part of a network, as `virNetworkUpdate` takes it. With `partial`, fields that a whole network needs may
 * be missing: to delete a part, libvirt needs only what tells it from the others.
 *
 * ```ts
 * sectionToXML('dhcpHost', { mac: '52:54:00:11:22:33', ip: '192.168.122.10' });
 * // <host mac='52:54:00:11:22:33' ip='192.168.122.10'/>
 * sectionToXML('dhcpHost', { mac: '52:54:00:11:22:33' }, { partial: true });
 * // <host mac='52:54:00:11:22:33'/>
 * ```
 */
export function sectionToXML<S extends NetworkSection>(section: S, value: NetworkSectionValue<S>): string;
export function sectionToXML<S extends NetworkSection>(
  section: S,
  value: Partial<NetworkSectionValue<S>>,
  options: { readonly partial: true },
): string;
export function sectionToXML(
  section: NetworkSection,
  value: object,
  options?: { readonly partial: boolean },
): string {
  return writeFragment(sections[section], value, options);
}
