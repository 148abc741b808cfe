// Every row checks what it is given before anything is sent, and says what is wrong with it.

import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseVersion } from '../../lib/libvirt/ask.js';
import { addon } from '../../lib/native/addon.js';
import { virConnectCloseReason as why } from '../../lib/native/constants.gen.js';
import { since } from '../../lib/native/functions.gen.js';
import type { Connect, Domain, Network } from '../../lib/native/handles.js';
import { describeWith, LIBVIRTD_NEEDS, missing } from '../lab/have.js';
import { type Libvirtd, startLibvirtd } from '../lab/libvirtd.js';
import { writeTestNode } from '../lab/test-node.js';

type Row = (...values: unknown[]) => unknown;
type Signature = ReturnType<typeof addon>['signatures'][string];

const rows = missing('native') === undefined ? Object.entries(addon().signatures) : [];
const row = (name: string) => (addon().functions as unknown as Record<string, Row>)[name] as Row;
const { functions: f } = missing('native') === undefined ? addon() : ({} as ReturnType<typeof addon>);

/** An object of each type that a host has, by the type's name. */
interface Handles {
  readonly [type: string]: unknown;
  readonly Connect: Connect;
  readonly Domain: Domain;
  readonly Network: Network;
}

const NETWORK = `<network><name>n</name><bridge name='n'/></network>`;
const DOMAIN = `<domain type='test'><name>d</name><memory>1024</memory><os><type>hvm</type></os></domain>`;
const INTERFACE = `<interface type='ethernet' name='i'><start mode='none'/></interface>`;

const DEVICE = `<device><name>computer</name><capability type='system'><hardware><uuid>a8a5fdbd-edaf-9455-926a-d65c16db1809</uuid></hardware></capability></device>`;

async function handlesOfTestNode(): Promise<Handles> {
  using node = writeTestNode({
    networks: [NETWORK],
    domains: [DOMAIN],
    interfaces: [INTERFACE],
    devices: [DEVICE],
  });
  const connection = await f.virConnectOpen(node.uri);
  return {
    Connect: connection,
    Domain: await f.virDomainLookupByName(connection, 'd'),
    Interface: await f.virInterfaceLookupByName(connection, 'i'),
    Network: await f.virNetworkLookupByName(connection, 'n'),
    NodeDevice: await f.virNodeDeviceLookupByName(connection, 'computer'),
    Stream: await f.virStreamNew(connection, 0),
  };
}

/** What the test driver has none of. */
const ofDaemon = ['NetworkPort', 'NWFilter', 'NWFilterBinding'];

async function handlesOfDaemon({ uri }: Libvirtd): Promise<Handles> {
  const connection = await f.virConnectOpen(uri);
  const network = await f.virNetworkCreateXML(connection, NETWORK);
  const port = `<networkport><uuid>b8a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
    <owner><name>g</name><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid></owner>
    <mac address='52:54:00:00:00:01'/>
  </networkport>`;
  const filter = `<filter name='f'><rule action='drop' direction='in'><all/></rule></filter>`;
  const binding = `<filterbinding>
    <owner><name>g</name><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid></owner>
    <portdev name='phys0'/><mac address='52:54:00:00:00:01'/><filterref filter='f'/>
  </filterbinding>`;
  return {
    Connect: connection,
    Domain: await f.virDomainDefineXML(connection, DOMAIN.replace("'test'", "'qemu'")),
    Network: network,
    NetworkPort: await f.virNetworkPortCreateXML(network, port, 0),
    NWFilter: await f.virNWFilterDefineXML(connection, filter),
    NWFilterBinding: await f.virNWFilterBindingCreateXML(connection, binding, 0),
  };
}

const needsDaemon = ({ arguments: all }: Signature) => all.some(({ type }) => ofDaemon.includes(type));

describeWith(['native', 'libvirt'], 'each row', () => {
  const mine = rows.filter(([, signature]) => !needsDaemon(signature));
  contract(mine, handlesOfTestNode);

  it('refuses -1 for flags, which have no sign', async () => {
    const { Connect: connection, Network: network } = await handlesOfTestNode();
    expect(() => f.virNetworkGetXMLDesc(network, -1)).toThrow(RangeError);
    expect(() => f.virConnectListAllNetworks(connection, -1)).toThrow(RangeError);
    await f.virConnectClose(connection, why.CLIENT);
  });

  it('refuses room for fewer than no names and for more than there can be', async () => {
    const { Connect: connection } = await handlesOfTestNode();
    for (const room of [-1, 65537]) {
      expect(() => f.virConnectListNetworks(connection, room)).toThrow(RangeError);
      expect(() => f.virConnectListDefinedNetworks(connection, room)).toThrow(RangeError);
    }
    await f.virConnectClose(connection, why.CLIENT);
  });

  it('says which part of a typed parameter is wrong', async () => {
    const { Connect: connection, Domain: domain } = await handlesOfTestNode();
    const set = (...parameters: unknown[]) =>
      row('virDomainSetInterfaceParameters')(domain, 'vnet0', parameters, 0);
    const place = 'virDomainSetInterfaceParameters, argument 3: expected ';
    expect(() => set('x')).toThrow(`${place}a list of { field, type, value }, got a string`);
    expect(() => set({ field: 1, type: 2, value: 3 })).toThrow(`${place}a string or null, got 1`);
    expect(() => set({ field: 'f'.repeat(80), type: 2, value: 3 })).toThrow(
      `${place}a name of at most 79 bytes`,
    );
    expect(() => set({ field: 'f', type: 8, value: 3 })).toThrow(`${place}a type from 1 to 7, got 8`);
    const values: readonly [type: number, value: unknown, expected: string][] = [
      [1, 2 ** 31, 'a whole number from -2147483648 to 2147483647'],
      [2, -1, 'a whole number from 0 to 4294967295'],
      [3, 1, 'a bigint, got 1'],
      [4, -1n, 'a 64-bit number, got -1n'],
      [5, '1', 'a number, got a string'],
      [6, 1, 'true or false, got 1'],
      [7, null, 'a string, got null'],
    ];
    for (const [type, value, expected] of values)
      expect(() => set({ field: 'f', type, value })).toThrow(`${place}${expected}`);
    await f.virConnectClose(connection, why.CLIENT);
  });
});

describeWith([...LIBVIRTD_NEEDS, 'native'], 'each row on what only a daemon has', () => {
  const labs: Libvirtd[] = [];
  afterAll(() => Promise.all(labs.map((lab) => lab.stop())));

  contract(
    rows.filter(([, signature]) => needsDaemon(signature)),
    async () => {
      const lab = await startLibvirtd();
      labs.push(lab);
      return handlesOfDaemon(lab);
    },
  );
});

function contract(mine: readonly (readonly [name: string, Signature])[], open: () => Promise<Handles>): void {
  let handles: Handles;
  let installed = 0;
  beforeAll(async () => {
    [installed] = f.virGetVersion(null);
    handles = await open();
  });
  afterAll(() => handles && f.virConnectClose(handles.Connect, why.CLIENT));

  const isNewer = (name: string) => parseVersion(since[name as keyof typeof since]) > installed;

  it.each(mine)('%s takes as many arguments as it says', (name, signature) => {
    const values = validFor(signature, handles);
    const takes = new RegExp(`^${name} takes ${values.length} arguments?, got `);
    expect(() => row(name)(...values, undefined)).toThrow(takes);
    if (values.length > 0) expect(() => row(name)(...values.slice(0, -1))).toThrow(takes);
  });

  const positions = mine.flatMap(([name, { arguments: all }]) =>
    all.map(({ type }, i) => [name, i + 1, type] as const),
  );

  it.each(positions)('%s refuses another type for argument %i (%s)', (name, position, type) => {
    for (const value of wrongTypes(type, handles)) {
      expect(() => callWith(name, position, value), inspect(value)).toThrow(TypeError);
      expect(() => callWith(name, position, value)).toThrow(`${name}, argument ${position}: expected `);
    }
  });

  const ranges = positions.filter(([name, , type]) => outOfRange(name, type).length > 0);
  if (ranges.length > 0)
    it.each(ranges)('%s refuses numbers out of range for argument %i (%s)', (name, position, type) => {
      for (const value of outOfRange(name, type)) {
        expect(() => callWith(name, position, value), inspect(value)).toThrow(RangeError);
        expect(() => callWith(name, position, value)).toThrow(`${name}, argument ${position}: expected `);
      }
    });

  it('has sent nothing of all that', async () => {
    expect(await f.virNetworkIsActive(handles.Network)).toBe(true);
    expect(f.virDomainGetName(handles.Domain)).toBe('d');
    expect(await f.virConnectNumOfDefinedNetworks(handles.Connect)).toBe(0);
  });

  const newer = mine.filter(([name]) => since[name as keyof typeof since] > '9');
  if (newer.length > 0)
    it.each(newer)('%s rejects when libvirt is older', async (name, signature) => {
      const failure = { reason: 'functionMissing', function: name };
      const outcome = Promise.resolve(row(name)(...validFor(signature, handles)));
      if (isNewer(name)) await expect(outcome).rejects.toMatchObject(failure);
      else await outcome.catch((error) => expect(error).not.toMatchObject(failure));
    });

  describe.each([
    { reason: 'closed', closedFor: why.CLIENT, message: 'the connection is closed' },
    { reason: 'lost', closedFor: why.EOF, message: 'the connection was lost' },
  ])('on a connection that is $reason', ({ reason, closedFor, message }) => {
    let closed: Handles;
    beforeAll(async () => {
      closed = await open();
      await f.virConnectClose(closed.Connect, closedFor);
    });

    const onHandles = mine.filter(
      ([name, { arguments: all }]) => name !== 'virConnectClose' && isHandle(all[0]?.type ?? ''),
    );
    it.each(onHandles)('%s says so', (name, signature) => {
      expect(() => row(name)(...validFor(signature, closed))).toThrow(
        expect.objectContaining({ reason, function: name, message }),
      );
    });

    it('virConnectClose may be called again', async () => {
      await f.virConnectClose(closed.Connect, why.CLIENT);
    });
  });

  function callWith(name: string, position: number, value: unknown): unknown {
    const signature = addon().signatures[name] as Signature;
    return row(name)(...validFor(signature, handles).with(position - 1, value));
  }
}

const handleTypes = [
  'Connect',
  'Domain',
  'Interface',
  'Network',
  'NodeDevice',
  'Stream',
  ...ofDaemon,
] as const;

/** `Network`, and also `Network | null`. */
const handleType = (type: string) => handleTypes.find((name) => type.split(' ')[0] === name);
const isHandle = (type: string) => handleType(type) !== undefined;
const isListOfHandles = (type: string) => isHandle(type.replace(/\[\]$/, '')) && type.endsWith('[]');
const isListener = (type: string) => type.endsWith('=> void') || type.endsWith('=> void)');

/** What every argument takes, by its type in TypeScript. */
function validFor({ arguments: all }: Signature, handles: Handles): unknown[] {
  return all.map(({ type }) => {
    const handle = handleType(type);
    if (handle) return handles[handle];
    if (isListOfHandles(type)) return [handles[type.slice(0, -2)]];
    if (type === 'string | null') return 'text';
    if (type === 'number') return 0;
    if (type === 'number[]' || type === 'TypedParameter[]') return [];
    if (type === 'Uint8Array') return new Uint8Array(16);
    if (isListener(type)) return () => {};
    throw new Error(`say in this test what a ${type} is`);
  });
}

function wrongTypes(type: string, handles: Handles): unknown[] {
  const never = [undefined, true, Symbol('s'), {}];
  const handle = handleType(type);
  if (handle) {
    const { [handle]: own, ...others } = handles;
    const nothing = type.endsWith('| null') ? [] : [null];
    return [...never, ...nothing, 1, 'text', ...Object.values(others), Promise.resolve(own)];
  }
  if (isListOfHandles(type)) return [...never, null, 1, 'text', [1], [null], [handles.Connect]];
  if (type === 'string | null') return [...never, 1, handles.Connect, () => {}, 'nul\0inside'];
  if (type === 'number') return [...never, null, '1', 1n, [1], new Date(0)];
  if (type === 'number[]') return [...never, null, 1, ['1'], [null], new Int32Array(1), new Array(3)];
  if (type === 'TypedParameter[]') return [...never, null, 1, 'text', [1], [{}], [null]];
  if (type === 'Uint8Array') return [...never, null, 'text', [], new ArrayBuffer(16), new Uint16Array(8)];
  return [...never, null, 1, 'text'];
}

/** What streams take has any size; all other bytes are UUIDs. */
const isUuid = (name: string, type: string) => type === 'Uint8Array' && !name.startsWith('virStream');

function outOfRange(name: string, type: string): unknown[] {
  const numbers = [Number.NaN, 1.5, -(2 ** 31) - 1, 2 ** 32, 2 ** 53, Number.POSITIVE_INFINITY];
  if (name === 'virConnectClose' && type === 'number') return [...numbers, why.CLIENT + 1];
  if (type === 'number') return numbers;
  if (type === 'number[]') return numbers.map((number) => [0, number]);
  if (isUuid(name, type)) return [0, 15, 17].map((length) => new Uint8Array(length));
  return [];
}
