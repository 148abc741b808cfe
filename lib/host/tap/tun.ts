// TUN devices: IP packets.
import { FrameDevice } from './device.js';
import { openDevice } from './open-device.js';
import type { TunOptions } from './options.js';

/**
 * A TUN device: the end of a tunnel, for IP packets without an Ethernet header.
 *
 * @see https://docs.kernel.org/networking/tuntap.html
 */
export class Tun extends FrameDevice {
  /**
   * Makes a TUN device, or attaches to one.
   *
   * ```ts
   * await using tun = await Tun.open({ name: 'vpn0' });
   * for await (const packet of tun) console.log(`version ${(packet[0] ?? 0) >> 4}`);
   * ```
   *
   * @throws KernelError with the call (`TUNSETIFF`), the device and what to do; TypeError for options that are none. The
   *   machine is as it was then.
   */
  static async open(options: TunOptions = {}): Promise<Tun> {
    return new Tun(await openDevice('tun', options));
  }
}
