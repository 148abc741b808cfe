// What a capture has to do with whoever else reads and writes the device, and with its end. What is in the file, tshark
// says in capture.test.ts.

import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { until } from '../lab/until.js';
import { HOST_NEEDS, type Netns } from './netns.js';
import { flood, frameOf, port, silentBridge } from './ours.js';

const THROWING = fileURLToPath(new URL('fixtures/throwing-capture.ts', import.meta.url));

/** Counts the frames of a length that nothing else has, by what the file has of them. */
function counting(capture: Readable): { frames: number } {
  const seen = { frames: 0 };
  capture.on('data', (chunk: Uint8Array) => {
    if (chunk.length > 1000) seen.frames++;
  });
  return seen;
}

describeWith(HOST_NEEDS, 'a capture of a TAP device', () => {
  it.each<[string, (to: Tap) => () => unknown]>([
    [
      'a loop',
      (to) =>
        (
          (loop) => () =>
            loop.return?.()
        )(to[Symbol.asyncIterator]()),
    ],
    [
      'a stream',
      (to) =>
        (
          (stream) => () =>
            stream.destroy()
        )(to.stream()),
    ],
  ])('goes on when %s ends that was too slow for what came', async (_, reader) => {
    await using netns = await silentBridge();
    await using from = await port(netns, 'from');
    await using to = await port(netns, 'to');
    const seen = counting(to.capture());
    const end = reader(to);
    await flood(from, to);
    await end();
    await until(
      'the kernel has room for one, and it is captured',
      () => from.write(frameOf(1200)) && seen.frames > 0,
    );
  });

  const deleted = async (netns: Netns, tap: Tap) => {
    const closed = new Promise<void>((resolve) => tap.on('close', resolve));
    await netns.ip(`link delete dev ${tap.name}`);
    await closed;
  };

  it('ends with a device that is deleted', async () => {
    await using netns = await silentBridge();
    const tap = await port(netns, 'one');
    const file = buffer(tap.capture());
    await deleted(netns, tap);
    expect((await file).length).toBeGreaterThan(0);
    expect(tap.closed).toBe(true);
  });

  it('leaves it to who listens for errors to hear why', async () => {
    await using netns = await silentBridge();
    const tap = await port(netns, 'one');
    const file = buffer(tap.capture());
    const error = once(tap, 'error');
    await deleted(netns, tap);
    await file;
    expect(await error).toMatchObject([{ code: 'EBADFD', call: 'read', device: 'one' }]);
  });

  it('does not keep a listener of the frames from hearing why', async () => {
    await using netns = await silentBridge();
    const tap = await port(netns, 'one');
    const file = buffer(tap.capture());
    tap.onBatch(() => {});
    const error = once(tap, 'error');
    await deleted(netns, tap);
    await file;
    expect(await error).toMatchObject([{ code: 'EBADFD' }]);
  });

  it('whose listener throws takes nothing from who reads and writes', async () => {
    await using netns = await silentBridge();
    for (const name of ['left', 'right']) {
      await netns.ip(`tuntap add ${name} mode tap`);
      await netns.ip(`link set ${name} master br0 up`);
    }
    const told = await netns.inside.runJson(
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      THROWING,
    );
    expect(told).toEqual({ uncaught: Array(4).fill('thrown'), numbers: [0, 1, 2], taken: true });
  });
});
