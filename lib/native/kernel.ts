// What the addon does with the kernel itself, without libvirt: native/kernel.

/** What a system call that failed is thrown or rejected with; lib/host/error.ts makes a KernelError of it. */
export interface SystemFailure extends Error {
  errno: number;
  /** The system call, as in `setns`; for ioctl the request, as in `TUNSETIFF`. */
  call: string;
  /** The kernel's own words, where it has any: the log of its verifier. */
  detail?: string;
}

/** What messages are answered with. */
export interface NetlinkAnswers {
  /** The number that the first of them got; the others follow it. */
  first: number;
  bytes: Uint8Array;
}

/** A netlink socket that asks the kernel. */
export interface NetlinkRequests {
  /**
   * Sends whole messages in one call and resolves with all that they are answered with, in their order. They are
   * numbered, and the last one asks for an acknowledgement, here. Rejects with a {@link SystemFailure}.
   */
  exchange(messages: Uint8Array): Promise<NetlinkAnswers>;
  /** What is asked afterwards is rejected with EBADF. */
  close(): void;
}

/** A netlink socket that hears what the kernel tells of its own accord; keeps the process alive until closed. */
export interface NetlinkEvents {
  close(): void;
}

export interface Kernel {
  NetlinkRequests: new (protocol: number, netns: string | null) => NetlinkRequests;
  /**
   * The listener gets whole messages, or null where some were lost because they came faster than they were taken; it
   * must not throw. `buffer` is in bytes.
   */
  NetlinkEvents: new (
    protocol: number,
    netns: string | null,
    groups: readonly number[],
    buffer: number,
    listener: (messages: Uint8Array | null) => void,
  ) => NetlinkEvents;
  /** Enters a network namespace and leaves it again; throws a {@link SystemFailure} when that is impossible. */
  tryNamespace(path: string): void;
  /**
   * Gives the network namespace of a file a name, or a new one where it is null: mounts it on a file at `path`, which is
   * made. Rejects with a {@link SystemFailure}; there is no such file then. native/kernel/named_namespaces.cpp.
   */
  nameNamespace(path: string, of: string | null): Promise<void>;
  /** Takes such a file away; rejects with a {@link SystemFailure}. */
  unnameNamespace(path: string): Promise<void>;
  /** Opens a TUN/TAP device with its queues; rejects with a {@link SystemFailure}. native/kernel/open_tun.cpp. */
  openTun(request: TunRequest): Promise<OpenedTun>;
  /**
   * Makes a TUN/TAP device that stays of each name, in one job: which were `made`, with the name and the number that
   * the kernel gave each, and the `failure` of the one after them, a {@link SystemFailure}.
   */
  makeTuns(
    request: Omit<TunRequest, 'name' | 'persist'>,
    names: readonly string[],
  ): Promise<{ readonly made: readonly MadeTun[]; readonly failure?: unknown }>;
  /** Closes queues, which may wait for the kernel: away from the event loop's thread. */
  closeTun(queues: readonly OpenedQueue[]): Promise<void>;
  FrameMemory: new (size: FrameMemorySize) => FrameMemory;
  /** Queues of one thread may have the same memory, unless a thread of their own reads them. */
  FrameQueue: new (
    opened: OpenedQueue,
    options: FrameQueueOptions,
    memory: FrameMemory,
  ) => FrameQueue;
}

declare const queue: unique symbol;
/** An open queue of a device that nobody reads yet. */
export interface OpenedQueue {
  readonly [queue]: never;
}

export interface TunRequest {
  name: string;
  layer: 2 | 3;
  existing?: boolean | undefined;
  packetInformation?: boolean | undefined;
  virtioHeader?: boolean | undefined;
  multiQueue?: boolean | undefined;
  napi?: boolean | undefined;
  persist?: boolean | undefined;
  queues?: number | undefined;
  /** TUN_F_CSUM and its like, together. */
  offloads?: number | undefined;
  owner?: number | undefined;
  group?: number | undefined;
  sendBuffer?: number | undefined;
  netns?: string | undefined;
}

/** A device by the name and the number that the kernel gave it. */
export type MadeTun = readonly [name: string, index: number];

export interface OpenedTun {
  name: string;
  /** Of the virtio-net header; 0 without one. */
  headerLength: number;
  /** Those that the kernel took. */
  offloads: number;
  queues: OpenedQueue[];
}

export interface FrameQueueOptions {
  layer: 2 | 3;
  /** 0: no virtio-net header; 1: as it comes; 2: super-frames are split and joined. */
  offload: 0 | 1 | 2;
  headerLength: number;
  thread: boolean;
}

/** Of each batch, and how many. */
export interface FrameMemorySize {
  bytes: number;
  frames: number;
  batches: number;
}

/** native/kernel/frame_memory.cpp. */
export interface FrameMemory {
  /** Bytes, then offsets, then lengths. */
  show(batch: number): ArrayBuffer;
  /** Gives a batch other memory, with so many of its frames, in place of what was taken. */
  renew(batch: number, count: number): void;
}

/** Instructions, a descriptor, null to take it away, or undefined to leave it. */
type Ebpf = Uint8Array | number | null | undefined;
/** Of the classic filter four numbers for each instruction, or undefined to leave it. */
export type DevicePrograms = [steering: Ebpf, filter: Ebpf, classic: Uint32Array | undefined];

/** native/kernel/frame_queue.cpp. */
export interface FrameQueue {
  /** Whether frames wait that were read before and found no room: for {@link readRest}, from the event loop. */
  start(onFrames: () => void): boolean;
  /**
   * For `onFrames`, again and again: how many frames the next batch has; 0 when it is somebody else's turn; -errno when
   * there will be none. Which of several batches that is, is in the counters.
   */
  next(): number;
  readRest(): void;
  stop(): void;
  ref(): void;
  unref(): void;
  /** How many of the frames `from` to `to` went; why not all is in the counters. */
  write(bytes: Uint8Array, offsets: Uint32Array, lengths: Uint32Array, from: number, to: number): number;
  /** 0, or an errno. */
  writeOne(frame: Uint8Array): number;
  /** Once; with an errno where frames never can be written again. */
  awaitWritable(onRoom: (errno: number) => void): void;
  leaveWritable(): void;
  /**
   * Once, with an errno, when the device goes while nobody reads; until {@link start}. It keeps neither the process alive
   * nor `onEnd`, which the caller holds.
   */
  awaitEnd(onEnd: (errno: number) => void): void;
  /** In the order of `struct Counters` of native/kernel/frames.hpp. */
  counters(): Float64Array;
  get(property: string): number;
  set(property: string, value: number): void;
  mac(): Uint8Array;
  setMac(mac: Uint8Array): void;
  deviceName(): string;
  /** Throws where {@link setPrograms} would, and changes nothing. */
  tryPrograms(...programs: DevicePrograms): void;
  setPrograms(...programs: DevicePrograms): void;
  /** Ends it; undefined when that was done before. */
  detach(): OpenedQueue | undefined;
}
