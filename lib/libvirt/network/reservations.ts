// The addresses that a network's DHCP server keeps for single guests.
import { LibvirtError } from '../../errors.js';
import { type Affect, readAffect } from '../affect.js';
import { unlessMissing } from '../lookup.js';
import type { Network } from '../network.js';
import { changeParts, describeHalf, type Planner } from './changes.js';
import {
  type RemoveReservationOptions,
  type Reservation,
  type ReservationFilter,
  type ReservationGuest,
  type ReservationOptions,
  type ReservationOwner,
  readFilter,
  readGuest,
  readOwner,
  readRemoval,
  readReservation,
  reservationOf,
} from './reservation.js';
import {
  type Entry,
  entriesOf,
  type Guest,
  isOf,
  planRemoval,
  planSetting,
  type ReservationPlan,
  Taken,
} from './reservation-plan.js';

/**
 * The addresses that a network's DHCP server keeps for single guests.
 *
 * A guest that has a lease already takes its new address when it renews it.
 *
 * @see https://libvirt.org/formatnetwork.html#addressing
 */
export class Reservations {
  readonly #network: Network;

  /** @internal */
  constructor(network: Network) {
    this.#network = network;
  }

  /**
   * The reservations that fit, in the network's order.
   *
   * ```ts
   * for (const { mac, ip, name } of await network.reservations.list()) console.log(mac, ip, name);
   * ```
   */
  async list(filter: ReservationFilter = {}): Promise<Reservation[]> {
    return (await this.#entries(filter)).map(reservationOf);
  }

  /**
   * The reservation of a guest: the IPv4 one where it has both and no family is asked for.
   *
   * ```ts
   * (await network.reservations.get('52:54:00:12:34:56')).ip; // '192.168.10.20'
   * ```
   *
   * @throws LibvirtError `NO_RESERVATION` when there is none.
   */
  async get(guest: ReservationGuest, filter: ReservationFilter = {}): Promise<Reservation> {
    const known = readGuest(guest, 'guest');
    const own = (await this.#entries(filter)).filter((entry) => isOf(known, entry));
    const found = own.find((entry) => entry.family === 'ipv4') ?? own[0];
    if (found) return reservationOf(found);
    const object = `network '${this.#network.name}'`;
    const hint = 'network.reservations.list() gives those that exist';
    throw new LibvirtError(
      `cannot get the reservation of ${nameOf(known)} in ${object}: there is none (${hint})`,
      {
        code: 'NO_RESERVATION',
        object,
        hint,
      },
    );
  }

  /** The reservation of a guest, or undefined. */
  find(guest: ReservationGuest, filter: ReservationFilter = {}): Promise<Reservation | undefined> {
    return unlessMissing('NO_RESERVATION', this.get(guest, filter));
  }

  /**
   * Keeps an address for a guest: adds a reservation, changes the one that the guest has in that family, or does
   * nothing when it is so already. Without options what runs is changed when it is active, and the configuration when
   * it has one.
   *
   * ```ts
   * await network.reservations.set('52:54:00:12:34:56', { ip: '192.168.10.20', name: 'web' }); // 'added'
   * await network.reservations.set('52:54:00:12:34:56', { ip: '192.168.10.21', name: 'web' }); // 'changed'
   * await network.reservations.set('52:54:00:12:34:56', { ip: '192.168.10.21', name: 'web' }); // 'unchanged'
   * ```
   *
   * DHCPv6 knows guests by their DUID. A guest given by its MAC address is taken to have the DUID that is made of that
   * address and Ethernet alone (DUID-LL), unless there is a reservation for another DUID with that address. What
   * systemd-networkd and NetworkManager send is something else: give it with `{ id }`.
   *
   * @throws LibvirtError `OPERATION_INVALID` for an address or a name that is kept for another guest.
   * @throws RangeError for an address that is not one of the network's, TypeError or RangeError naming the field that
   *   cannot be.
   * @see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
   */
  async set(
    guest: ReservationGuest,
    reservation: ReservationOptions,
    options: Affect = {},
  ): Promise<'added' | 'changed' | 'unchanged'> {
    const known = readGuest(guest, 'guest');
    const wanted = readReservation(reservation, '');
    const outcomes = await this.#change(readAffect(options, ''), (document) => {
      try {
        return planSetting(document, known, wanted);
      } catch (error) {
        throw error instanceof Taken ? this.#taken(known, error) : error;
      }
    });
    if (outcomes.has('changed')) return 'changed';
    return outcomes.has('added') ? 'added' : 'unchanged';
  }

  /**
   * Takes the reservations of a guest away, or with `{ name }` those that have that name and neither MAC address nor DUID.
   * Resolves to whether there were any.
   *
   * ```ts
   * await network.reservations.remove('52:54:00:12:34:56'); // true
   * await network.reservations.remove('52:54:00:12:34:56'); // false
   * ```
   */
  async remove(guest: ReservationOwner, options: RemoveReservationOptions = {}): Promise<boolean> {
    const known = readOwner(guest, 'guest');
    const { family, ...affect } = readRemoval(options, '');
    const outcomes = await this.#change(affect, (document) => planRemoval(document, known, family));
    return outcomes.has('removed');
  }

  /** What became of a change. Others may be faster, through connections of their own: then it is worked out anew. */
  #change(affect: Affect, planner: Planner<ReservationPlan>): Promise<Set<ReservationPlan['outcome']>> {
    return this.#network.oneAfterAnother(async () => {
      const plans = await changeParts(this.#network, affect, planner, isOvertaken);
      return new Set(plans.map(({ outcome }) => outcome));
    });
  }

  async #entries(filter: ReservationFilter): Promise<Entry[]> {
    const { family, inactive = false } = readFilter(filter, '');
    const live = !inactive && (await this.#network.isActive());
    const entries = entriesOf(await describeHalf(this.#network, live ? 'live' : 'config'));
    return entries.filter((entry) => family === undefined || entry.family === family);
  }

  #taken(guest: Guest, { message }: Taken): LibvirtError {
    const object = `network '${this.#network.name}'`;
    const hint = 'choose another one, or remove() that reservation first';
    return new LibvirtError(
      `cannot reserve an address for ${nameOf(guest)} in ${object}: ${message} (${hint})`,
      {
        code: 'OPERATION_INVALID',
        object,
        hint,
        done: [],
      },
    );
  }
}

const nameOf = ({ mac, id }: Guest): string => mac ?? `DUID ${id}`;

/** Whether libvirt refused a change for what the network has or lacks by now. */
const isOvertaken = ({ code, message }: LibvirtError): boolean =>
  code === 'OPERATION_INVALID' && /dhcp host entry/.test(message);
