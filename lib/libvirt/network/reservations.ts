// The addresses that a network's DHCP server keeps for single guests.
import { present } from '../../build/present.js';
import { LibvirtError } from '../../errors.js';
import type { DhcpHost, NetworkDocument } from '../../xml/index.js';
import { type Affect, type Half, halves, readAffect } from '../affect.js';
import { withDone, words } from '../done.js';
import { unlessMissing } from '../lookup.js';
import type { Network } from '../network.js';
import { describeHalf, updateArguments } from '../network-update.js';
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
  type Plan,
  planDeletion,
  planRemoval,
  planSetting,
  type Step,
  Taken,
} from './reservation-plan.js';

/** A plan for the halves of the network that it is for. */
interface Change {
  affected: Half[];
  plan: Plan;
}

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
    const changes = await this.#change(readAffect(options, ''), (document) => {
      try {
        return planSetting(document, known, wanted);
      } catch (error) {
        throw error instanceof Taken ? this.#taken(known, error) : error;
      }
    });
    const outcomes = new Set(changes.map(({ plan }) => plan.outcome));
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
    const changes = await this.#change(affect, (document) => planRemoval(document, known, family));
    return changes.some(({ plan }) => plan.outcome === 'removed');
  }

  /**
   * Deletes the first entry that has all of what is given, where it is. libvirt takes an entry without a MAC address for
   * that of any guest, and does not look at DUIDs: it is told all of an entry that is there. @internal
   */
  async delete(host: Partial<DhcpHost>, ip: number | undefined, affect: Affect): Promise<void> {
    const changes = await this.#plan(affect, (document, half) => {
      const plan = planDeletion(document, host, ip);
      if (plan.steps.length === 0) throw this.#nothingLike(host, half);
      return plan;
    });
    await this.#carryOut(changes);
  }

  #change(affect: Affect, plan: (document: NetworkDocument) => Plan): Promise<Change[]> {
    return this.#network.oneAfterAnother(async () => {
      const changes = await this.#plan(affect, plan);
      await this.#carryOut(changes);
      return changes;
    });
  }

  async #entries(filter: ReservationFilter): Promise<Entry[]> {
    const { family, inactive = false } = readFilter(filter, '');
    const live = !inactive && (await this.#network.isActive());
    const entries = entriesOf(await describeHalf(this.#network, live ? 'live' : 'config'));
    return entries.filter((entry) => family === undefined || entry.family === family);
  }

  /** What is to be done to each half; to both at once where it is the same, as libvirt does both or none then. */
  async #plan(affect: Affect, plan: (document: NetworkDocument, half: Half) => Plan): Promise<Change[]> {
    // The configuration comes first: what libvirt keeps is the harder part.
    const wanted = (await halves(this.#network, affect)).reverse();
    const changes = await Promise.all(
      wanted.map(async (half) => ({
        affected: [half],
        plan: plan(await describeHalf(this.#network, half), half),
      })),
    );
    const [first, second] = changes;
    if (!first || !second || JSON.stringify(first.plan, exact) !== JSON.stringify(second.plan, exact))
      return changes;
    return [{ affected: wanted, plan: first.plan }];
  }

  async #carryOut(changes: readonly Change[]): Promise<void> {
    const done: Half[] = [];
    for (const { affected, plan } of changes) {
      try {
        const affect = { live: affected.includes('live'), config: affected.includes('config') };
        for (const step of plan.steps) await this.#step(step, affect);
      } catch (error) {
        throw withDone(error, done);
      }
      if (plan.steps.length > 0) done.push(...affected);
    }
  }

  #step({ action, host, ip }: Step, affect: Affect): Promise<void> {
    const { lease: _, ...known } = host;
    const value = action === 'delete' ? known : host;
    return this.#network.send(updateArguments(action, 'dhcpHost', value, { ...affect, ip }));
  }

  #nothingLike(host: Partial<DhcpHost>, half: Half): LibvirtError {
    const object = `network '${this.#network.name}'`;
    const { mac, id, name, ip } = host;
    const meant = Object.entries(present({ mac, id, name, ip })).map((field) => field.join(' '));
    const hint = `network.reservations.list(${half === 'live' ? '' : '{ inactive: true }'}) gives those that exist`;
    return new LibvirtError(
      `cannot delete a dhcpHost from ${object}: there is none with ${meant.join(', ')} ${words[half]} (${hint})`,
      { code: 'OPERATION_INVALID', function: 'virNetworkUpdate', object, hint, done: [] },
    );
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

/** JSON has no bigints. */
const exact = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
