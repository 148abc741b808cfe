// Connections that outlive their daemon.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect, type Domain, type Network } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { take } from '../lab/take.js';
import { emptyGuest } from './empty-guest.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const LOST = { code: 'CONNECTION_LOST', hint: expect.stringContaining('connect() again') };
const fast = { first: 10, most: 50 };

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'a connection that is made anew', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let lan: Network;
  let guest: Domain;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri, { reconnect: fast });
    lan = await connection.networks.define(build.network.isolated({ name: 'lan' }));
    await lan.start();
    guest = await connection.domains.define(emptyGuest('guest'));
    await guest.start();
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  /** Gives a promise of the connection's coming back. */
  async function comingBack(of = connection): Promise<{ back: Promise<Date> }> {
    const stream = of.events.watch('reconnected', { resync: true });
    await stream.ready;
    const next = async () => {
      for await (const event of stream) if (!('type' in event)) return event.since;
      throw new Error('the connection was closed');
    };
    return { back: next() };
  }

  it('has its objects, its listeners and its streams again, and says what was not heard', async () => {
    const heard: string[] = [];
    const listening = [
      await connection.events.on('networkLifecycle', ({ type, network }) =>
        heard.push(`${network.name} ${type}`),
      ),
      await connection.events.on('domainLifecycle', ({ type, domain }) =>
        heard.push(`${domain.name} ${type}`),
      ),
      await connection.events.on('closed', ({ reason }) => heard.push(`closed: ${reason}`)),
    ];
    await using going = connection.events.watch('networkLifecycle', { resync: true });
    await using ending = connection.events.watch('networkLifecycle');
    await Promise.all([going.ready, ending.ready]);
    const filter = await connection.filters.get('clean-traffic');
    const nic = await guest.nics.attach(build.nic.network({ network: 'lan' }));
    const [port] = await lan.ports.list();

    for (let round = 0; round < 3; round++) {
      heard.length = 0;
      const { back } = await comingBack();
      const before = Date.now();
      await lab.killDaemon('SIGKILL');
      await expect(lan.isActive()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      expect(await connection.isAlive()).toBe(false);
      await lab.startDaemon();
      const since = await back;
      expect(since.getTime()).toBeGreaterThanOrEqual(before);
      expect(await connection.isAlive()).toBe(true);

      expect(await take(going, 1)).toEqual([{ type: 'resync', since }]);
      if (round === 0) {
        await expect(take(ending, 1)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
        expect((await port?.describe())?.owner.name).toBe('guest');
      }
      expect(await lan.isActive()).toBe(true);
      expect(await guest.state()).toMatchObject({ state: 'running' });
      expect(await guest.nics.list()).toMatchObject([{ mac: nic.mac, target: nic.target }]);
      expect((await filter.describe()).name).toBe('clean-traffic');
      await guest.suspend();
      await guest.resume();
      await lan.destroy();
      await lan.start();
      expect(await take(going, 2)).toMatchObject([{ type: 'stopped' }, { type: 'started' }]);
      expect(heard).toEqual([
        'closed: eof',
        'guest suspended',
        'guest resumed',
        'lan stopped',
        'lan started',
      ]);
    }
    await Promise.all(listening.map((each) => each.close()));
    await guest.nics.detach(nic.mac, { live: false });
  });

  it('tells calls of a lost connection that it is lost, also those that it has while it is made anew', async () => {
    const callers = Array.from({ length: 16 }, (_, i) => () => (i % 2 ? lan.isActive() : guest.state()));
    for (let round = 0; round < 3; round++) {
      const { back } = await comingBack();
      let there = false;
      const errors: unknown[] = [];
      const calling = callers.map(async (call) => {
        while (!there) await call().catch((error) => errors.push(error));
      });
      await lab.killDaemon('SIGKILL');
      await lab.startDaemon();
      await back;
      there = true;
      await Promise.all(calling);
      expect(errors.length).toBeGreaterThan(callers.length);
      for (const error of errors) expect(error).toMatchObject(LOST);
    }
    expect(await lan.isActive()).toBe(true);
  });

  it.each([
    ['goes for good', false],
    ['is made anew', fast],
  ])('ends what is read of a console when its connection %s', async (_what, reconnect) => {
    await using its = await connect(lab.uri, { reconnect });
    const open = async () => (await its.domains.get('guest')).console({ force: true });
    const terminal = await open();
    const ended = expect(finished(terminal.resume())).rejects.toMatchObject(LOST);
    const { back } = await comingBack(reconnect ? its : connection);
    await lab.killDaemon('SIGKILL');
    await ended;
    await lab.startDaemon();
    await back;
    if (!reconnect) {
      await expect(open()).rejects.toMatchObject(LOST);
      return;
    }
    const again = await open();
    again.destroy();
    await once(again, 'close');
  });

  it('finds the truth after a daemon that died amid changes', async () => {
    const nic = () => build.nic.network({ network: 'lan', model: 'virtio' });
    const { back } = await comingBack();
    const calls = Array.from({ length: 50 }, (_, i) =>
      i % 2 === 0
        ? guest.nics.attach(nic())
        : guest.nics.update('net0', { link: { state: i % 4 === 1 ? 'down' : 'up' } }),
    );
    const settled = Promise.allSettled(calls);
    await Promise.any(calls);
    await lab.killDaemon('SIGKILL');
    await settled;
    await lab.startDaemon();
    await back;
    const links = await lab.links();
    const listed = await guest.nics.list();
    expect(listed.length).toBeGreaterThan(0);
    for (const { target } of listed) expect(links.has(target ?? '')).toBe(true);
    expect(await guest.state()).toMatchObject({ state: 'running' });
  });

  it('tells objects that are gone meanwhile', async () => {
    const other = await connection.networks.define(build.network.isolated({ name: 'other' }));
    const { back } = await comingBack();
    await lab.killDaemon('SIGKILL');
    await lab.startDaemon();
    await back;
    await lab.must('virsh', 'net-undefine', 'other');
    await expect(other.isActive()).rejects.toMatchObject({ code: 'NO_NETWORK', object: "network 'other'" });
    expect(other.name).toBe('other');
  });

  it('may be closed while nobody answers', async () => {
    const lonely = await connect(lab.uri, { reconnect: fast });
    await using losses = lonely.events.watch('closed', { resync: true });
    await losses.ready;
    const { back } = await comingBack();
    await lab.killDaemon('SIGKILL');
    await take(losses, 1);
    await lonely.close();
    await expect(lonely.networks.list()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await lab.startDaemon();
    await back;
    expect(lonely.closed).toBe(true);
  });

  it('gives up after as many attempts as it may make, and says that it is lost', async () => {
    const impatient = await connect(lab.uri, { reconnect: { first: 1, attempts: 1 } });
    const network = await impatient.networks.get('lan');
    await impatient.events.on('networkLifecycle', () => {});
    await using lasting = impatient.events.watch('domainLifecycle', { resync: true });
    await lasting.ready;
    expect(impatient.reconnects).toBe(true);
    const { back } = await comingBack();
    await lab.killDaemon('SIGKILL');
    await expect(take(lasting, 1)).rejects.toMatchObject({
      ...LOST,
      message: expect.stringContaining('all attempts to make it anew failed'),
    });
    expect(impatient.reconnects).toBe(false);
    expect(impatient.closed).toBe(false);
    await expect(network.isActive()).rejects.toMatchObject(LOST);
    await lab.startDaemon();
    await back;
    await expect(network.isActive()).rejects.toMatchObject(LOST);
    expect(await impatient.isAlive()).toBe(false);
    await using late = impatient.events.watch('networkLifecycle', { resync: true });
    await expect(late.ready).rejects.toMatchObject(LOST);
    await impatient.close();
  });

  it('lets the process end when it has given up, whatever listens', async () => {
    const program = `
      import { connect } from './lib/index.ts';
      const connection = await connect(process.argv[1], { reconnect: { first: 1, attempts: 1 } });
      await connection.events.on('networkLifecycle', () => {});
      const stream = connection.events.watch('networkLifecycle', { resync: true });
      await stream.ready;
      console.log('listening');
      await stream.next().catch(({ code }) => console.log(code));`;
    const args = ['--import', 'tsx', '--input-type', 'module', '-e', program, lab.uri];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit');
    await once(lines, 'line');
    const said = once(lines, 'line');
    const { back } = await comingBack();
    await lab.killDaemon('SIGKILL');
    expect(await said).toEqual(['CONNECTION_LOST']);
    expect(await ended).toEqual([0, null]);
    await lab.startDaemon();
    await back;
  });

  it.each([
    [{ reconnect: 1 }, 'reconnect: 1 is not an object that describes reconnect'],
    [{ reconnect: { first: 0 } }, 'reconnect.first: 0 is not a whole number from 1'],
    [{ reconnect: { delay: 5 } }, 'reconnect.delay: unknown field'],
  ])('refuses %j', async (options, message) => {
    await expect(connect(lab.uri, options as never)).rejects.toThrow(message);
  });
});
