import { expect, it } from 'vitest';
import { type ConnectOptions, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { startSilentPeer } from '../lab/silent-peer.js';
import { writeTestNode } from '../lab/test-node.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

const TYPICAL_URIS = 'a URI looks like qemu:///system, qemu+ssh://user@host/system or test:///default';

describeWith(DRIVER_NEEDS, 'connect', () => {
  it('opens the built-in host', async () => {
    await using connection = await connect('test:///default');
    expect(connection.name).toBe('test:///default');
    expect(await connection.uri()).toBe('test:///default');
    expect((await connection.networks.get('default')).name).toBe('default');
  });

  it('opens the host that a file describes', async () => {
    using node = writeTestNode({ networks: [networkXml('given')] });
    await using connection = await connect(node.uri);
    expect((await connection.networks.list()).map(({ name }) => name)).toEqual(['given']);
  });

  it('gives each connection to a file a host of its own', async () => {
    using node = writeTestNode();
    await using one = await connect(node.uri);
    await using other = await connect(node.uri);
    await one.networks.define(networkXml('mine'));
    expect(await other.networks.find('mine')).toBeUndefined();
  });

  it('opens many at once', async () => {
    const connections = await Promise.all(Array.from({ length: 20 }, () => connectToHost()));
    expect(await Promise.all(connections.map((each) => each.type()))).toEqual(Array(20).fill('TEST'));
    await Promise.all(connections.map((each) => each.close()));
  });

  it.each<[string, ConnectOptions]>([
    ['no keepalive', { keepAlive: false }],
    ['keepalive, which a driver of this process needs none of', { keepAlive: { interval: 1, count: 0 } }],
    ['credentials that nobody asks for', { auth: { username: 'ada', password: 'secret' } }],
    ['options that are undefined', { readOnly: undefined, signal: undefined } as never],
  ])('takes %s', async (_, options) => {
    await using connection = await connectToHost({}, options);
    expect(await connection.isAlive()).toBe(true);
  });

  it('read-only, looks and changes nothing', async () => {
    await using connection = await connectToHost({ networks: [networkXml('given')] }, { readOnly: true });
    const network = await connection.networks.get('given');
    expect(await network.isActive()).toBe(true);
    const refused = {
      code: 'OPERATION_DENIED',
      message: expect.stringContaining('read only access prevents'),
      hint: 'this connection may only look: open another, without readOnly and not on a read-only socket, to change anything',
    };
    await expect(network.destroy()).rejects.toMatchObject({ ...refused, function: 'virNetworkDestroy' });
    await expect(connection.networks.define(networkXml('new'))).rejects.toMatchObject({
      ...refused,
      object: "network 'new'",
    });
    expect(await network.isActive()).toBe(true);
  });
});

describeWith(DRIVER_NEEDS, 'connect refuses before it asks libvirt', () => {
  it.each<[string, unknown, string]>([
    [
      'an unknown option',
      { readonly: true },
      'readonly: unknown field of a connection; did you mean readOnly?',
    ],
    ['no object', 'readOnly', 'options: readOnly is not an object that describes a connection'],
    ['null', null, 'options: null is not an object that describes a connection'],
    ['readOnly that is no truth', { readOnly: 'no' }, 'readOnly: no is not true or false'],
    ['keepAlive: true', { keepAlive: true }, 'keepAlive: true is not an object that describes keepalive'],
    ['half a keepAlive', { keepAlive: { interval: 5 } }, 'keepAlive.count: missing; keepalive must have it'],
    [
      'an interval of 0',
      { keepAlive: { interval: 0, count: 5 } },
      'keepAlive.interval: 0 is not a whole number from 1 to 2147483647 (seconds)',
    ],
    [
      'an interval that C cannot hold',
      { keepAlive: { interval: 2 ** 31, count: 5 } },
      'keepAlive.interval: 2147483648 is not a whole number from 1 to 2147483647 (seconds)',
    ],
    [
      'a count below 0',
      { keepAlive: { interval: 5, count: -1 } },
      'keepAlive.count: -1 is not a whole number from 0 to 4294967295',
    ],
    ['a signal that is none', { signal: 5 }, 'signal: 5 is not an AbortSignal'],
    ['auth that is neither', { auth: 'secret' }, 'auth: secret is not a function or { username, password }'],
    ['half of auth', { auth: { username: 'ada' } }, 'auth.password: missing; the credentials must have it'],
    ['an empty auth', { auth: null }, 'auth: null is not a function or { username, password }'],
  ])('%s', async (_, options, message) => {
    const error = await connect('test:///default', options as ConnectOptions).catch((e: unknown) => e);
    expect(error).toSatisfy((e) => e instanceof TypeError || e instanceof RangeError);
    expect(error).toHaveProperty('message', message);
  });

  it.each([
    [5, 'uri: 5 is not a text'],
    [null, 'uri: null is not a text'],
    ['test:///default\0', 'uri: "test:///default\\u0000" has a NUL character'],
  ])('the URI %j', async (uri, message) => {
    await expect(connect(uri as string)).rejects.toThrow(message);
  });
});

describeWith(DRIVER_NEEDS, 'connect says what is wrong with the URI', () => {
  it.each([
    [':::', 'INTERNAL_ERROR', 'Unable to parse URI', TYPICAL_URIS],
    ['qemu', 'NO_CONNECT', 'does not include a driver name', TYPICAL_URIS],
    ['test:///', 'INVALID_ARG', 'supply a path or use test:///default', TYPICAL_URIS],
    ['qemu+pigeon:///system', 'INVALID_ARG', 'transport in URL not recognised', TYPICAL_URIS],
    [
      'qemu+unix:///system?socket=/nowhere',
      'SYSTEM_ERROR',
      "'/nowhere': No such file",
      'no libvirt daemon runs here',
    ],
    [
      'qemu+tcp://127.0.0.1:1/system',
      'SYSTEM_ERROR',
      'Connection refused',
      'correct the host and port in the URI',
    ],
    ['qemu+tcp://host.invalid/system', 'SYSTEM_ERROR', 'resolve', 'the host in the URI cannot be reached'],
  ])('%s', async (uri, code, why, hint) => {
    const error = await connect(uri).catch((e: unknown) => e);
    expect(error).toMatchObject({
      name: 'LibvirtError',
      code,
      function: 'virConnectOpen',
      object: uri,
      message: expect.stringContaining(`cannot connect to ${uri}: `),
      hint: expect.stringContaining(hint),
    });
    expect(error).toHaveProperty('message', expect.stringContaining(why));
    expect(error).toHaveProperty('message', expect.stringContaining(hint));
  });
});

describeWith(DRIVER_NEEDS, 'connect to a socket', () => {
  it('at which nobody listens says so', async () => {
    using file = writeTestNode();
    const socket = file.uri.replace('test://', '');
    await expect(connect(`qemu+unix:///system?socket=${socket}`)).rejects.toMatchObject({
      code: 'SYSTEM_ERROR',
      message: expect.stringContaining(`Failed to connect socket to '${socket}': Connection refused`),
      hint: expect.stringContaining('nothing listens there: start the daemon'),
    });
  });
});

describeWith(DRIVER_NEEDS, 'connect with a signal', () => {
  it('does nothing when it is aborted already', async () => {
    const reason = new Error('never mind');
    const opening = connect('qemu+unix:///system?socket=/nowhere', { signal: AbortSignal.abort(reason) });
    await expect(opening).rejects.toBe(reason);
  });

  it('rejects at once with its reason while a peer says nothing', async () => {
    await using peer = await startSilentPeer();
    const abort = new AbortController();
    const opening = connect(peer.unixUri, { signal: abort.signal });
    await peer.accepted(1);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it('is not touched by an abort after it is open', async () => {
    const abort = new AbortController();
    await using connection = await connectToHost({}, { signal: abort.signal });
    abort.abort();
    expect(await connection.isAlive()).toBe(true);
  });
});
