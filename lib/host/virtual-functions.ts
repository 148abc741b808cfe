// host.virtualFunctions: the virtual functions of a NIC (SR-IOV), as `ip link set … vf` and sysfs make and change them.
import { flag, record } from '../build/reader.js';
import { allLinks } from './all-links.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { type Asked, KernelError } from './error.js';
import { RTM } from './netlink/numbers.js';
import { ranged, u16 } from './netlink/types.js';
import { carryOut } from './operation.js';
import type { Rtnetlink } from './rtnetlink.js';
import {
  type BusDevice,
  functionDevices,
  incapable,
  readCapacity,
  type VirtualFunctionCapacity,
  writeCapacity,
} from './sriov.js';
import {
  askFunctions,
  indexAsked,
  noSuch,
  setFunction,
  type VirtualFunction,
  type VirtualFunctionSettings,
} from './virtual-function.js';

const EBUSY = 16;
const ERANGE = 34;
/** Of drivers that hand devices to guests. */
const FOR_GUESTS = /^vfio/;
const NONE: VirtualFunctionCapacity = Object.freeze({ total: 0, count: 0, probe: false });

const listFields = record<{ statistics?: boolean }>()('what is asked', { statistics: flag });
const createFields = record<{ probe?: boolean }>()('virtual functions', { probe: flag });
const removeFields = record<{ force?: boolean }>()('how they are removed', { force: flag });
const countArgument = ranged(u16, 1, 0xffff).input;

/**
 * The virtual functions of NICs that have them (SR-IOV): devices on PCI of their own, for guests. A link is named by its
 * physical function, as in `eth4`. Needs Linux 5.14, which tells the device of a link.
 */
export class VirtualFunctions {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * How many virtual functions a link can have, and has; `cat /sys/class/net/LINK/device/sriov_totalvfs`. A link that
   * cannot have any has a total of 0.
   *
   * @throws KernelError with code `ENODEV` when there is no such link.
   */
  async capacity(pf: string): Promise<VirtualFunctionCapacity> {
    const { on } = await askFunctions(this.#kernel, pfArgument(pf, 'count'), 'count');
    if (on === undefined) return NONE;
    return (await readCapacity(on, asking('count', pf))) ?? NONE;
  }

  /**
   * The virtual functions of a link, by their numbers; `ip link show LINK`. None for a link that has none.
   *
   * @param options with `statistics`, what has passed each; a message of the kernel's holds about 180 of those.
   * @throws KernelError with code `ENODEV` when there is no such link.
   *
   * ```ts
   * for (const { index, mac, vlan, device, driver } of await host.virtualFunctions.list('eth4'))
   *   console.log(index, mac, vlan?.id, device, driver);
   * ```
   */
  async list(pf: string, options: { statistics?: boolean } = {}): Promise<VirtualFunction[]> {
    const name = pfArgument(pf, 'list');
    const told = await askFunctions(this.#kernel, name, 'list', listFields(options, ''));
    const { functions, on } = told;
    if (functions.length === 0 || on === undefined) return functions.map((one) => Object.freeze(one));
    const [devices, links] = await Promise.all([
      functionDevices(on, functions.length),
      allLinks(this.#kernel),
    ]);
    const linkOf = new Map(links.map(({ name: link, parentDevice }) => [parentDevice, link]));
    return functions.map((one) => {
      const { device, driver } = devices[one.index] ?? {};
      const link = device === undefined ? undefined : linkOf.get(device);
      return Object.freeze({
        ...one,
        ...(device !== undefined && { device }),
        ...(driver !== undefined && { driver }),
        ...(link !== undefined && { link }),
      });
    });
  }

  /**
   * One virtual function of a link.
   *
   * @throws KernelError with code `ENODEV` when there is no such link, or it has no function of that number.
   */
  async get(pf: string, index: number): Promise<VirtualFunction> {
    const number = indexAsked(pf, index);
    const all = await this.list(pf);
    const found = all[number];
    if (found === undefined) throw noSuch(pf, number, all.length, 'find');
    return found;
  }

  /**
   * Makes virtual functions; `echo COUNT > /sys/class/net/LINK/device/sriov_numvfs`. It takes the time in which drivers
   * of the host take them over: set the link up before.
   *
   * @param count how many, 1 to what {@link capacity} tells. A link that has some already takes no other number.
   * @param options `probe`: whether drivers of the host take them over, each as a link of its own; false for functions
   *   that are for guests only, which is faster. The link keeps that for later ones; true on a new one.
   * @returns them, as {@link list} does.
   * @throws KernelError with code `ERANGE` when the link cannot have as many, `EBUSY` when it has some already,
   *   `EOPNOTSUPP` when it cannot have any, `EACCES` for anybody but root.
   *
   * ```ts
   * await host.links.up('eth4');
   * const functions = await host.virtualFunctions.create('eth4', 4, { probe: false });
   * ```
   */
  async create(pf: string, count: number, options: { probe?: boolean } = {}): Promise<VirtualFunction[]> {
    const asked = asking('create', pf);
    checking(
      () => asked,
      'sriov_numvfs',
      () => countArgument(count, 'count'),
    );
    const { probe } = createFields(options, '');
    const [on, before] = await this.#device(pf, asked);
    if (count > before.total) throw refused(asked, ERANGE, `it can have ${before.total} and not ${count}`);
    if (before.count !== 0 && before.count !== count)
      throw refused(asked, EBUSY, `it has ${before.count} already`);
    if (probe !== undefined && probe !== before.probe) await writeCapacity(on, { probe }, asked);
    try {
      await writeCapacity(on, { count }, asked);
    } catch (error) {
      await writeCapacity(on, { probe: before.probe }, asked).catch(() => {});
      throw error;
    }
    return await this.list(pf);
  }

  /**
   * Changes what the host has set of a virtual function; `ip link set LINK vf INDEX …`. Either all of it is changed, or
   * it is as before. What its driver was not told when it started, such as a new MAC address, it takes over at its next
   * start.
   *
   * @throws KernelError with code `ENODEV` when there is no such link or function, `EOPNOTSUPP` for what its driver
   *   cannot, `ERANGE` for a VLAN that is none.
   *
   * ```ts
   * await host.virtualFunctions.set('eth4', 0, { mac: '52:54:00:12:34:56', vlan: 42, spoofCheck: true });
   * await host.virtualFunctions.set('eth4', 1, { vlan: { id: 42, qos: 3 }, maxTxRate: 100, linkState: 'enable' });
   * ```
   */
  async set(pf: string, index: number, settings: VirtualFunctionSettings): Promise<void> {
    await carryOut(this.#kernel, [setFunction(pf, index, settings)]);
  }

  /**
   * Removes all virtual functions of a link; `echo 0 > /sys/class/net/LINK/device/sriov_numvfs`. A link that has none
   * stays as it is.
   *
   * @param options `force`: also those that are kept for guests (`vfio-pci`); the kernel then waits until no guest has
   *   one any more.
   * @throws KernelError with code `EBUSY` when one is kept for guests, `EOPNOTSUPP` for a link that cannot have any.
   */
  async remove(pf: string, options: { force?: boolean } = {}): Promise<void> {
    const { force = false } = removeFields(options, '');
    const asked = asking('remove', pf);
    const [on, { count }] = await this.#device(pf, asked);
    if (count === 0) return;
    const devices = await functionDevices(on, count);
    const kept = devices.findIndex(({ driver }) => driver !== undefined && FOR_GUESTS.test(driver));
    if (kept >= 0 && !force) {
      const { device, driver } = devices[kept] ?? {};
      throw refused(asked, EBUSY, `number ${kept} (${device}) is kept for guests by ${driver}`);
    }
    await writeCapacity(on, { count: 0 }, asked);
  }

  /** The device of a link that can have virtual functions. */
  async #device(pf: string, asked: Asked): Promise<readonly [BusDevice, VirtualFunctionCapacity]> {
    const { on } = await askFunctions(this.#kernel, pfArgument(pf, asked.action), asked.action);
    const capacity = on && (await readCapacity(on, asked));
    if (on === undefined) throw incapable(asked, 'it is no device on PCI');
    if (capacity === undefined) throw incapable(asked, `the device ${on.address} has no SR-IOV`);
    return [on, capacity];
  }
}

const asking = (action: string, pf: string): Asked => ({
  action,
  object: `the virtual functions of '${pf}'`,
  device: pf,
});

const pfArgument = (pf: string, action: string): string =>
  checking(
    () => asking(action, pf),
    RTM.GETLINK,
    () => deviceArgument(pf, 'pf'),
  );

const refused = (asked: Asked, errno: number, detail: string): KernelError =>
  new KernelError(asked, { errno, call: 'sriov_numvfs', detail });
