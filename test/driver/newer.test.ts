// What the installed libvirt may be too old for: works, or says what it needs.

import { expect, it } from 'vitest';
import { connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { take } from '../lab/take.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';
import { isOlderThan, needs, since } from './version.js';

describeWith(DRIVER_NEEDS, 'network.metadata', () => {
  it.skipIf(isOlderThan('9.7.0'))(since('9.7.0', 'keeps a title, a description and elements'), async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const { metadata } = await connection.networks.get('lan');
    expect(await metadata.title()).toBeUndefined();
    await metadata.setTitle('The office');
    await metadata.setDescription('Second floor,\nnorth side');
    await metadata.setElement('urn:a', 'a', '<b>mine</b>');
    expect(await metadata.title()).toBe('The office');
    expect(await metadata.description()).toBe('Second floor,\nnorth side');
    expect(await metadata.element('urn:a')).toContain('mine');
    await metadata.setTitle(null);
    await metadata.setElement('urn:a', 'a', null);
    expect(await metadata.title()).toBeUndefined();
    expect(await metadata.element('urn:a')).toBeUndefined();
  });

  it.runIf(isOlderThan('9.7.0'))('says which libvirt it needs', async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const { metadata } = await connection.networks.get('lan');
    for (const [call, name] of [
      [() => metadata.title(), 'virNetworkGetMetadata'],
      [() => metadata.description({ inactive: true }), 'virNetworkGetMetadata'],
      [() => metadata.element('urn:a'), 'virNetworkGetMetadata'],
      [() => metadata.setTitle('The office'), 'virNetworkSetMetadata'],
      [() => metadata.setDescription(null), 'virNetworkSetMetadata'],
      [() => metadata.setElement('urn:a', 'a', '<b/>'), 'virNetworkSetMetadata'],
    ] as const) {
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'FUNCTION_MISSING',
        function: name,
        object: "network 'lan'",
        message: expect.stringMatching(new RegExp(`of network 'lan': ${name} ${needs('9.7.0')}$`)),
      });
    }
  });

  it('refuses what is no text', async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const { metadata } = await connection.networks.get('lan');
    await expect(metadata.setTitle(5 as never)).rejects.toThrow(new TypeError('value: 5 is not a text'));
    await expect(metadata.element(5 as never)).rejects.toThrow(new TypeError('uri: 5 is not a text'));
    await expect(metadata.setElement('urn:a', 5 as never, '<b/>')).rejects.toThrow('prefix: 5 is not a text');
    await expect(metadata.setTitle('x', { liv: true } as never)).rejects.toThrow('did you mean live?');
    await expect(metadata.title({ inactive: 1 } as never)).rejects.toThrow(
      'inactive: 1 is not true or false',
    );
  });
});

describeWith(DRIVER_NEEDS, 'network.update of DNS hosts and texts where they are', () => {
  it.skipIf(isOlderThan('11.3.0'))(since('11.3.0', 'changes them'), async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const network = await connection.networks.get('lan');
    await network.update('add', 'dnsHost', { ip: '10.0.0.2', hostnames: ['a'] });
    await network.update('add', 'dnsTxt', { name: 'a', value: 'b' });
    await network.update('modify', 'dnsHost', { ip: '10.0.0.2', hostnames: ['c'] });
    await network.update('modify', 'dnsTxt', { name: 'a', value: 'd' });
    expect((await network.describe()).dns).toEqual({
      hosts: [{ ip: '10.0.0.2', hostnames: ['c'] }],
      txts: [{ name: 'a', value: 'd' }],
    });
  });

  it.runIf(isOlderThan('9.1.0'))('is refused by libvirt 9.0', async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    const network = await connection.networks.get('lan');
    const changes = [
      () => network.update('modify', 'dnsHost', { ip: '10.0.0.2', hostnames: ['c'] }),
      () => network.update('modify', 'dnsTxt', { name: 'a', value: 'd' }),
    ];
    for (const change of changes)
      await expect(change()).rejects.toMatchObject({ code: 'OPERATION_UNSUPPORTED' });
  });
});

describeWith(DRIVER_NEEDS, 'the event networkMetadata', () => {
  it.skipIf(isOlderThan('9.8.0'))(since('9.8.0', 'comes when a note changes'), async () => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    await using stream = connection.events.watch('networkMetadata');
    await stream.ready;
    const { metadata } = await connection.networks.get('lan');
    await metadata.setTitle('The office');
    await metadata.setElement('urn:a', 'a', '<b/>');
    expect(await take(stream, 2)).toMatchObject([
      { type: 'title', network: { name: 'lan' } },
      { type: 'element', uri: 'urn:a', network: { name: 'lan' } },
    ]);
  });

  it.runIf(isOlderThan('9.8.0'))('says which libvirt it needs', async () => {
    await using connection = await connectToHost();
    const refused = {
      code: 'FUNCTION_MISSING',
      function: 'virConnectNetworkEventRegisterAny',
      message: `cannot listen for networkMetadata on connection ${connection.name}: that ${needs('9.8.0')}`,
    };
    await expect(connection.events.on('networkMetadata', () => {})).rejects.toMatchObject(refused);
    await expect(connection.events.watch('networkMetadata').ready).rejects.toMatchObject(refused);
  });
});

describeWith(DRIVER_NEEDS, 'domain.nics.announce', () => {
  it.runIf(isOlderThan('12.5.0'))('says which libvirt it needs', async () => {
    await using connection = await connect('test:///default');
    const domain = await connection.domains.get('test');
    for (const options of [{}, { initial: 100, max: 1000, rounds: 3, step: 0 }])
      await expect(domain.nics.announce(undefined, options)).rejects.toMatchObject({
        code: 'FUNCTION_MISSING',
        function: 'virDomainAnnounceInterface',
        object: "domain 'test'",
        message: `cannot announce the NICs of domain 'test': virDomainAnnounceInterface ${needs('12.5.0')}`,
      });
  });

  it('refuses what it cannot do', async () => {
    await using connection = await connect('test:///default');
    const { nics } = await connection.domains.get('test');
    await expect(nics.announce('vnet99')).rejects.toMatchObject({ code: 'DEVICE_MISSING' });
    await expect(nics.announce('')).rejects.toThrow(TypeError);
    await expect(nics.announce(undefined, { rounds: -1 })).rejects.toThrow(RangeError);
    await expect(nics.announce(undefined, { max: 2 ** 32 })).rejects.toThrow(/^max: 4294967296 /);
    await expect(nics.announce(undefined, { round: 1 } as never)).rejects.toThrow('did you mean rounds?');
  });
});
