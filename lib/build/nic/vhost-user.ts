// NICs that another process, or hardware that speaks virtio, serves without QEMU between.
import { integer, oneOf } from '../../xml/codec.js';
import type { VdpaNic, VhostUserNic } from '../../xml/index.js';
import { absolutePath } from '../names.js';
import { present } from '../present.js';
import { coded, needed, record } from '../reader.js';
import {
  type NicDocument,
  nicDocument,
  nicMembers,
  type PluggedNicOptions,
  pluggedFields,
  wrap,
} from './common.js';
import {
  deviceVirtioFields,
  hardwareMembers,
  type OffloadOptions,
  type VhostUserDriverOptions,
  type VirtioDriverOptions,
  type VirtioModel,
  vhostUserDriver,
  virtioModel,
} from './hardware.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';
import { tapFields, target } from './tap.js';

/** What a NIC has that is served without QEMU between. */
export interface ServedNicOptions extends PluggedNicOptions {
  /** How many pairs of queues it has, each for a processor of the guest: 1 to 511. Default: 1. */
  queues?: number;
  /** Which work host and guest leave to each other; false for none. Default: all that they can. */
  offloads?: false | OffloadOptions;
  /** Whether it is the one of a pair that stays during a migration, while the other is unplugged. */
  teaming?: 'persistent';
}

/** When a client tries again. */
export interface ReconnectOptions {
  /** Seconds between two attempts, at least 1. */
  timeout: number;
}

/** A NIC that a vhost-user switch serves. */
export type VhostUserNicOptions = ServedNicOptions & {
  /** The switch's socket, an absolute path. */
  path: string;
  /** The hardware that the guest sees. Default: `virtio`. */
  model?: VirtioModel;
  /** How it works. Default: as QEMU likes it. */
  driver?: VhostUserDriverOptions;
  /** The name of the switch's port, for statistics. Default: Open vSwitch is asked. */
  target?: string;
  /** The MTU that the guest is told, in bytes: 68 to 65521. Default: none. */
  mtu?: number;
} & (
    | {
        /** QEMU connects to the switch's socket. */
        mode: 'client';
        /** When it tries again after the switch has gone; false for never. Default: never. */
        reconnect?: false | ReconnectOptions;
      }
    | {
        /** QEMU listens, and the guest starts when the switch has connected. */
        mode: 'server';
        reconnect?: never;
      }
  ) &
  PlaceOptions;

/** A NIC that a vDPA device of the host serves: hardware that speaks virtio. */
export type VdpaNicOptions = ServedNicOptions & {
  /** The device's character device, an absolute path: `/dev/vhost-vdpa-0`. */
  dev: string;
  /** How it works. Default: as QEMU likes it. */
  driver?: VirtioDriverOptions;
} & PlaceOptions;

const NO_TAP = 'its frames do not pass the host';

const ELSEWHERE = {
  bandwidth: NO_TAP,
  filter: NO_TAP,
  isolatedPort: NO_TAP,
  vlan: NO_TAP,
};

const reconnectFields = record<ReconnectOptions>()('a reconnection', {
  timeout: needed(coded(integer(1, 0xffffffff), 'seconds')),
});

const served = { ...pluggedFields, ...placeFields, ...deviceVirtioFields };

const readVhostUser = record<VhostUserNicOptions>()(
  'a vhost-user NIC',
  {
    ...served,
    model: virtioModel,
    driver: vhostUserDriver,
    path: needed(absolutePath),
    mode: needed(coded(oneOf('client', 'server'))),
    reconnect: (value, path) =>
      value === false
        ? ({ enabled: false } as const)
        : ({ enabled: true, ...reconnectFields(value, path) } as const),
    target,
    mtu: tapFields.mtu,
  },
  { ...ELSEWHERE, source: "give the switch's socket: path", socket: 'did you mean path?' },
);

const readVdpa = record<VdpaNicOptions>()(
  'a vDPA NIC',
  { ...served, dev: needed(absolutePath) },
  {
    ...ELSEWHERE,
    source: 'give the character device: dev',
    model: 'a vDPA device is virtio',
    mtu: 'the device knows its MTU',
    target: 'there is no device on the host but dev',
  },
);

/**
 * A NIC that a vhost-user switch (Open vSwitch with DPDK, VPP, snabb) serves through memory that it shares with the guest: the
 * domain must have shared memory.
 *
 * @example
 * ```ts
 * build.nic.vhostUser({
 *   path: '/run/vhost0.sock',
 *   mode: 'client',
 *   reconnect: { timeout: 10 },
 *   mac: '52:54:00:12:34:56',
 *   queues: 4,
 * })
 * ```
 * ```xml
 * <interface type='vhostuser'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source type='unix' path='/run/vhost0.sock' mode='client'>
 *     <reconnect enabled='yes' timeout='10'/>
 *   </source>
 *   <model type='virtio'/>
 *   <driver queues='4'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `path: run/vhost0.sock is not …`
 * @see https://libvirt.org/formatdomain.html#vhost-user-connection
 */
export const vhostUser = (options: VhostUserNicOptions): NicDocument<VhostUserNic> => {
  const nic = readVhostUser(options, '');
  const { path, mode, reconnect } = nic;
  if (reconnect && mode === 'server')
    throw new TypeError("reconnect: not possible with mode: 'server', only with 'client'");
  return nicDocument({
    type: 'vhostuser',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    source: { type: 'unix' as const, path, mode, ...present({ reconnect }) },
    target: wrap('dev', nic.target),
    mtu: wrap('size', nic.mtu),
  });
};

/**
 * A NIC that a vDPA device of the host serves: hardware, most often a virtual function, that speaks virtio with the guest.
 *
 * @example
 * ```ts
 * build.nic.vdpa({ dev: '/dev/vhost-vdpa-0', mac: '52:54:00:12:34:56' })
 * ```
 * ```xml
 * <interface type='vdpa'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source dev='/dev/vhost-vdpa-0'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `dev: vhost-vdpa-0 is not …`
 * @see https://libvirt.org/formatdomain.html#vdpa-devices
 */
export const vdpa = (options: VdpaNicOptions): NicDocument<VdpaNic> => {
  const nic = readVdpa(options, '');
  return nicDocument({
    type: 'vdpa',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    source: { dev: nic.dev },
  });
};
