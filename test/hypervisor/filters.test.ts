// Filters and their bindings on a real libvirtd: seen in the firewall rules of a device.

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type FilterBindingDocument,
  type FilterDocument,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { type Libvirtd, NICS } from '../lab/libvirtd.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const NO_UUID = '11111111-2222-3333-4444-555555555555';
const [PORT, OTHER_PORT] = NICS;

const noMail = (port = 25): FilterDocument =>
  build.filter({ name: 'no-mail', entries: [build.rule.drop.out.tcp({ dstPortStart: port })] });

const binding = (filter: string, portDev: string): FilterBindingDocument => ({
  kind: 'nwfilterBinding',
  owner: { name: 'web', uuid: NO_UUID },
  portDev: { name: portDev },
  mac: { address: '52:54:00:12:34:56' },
  filterRef: { filter, parameters: [{ name: 'IP', value: '10.0.0.5' }] },
});

describeWith(HYPERVISOR_NEEDS, 'filters', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it("are listed, libvirt's own among them", async () => {
    const names = (await connection.filters.list()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['clean-traffic', 'no-mac-spoofing', 'allow-dhcp']));
    const printed = (await lab.must('virsh', 'nwfilter-list')).matchAll(/^ [0-9a-f-]{36} +(\S+) *$/gm);
    expect(names.sort()).toEqual(Array.from(printed, ([, name]) => name).sort());
  });

  it('are found by name and by UUID, in either spelling', async () => {
    const { uuid } = await connection.filters.get('clean-traffic');
    for (const key of ['clean-traffic', { uuid }, { uuid: uuid.replaceAll('-', '').toUpperCase() }]) {
      expect(await connection.filters.get(key)).toMatchObject({ name: 'clean-traffic', uuid, connection });
      expect(await connection.filters.find(key)).toMatchObject({ name: 'clean-traffic', uuid });
    }
  });

  it.each([
    ['nope', "filter 'nope'", 'virNWFilterLookupByName'],
    [{ uuid: NO_UUID }, `filter ${NO_UUID}`, 'virNWFilterLookupByUUIDString'],
  ])('say that there is no %j', async (key, object, name) => {
    await expect(connection.filters.get(key)).rejects.toMatchObject({
      code: 'NO_NWFILTER',
      function: name,
      object,
      hint: 'connection.filters.list() gives the filters that exist',
    });
    expect(await connection.filters.find(key)).toBeUndefined();
  });

  it('are defined, described, changed with a spread, and undefined', async () => {
    const filter = await connection.filters.define(noMail(), { validate: true });
    expect(filter.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const document = await filter.describe();
    expect(document.entries).toEqual([
      { action: 'drop', direction: 'out', priority: 500, tcp: { dstPortStart: 25 } },
    ]);
    const again = await connection.filters.define({
      ...document,
      entries: [...(document.entries ?? []), build.include('no-mac-spoofing')],
    });
    expect(again.uuid).toBe(filter.uuid);
    expect(await filter.xml()).toContain("<filterref filter='no-mac-spoofing'/>");

    await filter.undefine();
    expect(await connection.filters.find('no-mail')).toBeUndefined();
    for (const call of [() => filter.undefine(), () => filter.describe()])
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'NO_NWFILTER',
        object: "filter 'no-mail'",
      });
  });

  it('are not defined over one of another UUID, nor in a circle', async () => {
    const filter = await connection.filters.define(noMail());
    await expect(connection.filters.define(noMail())).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      object: "filter 'no-mail'",
      hint: expect.stringContaining('redefine the filter that exists with its own UUID'),
    });
    const document = await filter.describe();
    const circle = { ...document, entries: [build.include('no-mail')] };
    await expect(connection.filters.define(circle)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      hint: expect.stringContaining('in a circle'),
    });
    expect(await filter.describe()).toEqual(document);
    await filter.undefine();
  });

  it.each([
    [5, 'filter: 5 is neither the document of a network filter nor the text of one'],
    [{ kind: 'network', name: 'x' }, "kind: network is not 'nwfilter'"],
    [{ kind: 'nwfilter' }, 'name: is missing'],
    [
      { kind: 'nwfilter', name: 'x', priority: 2000 },
      'priority: 2000 is not a whole number from -1000 to 1000',
    ],
    ['<network/>', '<filter> expected, <network> found'],
  ])('are not made of %j', async (document, message) => {
    await expect(connection.filters.define(document as never)).rejects.toThrow(message);
  });

  it.each([
    ['<filter name="odd"><colour/></filter>', { validate: true }, 'does not fit'],
    [noMail(), { valid: true }, 'valid: unknown field of a definition; it has validate'],
    [noMail(), { validate: 1 }, 'validate: 1 is not true or false'],
  ])('are not defined by %j with %j', async (document, options, message) => {
    await expect(connection.filters.define(document, options as never)).rejects.toThrow(message);
    expect(await connection.filters.find('no-mail')).toBeUndefined();
  });
});

describeWith(HYPERVISOR_NEEDS, 'filter bindings', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.filters.define(noMail());
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  /** The firewall rules that name a port and a number of TCP. */
  const rules = async (device: string, port: number) => {
    const { iptables } = await lab.firewall();
    return iptables.split('\n').filter((line) => line.includes(device) && line.includes(`port ${port} `));
  };

  it('filter the traffic of a port until they are deleted', async () => {
    expect(await connection.filterBindings.list()).toEqual([]);
    const bound = await connection.filterBindings.create(binding('no-mail', PORT), { validate: true });
    expect(bound).toMatchObject({ portDev: PORT, filterName: 'no-mail', connection });
    expect(await rules(PORT, 25)).not.toEqual([]);
    expect(await connection.filterBindings.list()).toMatchObject([{ portDev: PORT }]);
    expect(await bound.describe()).toMatchObject({
      ...binding('no-mail', PORT),
      filterRef: {
        filter: 'no-mail',
        parameters: expect.arrayContaining([{ name: 'IP', value: '10.0.0.5' }]),
      },
    });

    await bound.delete();
    expect(await rules(PORT, 25)).toEqual([]);
    await expect(bound.delete()).rejects.toMatchObject({
      code: 'NO_NWFILTER_BINDING',
      object: `filter binding of '${PORT}'`,
      hint: expect.stringContaining('connection.filterBindings.list() gives the ports that have a filter'),
    });
  });

  it('follow a filter that is redefined, and keep it from being undefined', async () => {
    const filter = await connection.filters.get('no-mail');
    const bound = await connection.filterBindings.create(binding('no-mail', PORT));
    await connection.filters.define({ ...noMail(587), uuid: filter.uuid });
    expect(await rules(PORT, 25)).toEqual([]);
    expect(await rules(PORT, 587)).not.toEqual([]);
    await expect(filter.undefine()).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      object: "filter 'no-mail'",
      hint: expect.stringContaining('a port or another filter refers to it'),
    });
    await bound.delete();
    await connection.filters.define({ ...noMail(), uuid: filter.uuid });
  });

  it('are found by the name of the device', async () => {
    const bound = await connection.filterBindings.create(binding('no-mail', PORT));
    expect(await connection.filterBindings.get(PORT)).toMatchObject({ filterName: 'no-mail' });
    expect(await connection.filterBindings.find(OTHER_PORT)).toBeUndefined();
    await expect(connection.filterBindings.get(OTHER_PORT)).rejects.toMatchObject({
      code: 'NO_NWFILTER_BINDING',
      function: 'virNWFilterBindingLookupByPortDev',
    });
    for (const name of ['', 5, undefined])
      await expect(connection.filterBindings.find(name as string)).rejects.toThrow(/^portDev: /);
    await bound.delete();
  });

  it('are one for each port, of a filter that exists', async () => {
    const bound = await connection.filterBindings.create(binding('no-mail', PORT));
    await expect(connection.filterBindings.create(binding('clean-traffic', PORT))).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      object: `filter binding of '${PORT}'`,
      hint: expect.stringContaining('a port has one filter'),
    });
    await expect(connection.filterBindings.create(binding('nope', OTHER_PORT))).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining("referenced filter 'nope' is missing"),
      hint: expect.stringContaining('define() that filter first'),
    });
    expect(await connection.filterBindings.list()).toHaveLength(1);
    await bound.delete();
  });

  it.each([
    [5, 'binding: 5 is neither the document of a filter binding nor the text of one'],
    [
      { ...binding('no-mail', PORT), mac: { address: '01:00:5e:00:00:01' } },
      'mac.address: 01:00:5e:00:00:01 is not',
    ],
    [{ kind: 'nwfilterBinding' }, 'owner: is missing'],
    ['<filterbinding>', 'Missing end tag'],
  ])('are not made of %j', async (document, message) => {
    await expect(connection.filterBindings.create(document as never)).rejects.toThrow(message);
    expect(await connection.filterBindings.list()).toEqual([]);
  });
});
