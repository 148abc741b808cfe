// TAP devices: Ethernet frames.
import { FrameDevice } from './device.js';
import { openDevice } from './open-device.js';
import type { DeviceOptions } from './options.js';

/**
 * A TAP device: a network card whose cable ends in this program. What the kernel sends over it is read here; what is
 * written here the kernel receives.
 *
 * @see https://docs.kernel.org/networking/tuntap.html
 */
export class Tap extends FrameDevice {
  /**
   * Makes a TAP device, or attaches to one.
   *
   * ```ts
   * await using tap = await Tap.open({ name: 'tap%d' });
   * await tap.set({ up: true });
   * tap.onBatch((batch) => console.log(`${batch.count} frames on ${tap.name}`));
   * ```
   *
   * @throws KernelError with the call (`TUNSETIFF`), the device and what to do; TypeError for options that are none. The
   *   machine is as it was then.
   */
  static async open(options: DeviceOptions = {}): Promise<Tap> {
    return new Tap(await openDevice('tap', options));
  }
}
