// What has gone through NICs: one of a guest's, or all of many guests.
import { virConnectGetAllDomainStatsFlags as all, virDomainStatsTypes } from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import { flagOptions } from '../flags.js';
import type { Domain } from './domain.js';
import type { DomainFilter } from './domains.js';
import type { ParameterValue } from './typed-parameters.js';

/** What went in one direction. A counter that the hypervisor does not have is undefined. */
export interface NicTraffic {
  /** How many bytes. */
  readonly bytes: bigint | undefined;
  /** How many packets. */
  readonly packets: bigint | undefined;
  /** Those that were not passed on for an error. */
  readonly errors: bigint | undefined;
  /** Those that there was no room for. */
  readonly drops: bigint | undefined;
}

/** What has gone through a NIC since its guest was started. */
export interface NicStats {
  /** What the guest has received. */
  readonly received: NicTraffic;
  /** What the guest has sent. */
  readonly sent: NicTraffic;
}

type Raw = Awaited<ReturnType<Functions['virDomainInterfaceStats']>>;

const counter = (value: bigint): bigint | undefined => (value < 0n ? undefined : value);

export const readNicStats = (raw: Raw): NicStats =>
  Object.freeze({
    received: Object.freeze({
      bytes: counter(raw.rx_bytes),
      packets: counter(raw.rx_packets),
      errors: counter(raw.rx_errs),
      drops: counter(raw.rx_drop),
    }),
    sent: Object.freeze({
      bytes: counter(raw.tx_bytes),
      packets: counter(raw.tx_packets),
      errors: counter(raw.tx_errs),
      drops: counter(raw.tx_drop),
    }),
  });

/** What has gone through one of a guest's NICs, and which. */
export interface TargetStats extends NicStats {
  /** The tap or macvtap on the host, as in `vnet0`: {@link GuestNic.target}. */
  readonly target: string;
}

/** What has gone through the NICs of a guest. */
export interface GuestNicStats {
  readonly domain: Domain;
  /** Those that have a device on the host; none when the guest does not run. */
  readonly nics: readonly TargetStats[];
}

/**
 * Which guests to measure. What is left out does not matter.
 *
 * @interface
 */
export type StatsFilter = Pick<DomainFilter, 'active' | 'persistent' | 'state'>;

/** Of their statistics, those of NICs. */
export const nicStatsType = virDomainStatsTypes.INTERFACE;

/** Without those that libvirt would have to wait for. */
export const noWait = all.NOWAIT;

export const statsFlags = flagOptions<StatsFilter>('a filter of guests', {
  active: [all.ACTIVE, all.INACTIVE],
  persistent: [all.PERSISTENT, all.TRANSIENT],
  state: { running: all.RUNNING, paused: all.PAUSED, shutoff: all.SHUTOFF, other: all.OTHER },
});

/** The NICs among the statistics of a guest: `net.count`, `net.0.name`, `net.0.rx.bytes` … */
export function readTargetStats(values: Readonly<Record<string, ParameterValue>>): readonly TargetStats[] {
  const traffic = (nic: string): NicTraffic => {
    const counted = (name: string): bigint | undefined => {
      const value = values[`${nic}.${name}`];
      return typeof value === 'bigint' ? value : undefined;
    };
    return Object.freeze({
      bytes: counted('bytes'),
      packets: counted('pkts'),
      errors: counted('errs'),
      drops: counted('drop'),
    });
  };
  const nics = Array.from({ length: Number(values['net.count'] ?? 0) }, (_, i) => `net.${i}`);
  return Object.freeze(
    nics.flatMap((nic) => {
      const target = values[`${nic}.name`];
      if (typeof target !== 'string') return [];
      return [Object.freeze({ target, received: traffic(`${nic}.rx`), sent: traffic(`${nic}.tx`) })];
    }),
  );
}
