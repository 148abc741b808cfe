import { expect, it } from 'vitest';
import {
  build,
  type Connection,
  type LibvirtError,
  type Network,
  type NetworkPart,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { connectToHost, DRIVER_NEEDS, networkXml } from './host.js';

async function start(connection: Connection): Promise<Network> {
  return connection.networks.create(
    build.network.nat({
      name: 'lan',
      ip: [
        { cidr: '192.168.10.1/24', dhcp: { range: '192.168.10.100-192.168.10.199' } },
        { cidr: 'fd00:10::1/64', dhcp: { range: 'fd00:10::100-fd00:10::1ff' } },
      ],
    }),
  );
}

describeWith(DRIVER_NEEDS, 'network.update', () => {
  it('adds, changes and deletes a DHCP host', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const hosts = async () => (await network.describe()).ips?.[0]?.dhcp?.hosts;
    const web = { mac: '52:54:00:12:34:56', ip: '192.168.10.20', name: 'web' };
    const db = { mac: '52:54:00:12:34:57', ip: '192.168.10.21', name: 'db' };

    await network.update('add', 'dhcpHost', web);
    await network.update('addFirst', 'dhcpHost', db);
    expect(await hosts()).toEqual([db, web]);
    await network.update('modify', 'dhcpHost', { ...web, ip: '192.168.10.30' });
    expect(await hosts()).toEqual([db, { ...web, ip: '192.168.10.30' }]);
    await network.update('delete', 'dhcpHost', { mac: web.mac });
    await network.update('delete', 'dhcpHost', { ip: db.ip });
    expect(await hosts()).toBeUndefined();
  });

  it('deletes the DHCP host that is meant, and not one without a MAC address before it', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const printer = { ip: '192.168.10.60', name: 'printer' };
    const web = { mac: '52:54:00:12:34:56', ip: '192.168.10.20', name: 'web' };
    const six = { id: '00:03:00:01:52:54:00:12:34:57', ip: 'fd00:10::20' };
    const other = { id: '00:03:00:01:52:54:00:12:34:58', ip: 'fd00:10::21' };
    for (const host of [printer, web, other, six]) await network.update('add', 'dhcpHost', host);
    const hosts = async () => (await network.describe()).ips?.map(({ dhcp }) => dhcp?.hosts);

    const nobody = { mac: '52:54:00:77:77:77' };
    await expect(network.update('delete', 'dhcpHost', nobody)).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: 'network.reservations.list() gives those that exist',
      done: [],
    });
    const none = { ...printer, mac: web.mac };
    await expect(network.update('delete', 'dhcpHost', none)).rejects.toThrow(
      `there is none with ip ${none.ip}`,
    );
    await expect(network.update('delete', 'dhcpHost', { mac: web.mac }, { ip: 1 })).rejects.toThrow();
    expect(await hosts()).toEqual([
      [printer, web],
      [other, six],
    ]);
    await network.update('delete', 'dhcpHost', { mac: web.mac.toUpperCase() });
    await network.update('delete', 'dhcpHost', { id: six.id });
    expect(await hosts()).toEqual([[printer], [other]]);
    await network.update('delete', 'dhcpHost', { name: printer.name });
    expect(await hosts()).toEqual([undefined, [other]]);
  });

  it('keeps addresses for guests of both families apart', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const guest = { id: '00:03:00:01:52:54:00:12:34:56', name: 'web', ip: 'fd00:10::20' };
    await network.update('add', 'dhcpHost', guest);
    await network.update('add', 'dhcpHost', { mac: '52:54:00:12:34:56', ip: '192.168.10.20' });
    const [four, six] = (await network.describe()).ips ?? [];
    expect(four?.dhcp?.hosts).toEqual([{ mac: '52:54:00:12:34:56', ip: '192.168.10.20' }]);
    expect(six?.dhcp?.hosts).toEqual([guest]);
    await network.update('delete', 'dhcpHost', { name: guest.name });
    expect((await network.describe()).ips?.[1]?.dhcp?.hosts).toBeUndefined();
  });

  it('adds and deletes a DHCP range', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const ranges = async () => (await network.describe()).ips?.[0]?.dhcp?.ranges;
    const old = { start: '192.168.10.100', end: '192.168.10.199' };
    const more = { start: '192.168.10.50', end: '192.168.10.59' };
    await network.update('addFirst', 'dhcpRange', more, { ip: 0 });
    expect(await ranges()).toEqual([more, old]);
    await network.update('delete', 'dhcpRange', old, { ip: 0 });
    expect(await ranges()).toEqual([more]);
  });

  it('adds and deletes DNS records', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const host = { ip: '192.168.10.5', hostnames: ['gw', 'gateway'] };
    const txt = { name: 'motto', value: 'ora et labora' };
    const srv = {
      service: 'ldap',
      protocol: 'tcp',
      target: 'ldap.lan',
      port: 389,
      priority: 1,
      weight: 2,
    } as const;
    await network.update('add', 'dnsHost', host);
    await network.update('add', 'dnsTxt', txt);
    await network.update('add', 'dnsSrv', srv);
    expect((await network.describe()).dns).toEqual({ hosts: [host], txts: [txt], srvs: [srv] });
    await network.update('delete', 'dnsHost', { ip: host.ip });
    await network.update('delete', 'dnsTxt', { name: txt.name });
    await network.update('delete', 'dnsSrv', { service: 'ldap' });
    expect((await network.describe()).dns).toBeUndefined();
  });

  it.each<[string, NetworkPart, object, object, object[]]>([
    [
      'a DNS text by its value, too',
      'dnsTxt',
      { name: 'motto', value: 'nil sine magno' },
      { value: 'ora et labora' },
      [{ name: 'motto', value: 'ora et labora' }],
    ],
    [
      'a DNS host by its address, too',
      'dnsHost',
      { ip: '192.168.10.99', hostnames: ['gw'] },
      { hostnames: ['gw'] },
      [{ ip: '192.168.10.5', hostnames: ['gw', 'gateway'] }],
    ],
    [
      'a DNS host by all of its names',
      'dnsHost',
      { hostnames: ['gw', 'ns'] },
      { hostnames: ['gateway', 'gw'] },
      [{ ip: '192.168.10.5', hostnames: ['gw', 'gateway'] }],
    ],
    [
      'a DNS service by its port, too',
      'dnsSrv',
      { service: 'ldap', port: 636 },
      { port: 389 },
      [{ service: 'ldap', protocol: 'tcp', target: 'a.lan', port: 389 }],
    ],
    [
      'a DHCP range by one end',
      'dhcpRange',
      { start: '192.168.10.50', end: '192.168.10.60' },
      { end: '192.168.10.59' },
      [{ start: '192.168.10.50', end: '192.168.10.59' }],
    ],
    [
      'a DHCP host by its lease, too',
      'dhcpHost',
      { mac: '52:54:00:12:34:56', lease: { expiry: 1, unit: 'hours' } },
      { mac: '52:54:00:12:34:56', lease: { expiry: 120 } },
      [{ mac: '52:54:00:12:34:56', ip: '192.168.10.20', lease: { expiry: 2, unit: 'hours' } }],
    ],
    [
      'a port group by what it gives, too',
      'portGroup',
      { name: 'staff', bandwidth: { inbound: { average: 2000 } } },
      { name: 'staff', bandwidth: { inbound: { average: 1000n } } },
      [{ name: 'staff', bandwidth: { inbound: { average: 1000 } }, trustGuestRxFilters: true }],
    ],
  ])('tells %s', async (_, part, wrong, right, entries) => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const before = await network.describe();
    for (const entry of entries) await network.update('add', part, entry as never);
    const added = await network.describe();
    await expect(network.update('delete', part, wrong as never)).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringContaining('there is none with '),
      hint: expect.stringContaining('gives those that exist'),
      done: [],
    });
    expect(await network.describe()).toEqual(added);
    await network.update('delete', part, right as never);
    expect(await network.describe()).toEqual(before);
  });

  it('deletes the DNS record that is meant of several that are alike', async () => {
    await using connection = await connectToHost();
    const records = `<dns>
      <txt name='motto' value='one'/><txt name='motto' value='two'/>
      <srv service='ldap' protocol='tcp' target='a.lan' port='389'/>
      <srv service='ldap' protocol='tcp' target='b.lan' port='389'/>
      <srv service='ldap' protocol='tcp' target='b.lan' port='636'/>
      <host ip='10.0.0.5'><hostname>web</hostname><hostname>a</hostname></host>
      <host ip='10.0.0.6'><hostname>web</hostname><hostname>b</hostname></host>
      <host ip='10.0.0.6'><hostname>web</hostname><hostname>c</hostname></host>
    </dns>`;
    const network = await connection.networks.create(networkXml('lan', records));
    const dns = async () => (await network.describe()).dns;
    const all = await dns();
    const hostnames = ['web'];
    const several: [() => Promise<void>, string, string][] = [
      [
        () => network.update('delete', 'dnsTxt', { name: 'motto' }),
        'there are 2 with name motto',
        'give value too',
      ],
      [
        () => network.update('delete', 'dnsHost', { hostnames }),
        'there are 3 with hostnames web',
        'give ip too',
      ],
      [
        () => network.update('delete', 'dnsSrv', { port: 389 }),
        'there are 2 with port 389',
        'give service, protocol',
      ],
      [
        () => network.update('delete', 'dnsTxt', { name: 'motto', value: 'two' }),
        'libvirt does not tell the one with name motto, value two from another one in what runs',
        'define() the network',
      ],
      [
        () => network.update('delete', 'dnsSrv', { service: 'ldap', port: 636 }),
        'libvirt does not tell the one with service ldap, port 636 from another one',
        'define() the network',
      ],
    ];
    for (const [deletion, message, hint] of several)
      await expect(deletion()).rejects.toMatchObject({
        code: 'OPERATION_INVALID',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      });
    expect(await dns()).toEqual(all);

    await network.update('delete', 'dnsTxt', { name: 'motto', value: 'one' });
    await network.update('delete', 'dnsSrv', { target: 'a.lan' });
    await network.update('delete', 'dnsHost', { ip: '10.0.0.6', hostnames: ['web', 'c'] });
    await network.update('delete', 'dnsHost', { ip: '10.0.0.5' });
    expect(await dns()).toEqual({
      txts: all?.txts?.slice(1),
      srvs: all?.srvs?.slice(1),
      hosts: all?.hosts?.slice(1, 2),
    });
  });

  it.each<[NetworkPart, object, string]>([
    ['dhcpHost', {}, 'value: it needs mac, id, name or ip to tell which one is meant'],
    ['dhcpHost', { lease: { expiry: 3 } }, 'value: it needs mac, id, name or ip'],
    ['dhcpRange', {}, 'value: it needs start or end to'],
    ['dnsHost', { hostnames: [] }, 'value: it needs ip or hostnames to'],
    ['dnsTxt', {}, 'value: it needs name or value to'],
    [
      'dnsSrv',
      { service: undefined },
      'value: it needs service, protocol, domain, target, port, priority or',
    ],
    ['portGroup', { default: true }, 'value: it needs name to'],
    ['forwardInterface', {}, 'value: it needs dev to'],
  ])('deletes no %s for %j, which says nothing', async (part, value, message) => {
    await using connection = await connectToHost();
    const network = await start(connection);
    await network.update('add', 'dnsSrv', { service: 'ldap', protocol: 'tcp' });
    const before = await network.xml();
    const error = await network.update('delete', part, value as never).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(await network.xml()).toBe(before);
  });

  it('puts a DHCP part into the subnet that has its address', async () => {
    await using connection = await connectToHost();
    const host = { mac: '52:54:00:12:34:56', ip: '192.168.51.20' };
    const range = { start: '192.168.51.50', end: '192.168.51.60' };
    for (const [part, value, dhcp] of [
      ['dhcpHost', host, { hosts: [host] }],
      ['dhcpRange', range, { ranges: [range] }],
    ] as const) {
      const network = await connection.networks.define(
        build.network.isolated({ name: part, ip: ['192.168.50.1/24', '192.168.51.1/24', 'fd00:51::1/64'] }),
        { overlap: 'allow' },
      );
      await network.update('add', part, value);
      expect((await network.describe()).ips?.map((ip) => ip.dhcp)).toEqual([undefined, dhcp, undefined]);
    }
  });

  it('adds, changes and deletes a port group', async () => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const groups = async () => (await network.describe()).portGroups;
    await network.update('add', 'portGroup', { name: 'staff', default: true });
    await network.update('modify', 'portGroup', { name: 'staff', trustGuestRxFilters: true });
    expect(await groups()).toEqual([{ name: 'staff', trustGuestRxFilters: true }]);
    await network.update('delete', 'portGroup', { name: 'staff' });
    expect(await groups()).toBeUndefined();
  });

  it('adds and deletes a device of a macvtap pool', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(
      build.network.macvtap({ name: 'uplink', mode: 'bridge', dev: 'eth0' }),
    );
    const devices = async () => (await network.describe()).forward?.interfaces?.map(({ dev }) => dev);
    await network.update('add', 'forwardInterface', { dev: 'eth1' });
    expect(await devices()).toEqual(['eth0', 'eth1']);
    await network.update('delete', 'forwardInterface', { dev: 'eth0' });
    expect(await devices()).toEqual(['eth1']);
  });

  it.each([
    [
      'modify',
      'dhcpRange',
      { start: '192.168.10.1', end: '192.168.10.2' },
      'OPERATION_UNSUPPORTED',
      'cannot be modified',
    ],
    ['modify', 'dnsSrv', { service: 'ldap', protocol: 'tcp' }, 'OPERATION_UNSUPPORTED', 'cannot be modified'],
    ['delete', 'portGroup', { name: 'staff' }, 'OPERATION_INVALID', 'there is none with name staff'],
    [
      'delete',
      'dhcpHost',
      { mac: '52:54:00:00:00:01' },
      'OPERATION_INVALID',
      'there is none with mac 52:54:00:00:00:01 in what runs',
    ],
    [
      'add',
      'dhcpRange',
      { start: '192.168.10.100', end: '192.168.10.199' },
      'OPERATION_INVALID',
      'there is an existing dhcp range',
    ],
    ['add', 'dhcpHost', { mac: '52:54:00:00:00:01' }, undefined, 'ip: is missing'],
  ])('%s %s %j is refused', async (action, part, value, code, message) => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const before = await network.xml();
    const error = await network
      .update(action as 'add', part as 'dnsTxt', value as never, { ip: 0 })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
    if (code) {
      expect(error).toMatchObject({ code, function: 'virNetworkUpdate', object: "network 'lan'" });
      expect((error as LibvirtError).hint).toBeTruthy();
    }
    expect(await network.xml()).toBe(before);
  });

  it('says the change in words', async () => {
    await using connection = await connectToHost();
    const network = await connection.networks.define(build.network.isolated({ name: 'bare' }));
    const host = { mac: '52:54:00:00:00:01', ip: '10.0.0.2' };
    await expect(network.update('add', 'dhcpHost', host)).rejects.toThrow(
      "cannot add a dhcpHost to network 'bare': ",
    );
    await expect(network.update('delete', 'portGroup', { name: 'x' })).rejects.toThrow(
      "cannot delete a portGroup from network 'bare': ",
    );
    await expect(network.update('modify', 'portGroup', { name: 'x' })).rejects.toThrow(
      "cannot modify a portGroup of network 'bare': ",
    );
  });

  it.each<[string, unknown[], string]>([
    ['an action', ['replace', 'dnsTxt', {}], "action: 'replace' is not one of add, addFirst, modify, delete"],
    ['a part', ['add', 'route', {}], "part: 'route' is not one of dhcpHost, dhcpRange, dnsHost"],
    ['no value', ['add', 'dnsTxt', null], 'value: null is not an object that describes a dnsTxt'],
    ['a list', ['add', 'dnsTxt', []], 'value: a list is not an object that describes a dnsTxt'],
    ['a field', ['add', 'dhcpHost', { ip: '10.0.0.300' }], 'ip: 10.0.0.300 is not an IP address'],
    [
      'a multicast MAC',
      ['add', 'dhcpHost', { mac: '01:00:5e:00:00:01', ip: '10.0.0.3' }],
      'mac: 01:00:5e:00:00:01 is not',
    ],
    [
      'a misspelt field',
      ['add', 'dnsTxt', { nam: 'a', value: 'b' }],
      'nam: there is no such field; is name meant?',
    ],
    ['a missing field', ['add', 'dnsTxt', { name: 'a' }], 'value: is missing'],
    [
      'a negative ip',
      ['add', 'dnsTxt', { name: 'a', value: 'b' }, { ip: -1 }],
      'ip: -1 is not a whole number from 0',
    ],
    [
      'a misspelt option',
      ['add', 'dnsTxt', { name: 'a', value: 'b' }, { liv: true }],
      'liv: unknown field of a change; did you mean live?',
    ],
    ['no truth', ['add', 'dnsTxt', { name: 'a', value: 'b' }, { live: 1 }], 'live: 1 is not true or false'],
    [
      'nothing to change',
      ['add', 'dnsTxt', { name: 'a', value: 'b' }, { live: false, config: false }],
      'live, config: nothing is to be changed',
    ],
  ])('refuses %s before it asks libvirt', async (_, given, message) => {
    await using connection = await connectToHost();
    const network = await start(connection);
    const before = await network.xml();
    const error = await network
      .update(...(given as Parameters<typeof network.update>))
      .catch((e: unknown) => e);
    expect(error).toSatisfy((e) => e instanceof TypeError || e instanceof RangeError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(await network.xml()).toBe(before);
  });
});
