// One device of the host. What it is is asked of libvirt each time: nothing here can be out of date.
import { line } from '../../build/names.js';
import { record } from '../../build/reader.js';
import { virNodeDeviceUpdateFlags, virNodeDeviceXMLFlags } from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { NodeDevice as NodeDeviceHandle } from '../../native/handles.js';
import { type NodeDeviceDocument, parseNodeDevice } from '../../xml/index.js';
import { ask, askNow } from '../ask.js';
import type { Connection } from '../connection.js';
import { documentAndText } from '../document.js';
import { flagOptions } from '../flags.js';
import { Found } from '../link.js';
import { refuseNewer } from '../newer.js';
import type { NodeDeviceCapabilityName } from './capability.js';

/** Which description of a device. */
export interface DescribeNodeDeviceOptions {
  /** The configuration kept for the next start, instead of what it is now. Needs libvirt 10.1. */
  inactive?: boolean;
}

/** How a device is taken from its driver. */
export interface DetachOptions {
  /** The driver that hands it to guests: `vfio`, or `xen`. The hypervisor's own choice if not given. */
  driver?: string;
}

/** What a new description changes: what runs, the configuration, or both. libvirt chooses if neither is given. */
export interface UpdateNodeDeviceOptions {
  /** Change what runs. */
  live?: boolean;
  /** Change the configuration for the next start. */
  config?: boolean;
}

const describeFlags = flagOptions<DescribeNodeDeviceOptions>('a description', {
  inactive: virNodeDeviceXMLFlags.INACTIVE,
});
const readDetachOptions = record<DetachOptions>()('how a device is detached', { driver: line });
const updateFlags = flagOptions<UpdateNodeDeviceOptions>('a change', {
  live: virNodeDeviceUpdateFlags.AFFECT_LIVE,
  config: virNodeDeviceUpdateFlags.AFFECT_CONFIG,
});

/** More than libvirt knows: a device has one capability or a few. */
const mostCapabilities = 64;

/**
 * A device of the host: a NIC, a PCI device, an adapter of Fibre Channel, a mediated device … It stays usable until
 * its connection is closed.
 *
 * Every method rejects with a LibvirtError; `NO_NODE_DEVICE` when the device has gone meanwhile.
 *
 * @see https://libvirt.org/formatnode.html
 */
export class NodeDevice {
  /** Its name, unique on its host, such as `net_eth0_52_54_00_12_34_56` or `pci_0000_03_00_0`. */
  readonly name: string;

  readonly #connection: Connection;
  readonly #found: Found<NodeDeviceHandle>;

  /** @internal */
  constructor(connection: Connection, handle: NodeDeviceHandle) {
    this.#connection = connection;
    this.#found = new Found(connection.link, handle, (f, link) =>
      f.virNodeDeviceLookupByName(link, this.name),
    );
    this.name = askNow({ action: 'name', object: 'a node device' }, (functions) =>
      functions.virNodeDeviceGetName(handle),
    );
  }

  /** The connection it was found on. */
  get connection(): Connection {
    return this.#connection;
  }

  /** The device that it is a part of, such as the PCI device of a NIC; undefined for the computer itself. */
  async parent(): Promise<NodeDevice | undefined> {
    // The function for it fails on the test driver where there is no parent.
    const name = (await this.describe()).parent?.name;
    return name === undefined ? undefined : this.#connection.nodeDevices.get(name);
  }

  /** What it is, in libvirt's names; `describe()` tells the same at length. */
  async capabilities(): Promise<NodeDeviceCapabilityName[]> {
    const names = await this.#ask('ask the capabilities of', (functions, handle) =>
      functions.virNodeDeviceListCaps(handle, mostCapabilities),
    );
    return names as NodeDeviceCapabilityName[];
  }

  /** libvirt's own description of it, as text. */
  async xml(options: DescribeNodeDeviceOptions = {}): Promise<string> {
    const flags = describeFlags(options, '');
    return this.#ask('describe', (functions, handle) => functions.virNodeDeviceGetXMLDesc(handle, flags));
  }

  /**
   * libvirt's own description of it, typed.
   *
   * ```ts
   * for (const capability of (await device.describe()).capabilities ?? [])
   *   if (capability.type === 'net') console.log(capability.interface, capability.link?.state);
   * ```
   */
  async describe(options: DescribeNodeDeviceOptions = {}): Promise<NodeDeviceDocument> {
    return parseNodeDevice(await this.xml(options));
  }

  /**
   * Takes a PCI device from its driver of the host, so that guests can have it. What the host used it for ends: the
   * link of a NIC is gone.
   *
   * @throws LibvirtError `INVALID_ARG` for what is no PCI device, `OPERATION_INVALID` for one that a guest has,
   *   `ARGUMENT_UNSUPPORTED` where the kernel or the hardware has no IOMMU.
   * @see https://libvirt.org/html/libvirt-libvirt-nodedev.html#virNodeDeviceDetachFlags
   */
  async detach(options: DetachOptions = {}): Promise<void> {
    const { driver = null } = readDetachOptions(options, '');
    return this.#ask('detach', (functions, handle) => functions.virNodeDeviceDetachFlags(handle, driver, 0));
  }

  /** Gives a PCI device back to its driver of the host, once no guest has it. */
  reattach(): Promise<void> {
    return this.#ask('reattach', (functions, handle) => functions.virNodeDeviceReAttach(handle));
  }

  /** Resets a PCI device that is detached, to take away what a guest has left in it. */
  reset(): Promise<void> {
    return this.#ask('reset', (functions, handle) => functions.virNodeDeviceReset(handle));
  }

  /** Starts a mediated device that is defined. Needs libvirt 7.3. */
  start(): Promise<void> {
    return this.#ask('start', (functions, handle) => functions.virNodeDeviceCreate(handle, 0));
  }

  /** Removes a virtual port, or stops a mediated device; one that is not defined is gone then. */
  destroy(): Promise<void> {
    return this.#ask('destroy', (functions, handle) => functions.virNodeDeviceDestroy(handle));
  }

  /** Removes the configuration of a mediated device. Needs libvirt 7.3. */
  undefine(): Promise<void> {
    return this.#ask('undefine', (functions, handle) => functions.virNodeDeviceUndefine(handle, 0));
  }

  /**
   * Changes a mediated device. Needs libvirt 10.1.
   *
   * @param device Its whole new description: a document, or the text of one.
   */
  async update(device: NodeDeviceDocument | string, options: UpdateNodeDeviceOptions = {}): Promise<void> {
    const flags = updateFlags(options, '');
    const { document, xml } = documentAndText('nodeDevice', device);
    await refuseNewer({ action: 'update', object: this.#object }, document, this.#connection);
    return this.#ask('update', (functions, handle) => functions.virNodeDeviceUpdate(handle, xml, flags));
  }

  /** Whether a mediated device is started together with its parent. Needs libvirt 7.8. */
  autostart(): Promise<boolean>;
  /** Makes it start together with its parent, or not. */
  autostart(enable: boolean): Promise<void>;
  async autostart(enable?: boolean): Promise<unknown> {
    if (enable === undefined)
      return (
        (await this.#ask('ask the autostart of', (f, handle) => f.virNodeDeviceGetAutostart(handle))) !== 0
      );
    if (typeof enable !== 'boolean') throw new TypeError('enable: not true or false');
    return this.#ask('set the autostart of', (f, handle) =>
      f.virNodeDeviceSetAutostart(handle, enable ? 1 : 0),
    );
  }

  /** Whether it is there: mediated devices can be defined without. Needs libvirt 7.8. */
  isActive(): Promise<boolean> {
    return this.#ask('ask the state of', (functions, handle) => functions.virNodeDeviceIsActive(handle));
  }

  /** Whether it has a configuration that survives a stop. Needs libvirt 7.8. */
  isPersistent(): Promise<boolean> {
    return this.#ask('ask the persistence of', (functions, handle) =>
      functions.virNodeDeviceIsPersistent(handle),
    );
  }

  get #object(): string {
    return `node device '${this.name}'`;
  }

  #ask<T>(action: string, call: (functions: Functions, handle: NodeDeviceHandle) => Promise<T>): Promise<T> {
    return ask({ action, object: this.#object }, (functions) => this.#found.use(functions, call));
  }
}
