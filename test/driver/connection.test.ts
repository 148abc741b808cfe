import { expect, it } from 'vitest';
import { type Connection, connect, parseNetwork } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

const VERSION = /^\d+\.\d+\.\d+$/;

describeWith(DRIVER_NEEDS, 'a connection', () => {
  it('tells what it is connected to', async () => {
    await using connection = await connectToHost();
    expect(await connection.type()).toBe('TEST');
    expect(await connection.uri()).toBe(connection.name);
    expect(await connection.hostname()).toMatch(/\S/);
    expect(await connection.version()).toBe('0.0.2');
    expect(await connection.libvirtVersion()).toMatch(VERSION);
    expect(await connection.maxVcpus()).toBe(32);
    expect(await connection.maxVcpus('test')).toBe(32);
    expect(await connection.isAlive()).toBe(true);
    expect(await connection.isEncrypted()).toBe(false);
    expect(await connection.isSecure()).toBe(true);
    expect(await connection.capabilities()).toMatch(/^<capabilities>[\s\S]*<\/capabilities>\s*$/);
    expect(await connection.sysinfo()).toContain("<sysinfo type='smbios'>");
  });

  it('refuses arguments that are no texts', async () => {
    await using connection = await connectToHost();
    await expect(connection.maxVcpus(5 as never)).rejects.toThrow(new TypeError('type: 5 is not a text'));
    await expect(connection.domainCapabilities({ arch: 5 } as never)).rejects.toThrow(
      'arch: 5 is not a text',
    );
    await expect(connection.domainCapabilities({ cpu: 'x' } as never)).rejects.toThrow(
      'cpu: unknown field of a kind of guest',
    );
  });

  it('answers calls made side by side', async () => {
    await using connection = await connectToHost({ networks: [networkXml('a'), networkXml('b')] });
    const [a, b] = await Promise.all(['a', 'b'].map((name) => connection.networks.get(name)));
    const calls = Array.from({ length: 100 }, (_, i) => (i % 2 ? a : b)?.xml());
    const names = (await Promise.all(calls)).map((xml) => parseNetwork(xml ?? '').name);
    expect(names).toEqual(Array.from({ length: 100 }, (_, i) => (i % 2 ? 'a' : 'b')));
  });

  it('is shared by all of the process at test:///default', async () => {
    await using one = await connect('test:///default');
    await using other = await connect('test:///default');
    const network = await one.networks.define(networkXml('shared-by-all'));
    try {
      expect((await other.networks.get({ uuid: network.uuid })).name).toBe('shared-by-all');
    } finally {
      await network.undefine();
    }
    expect(await other.networks.find('shared-by-all')).toBeUndefined();
  });
});

describeWith(DRIVER_NEEDS, 'a closed connection', () => {
  const closed = { code: 'CONNECTION_CLOSED', hint: 'close() was called on it: connect() again' };

  it('is closed once, however often it is told to', async () => {
    const connection = await connectToHost();
    expect(connection.closed).toBe(false);
    const closing = connection.close();
    expect(connection.closed).toBe(true);
    expect(connection.close()).toBe(closing);
    await closing;
    await connection.close();
    await connection[Symbol.asyncDispose]();
  });

  it('is closed at the end of a block', async () => {
    let kept: Connection;
    {
      await using connection = await connectToHost();
      kept = connection;
      expect(kept.closed).toBe(false);
    }
    expect(kept.closed).toBe(true);
  });

  it('rejects every call that comes after', async () => {
    const connection = await connectToHost({ networks: [networkXml('given')] });
    const network = await connection.networks.get('given');
    await connection.close();

    const calls: Record<string, () => Promise<unknown>> = {
      uri: () => connection.uri(),
      isAlive: () => connection.isAlive(),
      capabilities: () => connection.capabilities(),
      list: () => connection.networks.list(),
      get: () => connection.networks.get('given'),
      find: () => connection.networks.find('given'),
      define: () => connection.networks.define(networkXml('new')),
      create: () => connection.networks.create(networkXml('new')),
      xml: () => network.xml(),
      start: () => network.start(),
      autostart: () => network.autostart(),
      update: () => network.update('add', 'dnsTxt', { name: 'a', value: 'b' }),
      on: () => connection.events.on('networkLifecycle', () => {}),
      ready: () => connection.events.watch('networkLifecycle').ready,
      next: () => connection.events.watch('networkLifecycle').next(),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name).rejects.toMatchObject(closed);
    }
    await expect(calls.xml?.()).rejects.toMatchObject({
      object: "network 'given'",
      function: 'virNetworkGetXMLDesc',
    });
    await expect(calls.define?.()).rejects.toThrow("cannot define network 'new': the connection is closed");
    expect(network.name).toBe('given');
  });

  it('rejects the calls that are under way', async () => {
    const connection = await connectToHost();
    const calls = Array.from({ length: 50 }, () => connection.capabilities());
    const outcomes = Promise.allSettled(calls);
    await connection.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { ...closed, function: 'virConnectGetCapabilities' },
      });
  });

  it('leaves other connections alone', async () => {
    const one = await connectToHost();
    await using other = await connectToHost();
    await one.close();
    expect(await other.isAlive()).toBe(true);
  });
});
