// The devices of a connection's host: listed, found, created, defined.
import { anyText } from '../../build/names.js';
import { coded, needed, record } from '../../build/reader.js';
import { LibvirtError } from '../../errors.js';
import {
  virConnectListAllNodeDeviceFlags as list,
  virNodeDeviceCreateXMLFlags,
  virNodeDeviceDefineXMLFlags,
} from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { NodeDevice as NodeDeviceHandle } from '../../native/handles.js';
import type { NodeDeviceDocument } from '../../xml/index.js';
import { wwn } from '../../xml/node-device/common.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';
import { documentAndText } from '../document.js';
import { flagOptions } from '../flags.js';
import { unlessMissing } from '../lookup.js';
import { refuseNewer } from '../newer.js';
import type { ValidateOptions } from '../options.js';
import { capabilityFlags, type NodeDeviceCapabilityName } from './capability.js';
import { NodeDevice } from './node-device.js';

/** Which devices to list. What is left out does not matter. */
export interface NodeDeviceFilter {
  /** With this capability, or any of these. */
  cap?: NodeDeviceCapabilityName | readonly NodeDeviceCapabilityName[];
  /** There, or only defined. Needs libvirt 7.3. */
  active?: boolean;
  /** With a configuration that survives a stop, or without. Needs libvirt 10.1. */
  persistent?: boolean;
}

/** The world wide names of a virtual port. */
export interface VportNames {
  /** The node's: 16 hexadecimal digits. */
  wwnn: string;
  /** The port's: 16 hexadecimal digits. */
  wwpn: string;
}

const filterFlags = flagOptions<NodeDeviceFilter>('a filter of node devices', {
  cap: { several: capabilityFlags },
  active: [list.ACTIVE, list.INACTIVE],
  persistent: [list.PERSISTENT, list.TRANSIENT],
});

const createFlags = flagOptions<ValidateOptions>('a device to be created', {
  validate: virNodeDeviceCreateXMLFlags.VALIDATE,
});

const defineFlags = flagOptions<ValidateOptions>('a definition', {
  validate: virNodeDeviceDefineXMLFlags.VALIDATE,
});

const readVportNames = record<VportNames>()('a virtual port', {
  wwnn: needed(coded(wwn)),
  wwpn: needed(coded(wwn)),
});

/** The devices of the host of a connection. */
export class NodeDevices {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * The devices that fit, in libvirt's order; all without a filter.
   *
   * ```ts
   * for (const device of await connection.nodeDevices.list({ cap: 'net' })) console.log(device.name);
   * ```
   *
   * @throws LibvirtError `INVALID_ARG` for a filter that the driver or its version does not know.
   */
  async list(filter: NodeDeviceFilter = {}): Promise<NodeDevice[]> {
    const flags = filterFlags(filter, '');
    const asked = { action: 'list the node devices of', object: `connection ${this.#connection.name}` };
    const handles = await ask(asked, (functions) =>
      functions.virConnectListAllNodeDevices(this.#connection.link.handle, flags),
    );
    return handles.map((handle) => new NodeDevice(this.#connection, handle));
  }

  /**
   * The device of that name.
   *
   * @throws LibvirtError `NO_NODE_DEVICE` when there is none.
   */
  async get(name: string): Promise<NodeDevice> {
    const checked = anyText(name, 'name');
    const handle = await ask({ action: 'get', object: `node device '${checked}'` }, (functions) =>
      functions.virNodeDeviceLookupByName(this.#connection.link.handle, checked),
    );
    return new NodeDevice(this.#connection, handle);
  }

  /** The device of that name, or undefined. */
  find(name: string): Promise<NodeDevice | undefined> {
    return unlessMissing('NO_NODE_DEVICE', this.get(name));
  }

  /**
   * The port of Fibre Channel with these world wide names, or undefined.
   *
   * @throws LibvirtError `NO_SUPPORT` on the test driver.
   * @see https://libvirt.org/html/libvirt-libvirt-nodedev.html#virNodeDeviceLookupSCSIHostByWWN
   */
  async findVport(names: VportNames): Promise<NodeDevice | undefined> {
    const { wwnn, wwpn } = readVportNames(names, '');
    try {
      const handle = await ask({ action: 'find', object: `port ${wwnn}:${wwpn}` }, (functions) =>
        functions.virNodeDeviceLookupSCSIHostByWWN(this.#connection.link.handle, wwnn, wwpn, 0),
      );
      return new NodeDevice(this.#connection, handle);
    } catch (error) {
      if (saysThereIsNone(error)) return undefined;
      throw error;
    }
  }

  /**
   * Makes a device that lasts until it is destroyed: a virtual port of an adapter (vHBA), or a mediated device.
   *
   * ```ts
   * const vport = await connection.nodeDevices.create(build.nodeDevice.vport({ parent: 'scsi_host3' }));
   * await vport.destroy();
   * ```
   *
   * @param device A document, of a builder or written by hand, or the text of one. libvirt chooses the name.
   * @param options libvirt's grammar describes devices as they are printed: with `validate` a new one wants a name, too.
   * @throws LibvirtError `CONFIG_UNSUPPORTED` for other devices, `INTERNAL_ERROR` for a parent that is not there or
   *   cannot have virtual ports, and why the kernel refused.
   * @throws TypeError, RangeError or XmlError naming what is wrong in the document.
   * @see https://libvirt.org/html/libvirt-libvirt-nodedev.html#virNodeDeviceCreateXML
   */
  async create(device: NodeDeviceDocument | string, options: ValidateOptions = {}): Promise<NodeDevice> {
    const flags = createFlags(options, '');
    return this.#add('create', device, (functions, xml) =>
      functions.virNodeDeviceCreateXML(this.#connection.link.handle, xml, flags),
    );
  }

  /**
   * Defines a mediated device that persists, inactive at first. Needs libvirt 7.3, and mdevctl there.
   *
   * @param device A document, or the text of one.
   * @throws LibvirtError, TypeError, RangeError or XmlError as `create` does.
   * @see https://libvirt.org/html/libvirt-libvirt-nodedev.html#virNodeDeviceDefineXML
   */
  async define(device: NodeDeviceDocument | string, options: ValidateOptions = {}): Promise<NodeDevice> {
    const flags = defineFlags(options, '');
    return this.#add('define', device, (functions, xml) =>
      functions.virNodeDeviceDefineXML(this.#connection.link.handle, xml, flags),
    );
  }

  async #add(
    action: string,
    device: NodeDeviceDocument | string,
    call: (functions: Functions, xml: string) => Promise<NodeDeviceHandle>,
  ): Promise<NodeDevice> {
    const { document, xml } = documentAndText('nodeDevice', device);
    const asked = { action, object: document.name ? `node device '${document.name}'` : 'a node device' };
    await refuseNewer(asked, document, this.#connection);
    const handle = await ask(asked, (functions) => call(functions, xml));
    return new NodeDevice(this.#connection, handle);
  }
}

/** libvirt 9.0 gives neither a device nor a reason when there is none, which its client calls an unknown cause. */
function saysThereIsNone(error: unknown): boolean {
  if (!(error instanceof LibvirtError)) return false;
  return error.code === 'NO_NODE_DEVICE' || (error.code === 'INTERNAL_ERROR' && error.domain === 'NONE');
}
