// Changes of a network that runs: seen in what dnsmasq reads, and in both of libvirt's descriptions.

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type Network,
  type NetworkDocument,
  type NetworkIp,
} from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { dnsmasqFile, dumpxml, HYPERVISOR_NEEDS, startHost } from './host.js';
import { plug } from './port.js';

describeWith(HYPERVISOR_NEEDS, 'network.update of a network that runs', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let lan: Network;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    lan = await connection.networks.define(
      build.network.nat({
        name: 'lan',
        ip: [
          { cidr: '10.21.1.1/24', dhcp: { range: '10.21.1.100-10.21.1.199' } },
          { cidr: 'fd00:21:1::1/64', dhcp: { range: 'fd00:21:1::100-fd00:21:1::1ff' } },
        ],
        portGroups: [{ name: 'staff', bandwidth: '10mbit' }],
      }),
    );
    await lan.start();
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const conf = () => dnsmasqFile(lab, 'lan', 'conf');
  const hosts = () => dnsmasqFile(lab, 'lan', 'hostsfile');
  const names = () => dnsmasqFile(lab, 'lan', 'addnhosts');
  /** What a function of the description gives, live and for the next start, also to virsh. */
  async function both<Part>(part: (document: NetworkDocument) => Part): Promise<[Part, Part]> {
    return [part(await lan.describe()), part(await lan.describe({ inactive: true }))];
  }

  it('dhcpHost', async () => {
    const inBoth = () => both(({ ips }) => ips?.[0]?.dhcp?.hosts);
    const web = { mac: '52:54:00:12:34:56', ip: '10.21.1.20', name: 'web' };
    await lan.update('add', 'dhcpHost', web);
    expect(hosts()).toBe('52:54:00:12:34:56,10.21.1.20,web\n');
    expect(await inBoth()).toEqual([[web], [web]]);
    for (const flag of [[], ['--inactive']])
      expect(await dumpxml(lab, 'lan', ...flag)).toContain(
        "<host mac='52:54:00:12:34:56' name='web' ip='10.21.1.20'/>",
      );

    const lease = { expiry: 2n, unit: 'hours' } as const;
    await lan.update('modify', 'dhcpHost', { ...web, ip: '10.21.1.30', lease });
    expect(hosts()).toBe('52:54:00:12:34:56,10.21.1.30,web,2h\n');
    await lan.update('delete', 'dhcpHost', { mac: web.mac });
    expect(hosts()).toBe('');
    expect(await inBoth()).toEqual([undefined, undefined]);
  });

  it('dhcpHost, which the configuration may have elsewhere than what runs', async () => {
    const inBoth = () => both(({ ips }) => ips?.[0]?.dhcp?.hosts);
    const printer = { ip: '10.21.1.60', name: 'printer' };
    const mac = '52:54:00:12:34:56';
    await lan.update('add', 'dhcpHost', printer);
    await lan.update('add', 'dhcpHost', { mac, ip: '10.21.1.20' }, { config: false });
    const missing = { code: 'OPERATION_INVALID', done: [], hint: expect.stringContaining('inactive: true') };
    await expect(lan.update('delete', 'dhcpHost', { mac })).rejects.toMatchObject(missing);
    await lan.update('add', 'dhcpHost', { mac, ip: '10.21.1.21' }, { live: false });
    expect(await inBoth()).toEqual([
      [printer, { mac, ip: '10.21.1.20' }],
      [printer, { mac, ip: '10.21.1.21' }],
    ]);
    await lan.update('delete', 'dhcpHost', { mac });
    expect(await inBoth()).toEqual([[printer], [printer]]);
    await lan.update('delete', 'dhcpHost', { ip: printer.ip });
    expect(hosts()).toBe('');
  });

  it('dhcpHost of DHCPv6', async () => {
    const guest = { id: '00:03:00:01:52:54:00:12:34:56', name: 'web6', ip: 'fd00:21:1::20' };
    await lan.update('add', 'dhcpHost', guest);
    expect(hosts()).toBe('id:00:03:00:01:52:54:00:12:34:56,web6,[fd00:21:1::20]\n');
    expect(await both(({ ips }) => ips?.[1]?.dhcp?.hosts)).toEqual([[guest], [guest]]);
    await lan.update('delete', 'dhcpHost', { name: 'web6' });
    expect(hosts()).toBe('');
  });

  it('dhcpRange, for which dnsmasq is started anew', async () => {
    const [before] = await lab.dnsmasqs();
    const more = { start: '10.21.1.50', end: '10.21.1.59' };
    await lan.update('add', 'dhcpRange', more);
    expect(conf()).toContain('\ndhcp-range=10.21.1.50,10.21.1.59,255.255.255.0\n');
    expect((await lab.dnsmasqs()).map(({ pid }) => pid)).not.toContain(before?.pid);
    expect(await both(({ ips }) => ips?.[0]?.dhcp?.ranges?.length)).toEqual([2, 2]);
    await lan.update('delete', 'dhcpRange', more);
    expect(conf()).not.toContain('10.21.1.50');
  });

  it('dnsHost, dnsTxt and dnsSrv', async () => {
    const srv = {
      service: 'ldap',
      protocol: 'tcp',
      target: 'web.lan',
      port: 389,
      priority: 1,
      weight: 2,
    } as const;
    await lan.update('add', 'dnsHost', { ip: '10.21.1.5', hostnames: ['printer', 'scanner'] });
    await lan.update('add', 'dnsTxt', { name: 'motto', value: 'ora et labora' });
    await lan.update('add', 'dnsSrv', srv);
    expect(names()).toMatch(/^10\.21\.1\.5\tprinter\tscanner\s*$/);
    expect(conf()).toContain('\ntxt-record=motto,ora et labora\n');
    expect(conf()).toContain('\nsrv-host=_ldap._tcp,web.lan,389,1,2\n');
    expect(await both(({ dns }) => dns?.srvs)).toEqual([[srv], [srv]]);

    await lan.update('delete', 'dnsHost', { ip: '10.21.1.5' });
    await lan.update('delete', 'dnsTxt', { name: 'motto' });
    await lan.update('delete', 'dnsSrv', { service: 'ldap' });
    expect(names()).toBe('');
    expect(conf()).not.toMatch(/txt-record|srv-host/);
    expect(await both(({ dns }) => dns)).toEqual([undefined, undefined]);
  });

  it('portGroup, for the guests that come', async () => {
    await lan.update('modify', 'portGroup', {
      name: 'staff',
      bandwidth: { inbound: { average: 250n }, outbound: { average: 250n } },
    } as never);
    await lan.update('add', 'portGroup', { name: 'visitors', trustGuestRxFilters: true });
    expect((await plug(lab, 'lan', 'staff')).xml).toContain("<inbound average='250'/>");
    expect((await plug(lab, 'lan', 'visitors')).xml).toContain("<rxfilters trustGuest='yes'/>");
    expect(await both(({ portGroups }) => portGroups?.map(({ name }) => name))).toEqual([
      ['staff', 'visitors'],
      ['staff', 'visitors'],
    ]);
    await lan.update('delete', 'portGroup', { name: 'visitors' });
    expect(await both(({ portGroups }) => portGroups?.length)).toEqual([1, 1]);
  });

  it('forwardInterface, for the guests that come', async () => {
    const pool = await connection.networks.define(
      build.network.macvtap({ name: 'pool', mode: 'private', dev: 'phys0' }),
    );
    await pool.start();
    await pool.update('add', 'forwardInterface', { dev: 'phys1' });
    await pool.update('delete', 'forwardInterface', { dev: 'phys0' });
    expect((await plug(lab, 'pool')).xml).toContain("<plug type='direct' dev='phys1' mode='private'/>");
    expect((await pool.describe({ inactive: true })).forward?.interfaces).toEqual([{ dev: 'phys1' }]);
  });

  it('live or for the next start alone', async () => {
    const live = { mac: '52:54:00:00:00:01', ip: '10.21.1.41' };
    const config = { mac: '52:54:00:00:00:02', ip: '10.21.1.42' };
    await lan.update('add', 'dhcpHost', live, { config: false });
    await lan.update('add', 'dhcpHost', config, { live: false });
    expect(hosts()).toBe('52:54:00:00:00:01,10.21.1.41\n');
    expect(await both(({ ips }) => ips?.[0]?.dhcp?.hosts)).toEqual([[live], [config]]);

    await lan.destroy();
    await lan.start();
    expect(hosts()).toBe('52:54:00:00:00:02,10.21.1.42\n');
    await lan.update('delete', 'dhcpHost', { ip: config.ip });
  });

  it('looks for the subnet in each half, where the configuration was changed meanwhile', async () => {
    const dhcp = { ranges: [{ start: '10.23.1.100', end: '10.23.1.199' }] };
    const four = { address: '10.23.1.1', prefix: 24, dhcp } as const;
    const six = { family: 'ipv6', address: 'fd00:23:1::1', prefix: 64 } as const;
    const edited = await connection.networks.define({
      ...build.network.isolated({ name: 'edited' }),
      ips: [four, { ...six, dhcp: { ranges: [{ start: 'fd00:23:1::100', end: 'fd00:23:1::1ff' }] } }],
    });
    await edited.start();
    const document = await edited.describe({ inactive: true });
    const [was, wasSix] = document.ips ?? [];
    await connection.networks.define({
      ...document,
      ips: [{ address: '10.24.1.1', prefix: 24 }, wasSix, was] as NetworkIp[],
    });
    const printed = async (...flag: string[]) =>
      (await dumpxml(lab, 'edited', ...flag))
        .split(/(?=<ip )/)
        .slice(1)
        .map((ip) => ip.match(/<(?:host|range) .*?>/g));
    const host = { mac: '52:54:00:12:34:56', ip: '10.23.1.20' };
    await edited.update('add', 'dhcpHost', host);
    await edited.update('delete', 'dhcpRange', { start: '10.23.1.100', end: '10.23.1.199' });
    await edited.update('modify', 'dhcpHost', { ...host, ip: '10.23.1.21' });
    const [hosts, ranges] = [
      ["<host mac='52:54:00:12:34:56' ip='10.23.1.21'/>"],
      ["<range start='fd00:23:1::100' end='fd00:23:1::1ff'/>"],
    ];
    expect(await printed()).toEqual([hosts, ranges]);
    expect(await printed('--inactive')).toEqual([null, ranges, hosts]);
    expect(dnsmasqFile(lab, 'edited', 'hostsfile')).toBe('52:54:00:12:34:56,10.23.1.21\n');

    await edited.update('delete', 'dhcpHost', { mac: host.mac }, { live: false });
    await expect(edited.update('modify', 'dhcpHost', host)).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringContaining("couldn't locate an existing dhcp host entry"),
      hint: expect.stringContaining('reservations.set('),
      done: [],
    });
    await edited.destroy();
    await edited.undefine();
  });

  it('of a transient network changes what runs, and of one that is stopped its configuration', async () => {
    const passing = await connection.networks.create(
      build.network.isolated({ name: 'passing', ip: { cidr: '10.22.1.1/24', dhcp: true } }),
    );
    await passing.update('add', 'dnsTxt', { name: 'a', value: 'b' });
    expect((await passing.describe()).dns?.txts).toEqual([{ name: 'a', value: 'b' }]);
    await expect(
      passing.update('add', 'dnsTxt', { name: 'c', value: 'd' }, { config: true }),
    ).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringContaining("cannot add a dnsTxt to network 'passing'"),
    });
    await passing.destroy();

    const resting = await connection.networks.define(build.network.isolated({ name: 'resting' }));
    await resting.update('add', 'dnsTxt', { name: 'a', value: 'b' });
    expect((await resting.describe()).dns?.txts).toEqual([{ name: 'a', value: 'b' }]);
    await expect(
      resting.update('add', 'dnsTxt', { name: 'c', value: 'd' }, { live: true }),
    ).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: 'it does not run: start() it first, or change its configuration alone with { live: false }',
    });
  });

  it('says what to do instead of what DHCPv6 cannot do', async () => {
    const six = { id: '00:02:00:00:ab:11:de:ad', ip: 'fd00:21:1::20' };
    await lan.update('add', 'dhcpHost', six);
    await expect(lan.update('modify', 'dhcpHost', { ...six, ip: 'fd00:21:1::21' })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: expect.stringContaining('reservations.set({ id }, { ip })'),
    });
    await lan.update('delete', 'dhcpHost', { id: six.id });
    const guest = { mac: '52:54:00:12:34:56', ip: 'fd00:21:1::22' };
    await expect(lan.update('add', 'dhcpHost', guest)).rejects.toMatchObject({
      message: expect.stringContaining('IPv6 static host definition'),
      hint: expect.stringContaining('DUID'),
    });
  });

  it('says which subnet can have a range', async () => {
    const away = { start: '10.99.99.1', end: '10.99.99.9' };
    await expect(lan.update('add', 'dhcpRange', away)).rejects.toMatchObject({
      message: expect.stringContaining('is not entirely within network'),
      hint: expect.stringContaining('network.describe() tells the subnets'),
    });
    const two = await connection.networks.define(
      build.network.isolated({ name: 'two', ip: [{ cidr: '10.25.1.1/24', dhcp: true }, '10.25.2.1/24'] }),
    );
    await expect(
      two.update('add', 'dhcpHost', { mac: '52:54:00:12:34:56', ip: '10.25.2.20' }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('supported only for a single IPv4 address'),
      hint: expect.stringContaining('one subnet of each family'),
    });
    await two.undefine();
  });

  it('leaves all as it was when libvirt refuses', async () => {
    const before = [await lan.xml(), await lan.xml({ inactive: true }), conf(), hosts()];
    const refusals = [
      () => lan.update('delete', 'dhcpHost', { mac: '52:54:00:99:99:99' }),
      () => lan.update('add', 'portGroup', { name: 'staff' }),
      () => lan.update('add', 'dhcpHost', { mac: '52:54:00:00:00:09', ip: '10.21.1.9' }, { ip: 7 }),
    ];
    for (const refusal of refusals)
      await expect(refusal(), String(refusal)).rejects.toMatchObject({ function: 'virNetworkUpdate' });
    expect([await lan.xml(), await lan.xml({ inactive: true }), conf(), hosts()]).toEqual(before);
  });
});
