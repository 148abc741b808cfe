// NICs of hypervisors other than QEMU and KVM: VirtualBox, VMware, bhyve.
import { bigInteger } from '../../xml/codec.js';
import type { InternalNic, NullNic, VdsNic } from '../../xml/index.js';
import { line, uuid } from '../names.js';
import { checked, coded, needed, record } from '../reader.js';
import {
  type NicDocument,
  nicDocument,
  nicMembers,
  type PluggedNicOptions,
  pluggedFields,
  wrap,
} from './common.js';
import { model } from './hardware.js';

/** A NIC that is plugged into nothing. */
export interface NullNicOptions extends PluggedNicOptions {
  /** The hardware that the guest sees: what there is, the hypervisor knows. Default: the hypervisor's. */
  model?: string;
}

/** A NIC on a network inside of VirtualBox. */
export interface InternalNicOptions extends NullNicOptions {
  /** The name of the network: ASCII letters, digits and `_.-:/`. */
  name: string;
}

/** A NIC on a distributed switch of VMware. */
export interface VdsNicOptions extends NullNicOptions {
  /** The UUID of the switch. */
  switchId: string;
  /** The port, 64 bits: a bigint beyond 2^53. */
  portId: number | bigint;
  /** The port group. */
  portGroupId: string;
  /** The connection, 64 bits: a bigint beyond 2^53. */
  connectionId: number | bigint;
}

const long = needed(coded(bigInteger(-(2n ** 63n), 2n ** 63n - 1n)));

const common = { ...pluggedFields, model };

const readNull = record<NullNicOptions>()('a NIC that is plugged into nothing', common);

const readInternal = record<InternalNicOptions>()('a NIC on an internal network', {
  ...common,
  name: needed(
    checked('the name of an internal network', (name) =>
      /^[\w.\-\\:/]+$/.test(name)
        ? undefined
        : "is not the name of an internal network: ASCII letters, digits and '_', '.', '-', ':', '/' only",
    ),
  ),
});

const readVds = record<VdsNicOptions>()('a NIC on a distributed switch', {
  ...common,
  switchId: needed(uuid),
  portId: long,
  portGroupId: needed(line),
  connectionId: long,
});

/**
 * A NIC on a network inside of VirtualBox. QEMU's driver takes its definition, but cannot start a guest with it.
 *
 * @example
 * ```ts
 * build.nic.internal({ name: 'intnet', mac: '52:54:00:12:34:56', model: '82540EM' })
 * ```
 * ```xml
 * <interface type='internal'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source name='intnet'/>
 *   <model type='82540EM'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `name: missing; …`
 * @see https://libvirt.org/drvvbox.html
 */
export const internal = (options: InternalNicOptions): NicDocument<InternalNic> => {
  const nic = readInternal(options, '');
  return nicDocument({
    type: 'internal',
    ...nicMembers(nic),
    model: wrap('type', nic.model),
    source: { name: nic.name },
  });
};

/**
 * A NIC on a distributed switch of VMware.
 *
 * @example
 * ```ts
 * build.nic.vds({
 *   switchId: '12345678-1234-1234-1234-123456789abc',
 *   portId: 6,
 *   portGroupId: 'pg-4321',
 *   connectionId: 12345,
 *   mac: '52:54:00:12:34:56',
 * })
 * ```
 * ```xml
 * <interface type='vds'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source switchid='12345678-1234-1234-1234-123456789abc' portid='6' portgroupid='pg-4321' connectionid='12345'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `switchId: 123 is not a UUID`
 * @see https://libvirt.org/formatdomain.html#vmware-distributed-switch
 */
export const vds = (options: VdsNicOptions): NicDocument<VdsNic> => {
  const { switchId, portId, portGroupId, connectionId, ...nic } = readVds(options, '');
  return nicDocument({
    type: 'vds',
    ...nicMembers(nic),
    model: wrap('type', nic.model),
    source: { switchId, portId, portGroupId, connectionId },
  });
};

/**
 * A NIC that is plugged into nothing; bhyve alone has it. libvirtd 9.x crashes when its QEMU driver is given one, newer ones
 * refuse it.
 *
 * @example
 * ```ts
 * build.nic.null({ mac: '52:54:00:12:34:56', model: 'e1000' })
 * ```
 * ```xml
 * <interface type='null'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <model type='e1000'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `mac: 52:54:00 is not …`
 * @see https://libvirt.org/formatdomain.html#null-network-interface
 */
export const unplugged = (options: NullNicOptions = {}): NicDocument<NullNic> => {
  const nic = readNull(options, '');
  return nicDocument({ type: 'null', ...nicMembers(nic), model: wrap('type', nic.model) });
};
