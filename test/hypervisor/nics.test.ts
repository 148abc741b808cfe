// NICs of guests without an operating system: such a guest takes a NIC at once, and never lets go of one.
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  build,
  type Connection,
  connect,
  type Domain,
  type DomainInterfaceDocument,
} from '../../lib/index.js';
import { SHARED_MEMORY } from '../lab/guest-xml.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { take } from '../lab/take.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const MAC = '52:54:00:00:00:01';

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'domain.nics', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let domain: Domain;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
    await connection.networks.create(build.network.isolated({ name: 'other' }));
    await connection.networks.define(build.network.isolated({ name: 'off' }));
    // Newer releases of libvirt look for shared memory before they look for a switch.
    domain = await connection.domains.define(emptyGuest('guest').replace('<os>', `${SHARED_MEMORY}<os>`));
    await domain.start();
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  const lan = (mac?: string) => build.nic.network({ network: 'lan', model: 'virtio', ...(mac && { mac }) });
  const macs = async (inactive = false) => (await domain.nics.list({ inactive })).map(({ mac }) => mac);

  it('attaches to what runs and to the configuration, with one MAC address', async () => {
    await using added = connection.events.watch('deviceAdded');
    await added.ready;
    const nic = await domain.nics.attach(lan());
    expect(nic).toMatchObject({
      mac: expect.stringMatching(/^52:54:00:/),
      type: 'network',
      source: 'lan',
      network: 'lan',
      model: 'virtio',
      target: expect.stringMatching(/^vnet\d+$/),
      link: 'up',
      alias: 'net0',
    });
    const [event] = await take(added, 1);
    expect(event).toMatchObject({ alias: 'net0', domain: { name: 'guest', uuid: domain.uuid } });
    expect(await domain.nics.list()).toEqual([nic]);
    expect(await domain.nics.list({ inactive: true })).toMatchObject([
      { mac: nic.mac, source: 'lan', target: undefined, alias: undefined },
    ]);
    expect(
      (await lab.must('virsh', 'domiflist', 'guest')).trim().split('\n').at(-1)?.split(/\s+/).filter(Boolean),
    ).toEqual([nic.target, nic.type, nic.source, nic.model, nic.mac]);
    await domain.nics.update(nic.mac, { link: 'down' });
    expect(await domain.nics.list()).toMatchObject([{ link: 'down' }]);
    expect(await domain.nics.list({ inactive: true })).toMatchObject([{ link: 'down' }]);
    expect(await lab.must('virsh', 'domif-getlink', 'guest', nic.target ?? '')).toContain('down');
    const next = { mtu: 1400, model: 'e1000', bandwidth: '8mbit', coalesce: 7, alias: 'ua-web' } as const;
    await domain.nics.update(nic.mac, next, { live: false });
    const written = await lab.must('virsh', 'dumpxml', '--inactive', 'guest');
    for (const element of [
      "<mtu size='1400'/>",
      "<model type='e1000'/>",
      "<inbound average='1000'/>",
      "<outbound average='1000'/>",
      "<frames max='7'/>",
      "<alias name='ua-web'/>",
    ])
      expect(written).toContain(element);
  });

  it('moves to another network, in both halves or in one', async () => {
    const { mac } = await domain.nics.attach(lan());
    await domain.nics.update(mac, { source: { network: 'other' } });
    const sources = async () => [
      (await domain.nics.list()).find((nic) => nic.mac === mac)?.source,
      (await domain.nics.list({ inactive: true })).find((nic) => nic.mac === mac)?.source,
    ];
    expect(await sources()).toEqual(['other', 'other']);
    const back = (nic: DomainInterfaceDocument): DomainInterfaceDocument =>
      nic.type === 'network' ? { ...nic, source: { network: 'lan' } } : nic;
    await domain.nics.update(mac, back, { live: false });
    expect(await sources()).toEqual(['other', 'lan']);
    await domain.nics.update(mac, back, { config: false });
    expect(await sources()).toEqual(['lan', 'lan']);
  });

  it('changes nothing when a change throws, and says which half was done when libvirt refuses the other', async () => {
    const { mac } = await domain.nics.attach(lan());
    const before = await domain.xml();
    await expect(
      domain.nics.update(mac, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    for (const wrong of [{ sourc: {} }, { filter: undefined }])
      await expect(domain.nics.update(mac, wrong as never)).rejects.toThrow('there is no such field');
    await expect(domain.nics.update(mac, 7 as never)).rejects.toThrow('change: 7 is neither');
    await expect(domain.nics.update(mac, { model: { type: 'e1000' } })).rejects.toMatchObject({
      code: expect.stringMatching(/^OPERATION_UNSUPPORTED|CONFIG_UNSUPPORTED$/),
      done: [],
    });
    expect(await domain.xml()).toBe(before);
    let calls = 0;
    const onlyOnce = (nic: DomainInterfaceDocument): DomainInterfaceDocument => ({
      ...nic,
      link: { state: 'down' },
      ...(++calls === 2 && { model: { type: 'e1000' }, mac: { address: '52:54:00:00:00:99' } }),
    });
    await expect(domain.nics.update(mac, onlyOnce)).rejects.toMatchObject({
      function: 'virDomainUpdateDeviceFlags',
      done: ['live'],
      message: expect.stringContaining('; in what runs it was done'),
    });
    expect((await domain.nics.list()).find((nic) => nic.mac === mac)?.link).toBe('down');
    expect((await domain.nics.list({ inactive: true })).find((nic) => nic.mac === mac)?.link).toBe('up');
  });

  it('counts what goes through one, named in each way', async () => {
    const [nic] = await domain.nics.list();
    for (const key of [nic?.mac, nic?.alias, nic?.target]) {
      expect(await domain.nics.stats(key ?? '')).toEqual({
        received: {
          bytes: expect.any(BigInt),
          packets: expect.any(BigInt),
          errors: 0n,
          drops: expect.any(BigInt),
        },
        sent: { bytes: 0n, packets: 0n, errors: 0n, drops: 0n },
      });
    }
  });

  it('limits the bandwidth of one for its next start', async () => {
    const { mac } = await domain.nics.attach(lan(), { live: false });
    const options = { live: false };
    expect(await domain.nics.bandwidth(mac, { inactive: true })).toEqual({});
    const bandwidth = { inbound: { average: 1000, peak: 2000, burst: 256 }, outbound: { average: 500 } };
    await domain.nics.setBandwidth(mac, bandwidth, options);
    expect(await domain.nics.bandwidth(mac, { inactive: true })).toEqual(bandwidth);
    await domain.nics.setBandwidth(mac, { outbound: { average: 9 } }, options);
    expect(await domain.nics.bandwidth(mac, { inactive: true })).toEqual({ outbound: { average: 9 } });
    await domain.nics.setBandwidth(mac, {}, options);
    expect(await domain.nics.bandwidth(mac, { inactive: true })).toEqual({});
    await domain.nics.setBandwidth(mac, '10mbit', options);
    const both = { inbound: { average: 1250 }, outbound: { average: 1250 } };
    expect(await domain.nics.bandwidth(mac, { inactive: true })).toEqual(both);
    await domain.nics.setBandwidth(mac, null, options);
    expect(await domain.nics.bandwidth(mac, { inactive: true })).toEqual({});
    await domain.nics.detach(mac);
    expect(await macs(true)).not.toContain(mac);
  });

  it('gives up on a guest that does not let go of one, says what was done, and tells when it does', async () => {
    const { mac, alias } = await domain.nics.attach(lan());
    await using removed = connection.events.watch('deviceRemoved');
    await removed.ready;
    await expect(domain.nics.detach(mac, { timeout: 700 })).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      done: ['config'],
      message: expect.stringMatching(
        /not let go of it within 0.7 s; it is gone from the configuration \(only an op/,
      ),
    });
    expect(await macs()).toContain(mac);
    expect(await macs(true)).not.toContain(mac);
    const giveUp = new AbortController();
    const aborted = domain.nics.detach(alias ?? '', { signal: giveUp.signal });
    giveUp.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const waiting = domain.nics.detach(mac);
    // Its turn comes when the guest has been asked.
    await domain.nics.update(mac, { link: 'up' }, { config: false });
    await domain.reset();
    await waiting;
    expect(await macs()).not.toContain(mac);
    expect(await take(removed, 1)).toMatchObject([{ alias, domain: { name: 'guest' } }]);
  });

  it('is done with NICs that go while they are asked for', async () => {
    const guest = await connection.domains.create(emptyGuest('resetting', []));
    const nics = [];
    for (let i = 0; i < 4; i++) nics.push(await guest.nics.attach(lan()));
    const asked = nics.map(({ mac }) => guest.nics.detach(mac, { timeout: 500 }).catch(({ code }) => code));
    expect(await Promise.all(asked)).toEqual(nics.map(() => 'OPERATION_TIMEOUT'));
    // A reset takes away what a guest was asked to let go of, one after the other.
    const reset = guest.reset();
    const outcomes = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const all = nics.map(({ mac }) => guest.nics.detach(mac).catch(({ code }) => code));
      for (const outcome of await Promise.all(all)) outcomes.add(outcome ?? 'done');
    }
    await reset;
    // Missing is what had gone before it was looked for.
    expect([...outcomes].filter((outcome) => outcome !== 'done')).toEqual(['DEVICE_MISSING']);
    expect(await guest.nics.list()).toEqual([]);
    await guest.destroy();
  });

  it('is done with a NIC when its guest ends', async () => {
    const guest = await connection.domains.create(emptyGuest('short-lived', [lan(MAC)]));
    const waiting = guest.nics.detach(MAC);
    await guest.state();
    const outcome = waiting.then(
      () => 'done',
      (error) => error.code,
    );
    await guest.destroy();
    // The guest may have ended even before it could be asked.
    expect(['done', 'NO_DOMAIN']).toContain(await outcome);
  });

  it('ends the wait with the connection', async () => {
    const other = await connect(lab.uri);
    const guest = await other.domains.create(emptyGuest('abandoned', [lan(MAC)]));
    const waiting = guest.nics.detach(MAC);
    const rejected = expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await guest.state();
    await other.close();
    await rejected;
    await (await connection.domains.get('abandoned')).destroy();
  });

  it.each([
    [
      'a network that does not run',
      build.nic.network({ network: 'off' }),
      'OPERATION_INVALID',
      'networks.get(NAME)',
    ],
    ['a network that is not there', build.nic.network({ network: 'nope' }), 'NO_NETWORK', 'networks.list()'],
    [
      'a model that QEMU does not have',
      build.nic.network({ network: 'lan', model: 'nonesuch' }),
      'INTERNAL_ERROR',
      'model',
    ],
    [
      'a bridge that is not there',
      build.nic.bridge({ bridge: 'nope' }),
      'SYSTEM_ERROR',
      'no bridge or device of that name',
    ],
    [
      'a device that is not there',
      build.nic.direct({ dev: 'nope', mode: 'bridge' }),
      'SYSTEM_ERROR',
      'no bridge or device of that name',
    ],
    [
      'a switch that does not listen',
      build.nic.vhostUser({ path: '/run/nope.sock', mode: 'client' }),
      'INTERNAL_ERROR',
      'has to listen there first',
    ],
    [
      'a filter that is not there',
      build.nic.network({ network: 'lan', filter: 'nope' }),
      'INTERNAL_ERROR',
      'define() that filter first',
    ],
    [
      'what only a start brings',
      build.nic.multicast({ group: '230.0.0.1', port: 5558 }),
      'OPERATION_UNSUPPORTED',
      '{ live: false }',
    ],
    ['the type null', build.nic.null({}), 'CONFIG_UNSUPPORTED', 'ethernet'],
    [
      'a target that is there already',
      build.nic.network({ network: 'lan', target: 'phys0' }),
      'OPERATION_INVALID',
      'build.nic.ethernet({ target, managed: false })',
    ],
  ])('refuses %s, and leaves nothing behind', async (_, nic, code, hint) => {
    const before = [await domain.xml(), await domain.xml({ inactive: true })];
    await expect(domain.nics.attach(nic)).rejects.toMatchObject({
      code,
      done: [],
      ...(hint && { hint: expect.stringContaining(hint) }),
    });
    expect([await domain.xml(), await domain.xml({ inactive: true })]).toEqual(before);
  });

  it('refuses a text whose MAC address is none, and puts no other in its place', async () => {
    const before = await domain.xml();
    for (const mac of ['01:00:5e:00:00:01', 'zz'])
      await expect(
        domain.nics.attach(
          `<interface type='network'><mac address='${mac}'/><source network='lan'/></interface>`,
        ),
      ).rejects.toThrow(
        new RangeError(`mac: <mac address='${mac}'/> has no unicast MAC address such as 52:54:00:12:34:56`),
      );
    expect(await domain.xml()).toBe(before);
  });

  it('refuses a second NIC with one MAC address, and tells two apart that have one', async () => {
    const { mac, alias } = await domain.nics.attach(lan());
    await expect(domain.nics.attach(lan(mac.toUpperCase()))).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: expect.stringContaining('leave the address out'),
      done: [],
    });
    const twice = await connection.domains.create(emptyGuest('twice', [lan(MAC), lan(MAC)]));
    await expect(twice.nics.update(MAC, { link: { state: 'down' } })).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      hint: expect.stringContaining(`${MAC} net0 vnet`),
    });
    await twice.nics.update('net1', { link: { state: 'down' } });
    expect((await twice.nics.list()).map(({ link }) => link)).toEqual(['up', 'down']);
    await twice.destroy();
    expect(alias).toBeDefined();
  });

  it('says which NICs there are when there is none of a name', async () => {
    const { mac, alias, target } = (await domain.nics.list())[0] ?? {};
    for (const call of [
      () => domain.nics.detach(MAC),
      () => domain.nics.update(MAC, {}),
      () => domain.nics.stats(MAC),
      () => domain.nics.bandwidth(MAC),
      () => domain.nics.setBandwidth(MAC, {}),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'DEVICE_MISSING',
        object: `NIC ${MAC} of domain 'guest'`,
        hint: expect.stringContaining(`${mac} ${alias} ${target}`),
      });
    }
    const live = await domain.nics.attach(lan(), { config: false });
    await expect(domain.nics.detach(live.mac, { config: true })).rejects.toThrow(
      'none of that name in the configuration',
    );
    for (const key of ['', 7, null, 'a\0'])
      await expect(domain.nics.detach(key as never)).rejects.toThrow(
        'is not the MAC address, the alias, the target or the PCI address',
      );
  });

  it('does not change what runs of a guest that does not', async () => {
    const stopped = await connection.domains.define(emptyGuest('stopped'));
    await expect(stopped.nics.attach(lan(), { live: true })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: expect.stringContaining('{ live: false }'),
      done: [],
    });
    const { mac, alias } = await stopped.nics.attach(lan());
    expect(alias).toBeUndefined();
    const live = { live: true };
    for (const [call, hint] of [
      [() => stopped.nics.detach(mac, live), /live: false/],
      [() => stopped.nics.update(mac, { link: { state: 'down' } }, live), /live: false/],
      [() => stopped.nics.setBandwidth(mac, {}, live), /live: false/],
      [() => stopped.nics.detach(mac, { live: true, config: false }), /^start\(\) it first$/],
      [() => stopped.nics.stats(mac), /^start\(\) it first$/],
      [() => stopped.nics.announce(mac), /^start\(\) it first$/],
    ] as const) {
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'OPERATION_INVALID',
        object: `NIC ${mac} of domain 'stopped'`,
        hint: expect.stringMatching(hint),
        done: [],
      });
    }
    expect(await stopped.nics.list()).toMatchObject([{ mac, link: 'up' }]);
    await stopped.nics.update(mac, { link: { state: 'down' } });
    expect(await stopped.nics.list()).toMatchObject([{ mac, link: 'down' }]);
    await stopped.nics.detach(mac);
    expect(await stopped.nics.list()).toEqual([]);
    await expect(stopped.nics.attach(lan(), { live: false, config: false })).rejects.toThrow(RangeError);
    await stopped.undefine();
  });

  it('refuses a guest with a NIC of the type null, which would end the daemon', async () => {
    for (const add of ['define', 'create'] as const) {
      await expect(connection.domains[add](emptyGuest('null', [build.nic.null({})]))).rejects.toMatchObject({
        code: 'CONFIG_UNSUPPORTED',
        object: "domain 'null'",
      });
    }
    const { mac } = await domain.nics.attach(lan(), { live: false });
    const toNull = () => ({ ...build.nic.null({}), mac: { address: mac } });
    await expect(domain.nics.update(mac, toNull)).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      done: [],
    });
    await domain.nics.detach(mac);
    expect(await connection.isAlive()).toBe(true);
  });
});
