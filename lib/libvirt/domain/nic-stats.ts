// What has gone through a NIC.
import type { Functions } from '../../native/functions.gen.js';

/** What went in one direction. A counter that the hypervisor does not have is undefined. */
export interface NicTraffic {
  readonly bytes: bigint | undefined;
  readonly packets: bigint | undefined;
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
