// What a device is and can be set to, as users say it and as the kernel does.
import { isMulticastMac, parseMac } from '../../build/address/mac.js';
import { checked, flag, type Reader, record, wrongType } from '../../build/reader.js';
import type { FrameQueue } from '../../native/kernel.js';
import { whole } from '../netlink/types.js';

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
  /**
   * How many frames the kernel has dropped instead of giving them to whoever reads the device, since it was made: more than
   * `txQueueLength` of a queue waited, or a filter kept them away. `tx_dropped` of `struct rtnl_link_stats64`, which
   * `ip -s link` shows; what a queueing discipline in front of it drops, that counts.
   */
  dropped: number;
  /** How many bytes of frames that were written may wait to be processed. */
  sendBuffer: number;
  /** Whether it stays when it is closed. */
  persist: boolean;
}

/** One instruction of the classic packet filter (`struct sock_filter` of linux/filter.h). */
export interface FilterInstruction {
  /** What it does: BPF_… of linux/bpf_common.h, 16 bits. */
  code: number;
  /** Of a jump, how many instructions are skipped where its condition holds: 0 to 255. */
  jt: number;
  /** Of a jump, how many instructions are skipped where its condition does not hold: 0 to 255. */
  jf: number;
  /** The number or offset that it does it with: 32 bits. */
  k: number;
}

/**
 * An eBPF program: its instructions of eight bytes (`struct bpf_insn` of linux/bpf.h), which the kernel is given as a
 * program of the type BPF_PROG_TYPE_SOCKET_FILTER without a license, or the descriptor of one that is loaded, which stays
 * yours to close. It sees the frame as it is, a TUN device's packet from its IP header on.
 */
export type EbpfProgram = Uint8Array | number;

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
  /**
   * Which queue of the device a frame comes by: what the program returns, modulo the number of queues that are open. Without
   * one, a flow comes by the queue that it was last answered by. null takes it away. TUNSETSTEERINGEBPF of linux/if_tun.h, 4.16.
   *
   * ```ts
   * const byLastByteOfTheDestination = Uint8Array.from([
   *   [0xbf, 0x16, 0, 0, 0, 0, 0, 0], // r6 = r1, the frame
   *   [0x30, 0x00, 0, 0, 5, 0, 0, 0], // r0 = its byte 5
   *   [0x95, 0x00, 0, 0, 0, 0, 0, 0], // return r0
   * ].flat());
   * await tap.set({ ebpfSteering: byLastByteOfTheDestination });
   * ```
   */
  ebpfSteering?: EbpfProgram | null;
  /**
   * What of a frame reaches this program: as many bytes as the eBPF program returns, nothing with 0. It is asked before
   * `filter`, which is another one. null takes it away. TUNSETFILTEREBPF of linux/if_tun.h, 4.16.
   */
  ebpfFilter?: EbpfProgram | null;
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

const INSTRUCTION_BYTES = 8;
/** BPF_COMPLEXITY_LIMIT_INSNS: what the verifier takes from the privileged. */
const LONGEST_EBPF = 1_000_000;
const descriptor = whole(0, 2 ** 31 - 1);

const ebpf: Reader<EbpfProgram | null> = (value, path) => {
  if (value === null) return value;
  if (typeof value === 'number') return descriptor(value, path);
  if (!(value instanceof Uint8Array))
    throw wrongType(path, value, 'instructions in a Uint8Array, a descriptor, or null');
  const instructions = value.length / INSTRUCTION_BYTES;
  if (!Number.isInteger(instructions) || instructions < 1 || instructions > LONGEST_EBPF)
    throw new RangeError(
      `${path}: ${value.length} bytes; a program has 1 to ${LONGEST_EBPF} instructions of ${INSTRUCTION_BYTES} bytes`,
    );
  return value;
};

/** By which calls the kernel is told a field. */
const calls: Readonly<Record<keyof DeviceSettings, string>> = {
  up: 'SIOCSIFFLAGS',
  mtu: 'SIOCSIFMTU',
  mac: 'SIOCSIFHWADDR',
  txQueueLength: 'SIOCSIFTXQLEN',
  carrier: 'TUNSETCARRIER',
  sendBuffer: 'TUNSETSNDBUF',
  persist: 'TUNSETPERSIST',
  filter: 'TUNATTACHFILTER',
  ebpfSteering: 'BPF_PROG_LOAD',
  ebpfFilter: 'BPF_PROG_LOAD',
};

/** The call that has a field, or a part of one: `filter[3].k`. */
export const callOf = (field: string): string =>
  calls[/^\w*/.exec(field)?.[0] as keyof DeviceSettings] ?? 'ioctl';

export const readSettings = record<DeviceSettings>()('the settings of a device', {
  up: flag,
  mtu: whole(68, 65521),
  mac: macAddress,
  txQueueLength: whole(0, 2 ** 20),
  carrier: flag,
  sendBuffer: whole(2, 2 ** 31 - 1),
  persist: flag,
  filter: program,
  ebpfSteering: ebpf,
  ebpfFilter: ebpf,
});

const macText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

export function stateOf(queue: FrameQueue): DeviceState {
  return {
    name: queue.deviceName(),
    index: queue.get('index'),
    up: queue.get('up') !== 0,
    running: queue.get('carrier') !== 0,
    mtu: queue.get('mtu'),
    mac: macText(queue.mac()),
    txQueueLength: queue.get('txQueueLength'),
    dropped: queue.get('dropped'),
    sendBuffer: queue.get('sendBuffer'),
    persist: queue.get('persist') !== 0,
  };
}
