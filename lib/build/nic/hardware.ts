// The hardware that the guest sees, and what virtio's has beyond others': queues, offloads, the driver on the host.
// https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options
import { form, integer, oneOf } from '../../xml/codec.js';
import type { GuestOffloads, HostOffloads, Teaming, VirtioDriver } from '../../xml/index.js';
import { absolutePath } from '../names.js';
import { present } from '../present.js';
import { coded, flag, type Reader, record, show } from '../reader.js';
import { type TransientTeamingOptions, transientTeaming } from './common.js';

/** The models of virtio, the paravirtual hardware that is made for guests. */
export type VirtioModel = 'virtio' | 'virtio-transitional' | 'virtio-non-transitional';

/** Models of hardware that QEMU emulates; what else there is, the hypervisor knows. */
export type EmulatedModel =
  | 'e1000'
  | 'e1000e'
  | 'igb'
  | 'rtl8139'
  | 'pcnet'
  | 'ne2k_pci'
  | 'vmxnet3'
  | 'usb-net'
  | 'spapr-vlan'
  | 'lan9118'
  | (string & {});

/** A NIC's hardware: virtio, with what `V` has, or an emulated model, without it. */
export type HardwareOptions<V> =
  | ({
      /** The hardware that the guest sees. Default: `virtio`. */
      model?: VirtioModel;
    } & V)
  | ({
      /** The hardware that the guest sees. */
      model: EmulatedModel;
    } & { [K in keyof V]?: never });

/** What the host does for the guest. */
export interface HostOffloadOptions {
  /** Checksums. */
  csum?: boolean;
  /** Any segmentation. */
  gso?: boolean;
  /** Segmentation of TCP over IPv4. */
  tso4?: boolean;
  /** Segmentation of TCP over IPv6. */
  tso6?: boolean;
  /** Segmentation of TCP with congestion notification. */
  ecn?: boolean;
  /** Fragmentation of UDP. */
  ufo?: boolean;
  /** Receive buffers that are joined for a long frame. Left alone by `host: false`. */
  mergeableRxBuffers?: boolean;
}

/** What the guest takes from the host. */
export interface GuestOffloadOptions {
  /** Frames without checksums. */
  csum?: boolean;
  /** Unsegmented TCP over IPv4. */
  tso4?: boolean;
  /** Unsegmented TCP over IPv6. */
  tso6?: boolean;
  /** Unsegmented TCP with congestion notification. */
  ecn?: boolean;
  /** Unfragmented UDP. */
  ufo?: boolean;
}

/** Which work host and guest leave to each other; false for none in that direction. */
export interface OffloadOptions {
  /** What the host does for the guest. Default: all that it can. */
  host?: false | HostOffloadOptions;
  /** What the guest takes from the host. Default: all that it can. */
  guest?: false | GuestOffloadOptions;
}

/** How a virtio NIC works. QEMU's defaults are good: change them for a reason. */
export interface VirtioDriverOptions {
  /** What sends: a thread (`iothread`) or a timer. */
  txMode?: 'iothread' | 'timer';
  /** Whether a thread of its own handles the guest's I/O. */
  ioEventFd?: boolean;
  /** Whether there are fewer interrupts and exits, at the device's choice. */
  eventIdx?: boolean;
  /** The size of the receive ring: 256, 512 or 1024. */
  rxQueueSize?: 256 | 512 | 1024;
  /** Whether the device is behind the guest's IOMMU. */
  iommu?: boolean;
  /** Whether it has the address translation service of PCIe. */
  ats?: boolean;
  /** Whether its virtqueues are packed. */
  packed?: boolean;
  /** Whether each queue has a page of its own for notifications. */
  pagePerVq?: boolean;
}

/** How a virtio NIC on a tap or macvtap works. */
export interface TapDriverOptions extends VirtioDriverOptions {
  /** What moves the frames: the kernel (`vhost`) or QEMU. Default: vhost where there is one. */
  name?: 'vhost' | 'qemu';
  /** Whether received frames are spread over the queues by a hash. */
  rss?: boolean;
  /** Whether the guest is told the hash. */
  rssHashReport?: boolean;
}

/** How a vhost-user NIC works. */
export interface VhostUserDriverOptions extends VirtioDriverOptions {
  /** The size of the send ring: 256, 512 or 1024. */
  txQueueSize?: 256 | 512 | 1024;
}

/** What every virtio NIC has. */
export interface VirtioOptions {
  /** How it works. Default: as QEMU likes it. */
  driver?: VirtioDriverOptions;
  /** Which work host and guest leave to each other; false for none. Default: all that they can. */
  offloads?: false | OffloadOptions;
  /** Whether it is the one of a pair that stays during a migration, while the other is unplugged. */
  teaming?: 'persistent';
}

/** What a virtio NIC on a tap or macvtap has. */
export interface TapVirtioOptions {
  /** How it works: what moves the frames, or more. Default: vhost where there is one, and the rest as QEMU likes it. */
  driver?: 'vhost' | 'qemu' | TapDriverOptions;
  /** How many pairs of queues it has, each for a processor of the guest: 1 to 256. Default: 1. */
  queues?: number;
  /** The device that vhost is opened with, an absolute path. Default: `/dev/vhost-net`. */
  vhostDevice?: string;
  /** Which work host and guest leave to each other; false for none. Default: all that they can. */
  offloads?: false | OffloadOptions;
  /** Whether it is the one of a pair that stays during a migration, while the other is unplugged. */
  teaming?: 'persistent';
}

/** What a virtio NIC on a network has: it may get a virtual function there, and then be the one to be unplugged. */
export interface NetworkVirtioOptions extends Omit<TapVirtioOptions, 'teaming'> {
  /** Its part in a pair: the one that stays during a migration, or the one that is unplugged, with the alias of the other. */
  teaming?: 'persistent' | TransientTeamingOptions;
}

const HOST = ['csum', 'gso', 'tso4', 'tso6', 'ecn', 'ufo'] as const;
const GUEST = ['csum', 'tso4', 'tso6', 'ecn', 'ufo'] as const;

const none = <const K extends readonly string[]>(keys: K): { readonly [P in K[number]]: false } =>
  Object.fromEntries(keys.map((key) => [key, false])) as { readonly [P in K[number]]: false };

const guestOffloads = { csum: flag, tso4: flag, tso6: flag, ecn: flag, ufo: flag };

const hostFields = record<HostOffloadOptions>()('the offloads of the host', {
  ...guestOffloads,
  gso: flag,
  mergeableRxBuffers: flag,
});
const guestFields = record<GuestOffloadOptions>()('the offloads of the guest', guestOffloads, {
  gso: 'segmentation in general is a matter of the host',
});

interface Offloads {
  readonly host?: HostOffloads;
  readonly guest?: GuestOffloads;
}

const offloadFields = record<OffloadOptions>()('the offloads', {
  host: (value, path): HostOffloads => (value === false ? none(HOST) : hostFields(value, path)),
  guest: (value, path): GuestOffloads => (value === false ? none(GUEST) : guestFields(value, path)),
});

const offloads: Reader<Offloads> = (value, path) =>
  value === false ? { host: none(HOST), guest: none(GUEST) } : offloadFields(value, path);

const ringSize: Reader<256 | 512 | 1024> = (value, path) => {
  if (value !== 256 && value !== 512 && value !== 1024)
    throw new RangeError(`${path}: ${show(value)} is not 256, 512 or 1024 (QEMU wants a power of two)`);
  return value;
};

const driverName = coded(oneOf('vhost', 'qemu'));

const driverFields = {
  txMode: coded(oneOf('iothread', 'timer')),
  ioEventFd: flag,
  eventIdx: flag,
  rxQueueSize: ringSize,
  iommu: flag,
  ats: flag,
  packed: flag,
  pagePerVq: flag,
};

const WHAT = 'a virtio driver';
const NOT_QUEUES = { queues: 'it stands beside driver: { queues: 4 }' };
const NO_TAP = {
  name: 'only the frames of a tap or macvtap are moved by vhost',
  rss: 'only a NIC on a tap has it',
  rssHashReport: 'only a NIC on a tap has it',
};
const NO_TX_SIZE = { txQueueSize: 'QEMU takes it for vhost-user only' };

/** A driver as it was read: what `<driver>` has but queues and offloads. */
type Driver = Omit<VirtioDriver, 'name' | 'queues' | 'host' | 'guest'> & { readonly name?: 'vhost' | 'qemu' };

const virtioDriver: Reader<Driver> = record<VirtioDriverOptions>()(WHAT, driverFields, {
  ...NO_TAP,
  ...NO_TX_SIZE,
  queues: 'QEMU has one queue there',
});
const tapDriverFields = record<TapDriverOptions>()(
  WHAT,
  { ...driverFields, name: driverName, rss: flag, rssHashReport: flag },
  { ...NOT_QUEUES, ...NO_TX_SIZE },
);
const tapDriver: Reader<Driver> = (value, path) =>
  typeof value === 'object' ? tapDriverFields(value, path) : { name: driverName(value, path) };

/** The driver of a vhost-user NIC. */
export const vhostUserDriver: Reader<Driver> = record<VhostUserDriverOptions>()(
  WHAT,
  { ...driverFields, txQueueSize: ringSize },
  { ...NOT_QUEUES, ...NO_TAP },
);

const persistent = coded(oneOf('persistent'), 'only NICs on networks and virtual functions can be unplugged');

const staying: Reader<Teaming> = (value, path) => ({ type: persistent(value, path) });

const either: Reader<Teaming> = (value, path) =>
  typeof value === 'object' ? transientTeaming(value, path) : staying(value, path);

/** A model's name, as libvirt's grammar has it. */
export const model = coded(
  form('the name of a model', (name) => /^[a-zA-Z\d_-]+$/.test(name)),
  "ASCII letters, digits and '_', '-'",
);

/** How many queues a tap has at most: MAX_TAP_QUEUES of the kernel's include/linux/if_tap.h. */
const tapQueues = coded(integer(1, 256));

/** How many pairs fit into the 1024 queues of a virtio device, beside the one for control. */
const deviceQueues = coded(integer(1, 511));

/** The readers of {@link VirtioOptions}. */
export const virtioFields = { model, driver: virtioDriver, offloads, teaming: staying };

/** The readers of {@link TapVirtioOptions}. */
export const tapVirtioFields = {
  model,
  driver: tapDriver,
  queues: tapQueues,
  vhostDevice: absolutePath,
  offloads,
  teaming: staying,
};

/** The readers of {@link NetworkVirtioOptions}. */
export const networkVirtioFields = { ...tapVirtioFields, teaming: either };

/** The readers of hardware that is always virtio, and has several queues of its own. */
export const deviceVirtioFields = { driver: virtioDriver, queues: deviceQueues, offloads, teaming: staying };

/** Any of the models of virtio. */
export const virtioModel: Reader<VirtioModel> = coded(
  oneOf('virtio', 'virtio-transitional', 'virtio-non-transitional'),
);

interface Read {
  readonly model?: string;
  readonly driver?: Driver;
  readonly queues?: number;
  readonly vhostDevice?: string;
  readonly offloads?: Offloads;
  readonly teaming?: Teaming;
}

const isVirtio = (model: string): boolean => /^virtio(?:-transitional|-non-transitional)?$/.test(model);

/** The members of a document that {@link HardwareOptions} stand for. */
export const hardwareMembers = ({ model = 'virtio', ...virtio }: Read) => {
  const { driver, queues, vhostDevice, offloads, teaming } = virtio;
  if (!isVirtio(model)) {
    for (const [field, value] of Object.entries({ driver, queues, vhostDevice, offloads, teaming })) {
      if (value !== undefined)
        throw new TypeError(`${field}: not possible with model: '${model}', only with virtio`);
    }
  }
  const all = { ...driver, ...present({ queues }), ...offloads };
  return { model: { type: model }, driver: Object.keys(all).length > 0 ? all : undefined, teaming };
};
