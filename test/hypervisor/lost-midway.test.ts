// Connections that are lost, or answered no more, behind every message of being opened and of being made anew.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { build, type Connection, connect } from '../../lib/index.js';
import { type Cutter, startCutter } from '../lab/cutter.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { take } from '../lab/take.js';
import { until } from '../lab/until.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const fast = { first: 5, most: 20 };
const CUTS = 3;

describeWith(HYPERVISOR_NEEDS, 'a connection that is lost midway', () => {
  let lab: Libvirtd;
  let cutter: Cutter;
  let other: Connection;
  beforeAll(async () => {
    lab = await startHost();
    cutter = await startCutter(lab.socket);
    other = await connect(lab.uri);
    await other.networks.define(build.network.isolated({ name: 'lan' }));
  });
  afterEach(() => {
    cutter.endBehind(0, 0);
    cutter.cut();
  });
  afterAll(async () => {
    await other?.close();
    await cutter?.stop();
    await lab?.stop();
  });

  async function listen(connection: Connection) {
    const told: string[] = [];
    for (const name of ['closed', 'reconnected'] as const)
      await connection.events.on(name, () => told.push(name));
    await connection.events.on('domainLifecycle', () => {});
    const networks = connection.events.watch('networkLifecycle', { resync: true });
    await networks.ready;
    return { told, networks };
  }

  /** What a stream of networks says next, when somebody else starts and stops one. */
  async function heard(networks: AsyncIterableIterator<{ type: string }>): Promise<string[]> {
    const lan = await other.networks.get('lan');
    await lan.start();
    await lan.destroy();
    return (await take(networks, 2)).map(({ type }) => type);
  }

  /** Loses a connection, and waits until the `attempts`th attempt has brought it back. */
  async function losing(told: string[], attempts: number): Promise<void> {
    const before = cutter.accepted;
    cutter.cut();
    await until(
      'it is back',
      () => cutter.accepted === before + attempts && cutter.open === 1 && told.at(-1) === 'reconnected',
    );
  }

  it('comes back, and tells of each gap once, behind whichever message an attempt is cut', async () => {
    await using connection = await connect(cutter.uri, { reconnect: fast });
    const lan = await connection.networks.get('lan');
    const { told, networks } = await listen(connection);
    await losing(told, 1);
    const messages = cutter.said;
    expect(await take(networks, 1)).toMatchObject([{ type: 'resync' }]);
    for (let behind = 0; behind <= messages; behind++) {
      told.length = 0;
      cutter.endBehind(behind, CUTS);
      await losing(told, CUTS + 1);
      // Behind the last one it stood already, and each attempt may be a gap of its own.
      const gaps = told.length / 2;
      if (behind < messages) expect({ behind, gaps }).toEqual({ behind, gaps: 1 });
      expect(told).toEqual(Array(gaps).fill(['closed', 'reconnected']).flat());
      expect((await take(networks, gaps)).map(({ type }) => type)).toEqual(Array(gaps).fill('resync'));
      expect(await lan.isActive()).toBe(false);
      expect(await heard(networks)).toEqual(['started', 'stopped']);
    }
    await connection.close();
    await until('it has ended', () => cutter.open === 0);
  });

  it('keeps its listeners when others are added between attempts', async () => {
    await using connection = await connect(cutter.uri, { reconnect: fast });
    const { told, networks } = await listen(connection);
    await losing(told, 1);
    const messages = cutter.said;
    const before = cutter.accepted;
    // Cut when some events are registered already.
    cutter.endBehind(messages - 1, Number.POSITIVE_INFINITY);
    cutter.cut();
    await until('it has tried', () => cutter.accepted > before + 2);
    for (let i = 0; i < 5; i++)
      for (const name of ['closed', 'networkLifecycle', 'deviceAdded'] as const)
        await expect(connection.events.on(name, () => {})).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    cutter.endBehind(0, 0);
    await until('it is back', () => told.length === 4);
    expect((await take(networks, 2)).map(({ type }) => type)).toEqual(['resync', 'resync']);
    expect(await heard(networks)).toEqual(['started', 'stopped']);
    await losing(told, 1);
    await connection.close();
    await until('it has ended', () => cutter.open === 0);
  });

  it('is refused or comes back, behind whichever message it is cut while it is opened', async () => {
    const whole = await connect(cutter.uri, { reconnect: fast });
    const messages = cutter.said;
    await whole.close();
    let refused = 0;
    for (let behind = 0; behind <= messages; behind++) {
      cutter.endBehind(behind, 1);
      const opening = connect(cutter.uri, { reconnect: fast });
      const connection = await opening.catch((error) => {
        expect(['SYSTEM_ERROR', 'INTERNAL_ERROR', 'CONNECTION_LOST', 'RPC']).toContain(error.code);
      });
      if (connection === undefined) {
        refused++;
        continue;
      }
      await using its = connection;
      // It may be lost between two questions.
      await until('it is back', () =>
        its.networks.get('lan').then(
          () => true,
          () => false,
        ),
      );
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(messages);
    await until('all have ended', () => cutter.open === 0);
  });

  it('can be given up behind whichever message it is answered no more', async () => {
    const whole = await connect(cutter.uri, { reconnect: fast });
    const messages = cutter.said;
    await whole.close();
    for (let behind = 0; behind < messages; behind++) {
      const before = cutter.accepted;
      cutter.endBehind(behind, 1, 'silence');
      const stop = new AbortController();
      const opening = connect(cutter.uri, { reconnect: fast, keepAlive: false, signal: stop.signal });
      opening.catch(() => {});
      await until('it is silent', () => cutter.accepted > before && cutter.said >= behind);
      stop.abort(new Error('enough'));
      await expect(opening).rejects.toThrow('enough');
    }
    await until('all have ended', () => cutter.open === 0);
  });

  it('can be closed behind whichever message an attempt is answered no more', async () => {
    let messages = 1;
    for (let behind = 0; behind < messages; behind++) {
      await using connection = await connect(cutter.uri, { reconnect: fast, keepAlive: false });
      const { told } = await listen(connection);
      await losing(told, 1);
      messages = cutter.said;
      const before = cutter.accepted;
      cutter.endBehind(behind, 1, 'silence');
      cutter.cut();
      await until('it is silent', () => cutter.accepted > before && cutter.said >= behind);
      await connection.close();
      await until('it has ended', () => cutter.open === 0);
    }
  });

  it('gives an attempt up that is answered no more while it listens anew', async () => {
    await using connection = await connect(cutter.uri, { reconnect: fast, keepAlive: false });
    const { told } = await listen(connection);
    await losing(told, 1);
    cutter.endBehind(cutter.said - 1, 1, 'silence');
    cutter.cut();
    await until('it is back', () => told.length === 4, 20_000);
    expect(await connection.networks.find('lan')).toBeDefined();
    await connection.close();
    await until('it has ended', () => cutter.open === 0);
  });
});
