import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Connection, NetworkLifecycleEvent } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

const THROWING_LISTENER = fileURLToPath(new URL('fixtures/throwing-listener.ts', import.meta.url));
const LIFE = ['defined', 'started', 'stopped', 'undefined'];

async function live(connection: Connection, name: string): Promise<void> {
  const network = await connection.networks.define(networkXml(name));
  await network.start();
  await network.destroy();
  await network.undefine();
}

describeWith(DRIVER_NEEDS, 'events.on', () => {
  it('tells the life of a network, in order', async () => {
    await using connection = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    const heard: NetworkLifecycleEvent[] = [];
    await connection.events.on('networkLifecycle', (event) => heard.push(event));
    await live(connection, 'lan');
    await take(stream, LIFE.length);
    expect(heard.map(({ type }) => type)).toEqual(LIFE);
    for (const { network } of heard) expect(network).toMatchObject({ name: 'lan', connection });
  });

  it('gives a network that can be used', async () => {
    await using connection = await connectToHost();
    const started = new Promise<string>((resolve, reject) => {
      connection.events
        .on('networkLifecycle', ({ type, network }) => {
          if (type === 'started') network.xml().then(resolve, reject);
        })
        .then(() => connection.networks.create(networkXml('lan')))
        .catch(reject);
    });
    expect(await started).toContain('<name>lan</name>');
  });

  it('calls every listener, also one that was added twice', async () => {
    await using connection = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    const heard: string[] = [];
    const listener = ({ type }: NetworkLifecycleEvent) => heard.push(type);
    const both = [
      await connection.events.on('networkLifecycle', listener),
      await connection.events.on('networkLifecycle', listener),
    ];
    await connection.networks.define(networkXml('a'));
    await take(stream, 1);
    await both[0]?.close();
    await connection.networks.define(networkXml('b'));
    await take(stream, 1);
    expect(heard).toEqual(['defined', 'defined', 'defined']);
  });

  it('is silent once it is closed, and hears again when added anew', async () => {
    await using connection = await connectToHost();
    const heard: string[] = [];
    const listen = (as: string) =>
      connection.events.on('networkLifecycle', ({ network }) => heard.push(`${as}: ${network.name}`));

    const first = await listen('first');
    const closing = first.close();
    expect(first.close()).toBe(closing);
    // The registration before is being taken back while this one is made.
    const second = await listen('second');
    await closing;
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    await connection.networks.define(networkXml('lan'));
    await take(stream, 1);
    expect(heard).toEqual(['second: lan']);
    await second[Symbol.asyncDispose]();
    await second.close();
  });

  it('may close itself and others from a listener', async () => {
    await using connection = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    const heard: string[] = [];
    const first = await connection.events.on('networkLifecycle', ({ type }) => {
      heard.push(type);
      void first.close();
      void other.close();
    });
    const other = await connection.events.on('networkLifecycle', () => {});
    await live(connection, 'lan');
    await take(stream, LIFE.length);
    expect(heard).toEqual(['defined']);
  });

  it('may be closed after its connection was', async () => {
    const connection = await connectToHost();
    const subscription = await connection.events.on('networkLifecycle', () => {});
    await connection.close();
    await subscription.close();
    await expect(connection.events.on('networkLifecycle', () => {})).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
    });
  });

  it('hears nothing of other hosts', async () => {
    await using connection = await connectToHost();
    await using other = await connectToHost();
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    await live(other, 'elsewhere');
    await connection.networks.define(networkXml('here'));
    const [event] = await take(stream, 1);
    expect(event?.network.name).toBe('here');
  });

  it('leaves what a listener throws to the process, and goes on', async () => {
    const node = ['--import', 'tsx', THROWING_LISTENER];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, node);
    expect(JSON.parse(stdout)).toEqual({ uncaught: ['thrown at defined'], heard: ['defined', 'started'] });
    expect(stderr).toBe('');
  });

  it.each([
    ['nope', () => {}, "name: there is no event 'nope', there are networkLifecycle, networkMetadata, "],
    ['toString', () => {}, "name: there is no event 'toString'"],
    [undefined, () => {}, "name: there is no event 'undefined'"],
    ['networkLifecycle', undefined, 'listener: not a function'],
    ['networkLifecycle', {}, 'listener: not a function'],
  ])('refuses the name %j with %j', async (name, listener, message) => {
    await using connection = await connectToHost();
    await expect(connection.events.on(name as never, listener as never)).rejects.toThrow(TypeError);
    await expect(connection.events.on(name as never, listener as never)).rejects.toThrow(message);
  });
});
