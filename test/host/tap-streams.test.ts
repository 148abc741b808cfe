// Node's and the web's streams over a device: what they carry, and how they end.

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { encodeFrame, Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { neighbour, refusedPort, syn } from './neighbour.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { frameOf, isOurs, port, silentBridge } from './ours.js';
import { SlowWay, slowFrame } from './slow.js';

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: unknown) => error,
  );

const opened = async (netns: Netns): Promise<Tap> => {
  const tap = await Tap.open({ netns: netns.path });
  await tap.set({ up: true });
  return tap;
};

describeWith(HOST_NEEDS, 'a TAP device', () => {
  it('is a stream of Node and of the web', async () => {
    await using netns = await freshNetns();
    await using tap = await neighbour(netns);
    const { mac } = await tap.state();
    const stream = tap.stream();
    stream.write(encodeFrame(syn(mac, 3000)));
    for await (const frame of stream) if (refusedPort(frame as Uint8Array) === 3000) break;
    expect(() => tap.onBatch(() => {})()).not.toThrow();
    const { readable, writable } = tap.web();
    const reader = readable.getReader();
    await writable.getWriter().write(encodeFrame(syn(mac, 4000)));
    for (;;) {
      const { value, done } = await reader.read();
      if (done || refusedPort(value as Uint8Array) === 4000) break;
    }
    await using other = await Tap.open({ netns: netns.path });
    const broken = other.stream();
    const error = new Promise((resolve) => broken.on('error', resolve));
    broken.write('text');
    expect(await error).toEqual(new TypeError('a frame is a Uint8Array, not string'));
  });
});

describeWith(HOST_NEEDS, 'when a TAP device is closed', () => {
  it('a loop over the stream of the web ends, and so does a read that waits', async () => {
    await using netns = await silentBridge();
    const looped = await opened(netns);
    const loop = (async () => {
      for await (const _ of looped.web().readable);
    })();
    const read = await opened(netns);
    const answer = read.web().readable.getReader().read();
    await Promise.all([looped.close(), read.close()]);
    await loop;
    expect(await answer).toEqual({ done: true, value: undefined });
  });

  it('a stream that rests gives what came before, and is finished', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    const right = await port(netns, 'right');
    const stream = right.stream().pause();
    const done = finished(stream);
    for (let i = 0; i < 3; i++) left.write(frameOf(64, i));
    await until('they have come', () => stream.readableLength === 3);
    await right.close();
    expect(await stream.toArray()).toEqual([0, 1, 2].map((i) => frameOf(64, i)));
    await done;
  });

  it.each(['that is read', 'that nobody reads', 'that nobody reads, with frames in it'])(
    'whoever writes into a stream %s hears that it has ended before the source has',
    async (which) => {
      await using netns = await silentBridge();
      await using left = await port(netns, 'left');
      const right = await port(netns, 'right');
      const stream = right.stream();
      if (which === 'that is read') stream.resume();
      if (which.endsWith('in it')) {
        left.write(frameOf(64));
        await until('it has come', () => stream.readableLength === 1);
      }
      const done = finished(stream);
      const piped = reasonOf(pipeline(new PassThrough({ objectMode: true }), stream));
      await right.close();
      expect(await piped).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      await done;
    },
  );

  it('what it gives to another stream has arrived there', async () => {
    await using netns = await silentBridge();
    await using left = await port(netns, 'left');
    const right = await port(netns, 'right');
    const sink = new PassThrough({ objectMode: true });
    const piped = pipeline(right.stream(), sink);
    left.write(frameOf(64, 7));
    const [frame] = (await once(sink, 'data')) as [Uint8Array];
    expect(frame).toEqual(frameOf(64, 7));
    await right.close();
    await piped;
  });
});

describeWith(HOST_NEEDS, 'a stream that is destroyed', () => {
  it('does not write the frame that it kept for want of room', async () => {
    await using netns = await freshNetns();
    await using way = await SlowWay.start(netns, 5);
    const { tap, out } = way;
    const frames = way.fill(5);
    const stream = tap.stream();
    stream.write(slowFrame(frames));
    expect(tap.statistics().written).toMatchObject({ waiting: 5, full: 1 });
    stream.destroy();
    const drained = once(tap, 'drain');
    const numbers: number[] = [];
    out.onBatch((batch) => {
      for (const frame of batch) if (isOurs(frame)) numbers.push(frame[17] as number);
    });
    await way.letGo();
    await drained;
    await turn();
    expect(tap.write(slowFrame(frames + 1))).toBe(true);
    await until('the one behind it has come', () => numbers.includes(frames + 1));
    expect(numbers).not.toContain(frames);
    expect(tap.statistics().written).toMatchObject({ frames: frames + 1, waiting: 0 });
  });
});
