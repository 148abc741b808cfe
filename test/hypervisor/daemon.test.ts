// What becomes of connections when their daemon ends, hangs or is shared.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { build, type ClosedEvent, type Connection, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { openSockets } from '../lab/open-sockets.js';
import { take } from '../lab/take.js';
import { until } from '../lab/until.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const LOST = {
  name: 'LibvirtError',
  code: 'CONNECTION_LOST',
  hint: expect.stringContaining('connect() again'),
};

/** `ended` resolves with the event of the connection's end. */
async function watchEnd(connection: Connection): Promise<{ ended: Promise<ClosedEvent> }> {
  let tell: (event: ClosedEvent) => void = () => {};
  const ended = new Promise<ClosedEvent>((resolve) => {
    tell = resolve;
  });
  await connection.events.on('closed', (event) => tell(event));
  return { ended };
}

describeWith(HYPERVISOR_NEEDS, 'a connection', () => {
  let lab: Libvirtd;
  let connection: Connection;
  beforeEach(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
  });
  afterEach(async () => {
    await connection?.close();
    await lab?.stop();
  });

  it('is lost when its daemon is restarted, and another finds the network still there', async () => {
    const network = await connection.networks.create(
      build.network.nat({ name: 'lan', ip: { cidr: '10.51.1.1/24', dhcp: true } }),
    );
    const { ended } = await watchEnd(connection);
    const stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    const loop = expect(stream.next()).rejects.toMatchObject({
      ...LOST,
      message: expect.stringContaining('was lost, eof'),
    });

    await lab.restartDaemon();

    expect(await ended).toEqual({ reason: 'eof' });
    await loop;
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(await connection.isAlive()).toBe(false);
    await expect(network.xml()).rejects.toMatchObject({ ...LOST, domain: 'RPC', object: "network 'lan'" });
    await expect(connection.networks.list()).rejects.toMatchObject(LOST);

    await using again = await connect(lab.uri);
    const found = await again.networks.get({ uuid: network.uuid });
    expect(await found.isActive()).toBe(true);
    await found.destroy();
  });

  it('takes no listener any more when its daemon has gone, and lets go of those that it had', async () => {
    const subscription = await connection.events.on('networkLifecycle', () => {});
    const { ended } = await watchEnd(connection);
    await lab.killDaemon('SIGKILL');
    await ended;
    await expect(connection.events.on('networkLifecycle', () => {})).rejects.toMatchObject(LOST);
    await expect(connection.events.on('closed', () => {})).rejects.toMatchObject(LOST);
    await expect(connection.events.watch('networkLifecycle').ready).rejects.toMatchObject(LOST);
    await subscription.close();
    await connection.close();
    await expect(connect(lab.uri)).rejects.toMatchObject({
      code: 'SYSTEM_ERROR',
      function: 'virConnectOpen',
      message: expect.stringContaining('Connection refused'),
      hint: expect.stringContaining('nothing listens there: start the daemon'),
    });
    await lab.startDaemon();
  });

  it('has all its calls settled when its daemon is killed in the middle of them', async () => {
    const calls = Array.from({ length: 200 }, () => connection.capabilities());
    const outcomes = Promise.allSettled(calls);
    await Promise.race(calls); // the daemon is at work
    await lab.killDaemon('SIGKILL');
    const lost = (await outcomes).filter(({ status }) => status === 'rejected');
    expect(lost.length).toBeGreaterThan(0);
    for (const outcome of lost)
      expect(outcome).toMatchObject({ reason: { ...LOST, function: 'virConnectGetCapabilities' } });
    const after = await Promise.allSettled(Array.from({ length: 20 }, () => connection.capabilities()));
    for (const outcome of after) expect(outcome).toMatchObject({ reason: LOST });
    await connection.close();
    await expect(connection.capabilities()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  });

  it('says so when its daemon is killed while a network starts, and another finds what is there', async () => {
    const document = build.network.nat({ name: 'lan', ip: { cidr: '10.51.1.1/24', dhcp: true } });
    const network = await connection.networks.define(document);
    const iptables = (await lab.must('readlink', '-f', '/usr/sbin/iptables')).trim();
    const stuck = join(lab.inside.base, 'stuck');
    writeFileSync(stuck, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    await lab.must('mount', '--bind', stuck, iptables);
    const outcome = expect(network.start()).rejects.toMatchObject({ ...LOST, function: 'virNetworkCreate' });
    await until('the start is held up', async () => (await lab.processes('sleep')).length > 0);
    await lab.killDaemon('SIGKILL');
    await outcome;
    await lab.must('umount', iptables);
    await lab.startDaemon();
    await using again = await connect(lab.uri);
    const found = await again.networks.get('lan');
    expect([found.uuid, await found.isActive()]).toEqual([network.uuid, false]);
    // libvirt had made the bridge, and does not know it any more.
    await expect(found.start()).rejects.toMatchObject({
      hint: expect.stringContaining('ip link delete NAME removes one that a crash left'),
    });
    // Newer ones take away what they fail to make.
    if ((await lab.links()).has('virbr0')) await lab.must('ip', 'link', 'delete', 'virbr0');
    await found.start();
    expect(await found.isActive()).toBe(true);
  });

  it('is given up by keepalive when its daemon hangs', async () => {
    await using impatient = await connect(lab.uri, { keepAlive: { interval: 1, count: 1 } });
    const stream = impatient.events.watch('networkLifecycle');
    await stream.ready;
    const { ended } = await watchEnd(impatient);
    await lab.must('kill', '-STOP', String(lab.daemonPid()));
    const call = expect(impatient.capabilities()).rejects.toMatchObject({
      ...LOST,
      message: expect.stringContaining('keepalive timeout'),
    });
    expect(await ended).toEqual({ reason: 'keepalive' });
    await call;
    await expect(stream.next()).rejects.toMatchObject(LOST);
    await lab.must('kill', '-CONT', String(lab.daemonPid()));
  });

  it('can be closed while its daemon hangs', async () => {
    const patient = await connect(lab.uri, { keepAlive: false });
    await lab.must('kill', '-STOP', String(lab.daemonPid()));
    const call = expect(patient.capabilities()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await patient.close();
    await call;
    await lab.must('kill', '-CONT', String(lab.daemonPid()));
    expect(await connection.isAlive()).toBe(true);
  });

  it('hears what another one does, and virsh', async () => {
    await using other = await connect(lab.uri);
    await using stream = connection.events.watch('networkLifecycle');
    await stream.ready;
    const network = await other.networks.define(build.network.isolated({ name: 'theirs' }));
    await network.start();
    await lab.must('virsh', 'net-destroy', 'theirs');
    await lab.must('virsh', 'net-undefine', 'theirs');
    const events = await take(stream, 4);
    expect(events.map(({ type }) => type)).toEqual(['defined', 'started', 'stopped', 'undefined']);
    for (const event of events) {
      expect(event.network).toMatchObject({ name: 'theirs', uuid: network.uuid, connection });
    }
    await expect(network.isActive()).rejects.toMatchObject({ code: 'NO_NETWORK' });
  });

  it('has ended when close() resolves, also when calls have brought something that nobody took', async () => {
    await connection.networks.create(build.network.isolated({ name: 'lan' }));
    const before = openSockets();
    const another = await connect(lab.uri);
    const networks = another.networks.list();
    const refused = expect(networks).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    const takeNothing = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    // Its answer comes, and stands before that of close().
    takeNothing();
    const closed = another.close();
    takeNothing();
    await closed;
    expect(openSockets()).toBe(before);
    await refused;
  });

  it('goes on when others to the same daemon are closed', async () => {
    const others = await Promise.all([1, 2, 3].map(() => connect(lab.uri)));
    const calls = others.map((other) =>
      Promise.allSettled(Array.from({ length: 50 }, () => other.capabilities())),
    );
    await others[1]?.close();
    const [first, second, third] = await Promise.all(calls);
    for (const outcomes of [first, third])
      expect(outcomes?.every(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of second ?? [])
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_CLOSED' } });
    await Promise.all(others.map((other) => other.close()));
  });

  it('answers more calls at once than its daemon serves', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `lan${i}`);
    await Promise.all(names.map((name) => connection.networks.define(build.network.isolated({ name }))));
    const networks = await connection.networks.list({ active: false });
    expect(networks.map(({ name }) => name).sort()).toEqual([...names].sort());
    const described = await Promise.all(networks.map((network) => network.describe()));
    expect(described.map(({ name }) => name)).toEqual(networks.map(({ name }) => name));
    await Promise.all(networks.map((network) => network.undefine()));
    expect(await connection.networks.list()).toEqual([]);
  });
});
