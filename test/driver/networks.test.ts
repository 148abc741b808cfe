import { expect, it } from 'vitest';
import { build, type NetworkFilter, type NetworkKey, XmlError } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

const NO_UUID = '11111111-2222-3333-4444-555555555555';

describeWith(DRIVER_NEEDS, 'networks.list', () => {
  const CASES: [NetworkFilter, string[]][] = [
    [{}, ['running', 'automatic', 'idle', 'transient']],
    [{ active: true }, ['running', 'automatic', 'transient']],
    [{ active: false }, ['idle']],
    [{ persistent: true }, ['running', 'automatic', 'idle']],
    [{ persistent: false }, ['transient']],
    [{ autostart: true }, ['automatic']],
    [{ autostart: false }, ['running', 'idle', 'transient']],
    [{ active: true, persistent: true, autostart: false }, ['running']],
    [{ active: false, autostart: true }, []],
    [{ active: undefined } as never, ['running', 'automatic', 'idle', 'transient']],
  ];

  it.each(CASES)('%j', async (filter, names) => {
    await using connection = await connectToHost({
      networks: [networkXml('running'), networkXml('automatic')],
    });
    await (await connection.networks.get('automatic')).autostart(true);
    await connection.networks.define(networkXml('idle'));
    await connection.networks.create(networkXml('transient'));
    const found = await connection.networks.list(filter);
    expect(found.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('gives none where there is none', async () => {
    await using connection = await connectToHost();
    expect(await connection.networks.list()).toEqual([]);
  });

  it.each([
    [{ activ: true }, 'activ: unknown field of a filter of networks; did you mean active?'],
    [{ active: 1 }, 'active: 1 is not true or false'],
    [null, 'options: null is not an object that describes a filter of networks'],
    ['active', 'options: active is not an object that describes a filter of networks'],
  ])('refuses %j', async (filter, message) => {
    await using connection = await connectToHost();
    await expect(connection.networks.list(filter as NetworkFilter)).rejects.toThrow(new TypeError(message));
  });
});

describeWith(DRIVER_NEEDS, 'networks.get and find', () => {
  it('find a network by its name and by its UUID, in either spelling', async () => {
    await using connection = await connectToHost({ networks: [networkXml('given')] });
    const { uuid } = await connection.networks.get('given');
    for (const key of [{ uuid }, { uuid: uuid.replaceAll('-', '').toUpperCase() }]) {
      expect(await connection.networks.get(key)).toMatchObject({ name: 'given', uuid });
      expect(await connection.networks.find(key)).toMatchObject({ name: 'given', uuid });
    }
    const found = await connection.networks.find('given');
    expect(found?.connection).toBe(connection);
  });

  it('find a name in any script', async () => {
    await using connection = await connectToHost({ networks: [networkXml('réseau 网络 🕸')] });
    expect((await connection.networks.get('réseau 网络 🕸')).name).toBe('réseau 网络 🕸');
  });

  it.each<[NetworkKey, string, string]>([
    ['nope', "network 'nope'", 'virNetworkLookupByName'],
    [{ uuid: NO_UUID }, `network ${NO_UUID}`, 'virNetworkLookupByUUIDString'],
  ])('say that there is no %j', async (key, object, name) => {
    await using connection = await connectToHost();
    await expect(connection.networks.get(key)).rejects.toMatchObject({
      code: 'NO_NETWORK',
      number: 43,
      function: name,
      object,
      message: expect.stringContaining(`cannot get ${object}: Network not found`),
      hint: 'connection.networks.list() gives the networks that exist',
    });
    expect(await connection.networks.find(key)).toBeUndefined();
  });

  it.each([
    ['', RangeError, 'name: "" is empty'],
    ['a\0b', RangeError, 'name: "a\\u0000b" has a character that XML cannot carry'],
    [5, TypeError, 'key: neither a name nor { uuid }'],
    [null, TypeError, 'key: neither a name nor { uuid }'],
    [{}, TypeError, 'key: neither a name nor { uuid }'],
    [{ uuid: 'x' }, TypeError, "uuid: 'x' is not a UUID"],
    [{ uuid: `${NO_UUID}0` }, TypeError, `uuid: '${NO_UUID}0' is not a UUID`],
  ])('refuse the key %j', async (key, type, message) => {
    await using connection = await connectToHost();
    for (const method of ['get', 'find'] as const)
      await expect(connection.networks[method](key as NetworkKey)).rejects.toThrow(new type(message));
  });
});

describeWith(DRIVER_NEEDS, 'networks.define and create', () => {
  it('define a network that persists and does not run', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(build.network.isolated({ name: 'lan' }));
    expect([await network.isActive(), await network.isPersistent()]).toEqual([false, true]);
    expect(network.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('create a network that runs and does not persist', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.create(build.network.isolated({ name: 'lan' }));
    expect([await network.isActive(), await network.isPersistent()]).toEqual([true, false]);
    await network.destroy();
    expect(await connection.networks.find('lan')).toBeUndefined();
  });

  it('take text as it is', async () => {
    await using connection = await connectToHost();
    const text = networkXml('lan', '<!-- mine --><metadata><a:b xmlns:a="urn:a">x</a:b></metadata>');
    const network = await connection.networks.define(text);
    expect(await network.xml()).toContain('<a:b xmlns:a="urn:a">x</a:b>');
  });

  it('redefine the network of the same name and UUID', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(networkXml('lan'));
    const again = await connection.networks.define({ ...(await network.describe()), mtu: { size: 9000 } });
    expect(again.uuid).toBe(network.uuid);
    expect((await network.describe()).mtu).toEqual({ size: 9000 });
    expect(await connection.networks.list()).toHaveLength(1);
  });

  it.each(['define', 'create'] as const)('%s refuses a name that is taken', async (method) => {
    await using connection = await connectToHost({ networks: [networkXml('lan')] });
    await expect(
      connection.networks[method](networkXml('lan', `<uuid>${NO_UUID}</uuid>`)),
    ).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      object: "network 'lan'",
      message: expect.stringContaining("network 'lan' already exists"),
      hint: expect.stringContaining('choose another name'),
    });
  });

  it('refuse what the grammar does not know, when asked to', async () => {
    await using connection = await connectToHost();
    const odd = networkXml('lan', '<colour/>');
    for (const method of ['define', 'create'] as const) {
      await expect(connection.networks[method](odd, { validate: true })).rejects.toMatchObject({
        code: 'XML_INVALID_SCHEMA',
        message: expect.stringContaining('colour'),
        hint: expect.stringContaining("does not fit libvirt's grammar"),
      });
    }
    expect((await connection.networks.define(odd)).name).toBe('lan');
    const document = build.network.isolated({ name: 'fine' });
    expect((await connection.networks.define(document, { validate: true })).name).toBe('fine');
  });

  it.each([
    ['', 'Root element is missing or invalid (line 1, column 1)'],
    ['lan.xml', "network: lan.xml is no XML; of a file its text is taken: await readFile(NAME, 'utf8')"],
    ['<network>', 'Missing end tag for element network (line 1, column 10, in network)'],
    ['<network>\n  <name>a</nam>\n</network>', 'line 2, column 10'],
    ['<network/>', 'it has no <name>'],
    ['<domain><name>x</name></domain>', '<network> expected, <domain> found'],
    ['<!DOCTYPE a><network><name>a</name></network>', 'a document type declaration (DTD) is not accepted'],
  ])('refuse %j with the place', async (text, message) => {
    await using connection = await connectToHost();
    const error = await connection.networks.define(text).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(XmlError);
    expect(error).toMatchObject({ message: expect.stringContaining(message), line: expect.any(Number) });
    expect(await connection.networks.list()).toEqual([]);
  });

  it.each([
    [5, 'network: 5 is neither the document of a network nor the text of one'],
    [undefined, 'network: undefined is neither the document of a network nor the text of one'],
    [
      Buffer.from('<network><name>x</name></network>'),
      'network: bytes are neither the document of a network nor the text of one; ' +
        "of a file its text is taken: await readFile(NAME, 'utf8')",
    ],
    [{ name: 'x' }, "kind: undefined is not 'network'"],
    [{ kind: 'networkPort', owner: {} }, "kind: networkPort is not 'network'"],
    [{ kind: 'network' }, 'name: is missing'],
    [{ kind: 'network', name: 'x', ip: [] }, 'ip: there is no such field; is ips meant?'],
    [
      { kind: 'network', name: 'x', ips: [{ address: '10.0.0.300' }] },
      'ips[0].address: 10.0.0.300 is not an IP address',
    ],
    [
      { kind: 'network', name: 'x', mtu: { size: 70000 } },
      'mtu.size: 70000 is not a whole number from 0 to 65535',
    ],
  ])('refuse %j with the field', async (document, message) => {
    await using connection = await connectToHost();
    const error = await connection.networks.define(document as never).catch((e: unknown) => e);
    expect(error).toSatisfy((e) => e instanceof TypeError || e instanceof RangeError);
    expect(error).toHaveProperty('message', message);
  });

  it.each([
    [{ overlap: 'ignore' }, 'overlap: ignore is not one of refuse, allow'],
    [{ overlaps: 'allow' }, 'overlaps: unknown field of a definition; did you mean overlap?'],
    [{ validate: 'yes' }, 'validate: yes is not true or false'],
    [null, 'options: null is not an object that describes a definition'],
  ])('refuse the options %j', async (options, message) => {
    await using connection = await connectToHost();
    for (const method of ['define', 'create'] as const)
      await expect(connection.networks[method](networkXml('x'), options as never)).rejects.toThrow(message);
    expect(await connection.networks.list()).toEqual([]);
  });

  it("pass on libvirt's own refusal", async () => {
    await using connection = await connectToHost();
    const text = networkXml('lan', "<forward mode='teleport'/>");
    await expect(connection.networks.define(text)).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      domain: 'NETWORK',
      level: 'error',
      function: 'virNetworkDefineXML',
      object: "network 'lan'",
      message: expect.stringMatching(/^cannot define network 'lan': .*teleport/),
    });
  });
});

describeWith(DRIVER_NEEDS, 'a network that overlaps another', () => {
  const lan = build.network.nat({ name: 'lan', ip: '192.168.10.1/24', bridge: 'virbr9' });

  it.each([
    [
      'in its subnet',
      build.network.nat({ name: 'new', ip: '192.168.0.1/16' }),
      "network 'new' (192.168.0.0/16) overlaps network 'lan' (192.168.10.0/24)",
    ],
    [
      'in its bridge',
      build.network.routed({ name: 'new', ip: '10.0.0.1/24', bridge: 'virbr9' }),
      "network 'new' and network 'lan' have the same bridge, virbr9",
    ],
    [
      'in a route',
      build.network.routed({
        name: 'new',
        ip: '10.0.0.1/24',
        routes: [{ destination: '192.168.10.0/24', gateway: '10.0.0.2' }],
      }),
      "network 'new' and network 'lan' have routes to the same subnet, 192.168.10.0/24",
    ],
  ])('%s is refused unless it is allowed', async (_, document, overlap) => {
    await using connection = await connectToHost();
    await connection.networks.define(lan);
    for (const method of ['define', 'create'] as const) {
      await expect(connection.networks[method](document)).rejects.toMatchObject({
        code: 'OVERLAP',
        object: "network 'new'",
        message: expect.stringContaining(`cannot ${method} network 'new': ${overlap}`),
        hint: "choose another address range or bridge, or give { overlap: 'allow' }",
      });
    }
    expect(await connection.networks.find('new')).toBeUndefined();
    expect((await connection.networks.define(document, { overlap: 'allow' })).name).toBe('new');
  });

  it('is refused when both are added at the same time', async () => {
    await using connection = await connectToHost();
    const { networks } = connection;
    const at = (name: string) => build.network.nat({ name, ip: '192.168.10.1/24' });
    const adding = [networks.define(at('a')), networks.create(at('b')), networks.define(at('c'))];
    const overlap = { status: 'rejected', reason: { code: 'OVERLAP' } };
    expect(await Promise.allSettled(adding)).toMatchObject([{ status: 'fulfilled' }, overlap, overlap]);
    expect(await networks.list()).toMatchObject([{ name: 'a' }]);
    const given = [networks.define('<network/>').catch(() => {}), networks.create(at('a2')).catch(() => {})];
    await Promise.all([...given, networks.define(build.network.isolated({ name: 'd' }))]);
    expect(connection.changes.size).toBe(0);
  });

  it('may be itself', async () => {
    await using connection = await connectToHost();
    const { uuid } = await connection.networks.define(lan);
    const wider = build.network.nat({ name: 'lan', uuid, ip: '192.168.10.1/23', bridge: 'virbr9' });
    await connection.networks.define(wider);
    expect((await connection.networks.list()).map(({ name }) => name)).toEqual(['lan']);
  });
});
