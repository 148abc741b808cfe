// What devices are opened with, checked before anything is asked of the kernel.
import { flag, type Reader, record, wrongType } from '../../build/reader.js';
import { namespacePath } from '../namespace-path.js';
import { deviceName, whole } from '../netlink/types.js';

/** How large a batch can be. More is read with fewer calls of JavaScript, and leaves the processor's cache. */
export interface BatchSize {
  /** Frames, 1 to 65536; 256 if not given, 1024 with `offload: 'split'`. */
  frames?: number;
  /**
   * Bytes of the slab, at least 262144 (256 KiB), at most 64 MiB. Devices of a thread with batches of one size take turns
   * with the same slab. If not given: 16 MiB, of which only what frames fill takes memory (about 1 MiB), as the many
   * that wait are read together, each into the room of the largest; below 1 MiB they are read one by one. 1 MiB with
   * `offload: 'split'`, 512 KiB with a thread, and with `raw` the room of two to five of the largest, 64 KiB each, by the
   * processor's second cache: with more of them in a batch, what costs more is that they leave it.
   */
  bytes?: number;
}

/** What a TAP device and a TUN device have in common. */
export interface DeviceOptions {
  /**
   * The name, up to 15 bytes without `/`, `:` and white space. With one `%d` the kernel puts the first free number
   * there; without a name it is `tap%d` or `tun%d`. `name` of what was opened is what the kernel chose.
   */
  name?: string;
  /**
   * true: the device must exist, as a persistent one does or one with `multiQueue`. false: it must not. If not given
   * it is attached to where it exists, and made where not.
   */
  existing?: boolean;
  /** How many queues to open, 1 to 256. More than one means `multiQueue`. */
  queues?: number;
  /** Whether others (a Worker, another process) may open queues of the same device, too. All must say so. */
  multiQueue?: boolean;
  /** The number of the user who may attach to it without being root. */
  owner?: number;
  /** The number of the group whose members may. */
  group?: number;
  /** Whether the device stays when it is closed, until somebody deletes it or takes that back. */
  persist?: boolean;
  /** The network namespace to open it in: a name of `ip netns`, or a path. The process stays where it is. */
  netns?: string;
  /**
   * Super-frames: TCP segments and UDP datagrams of a flow, up to 64 KiB at once, behind a virtio-net header.
   * `split`: frames are split when they are read, with right checksums, and joined when they are written with
   * `writeBatch`, which computes checksums anew; your program sees neither super-frames nor headers.
   * `raw`: your program sees and writes both; `batch.header(i)` reads the header.
   */
  offload?: 'raw' | 'split';
  /** Whether frames that are written go through NAPI, which can join them (GRO); off, since it costs more than it gives. */
  napi?: boolean;
  /**
   * Bytes that may wait in the kernel to be processed; without a limit, which is the rule, writing never has to wait.
   * There is room again when less than half of them wait.
   */
  sendBuffer?: number;
  /** Whether a thread reads: worth it only when your listener works long on each batch and a core is free. */
  thread?: boolean;
  /** How large batches are. */
  batch?: BatchSize;
  /** How many frames `write` keeps when the kernel takes none at the moment; 1024 if not given. */
  writeQueue?: number;
}

/** What a TUN device can be besides. */
export interface TunOptions extends DeviceOptions {
  /** Whether each packet comes behind four bytes, flags and protocol (`struct tun_pi`). Not together with `offload`. */
  packetInformation?: boolean;
}

const offload: Reader<'raw' | 'split'> = (value, path) => {
  if (value !== 'raw' && value !== 'split') throw wrongType(path, value, "'raw' or 'split'");
  return value;
};

/** 2 ** 32 - 1 is the kernel's word for nobody. */
const id = whole(0, 2 ** 32 - 2);
const LEAST_BYTES = 2 ** 18;

const fields = {
  name: deviceName.input,
  existing: flag,
  queues: whole(1, 256),
  multiQueue: flag,
  owner: id,
  group: id,
  persist: flag,
  netns: namespacePath,
  offload,
  napi: flag,
  sendBuffer: whole(2, 2 ** 31 - 1),
  thread: flag,
  batch: record<BatchSize>()('the size of batches', {
    frames: whole(1, 2 ** 16),
    bytes: whole(LEAST_BYTES, 2 ** 26),
  }),
  writeQueue: whole(0, 2 ** 20),
};

const readTapOptions = record<DeviceOptions>()('a TAP device', fields, {
  packetInformation: 'a frame of a TAP device says its protocol itself: only Tun has it',
});
const readTunOptions = record<TunOptions>()('a TUN device', { ...fields, packetInformation: flag });

const readers = { tap: readTapOptions, tun: readTunOptions };

/** What both readers give. */
export type Checked = ReturnType<typeof readTunOptions>;

/** Checks what a device is opened with. */
export function readOptions(kind: 'tap' | 'tun', given: TunOptions): Checked {
  const options: Checked = readers[kind](given, '');
  const { name, existing, queues = 1, multiQueue, offload: mode, packetInformation } = options;
  if (existing && (name === undefined || name.includes('%')))
    throw new TypeError('name: missing; a device that exists has one');
  if (queues > 1 && multiQueue === false) throw new RangeError(`queues: ${queues} need multiQueue`);
  if (mode !== undefined && packetInformation)
    throw new TypeError('packetInformation: not together with offload, whose header stands before it');
  return options;
}
