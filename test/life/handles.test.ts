// Handles that are shared, forgotten, copied: who holds what, and that it ends.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, LIBVIRTD_NEEDS } from '../lab/have.js';
import { type Libvirtd, startLibvirtd } from '../lab/libvirtd.js';
import { writeTestNode } from '../lab/test-node.js';
import { pass } from './run.js';

const gc = { node: ['--expose-gc'] };

describeWith(['native', 'libvirt'], 'within the process', () => {
  it('two workers and the main thread share a hypervisor', async () => {
    using node = writeTestNode();
    const { facts } = await pass('workers.cjs', [node.uri, '50']);
    expect(facts).toEqual({ events: [100, 100, 100] });
  });

  it('100,000 networks that were looked up and forgotten leave no trace', async () => {
    const { facts } = await pass('collect.cjs', ['test:///default', '100000'], gc);
    expect(facts.grown).toBeLessThan(30); // each is 200 bytes in libvirt alone
  });

  it('a forgotten connection is released, with one warning', async () => {
    const { code, stderr, facts } = await pass('forgotten.ts', ['test:///default'], gc);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(facts).toEqual({ warnings: [expect.stringContaining('was forgotten without close()')] });
  });

  it('the addon works loaded twice, from another context, and beside a copy of its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    try {
      const { facts } = await pass('copies.cjs', [folder]);
      expect(facts).toEqual({
        stopped: [3, 3, 3],
        name: true,
        inContext: ['test:///default', 'virConnectGetHostname, argument 1: expected Connect, got an object'],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('structures, lists and typed parameters of libvirt come and go', async () => {
    const { facts } = await pass('records.cjs', ['100']);
    expect(facts).toEqual({
      average: true,
      refused: 74, // VIR_ERR_ARGUMENT_UNSUPPORTED
      address: expect.stringMatching(/^192\.168\.122\./),
      counts: 'bigint',
      stats: 3,
      heard: 6,
    });
  });

  it('the ES module and the CommonJS form of the library work side by side', async () => {
    const { facts } = await pass('forms.ts', ['test:///default']);
    expect(facts).toEqual({
      distinct: true,
      names: ['default', 'default'],
      instance: true,
      heard: ['stopped', 'stopped'],
    });
  });
});

describeWith([...LIBVIRTD_NEEDS, 'qemu', 'native'], 'with a daemon', () => {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd();
  });
  afterAll(() => lab?.stop());

  it('two workers and the main thread share it', async () => {
    const { facts } = await pass('workers.cjs', [lab.uri, '20']);
    expect(facts).toEqual({ events: [40, 40, 40] });
  });

  it('forgotten connections are ended', async () => {
    await pass('collect.cjs', [lab.uri, '2000'], gc);
  });

  it('1,000 connections, a quarter of which lose their daemon and come back, leave nothing', async () => {
    const { facts } = await pass('churn.ts', [lab.socket, '1000'], { ...gc, limit: 150 });
    console.log(`churn: ${facts.bytesEach} bytes a connection`);
    // Fewer than after the start is no leak.
    expect(facts.threads).toBeLessThanOrEqual(0);
    expect(facts.descriptors).toBeLessThanOrEqual(0);
    expect(facts.bytesEach).toBeLessThan(8192);
  });

  it('consoles end in every order with their connection and their guest', async () => {
    const { facts } = await pass('streams.cjs', [lab.uri]);
    expect(facts).toMatchObject({
      ended: expect.arrayContaining(['left', 'neverUsed']),
      end: expect.any(String),
    });
  });

  it('a subscription that is dropped is heard no more, and holds no connection', async () => {
    const { facts } = await pass('subscriptions.cjs', [lab.uri]);
    expect(facts.ended).toContain('droppedThenClosed');
  });
});
