// Every public function of the areas that are bound has a row or a reason, every row exists in libvirt, and every
// row checks what it is given before anything is sent.

import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addon } from '../../lib/native/addon.js';
import { since } from '../../lib/native/functions.gen.js';
import type { Connect, Network } from '../../lib/native/handles.js';
import { describeWith, missing } from '../lab/have.js';
import { writeTestNode } from '../lab/test-node.js';
import { readApi } from './generator/libvirt-api.js';
import { areas, unbound } from './unbound.js';

type Row = (...values: unknown[]) => unknown;
const rows = missing('native') === undefined ? Object.entries(addon().signatures) : [];
const row = (name: string) => (addon().functions as unknown as Record<string, Row>)[name] as Row;

describeWith(['native', 'libvirt headers'], 'the functions of libvirt', () => {
  const known = missing('libvirt headers') === undefined ? readApi().functions : new Map();
  const bound = rows.map(([name]) => name);
  const listed = unbound.flatMap(([, functions]) => functions);

  it('are bound or listed with a reason', () => {
    const public_ = [...known.values()]
      .filter(({ module }) => areas.includes(module))
      .map(({ name }) => name);
    expect(public_.filter((name) => !bound.includes(name) && !listed.includes(name))).toEqual([]);
  });

  it('are not both', () => {
    expect(listed.filter((name) => bound.includes(name))).toEqual([]);
    expect(listed.length).toBe(new Set(listed).size);
  });

  it('exist where they are bound or listed', () => {
    expect([...bound, ...listed].filter((name) => !known.has(name))).toEqual([]);
    expect(bound.filter((name) => !areas.includes(known.get(name)?.module ?? ''))).toEqual([]);
  });
});

describeWith(['native', 'libvirt'], 'each row', () => {
  let connection: Connect;
  let network: Network;
  let installed = 0;
  beforeAll(async () => {
    using node = writeTestNode({ networks: ['<network><name>n</name></network>'] });
    const { functions } = addon();
    [installed] = functions.virGetVersion(null);
    connection = await functions.virConnectOpen(node.uri);
    network = await functions.virNetworkLookupByName(connection, 'n');
  });
  afterAll(() => connection && addon().functions.virConnectClose(connection));

  const isNewer = (name: string) => numberOf(since[name as keyof typeof since]) > installed;

  it.each(rows)('%s is in the installed libvirt, or newer', (name) => {
    const library = /\S*\/libvirt\.so\.0\S*$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? '';
    // Among the names of its symbols; reading these takes no tool.
    expect(readFileSync(library).includes(`\0${name}\0`)).toBe(!isNewer(name));
  });

  it.each(rows)('%s takes as many arguments as it says', (name, signature) => {
    const values = validFor(signature);
    const takes = new RegExp(`^${name} takes ${values.length} arguments?, got `);
    expect(() => row(name)(...values, undefined)).toThrow(takes);
    if (values.length > 0) expect(() => row(name)(...values.slice(0, -1))).toThrow(takes);
  });

  const positions = rows.flatMap(([name, { arguments: all }]) =>
    all.map(({ type }, i) => [name, i + 1, type] as const),
  );

  it.each(positions)('%s refuses another type for argument %i (%s)', (name, position, type) => {
    for (const value of wrongTypes(type)) {
      expect(() => callWith(name, position, value), inspect(value)).toThrow(TypeError);
      expect(() => callWith(name, position, value)).toThrow(`${name}, argument ${position}: expected `);
    }
  });

  const ranges = positions.filter(([, , type]) => outOfRange(type).length > 0);

  it.each(ranges)('%s refuses numbers out of range for argument %i (%s)', (name, position, type) => {
    for (const value of outOfRange(type)) {
      expect(() => callWith(name, position, value), inspect(value)).toThrow(RangeError);
      expect(() => callWith(name, position, value)).toThrow(`${name}, argument ${position}: expected `);
    }
  });

  it('refuses -1 for flags, which have no sign', () => {
    const { functions } = addon();
    expect(() => functions.virNetworkGetXMLDesc(network, -1)).toThrow(RangeError);
    expect(() => functions.virConnectListAllNetworks(connection, -1)).toThrow(RangeError);
  });

  it('refuses room for fewer than no names and for more than there can be', () => {
    const { functions } = addon();
    for (const room of [-1, 65537]) {
      expect(() => functions.virConnectListNetworks(connection, room)).toThrow(RangeError);
      expect(() => functions.virConnectListDefinedNetworks(connection, room)).toThrow(RangeError);
    }
  });

  it('has sent nothing of all that', async () => {
    const { functions } = addon();
    expect(await functions.virNetworkIsActive(network)).toBe(true);
    expect(await functions.virConnectListNetworks(connection, 10)).toEqual(['n']);
    expect(await functions.virConnectListDefinedNetworks(connection, 10)).toEqual([]);
  });

  const newer = rows.filter(([name]) => since[name as keyof typeof since] > '9');
  it.each(newer)('%s rejects when libvirt is older', async (name, signature) => {
    const failure = { reason: 'functionMissing', function: name };
    const outcome = Promise.resolve(row(name)(...validFor(signature)));
    if (isNewer(name)) await expect(outcome).rejects.toMatchObject(failure);
    else await outcome.catch((error) => expect(error).not.toMatchObject(failure));
  });

  const onHandles = rows.filter(([, { arguments: all }]) => /^(Connect|Network)$/.test(all[0]?.type ?? ''));
  it.each(onHandles)('%s says so on a closed connection', async (name, signature) => {
    using node = writeTestNode({ networks: ['<network><name>n</name></network>'] });
    const { functions } = addon();
    const own = await functions.virConnectOpen(node.uri);
    const ownNetwork = await functions.virNetworkLookupByName(own, 'n');
    await functions.virConnectClose(own);
    const values = validFor(signature).map((value) =>
      value === connection ? own : value === network ? ownNetwork : value,
    );
    expect(() => row(name)(...values)).toThrow(
      expect.objectContaining({ reason: 'closed', function: name, message: 'the connection is closed' }),
    );
  });

  it('virConnectClose may be called again', async () => {
    using node = writeTestNode();
    const { functions } = addon();
    const own = await functions.virConnectOpen(node.uri);
    await functions.virConnectClose(own);
    await functions.virConnectClose(own);
  });

  function callWith(name: string, position: number, value: unknown): unknown {
    const signature = addon().signatures[name] as (typeof rows)[number][1];
    return row(name)(...validFor(signature).with(position - 1, value));
  }

  /** What every argument takes, by its type in TypeScript. */
  function validFor({ arguments: all }: (typeof rows)[number][1]): unknown[] {
    return all.map(({ type }) => {
      if (type.startsWith('Connect')) return connection;
      if (type.startsWith('Network')) return network;
      if (type === 'string | null') return 'text';
      if (type === 'number') return 0;
      if (type === 'number[]') return [];
      if (type === 'Uint8Array') return new Uint8Array(16);
      if (type.endsWith('=> void') || type.endsWith('=> void)')) return () => {};
      throw new Error(`say in this test what a ${type} is`);
    });
  }

  function wrongTypes(type: string): unknown[] {
    const never = [undefined, true, Symbol('s'), {}];
    if (type.startsWith('Connect')) return [...never, null, 1, 'text', network, Promise.resolve(connection)];
    if (type.startsWith('Network')) return [...never, 1, 'text', connection];
    if (type === 'string | null') return [...never, 1, connection, () => {}, 'nul\0inside'];
    if (type === 'number') return [...never, null, '1', 1n, [1], new Date(0)];
    if (type === 'number[]') return [...never, null, 1, ['1'], [null], new Int32Array(1), new Array(3)];
    if (type === 'Uint8Array') return [...never, null, 'text', [], new ArrayBuffer(16), new Uint16Array(8)];
    return [...never, null, 1, 'text'];
  }

  function outOfRange(type: string): unknown[] {
    const numbers = [Number.NaN, 1.5, -(2 ** 31) - 1, 2 ** 32, 2 ** 53, Number.POSITIVE_INFINITY];
    if (type === 'number') return numbers;
    if (type === 'number[]') return numbers.map((number) => [0, number]);
    if (type === 'Uint8Array') return [0, 15, 17].map((length) => new Uint8Array(length));
    return [];
  }
});

describe('versions', () => {
  it('are compared as libvirt counts them', () => {
    expect(['0.9.13', '9.7.0', '11.2.0'].map(numberOf)).toEqual([9_013, 9_007_000, 11_002_000]);
  });
});

/** 1,000,000 × major + 1,000 × minor + release. */
function numberOf(version: string): number {
  const [major = 0, minor = 0, release = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1_000 + release;
}
