// The parts of a network that virNetworkUpdate takes one at a time, each with its element.
// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdateSection
import { dnsHost, dnsSrv, dnsTxt } from './dns.js';
import { forwardInterface } from './forward.js';
import { dhcpHost, dhcpRange } from './ip.js';
import { portGroup } from './network.js';

/** The elements of a network that can be changed by themselves, for `writeFragment`. */
export const networkParts = {
  dhcpHost,
  dhcpRange,
  dnsHost,
  dnsTxt,
  dnsSrv,
  portGroup,
  forwardInterface,
} as const;
