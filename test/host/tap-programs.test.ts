// eBPF programs of taps: which queue a frame comes by, and what of it.

import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { encodeFrame, KernelError, type Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { neighbour, syn } from './neighbour.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';

/** `struct bpf_insn` in the order of a little-endian machine. */
function instruction(code: number, destination: number, source: number, jump: number, value: number) {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, code);
  view.setUint8(1, (source << 4) | destination);
  view.setInt16(2, jump, true);
  view.setInt32(4, value, true);
  return bytes;
}

const assembled = (...instructions: Uint8Array[]): Uint8Array =>
  Uint8Array.from(instructions.flatMap((one) => [...one]));

/** The low byte of a destination port, behind Ethernet and an IPv4 header without options. */
const PORT = 14 + 20 + 3;
const FRAME_IN_R6 = instruction(0xbf, 6, 1, 0, 0);
const PORT_IN_R0 = instruction(0x30, 0, 0, 0, PORT);
const RETURN_R0 = instruction(0x95, 0, 0, 0, 0);
const set = (value: number) => instruction(0xb7, 0, 0, 0, value);
const returnPort = assembled(FRAME_IN_R6, PORT_IN_R0, RETURN_R0);
const returnNumber = (value: number) => assembled(set(value), RETURN_R0);
/** Nothing of what goes to an even port, and 40 bytes of the rest. */
const cutOddDropEven = assembled(
  FRAME_IN_R6,
  PORT_IN_R0,
  instruction(0x57, 0, 0, 0, 1), // r0 &= 1
  instruction(0x27, 0, 0, 0, 40), // r0 *= 40
  RETURN_R0,
);

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** What `steered.ts` says, with a loaded program or where there can be none. */
const steered = (netns: Netns, programs: 'loaded' | 'without'): Promise<string> =>
  netns.inside.must(
    // Where tsx is found.
    ...(['env', `--chdir=${fileURLToPath(new URL('../..', import.meta.url))}`] as const),
    ...['python3', fixture('programs.py'), programs],
    ...[process.execPath, '--import', 'tsx', fixture('steered.ts')],
  );

/** The answer of a machine where nobody listens: to which port, and where it was read. */
interface Answer {
  port: number;
  queue: number;
  bytes: number;
}

/** Knocks from these ports, always by queue 0, and reads until the last of them was answered. */
async function knock(tap: Tap, ports: readonly number[]): Promise<Answer[]> {
  const { mac } = await tap.state();
  const answers: Answer[] = [];
  const last = ports.at(-1);
  const all = new Promise<void>((resolve) => {
    const stop = tap.onBatch((batch) => {
      for (const frame of batch) {
        // Port and all before it are within what a filter leaves.
        if (frame[12] !== 8 || frame[13] !== 0 || frame[23] !== 6) continue;
        const port = ((frame[PORT - 1] as number) << 8) | (frame[PORT] as number);
        answers.push({ port, queue: batch.queue, bytes: frame.length });
        if (port !== last) continue;
        stop();
        resolve();
      }
    });
  });
  for (const sourcePort of ports) tap.write(encodeFrame(syn(mac, sourcePort)));
  await all;
  return answers;
}

/** Twice as often as there are queues, so that each has some: queue and port tell each other. */
const PORTS = [0x5000, 0x5001, 0x5002, 0x5003, 0x5004, 0x5005, 0x5006, 0x5007];

describeWith([...HOST_NEEDS, 'eBPF'], 'eBPF programs of a TAP device', () => {
  it('steer each frame to the queue of their number, until they are taken away', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { queues: 2 });
    const queues = async () =>
      Object.fromEntries((await knock(tap, PORTS)).map(({ port, queue }) => [port, queue]));
    const each = (queue: (port: number) => number) =>
      Object.fromEntries(PORTS.map((port) => [port, queue(port)]));
    await tap.set({ ebpfSteering: returnNumber(1) });
    expect(await queues()).toEqual(each(() => 1));
    // Modulo the two that are open.
    await tap.set({ ebpfSteering: returnPort });
    expect(await queues()).toEqual(each((port) => port % 2));
    await tap.set({ ebpfSteering: null });
    // The kernel learns from what comes by queue 0.
    await queues();
    expect(await queues()).toEqual(each(() => 0));
  });

  it('say how much of a frame is read', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { queues: 1 });
    await tap.set({ ebpfFilter: cutOddDropEven });
    expect(await knock(tap, [0x5000, 0x5002, 0x5001])).toEqual([{ port: 0x5001, queue: 0, bytes: 40 }]);
    await tap.set({ ebpfFilter: null });
    expect(await knock(tap, [0x5000, 0x5001])).toEqual([
      { port: 0x5000, queue: 0, bytes: 54 },
      { port: 0x5001, queue: 0, bytes: 54 },
    ]);
  });

  it('are refused with the log of the verifier, and the device stays as it was', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { queues: 2 });
    const { mac } = await tap.state();
    await tap.set({ ebpfSteering: returnNumber(1) });
    const refused = tap.set({
      mac: '02:00:00:00:00:07',
      ebpfSteering: returnNumber(0),
      ebpfFilter: assembled(RETURN_R0),
    });
    await expect(refused).rejects.toSatisfy((error) => error instanceof KernelError);
    await expect(refused).rejects.toMatchObject({
      code: 'EACCES',
      call: 'BPF_PROG_LOAD',
      device: 'tap0',
      detail: expect.stringContaining('R0 !read_ok'),
      hint: expect.stringContaining('verifier'),
    });
    expect((await tap.state()).mac).toBe(mac);
    expect((await knock(tap, [0x5000])).map(({ queue }) => queue)).toEqual([1]);
  });

  it('are all given to the device or none of them, with what else it is to be', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { queues: 2 });
    await tap.set({ ebpfSteering: returnNumber(1) });
    const before = await tap.state();
    const all = { mac: '02:00:00:00:00:07', mtu: 1400, sendBuffer: 8000, ebpfSteering: returnNumber(0) };
    const file = openSync('/dev/null', 'r');
    await expect(tap.set({ ...all, ebpfFilter: file })).rejects.toMatchObject({
      code: 'EINVAL',
      call: 'TUNSETFILTEREBPF',
    });
    closeSync(file);
    // It ends without an answer.
    const endless = [{ code: 0x30, jt: 0, jf: 0, k: 23 }];
    await expect(tap.set({ ...all, filter: endless })).rejects.toMatchObject({
      code: 'EINVAL',
      call: 'TUNATTACHFILTER',
    });
    expect(await tap.state()).toEqual(before);
    expect((await knock(tap, [0x5000])).map(({ queue }) => queue)).toEqual([1]);
  });

  it('are checked before the kernel is asked', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { queues: 1 });
    const file = openSync('/dev/null', 'r');
    for (const [program, code] of [
      [file, 'EINVAL'],
      [2 ** 31 - 1, 'EBADF'],
    ] as const)
      await expect(tap.set({ ebpfSteering: program })).rejects.toMatchObject({
        code,
        call: 'TUNSETSTEERINGEBPF',
        hint: expect.stringContaining('BPF_PROG_TYPE_SOCKET_FILTER'),
      });
    closeSync(file);
    await expect(tap.set({ ebpfFilter: new Uint8Array(12) })).rejects.toThrow(/: ebpfFilter: 12 bytes/);
    await expect(tap.set({ ebpfFilter: new Uint8Array() })).rejects.toMatchObject({
      code: 'EINVAL',
      call: 'BPF_PROG_LOAD',
      field: 'ebpfFilter',
    });
    await expect(tap.set({ ebpfFilter: -1 })).rejects.toThrow(/: ebpfFilter: -1/);
    await expect(tap.set({ ebpfFilter: 'ld' as never })).rejects.toThrow(TypeError);
    await tap.close();
    await expect(tap.set({ ebpfFilter: null })).rejects.toMatchObject({ code: 'EBADF', call: 'close' });
  });
});

describeWith([...HOST_NEEDS, 'eBPF', 'python3'], 'eBPF programs of a TAP device', () => {
  it('can be ones that are loaded, by their descriptor', async () => {
    await using netns = await freshNetns();
    expect((await steered(netns, 'loaded')).trim()).toBe('1');
  });

  it('are refused by a kernel that has none', async () => {
    await using netns = await freshNetns();
    expect(await steered(netns, 'without')).toMatch(
      /^cannot change tap 'tap0': .*\(ENOSYS, BPF_PROG_LOAD\); .*CONFIG_BPF_SYSCALL/,
    );
  });
});
