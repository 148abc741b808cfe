// What reservations are set and read as.
import type { Family } from '../../build/address/index.js';
import { type Duration, lease } from '../../build/duration.js';
import { hostName } from '../../build/names.js';
import { duid } from '../../build/network/dhcp/duid.js';
import { mac as unicastMac } from '../../build/network/mac.js';
import { anyAddress } from '../../build/network/subnet.js';
import { coded, flag, needed, type Reader, record, wrongType } from '../../build/reader.js';
import { oneOf } from '../../xml/codec.js';
import type { DhcpLease } from '../../xml/index.js';
import { type Affect, affectFields } from '../affect.js';
import { type Entry, type Guest, macOf } from './reservation-plan.js';

/** A guest: the MAC address of its NIC, or its DUID (RFC 8415, section 11), by which DHCPv6 knows guests. */
export type ReservationGuest = string | { id: string };

/** Whose reservation is taken away: a guest's, or one that has a name and neither MAC address nor DUID. */
export type ReservationOwner = ReservationGuest | { name: string };

/** An address to be kept for a guest. */
export interface ReservationOptions {
  /** The address, IPv4 or IPv6: one of the network's subnet, in a DHCP range or not. */
  ip: string;
  /** The name that the guest is told, and that DNS knows it by. Default: none. */
  name?: string;
  /** How long its lease lasts. Default: that of the server. */
  lease?: Duration;
}

/** An address that is kept for a guest. */
export interface Reservation {
  /** The address. */
  readonly ip: string;
  /** Whether it is kept by DHCP or DHCPv6. */
  readonly family: Family;
  /** The guest's MAC address; of an IPv6 address the one that its DUID tells, undefined where that tells none. */
  readonly mac: string | undefined;
  /** The guest's DUID, of an IPv6 address. */
  readonly id: string | undefined;
  /** The name that the guest is told. One without `mac` and `id` is known by the name that it sends. */
  readonly name: string | undefined;
  /** How long its lease lasts; undefined for that of the server. */
  readonly lease: DhcpLease | undefined;
}

/** Which reservations. What is left out does not matter. */
export interface ReservationFilter {
  /** Those of one family. */
  family?: Family;
  /** Those kept for the next start, instead of those that hold now. */
  inactive?: boolean;
}

/** What is taken from a guest. */
export interface RemoveReservationOptions extends Affect {
  /** The address of one family; of both if not given. */
  family?: Family;
}

const family = coded(oneOf('ipv4', 'ipv6'));

export const readGuest: Reader<Guest> = (value, path) => {
  if (typeof value === 'string') return { mac: unicastMac(value, path) };
  if (typeof value !== 'object' || value === null)
    throw wrongType(path, value, 'a MAC address or { id }, a DUID');
  return readDuid(value, path);
};
export const readOwner: Reader<Guest> = (value, path) =>
  typeof value === 'object' && value !== null && 'name' in value
    ? readName(value, path)
    : readGuest(value, path);
const readName = record<{ name: string }>()('the owner of a reservation', { name: needed(hostName) });
const apart = 'what is kept for the guest comes after it: set(mac, { ip }), or set({ id }, { ip })';
const readDuid = record<{ id: string }>()(
  'a guest',
  { id: needed(duid) },
  { mac: apart, ip: apart, name: apart, lease: apart },
);

export const readReservation = record<ReservationOptions>()(
  'a reservation',
  { ip: needed(anyAddress), name: hostName, lease },
  { mac: 'the guest comes first: set(mac, { ip })', id: 'the guest comes first: set({ id }, { ip })' },
);
export const readFilter = record<ReservationFilter>()('a filter of reservations', { family, inactive: flag });
export const readRemoval = record<RemoveReservationOptions>()('a removal', { ...affectFields, family });

/** The reservation that an entry of a network is. */
export function reservationOf({ host, family }: Entry): Reservation {
  const { ip, id, name, lease } = host;
  return Object.freeze({ ip, family, mac: macOf(host), id, name, lease });
}
