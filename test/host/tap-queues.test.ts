// Several queues of one device, filters, and the process's other work meanwhile.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { encodeFrame, Tap, Tun } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { neighbour, refusedPort, syn } from './neighbour.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';

/** TypeScript in a Worker, which does not inherit the loader. */
const LOADS = `
  const { file } = require('node:worker_threads').workerData;
  import('tsx/esm/api').then(({ tsImport }) => tsImport(file, file));`;

/** A Worker that has a queue of the device, and tells by which port its flows were answered. */
async function worker(netns: Netns, answered: (port: number) => void): Promise<Worker> {
  const one = new Worker(LOADS, {
    eval: true,
    workerData: { netns: netns.path, file: new URL('fixtures/queue.ts', import.meta.url).href },
  });
  onTestFinished(async () => void (await one.terminate()));
  await once(one, 'message');
  return one.on('message', answered);
}

describeWith(HOST_NEEDS, 'a TAP device with several queues', () => {
  it.each([false, true])(
    'answers each flow by the queue that it came from, read by threads: %s',
    async (thread) => {
      await using netns = await freshNetns();
      await using tap = await neighbour(netns, { queues: 4, thread });
      const { mac } = await tap.state();
      const ports = Array.from({ length: 40 }, (_, i) => 20_000 + i);
      const found = new Map<number, number>();
      const answers = async (): Promise<[number, number][]> => {
        found.clear();
        const all = new Promise<void>((resolve) => {
          const stop = tap.onBatch((batch) => {
            for (const frame of batch) {
              const port = refusedPort(frame);
              if (port !== undefined) found.set(port, batch.queue);
            }
            if (found.size < ports.length) return;
            stop();
            resolve();
          });
        });
        for (const port of ports) tap.write(encodeFrame(syn(mac, port)), port % 4);
        await all;
        return [...found].sort();
      };
      // When the kernel has answered its first segment, it knows where a flow comes from.
      await answers();
      expect(await answers()).toEqual(ports.map((port) => [port, port % 4]));
      expect(tap.statistics().written.frames).toBe(80);
    },
  );

  it('has up to 256 queues, and reads the last of them as the first', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { queues: 256 });
    expect(tap.queueCount).toBe(256);
    const [link] = await netns.ipJson<{ linkinfo: object }[]>('link show tap0');
    expect(link?.linkinfo).toMatchObject({
      info_kind: 'tun',
      info_data: { type: 'tap', multi_queue: true, numqueues: 256, numdisabled: 0 },
    });
    const { mac } = await tap.state();
    const answers = (port: number, queue: number) =>
      new Promise<number>((resolve) => {
        const stop = tap.onBatch((batch) => {
          for (const frame of batch) {
            if (refusedPort(frame) !== port) continue;
            stop();
            resolve(batch.queue);
          }
        });
        tap.write(encodeFrame(syn(mac, port)), queue);
      });
    for (const queue of [255, 128, 0]) {
      const port = 30_000 + queue;
      await answers(port, queue);
      expect(await answers(port, queue)).toBe(queue);
    }
    expect(() => tap.write(encodeFrame(syn(mac, 1)), 256)).toThrow(
      /: queue: 256 is not one of the 256 queues/,
    );
  });

  it('gives each Worker with a queue of its own the flows that it has answered', async () => {
    await using netns = await freshNetns();
    const tap = await neighbour(netns, { multiQueue: true });
    const { mac } = await tap.state();
    const ports = Array.from({ length: 40 }, (_, i) => 20_000 + i);
    const found = new Map<number, number>();
    let all = () => {};
    const workers = await Promise.all(
      [0, 1].map((i) =>
        worker(netns, (port) => {
          found.set(port, i);
          if (found.size === ports.length) all();
        }),
      ),
    );
    // The device is theirs now.
    await tap.close();
    const [link] = await netns.ipJson<{ linkinfo: object }[]>('link show tap0');
    expect(link?.linkinfo).toMatchObject({ info_data: { numqueues: 2, numdisabled: 0 } });
    const answers = async (of: (port: number) => number): Promise<[number, number][]> => {
      found.clear();
      const complete = new Promise<void>((resolve) => {
        all = resolve;
      });
      for (const [i, one] of workers.entries())
        one.postMessage(ports.filter((port) => of(port) === i).map((port) => encodeFrame(syn(mac, port))));
      await complete;
      return [...found].sort();
    };
    for (const of of [(port: number) => port % 2, (port: number) => 1 - (port % 2), () => 1]) {
      // When the kernel has answered its first segment, it knows where a flow comes from.
      await answers(of);
      expect(await answers(of)).toEqual(ports.map((port) => [port, of(port)]));
    }
    for (const one of workers) one.postMessage('close');
    await Promise.all(workers.map((one) => once(one, 'exit')));
    expect(await netns.ip('link')).not.toContain('tap0');
  });

  it('lends queues to others, who open it by its name', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns, { multiQueue: true });
    const another = await Tap.open({ netns: netns.path, name: 'tap0', multiQueue: true, existing: true });
    const { mac } = await tap.state();
    const answered = new Promise<number | undefined>((resolve) => {
      another.onBatch(([frame]) => frame && refusedPort(frame) && resolve(refusedPort(frame)));
    });
    for (let i = 0; i < 2; i++) another.write(encodeFrame(syn(mac, 20_001)));
    expect(await answered).toBe(20_001);
    await another.close();
    expect((await tap.state()).up).toBe(true);
    await expect(Tap.open({ netns: netns.path, name: 'tap0' })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(Tap.open({ netns: netns.path, name: 'tap0', queues: 256 })).rejects.toMatchObject({
      code: 'E2BIG',
      hint: expect.stringContaining('256'),
    });
  });
});

describeWith(HOST_NEEDS, 'a TAP device', () => {
  it('refuses a queue for which something else would stand before each frame', async () => {
    await using netns = await freshNetns();
    const at = { netns: netns.path, multiQueue: true } as const;
    await using plain = await Tap.open({ ...at, name: 'plain' });
    await using split = await Tap.open({ ...at, name: 'split', offload: 'split' });
    await using tun = await Tun.open({ ...at, name: 'tun' });
    const refused: [() => Promise<unknown>, RegExp][] = [
      [() => Tap.open({ ...at, name: 'plain', offload: 'split' }), /have no offload/],
      [() => Tap.open({ ...at, name: 'split' }), /have an offload/],
      [() => Tun.open({ ...at, name: 'tun', packetInformation: true }), /have no packet information/],
    ];
    for (const [opening, detail] of refused)
      await expect(opening()).rejects.toMatchObject({
        code: 'EINVAL',
        call: 'TUNSETIFF',
        detail: expect.stringMatching(detail),
        hint: expect.stringMatching(/as the others were opened/),
      });
    for (const { name } of [plain, split, tun])
      expect(await netns.ipJson(`link show dev ${name}`)).toMatchObject([
        { linkinfo: { info_data: { numqueues: 1 } } },
      ]);
    await using raw = await Tap.open({ ...at, name: 'split', offload: 'raw' });
    expect(raw.prefixLength).toBe(10);
  });

  it('keeps away what its filter does not let pass', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns);
    const { mac } = await tap.state();
    // ldb [23], the protocol of IPv4; TCP goes no further: tcpdump -ddd.
    await tap.set({
      filter: [
        { code: 0x30, jt: 0, jf: 0, k: 23 },
        { code: 0x15, jt: 0, jf: 1, k: 6 },
        { code: 0x06, jt: 0, jf: 0, k: 0 },
        { code: 0x06, jt: 0, jf: 0, k: 65535 },
      ],
    });
    const ports: number[] = [];
    const last = new Promise<void>((resolve) => {
      tap.onBatch((batch) => {
        for (const frame of batch) {
          const port = refusedPort(frame);
          if (port === undefined) continue;
          ports.push(port);
          resolve();
        }
      });
    });
    tap.write(encodeFrame(syn(mac, 1000)));
    await tap.set({ filter: [] });
    tap.write(encodeFrame(syn(mac, 2000)));
    await last;
    expect(ports).toEqual([2000]);
    await expect(tap.set({ filter: [{ code: 1, jt: 256, jf: 0, k: 0 }] })).rejects.toThrow(
      /: filter\[0\]\.jt: 256/,
    );
  });

  it('does not keep files from being read', async () => {
    await using netns = await freshNetns();
    const taps = await Promise.all(Array.from({ length: 8 }, () => Tap.open({ netns: netns.path })));
    for (const tap of taps) tap.onBatch(() => {});
    // More than the threads that Node has for files.
    const texts = await Promise.all(Array.from({ length: 16 }, () => readFile('/proc/self/comm', 'utf8')));
    expect(new Set(texts).size).toBe(1);
    await Promise.all(taps.map((tap) => tap.close()));
  });
});
