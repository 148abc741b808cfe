import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Connection } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

/** Defines networks and waits until their events have come to this process. */
async function defineAll(connection: Connection, ...names: string[]): Promise<void> {
  await using witness = connection.events.watch('networkLifecycle');
  await witness.ready;
  for (const name of names) await connection.networks.define(networkXml(name));
  await take(witness, names.length);
}

describeWith(DRIVER_NEEDS, 'events.watch', () => {
  it('is read with a loop, which ends what it leaves', async () => {
    await using connection = await connectToHost();
    const stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    await defineAll(connection, 'a', 'b', 'c');
    const names: string[] = [];
    for await (const { network } of stream) {
      names.push(network.name);
      if (network.name === 'b') break;
    }
    expect(names).toEqual(['a', 'b']);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('keeps what comes while nobody reads', async () => {
    await using connection = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    const names = Array.from({ length: 100 }, (_, i) => `lan${i}`);
    await defineAll(connection, ...names);
    expect((await take(stream, names.length)).map(({ network }) => network.name)).toEqual(names);
  });

  it('gives each of several streams every event', async () => {
    await using connection = await connectToHost();
    const streams = Array.from({ length: 5 }, () => connection.events.watch('networkLifecycle'));
    await Promise.all(streams.map(({ ready }) => ready));
    await connection.networks.define(networkXml('lan'));
    for (const stream of streams) {
      const [event] = await take(stream, 1);
      expect(event).toMatchObject({ type: 'defined', network: { name: 'lan' } });
    }
  });

  it('waits for an event that has not come yet', async () => {
    await using connection = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    const next = stream.next();
    await stream.ready;
    await connection.networks.define(networkXml('lan'));
    expect(await next).toMatchObject({ done: false, value: { type: 'defined' } });
  });

  it('has one reader at a time', async () => {
    await using connection = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    const next = stream.next();
    await expect(stream.next()).rejects.toThrow('one next() at a time');
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('ends with an error when its buffer is full, after what is in it', async () => {
    await using connection = await connectToHost();
    const stream = connection.events.watch('networkLifecycle', { buffer: 2 });
    await stream.ready;
    await defineAll(connection, 'a', 'b', 'c', 'd');
    expect((await take(stream, 2)).map(({ network }) => network.name)).toEqual(['a', 'b']);
    await expect(stream.next()).rejects.toMatchObject({
      code: 'EVENTS_LOST',
      message: expect.stringContaining('were lost: more than 2 waited for the loop to take them'),
      hint: 'take them faster, or give watch() a larger buffer',
    });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('ends without an error when the connection is closed', async () => {
    const connection = await connectToHost();
    const stream = connection.events.watch('networkLifecycle');
    const heard: string[] = [];
    const loop = (async () => {
      for await (const { network } of stream) heard.push(network.name);
    })();
    await stream.ready;
    await defineAll(connection, 'a');
    await connection.close();
    await loop;
    expect(heard).toEqual(['a']);
  });

  it('gives what it still has when the connection is closed', async () => {
    const connection = await connectToHost();
    const stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    await defineAll(connection, 'a', 'b');
    await connection.close();
    expect((await take(stream, 2)).map(({ network }) => network.name)).toEqual(['a', 'b']);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it.each(['next', 'return'] as const)('%s after its end is no mistake', async (method) => {
    await using connection = await connectToHost();
    const stream = connection.events.watch('networkLifecycle');
    await stream.return();
    expect(await stream[method]()).toEqual({ done: true, value: undefined });
  });
});

describeWith(DRIVER_NEEDS, 'events.watch with a signal', () => {
  const reason = new Error('enough');

  it('throws its reason in the loop at once, and drops what is unread', async () => {
    await using connection = await connectToHost();
    const abort = new AbortController();
    const stream = connection.events.watch('networkLifecycle', { signal: abort.signal });
    await stream.ready;
    await defineAll(connection, 'a', 'b');
    abort.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('wakes a loop that waits', async () => {
    await using connection = await connectToHost();
    const abort = new AbortController();
    const stream = connection.events.watch('networkLifecycle', { signal: abort.signal });
    const next = stream.next();
    await stream.ready;
    abort.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it.each([
    ['before', (abort: AbortController) => abort.abort(reason), () => {}],
    ['right after', () => {}, (abort: AbortController) => abort.abort(reason)],
  ])('rejects readiness when aborted %s the start', async (_, before, after) => {
    await using connection = await connectToHost();
    const abort = new AbortController();
    before(abort);
    const stream = connection.events.watch('networkLifecycle', { signal: abort.signal });
    after(abort);
    await expect(stream.ready).rejects.toBe(reason);
    await expect(stream.next()).rejects.toBe(reason);
  });

  it('is let go of when the loop ends', async () => {
    await using connection = await connectToHost();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners += 1;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...given);
    };
    const stream = connection.events.watch('networkLifecycle', { signal });
    await stream.ready;
    expect(listeners).toBe(1);
    await stream.return();
    expect(listeners).toBe(0);
  });
});

describeWith(DRIVER_NEEDS, 'events.watch refuses', () => {
  it.each([
    ['nope', {}, "name: there is no event 'nope'"],
    ['networkLifecycle', { buffer: 0 }, 'buffer: 0 is not a whole number from 1'],
    ['networkLifecycle', { buffer: 1.5 }, 'buffer: 1.5 is not a whole number from 1'],
    [
      'networkLifecycle',
      { buffers: 1 },
      'buffers: unknown field of a stream of events; did you mean buffer?',
    ],
    ['networkLifecycle', { signal: 5 }, 'signal: 5 is not an AbortSignal'],
    ['networkLifecycle', null, 'options: null is not an object'],
  ])('%s with %j', async (name, options, message) => {
    await using connection = await connectToHost();
    expect(() => connection.events.watch(name as never, options as never)).toThrow(message);
  });

  it('a connection that is closed', async () => {
    const connection = await connectToHost();
    await connection.close();
    const stream = connection.events.watch('networkLifecycle');
    await expect(stream.ready).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await expect(stream.next()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await turn(); // nothing is left that rejects unheard
  });
});
