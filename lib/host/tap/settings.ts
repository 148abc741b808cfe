// What a device is set to: asked of the kernel and told to it through the device's own descriptors.
import { isMulticastMac, parseMac } from '../../build/address/mac.js';
import { checked, flag, type Reader, record, wrongType } from '../../build/reader.js';
import type { FrameQueue } from '../../native/kernel.js';
import { whole } from './options.js';

/** What the kernel says of a device. */
export interface DeviceState {
  /** Its name now: somebody may have renamed it. */
  name: string;
  /** Its number in its network namespace. */
  index: number;
  /** Whether it is set up (`ip link set … up`). */
  up: boolean;
  /** Whether it is up and has a carrier. */
  running: boolean;
  /** The longest packet, in bytes, without the Ethernet header. */
  mtu: number;
  /** The address of a TAP device; all zeros for a TUN device. */
  mac: string;
  /** How many frames wait for this program before the kernel drops more. */
  txQueueLength: number;
  /** How many bytes of frames that were written may wait to be processed. */
  sendBuffer: number;
  /** Whether it stays when it is closed. */
  persist: boolean;
}

/** One instruction of the classic packet filter (`struct sock_filter` of linux/filter.h). */
export interface FilterInstruction {
  code: number;
  jt: number;
  jf: number;
  k: number;
}

/** What {@link FrameDevice.set} changes. */
export interface DeviceSettings {
  /** `ip link set … up`, or down. */
  up?: boolean;
  /** The longest packet, 68 to 65521 bytes. */
  mtu?: number;
  /** The address of a TAP device. */
  mac?: string;
  /** How many frames wait for this program before the kernel drops more; 1000 at first. Of the same size for each queue. */
  txQueueLength?: number;
  /** Whether the device has a carrier, as a cable that is plugged in. */
  carrier?: boolean;
  /** How many bytes of frames that were written may wait to be processed. */
  sendBuffer?: number;
  /** Whether the device stays when it is closed. */
  persist?: boolean;
  /**
   * A classic packet filter: only what it lets pass reaches this program. `tcpdump -ddd` prints such programs. An empty
   * one takes it away.
   */
  filter?: readonly FilterInstruction[];
}

const macAddress: Reader<string> = checked('a MAC address', (text) => {
  const mac = parseMac(text);
  if (mac === undefined) return 'is not a MAC address, as in 52:54:00:12:34:56';
  return isMulticastMac(mac) ? 'is the address of a group, not of a device' : undefined;
});

/** BPF_MAXINSNS. */
const LONGEST_PROGRAM = 4096;

const readInstruction = record<FilterInstruction>()('an instruction', {
  code: { needed: whole(0, 0xffff) },
  jt: { needed: whole(0, 0xff) },
  jf: { needed: whole(0, 0xff) },
  k: { needed: whole(0, 0xffffffff) },
});

const program: Reader<Uint32Array> = (value, path) => {
  if (!Array.isArray(value)) throw wrongType(path, value, 'a list of instructions');
  if (value.length > LONGEST_PROGRAM)
    throw new RangeError(`${path}: ${value.length} instructions; the kernel takes ${LONGEST_PROGRAM}`);
  return Uint32Array.from(
    value.flatMap((one: unknown, i) => {
      const { code, jt, jf, k } = readInstruction(one, `${path}[${i}]`);
      return [code, jt, jf, k];
    }),
  );
};

export const readSettings = record<DeviceSettings>()('the settings of a device', {
  up: flag,
  mtu: whole(68, 65521),
  mac: macAddress,
  txQueueLength: whole(0, 2 ** 20),
  carrier: flag,
  sendBuffer: whole(2, 2 ** 31 - 1),
  persist: flag,
  filter: program,
});

/** Each is a row of native/kernel/tuntap.cpp. */
const NUMBERS = ['mtu', 'txQueueLength', 'carrier', 'persist', 'up'] as const;

/** Tells the kernel; `up` comes last, so that a device comes up as it is to be. */
export function setDevice(queues: readonly FrameQueue[], settings: ReturnType<typeof readSettings>): void {
  const [first] = queues;
  const { mac, filter, sendBuffer } = settings;
  if (!first) return;
  if (mac !== undefined) first.setMac(Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16)));
  if (filter !== undefined) first.setFilter(filter);
  if (sendBuffer !== undefined) for (const queue of queues) queue.set('sendBuffer', sendBuffer);
  for (const key of NUMBERS) {
    const value = settings[key];
    if (value !== undefined) first.set(key, Number(value));
  }
}

export function stateOf(queue: FrameQueue): DeviceState {
  return {
    name: queue.deviceName(),
    index: queue.get('index'),
    up: queue.get('up') !== 0,
    running: queue.get('carrier') !== 0,
    mtu: queue.get('mtu'),
    mac: Array.from(queue.mac(), (byte) => byte.toString(16).padStart(2, '0')).join(':'),
    txQueueLength: queue.get('txQueueLength'),
    sendBuffer: queue.get('sendBuffer'),
    persist: queue.get('persist') !== 0,
  };
}
