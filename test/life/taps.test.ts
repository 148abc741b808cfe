// What becomes of TAP devices when the process, a worker, a listener or everybody's interest in them ends.

import { expect, it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { pass, TRANSFER } from './run.js';

const through = ['unshare', '--net'];
const run = (args: string[], code = 0, node: string[] = []) =>
  pass('taps.cjs', args, { code, through, node });
const kinds = ['plain', 'thread', 'split'];

describeWith(['root', 'namespaces', 'native', 'iproute2'], 'a process with TAP devices', () => {
  it.each(kinds)('exits at once while it reads 16 of them: %s', async (kind) => {
    const { facts } = await run(['exit', kind], 7);
    expect(facts).toHaveProperty('leaving');
  });

  it.each(kinds)('ends by itself when nobody reads them: %s', async (kind) => {
    await run(['end', kind]);
  });

  it.each(kinds)('ends by itself when nobody listens any more for one to be up: %s', async (kind) => {
    await run(['unheard', kind]);
  });

  it.each(kinds)('ends by itself when what waited for room was given up: %s', async (kind) => {
    const { facts } = await run(['givenUp', kind]);
    expect(facts).toEqual({ down: 1 });
  });

  it.each(kinds)('stays while it reads one that was left and is kept again: %s', async (kind) => {
    const { facts } = await run(['held', kind]);
    expect(facts).toEqual({ held: true });
  });

  it.each(kinds)('hears what a listener throws, and reads on: %s', async (kind) => {
    const { facts } = await run(['throwing', kind]);
    expect(facts).toEqual({ heard: ['batch 1', 'batch 2', 'batch 3'], still: true });
  });

  it.each(kinds)('closes them in their own listener: %s', async (kind) => {
    const { facts } = await run(['within', kind]);
    expect(facts).toEqual({ closed: true, read: true });
  });

  it.each(kinds)('reads on when a listener takes the memory of the slab: %s', async (kind) => {
    const { facts } = await run(['transfer', kind], 0, TRANSFER);
    expect(facts).toEqual({ read: true, handed: 9, kept: true });
  });

  it.each(kinds)('writes many frames where it may open no more: %s', async (kind) => {
    const limited = ['prlimit', '--nofile=100'];
    const { facts } = await pass('taps.cjs', ['scarce', kind], { through: [...through, ...limited] });
    expect(facts).toEqual({ sent: 100, inOrder: true });
  });

  it('releases those that were forgotten, and says so', async () => {
    const { facts } = await run(['forgotten', 'plain'], 0, ['--expose-gc', '--no-warnings']);
    expect(facts).toEqual({ warned: 'VirtnetWarning' });
  });

  it.each(kinds)('leaves nothing behind when workers that read them are terminated: %s', async (kind) => {
    await run(['terminate', kind, '6']);
  });
});
