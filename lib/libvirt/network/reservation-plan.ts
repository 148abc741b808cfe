// What has to be changed of a network so that an address is kept for a guest: worked out on its description, because
// libvirt itself checks little. It lets a change take over the entry of another guest that has the same name or address,
// and keeps addresses that are outside of the subnet.
import {
  type Cidr,
  contains,
  type Family,
  formatIp,
  type IpAddress,
  sameIp,
} from '../../build/address/index.js';
import { guestAddress } from '../../build/network/subnet.js';
import { cidrOf } from '../../build/overlap.js';
import { present } from '../../build/present.js';
import type { DhcpHost, NetworkDocument, NetworkIp } from '../../xml/index.js';
import type { Step } from '../network-update.js';
import { bytesOf, sameText, secondsOf } from './alike.js';
import type { Plan } from './changes.js';

/** A guest, by the MAC address of its NIC, by its DUID, or by the name alone that it sends. */
export interface Guest {
  readonly mac?: string;
  readonly id?: string;
  readonly name?: string;
}

/** The address that a guest is to have. */
export interface Wanted {
  readonly ip: IpAddress;
  readonly name?: string;
  readonly lease?: DhcpHost['lease'];
}

/** What is to be done, in this order, and what that comes to. */
export interface ReservationPlan extends Plan {
  readonly outcome: 'added' | 'changed' | 'removed' | 'unchanged';
}

/** An entry of a network, with the place that it has. */
export interface Entry {
  readonly host: DhcpHost;
  readonly ip: number;
  readonly family: Family;
}

/** Another guest has the address or the name. */
export class Taken extends Error {
  constructor(what: string, { host }: Entry) {
    super(`${what} is reserved for ${host.mac ?? host.id ?? `the guest named ${host.name}`}`);
  }
}

const nothing: ReservationPlan = { outcome: 'unchanged', steps: [] };

/** All reservations of a network. */
export const entriesOf = ({ ips = [] }: NetworkDocument): Entry[] =>
  ips.flatMap(({ dhcp, family = 'ipv4' }, ip) => (dhcp?.hosts ?? []).map((host) => ({ host, ip, family })));

/** Whether an entry is that of a guest. */
export function isOf({ mac, id, name }: Guest, { host }: Entry): boolean {
  if (name !== undefined) return host.mac === undefined && host.id === undefined && isCalled(host, name);
  if (mac !== undefined && mac === macOf(host)) return true;
  return id !== undefined && host.id !== undefined && bytesOf(id) === bytesOf(host.id);
}

const isCalled = (host: DhcpHost, name: string): boolean => host.name?.toLowerCase() === name.toLowerCase();

/** The MAC address of the guest: that of an IPv6 entry is a part of the DUID, if it is of such a type. */
export function macOf({ mac, id }: DhcpHost): string | undefined {
  if (mac !== undefined) return mac.toLowerCase();
  // The types 1 (with a time of four bytes) and 3, of Ethernet (RFC 8415, sections 11.2 and 11.4).
  return /^(?:00:01:00:01:(?:..:){4}|00:03:00:01:)(..(?::..){5})$/.exec(bytesOf(id ?? ''))?.[1];
}

/**
 * How an address comes to be kept for a guest.
 *
 * @throws RangeError naming what is wrong with the address in this network; {@link Taken}.
 */
export function planSetting(
  document: NetworkDocument,
  guest: Guest,
  { ip, name, lease }: Wanted,
): ReservationPlan {
  const place = placeOf(document, ip);
  const entries = entriesOf(document).filter((entry) => entry.ip === place);
  const own = entries.filter((entry) => isOf(guest, entry));
  const known = own[0] ? { mac: own[0].host.mac, id: own[0].host.id } : identityOf(guest, ip.family);
  const host = present({ ...known, name, ip: formatIp(ip), lease }) as DhcpHost;
  for (const other of entries.filter((entry) => !isOf(guest, entry))) {
    if (sameAddress(other.host, host)) throw new Taken(host.ip, other);
    if (name !== undefined && isCalled(other.host, name)) throw new Taken(`the name ${name}`, other);
  }
  const change = { part: 'dhcpHost', value: host, ip: place } as const;
  const [kept, ...rest] = own.toSorted((a, b) => Number(finds(host, b)) - Number(finds(host, a)));
  if (kept === undefined) return { outcome: 'added', steps: [{ action: 'add', ...change }] };
  if (rest.length === 0 && isSame(kept.host, host)) return nothing;
  // Where one takes the place of another, the guest has both for a moment, and never none.
  const steps: Step[] = finds(host, kept)
    ? [...rest.map(deletion), { action: 'modify', ...change }]
    : [{ action: 'add', ...change }, ...own.map(deletion)];
  return { outcome: 'changed', steps };
}

/** Whether libvirt takes an entry for the one to be modified: it knows them by MAC address, address and name. */
function finds(host: DhcpHost, { host: entry }: Entry): boolean {
  if (host.mac !== undefined || sameAddress(host, entry)) return true;
  return host.name !== undefined && host.name === entry.name;
}

/** How a guest loses what is kept for it, of one family or both. */
export function planRemoval(document: NetworkDocument, guest: Guest, family?: Family): ReservationPlan {
  const steps = entriesOf(document)
    .filter((entry) => isOf(guest, entry) && (family === undefined || entry.family === family))
    .map(deletion);
  return steps.length === 0 ? nothing : { outcome: 'removed', steps };
}

/**
 * How one entry is deleted. libvirt takes an entry without a MAC address for that of any guest, and does not look at
 * DUIDs: it is told all that tells this one from others.
 */
export function deletion({ host: { lease: _, ...value }, ip }: Entry): Step {
  return { action: 'delete', part: 'dhcpHost', value, ip };
}

/** A guest known by its MAC address has, to DHCPv6, the DUID that is made of it and of nothing else. */
function identityOf({ mac, id }: Guest, family: Family): Guest {
  if (family === 'ipv6') return { id: id ?? `00:03:00:01:${mac}` };
  if (mac === undefined)
    throw new TypeError('guest: a DUID is for IPv6 addresses; IPv4 knows guests by their MAC address');
  return { mac };
}

/** The number of the `<ip>` that an address belongs to. libvirt has DHCP on one of each family. */
function placeOf({ ips = [], name }: NetworkDocument, address: IpAddress): number {
  const fits = ({ family = 'ipv4' }: NetworkIp) => family === address.family;
  const within = (ip: NetworkIp) => {
    const subnet = cidrOf(ip);
    return subnet !== undefined && contains(subnet, address);
  };
  const places = [
    ips.findIndex((ip) => fits(ip) && ip.dhcp !== undefined),
    ips.findIndex((ip) => fits(ip) && within(ip)),
    ips.findIndex(fits),
  ];
  const place = places.find((index) => index >= 0);
  if (place === undefined) {
    const words = address.family === 'ipv4' ? 'IPv4' : 'IPv6';
    throw new RangeError(
      `ip: ${formatIp(address)} is of no use in network '${name}': it has no ${words} address`,
    );
  }
  const subnet = cidrOf(ips[place] as NetworkIp);
  if (subnet) checkAddress(subnet, address);
  return place;
}

function checkAddress(subnet: Cidr, address: IpAddress): void {
  guestAddress(subnet, formatIp(address), 'ip');
  if (sameIp(subnet, address)) throw new RangeError(`ip: ${formatIp(address)} is the network's own address`);
}

function isSame(a: DhcpHost, b: DhcpHost): boolean {
  return sameAddress(a, b) && a.name === b.name && secondsOf(a.lease) === secondsOf(b.lease);
}

function sameAddress(a: DhcpHost, b: DhcpHost): boolean {
  return sameText(a.ip, b.ip);
}
