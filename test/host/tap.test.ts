// TAP and TUN devices in a network namespace of the test's own: what the kernel and its tools see of them.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Batch, KernelError, Tap, Tun } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { collect, deleteAtOnce, frameOf, isOurs, port } from './ours.js';

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The devices of a namespace but for the loopback, by name. */
const devices = async (netns: Netns): Promise<Record<string, unknown>[]> =>
  (await netns.ipJson('link')).filter(({ ifname }) => ifname !== 'lo');

describeWith(HOST_NEEDS, 'a TAP device', () => {
  it('is what ip shows of it, and gone when it is closed', async () => {
    await using netns = await freshNetns();
    const tap = await Tap.open({ netns: netns.path });
    expect(tap.name).toBe('tap0');
    await tap.set({ mtu: 9000, mac: '02:00:00:00:00:07', txQueueLength: 500, up: true });
    expect(await devices(netns)).toMatchObject([
      {
        ifname: 'tap0',
        mtu: 9000,
        address: '02:00:00:00:00:07',
        txqlen: 500,
        flags: expect.arrayContaining(['UP', 'LOWER_UP']),
        linkinfo: {
          info_kind: 'tun',
          info_data: { type: 'tap', pi: false, vnet_hdr: false, persist: false },
        },
      },
    ]);
    const [{ ifindex } = {}] = await devices(netns);
    expect(await tap.state()).toEqual({
      name: 'tap0',
      index: ifindex,
      up: true,
      running: true,
      mtu: 9000,
      mac: '02:00:00:00:00:07',
      txQueueLength: 500,
      dropped: 0,
      sendBuffer: 2 ** 31 - 1,
      persist: false,
    });
    await tap.set({ carrier: false });
    await until('the carrier is gone', async () => !(await tap.state()).running);
    const [{ flags } = {}] = await devices(netns);
    expect(flags).toContain('NO-CARRIER');
    expect(flags).not.toContain('LOWER_UP');
    await tap.set({ carrier: true });
    await until('it is back', async () => (await tap.state()).running);
    expect(await devices(netns)).toMatchObject([{ flags: expect.arrayContaining(['UP', 'LOWER_UP']) }]);
    await tap.close();
    await tap.close();
    expect(await devices(netns)).toEqual([]);
  });

  it('has no descriptor left when it is closed', async () => {
    await using netns = await freshNetns();
    const descriptors = () => readdirSync('/proc/self/fd').length;
    await (await Tap.open({ netns: netns.path })).close(); // what is opened once is open then
    const before = descriptors();
    for (let i = 0; i < 20; i++) await (await Tap.open({ netns: netns.path })).close();
    expect(descriptors()).toBe(before);
  });

  it('stays when it is persistent, belongs to whom it was given, and is attached to by name', async () => {
    await using netns = await freshNetns();
    const made = await Tap.open({ netns: netns.path, name: 'vn%d', owner: 1234, group: 2345, persist: true });
    await made.close();
    expect(await devices(netns)).toMatchObject([
      { ifname: 'vn0', linkinfo: { info_data: { persist: true, user: 1234, group: 2345 } } },
    ]);
    await using again = await Tap.open({ netns: netns.path, name: 'vn0', existing: true });
    await again.set({ persist: false });
    await again.close();
    expect(await devices(netns)).toEqual([]);
  });

  it('gives what the kernel sends, and the kernel gets what is written', async () => {
    await using netns = await freshNetns();
    await netns.ip('link add br0 type bridge');
    await netns.ip('link set br0 up');
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right');
    const sizes = [60, 61, 1000, 1513, 1514];
    const seen = collect(right, sizes.length, isOurs);
    for (const [i, size] of sizes.entries()) expect(left.write(frameOf(size, i))).toBe(true);
    expect(await seen).toEqual(sizes.map((size, i) => frameOf(size, i)));
    expect(left.statistics().written).toMatchObject({ frames: 5, bytes: 4148, down: 0, full: 0, waiting: 0 });
  });

  it('gives frames in order, those that come alone and the many that come after them', async () => {
    await using netns = await freshNetns();
    await netns.ip('link add br0 type bridge');
    await netns.ip('link set br0 up');
    await using left = await port(netns, 'left');
    await using right = await port(netns, 'right');
    const numbers: number[] = [];
    right.onBatch((batch) => {
      for (const frame of batch)
        if (isOurs(frame)) numbers.push(new DataView(frame.buffer, frame.byteOffset).getUint32(14));
    });
    const [alone, together] = [20, 400];
    for (let i = 0; i < alone; i++) {
      left.write(frameOf(64, i));
      await until(`frame ${i} has come`, () => numbers.length > i);
    }
    const slab = new Uint8Array(64 * together);
    for (let i = 0; i < together; i++) slab.set(frameOf(64, alone + i), 64 * i);
    const offsets = Uint32Array.from({ length: together }, (_, i) => 64 * i);
    expect(left.writeBatch(slab, offsets, new Uint32Array(together).fill(64))).toBe(together);
    await until('all have come', () => numbers.length === alone + together);
    expect(numbers).toEqual(Array.from({ length: alone + together }, (_, i) => i));
    expect(right.statistics().read.batches).toBeLessThan(alone + together);
  });

  // A few go one by one; of many the kernel is told at once.
  it.each([10, 200])('writes a batch of %i from one memory, and says how many went', async (all) => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    await tap.set({ up: true });
    const slab = new Uint8Array(all * 100);
    for (let i = 0; i < all; i++) slab.set(frameOf(64, i), i * 100);
    const offsets = Uint32Array.from({ length: all }, (_, i) => i * 100);
    const lengths = new Uint32Array(all).fill(64);
    expect(tap.writeBatch(slab, offsets, lengths)).toBe(all);
    expect(tap.writeBatch(slab, offsets, lengths, 3, { from: 7 })).toBe(3);
    expect(tap.writeBatch(slab, offsets, lengths, undefined, { from: all - 2 })).toBe(2);
    // One in the middle is shorter than an Ethernet header: it is not taken, and is refused when it comes first.
    const middle = all / 2 - 1;
    lengths[middle] = 5;
    expect(tap.writeBatch(slab, offsets, lengths)).toBe(middle);
    expect(() => tap.writeBatch(slab, offsets, lengths, all - middle, { from: middle })).toThrow(
      new RegExp(`^cannot write frame ${middle} to tap 'tap0': .*\\(EINVAL, write\\)`),
    );
    const packets = all + 3 + 2 + middle;
    const [{ stats64 } = {}] = await netns.ipJson('-statistics link show tap0');
    expect(stats64).toMatchObject({ rx: { packets, bytes: 64 * packets } });
    expect(tap.statistics().written).toMatchObject({ frames: packets, bytes: 64 * packets, writes: packets });
    await tap.set({ up: false });
    expect(tap.writeBatch(slab, offsets, lengths)).toBe(0);
  });

  it('takes nothing from outside of the memory that it is given', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    await tap.set({ up: true });
    const write = (offset: number, length: number) => () =>
      tap.writeBatch(new Uint8Array(100), Uint32Array.of(offset), Uint32Array.of(length));
    const fault = expect.objectContaining({
      name: 'KernelError',
      code: 'EFAULT',
      call: 'write',
      device: 'tap0',
      hint: expect.stringContaining('from the beginning of the slab'),
    });
    expect(write(0, 101)).toThrow(fault);
    expect(write(0, 101)).toThrow('frame 0: 101 bytes at 0 are not within the 100 bytes of the slab');
    expect(write(100, 1)).toThrow(fault);
    expect(write(2 ** 32 - 1, 2 ** 32 - 1)).toThrow(fault);
    expect(write(90, 2 ** 32 - 1)).toThrow(fault);
    const arrays = [new Uint8Array(100), new Uint32Array(2), new Uint32Array(3)] as const;
    expect(() => tap.writeBatch(...arrays, 3)).toThrow(/: there are no such frames/);
    expect(() => tap.writeBatch(arrays[0], arrays[0] as never, arrays[2])).toThrow(TypeError);
    expect(() => tap.write('frame' as never)).toThrow(TypeError);
    expect(() => tap.write(new Uint8Array(60), 1)).toThrow(
      expect.objectContaining({
        code: 'ENXIO',
        field: 'queue',
        detail: expect.stringMatching(/^queue: 1 is not one of the 1 queues/),
      }),
    );
    expect(tap.statistics().written.frames).toBe(0);
  });

  it('has frames for listeners only until they return', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    const seen = new Promise<Batch>((resolve) => tap.onBatch(resolve));
    await tap.set({ up: true });
    const batch = await seen;
    expect(batch.count).toBe(0);
    expect(() => batch.view(0)).toThrow(/^this batch is over/);
    expect([...batch]).toEqual([]);
  });

  it('has one reader at a time', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    const stop = tap.onBatch(() => {});
    expect(() => tap.onBatch(() => {})).toThrow(/^tap 'tap0' is being read/);
    expect(() => tap[Symbol.asyncIterator]()).toThrow(TypeError);
    stop();
    stop();
    tap.onBatch(() => {})();
  });

  it('says that it is down, and up again', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    const down = once(tap, 'down');
    expect(tap.write(frameOf(60))).toBe(false);
    await down;
    expect(tap.writeBatch(frameOf(60), Uint32Array.of(0), Uint32Array.of(60))).toBe(0);
    await tap.set({ up: true });
    const up = once(tap, 'up');
    expect(tap.write(frameOf(60))).toBe(true);
    await up;
    expect(tap.statistics().written).toMatchObject({ frames: 1, down: 1 });
  });

  it('ends with an error when somebody deletes it', async () => {
    await using netns = await freshNetns();
    const listened = await Tap.open({ netns: netns.path, name: 'a' });
    const looped = await Tap.open({ netns: netns.path, name: 'b' });
    const error = once(listened, 'error');
    const closed = new Promise<void>((resolve) => listened.on('close', resolve));
    listened.onBatch(() => {});
    const loop = rejection(looped[Symbol.asyncIterator]().next());
    await netns.ip('link delete dev a');
    await netns.ip('link delete dev b');
    expect(await error).toMatchObject([
      { code: 'EBADFD', call: 'read', device: 'a', hint: expect.stringContaining('deleted') },
    ]);
    await closed;
    expect(await loop).toMatchObject({ code: 'EBADFD', device: 'b' });
    expect(() => listened.write(frameOf(60))).toThrow(/\(EBADF, close\)/);
  });

  it.each([false, true])(
    'hears of its deletion at whichever moment, read by a thread: %s',
    async (thread) => {
      await using netns = await freshNetns();
      const opening = Array.from({ length: 40 }, () => Tap.open({ netns: netns.path, thread }));
      const taps = await Promise.all(opening);
      const ends = taps.map((tap) => once(tap, 'error'));
      for (const tap of taps) tap.onBatch(() => {});
      const input = taps.map(({ name }) => `link delete ${name}`).join('\n');
      expect(await netns.inside.runWith({ input }, 'ip', '-batch', '-')).toMatchObject({ code: 0 });
      for (const [error] of await Promise.all(ends))
        expect(error).toMatchObject({ code: 'EBADFD', call: 'read' });
    },
  );

  it('can be closed by its own listener', async () => {
    await using netns = await freshNetns();
    const tap = await Tap.open({ netns: netns.path });
    let calls = 0;
    const closed = new Promise<void>((resolve) => {
      tap.onBatch((batch) => {
        calls++;
        resolve(tap.close());
        expect(batch.view(0).length).toBeGreaterThan(0);
      });
    });
    await tap.set({ up: true });
    await closed;
    expect(calls).toBe(1);
    expect(await devices(netns)).toEqual([]);
    expect(() => tap.onBatch(() => {})).toThrow(KernelError);
  });

  it('is read in a loop, which leaving ends', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    await tap.set({ up: true });
    let frames = 0;
    for await (const frame of tap) {
      expect(frame.buffer.byteLength).toBe(frame.byteLength);
      if (++frames === 3) break;
    }
    expect(tap.closed).toBe(false);
    const loop = (async () => {
      for await (const _ of tap) frames++;
    })();
    await tap.close();
    await loop;
  });

  it('reads nothing while it is paused', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    tap.pause();
    const frames = collect(tap, 1);
    await tap.set({ up: true });
    await netns.ip('link set lo up');
    expect(tap.statistics().read.frames).toBe(0);
    tap.resume();
    expect((await frames).length).toBeGreaterThan(0);
  });
});

describeWith(HOST_NEEDS, 'a device that is set', () => {
  it('is as it was when a part is refused', async () => {
    await using netns = await freshNetns();
    await using tun = await Tun.open({ netns: netns.path, persist: true });
    const before = await tun.state();
    const [link] = await devices(netns);
    const settings = { mtu: 1400, txQueueLength: 7, sendBuffer: 8000, persist: false, up: true } as const;
    const refusals = [
      [{ mac: '02:00:00:00:00:07' }, { code: 'EOPNOTSUPP', call: 'SIOCSIFHWADDR' }],
      // It answers each packet with all of it: right, but no program for what has no Ethernet header.
      [
        { filter: [{ code: 6, jt: 0, jf: 0, k: 65535 }] },
        { code: 'EINVAL', call: 'TUNATTACHFILTER', hint: expect.stringContaining('ebpfFilter') },
      ],
    ] as const;
    for (const [more, expected] of refusals) {
      const error = await rejection(tun.set({ ...settings, ...more }));
      expect(error).toMatchObject(expected);
      expect((error as KernelError).cause).toBeUndefined();
      expect(await tun.state()).toEqual(before);
      expect(await devices(netns)).toEqual([link]);
    }
    await tun.set({ ...settings, up: false });
    expect(await tun.state()).toMatchObject({
      mtu: 1400,
      txQueueLength: 7,
      sendBuffer: 8000,
      persist: false,
    });
  });
});

describeWith(HOST_NEEDS, 'a TAP device that is set', () => {
  it('has no address of all zeros', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    const [link] = await devices(netns);
    expect(await rejection(tap.set({ mtu: 1400, mac: '00:00:00:00:00:00' }))).toMatchObject({
      code: 'EADDRNOTAVAIL',
      hint: expect.stringContaining('all zeros'),
    });
    expect(await devices(netns)).toEqual([link]);
  });

  it('or asked about says when somebody has deleted it', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    // It is asked before it hears of that.
    tap.on('error', () => {});
    deleteAtOnce(netns, 'tap0');
    for (const asked of [tap.state(), tap.set({ up: true })])
      expect(await rejection(asked)).toMatchObject({
        code: 'EBADFD',
        device: 'tap0',
        hint: expect.stringContaining('deleted'),
      });
  });
});

describeWith([...HOST_NEEDS, 'busybox'], 'a TUN device', () => {
  it.each([false, true])('carries packets, with packet information: %s', async (packetInformation) => {
    await using netns = await freshNetns();
    await using tun = await Tun.open({ netns: netns.path, packetInformation });
    await netns.ip(`addr add 10.9.0.1/24 dev ${tun.name}`);
    await tun.set({ up: true });
    const prefix = packetInformation ? 4 : 0;
    expect(tun.prefixLength).toBe(prefix);
    const isIcmp = (packet: Uint8Array) => packet[prefix] === 0x45 && packet[prefix + 9] === 1;
    const answered = new Promise<void>((resolve) => {
      tun.onBatch((batch) => {
        for (let i = 0; i < batch.count; i++) {
          const packet = batch.copy(i);
          if (!isIcmp(packet)) continue;
          // An echo request turned around: addresses swapped, type 0; its checksum grows by what the type lost.
          const ip = packet.subarray(prefix);
          const swapped = [...ip.subarray(16, 20), ...ip.subarray(12, 16)];
          ip.set(swapped, 12);
          const view = new DataView(ip.buffer, ip.byteOffset);
          const sum = view.getUint16(22) + 0x0800;
          view.setUint16(22, (sum & 0xffff) + (sum >> 16));
          ip[20] = 0;
          expect(tun.write(packet)).toBe(true);
          resolve();
        }
      });
    });
    expect(await netns.inside.must('busybox', 'ping', '-c', '1', '10.9.0.2')).toContain('1 packets received');
    await answered;
  });
});
