// What every interface of the host has that stands by itself: name, start mode, MTU and addresses.
// https://libvirt.org/html/libvirt-libvirt-interface.html
import { integer, oneOf } from '../../xml/codec.js';
import type { HostDhcp, HostIpv4, HostIpv6, HostProtocol } from '../../xml/index.js';
import { type Family, formatIp, parseCidr, parseIp } from '../address/index.js';
import { deviceName } from '../names.js';
import { present, some } from '../present.js';
import { coded, flag, needed, oneOrMany, type Reader, record, show, text } from '../reader.js';

/** How an interface asks a DHCP server for its addresses. */
export interface HostDhcpOptions {
  /** Whether to use the name servers that the DHCP server tells. Default: the host decides. */
  peerDns?: boolean;
}

/** Addresses of one family. */
interface FamilyOptions {
  /** Addresses with the lengths of their prefixes: `192.168.10.5/24`, one or a list. Default: none. */
  addresses?: string | readonly string[];
  /** The default route. Default: none. */
  gateway?: string;
  /** Whether addresses come from a DHCP server, or how. Default: false. */
  dhcp?: boolean | HostDhcpOptions;
}

/** IPv4 addresses of an interface of the host. */
export interface HostIpv4Options extends FamilyOptions {}

/** IPv6 addresses of an interface of the host. */
export interface HostIpv6Options extends FamilyOptions {
  /** Whether addresses come from router advertisements. Default: false. */
  autoconf?: boolean;
}

/** What every interface of the host has that stands by itself. */
export interface HostInterfaceOptions {
  /** When the host brings it up: at boot, when it is plugged in, or not by itself. Default: the host decides. */
  start?: 'onboot' | 'hotplug' | 'none';
  /** The largest packet in bytes, 68 to 65535. Default: the kernel's. */
  mtu?: number;
  /** IPv4 addresses; `'dhcp'` asks a DHCP server. Default: none. */
  ipv4?: 'dhcp' | HostIpv4Options;
  /** IPv6 addresses; `'dhcp'` asks a DHCP server, `'auto'` takes those that routers advertise. Default: none. */
  ipv6?: 'dhcp' | 'auto' | HostIpv6Options;
}

const cidr = (family: Family): Reader<{ readonly address: string; readonly prefix: number }> =>
  text('an address with its prefix', (value, path) => {
    const found = parseCidr(value);
    if (found?.family !== family) {
      const example = family === 'ipv4' ? '192.168.10.5/24' : '2001:db8::5/64';
      throw new RangeError(`${path}: ${show(value)} is not an ${LABEL[family]} address such as ${example}`);
    }
    return { address: formatIp(found), prefix: found.prefix };
  });

const LABEL = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

const gateway = (family: Family): Reader<{ readonly gateway: string }> =>
  text('an address', (value, path) => {
    const found = parseIp(value);
    if (found?.family !== family)
      throw new RangeError(`${path}: ${show(value)} is not an ${LABEL[family]} address`);
    return { gateway: formatIp(found) };
  });

const dhcpFields = record<HostDhcpOptions>()('the use of DHCP', { peerDns: flag });

const dhcp: Reader<HostDhcp | undefined> = (value, path) =>
  typeof value === 'boolean' ? (value ? {} : undefined) : dhcpFields(value, path);

const familyFields = (family: Family) => ({
  addresses: oneOrMany(cidr(family)),
  gateway: gateway(family),
  dhcp,
});

const ipv4Fields = record<HostIpv4Options>()('IPv4 addresses', familyFields('ipv4'), {
  autoconf: 'only IPv6 has it',
});

const ipv6Fields = record<HostIpv6Options>()('IPv6 addresses', { ...familyFields('ipv6'), autoconf: flag });

const ipv4: Reader<HostIpv4> = (value, path) => {
  if (value === 'dhcp') return { family: 'ipv4', dhcp: {} };
  const { addresses, gateway: route, dhcp } = ipv4Fields(value, path);
  return { family: 'ipv4', ...present({ dhcp, ips: some(addresses), route }) };
};

const ipv6: Reader<HostIpv6> = (value, path) => {
  if (value === 'dhcp') return { family: 'ipv6', dhcp: {} };
  if (value === 'auto') return { family: 'ipv6', autoconf: {} };
  const { addresses, gateway: route, dhcp, autoconf } = ipv6Fields(value, path);
  return {
    family: 'ipv6',
    ...present({ autoconf: autoconf ? {} : undefined, dhcp, ips: some(addresses), route }),
  };
};

/** The readers of {@link HostInterfaceOptions}. */
export const hostFields = {
  start: coded(oneOf('onboot', 'hotplug', 'none')),
  mtu: coded(integer(68, 65535)),
  ipv4,
  ipv6,
};

/** A name that must be there. */
export const neededName = needed(deviceName);

interface Read {
  readonly start?: 'onboot' | 'hotplug' | 'none';
  readonly mtu?: number;
  readonly ipv4?: HostIpv4;
  readonly ipv6?: HostIpv6;
}

/** The members of a document that {@link HostInterfaceOptions} stand for. */
export const hostMembers = ({ start, mtu, ipv4, ipv6 }: Read) =>
  present({
    start: start === undefined ? undefined : { mode: start },
    mtu: mtu === undefined ? undefined : { size: mtu },
    protocols: some([ipv4, ipv6].filter((one): one is HostIpv4 | HostIpv6 => one !== undefined)) as
      | readonly HostProtocol[]
      | undefined,
  });
