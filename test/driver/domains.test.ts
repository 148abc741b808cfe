import { expect, it } from 'vitest';
import {
  type Connection,
  type Domain,
  type DomainState,
  LibvirtError,
  parseDomain,
  XmlError,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

const UUID = 'd54df46f-1ab5-4a22-8618-4560ef5fac2c';

const guestXml = (name: string, inside = ''): string =>
  `<domain type='test'><name>${name}</name><memory unit='MiB'>8</memory><os><type>hvm</type></os>${inside}</domain>`;

const host = (...names: string[]): Promise<Connection> =>
  connectToHost({ domains: names.map((name) => guestXml(name)) });

const namesOf = (domains: readonly Domain[]): string[] => domains.map(({ name }) => name).sort();

describeWith(DRIVER_NEEDS, 'connection.domains', () => {
  it('lists the guests that fit', async () => {
    await using connection = await host('a', 'b', 'c');
    await (await connection.domains.get('b')).suspend();
    await (await connection.domains.get('c')).destroy();
    await connection.domains.create(guestXml('t'));
    const list = async (filter?: object) => namesOf(await connection.domains.list(filter));
    expect(await list()).toEqual(['a', 'b', 'c', 't']);
    expect(await list({ active: false })).toEqual(['c']);
    expect(await list({ active: true, persistent: true })).toEqual(['a', 'b']);
    expect(await list({ persistent: false })).toEqual(['t']);
    expect(await list({ state: 'paused' })).toEqual(['b']);
    expect(await list({ autostart: true })).toEqual([]);
    expect(await list({ managedSave: false })).toEqual(['a', 'b', 'c', 't']);
  });

  it('gets one by name, UUID and number', async () => {
    await using connection = await host('a');
    const { domains } = connection;
    const defined = await domains.define(guestXml('b', `<uuid>${UUID}</uuid>`));
    expect(defined).toMatchObject({ name: 'b', uuid: UUID, connection });
    expect(await defined.id()).toBeUndefined();
    await defined.start();
    const id = (await defined.id()) ?? -1;
    for (const key of ['b', { uuid: UUID.toUpperCase() }, { uuid: UUID.replaceAll('-', '') }, { id }])
      expect((await domains.get(key)).uuid).toBe(UUID);
    expect((await domains.find('a'))?.name).toBe('a');
    expect(await domains.find('nope')).toBeUndefined();
    await expect(domains.get({ id: 99 })).rejects.toMatchObject({
      code: 'NO_DOMAIN',
      object: 'domain 99',
      hint: expect.stringContaining('connection.domains.list()'),
    });
  });

  it.each([
    [{ inbound: { average: -1 } }, 'bandwidth.inbound.average: -1 is less than 1'],
    [{ inbound: { peak: 3000 } }, 'bandwidth.inbound.average: missing'],
    [{ inbound: { floor: 9, burst: 9 } }, 'bandwidth.inbound.burst: not possible without an average'],
    [{ outbound: { average: 9, floor: 9 } }, 'bandwidth.outbound.floor: '],
    [undefined, 'bandwidth: '],
  ])('refuses to limit a NIC to %j', async (bandwidth, message) => {
    await using connection = await host('a');
    const { nics } = await connection.domains.get('a');
    await expect(nics.setBandwidth('net0', bandwidth as never)).rejects.toThrow(message);
  });

  it('refuses to open a console by null', async () => {
    await using connection = await host('a');
    const opening = (await connection.domains.get('a')).console(null as never);
    await expect(opening).rejects.toThrow('null is not an object that describes a console');
  });

  it.each([
    [{ state: 'asleep' }, 'state: asleep is not one of running, paused, shutoff, other'],
    [{ active: 1 }, 'active: 1 is not true or false'],
    [{ actve: true }, 'actve: unknown field of a filter of guests; did you mean active?'],
  ])('refuses the filter %j', async (filter, message) => {
    await using connection = await host();
    await expect(connection.domains.list(filter as never)).rejects.toThrow(message);
  });

  it.each([
    [undefined, 'key: neither a name nor { uuid } nor { id }'],
    [null, 'key: neither a name nor { uuid } nor { id }'],
    [{}, 'key: neither a name nor { uuid } nor { id }'],
    ['', 'name:'],
    ['a\0b', 'name:'],
    [{ uuid: 'a' }, "uuid: 'a' is not a UUID"],
    [{ id: -1 }, 'id: -1 is not a whole number from 0'],
    [{ id: 1.5 }, 'id: 1.5 is not a whole number from 0'],
  ])('refuses the key %j', async (key, message) => {
    await using connection = await host();
    await expect(connection.domains.get(key as never)).rejects.toThrow(message);
  });

  it('says what it could not define', async () => {
    await using connection = await host();
    await expect(connection.domains.define('<domain>')).rejects.toThrow(XmlError);
    await expect(
      connection.domains.define(guestXml('x', '<disc/>'), { validate: true }),
    ).rejects.toMatchObject({ code: 'XML_INVALID_SCHEMA', object: "domain 'x'" });
    await expect(connection.domains.create(7 as never)).rejects.toThrow(TypeError);
    await expect(connection.domains.define(guestXml('x').replace('<name>x</name>', ''))).rejects.toThrow(
      /^cannot define a domain without a name: /,
    );
    for (const nics of [[null], [7], 7])
      await expect(
        connection.domains.define({ ...parseDomain(guestXml('x')), nics } as never),
      ).rejects.toThrow(/^nics/);
  });

  it('refuses a file that was not read as text', async () => {
    await using connection = await host('a');
    const { nics } = await connection.domains.get('a');
    const xml = Buffer.from(guestXml('x'));
    for (const [name, call] of [
      ['domain', () => connection.domains.define(xml as never)],
      ['domain', () => connection.domains.create(xml as never)],
      ['nic', () => nics.attach(new Uint8Array(xml) as never)],
    ] as const)
      await expect(call()).rejects.toThrow(
        new TypeError(`${name}: bytes are no text: readFile(FILE, 'utf8') gives the text of a file`),
      );
  });
});

describeWith(DRIVER_NEEDS, 'a domain', () => {
  it('starts, pauses, reboots and ends, and says what it does and why', async () => {
    await using connection = await host();
    const domain = await connection.domains.define(guestXml('a'));
    const states: DomainState[] = [];
    const then = async (step: Promise<void>) => {
      await step;
      states.push(await domain.state());
    };
    expect(await domain.isActive()).toBe(false);
    await then(domain.start());
    await then(domain.suspend());
    await then(domain.resume());
    await then(domain.shutdown());
    await then(domain.start());
    await then(domain.destroy());
    expect(states).toEqual([
      { state: 'running', reason: 'booted' },
      { state: 'paused', reason: 'user' },
      { state: 'running', reason: 'unpaused' },
      { state: 'shutoff', reason: 'shutdown' },
      { state: 'running', reason: 'booted' },
      { state: 'shutoff', reason: 'destroyed' },
    ]);
    await domain.undefine();
    await expect(domain.state()).rejects.toMatchObject({ code: 'NO_DOMAIN' });
  });

  it('keeps its notes', async () => {
    await using connection = await host('a');
    const { metadata } = await connection.domains.get('a');
    expect(await metadata.title()).toBeUndefined();
    await metadata.setTitle('Web server');
    await metadata.setElement('urn:x', 'x', '<owner>ada</owner>');
    expect(await metadata.title()).toBe('Web server');
    expect(await metadata.title({ inactive: true })).toBe('Web server');
    expect(await metadata.element('urn:x')).toContain('ada');
    await metadata.setTitle(null);
    expect(await metadata.title()).toBeUndefined();
  });

  it('may start with the daemon', async () => {
    await using connection = await host('a');
    const domain = await connection.domains.get('a');
    expect(await domain.autostart()).toBe(false);
    await domain.autostart(true);
    expect(await domain.autostart()).toBe(true);
  });

  it('says what the driver cannot do', async () => {
    await using connection = await host('a');
    const domain = await connection.domains.get('a');
    await expect(domain.hostname({ source: 'agent' })).rejects.toBeInstanceOf(LibvirtError);
    await expect(domain.start()).rejects.toMatchObject({
      function: 'virDomainCreateWithFlags',
      object: "domain 'a'",
    });
    await expect(domain.undefine({ nvram: 'shred' as never })).rejects.toThrow(
      'nvram: shred is not one of remove, keep',
    );
  });
});

describeWith(DRIVER_NEEDS, 'the events of guests', () => {
  it('tell the life of one, and why', async () => {
    await using connection = await host();
    await using stream = connection.events.watch('domainLifecycle');
    await stream.ready;
    const domain = await connection.domains.define(guestXml('a'));
    await domain.start();
    await domain.suspend();
    await domain.resume();
    await domain.destroy();
    await domain.undefine();
    const events = await take(stream, 6);
    expect(events.map(({ type, detail }) => `${type}: ${detail}`)).toEqual([
      'defined: added',
      'started: booted',
      'suspended: paused',
      'resumed: unpaused',
      'stopped: destroyed',
      'undefined: removed',
    ]);
    for (const event of events) expect(event.domain).toMatchObject({ name: 'a', uuid: domain.uuid });
  });

  it('tell what is noted on one', async () => {
    await using connection = await host('a');
    await using stream = connection.events.watch('domainMetadata');
    await stream.ready;
    const { metadata } = await connection.domains.get('a');
    await metadata.setTitle('Web server');
    await metadata.setElement('urn:x', 'x', '<owner/>');
    expect(await take(stream, 2)).toMatchObject([
      { type: 'title', uri: undefined },
      { type: 'element', uri: 'urn:x' },
    ]);
  });

  it('of networks and of guests come in their order, at once', async () => {
    await using connection = await host('a');
    const heard: string[] = [];
    await connection.events.on('domainLifecycle', ({ type }) => heard.push(type));
    await using stream = connection.events.watch('domainLifecycle');
    await stream.ready;
    const domain = await connection.domains.get('a');
    for (let i = 0; i < 200; i++) {
      await domain.suspend();
      await domain.resume();
    }
    await take(stream, 400);
    expect(heard).toEqual(Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 'suspended' : 'resumed')));
  });
});
