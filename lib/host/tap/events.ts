// What a device tells of its own accord.
import type { KernelError } from '../error.js';

/** What happens to a device; each is an event of `on` and `once`. */
export interface DeviceEvents {
  /** The device does not take frames: somebody has set it down. Seen when one is written. */
  down: [];
  /**
   * It takes frames again, seen when one is written, and by the kernel's word where somebody listens for it: that keeps the
   * process alive while the device is down, unless `unref()` was called.
   */
  up: [];
  /** What waited for room has gone: `write` and `writeBatch` take frames again. */
  drain: [];
  /**
   * A frame that `write` had kept, as the kernel had no room, turned out to be none: what `write` would have thrown. It is
   * counted, and those behind it go on.
   */
  refused: [error: KernelError];
  /**
   * The device was lost, as when somebody deletes it: heard of by the kernel's word, which by itself does not keep the
   * process alive, or when one is written. Whoever has paused the reading hears of it when it goes on; of a device that
   * nobody reads or listens to, the next write does. `close` follows.
   */
  error: [error: KernelError];
  /** It was closed. */
  close: [];
}
